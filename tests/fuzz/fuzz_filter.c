/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as a display filter over any frame: an expression up to the first NUL, then a link type, then the frame.
 * What is refused is refused with a text fit for a terminal; what is a filter gives one answer, and its negation the
 * other.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dissect_input.h"
#include "packet/filter.h"

#define LONGEST 4096 /* octets of an expression: longer ones are refused by their length or say nothing new */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n')
			abort();
}

static bool answer(struct filter *filter, const struct frame *frame, struct packet *packet)
{
	struct protocols *protocols = protocols_new();
	bool passes;

	filter_want(filter, protocols);
	dissect(protocols, frame, packet);
	passes = filter_run(filter, packet);
	if (filter_run(filter, packet) != passes)
		abort();
	protocols_free(protocols);
	return passes;
}

static void explain(const struct filter *filter)
{
	struct text out = { 0 };

	filter_explain(filter, &out);
	check_printable(out.data, out.length);
	text_release(&out);
}

/* NULL when it is none. */
static struct filter *compiled(const char *expression)
{
	struct error err = { "" };
	struct filter *filter = filter_compile(expression, &err);

	if (!filter && !*err.text)
		abort();
	check_printable(err.text, strlen(err.text));
	return filter;
}

static void check_negation(const char *expression, bool passes, const struct frame *frame, struct packet *packet)
{
	struct text negated = { 0 };
	struct filter *filter;

	if (expression[strspn(expression, " \t\r\n")] == '\0')
		return;
	text_format(&negated, "not (%s)", expression);
	text_char(&negated, '\0');
	filter = compiled(negated.data);
	/* It may be too deep or too large by now. */
	if (filter && answer(filter, frame, packet) == passes)
		abort();
	filter_free(filter);
	text_release(&negated);
}

static void run(const char *expression, const struct frame *frame)
{
	struct filter *filter = compiled(expression);
	struct packet *packet;

	if (!filter)
		return;
	packet = mem_new(1, sizeof *packet);
	explain(filter);
	check_negation(expression, answer(filter, frame, packet), frame, packet);
	filter_free(filter);
	free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\0', size);
	size_t length = end ? (size_t)(end - data) : size, rest = end ? size - length - 1 : 0;
	struct frame frame = { .number = 1, .has_time = true };
	char *expression, *octets;

	if (length > LONGEST || rest > 1 << 16)
		return 0;
	expression = mem_copy_bytes(data, length);
	/* In an allocation of its own length, so that a sanitizer sees every step too far. */
	octets = malloc(rest > 1 ? rest - 1 : 1);
	if (!octets)
		abort();
	if (rest) {
		memcpy(octets, end + 2, rest - 1);
		frame.link = input_links[end[1] % INPUT_LINKS];
		frame.data = (const uint8_t *)octets;
		frame.cap_length = frame.wire_length = (uint32_t)(rest - 1);
	} else {
		frame.data = (const uint8_t *)octets;
		frame.link = 1;
	}
	run(expression, &frame);
	free(octets);
	free(expression);
	return 0;
}
