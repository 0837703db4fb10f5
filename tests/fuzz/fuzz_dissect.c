/* SPDX-License-Identifier: BSD-2-Clause */
/* Any octets as a frame of any link type: dissected with every field wanted, and with few, and rendered every way. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dissect_input.h"
#include "packet/dissector.h"
#include "render/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Columns for -T fields: of each kind of value, and one that stands for two. */
static const char *const columns[] = {
	"frame.number", "frame.protocols", "eth.addr",	"ip.addr",   "udp.port",
	"tcp.flags",	"tcp.payload",	   "date.time", "chat.text",
};
#define COLUMNS (sizeof columns / sizeof *columns)

static struct frame frame_of(const uint8_t *head, const uint8_t *data, uint32_t length)
{
	uint32_t beyond = (uint32_t)head[2] << 8 | head[3], flags = 0;

	flags |= head[1] & INPUT_NOT_READY ? FRAME_CHECKSUM_NOT_READY : 0;
	flags |= head[1] & INPUT_VALID ? FRAME_CHECKSUM_VALID : 0;
	flags |= head[1] & INPUT_SEGMENTED ? FRAME_TCP_SEGMENTATION : 0;
	return (struct frame){
		.number = 1,
		.time = INT64_C(1769860800000000000),
		.first_time = INT64_C(1769860800000000000),
		.data = data,
		.cap_length = length,
		.wire_length = length + beyond,
		.link = input_links[head[0] % INPUT_LINKS],
		.has_time = !(head[1] & INPUT_NO_TIME),
		.has_flags = head[1] & INPUT_HAS_FLAGS,
		.flags = flags,
	};
}

static void render(const struct renderer *renderer, const struct render_options *options, const struct packet *packet)
{
	struct render_totals totals = { .packets = 1, .shown = 1 };
	void *state = mem_new(1, renderer->state_size ? renderer->state_size : 1);
	struct text out = { 0 };

	if (renderer->start)
		renderer->start(state, options, &out);
	renderer->packet(state, options, packet, &out);
	if (renderer->finish)
		renderer->finish(state, options, &totals, &out);
	text_release(&out);
	free(state);
}

static void check_layers(const struct packet *packet)
{
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		if (layer->first_field + layer->field_count > packet->field_count)
			abort();
		if ((uint64_t)layer->offset + layer->length > packet->frame->cap_length)
			abort();
	}
}

static void show(const struct protocols *protocols, const struct frame *frame, struct packet *packet)
{
	const struct field_def *defs[COLUMNS];
	struct render_options options = {
		.numeric = true, .color = true, .time = TIME_UTC_DATE, .time_digits = 9, .hex = true, .hex_ascii = true,
		.fields = defs, .separator = '\t', .quote = '"', .aggregator = ',', .occurrence = 'a',
	};
	const struct dissector *owner;

	for (unsigned i = 0; i < COLUMNS; i++) {
		defs[options.field_count] = protocols_field(columns[i], &owner);
		options.field_count += defs[options.field_count] != NULL;
	}
	dissect(protocols, frame, packet);
	check_layers(packet);
	for (unsigned i = 0; renderer_list[i]; i++)
		render(renderer_list[i], &options, packet);
}

/* Made once: the tables are large, and the fuzzer calls often. */
static const struct protocols *wanting(const struct protocols **slot, void (*want)(struct protocols *protocols))
{
	if (!*slot) {
		struct protocols *protocols = protocols_new();

		want(protocols);
		*slot = protocols;
	}
	return *slot;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct protocols *all, *brief;
	struct packet *packet;
	struct frame frame;
	uint8_t *copy;

	if (size < INPUT_HEAD || size > 1 << 18)
		return 0;
	copy = malloc(size > INPUT_HEAD ? size - INPUT_HEAD : 1);
	packet = malloc(sizeof *packet);
	if (!copy || !packet)
		abort();
	memcpy(copy, data + INPUT_HEAD, size - INPUT_HEAD);
	frame = frame_of(data, copy, (uint32_t)(size - INPUT_HEAD));
	show(wanting(&all, protocols_want_all), &frame, packet);
	show(wanting(&brief, protocols_want_brief), &frame, packet);
	free(packet);
	free(copy);
	return 0;
}
