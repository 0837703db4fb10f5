/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "sockets/registrar_parts.h"

int registrar_send(int fd, enum registrar_word word, const void *body, size_t length, bool wait)
{
	struct registrar_head head = { .word = (uint32_t)word, .length = (uint32_t)length };
	struct iovec pieces[] = { { &head, sizeof head }, { (void *)(uintptr_t)body, length } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };
	ssize_t sent;

	if (sizeof head + length > REGISTRAR_MESSAGE)
		bug("a message of the registrar has %zu octets", length);
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT));
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int registrar_receive(int fd, void *message, bool wait)
{
	struct registrar_head head;
	ssize_t got;

	do
		got = recv(fd, message, REGISTRAR_MESSAGE, wait ? 0 : MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (got < (ssize_t)sizeof head)
		return -1;
	memcpy(&head, message, sizeof head);
	return (size_t)got == sizeof head + head.length ? 1 : -1;
}

const void *registrar_body(const void *message, enum registrar_word word, size_t length)
{
	const struct registrar_head *head = message;

	return head->word == (uint32_t)word && head->length >= length ? head + 1 : NULL;
}
