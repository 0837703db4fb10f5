/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/lines.h"

#include <errno.h>
#include <unistd.h>

#define READ_ONCE 4096

void lines_release(struct lines *lines)
{
	text_release(&lines->kept);
	*lines = (struct lines){ .fd = -1 };
}

static void forget(struct lines *lines, size_t length)
{
	lines->given += length;
	if (lines->given == lines->kept.length) {
		text_clear(&lines->kept);
		lines->given = 0;
	}
}

/* The line that ends before `end`, its LF. */
static enum lines_answer give(struct lines *lines, const char *start, const char *end, const char **line,
			      size_t *length)
{
	bool skipped = lines->skipping;

	*line = start;
	*length = (size_t)(end - start);
	if (*length && end[-1] == '\r')
		--*length;
	lines->skipping = false;
	forget(lines, (size_t)(end - start) + 1);
	if (skipped)
		return lines_next(lines, line, length);
	return *length > LINES_MOST ? LINES_LONG : LINES_LINE;
}

static enum lines_answer give_last(struct lines *lines, const char *start, size_t rest, const char **line,
				   size_t *length)
{
	*line = start;
	*length = rest;
	forget(lines, rest);
	return !rest ? LINES_END : rest > LINES_MOST ? LINES_LONG : LINES_LINE;
}

enum lines_answer lines_next(struct lines *lines, const char **line, size_t *length)
{
	size_t rest = lines->kept.length - lines->given;
	const char *start = rest ? lines->kept.data + lines->given : "";
	const char *end = rest ? memchr(start, '\n', rest) : NULL;

	if (end)
		return give(lines, start, end, line, length);
	if (rest > LINES_MOST + 1 || (lines->skipping && rest)) {
		bool told = lines->skipping;

		lines->skipping = true;
		forget(lines, rest);
		return told ? lines_next(lines, line, length) : LINES_LONG;
	}
	return lines->ended ? give_last(lines, start, rest, line, length) : LINES_NONE;
}

int lines_read(struct lines *lines, struct error *err)
{
	ssize_t got;

	if (lines->given) {
		lines->kept.length -= lines->given;
		memmove(lines->kept.data, lines->kept.data + lines->given, lines->kept.length);
		lines->given = 0;
	}
	got = read(lines->fd, text_room(&lines->kept, READ_ONCE), READ_ONCE);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got < 0)
		return error_errno(err, "lines cannot be read from descriptor %d", lines->fd);
	lines->kept.length += (size_t)got;
	lines->ended = got == 0;
	return 0;
}
