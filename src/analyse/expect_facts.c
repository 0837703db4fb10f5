/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes wrong in a network in ways that show somewhere else: a request that is not answered because nobody listens
 * there, and the like. Each is a row: a display filter that finds the packet, and words on it.
 */
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/mem.h"

struct row {
	const char *filter;
	const char *about; /* explains only what is about this protocol; NULL: anything */
	const char *words; /* NULL: say() has them */
	void (*say)(const struct packet *packet, const struct tracked *tracked, struct text *out);
};

/* ------------------------------------------------------------------------------------------------ words */

/* The destination of the packet that an ICMP error quotes. */
static const struct field *quoted(const struct packet *packet, enum field_role role)
{
	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];

		for (unsigned n = 0; layer->quoted && n < layer->field_count; n++)
			if (packet->fields[layer->first_field + n].def->role == role)
				return &packet->fields[layer->first_field + n];
	}
	return NULL;
}

static void say_nobody(const struct packet *packet, const struct tracked *tracked, struct text *out)
{
	const struct field *address = quoted(packet, ROLE_DST_ADDR), *port = quoted(packet, ROLE_DST_PORT);
	struct flow_end end;
	uint8_t length;

	(void)tracked;
	text_string(out, "nobody listens");
	if (address && port && flow_end_from(&end, &length, address, port)) {
		text_string(out, " on ");
		flow_end_text(&end, length, out);
	}
	text_string(out, " (ICMP port unreachable)");
}

static void say_reset(const struct packet *packet, const struct tracked *tracked, struct text *out)
{
	(void)packet;
	if (!tracked->flow) {
		text_string(out, "the connection was reset");
		return;
	}
	if (tracked->tcp && tracked->tcp->state == TCP_STATE_REFUSED)
		text_string(out, "nobody listens on ");
	flow_end_text(&tracked->flow->ends[tracked->side], tracked->flow->address_length, out);
	if (tracked->tcp && tracked->tcp->state == TCP_STATE_REFUSED)
		text_string(out, " (TCP reset)");
	else
		text_string(out, " resets the connection");
}

static void say_cut(const struct packet *packet, const struct tracked *tracked, struct text *out)
{
	(void)tracked;
	text_format(out, "only %u of its %u octets were captured", packet->frame->cap_length,
		    packet->frame->wire_length);
}

/* In the order in which they are told. */
static const struct row rows[] = {
	{ "icmp.type == 3 and icmp.code == 3", NULL, NULL, say_nobody },
	{ "icmpv6.type == 1 and icmpv6.code == 4", NULL, NULL, say_nobody },
	{ "tcp.flags.reset == 1 and tcp.state != \"closed\"", NULL, NULL, say_reset },
	{ "icmp.type == 3 and icmp.code != 3", NULL, "the destination cannot be reached (ICMP)", NULL },
	{ "date.reply and not date.time", "date", "a reply without a date", NULL },
	{ "udp.checksum.status == \"Bad\"", NULL, "the UDP checksum is wrong, so that the receiver drops it", NULL },
	{ "tcp.analysis.lost_segment", NULL, "packets before it were not captured", NULL },
	{ "frame.cap_len < frame.len", NULL, NULL, say_cut },
};
#define ROWS (sizeof rows / sizeof *rows)

/* ------------------------------------------------------------------------------------------------ run */

struct expect_facts {
	struct fact {
		struct filter *filter;
		struct expect_numbers seen;
		struct text says; /* of the first */
	} list[ROWS];
};

struct expect_facts *expect_facts_new(void)
{
	struct expect_facts *facts = mem_new(1, sizeof *facts);
	struct error err;

	for (unsigned i = 0; i < ROWS; i++) {
		facts->list[i].filter = filter_compile(rows[i].filter, &err);
		if (!facts->list[i].filter)
			bug("a fact's filter is none: %s", err.text);
	}
	return facts;
}

void expect_facts_free(struct expect_facts *facts)
{
	for (unsigned i = 0; i < ROWS; i++) {
		filter_free(facts->list[i].filter);
		text_release(&facts->list[i].says);
	}
	free(facts);
}

void expect_facts_want(const struct expect_facts *facts, struct protocols *protocols)
{
	for (unsigned i = 0; i < ROWS; i++)
		filter_want(facts->list[i].filter, protocols);
}

void expect_facts_packet(struct expect_facts *facts, const struct packet *packet, const struct tracked *tracked)
{
	for (unsigned i = 0; i < ROWS; i++) {
		struct fact *fact = &facts->list[i];

		if (!filter_run(fact->filter, packet))
			continue;
		if (!fact->seen.count && rows[i].say)
			rows[i].say(packet, tracked, &fact->says);
		else if (!fact->seen.count)
			text_string(&fact->says, rows[i].words);
		expect_number(&fact->seen, packet->frame->number);
	}
}

static bool concerns(const struct expectation *e, const char *protocol)
{
	if (!protocol)
		return true;
	if (e->paired)
		return !strcmp(e->paired->protocol->name, protocol);
	for (unsigned i = 0; i < e->filter_count; i++)
		if (expect_filter_about(&e->filters[i], protocol))
			return true;
	return false;
}

void expect_facts_say(const struct expect_facts *facts, const struct expectation *e, unsigned most, struct text *out)
{
	for (unsigned i = 0; i < ROWS && most; i++) {
		const struct fact *fact = &facts->list[i];

		if (!fact->seen.count || !concerns(e, rows[i].about))
			continue;
		text_string(out, "; ");
		expect_numbers_text(&fact->seen, out);
		text_string(out, fact->seen.count == 1 ? " says: " : " say: ");
		text_add(out, fact->says.data, fact->says.length);
		most--;
	}
}
