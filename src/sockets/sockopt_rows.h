/* SPDX-License-Identifier: BSD-2-Clause */
/* The pieces of the option table, for sockopt.c: each a file, each ended by a row without name. */
#pragma once

#include "sockets/sockopt.h"

extern const struct sockopt sockopt_socket_rows[], sockopt_socket_flow_rows[], sockopt_socket_mark_rows[],
	sockopt_socket_peer_rows[];
extern const struct sockopt sockopt_ip_rows[], sockopt_ip_receive_rows[], sockopt_ip_group_rows[];
extern const struct sockopt sockopt_ipv6_rows[], sockopt_ipv6_receive_rows[], sockopt_ipv6_group_rows[],
	sockopt_ipv6_rare_rows[];
extern const struct sockopt sockopt_tcp_rows[], sockopt_tcp_time_rows[], sockopt_tcp_open_rows[],
	sockopt_tcp_rare_rows[];
extern const struct sockopt sockopt_udp_rows[];
