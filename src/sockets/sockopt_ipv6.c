/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IPV6. */
#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_ipv6_rows[] = {
	{ .name = NULL },
};
