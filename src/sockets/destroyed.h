/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that ended, as sock_diag(7) tells it (SKNLGRP_INET_TCP_DESTROY and the like): TCP and UDP. */
#pragma once

#include "base/error.h"
#include "sockets/socket.h"

/* A descriptor that is readable when there is something; -1 with err: this kernel does not tell. */
int destroyed_open(struct error *err);

/*
 * Everything that is at hand. A socket is told when the last reference to it goes, some milliseconds after it was
 * closed at most as a rule; one that waits out its time was told when that began. It has no inode any more. False: some
 * were lost, for there were too many.
 */
bool destroyed_read(int fd, void (*gone)(void *context, const struct socket *socket), void *context);

/* The sockets in one message, of `length` octets, and whether it was well formed. */
bool destroyed_parse(const void *octets, size_t length, void (*gone)(void *context, const struct socket *socket),
		     void *context);
