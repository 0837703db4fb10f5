/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is told of a socket: one row each, in a table as dissectors have. The members of JSON, the names in filters,
 * --explain and docs/sockets.md are these rows. A name with a dot is a member of an object: memory.drops.
 */
#pragma once

#include "packet/filter.h"
#include "sockets/holders.h"
#include "sockets/socket.h"

enum socket_column {
	COLUMN_KIND,
	COLUMN_FAMILY,
	COLUMN_TYPE,
	COLUMN_STATE,
	COLUMN_RECV_Q,
	COLUMN_SEND_Q,
	COLUMN_LOCAL,
	COLUMN_REMOTE,
	COLUMN_IP_SRC,
	COLUMN_IP_DST,
	COLUMN_IP_ADDR,
	COLUMN_IPV6_SRC,
	COLUMN_IPV6_DST,
	COLUMN_IPV6_ADDR,
	COLUMN_SPORT,
	COLUMN_DPORT,
	COLUMN_PORT,
	COLUMN_PROTOCOL,
	COLUMN_DEV,
	COLUMN_V6ONLY,
	COLUMN_SERVES_IPV4,
	COLUMN_SERVES_IPV6,
	COLUMN_UID,
	COLUMN_USER,
	COLUMN_INODE,
	COLUMN_COOKIE,
	COLUMN_PEER_INODE,
	COLUMN_SHUTDOWN,
	COLUMN_TOS,
	COLUMN_TCLASS,
	COLUMN_MARK,
	COLUMN_CGROUP,
	COLUMN_SOURCE,
	COLUMN_PROCESS_NAME,
	COLUMN_PROCESS_PID,
	COLUMN_PROCESS_FD,
	COLUMN_PROCESS,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_PEER_NAME,
	COLUMN_PEER_PID,
	COLUMN_PEER_FD,
	COLUMN_TIMER_NAME,
	COLUMN_TIMER_EXPIRES,
	COLUMN_TIMER_RETRANSMITS,
	COLUMN_MEMORY, /* the first of SOCKET_MEMORY rows, in the order of struct socket_memory */
	SOCKET_MEMORY = 9,
	COLUMN_INFO_CONGESTION = COLUMN_MEMORY + SOCKET_MEMORY,
	COLUMN_INFO, /* and all behind it: the members of struct tcp_info */
};

/* A socket, and what stands beside it. */
struct socket_row {
	const struct socket *socket;
	const struct holder *holders; /* descriptors that are this socket */
	size_t holder_count;
	const struct holder *peers; /* the same of the other end, where it is on this machine */
	size_t peer_count;
	const char *interface; /* its name; NULL: none */
	const char *user;      /* NULL: not known */
};

extern const struct dissector socket_columns;
extern const struct filter_names socket_names; /* for filter_compile_for() */

/* Room for the fields of one socket. */
struct socket_fields;

/* all: every column is wanted; else those that the filter reads (NULL: none). */
struct socket_fields *socket_fields_new(const struct filter *filter, bool all);
void socket_fields_free(struct socket_fields *fields);
bool socket_fields_want(const struct socket_fields *fields, enum socket_column column);

/* The socket as a packet with one layer. It is overwritten by the next one, and borrows from the row. */
const struct packet *socket_fields_of(struct socket_fields *fields, const struct socket_row *row);
