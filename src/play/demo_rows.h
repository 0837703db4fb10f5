/* SPDX-License-Identifier: BSD-2-Clause */
/* The demonstrations of the levels SOL_SOCKET, IPPROTO_UDP, IPPROTO_TCP, and IPPROTO_IP and IPPROTO_IPV6; each list is
 * ended by one without option. */
#pragma once

#include "play/demo.h"

extern const struct demo demo_socket_rows[], demo_udp_rows[], demo_tcp_rows[], demo_ip_rows[];

/* demo_socket_bind.c: addresses of one's own and of others. */
demo_run demo_reuseaddr, demo_bindtodevice, demo_broadcast, demo_dontroute;
/* demo_socket_spread.c: several sockets on one port. */
demo_run demo_reuseport, demo_incoming_cpu;
/* demo_socket_buffer.c: how much a socket holds. */
demo_run demo_rcvbuf, demo_rcvbufforce, demo_sndbuf, demo_sndbufforce, demo_rxq_ovfl;
/* demo_socket_read.c: how octets are taken out. */
demo_run demo_rcvlowat, demo_peek_off, demo_oobinline, demo_zerocopy;
/* demo_socket_time.c: how long, and when. */
demo_run demo_rcvtimeo, demo_sndtimeo, demo_linger, demo_keepalive, demo_max_pacing_rate, demo_timestamp,
	demo_timestampns;
/* demo_socket_mark.c: what stands beside a packet, and who has sent it. */
demo_run demo_priority, demo_mark, demo_attach_filter, demo_passcred, demo_peercred;

/* demo_tcp_time.c: what happens when the peer is silent. */
demo_run demo_keepidle, demo_keepintvl, demo_keepcnt, demo_user_timeout, demo_syncnt, demo_linger2;
/* demo_tcp_open.c: how a connection begins. */
demo_run demo_defer_accept, demo_fastopen;
/* demo_ip_address.c: addresses and routers' answers. */
demo_run demo_pktinfo, demo_recverr, demo_freebind, demo_transparent;
/* demo_ip_group.c: multicast. */
demo_run demo_add_membership, demo_multicast_loop;
/* demo_ipv6.c */
demo_run demo_v6only, demo_unicast_hops, demo_recvpktinfo;
