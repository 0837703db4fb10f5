/* SPDX-License-Identifier: BSD-2-Clause */
/* One line a packet, in columns. */
#include "packet/dissector.h"
#include "render/about.h"
#include "render/color.h"
#include "render/endpoint.h"
#include "render/names.h"
#include "render/renderers.h"
#include "render/time.h"
#include "render/verdicts.h"

#define PROTOCOL_SLOTS 64 /* a power of two */
#define ENDPOINT_LEAST 21 /* 255.255.255.255:65535 */
#define ENDPOINT_MOST 47  /* [39 octets of IPv6]:65535 */
#define BLANKS 48         /* more than any column is padded with */

/* What the line says of a protocol. */
struct protocol_cell {
	const struct dissector *dissector;
	const char *color;
	uint8_t length;
	char title[24];
};

/* Columns grow with what is in them. */
struct widths {
	unsigned source, destination, protocol, seconds, interface;
};

struct line {
	struct widths widths;
	struct time_cache time;
	const struct dissector *data;
	struct names *names; /* NULL: numeric */
	struct protocol_cell protocols[PROTOCOL_SLOTS];
	struct endpoint_cache endpoints;
};

static void line_start(void *state, const struct render_options *options, struct text *out)
{
	struct line *line = state;

	(void)out;
	line->widths.source = line->widths.destination = ENDPOINT_LEAST;
	line->widths.protocol = 6;
	line->widths.seconds = options->time_digits + 5;
	line->data = protocols_find("data");
	if (!options->numeric)
		line->names = names_new();
}

/* ------------------------------------------------------------------------------------------------ columns */

/* Up to BLANKS spaces; as many octets as that may be touched. */
static inline char *put_blanks(char *at, unsigned count)
{
	memset(at, ' ', 16);
	if (count > 16)
		memset(at + 16, ' ', BLANKS - 16);
	return at + count;
}

static inline char *put_right(char *at, uint64_t value, unsigned width)
{
	char digits[20];
	unsigned length = (unsigned)(put_uint(digits, value) - digits);

	at = put_blanks(at, length < width ? width - length : 0);
	memcpy(at, digits, sizeof digits);
	return at + length;
}

static char *put_time(struct line *line, const struct render_options *options, const struct frame *frame, char *at)
{
	unsigned fixed = time_width(options), length;
	char text[TIME_ROOM];

	if (__builtin_expect(fixed && frame->has_time, 1))
		return time_column(&line->time, options, frame, at);
	length = (unsigned)(time_column(&line->time, options, frame, text) - text);
	if (!fixed && length > line->widths.seconds)
		line->widths.seconds = length;
	if (!fixed)
		fixed = line->widths.seconds;
	at = put_blanks(at, fixed > length ? fixed - length : 0);
	memcpy(at, text, sizeof text);
	return at + length;
}

static inline char *put_endpoint(char *at, const struct endpoint *endpoint, unsigned *width)
{
	unsigned length = endpoint->length;

	if (__builtin_expect(length > *width, 0))
		*width = length < ENDPOINT_MOST ? length : ENDPOINT_MOST;
	memcpy(at, endpoint->text, 32);
	if (length > 32)
		memcpy(at + 32, endpoint->text + 32, sizeof endpoint->text - 32);
	return put_blanks(at + length, length < *width ? *width - length : 0);
}

static void put_interface(struct line *line, const struct frame *frame, struct text *out)
{
	size_t start = out->length;

	if (frame->interface && frame->interface->name)
		text_escaped(out, frame->interface->name, strlen(frame->interface->name));
	else
		text_char(out, '-');
	if (out->length - start > line->widths.interface)
		line->widths.interface = out->length - start < 16 ? (unsigned)(out->length - start) : 16;
	text_pad(out, start, line->widths.interface);
	text_char(out, ' ');
}

static const struct protocol_cell *cell_of(struct line *line, const struct dissector *dissector)
{
	struct protocol_cell *cell = &line->protocols[((uintptr_t)dissector / 8 * 0x9e3779b9u >> 16) % PROTOCOL_SLOTS];
	size_t length;

	if (__builtin_expect(cell->dissector == dissector, 1))
		return cell;
	length = strlen(dissector->title);
	if (length > sizeof cell->title)
		length = sizeof cell->title;
	cell->dissector = dissector;
	cell->color = color_of(dissector->name);
	cell->length = (uint8_t)length;
	memcpy(cell->title, dissector->title, length);
	return cell;
}

static inline char *put_protocol(struct line *line, const struct protocol_cell *cell, char *at)
{
	unsigned length = cell->length;

	if (__builtin_expect(length > line->widths.protocol, 0))
		line->widths.protocol = length;
	memcpy(at, cell->title, sizeof cell->title);
	return put_blanks(at + length, line->widths.protocol - length);
}

/* ------------------------------------------------------------------------------------------------ the line */

/* With nothing to say, the space before it goes too. */
static void add_summary(const struct packet *packet, unsigned layer, struct text *out)
{
	size_t start = out->length;

	about_words(packet, layer, out);
	if (out->length == start)
		out->length--;
}

static void add_owners(const struct frame *frame, struct text *out)
{
	size_t start = out->length;

	text_string(out, " [");
	summary_owners(frame, out);
	if (out->length == start + 2)
		out->length = start;
	else
		text_char(out, ']');
}

static void line_packet(void *state, const struct render_options *options, const struct packet *packet,
			struct text *out)
{
	struct line *line = state;
	const struct frame *frame = packet->frame;
	unsigned layer = about_layer(packet, line->data);
	const struct protocol_cell *cell = cell_of(line, packet->layers[layer].dissector);
	char *at = put_right(text_room(out, 1024), frame->number, 5);

	*at++ = ' ';
	at = put_time(line, options, frame, at);
	*at++ = ' ';
	if (options->interfaces) {
		text_wrote(out, at);
		put_interface(line, frame, out);
		at = text_room(out, 1024);
	}
	at = put_endpoint(at, endpoint_of(&line->endpoints, line->names, packet, false), &line->widths.source);
	memcpy(at, " > ", 3);
	at = put_endpoint(at + 3, endpoint_of(&line->endpoints, line->names, packet, true), &line->widths.destination);
	*at++ = ' ';
	text_wrote(out, at);
	if (options->color)
		text_string(out, cell->color);
	at = put_protocol(line, cell, text_room(out, 256));
	*at++ = ' ';
	at = put_right(at, frame->wire_length, 5);
	*at++ = ' ';
	text_wrote(out, at);
	add_summary(packet, layer, out);
	if (options->color && *cell->color)
		text_string(out, COLOR_RESET);
	verdicts_add(out, packet, options->color);
	if (__builtin_expect(frame_has_owners(frame), 0))
		add_owners(frame, out);
	text_char(out, '\n');
	if (options->hex || options->hex_ascii)
		render_hex(out, frame->data, frame->cap_length, options->hex_ascii);
}

static void line_finish(void *state, const struct render_options *options, const struct render_totals *totals,
			struct text *out)
{
	struct line *line = state;

	(void)options;
	(void)totals;
	(void)out;
	names_free(line->names);
	line->names = NULL;
}

const struct renderer line_renderer = {
	.name = "line",
	.help = "one line a packet, in columns",
	.brief = true,
	.state_size = sizeof(struct line),
	.carried = sizeof(struct widths),
	.start = line_start,
	.packet = line_packet,
	.finish = line_finish,
};
