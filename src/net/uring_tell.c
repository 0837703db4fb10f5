/* SPDX-License-Identifier: BSD-2-Clause */
#include "net/uring_tell.h"

#include "net/narrate.h"

/* What a call takes or fills in; what it has not filled yet is told by a word. */
static void tell_contents(struct text *line, const struct uring_request *r, bool sending, ssize_t got)
{
	const struct msghdr *message = r->data;

	switch (r->call) {
	case URING_RECV:
	case URING_SEND:
		if (sending)
			narrate_quoted(line, r->data, r->length);
		else if (got >= 0)
			narrate_quoted(line, r->data, (size_t)got);
		else
			text_string(line, "data");
		text_format(line, ", %zu, ", r->length);
		break;
	case URING_RECVMSG:
	case URING_SENDMSG:
		if (sending)
			narrate_message(line, message, message->msg_iov[0].iov_len, true);
		else if (got >= 0)
			narrate_message(line, message, (size_t)got, false);
		else
			text_string(line, "message");
		text_string(line, ", ");
		break;
	default:
		break;
	}
}

/* got: the octets that a receiving call has filled in; -1: none yet. */
static void tell_call(struct text *line, const struct uring_request *r, ssize_t got)
{
	static const struct {
		const char *name, *flags; /* flags NULL: those of the message */
		bool sending;
	} calls[] = {
		[URING_ACCEPT] = { "accept4", "NULL, SOCK_NONBLOCK|SOCK_CLOEXEC", false },
		[URING_RECV] = { "recv", NULL, false },
		[URING_SEND] = { "send", NULL, true },
		[URING_RECVMSG] = { "recvmsg", NULL, false },
		[URING_SENDMSG] = { "sendmsg", NULL, true },
		[URING_POLL] = { "poll", "POLLIN", false },
	};

	text_format(line, "io_uring %s(%d, ", calls[r->call].name, r->fd);
	tell_contents(line, r, calls[r->call].sending, got);
	if (calls[r->call].flags)
		text_string(line, calls[r->call].flags);
	else
		narrate_message_flags(line, r->flags);
	text_char(line, ')');
}

void uring_tell_request(const struct narrator *n, const struct uring_request *r, const char *why)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	tell_call(&call.line, r, -1);
	text_string(&call.line, " ...");
	call_end(&call);
}

void uring_tell_completion(const struct narrator *n, const struct uring_request *r, int result)
{
	struct call call;

	call_begin(&call, n, NULL);
	call.error = result < 0 ? -result : 0;
	text_string(&call.line, "... ");
	tell_call(&call.line, r, result);
	call_over(&call, result < 0 ? -1 : result);
}
