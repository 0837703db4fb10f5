/* SPDX-License-Identifier: BSD-2-Clause */
#include "net/narrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/error.h"

/* ------------------------------------------------------------------------------------------------ a call */

void call_begin(struct call *call, const struct narrator *n, const char *why)
{
	*call = (struct call){ .narrator = n, .why = why };
}

static void say(struct call *call)
{
	struct text *line = &call->line;

	text_char(line, '\n');
	if (call->why && call->narrator->reasons) {
		text_string(line, "    ");
		text_escaped(line, call->why, strlen(call->why));
		text_char(line, '\n');
	}
	call->narrator->say(call->narrator->context, line->data, line->length);
	text_clear(line);
}

void call_wait(struct call *call)
{
	text_string(&call->line, " ...");
	say(call);
	call->why = NULL;
	text_string(&call->line, "... ");
}

void call_made(struct call *call)
{
	call->error = errno;
}

void call_result(struct call *call, long result)
{
	const char *name = strerrorname_np(call->error), *sentence = strerrordesc_np(call->error);

	text_string(&call->line, " = ");
	text_int(&call->line, result);
	if (result < 0)
		text_format(&call->line, " %s (%s)", name ? name : "E?", sentence ? sentence : "an unknown error");
}

void call_end(struct call *call)
{
	say(call);
	text_release(&call->line);
	errno = call->error;
}

void call_over(struct call *call, long result)
{
	call_result(call, result);
	call_end(call);
}

static void add_escaped(struct text *line, const char *format, va_list args)
{
	char *raw = NULL;
	int length = vasprintf(&raw, format, args);

	if (length < 0)
		bug("cannot format '%s'", format);
	text_escaped(line, raw, (size_t)length);
	free(raw);
}

void call_tell(const struct narrator *n, const char *why, long result, const char *format, ...)
{
	int error = errno;
	struct call call;
	va_list args;

	call_begin(&call, n, why);
	call.error = error;
	va_start(args, format);
	add_escaped(&call.line, format, args);
	va_end(args);
	call_over(&call, result);
}

void sock_tell(const struct narrator *n, const char *why, const char *format, ...)
{
	int error = errno;
	struct call call;
	va_list args;

	if (!n)
		return;
	call_begin(&call, n, why);
	call.error = error;
	va_start(args, format);
	add_escaped(&call.line, format, args);
	va_end(args);
	call_end(&call);
}

bool call_blocks(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

/* ------------------------------------------------------------------------------------------------ arguments */

static const struct value_name families[] = {
	{ AF_UNSPEC, "AF_UNSPEC" }, { AF_INET, "AF_INET" }, { AF_INET6, "AF_INET6" },
	{ AF_UNIX, "AF_UNIX" },     { 0, NULL },
};

static const struct value_name message_flags[] = {
	{ MSG_OOB, "MSG_OOB" },
	{ MSG_PEEK, "MSG_PEEK" },
	{ MSG_DONTROUTE, "MSG_DONTROUTE" },
	{ MSG_CTRUNC, "MSG_CTRUNC" },
	{ MSG_TRUNC, "MSG_TRUNC" },
	{ MSG_DONTWAIT, "MSG_DONTWAIT" },
	{ MSG_EOR, "MSG_EOR" },
	{ MSG_WAITALL, "MSG_WAITALL" },
	{ MSG_ERRQUEUE, "MSG_ERRQUEUE" },
	{ MSG_NOSIGNAL, "MSG_NOSIGNAL" },
	{ MSG_MORE, "MSG_MORE" },
	{ MSG_WAITFORONE, "MSG_WAITFORONE" },
	{ MSG_ZEROCOPY, "MSG_ZEROCOPY" },
	{ MSG_FASTOPEN, "MSG_FASTOPEN" },
	{ MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC" },
	{ 0, NULL },
};

void narrate_flags(struct text *line, const struct value_name *names, unsigned value)
{
	const char *between = "";

	if (!value)
		text_char(line, '0');
	for (; names->name; names++)
		if (names->value && (value & names->value) == names->value) {
			text_format(line, "%s%s", between, names->name);
			between = "|";
			value &= ~names->value;
		}
	if (value)
		text_format(line, "%s0x%x", between, value);
}

void narrate_message_flags(struct text *line, int flags)
{
	narrate_flags(line, message_flags, (unsigned)flags);
}

void narrate_value(struct text *line, const struct value_name *names, unsigned value)
{
	for (; names->name; names++)
		if (names->value == value) {
			text_string(line, names->name);
			return;
		}
	text_uint(line, value);
}

void narrate_family(struct text *line, int family)
{
	narrate_value(line, families, (unsigned)family);
}

void narrate_address(struct text *line, const struct address *address)
{
	char out[ADDRESS_TEXT];

	text_string(line, address ? address_text(address, out) : "NULL");
}

/* Where to cut so that no character of UTF-8 is torn. */
static size_t cut_at(const uint8_t *octets, size_t length)
{
	size_t cut = NARRATE_OCTETS;

	if (length <= cut)
		return length;
	while (cut > NARRATE_OCTETS - 3 && (octets[cut] & 0xc0) == 0x80)
		cut--;
	return (octets[cut] & 0xc0) == 0x80 ? NARRATE_OCTETS : cut;
}

void narrate_quoted(struct text *line, const void *data, size_t length)
{
	const uint8_t *octets = length ? data : (const void *)"";
	size_t cut = length ? cut_at(octets, length) : 0, begun = 0;

	text_char(line, '"');
	for (size_t i = 0; i < cut; i++)
		if (octets[i] == '"') {
			text_escaped(line, octets + begun, i - begun);
			text_string(line, "\\\"");
			begun = i + 1;
		}
	text_escaped(line, octets + begun, cut - begun);
	text_string(line, cut < length ? "\"..." : "\"");
}
