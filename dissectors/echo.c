/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo (RFC 862), and the lab's echo servers on 3500: whatever comes is sent back. */
#include "packet/dissector.h"

enum {
	ECHO_REQUEST, ECHO_RESPONSE, ECHO_DATA,
	ECHO_REQUEST_IN, ECHO_RESPONSE_IN, ECHO_RESPONSE_TIME, ECHO_ANSWER, ECHO_UNANSWERED, ECHO_OTHER_HOST, ECHO_LATE,
	ECHO_REFUSED, ECHO_IDENTICAL, ECHO_TRANSFORM, ECHO_ROWS
};

#define FOLLOWED (FIELD_GENERATED | FIELD_FOLLOWED)

static const struct field_def fields[] = {
	[ECHO_REQUEST] = { "echo.request", "Echo request", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			   .help = "There when the data goes to the server" },
	[ECHO_RESPONSE] = { "echo.response", "Echo response", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			    .help = "There when the data comes back" },
	[ECHO_DATA] = { "echo.data", "Echo data", FIELD_BYTES, 0, .flags = FIELD_BRIEF },
	[ECHO_REQUEST_IN] = { "echo.request_in", "Answers the request in frame", FIELD_UINT, 0, .flags = FOLLOWED,
			      .help = "Over TCP a segment may answer several, or a part of one" },
	[ECHO_RESPONSE_IN] = { "echo.response_in", "First answered in frame", FIELD_UINT, 0,
			       .flags = FOLLOWED | FIELD_AHEAD,
			       .help = "Over TCP: where its last octet came back" },
	[ECHO_RESPONSE_TIME] = { "echo.response_time", "Time from the request", FIELD_DURATION, 0,
				 .flags = FOLLOWED | FIELD_BRIEF },
	[ECHO_ANSWER] = { "echo.answer", "Number of this answer", FIELD_UINT, 0, .flags = FOLLOWED | FIELD_BRIEF,
			  .help = "2: the request was answered twice, or a broadcast by a second host" },
	[ECHO_UNANSWERED] = { "echo.unanswered", "Unanswered", FIELD_BOOL, 0,
			      .flags = FOLLOWED | FIELD_AHEAD | FIELD_BRIEF,
			      .help = "There when no answer came as long as the capture goes; not for an empty "
				      "datagram, which many servers do not answer" },
	[ECHO_OTHER_HOST] = { "echo.other_host", "By another host", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			      .help = "There when a broadcast was answered by a host from its own address" },
	[ECHO_LATE] = { "echo.late", "Late", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			.help = "There when the answer took more than a second" },
	[ECHO_REFUSED] = { "echo.refused", "Refused in frame", FIELD_UINT, 0,
			   .flags = FOLLOWED | FIELD_AHEAD | FIELD_BRIEF,
			   .help = "Of the ICMP error that came back (nobody listens there), or of the reset" },
	[ECHO_IDENTICAL] = { "echo.identical", "Identical", FIELD_BOOL, 0, .flags = FOLLOWED | FIELD_BRIEF,
			     .help = "Whether what came back is what was sent; over TCP all of it so far. Absent when "
				     "they could not be compared" },
	[ECHO_TRANSFORM] = { "echo.transform", "Transform", FIELD_STRING, 0, .flags = FOLLOWED | FIELD_BRIEF,
			     .help = "upper case, lower case, prefix \"ECHO: \", suffix \"!\", reversed, cut to 64 "
				     "octets, another end of line" },
};

static void echo_dissect(struct parse *p)
{
	uint32_t at = p->position, length = parse_left(p);

	parse_rest(p, ECHO_DATA);
	parse_add(p, p->side == SIDE_FROM_SERVER ? ECHO_RESPONSE : ECHO_REQUEST, 1, at, length);
}

static void data_summary(const struct field *data, struct text *out)
{
	if (!data) {
		text_string(out, "(empty)");
		return;
	}
	text_uint(out, data->length);
	text_string(out, data->length == 1 ? " octet \"" : " octets \"");
	text_escaped(out, data->value.bytes, data->length < 64 ? data->length : 64);
	text_string(out, data->length <= 64 ? "\"" : "\"...");
}

static void request_summary(const struct field *const rows[], struct text *out)
{
	if (rows[ECHO_UNANSWERED])
		text_string(out, " [no answer]");
	if (rows[ECHO_REFUSED])
		text_string(out, " [refused]");
}

static void response_summary(const struct field *const rows[], struct text *out)
{
	const struct field *took = rows[ECHO_RESPONSE_TIME];
	const struct field *transform = rows[ECHO_TRANSFORM];
	uint64_t answer = rows[ECHO_ANSWER] ? rows[ECHO_ANSWER]->value.uint : 1;

	if (took)
		summary_took(took->value.time, out);
	if (answer == 2 && !rows[ECHO_OTHER_HOST])
		text_string(out, " [answered twice]");
	else if (answer > 1)
		text_format(out, " [answer %u]", (unsigned)answer);
	if (rows[ECHO_LATE])
		text_string(out, " [late]");
	if (!rows[ECHO_IDENTICAL] || rows[ECHO_IDENTICAL]->value.uint)
		return;
	text_string(out, " [not identical");
	if (transform) {
		text_string(out, ": ");
		text_escaped(out, transform->value.bytes, transform->length);
	}
	text_char(out, ']');
}

static void echo_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *rows[ECHO_ROWS];

	layer_rows(packet, layer, rows, ECHO_ROWS);
	text_string(out, rows[ECHO_RESPONSE] ? "response " : "request ");
	data_summary(rows[ECHO_DATA], out);
	if (rows[ECHO_RESPONSE])
		response_summary(rows, out);
	else
		request_summary(rows, out);
}

static const struct bind binds[] = {
	{ BY_UDP_PORT, 7 }, { BY_UDP_PORT, 3500 }, { BY_TCP_PORT, 7 }, { BY_TCP_PORT, 3500 }, { BY_NONE, 0 },
};

const struct dissector echo_dissector = {
	.name = "echo",
	.title = "ECHO",
	.full_name = "Echo service",
	.reference = "RFC 862",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.any_content = true,
	.takes_empty = true,
	.dissect = echo_dissect,
	.summary = echo_summary,
};
