/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_IP. */
#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_ip_more_rows[] = {
	{ .name = NULL },
};
