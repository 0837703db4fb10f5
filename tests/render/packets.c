/* SPDX-License-Identifier: BSD-2-Clause */
#include "packets.h"

#include "base/mem.h"

/* ------------------------------------------------------------------------------------------------ the toy */

enum {
	TOY_KIND, TOY_LEVEL, TOY_FLAGS, TOY_LOUD, TOY_SIZE, TOY_MARK, TOY_TIME, TOY_WAIT, TOY_TEXT, TOY_EITHER,
	TOY_HOST
};

static const uint8_t either[] = { TOY_KIND, TOY_SIZE, 0xff };
static const struct value_name kinds[] = { { 1, "one" }, { 2, "two" }, { 0, NULL } };

/* kind, level (2), flags, then texts with their lengths in front; kind 9 has an IPv6 address before them. */
static const struct field_def fields[] = {
	[TOY_KIND] = { "toy.kind", "Kind", FIELD_UINT, 1, .names = kinds },
	[TOY_LEVEL] = { "toy.level", "Level", FIELD_INT, 2, .names = NULL },
	[TOY_FLAGS] = { "toy.flags", "Flags", FIELD_HEX, 1, .names = NULL },
	[TOY_LOUD] = { "toy.flags.loud", "Loud", FIELD_BOOL, 1, .depth = 1, .mask = 0x02 },
	[TOY_SIZE] = { "toy.flags.size", "Size", FIELD_UINT, 1, .depth = 1, .mask = 0xf0 },
	[TOY_MARK] = { "toy.mark", "Mark", FIELD_NONE, 0, .flags = FIELD_GENERATED },
	[TOY_TIME] = { "toy.time", "Time", FIELD_TIME, 0, .flags = FIELD_GENERATED },
	[TOY_WAIT] = { "toy.wait", "Wait", FIELD_DURATION, 0, .flags = FIELD_GENERATED },
	[TOY_TEXT] = { "toy.text", "Text", FIELD_STRING, 0, .flags = FIELD_BRIEF },
	[TOY_EITHER] = { "toy.either", "Kind or size", FIELD_UINT, 1, .flags = FIELD_EITHER, .either = either },
	[TOY_HOST] = { "toy.host", "Host", FIELD_IPV6, 16, .role = ROLE_SRC_ADDR, .flags = FIELD_BRIEF },
};

static void toy_dissect(struct parse *p)
{
	uint64_t kind = parse_uint(p, TOY_KIND);

	parse_uint(p, TOY_LEVEL);
	parse_uint(p, TOY_FLAGS);
	parse_add(p, TOY_MARK, 0, 0, 0);
	parse_add(p, TOY_TIME, 1000000000000000001, 0, 0);
	parse_add(p, TOY_WAIT, (uint64_t)-1500000000, 0, 0);
	if (kind == 9)
		parse_fixed(p, TOY_HOST);
	while (parse_more(p)) {
		uint32_t length = (uint32_t)parse_peek(p, 0, 1);

		parse_skip(p, 1);
		if (length)
			parse_bytes(p, TOY_TEXT, length);
	}
}

static void toy_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	const struct field *text = layer_field(packet, layer, TOY_TEXT);

	if (text)
		text_escaped(out, text->value.bytes, text->length);
}

static const struct bind binds[] = { { BY_UDP_PORT, TOY_PORT }, { BY_NONE, 0 } };

static const struct dissector toy_dissector = {
	.name = "toy",
	.title = "TOY",
	.full_name = "A toy",
	.reference = "this test",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.binds = binds,
	.dissect = toy_dissect,
	.summary = toy_summary,
};

extern const struct dissector frame_dissector, proc_dissector, data_dissector, padding_dissector, eth_dissector,
	ip_dissector, udp_dissector;

const struct dissector *const dissector_list[] = {
	&frame_dissector, &proc_dissector, &data_dissector, &padding_dissector, &eth_dissector,
	&ip_dissector,    &udp_dissector,  &toy_dissector,     NULL,
};

/* ------------------------------------------------------------------------------------------------ the bench */

