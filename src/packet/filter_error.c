/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with a filter: the sentence, the place, the right form; and capture filters, which people put here. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "packet/filter_parts.h"

#define SHOWN 88 /* columns of the expression at most */
#define MARKED 44

void filter_span_text(const struct filter_source *source, struct filter_span span, struct text *out)
{
	text_visible(out, source->text + span.at, span.length);
}

void filter_replaced(const struct filter_source *source, struct filter_span span, const char *word, struct text *out)
{
	text_add(out, source->text, span.at);
	text_string(out, word);
	text_add(out, source->text + span.at + span.length, source->length - span.at - span.length);
}

static size_t columns(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}

/* Not in the middle of a code point; what is no UTF-8 may be cut anywhere. */
static uint32_t whole(const struct filter_source *source, uint32_t at)
{
	for (unsigned i = 0; i < 3 && at > 0 && at < source->length; i++)
		at -= ((unsigned char)source->text[at] & 0xc0) == 0x80;
	return at;
}

/* The part of the expression around the span, and the mark below it. */
static void excerpt(const struct filter_source *source, struct filter_span span, struct text *out)
{
	uint32_t marked = span.length < MARKED ? span.length : MARKED, from = 0, to = source->length, end;
	uint32_t before = (SHOWN - marked) / 2;
	size_t start, left, width;

	if (to > SHOWN) {
		from = span.at > before ? span.at - before : 0;
		from = from < to - SHOWN ? from : to - SHOWN;
		to = whole(source, from + SHOWN);
		from = whole(source, from);
	}
	end = span.at + marked < to ? span.at + marked : to;
	text_string(out, from ? "\n  ..." : "\n  ");
	start = out->length - (from ? 3 : 0);
	filter_span_text(source, (struct filter_span){ from, span.at - from }, out);
	left = columns(out->data + start, out->length - start);
	width = out->length;
	filter_span_text(source, (struct filter_span){ span.at, end - span.at }, out);
	width = columns(out->data + width, out->length - width);
	filter_span_text(source, (struct filter_span){ end, to - end }, out);
	text_string(out, to < source->length ? "...\n  " : "\n  ");
	text_fill(out, ' ', left);
	text_char(out, '^');
	text_fill(out, '~', width > 1 ? width - 1 : 0);
}

static int fail(const struct filter_source *source, struct filter_span span, const char *form, const struct text *said)
{
	struct text out = { 0 };
	size_t room = sizeof source->err->text - 1, sentence;

	text_add(&out, said->data, said->length);
	/* The sentence gives way to the place. */
	if (out.length > room / 2)
		out.length = room / 2;
	sentence = out.length;
	excerpt(source, span, &out);
	if (form && out.length + strlen(form) + 3 <= room) {
		text_string(&out, "\n  ");
		text_visible(&out, form, strlen(form));
	}
	if (out.length > room)
		out.length = sentence; /* full of what must be escaped */
	error_set(source->err, "%.*s", (int)out.length, out.data);
	text_release(&out);
	return -1;
}

static void say(struct text *out, const char *format, va_list args)
{
	char line[sizeof((struct error *)0)->text];

	vsnprintf(line, sizeof line, format, args);
	text_visible(out, line, strlen(line));
}

int filter_fail(const struct filter_source *source, struct filter_span span, const char *form, const char *format, ...)
{
	struct text said = { 0 };
	va_list args;

	va_start(args, format);
	say(&said, format, args);
	va_end(args);
	fail(source, span, form, &said);
	text_release(&said);
	return -1;
}

int filter_refuse(const char *expression, size_t at, size_t length, const char *sentence, struct error *err)
{
	const struct filter_source source = { expression, (uint32_t)strlen(expression), NULL, err };

	return filter_fail(&source, (struct filter_span){ (uint32_t)at, (uint32_t)length }, NULL, "%s", sentence);
}

/* ------------------------------------------------------------------------------------------------ capture filters */

/* Words of pcap-filter(7) that no display filter has. */
static const char *const capture_words[] = {
	"port",     "host",    "net",       "portrange", "src",     "dst",      "ether",    "gateway",
	"less",     "greater", "broadcast", "multicast", "proto",   "inbound",  "outbound", "tcpflags",
	"icmptype", "tcp-syn", "tcp-ack",   "tcp-fin",   "tcp-rst", "tcp-push", NULL,
};

