/* SPDX-License-Identifier: BSD-2-Clause */
/* Echo (RFC 862), and the lab's echo servers on 3500: whatever comes is sent back. */
#include "packet/dissector.h"

enum { ECHO_REQUEST, ECHO_RESPONSE, ECHO_DATA };

static const struct field_def fields[] = {
	[ECHO_REQUEST] = { "echo.request", "Echo request", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			   .help = "There when the data goes to the server" },
	[ECHO_RESPONSE] = { "echo.response", "Echo response", FIELD_BOOL, 0, .flags = FIELD_BRIEF | FIELD_GENERATED,
			    .help = "There when the data comes back" },
	[ECHO_DATA] = { "echo.data", "Echo data", FIELD_BYTES, 0, .flags = FIELD_BRIEF },
};

static void echo_dissect(struct parse *p)
{
	uint32_t at = p->position, length = parse_left(p);

	parse_rest(p, ECHO_DATA);
	parse_add(p, p->side == SIDE_FROM_SERVER ? ECHO_RESPONSE : ECHO_REQUEST, 1, at, length);
}

static void echo_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *data = layer_field(packet, layer, ECHO_DATA);

	text_string(out, layer_field(packet, layer, ECHO_RESPONSE) ? "response " : "request ");
	if (!data) {
		text_string(out, "(empty)");
		return;
	}
	text_uint(out, data->length);
	text_string(out, data->length == 1 ? " octet \"" : " octets \"");
	text_escaped(out, data->value.bytes, data->length < 64 ? data->length : 64);
	text_string(out, data->length <= 64 ? "\"" : "\"...");
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
