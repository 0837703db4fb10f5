/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Date servers of the lab, daytime (RFC 867) and time (RFC 868): one datagram, often empty, asks; one with a date
 * answers, or is announced without having been asked for. The formats are lab/date.h's.
 */
#include "lab/date.h"
#include "lab/plain.h"
#include "packet/dissector.h"

enum {
	DATE_REQUEST, DATE_REQUEST_KIND, DATE_REPLY, DATE_ANNOUNCE, DATE_WORDS, DATE_USER,
	DATE_TEXT, DATE_FORMAT, DATE_TIME, DATE_CLOCK,
	DATE_REQUEST_IN, DATE_RESPONSE_IN, DATE_RESPONSE_TIME, DATE_ANSWER, DATE_UNANSWERED, DATE_OTHER_HOST, DATE_LATE,
	DATE_REFUSED, DATE_ROWS
};

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)

static const struct field_def fields[] = {
	[DATE_REQUEST] = { "date.request", "Request", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			   .help = "There when the message asks for the date" },
	[DATE_REQUEST_KIND] = { "date.request.kind", "Kind of request", FIELD_STRING, 0,
				.flags = FIELD_BRIEF | FIELD_GENERATED,
				.help = "empty, NUL, date, user, user text, time, datetime, free text or binary" },
	[DATE_REPLY] = { "date.reply", "Reply", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			 .help = "There when the message gives the date, or answers otherwise" },
	[DATE_ANNOUNCE] = { "date.announce", "Announcement", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			    .help = "There when a user sends the date unasked, as `alice 2026-01-31 12:00:00`" },
	[DATE_WORDS] = { "date.words", "Words", FIELD_STRING, 0, .flags = FIELD_BRIEF,
			 .help = "The whole message as it was sent" },
	[DATE_USER] = { "date.user", "User", FIELD_STRING, 0, .flags = FIELD_BRIEF,
			.help = "The user named before the date" },
	[DATE_TEXT] = { "date.text", "Date as sent", FIELD_STRING, 0, .flags = FIELD_BRIEF },
	[DATE_FORMAT] = { "date.format", "Format", FIELD_STRING, 0, .flags = FIELD_GENERATED,
			  .help = "python, python-nofraction, iso, ctime, java, dmy, long, rfc868, "
				  "rfc868-ascii or epoch" },
	[DATE_TIME] = { "date.time", "Time", FIELD_TIME, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			.help = "The date as a moment; without a zone of its own it is read in the zone of --zone" },
	[DATE_CLOCK] = { "date.clock_offset", "Ahead of the capture's clock by", FIELD_DURATION, 0,
			 .flags = FIELD_BRIEF | FIELD_GENERATED,
			 .help = "date.time less the time of the packet" },
	[DATE_REQUEST_IN] = { "date.request_in", "Answers the request in frame", FIELD_UINT, 0, .flags = FOLLOWED },
	[DATE_RESPONSE_IN] = { "date.response_in", "First answered in frame", FIELD_UINT, 0,
			       .flags = FOLLOWED | FIELD_AHEAD },
	[DATE_RESPONSE_TIME] = { "date.response_time", "Time from the request", FIELD_DURATION, 0,
				 .flags = FOLLOWED | FIELD_BRIEF,
				 .help = "Over TCP, of a date that nobody asked for: from the connection's SYN" },
	[DATE_ANSWER] = { "date.answer", "Number of this answer", FIELD_UINT, 0, .flags = FOLLOWED | FIELD_BRIEF,
			  .help = "2: the request was answered twice, or a broadcast by a second host" },
	[DATE_UNANSWERED] = { "date.unanswered", "Unanswered", FIELD_BOOL, 0,
			      .flags = FOLLOWED | FIELD_AHEAD | FIELD_BRIEF,
			      .help = "There when no answer came as long as the capture goes" },
	[DATE_OTHER_HOST] = { "date.other_host", "By another host", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			      .help = "There when a broadcast was answered by a host from its own address" },
	[DATE_LATE] = { "date.late", "Late", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			.help = "There when the answer took more than a second" },
	[DATE_REFUSED] = { "date.refused", "Refused in frame", FIELD_UINT, 0,
			   .flags = FOLLOWED | FIELD_AHEAD | FIELD_BRIEF,
			   .help = "Of the ICMP error that came back (nobody listens there), or of the reset" },
};

/* Four octets are a time on its own port (37); elsewhere only when a server sends them and they are no word. */
static bool find_date(const struct parse *p, const uint8_t *data, uint32_t length, struct date_value *date)
{
	bool time_port = p->source_port == 37 || p->destination_port == 37;

	return date_parse(data, length, date) ||
	       ((time_port || (p->side == SIDE_FROM_SERVER && !plain_is_text(data, length))) &&
		date_parse_binary(data, length, date));
}

static void add_date(struct parse *p, const uint8_t *data, const struct date_value *date)
{
	int zone = date->has_zone ? date->zone_offset_s : parse_zone(p);
	int64_t time = date->time_ns - zone * INT64_C(1000000000);
	uint32_t at = (uint32_t)(data + date->offset - p->base);
	int64_t ahead;

	if (date->user_length)
		parse_add_span(p, DATE_USER, data + date->user_offset, (uint32_t)date->user_length);
	if (date->format != DATE_RFC868)
		parse_add_span(p, DATE_TEXT, data + date->offset, (uint32_t)date->length);
	parse_add_string(p, DATE_FORMAT, date_formats[date->format].name);
	parse_add(p, DATE_TIME, (uint64_t)time, at, (uint32_t)date->length);
	if (p->frame->has_time && !__builtin_sub_overflow(time, p->frame->time, &ahead))
		parse_add(p, DATE_CLOCK, (uint64_t)ahead, at, (uint32_t)date->length);
}

