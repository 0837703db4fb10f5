/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of IPPROTO_TCP. */
#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_tcp_more_rows[] = {
	{ .name = NULL },
};
