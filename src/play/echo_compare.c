/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/echo_compare.h"

#include "base/utf8.h"

/* Capital letters whose small ones are so much further on; all pairs take two octets each (one in the first row). */
static const struct {
	uint32_t first, last, step, distance;
} capitals[] = {
	{ 'A', 'Z', 1, 0x20 },     { 0xc0, 0xd6, 1, 0x20 }, /* French and Spanish accents */
	{ 0xd8, 0xde, 1, 0x20 },   { 0x100, 0x12e, 2, 1 },  /* Latin Extended-A, with œ */
	{ 0x132, 0x136, 2, 1 },    { 0x139, 0x147, 2, 1 },    { 0x14a, 0x176, 2, 1 },
	{ 0x179, 0x17d, 2, 1 },    { 0x391, 0x3a1, 1, 0x20 }, /* Greek */
	{ 0x3a3, 0x3ab, 1, 0x20 }, { 0x400, 0x40f, 1, 0x50 }, /* Cyrillic */
	{ 0x410, 0x42f, 1, 0x20 },
};

/* The small letter of a capital; whatever else as it is. */
static uint32_t small(uint32_t code)
{
	for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++)
		if (code >= capitals[i].first && code <= capitals[i].last &&
		    (code - capitals[i].first) % capitals[i].step == 0)
			return code + capitals[i].distance;
	return code;
}

/* Octets that are no UTF-8 stand for themselves, apart from all characters. */
static unsigned next_code(const uint8_t *at, size_t length, uint32_t *code)
{
	unsigned octets = utf8_next(at, length, code);

	if (octets)
		return octets;
	*code = 0x80000000u | *at;
	return 1;
}

struct folding {
	bool equal;      /* but for the case */
	bool any_raised; /* a small letter came back as its capital */
	bool any_lowered;
};

static struct folding fold(const uint8_t *sent, const uint8_t *answer, size_t length)
{
	struct folding folding = { .equal = true };

	for (size_t at = 0; at < length && folding.equal;) {
		uint32_t a, b;
		unsigned octets = next_code(sent + at, length - at, &a);

		if (octets != next_code(answer + at, length - at, &b) || small(a) != small(b))
			folding.equal = false;
		folding.any_raised = folding.any_raised || (a != b && small(b) == a);
		folding.any_lowered = folding.any_lowered || (a != b && small(a) == b);
		at += octets;
	}
	return folding;
}

static size_t without_end(const uint8_t *data, size_t length)
{
	while (length && (data[length - 1] == '\n' || data[length - 1] == '\r' || !data[length - 1]))
		length--;
	return length;
}

static void add_note(struct text *note, const char *words)
{
	text_string(note, note->length ? ", " : "");
	text_string(note, words);
}

static void note_case(struct text *note, struct folding folding)
{
	if (folding.any_raised || folding.any_lowered)
		add_note(note, !folding.any_lowered  ? "upper-cased"
			       : !folding.any_raised ? "lower-cased"
						     : "in another case");
}

static enum echo_verdict note_difference(const uint8_t *sent, size_t sent_length, const uint8_t *answer,
					 size_t answer_length, struct text *note)
{
	size_t at = 0;

	while (at < sent_length && at < answer_length && sent[at] == answer[at])
		at++;
	text_format(note, "differs from what was sent at octet %zu", at + 1);
	return ECHO_DIFFERENT;
}

enum echo_verdict echo_compare(const uint8_t *sent, size_t sent_length, const uint8_t *answer, size_t answer_length,
			       struct text *note)
{
	size_t body = without_end(sent, sent_length), got = without_end(answer, answer_length);
	size_t prefix = got > body ? got - body : 0;
	struct folding folding;

	text_clear(note);
	if (sent_length == answer_length && (!sent_length || !memcmp(sent, answer, sent_length)))
		return ECHO_EQUAL;
	if (got < body || prefix > ECHO_PREFIX_MOST)
		return note_difference(sent, sent_length, answer, answer_length, note);
	folding = fold(sent, answer + prefix, body);
	if (!folding.equal)
		return note_difference(sent, sent_length, answer, answer_length, note);
	note_case(note, folding);
	if (prefix) {
		add_note(note, "prefixed with \"");
		text_escaped(note, answer, prefix);
		text_char(note, '"');
	}
	if (sent_length - body != answer_length - got || memcmp(sent + body, answer + got, sent_length - body) != 0)
		add_note(note, answer_length == got ? "without its line's end" : "with another end of line");
	return ECHO_VARIANT;
}

static bool found_at(const uint8_t *sent, size_t sent_length, const uint8_t *stream, size_t length, size_t at)
{
	return at <= ECHO_PREFIX_MOST && at + sent_length <= length && fold(sent, stream + at, sent_length).equal;
}

/* Of a short text there may be several: "e" is in "ECHO: e" twice. What ends where the stream ends is the likeliest. */
size_t echo_complete(const uint8_t *sent, size_t sent_length, const uint8_t *stream, size_t length)
{
	if (length < sent_length || !sent_length)
		return 0;
	if (!memcmp(sent, stream, sent_length))
		return sent_length;
	if (found_at(sent, sent_length, stream, length, length - sent_length))
		return length;
	for (size_t at = 0; at <= ECHO_PREFIX_MOST; at++)
		if (found_at(sent, sent_length, stream, length, at))
			return at + sent_length;
	return 0;
}
