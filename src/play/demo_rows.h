/* SPDX-License-Identifier: BSD-2-Clause */
/* The demonstrations of the levels IPPROTO_TCP, and IPPROTO_IP and IPPROTO_IPV6; each list is ended by one without
 * option. */
#pragma once

#include "play/demo.h"

extern const struct demo demo_tcp_rows[], demo_ip_rows[];

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
