/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of clients and of the user, however their octets are cut. */
#include "play_input.h"

#include <unistd.h>

#include "play/chat_input.h"
#include "play/lines.h"

/* ------------------------------------------------------------------------------------------------ of a chat client */

static void arrivals(struct chat_input *input, const uint8_t *data, size_t length, struct text *out)
{
	while (length > 0) {
		enum chat_arrival arrival = chat_input_next(input, &data, &length);

		CHECK(input->length <= CHAT_LINE_MAX);
		if (arrival == CHAT_ARRIVED_LINE) {
			CHECK(input->length < CHAT_LINE_MAX && !memchr(input->line, '\n', input->length));
			text_char(out, '>');
			text_add(out, input->line, input->length);
			text_char(out, '\n');
		} else if (arrival == CHAT_ARRIVED_TOO_LONG) {
			text_string(out, "long\n");
		}
	}
}

/* However a stream is cut, the same lines arrive. */
void play_chat_input(struct play_input *in)
{
	struct chat_input *pieces = calloc(2, sizeof *pieces), *whole = pieces + 1;
	struct text all = { 0 }, by_pieces = { 0 }, at_once = { 0 };

	if (!pieces)
		abort();
	while (in->length) {
		size_t length;
		uint8_t *piece = play_piece(in, play_octet(in), &length);

		if (piece) {
			text_add(&all, piece, length);
			arrivals(pieces, piece, length, &by_pieces);
		}
		free(piece);
	}
	arrivals(whole, (const uint8_t *)all.data, all.length, &at_once);
	CHECK(chat_input_rest(pieces) == chat_input_rest(whole) && pieces->length == whole->length);
	text_add(&by_pieces, pieces->line, pieces->length);
	text_add(&at_once, whole->line, whole->length);
	CHECK(by_pieces.length == at_once.length && !memcmp(by_pieces.data, at_once.data, at_once.length));
	text_release(&all);
	text_release(&by_pieces);
	text_release(&at_once);
	free(pieces);
}

/* ------------------------------------------------------------------------------------------------ of the user */

#define WRITE_MOST 4096 /* what lines_read() takes at once */

struct user {
	struct lines lines;
	int in;
	struct text all;  /* what was written */
	struct text told; /* what came of it */
};

static enum lines_answer next(struct user *user)
{
	const char *line;
	size_t length;
	enum lines_answer answer = lines_next(&user->lines, &line, &length);

	if (answer == LINES_LINE) {
		text_char(&user->told, '>');
		text_add(&user->told, line, length);
		text_char(&user->told, '\n');
	} else if (answer == LINES_LONG) {
		text_string(&user->told, "long\n");
	}
	CHECK(user->lines.kept.length <= LINES_MOST + 1 + WRITE_MOST);
	return answer;
}

static void type(struct user *user, const uint8_t *data, size_t length)
{
	struct error err;

	text_add(&user->all, data, length);
	CHECK(length <= WRITE_MOST && write(user->in, data, length) == (ssize_t)length);
	CHECK(lines_read(&user->lines, &err) == 0);
	while (next(user) != LINES_NONE)
		;
}

/* What should have come of it: cut at each LF, CR LF as LF; behind the last there may be a line without end. */
static void tell(const struct text *all, struct text *told)
{
	const char *at = all->length ? all->data : "", *end = at + all->length;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at)), *stop = lf ? lf : end;
		size_t length = (size_t)(stop - at);

		if (lf && length && at[length - 1] == '\r')
			length--;
		text_string(told, length > LINES_MOST ? "long" : ">");
		text_add(told, at, length > LINES_MOST ? 0 : length);
		text_char(told, '\n');
		at = stop + (lf != NULL);
	}
}

void play_lines(struct play_input *in)
{
	struct user user = { 0 };
	struct text want = { 0 };
	struct error err;
	int ends[2];

	CHECK(!pipe(ends));
	user.lines.fd = ends[0];
	user.in = ends[1];
	while (in->length) {
		size_t length;
		uint8_t *piece = play_piece(in, play_octet(in), &length);

		if (piece && length && length <= WRITE_MOST)
			type(&user, piece, length);
		free(piece);
	}
	close(user.in);
	CHECK(lines_read(&user.lines, &err) == 0);
	while (next(&user) != LINES_END)
		;
	tell(&user.all, &want);
	CHECK(user.told.length == want.length && (!want.length || !memcmp(user.told.data, want.data, want.length)));
	lines_release(&user.lines);
	close(ends[0]);
	text_release(&user.all);
	text_release(&user.told);
	text_release(&want);
}
