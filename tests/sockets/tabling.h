/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets in a network namespace of the test's own, to be found in its table. */
#pragma once

#include <poll.h>
#include <sys/stat.h>

#include "../net/numbered.h"
#include "../net/own.h"
#include "sockets/socktable.h"

static inline void table_read(struct socktable *table, const struct socktable_request *request)
{
	struct error err = { "" };

	if (socktable_read(table, request, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(table->unreadable, 0);
	assert_false(table->cut);
}

static inline uint64_t inode_of(int fd)
{
	struct stat about;

	assert_int_equal(fstat(fd, &about), 0);
	return about.st_ino;
}

/* NULL: it is not in the table. */
static inline const struct socket *table_of(const struct socktable *table, int fd)
{
	uint64_t inode = inode_of(fd);

	for (size_t i = 0; i < table->count; i++)
		if (table->list[i].inode == inode)
			return &table->list[i];
	return NULL;
}

/* The one of these ends, whoever holds it. */
static inline const struct socket *table_between(const struct socktable *table, const struct address *local,
						 const struct address *remote)
{
	for (size_t i = 0; i < table->count; i++)
		if (address_equal(&table->list[i].local, local) && address_equal(&table->list[i].remote, remote))
			return &table->list[i];
	return NULL;
}

static inline int bound_to(int family, int type, const char *host, uint16_t port, bool v6only)
{
	struct address at = numbered(host, port);
	int fd = socket(family, type | SOCK_CLOEXEC, 0), only = v6only, one = 1;

	assert_true(fd >= 0);
	if (family == AF_INET6)
		assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at.storage, at.length), 0);
	return fd;
}

static inline int listening(int family, const char *host, uint16_t port, bool v6only)
{
	int fd = bound_to(family, SOCK_STREAM, host, port, v6only);

	assert_int_equal(listen(fd, 5), 0);
	return fd;
}

static inline int connected(int family, int type, const char *host, uint16_t port)
{
	struct address to = numbered(host, port);
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to.storage, to.length), 0);
	return fd;
}

static inline struct address name_of(int fd)
{
	struct address name = { .length = sizeof name.storage };

	assert_int_equal(getsockname(fd, (struct sockaddr *)&name.storage, &name.length), 0);
	return name;
}
