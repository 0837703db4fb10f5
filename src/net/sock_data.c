/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that carry octets. */
#include <errno.h>
#include <sys/uio.h>

#include "net/narrate.h"

/* Whether a receiving call on this descriptor, with these flags, waits for somebody. */
static bool receive_sleeps(int fd, int flags)
{
	return !(flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) && call_blocks(fd);
}

static void write_flags(struct call *call, int flags)
{
	text_string(&call->line, ", ");
	narrate_message_flags(&call->line, flags);
}

/* ------------------------------------------------------------------------------------------------ send, sendto */

static __attribute__((cold)) ssize_t tell_sendto(const struct narrator *n, int fd, const void *data, size_t length,
						 int flags, const struct address *to, const char *why, ssize_t result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "%s(%d, ", to ? "sendto" : "send", fd);
	narrate_quoted(&call.line, data, length);
	text_format(&call.line, ", %zu", length);
	write_flags(&call, flags);
	if (to) {
		text_string(&call.line, ", ");
		narrate_address(&call.line, to);
	}
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_send(const struct narrator *n, int fd, const void *data, size_t length, int flags, const char *why)
{
	ssize_t result = send(fd, data, length, flags | MSG_NOSIGNAL);

	return n ? tell_sendto(n, fd, data, length, flags | MSG_NOSIGNAL, NULL, why, result) : result;
}

ssize_t sock_sendto(const struct narrator *n, int fd, const void *data, size_t length, int flags,
		    const struct address *to, const char *why)
{
	const struct sockaddr *name = (const struct sockaddr *)&to->storage;
	ssize_t result = sendto(fd, data, length, flags | MSG_NOSIGNAL, name, to->length);

	return n ? tell_sendto(n, fd, data, length, flags | MSG_NOSIGNAL, to, why, result) : result;
}

/* ------------------------------------------------------------------------------------------------ recv, recvfrom */

/* got < 0: nothing came (yet). */
static void write_recv(struct call *call, int fd, const void *data, ssize_t got, size_t size, int flags)
{
	text_format(&call->line, "recv(%d, ", fd);
	if (got >= 0)
		narrate_quoted(&call->line, data, (size_t)got < size ? (size_t)got : size);
	else
		text_string(&call->line, "data");
	text_format(&call->line, ", %zu", size);
	write_flags(call, flags);
	text_char(&call->line, ')');
}

static __attribute__((cold)) ssize_t recv_told(const struct narrator *n, int fd, void *data, size_t size, int flags,
					       const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recv(&call, fd, NULL, -1, size, flags);
		call_wait(&call);
	}
	result = recv(fd, data, size, flags);
	call_made(&call);
	write_recv(&call, fd, data, result, size, flags);
	call_over(&call, result);
	return result;
}

ssize_t sock_recv(const struct narrator *n, int fd, void *data, size_t size, int flags, const char *why)
{
	return n ? recv_told(n, fd, data, size, flags, why) : recv(fd, data, size, flags);
}

static ssize_t receive_from(int fd, void *data, size_t size, int flags, struct address *from)
{
	ssize_t result;

	if (!from)
		return recvfrom(fd, data, size, flags, NULL, NULL);
	from->length = sizeof from->storage;
	result = recvfrom(fd, data, size, flags, (struct sockaddr *)&from->storage, &from->length);
	if (result < 0)
		from->length = 0;
	return result;
}

static void write_recvfrom(struct call *call, int fd, const void *data, ssize_t got, size_t size, int flags,
			   const struct address *from)
{
	text_format(&call->line, "recvfrom(%d, ", fd);
	if (got >= 0)
		narrate_quoted(&call->line, data, (size_t)got < size ? (size_t)got : size);
	else
		text_string(&call->line, "data");
	text_format(&call->line, ", %zu", size);
	write_flags(call, flags);
	text_string(&call->line, ", ");
	if (got >= 0 || !from)
		narrate_address(&call->line, from);
	else
		text_string(&call->line, "from");
	text_char(&call->line, ')');
}

static __attribute__((cold)) ssize_t recvfrom_told(const struct narrator *n, int fd, void *data, size_t size,
						   int flags, struct address *from, const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recvfrom(&call, fd, NULL, -1, size, flags, from);
		call_wait(&call);
	}
	result = receive_from(fd, data, size, flags, from);
	call_made(&call);
	write_recvfrom(&call, fd, data, result, size, flags, from);
	call_over(&call, result);
	return result;
}

