/* SPDX-License-Identifier: BSD-2-Clause */
/* One socket of this machine, as the kernel's tables have it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "packet/field.h"

enum socket_kind { SOCKET_TCP, SOCKET_UDP, SOCKET_RAW, SOCKET_PACKET, SOCKET_UNIX, SOCKET_KINDS };

/* Numbered as the kernel does (include/net/tcp_states.h); sockets of other kinds are ESTABLISHED or CLOSE. */
enum socket_state {
	SOCKET_ESTABLISHED = 1,
	SOCKET_SYN_SENT,
	SOCKET_SYN_RECV,
	SOCKET_FIN_WAIT1,
	SOCKET_FIN_WAIT2,
	SOCKET_TIME_WAIT,
	SOCKET_CLOSE, /* not connected */
	SOCKET_CLOSE_WAIT,
	SOCKET_LAST_ACK,
	SOCKET_LISTEN,
	SOCKET_CLOSING,
	SOCKET_NEW_SYN_RECV, /* a request without a socket of its own: asked for by this name, told as SYN_RECV */
	SOCKET_STATES
};
#define SOCKET_STATE(state) (1u << (state))
/* What netstat and ss show without -a: all but those that wait for somebody or are about to vanish. */
#define SOCKET_CONNECTED                                                                                               \
	(~(SOCKET_STATE(SOCKET_LISTEN) | SOCKET_STATE(SOCKET_CLOSE) | SOCKET_STATE(SOCKET_TIME_WAIT) |                 \
	   SOCKET_STATE(SOCKET_SYN_RECV) | SOCKET_STATE(SOCKET_NEW_SYN_RECV)))

/* What a timer of TCP waits for (idiag_timer). */
enum socket_timer { TIMER_NONE, TIMER_ON, TIMER_KEEPALIVE, TIMER_TIMEWAIT, TIMER_PERSIST };

/* SK_MEMINFO_ of linux/sock_diag.h, in its order: octets, and packets dropped. */
struct socket_memory {
	uint32_t receive, receive_most, send, send_most, forward, queued, option, backlog, drops;
};

enum socket_source { FROM_DIAG, FROM_PROC }; /* sock_diag(7), or /proc/net */

struct tcp_info; /* of linux/tcp.h, which does not go along with netinet/tcp.h */

/*
 * Zeroed: not known. Strings belong to the table that it stands in and are NOT escaped. Queues: of a connection octets
 * that the program has not read, and octets that the peer has not acknowledged (or that are not sent yet); of a
 * listener the connections that wait for accept(), and how many may; of UDP the memory of datagrams waiting to be read,
 * and to be sent.
 */
struct socket {
	uint8_t kind;       /* enum socket_kind */
	uint8_t state;      /* enum socket_state */
	uint8_t family;     /* AF_ */
	uint8_t type;       /* SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW */
	uint16_t protocol;  /* raw: of IP; packet: the EtherType, host order */
	uint8_t source;     /* enum socket_source */
	bool has_v6only, v6only; /* AF_INET6 */
	uint8_t shutdown;   /* bits: 1 receiving, 2 sending */
	uint8_t timer;      /* enum socket_timer */
	uint8_t retransmits; /* of the timer's: probes or retransmissions that went without answer */
	uint32_t expires;   /* milliseconds until the timer */
	uint32_t receive_queue, send_queue;
	bool has_uid;       /* not what has no inode, nor unix from /proc */
	uint32_t uid;
	uint32_t interface; /* bound to, or of a packet socket; 0: any */
	uint64_t inode;     /* 0: no process can hold it (TIME_WAIT, a request) */
	uint64_t cookie;    /* of this socket alone, never used again; 0: not known (/proc/net) */
	uint64_t peer_inode; /* unix: of the other end; 0: none, or not known */
	/* TCP, UDP, raw; a raw socket has no ports. Wildcards are addresses; a remote of length 0: not connected. */
	struct address local, remote;
	const char *name;   /* unix: the path, or an abstract name with its leading '@'; NULL: none */

	/* Asked for by name (enum socket_want). */
	bool has_memory, has_class, has_mark, has_cgroup;
	struct socket_memory memory;
	const struct tcp_info *info; /* what a shorter answer of an older kernel leaves out is zero; NULL: not known */
	const char *congestion;     /* the name of the algorithm; NULL: not known */
	uint8_t tos, traffic_class; /* has_class */
	uint32_t mark;
	uint64_t cgroup;
};

/* "ESTAB", "TIME-WAIT" as ss(8) has them; "ESTABLISHED", "TIME_WAIT" as netstat(8). */
const char *socket_state_ss(enum socket_state state);
const char *socket_state_netstat(enum socket_state state);
extern const struct value_name socket_state_names[]; /* both, by value: first ss(8)'s */

/* "tcp", "udp", "raw", "packet", "unix". */
const char *socket_kind_name(enum socket_kind kind);
extern const struct value_name socket_kind_names[];

/*
 * What it is for: whether the socket takes packets of this family. A socket of IPv6 without IPV6_V6ONLY takes those of
 * IPv4 as well when it is bound to the wildcard or to an IPv4-mapped address; one whose IPV6_V6ONLY is not known is
 * taken for one that does.
 */
bool socket_serves(const struct socket *socket, int family);
