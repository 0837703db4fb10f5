/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of SOL_SOCKET. */
#include "sockets/sockopt_rows.h"

const struct sockopt sockopt_socket_rows[] = {
	{ .name = NULL },
};
