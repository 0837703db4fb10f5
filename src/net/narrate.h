/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a call is told; for src/net only. A wrapper with a narrator begins a call, writes its arguments, says it before
 * when it may sleep (call_wait), and ends it with the result. errno comes out of call_end as the system call left it.
 *
 * In a told call an address stands for the pointer and the length of C, and what the call fills in stands in its place.
 */
#pragma once

#include "base/text.h"
#include "net/sock.h"

#define NARRATE_OCTETS 32u /* of data, in one argument */
#define NARRATE_LIST 32u   /* elements of a list, in one argument */

struct call {
	const struct narrator *narrator;
	const char *why;
	struct text line;
	int error; /* errno after the system call */
};

void call_begin(struct call *call, const struct narrator *n, const char *why);
/* Says what was written so far, with " ..." and the sentence; the line begins anew with "... " for the result. */
void call_wait(struct call *call);
/* To be called at once after the system call: keeps errno. */
void call_made(struct call *call);
/* " = 3", or " = -1 EAGAIN (...)". */
void call_result(struct call *call, long result);
/* Says the line, with the sentence unless call_wait has said it; restores errno. */
void call_end(struct call *call);
/* call_result and call_end. */
void call_over(struct call *call, long result);

/* A call of ordinary arguments that does not sleep, told after it was made. */
void call_tell(const struct narrator *n, const char *why, long result, const char *format, ...)
	__attribute__((format(printf, 4, 5), cold));

/* Whether calls on this descriptor wait until they can be served. */
bool call_blocks(int fd);

struct value_name {
	unsigned value;
	const char *name;
};
/* Names joined by "|", ended by a row without name; what has none in hex. */
void narrate_flags(struct text *line, const struct value_name *names, unsigned value);
void narrate_message_flags(struct text *line, int flags);
/* One name, or the number. */
void narrate_value(struct text *line, const struct value_name *names, unsigned value);
void narrate_family(struct text *line, int family);
void narrate_address(struct text *line, const struct address *address); /* NULL: "NULL" */
void narrate_quoted(struct text *line, const void *data, size_t length); /* "text", or "text"... when it was cut */
/* "{from, data, control}"; `length` octets of data are there. */
void narrate_message(struct text *line, const struct msghdr *message, size_t length, bool sent);
