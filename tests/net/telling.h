/* SPDX-License-Identifier: BSD-2-Clause */
/* A narrator that keeps what it is told, and addresses of loopback. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "net/sock.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Everything that was said, and in how many pieces. */
struct told {
	struct text text;
	unsigned pieces;
};

/* Spoils errno, as a narrator may. */
static inline void told_say(void *context, const char *text, size_t length)
{
	struct told *told = context;

	text_add(&told->text, text, length);
	told->pieces++;
	errno = EXDEV;
}

static inline struct narrator told_by(struct told *told, bool reasons)
{
	return (struct narrator){ .reasons = reasons, .say = told_say, .context = told };
}

/* Compares with the format, and forgets what was told. */
static inline void __attribute__((format(printf, 3, 4))) told_is(struct told *told, unsigned pieces,
								 const char *format, ...)
{
	char *expected = NULL, *got = text_room(&told->text, 1);
	va_list args;

	got[0] = '\0';
	va_start(args, format);
	assert_true(vasprintf(&expected, format, args) >= 0);
	va_end(args);
	if (told->text.length)
		assert_string_equal(told->text.data, expected);
	else
		assert_string_equal("", expected);
	assert_int_equal(told->pieces, pieces);
	free(expected);
	text_release(&told->text);
	told->pieces = 0;
}

/* Everything that was told, for looking into; freed by the caller. */
static inline char *told_take(struct told *told)
{
	char *all = strndup(told->text.length ? told->text.data : "", told->text.length);

	text_release(&told->text);
	told->pieces = 0;
	return all;
}

static inline struct address loopback(int family, uint16_t port)
{
	struct address address = { .storage.ss_family = (sa_family_t)family };

	if (family == AF_INET) {
		address.length = sizeof(struct sockaddr_in);
		((struct sockaddr_in *)&address.storage)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		address.length = sizeof(struct sockaddr_in6);
		((struct sockaddr_in6 *)&address.storage)->sin6_addr = in6addr_loopback;
	}
	address_set_port(&address, port);
	return address;
}

/* A socket bound to a free port of loopback, made without a word. */
static inline int bound(int type, struct address *local)
{
	struct address at = loopback(AF_INET, 0);
	int fd = sock_open(NULL, AF_INET, type, NULL);

	assert_true(fd >= 0);
	assert_int_equal(sock_bind(NULL, fd, &at, NULL), 0);
	if ((type & 0xf) == SOCK_STREAM)
		assert_int_equal(sock_listen(NULL, fd, 8, NULL), 0);
	assert_int_equal(sock_name(NULL, fd, local, NULL), 0);
	return fd;
}

/* The kernel delivers in its own time, also on loopback. */
static inline void await(int fd, short events)
{
	struct pollfd wait = { .fd = fd, .events = events };

	assert_int_equal(poll(&wait, 1, 60000), 1);
	assert_true(wait.revents & events);
}
