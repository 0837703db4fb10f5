/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that a demonstration expects to be refused, and what it looks up. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "play/stage.h"

static int error_of(ssize_t result)
{
	return result < 0 ? errno : 0;
}

int stage_try_set(struct stage *s, int fd, const struct sock_option *option, int value, const char *why)
{
	return s->failed ? 0 : error_of(sock_set(s->n, fd, option, value, why));
}

int stage_try_bind(struct stage *s, int fd, const struct address *at, const char *why)
{
	return s->failed ? 0 : error_of(sock_bind(s->n, fd, at, why));
}

int stage_try_connect(struct stage *s, int fd, const struct address *at, const char *why)
{
	return s->failed ? 0 : error_of(sock_connect(s->n, fd, at, why));
}

int stage_try_send(struct stage *s, int fd, const char *text, const char *why)
{
	return s->failed ? 0 : error_of(sock_send(s->n, fd, text, strlen(text), 0, why));
}

int stage_try_sendto(struct stage *s, int fd, const char *text, const struct address *to, const char *why)
{
	return s->failed ? 0 : error_of(sock_sendto(s->n, fd, text, strlen(text), 0, to, why));
}

int stage_try_receive(struct stage *s, int fd, const char *why)
{
	char text[256];

	return s->failed ? 0 : error_of(sock_recv(s->n, fd, text, sizeof text, 0, why));
}

size_t stage_fill(struct stage *s, int fd)
{
	static const char much[65536];
	size_t sent = 0;
	ssize_t now = 0;

	while (!s->failed && (now = sock_send(NULL, fd, much, sizeof much, MSG_DONTWAIT, NULL)) > 0)
		sent += (size_t)now;
	stage_say(s, "send(%d, ...) until nothing more fits: %zu octets", fd, sent);
	return sent;
}

long stage_setting(const char *path)
{
	FILE *file = fopen(path, "re");
	long value = -1;

	if (file && fscanf(file, "%ld", &value) != 1)
		value = -1;
	if (file)
		fclose(file);
	return value;
}