ssize_t sock_recvfrom(const struct narrator *n, int fd, void *data, size_t size, int flags, struct address *from,
		      const char *why)
{
	return n ? recvfrom_told(n, fd, data, size, flags, from, why) : receive_from(fd, data, size, flags, from);
}

/* ------------------------------------------------------------------------------------------------ messages */

static size_t octets_of(const struct msghdr *message)
{
	size_t length = 0;

	for (size_t i = 0; i < message->msg_iovlen; i++)
		length += message->msg_iov[i].iov_len;
	return length;
}

static __attribute__((cold)) ssize_t tell_sendmsg(const struct narrator *n, int fd, const struct msghdr *message,
						  int flags, const char *why, ssize_t result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "sendmsg(%d, ", fd);
	narrate_message(&call.line, message, octets_of(message), true);
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_sendmsg(const struct narrator *n, int fd, const struct msghdr *message, int flags, const char *why)
{
	ssize_t result = sendmsg(fd, message, flags | MSG_NOSIGNAL);

	return n ? tell_sendmsg(n, fd, message, flags | MSG_NOSIGNAL, why, result) : result;
}

static __attribute__((cold)) ssize_t recvmsg_told(const struct narrator *n, int fd, struct msghdr *message, int flags,
						  const char *why)
{
	struct call call;
	ssize_t result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		text_format(&call.line, "recvmsg(%d, message", fd);
		write_flags(&call, flags);
		text_char(&call.line, ')');
		call_wait(&call);
	}
	result = recvmsg(fd, message, flags);
	call_made(&call);
	text_format(&call.line, "recvmsg(%d, ", fd);
	if (result >= 0)
		narrate_message(&call.line, message, (size_t)result, false);
	else
		text_string(&call.line, "message");
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

ssize_t sock_recvmsg(const struct narrator *n, int fd, struct msghdr *message, int flags, const char *why)
{
	return n ? recvmsg_told(n, fd, message, flags, why) : recvmsg(fd, message, flags);
}

/* ------------------------------------------------------------------------------------------------ many messages */

static void write_messages(struct text *line, const struct mmsghdr *messages, unsigned count, bool sent)
{
	text_char(line, '[');
	for (unsigned i = 0; i < count; i++) {
		const struct msghdr *message = &messages[i].msg_hdr;

		text_string(line, i ? ", " : "");
		if (i == NARRATE_LIST) {
			text_string(line, "...");
			break;
		}
		narrate_message(line, message, sent ? octets_of(message) : messages[i].msg_len, sent);
	}
	text_char(line, ']');
}

static __attribute__((cold)) int tell_sendmmsg(const struct narrator *n, int fd, const struct mmsghdr *messages,
					       unsigned count, int flags, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "sendmmsg(%d, ", fd);
	write_messages(&call.line, messages, count, true);
	text_format(&call.line, ", %u", count);
	write_flags(&call, flags);
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_sendmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why)
{
	int result = sendmmsg(fd, messages, count, flags | MSG_NOSIGNAL);

	return n ? tell_sendmmsg(n, fd, messages, count, flags | MSG_NOSIGNAL, why, result) : result;
}

static void write_recvmmsg(struct call *call, int fd, const struct mmsghdr *messages, int got, unsigned count,
			   int flags)
{
	text_format(&call->line, "recvmmsg(%d, ", fd);
	if (got >= 0)
		write_messages(&call->line, messages, (unsigned)got, false);
	else
		text_string(&call->line, "messages");
	text_format(&call->line, ", %u", count);
	write_flags(call, flags);
	text_string(&call->line, ", NULL)");
}

static __attribute__((cold)) int recvmmsg_told(const struct narrator *n, int fd, struct mmsghdr *messages,
					       unsigned count, int flags, const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	if (receive_sleeps(fd, flags)) {
		write_recvmmsg(&call, fd, NULL, -1, count, flags);
		call_wait(&call);
	}
	result = recvmmsg(fd, messages, count, flags, NULL);
	call_made(&call);
	write_recvmmsg(&call, fd, messages, result, count, flags);
	call_over(&call, result);
	return result;
}

int sock_recvmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why)
{
	return n ? recvmmsg_told(n, fd, messages, count, flags, why) : recvmmsg(fd, messages, count, flags, NULL);
}