static bool is_word_octet(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("_.:-/", c));
}

/* The next word of the expression from *at, outside quotes; its length, 0 at the end. */
static uint32_t next_word(const struct filter_source *source, uint32_t *at)
{
	uint32_t i = *at, end;

	while (i < source->length && !is_word_octet(source->text[i]))
		if (source->text[i++] == '"')
			while (i < source->length && source->text[i++] != '"')
				;
	for (end = i; end < source->length && is_word_octet(source->text[end]); end++)
		;
	*at = i;
	return end - i;
}

static bool word_is(const struct filter_source *source, uint32_t at, uint32_t length, const char *word)
{
	return strlen(word) == length && !memcmp(source->text + at, word, length);
}

static bool is_capture_word(const struct filter_source *source, uint32_t at, uint32_t length)
{
	for (unsigned i = 0; capture_words[i]; i++)
		if (word_is(source, at, length, capture_words[i]))
			return true;
	return false;
}

/* The nearest octet that is no blank, from `at` on in steps of `step`; NUL at the ends. */
static char neighbour(const struct filter_source *source, int64_t at, int step)
{
	while (at >= 0 && at < source->length && source->text[at] == ' ')
		at += step;
	return at >= 0 && at < source->length ? source->text[at] : '\0';
}

static bool is_one_of(char c, const char *signs)
{
	return c && strchr(signs, c);
}

/* A display filter compares; a word of a capture filter has other words beside it, or nothing. */
static bool is_capture_filter(const struct filter_source *source, struct filter_span *word)
{
	uint32_t at = 0, length;

	for (; (length = next_word(source, &at)); at += length)
		if (is_capture_word(source, at, length) &&
		    !is_one_of(neighbour(source, (int64_t)at - 1, -1), "=<>!~{,") &&
		    !is_one_of(neighbour(source, (int64_t)at + length, 1), "=<>!~[")) {
			*word = (struct filter_span){ at, length };
			return true;
		}
	return false;
}

/* The display filter that says what "port N", "udp port N", "host A" says. */
static void translated(const struct filter_source *source, struct text *out)
{
	struct filter_span words[4] = { 0 };
	uint32_t at = 0, count = 0, length;
	const char *kind = NULL;

	while (count < 4 && (length = next_word(source, &at))) {
		words[count++] = (struct filter_span){ at, length };
		at += length;
	}
	if (count == 3 && word_is(source, words[0].at, words[0].length, "udp"))
		kind = "udp";
	else if (count == 3 && word_is(source, words[0].at, words[0].length, "tcp"))
		kind = "tcp";
	else if (count != 2)
		return;
	at = words[count - 1].at;
	length = words[count - 1].length;
	if (word_is(source, words[count - 2].at, words[count - 2].length, "port")) {
		if (kind)
			text_format(out, "%s.port == %.*s", kind, (int)length, source->text + at);
		else
			text_format(out, "udp.port == %.*s or tcp.port == %.*s", (int)length, source->text + at,
				    (int)length, source->text + at);
	} else if (!kind && word_is(source, words[0].at, words[0].length, "host")) {
		text_format(out, "%s == %.*s", memchr(source->text + at, ':', length) ? "ipv6.addr" : "ip.addr",
			    (int)length, source->text + at);
	}
}

int filter_fail_syntax(const struct filter_source *source, struct filter_span span, const char *form,
		       const char *format, ...)
{
	struct text said = { 0 }, other = { 0 };
	va_list args;

	if (source->names->captured && is_capture_filter(source, &span)) {
		text_string(&said, "this is a capture filter, and here a display filter is meant; give it with -f");
		translated(source, &other);
		if (other.length)
			text_string(&said, ", or write it as below");
		text_char(&other, '\0');
		form = other.length > 1 ? other.data : NULL;
	} else {
		va_start(args, format);
		say(&said, format, args);
		va_end(args);
	}
	fail(source, span, form, &said);
	text_release(&said);
	text_release(&other);
	return -1;
}