/* A word that asks, asks in either direction; other words are what the side that sent them makes of them. */
static bool is_request(const struct parse *p, enum date_request kind)
{
	return p->side != SIDE_FROM_SERVER || kind == DATE_REQUEST_EMPTY;
}

/*
 * Over TCP several messages may come together: a date, or a word that asks, that ends with LF is one of its own. Other
 * lines belong to what follows them.
 */
static uint32_t message_length(const struct parse *p, const uint8_t *data, uint32_t length)
{
	const uint8_t *lf = p->network.protocol == 6 && length ? memchr(data, '\n', length) : NULL;
	uint32_t line = lf ? (uint32_t)(lf - data) + 1 : length;
	struct date_value date;
	enum date_request kind;

	if (line == length || date_parse(data, line, &date))
		return line;
	kind = date_request_kind(data, line);
	if (p->side == SIDE_FROM_SERVER || kind == DATE_REQUEST_FREE_TEXT || kind == DATE_REQUEST_BINARY)
		return length;
	return line;
}

static void date_dissect(struct parse *p)
{
	const uint8_t *data = p->base + p->position;
	uint32_t length = message_length(p, data, parse_left(p)), at = p->position;
	struct date_value date;
	enum date_request kind;
	bool announced;

	parse_next(p, BY_AGAIN, 0, 0);
	if (length)
		parse_bytes(p, DATE_WORDS, length);
	if (length && find_date(p, data, length, &date)) {
		announced = date.user_length && p->side != SIDE_FROM_SERVER;
		parse_add(p, announced ? DATE_ANNOUNCE : DATE_REPLY, 1, at, length);
		add_date(p, data, &date);
		return;
	}
	kind = date_request_kind(data, length);
	if (!is_request(p, kind)) {
		parse_add(p, DATE_REPLY, 1, at, length);
		return;
	}
	parse_add(p, DATE_REQUEST, 1, at, length);
	parse_add_string(p, DATE_REQUEST_KIND, date_request_name(kind));
}

static void add_escaped(struct text *out, const struct field *field)
{
	if (field)
		text_escaped(out, field->value.bytes, field->length < 80 ? field->length : 80);
}

static void request_summary(const struct field *const rows[], struct text *out)
{
	const struct field *words = rows[DATE_WORDS];

	if (words) {
		text_string(out, "request \"");
		add_escaped(out, words);
		text_char(out, '"');
	} else {
		text_string(out, "request (empty)");
	}
	if (rows[DATE_UNANSWERED])
		text_string(out, " [no answer]");
	if (rows[DATE_REFUSED])
		text_string(out, " [refused]");
}

static void reply_summary(const struct packet *packet, const struct field *const rows[], struct text *out)
{
	const struct field *text = rows[DATE_TEXT], *time = rows[DATE_TIME], *user = rows[DATE_USER];

	text_string(out, rows[DATE_ANNOUNCE] ? "announcement " : "reply ");
	if (user) {
		add_escaped(out, user);
		text_char(out, ' ');
	}
	if (text) {
		add_escaped(out, text);
	} else if (time) {
		text_seconds(out, time->value.time, 0);
		text_string(out, " s since 1970 (RFC 868)");
	} else {
		bool cut = packet->frame->cap_length < packet->frame->wire_length;

		text_string(out, cut ? "cut short: \"" : "without a date: \"");
		add_escaped(out, rows[DATE_WORDS]);
		text_char(out, '"');
	}
}

static void clock_summary(const struct field *clock, struct text *out)
{
	bool behind = clock->value.time <= -1000000; /* below a millisecond nothing of the sign is seen */

	text_string(out, behind ? " (clock " : " (clock +");
	text_seconds(out, behind || clock->value.time > 0 ? clock->value.time : 0, 3);
	text_string(out, " s)");
}

static void answer_summary(const struct field *const rows[], struct text *out)
{
	const struct field *took = rows[DATE_RESPONSE_TIME];
	uint64_t answer = rows[DATE_ANSWER] ? rows[DATE_ANSWER]->value.uint : 1;

	if (took)
		summary_took(took->value.time, out);
	if (answer == 2 && !rows[DATE_OTHER_HOST])
		text_string(out, " [answered twice]");
	else if (answer > 1)
		text_format(out, " [answer %u]", (unsigned)answer);
	if (rows[DATE_LATE])
		text_string(out, " [late]");
}

static void date_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *rows[DATE_ROWS];

	layer_rows(packet, layer, rows, DATE_ROWS);
	if (rows[DATE_REQUEST])
		request_summary(rows, out);
	else
		reply_summary(packet, rows, out);
	if (rows[DATE_CLOCK])
		clock_summary(rows[DATE_CLOCK], out);
	answer_summary(rows, out);
}

static const struct bind binds[] = {
	{ BY_UDP_PORT, 5555 }, { BY_UDP_PORT, 13 }, { BY_UDP_PORT, 37 }, { BY_TCP_PORT, 5555 },
	{ BY_TCP_PORT, 13 },   { BY_TCP_PORT, 37 }, { BY_NONE, 0 },
};

const struct dissector date_dissector = {
	.name = "date",
	.title = "DATE",
	.full_name = "Date service of the lab",
	.reference = "docs/protocols/date.md",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.recognise = date_confidence,
	.surest = 90,
	.takes_empty = true,
	.whole = date_whole,
	.dissect = date_dissect,
	.summary = date_summary,
};
