/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sweep FILE...: dissects every frame of the captures whole and cut at every length, from memory of exactly that size
 * (for AddressSanitizer), and checks what must hold for any octets. Exit status 0: it held; 1: it did not;
 * 2: no capture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/source.h"
#include "packet/dissect.h"
#include "packet/dissector.h"

struct sweep {
	struct protocols *all;
	struct protocols *brief;
	struct packet *packet;       /* with all fields, of the octets at hand */
	struct packet *short_packet; /* with the brief ones */
	struct text summary;
	struct text short_summary;
	const char *file;
	uint64_t frames;
	uint64_t cuts;
	uint64_t faults;
};

static void fault(struct sweep *sweep, const struct frame *frame, const char *what, const char *where)
{
	sweep->faults++;
	if (sweep->faults <= 50)
		printf("%s frame %llu at length %u: %s: %s\n", sweep->file, (unsigned long long)frame->number,
		       frame->cap_length, where, what);
}

static bool is_span(const struct field_def *def)
{
	return def->type == FIELD_MAC || def->type == FIELD_IPV6 || def->type == FIELD_BYTES ||
	       def->type == FIELD_STRING;
}

/* Touches every octet, so that the sanitizer sees a span that is not ours. */
static unsigned sum_of(const uint8_t *bytes, uint32_t length)
{
	volatile unsigned sum = 0;

	for (uint32_t i = 0; i < length; i++)
		sum += bytes[i];
	return sum;
}

static const char *field_fault(const struct frame *frame, const struct layer *layer, const struct field *field)
{
	const struct dissector *d = layer->dissector;
	bool outside = is_span(field->def) && field->def->flags & FIELD_GENERATED;

	if (field->def < d->fields || field->def >= d->fields + d->field_count)
		return "a field of another protocol's table";
	if (!outside && (field->offset > frame->cap_length || frame->cap_length - field->offset < field->length))
		return "a field beyond what is captured";
	if (is_span(field->def) && !outside && field->value.bytes != frame->data + field->offset)
		return "a field whose octets are not where its offset says";
	if (is_span(field->def))
		sum_of(field->value.bytes, field->length);
	return NULL;
}

static const char *layer_fault(const struct packet *packet, const struct layer *layer, unsigned first)
{
	const struct frame *frame = packet->frame;

	if (layer->first_field != first || layer->first_field + layer->field_count > packet->field_count)
		return "a slice of fields that does not follow the one before";
	if (layer->offset > frame->cap_length || frame->cap_length - layer->offset < layer->length)
		return "a layer beyond what is captured";
	if (layer->state != LAYER_OK && !layer->problem)
		return "a verdict without a reason";
	for (unsigned i = 0; i < layer->field_count; i++) {
		const char *what = field_fault(frame, layer, &packet->fields[first + i]);

		if (what)
			return what;
	}
	return NULL;
}

static void check_packet(struct sweep *sweep, const struct packet *packet)
{
	unsigned first = 0;

	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];
		const char *what = layer_fault(packet, layer, first);

		if (what)
			fault(sweep, packet->frame, what, layer->dissector->name);
		first += layer->field_count;
	}
	if (first != packet->field_count)
		fault(sweep, packet->frame, "fields outside any layer", "packet");
	if (packet->main_layer >= packet->layer_count)
		fault(sweep, packet->frame, "a main layer that is not there", "packet");
	for (unsigned role = 1; role < FIELD_ROLES; role++) {
		const struct field *field = packet_role(packet, (enum field_role)role);

		if (field && (field >= packet->fields + packet->field_count || field->def->role != role))
			fault(sweep, packet->frame, "a role played by the wrong field", "packet");
	}
}

static bool same_field(const struct field *a, const struct field *b)
{
	return a->def == b->def && a->offset == b->offset && a->length == b->length && a->value.uint == b->value.uint;
}

/* Brief fields are a subset, in order, of all fields; and they are enough for the summary. */
static const char *brief_fault(struct sweep *sweep, unsigned index)
{
	const struct layer *full = &sweep->packet->layers[index], *brief = &sweep->short_packet->layers[index];
	const struct field *field = &sweep->packet->fields[full->first_field];
	const struct field *wanted = &sweep->short_packet->fields[brief->first_field];
	unsigned left = full->field_count, found = 0;

	if (full->dissector != brief->dissector || full->state != brief->state || full->offset != brief->offset ||
	    full->length != brief->length)
		return "another layer when only brief fields are wanted";
	for (; left && found < brief->field_count; left--, field++)
		found += same_field(field, &wanted[found]);
	if (found < brief->field_count)
		return "a brief field that is not among all fields";
	if (!full->dissector->summary)
		return NULL;
	text_clear(&sweep->summary);
	text_clear(&sweep->short_summary);
	full->dissector->summary(sweep->packet, full, &sweep->summary);
	brief->dissector->summary(sweep->short_packet, brief, &sweep->short_summary);
	if (sweep->summary.length != sweep->short_summary.length ||
	    (sweep->summary.length && memcmp(sweep->summary.data, sweep->short_summary.data, sweep->summary.length)))
		return "another summary when only brief fields are wanted";
	return NULL;
}

