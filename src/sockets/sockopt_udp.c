/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_UDP. */
#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_udp_rows[] = {
	{ .name = NULL },
};
