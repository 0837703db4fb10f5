/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every golden capture, cut at every octet: what is whole is read and shown, and then there is the end exactly where a
 * record ends, or else one error that names the place.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "captures.h"
#include "io/source.h"
#include "render/render.h"

struct reading {
	bool opened;
	enum source_answer end;
	uint64_t frames;
	struct error err;
};

/* What shows the packets: the same for every cut. */
struct show {
	struct protocols *protocols;
	struct packet *packet;
	const struct renderer *renderer;
	struct render_options options;
	void *state;
	struct text out;
};

static void show_start(struct show *show)
{
	*show = (struct show){
		.protocols = protocols_new(),
		.packet = mem_new(1, sizeof *show->packet),
		.renderer = renderer_find("json"),
		.options = { .time_digits = 9, .numeric = true },
	};
	protocols_want_all(show->protocols);
	show->state = mem_new(1, show->renderer->state_size);
	if (show->renderer->start)
		show->renderer->start(show->state, &show->options, &show->out);
}

static void show_end(struct show *show)
{
	struct render_totals totals = { 0 };

	if (show->renderer->finish)
		show->renderer->finish(show->state, &show->options, &totals, &show->out);
	protocols_free(show->protocols);
	free(show->packet);
	free(show->state);
	text_release(&show->out);
}

static void read_all(struct source *source, struct show *show, struct reading *reading)
{
	struct frame frame;

	do {
		reading->end = source_next(source, &frame, &reading->err);
		if (reading->end != SOURCE_FRAME)
			continue;
		dissect(show->protocols, &frame, show->packet);
		show->renderer->packet(show->state, &show->options, show->packet, &show->out);
		text_clear(&show->out);
		reading->frames++;
	} while (reading->end == SOURCE_FRAME || reading->end == SOURCE_BLOCK);
}

/* The octets stand in a block of their own size, so that a sanitizer sees a read behind them. */
static struct reading read_cut(const struct capture *capture, size_t length, struct show *show)
{
	struct reading reading = { .end = SOURCE_ERROR };
	uint8_t *copy = malloc(length ? length : 1);
	struct source *source;

	if (!copy)
		abort();
	memcpy(copy, capture->data, length);
	source = source_memory_open(copy, length, &reading.err);
	if (source) {
		reading.opened = true;
		read_all(source, show, &reading);
		source_close(source);
	}
	free(copy);
	return reading;
}

/* ------------------------------------------------------------------------------------------------ borders */

static uint32_t load32(const uint8_t *at, bool big)
{
	return big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
		   : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static void pcap_borders(const struct capture *capture, bool *border)
{
	uint32_t magic = load32(capture->data, true);
	bool big = magic >> 16 == 0xa1b2;
	size_t header = (big ? magic : load32(capture->data, false)) == 0xa1b2cd34 ? 24 : 16, at = 24;

	for (; at <= capture->length; at += header + load32(capture->data + at + 8, big)) {
		border[at] = true;
		if (capture->length - at < header)
			return;
	}
}

static void pcapng_borders(const struct capture *capture, bool *border)
{
	bool big = false;
	uint32_t length;

	for (size_t at = 0; capture->length - at >= 12; at += length) {
		if (load32(capture->data + at, false) == 0x0a0d0d0a)
			big = load32(capture->data + at + 8, true) == 0x1a2b3c4d;
		length = load32(capture->data + at + 4, big);
		if (length < 12 || length > capture->length - at)
			return;
		border[at + length] = true;
	}
}

/* ------------------------------------------------------------------------------------------------ the check */

static int wrong(const struct capture *capture, size_t length, const char *what, const struct reading *reading)
{
	printf("# %s cut to %zu octets: %s (%s, %llu packets; %s)\n", capture->name, length, what,
	       reading->end == SOURCE_END ? "end" : "error", (unsigned long long)reading->frames,
	       reading->err.text[0] ? reading->err.text : "no message");
	return -1;
}

static bool names_place(const char *text)
{
	const char *octet = strstr(text, "octet ");

	return octet && isdigit((unsigned char)octet[6]);
}

static int check_cut(const struct capture *capture, size_t length, bool border, const struct reading *reading,
		     const struct reading *whole, uint64_t frames_before)
{
	if (reading->end != SOURCE_END && reading->end != SOURCE_ERROR)
		return wrong(capture, length, "neither an end nor an error", reading);
	if (reading->frames < frames_before)
		return wrong(capture, length, "fewer packets than in a shorter cut", reading);
	if (reading->frames > whole->frames)
		return wrong(capture, length, "more packets than in the whole file", reading);
	if (reading->end == SOURCE_END && !border)
		return wrong(capture, length, "an end inside a record", reading);
	if (reading->end == SOURCE_ERROR && border && (whole->end == SOURCE_END || reading->frames < whole->frames))
		return wrong(capture, length, "an error where a record ends", reading);
	if (reading->end == SOURCE_ERROR && !reading->err.text[0])
		return wrong(capture, length, "an error without a message", reading);
	if (reading->end == SOURCE_ERROR && reading->opened && !names_place(reading->err.text))
		return wrong(capture, length, "an error that names no place", reading);
	return 0;
}

static int check(const struct capture *capture)
{
	bool *border = mem_new(capture->length + 1, sizeof *border);
	struct show show;
	struct reading whole;
	uint64_t frames = 0;
	int status = 0;

	show_start(&show);
	if (capture->length >= 24 && load32(capture->data, false) == 0x0a0d0d0a)
		pcapng_borders(capture, border);
	else if (capture->length >= 24)
		pcap_borders(capture, border);
	whole = read_cut(capture, capture->length, &show);
	for (size_t length = 0; length <= capture->length && !status; length++) {
		struct reading reading = read_cut(capture, length, &show);

		status = check_cut(capture, length, border[length], &reading, &whole, frames);
		frames = reading.frames;
	}
	show_end(&show);
	free(border);
	return status;
}

int main(int argc, char **argv)
{
	return captures_test(argc, argv, check);
}