static void check_brief(struct sweep *sweep, const struct frame *frame)
{
	const char *what;

	if (sweep->packet->field_count == PACKET_MAX_FIELDS)
		return;
	if (sweep->packet->layer_count != sweep->short_packet->layer_count) {
		fault(sweep, frame, "other layers when only brief fields are wanted", "packet");
		return;
	}
	for (unsigned i = 0; i < sweep->packet->layer_count; i++) {
		what = brief_fault(sweep, i);
		if (what)
			fault(sweep, frame, what, sweep->packet->layers[i].dissector->name);
	}
}

static bool has_state(const struct packet *packet, enum layer_state state)
{
	for (unsigned i = 0; i < packet->layer_count; i++)
		if (packet->layers[i].state == state)
			return true;
	return false;
}

/* Dissects the first `length` octets of the frame from a block of that size. */
static void one_length(struct sweep *sweep, const struct frame *frame, uint32_t length)
{
	struct frame cut = *frame;
	uint8_t *copy = malloc(length ? length : 1);

	if (!copy)
		exit(2);
	memcpy(copy, frame->data, length);
	cut.data = length ? copy : copy + 1;
	cut.cap_length = length;
	dissect(sweep->all, &cut, sweep->packet);
	dissect(sweep->brief, &cut, sweep->short_packet);
	check_packet(sweep, sweep->packet);
	check_packet(sweep, sweep->short_packet);
	check_brief(sweep, &cut);
	sweep->cuts++;
	free(copy);
}

/* A packet that is right when whole is never malformed when cut, and always known to be cut. */
static void one_frame(struct sweep *sweep, const struct frame *frame)
{
	struct frame cut = *frame;
	bool malformed, whole;

	one_length(sweep, frame, frame->cap_length);
	malformed = has_state(sweep->packet, LAYER_MALFORMED);
	whole = frame->cap_length == frame->wire_length && !has_state(sweep->packet, LAYER_CUT);
	for (uint32_t length = 0; length < frame->cap_length; length++) {
		one_length(sweep, frame, length);
		cut.cap_length = length;
		if (!malformed && has_state(sweep->packet, LAYER_MALFORMED))
			fault(sweep, &cut, "malformed only because it is cut", "packet");
		if (!malformed && whole && !has_state(sweep->packet, LAYER_CUT))
			fault(sweep, &cut, "cut, and no layer says so", "packet");
	}
	sweep->frames++;
}

static int one_file(struct sweep *sweep, const char *path)
{
	const struct source_file_options options = { .follow = false };
	struct error err;
	struct source *source = source_file_open(path, &options, &err);
	enum source_answer answer;
	struct frame frame;

	if (!source) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	sweep->file = path;
	while ((answer = source_next(source, &frame, &err)) > 0)
		if (answer == SOURCE_FRAME)
			one_frame(sweep, &frame);
	source_close(source);
	return 0;
}

int main(int argc, char **argv)
{
	struct sweep sweep = {
		.all = protocols_new(),
		.brief = protocols_new(),
		.packet = mem_new(1, sizeof *sweep.packet),
		.short_packet = mem_new(1, sizeof *sweep.short_packet),
	};
	int status = argc < 2 ? 2 : 0;

	protocols_want_all(sweep.all);
	protocols_want_brief(sweep.brief);
	for (int i = 1; i < argc; i++)
		if (one_file(&sweep, argv[i]) < 0)
			status = 2;
	printf("%d files, %llu frames, %llu lengths, %llu faults\n", argc - 1, (unsigned long long)sweep.frames,
	       (unsigned long long)sweep.cuts, (unsigned long long)sweep.faults);
	text_release(&sweep.summary);
	text_release(&sweep.short_summary);
	free(sweep.packet);
	free(sweep.short_packet);
	protocols_free(sweep.all);
	protocols_free(sweep.brief);
	return sweep.faults ? 1 : status;
}