struct bench *bench_new(const char *renderer)
{
	struct bench *bench = mem_new(1, sizeof *bench);

	bench->renderer = renderer_find(renderer);
	assert_non_null(bench->renderer);
	bench->protocols = protocols_new();
	protocols_want_all(bench->protocols);
	bench->options = (struct render_options){
		.numeric = true, .time = TIME_UTC, .time_digits = 6,
		.separator = '\t', .aggregator = ',', .occurrence = 'a',
		.fields = bench->chosen,
	};
	return bench;
}

void bench_start(struct bench *bench)
{
	bench->state = mem_new(1, bench->renderer->state_size);
	if (bench->renderer->start)
		bench->renderer->start(bench->state, &bench->options, &bench->out);
}

void bench_free(struct bench *bench)
{
	struct render_totals totals = { 0 };

	if (bench->state && bench->renderer->finish)
		bench->renderer->finish(bench->state, &bench->options, &totals, &bench->out);
	free(bench->state);
	text_release(&bench->out);
	protocols_free(bench->protocols);
	free(bench);
}

void bench_choose(struct bench *bench, const char *field)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(field, &dissector);

	assert_non_null(def);
	assert_true(bench->options.field_count < sizeof bench->chosen / sizeof *bench->chosen);
	bench->chosen[bench->options.field_count++] = def;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static const uint8_t headers[42] = {
	/* to, from, type */ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
	/* version, length, id 7, don't fragment, ttl 64, UDP */ 0x45, 0, 0, 0, 0, 7, 0x40, 0, 64, 17, 0, 0,
	/* addresses */ 10, 0, 0, 2, 10, 0, 0, 1,
	/* ports 40000 and one to fill in, length, checksum */ 0x9c, 0x40, 0, 0, 0, 0, 0, 0,
};

void bench_udp(struct bench *bench, uint16_t port, const void *payload, size_t length)
{
	uint8_t *ip = bench->data + 14, *udp = ip + 20;
	const uint8_t pseudo[4] = { 0, 17, (uint8_t)((length + 8) >> 8), (uint8_t)(length + 8) };

	assert_true(length <= sizeof bench->data - sizeof headers);
	memcpy(bench->data, headers, sizeof headers);
	if (length)
		memcpy(udp + 8, payload, length);
	put16(ip + 2, (unsigned)length + 28);
	put16(ip + 10, (uint16_t)~checksum_fold(checksum_add(0, ip, 20)));
	put16(udp + 2, port);
	put16(udp + 4, (unsigned)length + 8);
	put16(udp + 6, (uint16_t)~checksum_fold(checksum_add(checksum_add(checksum_add(0, pseudo, 4), ip + 12, 8), udp,
							     length + 8)));
	bench->frame = (struct frame){
		.number = 1,
		.time = 1700000000123456789,
		.has_time = true,
		.first_time = 1700000000000000000,
		.previous_time = 1700000000123000000,
		.displayed_time = 1700000000100000000,
		.data = bench->data,
		.cap_length = (uint32_t)(length + sizeof headers),
		.wire_length = (uint32_t)(length + sizeof headers),
		.link = 1,
	};
}

void bench_show(struct bench *bench)
{
	dissect(bench->protocols, &bench->frame, &bench->packet);
	bench->renderer->packet(bench->state, &bench->options, &bench->packet, &bench->out);
}

void assert_output(struct bench *bench, const char *expected)
{
	text_char(&bench->out, '\0');
	assert_string_equal(bench->out.data, expected);
	text_clear(&bench->out);
}

static const char *find(struct bench *bench, const char *part)
{
	text_char(&bench->out, '\0');
	bench->out.length--;
	return strstr(bench->out.data, part);
}

void assert_shows(struct bench *bench, const char *part)
{
	if (!find(bench, part))
		fail_msg("'%s' is not in:\n%s", part, bench->out.data);
}

void assert_hides(struct bench *bench, const char *part)
{
	if (find(bench, part))
		fail_msg("'%s' is in:\n%s", part, bench->out.data);
}
