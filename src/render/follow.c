/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The forms of a conversation. In text and hex the first octet of each line is the mark of who speaks; the second says
 * what the line is: a blank for what was said, + where a message goes on, [ for a remark, which nobody can forge.
 */
#include "render/follow.h"

#include "render/color.h"

struct follow_form {
	const char *name;
	bool raw;
	void (*begin)(struct follow_view *view, struct text *out);
	void (*add)(struct follow_view *view, const struct follow_piece *piece, struct text *out);
	void (*end)(struct follow_view *view, const struct follow_totals totals[FOLLOW_SIDES], struct text *out);
};

static const struct {
	const char *name, *color;
	char mark;
} sides[FOLLOW_SIDES] = { { "client", COLOR_CLIENT, '>' }, { "server", COLOR_SERVER, '<' } };

/* ------------------------------------------------------------------------------------------------ lines */

static void put_time(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	const struct frame frame = {
		.has_time = piece->has_time,
		.time = piece->time,
		.first_time = view->first_time,
		.previous_time = view->previous_time,
		.displayed_time = view->previous_time,
	};

	text_wrote(out, time_column(&view->cache, &view->look, &frame, text_room(out, TIME_ROOM)));
	text_char(out, ' ');
}

/* kind: the second octet of the line. */
static void begin_line(struct follow_view *view, const struct follow_piece *piece, char kind, struct text *out)
{
	if (view->times)
		put_time(view, piece, out);
	if (view->look.color)
		text_string(out, kind == '[' ? COLOR_BAD : sides[piece->side].color);
	text_char(out, sides[piece->side].mark);
	text_char(out, kind);
	view->line = true;
	view->side = piece->side;
}

static void end_line(struct follow_view *view, struct text *out)
{
	if (!view->line)
		return;
	text_escaped(out, view->rest, view->rest_length);
	view->rest_length = 0;
	if (view->look.color)
		text_string(out, COLOR_RESET);
	text_char(out, '\n');
	view->line = false;
}

static void remark(struct follow_view *view, const struct follow_piece *piece, uint64_t octets, const char *what,
		   struct text *out)
{
	end_line(view, out);
	begin_line(view, piece, '[', out);
	text_format(out, "%llu byte%s%s]", (unsigned long long)octets, octets == 1 ? "" : "s", what);
	end_line(view, out);
}

static void end_of_line(const struct follow_heading *heading, enum follow_side side, struct text *out)
{
	if (heading->sure)
		text_format(out, ", the %s", sides[side].name);
	else if (side == FOLLOW_CLIENT)
		text_string(out, ", who spoke first");
	text_char(out, '\n');
}

static void lines_begin(struct follow_view *view, struct text *out)
{
	const struct follow_heading *heading = view->heading;

	text_format(out, "%s stream %u\n", heading->title, heading->number);
	for (enum follow_side side = 0; side < FOLLOW_SIDES; side++) {
		if (view->look.color)
			text_string(out, sides[side].color);
		text_format(out, "%c ", sides[side].mark);
		text_add(out, heading->ends[side].data, heading->ends[side].length);
		if (view->look.color)
			text_string(out, COLOR_RESET);
		end_of_line(heading, side, out);
	}
	text_char(out, '\n');
}

static void lines_end(struct follow_view *view, const struct follow_totals totals[FOLLOW_SIDES], struct text *out)
{
	view->times = false;
	end_line(view, out);
	for (enum follow_side side = 0; side < FOLLOW_SIDES; side++) {
		const struct follow_piece piece = { .side = side };
		const struct {
			uint64_t octets;
			const char *what;
		} remarks[] = {
			{ totals[side].conflicting, " came again with another content: the first one is shown" },
			{ totals[side].before, " from before the first packet: not shown" },
			{ totals[side].after_end, " behind the end of the stream: not shown" },
		};

		for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
			if (remarks[i].octets)
				remark(view, &piece, remarks[i].octets, remarks[i].what, out);
	}
}

/* ------------------------------------------------------------------------------------------------ text */

/* Octets at the end that are the beginning of a UTF-8 character. */
static unsigned cut_character(const uint8_t *data, uint32_t length)
{
	for (unsigned back = 1; back <= 3 && back <= length; back++) {
		uint8_t octet = data[length - back];

		if (octet >= 0xf0)
			return back < 4 && octet < 0xf5 ? back : 0;
		if (octet >= 0xe0)
			return back < 3 ? back : 0;
		if (octet >= 0xc2)
			return back < 2 ? back : 0;
		if (octet < 0x80)
			return 0;
	}
	return 0;
}

/* Writes what is whole of view->rest. */
static void escape_rest(struct follow_view *view, struct text *out)
{
	unsigned cut = cut_character(view->rest, view->rest_length);

	text_escaped(out, view->rest, view->rest_length - cut);
	memmove(view->rest, view->rest + view->rest_length - cut, cut);
	view->rest_length = cut;
}

/* What one piece says of a line; a character that it cuts waits for the next piece. */
static void add_escaped(struct follow_view *view, const uint8_t *data, uint32_t length, struct text *out)
{
	unsigned cut;

	while (view->rest_length && length) {
		view->rest[view->rest_length++] = *data++;
		length--;
		escape_rest(view, out);
	}
	if (!length)
		return;
	cut = cut_character(data, length);
	text_escaped(out, data, length - cut);
	memcpy(view->rest, data + length - cut, cut);
	view->rest_length = cut;
}

static void add_lines(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	const uint8_t *data = piece->data, *end = piece->data + piece->length;

	while (data < end) {
		const uint8_t *lf = memchr(data, '\n', (size_t)(end - data)), *stop = lf ? lf : end;

		if (!view->line)
			begin_line(view, piece, piece->message && data > piece->data ? '+' : ' ', out);
		add_escaped(view, data, (uint32_t)(stop - data), out);
		if (lf)
			end_line(view, out);
		data = lf ? lf + 1 : end;
	}
}

static void text_piece(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	if (piece->missing)
		remark(view, piece, piece->missing, " missing", out);
	if (view->line && (piece->message || view->side != piece->side) && (piece->length || piece->message))
		end_line(view, out);
	if (piece->message && !piece->length)
		remark(view, piece, 0, "", out);
	add_lines(view, piece, out);
	if (piece->message)
		end_line(view, out);
}

/* ------------------------------------------------------------------------------------------------ hex */

static void hex_piece(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	if (piece->missing)
		remark(view, piece, piece->missing, " missing", out);
	if (piece->message && !piece->length)
		remark(view, piece, 0, "", out);
	for (uint32_t at = 0; at < piece->length; at += RENDER_HEX_ROW) {
		uint32_t left = piece->length - at;

		begin_line(view, piece, at ? '+' : ' ', out);
		render_hex_row(out, piece->offset + at, 8, piece->data + at,
			       left < RENDER_HEX_ROW ? left : RENDER_HEX_ROW, true);
		end_line(view, out);
	}
}

/* ------------------------------------------------------------------------------------------------ raw, json */

static void nothing(struct follow_view *view, struct text *out)
{
	(void)view;
	(void)out;
}

static void no_totals(struct follow_view *view, const struct follow_totals totals[FOLLOW_SIDES], struct text *out)
{
	(void)view;
	(void)totals;
	(void)out;
}

static void raw_piece(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	(void)view;
	if (piece->length)
		text_add(out, piece->data, piece->length);
}

static void json_end_of(struct text *out, const char *key, const struct text *end)
{
	text_format(out, ",\"%s\":\"", key);
	text_json(out, end->data, end->length);
	text_char(out, '"');
}

static void json_frame(const struct follow_piece *piece, struct text *out)
{
	if (!piece->frame) {
		text_string(out, ",\"frame\":null,\"time\":null");
		return;
	}
	text_format(out, ",\"frame\":%llu,\"time\":", (unsigned long long)piece->frame);
	if (!piece->has_time) {
		text_string(out, "null");
		return;
	}
	text_char(out, '"');
	text_seconds(out, piece->time, 9);
	text_char(out, '"');
}

static void json_piece(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	const struct follow_heading *heading = view->heading;

	text_format(out, "{\"protocol\":\"%s\",\"stream\":%u,\"side\":\"%s\"", heading->protocol, heading->number,
		    sides[piece->side].name);
	json_end_of(out, "from", &heading->ends[piece->side]);
	json_end_of(out, "to", &heading->ends[!piece->side]);
	json_frame(piece, out);
	text_format(out, ",\"offset\":%llu,\"missing\":%llu,\"length\":%u,\"message\":%s,\"end\":%s,\"text\":\"",
		    (unsigned long long)piece->offset, (unsigned long long)piece->missing, piece->length,
		    piece->message ? "true" : "false", piece->end ? "true" : "false");
	text_json(out, piece->data, piece->length);
	text_string(out, "\",\"hex\":\"");
	text_hex_bytes(out, piece->data, piece->length);
	text_string(out, "\"}\n");
}

/* ------------------------------------------------------------------------------------------------ the forms */

static const struct follow_form forms[] = {
	{ "text", false, lines_begin, text_piece, lines_end },
	{ "hex", false, lines_begin, hex_piece, lines_end },
	{ "raw", true, nothing, raw_piece, no_totals },
	{ "json", false, nothing, json_piece, no_totals },
};

const struct follow_form *follow_form(const char *name)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (!strcmp(name, forms[i].name))
			return &forms[i];
	return NULL;
}

bool follow_form_is_raw(const struct follow_form *form)
{
	return form->raw;
}

void follow_begin(struct follow_view *view, struct text *out)
{
	view->form->begin(view, out);
}

void follow_add(struct follow_view *view, const struct follow_piece *piece, struct text *out)
{
	if (piece->has_time && !view->any_time)
		view->previous_time = piece->time;
	view->form->add(view, piece, out);
	if (piece->has_time)
		view->previous_time = piece->time;
	view->any_time |= piece->has_time;
}

void follow_end(struct follow_view *view, const struct follow_totals totals[FOLLOW_SIDES], struct text *out)
{
	view->form->end(view, totals, out);
}
