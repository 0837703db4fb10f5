/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which process has the socket at an end of a packet. Works inside one process, with its rights: the registrar
 * (registrar.h) gives the answers to a program that has none.
 *
 * In this order: the socket of these two ends; one that is bound to the port alone, of this family or of IPv6 that
 * takes IPv4; what held the port a moment ago; nobody. An answer of the kernel is compared with the question,
 * sockets without inode are skipped, all processes of a socket are told.
 */
#pragma once

#include "base/error.h"
#include "packet/owner.h"
#include "sockets/socket.h"

/* One end of a conversation, seen from there. */
struct socket_ends {
	uint8_t kind;                 /* SOCKET_TCP or SOCKET_UDP */
	struct address local, remote;
};

struct owners;

/* -1 with err: there is neither sock_diag nor /proc/net. Opens what later needs rights. */
struct owners *owners_new(struct error *err);
void owners_free(struct owners *owners);

/*
 * now: ns of CLOCK_MONOTONIC. out: what was found; its processes live as long as the owners. *cookie (may be NULL): of
 * the socket that was found alone, 0: none. Takes some ten microseconds when the socket's processes are known already,
 * and a look into all of /proc when they are not; that is done again only when there may be something new.
 */
void owners_find(struct owners *owners, const struct socket_ends *ends, int64_t now, struct owner *out,
		 uint64_t *cookie);

/*
 * A supervised program has, or is about to have, this socket: told before its first packet leaves. A later one with
 * the same port takes its place. remote of length 0: with anybody.
 */
void owners_born(struct owners *owners, const struct socket_ends *ends, uint32_t pid, uint32_t thread, int64_t now);

/*
 * Readable when the kernel has told of sockets that ended (SKNLGRP_INET_TCP_DESTROY, ...); owners_collect() reads that:
 * what they held is remembered for OWNERS_REMEMBER. gone() is called for each; it may be NULL. -1: not told here.
 */
int owners_fd(const struct owners *owners);
void owners_collect(struct owners *owners, int64_t now,
		    void (*gone)(void *context, const struct socket *socket), void *context);

#define OWNERS_REMEMBER (60 * 1000000000ll) /* ns that an end is remembered behind its socket */
#define OWNERS_PAST 65536                   /* ends that are remembered; then the oldest is forgotten */

/* Processes that may not be looked into: each may hold a socket that nobody else holds. */
unsigned owners_hidden(const struct owners *owners);
