/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/ladder.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "packet/dissector.h"
#include "render/about.h"
#include "render/verdicts.h"

void ladder_init(struct ladder *ladder, size_t most)
{
	const struct dissector *unused;

	*ladder = (struct ladder){
		.hosts = mem_new(LADDER_HOSTS, sizeof *ladder->hosts),
		.most = most ? most : LADDER_ARROWS,
		.data = protocols_find("data"),
		.arp_source = protocols_field("arp.src.proto_ipv4", &unused),
		.arp_target = protocols_field("arp.dst.proto_ipv4", &unused),
	};
}

void ladder_release(struct ladder *ladder)
{
	free(ladder->hosts);
	free(ladder->arrows);
	text_release(&ladder->strings);
}

/* ------------------------------------------------------------------------------------------------ who */

/* One end of a packet. */
struct end {
	const struct field *address, *port; /* NULL: not known */
};

static void name_address(const struct field *address, bool with_port, struct text *out)
{
	bool brackets = with_port && address->def->type == FIELD_IPV6;
	char *at = text_room(out, LADDER_NAME);

	if (brackets)
		*at++ = '[';
	if (address->def->type == FIELD_IPV4)
		at = put_ipv4(at, (uint32_t)address->value.uint);
	else if (address->def->type == FIELD_IPV6)
		at = put_ipv6(at, address->value.bytes);
	else
		at = put_mac(at, address->value.bytes, address->length < 16 ? address->length : 16, ':');
	if (brackets)
		*at++ = ']';
	text_wrote(out, at);
}

static void name_end(const struct end *end, bool with_port, char name[LADDER_NAME])
{
	struct text text = { 0 };

	with_port = with_port && end->port;
	if (!end->address) {
		text_char(&text, '?');
	} else {
		name_address(end->address, with_port, &text);
		if (with_port)
			text_format(&text, ":%u", (unsigned)end->port->value.uint);
	}
	text_char(&text, '\0');
	memcpy(name, text.data, text.length < LADDER_NAME ? text.length : LADDER_NAME);
	name[LADDER_NAME - 1] = '\0';
	text_release(&text);
}

static uint16_t host_of(struct ladder *ladder, const char *name)
{
	unsigned i = 0;

	while (i < ladder->host_count && strcmp(ladder->hosts[i], name))
		i++;
	if (i == LADDER_HOSTS) {
		ladder->too_many = true;
		return LADDER_MANY;
	}
	if (i == ladder->host_count)
		memcpy(ladder->hosts[ladder->host_count++], name, LADDER_NAME);
	return (uint16_t)i;
}

static const struct field *with_row(const struct packet *packet, const struct field_def *def)
{
	for (unsigned i = 0; def && i < packet->field_count; i++)
		if (packet->fields[i].def == def)
			return &packet->fields[i];
	return NULL;
}

static const struct field *quoted_role(const struct packet *packet, enum field_role role)
{
	for (unsigned i = packet->layer_count; i-- > 0 && packet->layers[i].quoted;) {
		const struct field *field = &packet->fields[packet->layers[i].first_field];

		for (unsigned n = packet->layers[i].field_count; n; n--, field++)
			if (field->def->role == role)
				return field;
	}
	return NULL;
}

/* Ports of an outer packet do not belong to the addresses of an inner one; an error goes back where its cause was. */
static const struct field *port_of(const struct packet *packet, bool destination)
{
	enum field_role address = destination ? ROLE_DST_ADDR : ROLE_SRC_ADDR;
	enum field_role port = destination ? ROLE_DST_PORT : ROLE_SRC_PORT;

	if (packet->roles[port] > packet->roles[address])
		return packet_role(packet, port);
	return quoted_role(packet, destination ? ROLE_SRC_PORT : ROLE_DST_PORT);
}

/* ARP names its hosts by IP address where it can: they are the hosts that talk afterwards. */
static struct end end_of(const struct ladder *ladder, const struct packet *packet, bool destination)
{
	const struct field *address = packet_role(packet, destination ? ROLE_DST_ADDR : ROLE_SRC_ADDR);
	const struct field *arp;

	if (address)
		return (struct end){ address, port_of(packet, destination) };
	if (packet->roles[ROLE_SRC_ADDR] >= 0)
		return (struct end){ NULL, NULL };
	arp = with_row(packet, destination ? ladder->arp_target : ladder->arp_source);
	if (arp && arp->value.uint)
		return (struct end){ arp, NULL };
	return (struct end){ packet_role(packet, destination ? ROLE_LINK_DST : ROLE_LINK_SRC), NULL };
}

static bool address_of_all(const struct field *address)
{
	if (!address)
		return false;
	if (address->def->type == FIELD_IPV4)
		return address->value.uint >> 28 == 0xe || address->value.uint == 0xffffffff;
	if (address->def->type == FIELD_IPV6)
		return address->value.bytes[0] == 0xff;
	return address->def->type == FIELD_MAC && address->length == 6 && address->value.bytes[0] & 1;
}

/* A directed broadcast looks like any address: the link, or the capture, knows. */
static bool is_to_all(const struct packet *packet)
{
	unsigned reception = packet->frame->has_flags ? FRAME_RECEPTION(packet->frame->flags) : 0;

	return address_of_all(packet_role(packet, ROLE_DST_ADDR)) ||
	       address_of_all(packet_role(packet, ROLE_LINK_DST)) || reception == 2 || reception == 3;
}

static bool same_address(const struct end *a, const struct end *b)
{
	struct field_def const *one = a->address ? a->address->def : NULL, *other = b->address ? b->address->def : NULL;

	if (!one || !other || one->type != other->type)
		return false;
	if (one->type == FIELD_IPV4)
		return a->address->value.uint == b->address->value.uint;
	return a->address->length == b->address->length &&
	       !memcmp(a->address->value.bytes, b->address->value.bytes, a->address->length);
}

/* ------------------------------------------------------------------------------------------------ arrows */

/* In the words of TCP's own summary, which is not seen when the segment brings a message. */
static const struct {
	uint32_t trouble;
	const char *mark;
} tcp_marks[] = {
	{ TCP_RETRANSMISSION, "retransmission" },
	{ TCP_FAST_RETRANSMISSION, "fast retransmission" },
	{ TCP_SPURIOUS_RETRANSMISSION, "spurious retransmission" },
	{ TCP_OUT_OF_ORDER, "out of order" },
	{ TCP_LOST_SEGMENT, "lost segment" },
	{ TCP_ACK_LOST_SEGMENT, "acks lost segment" },
	{ TCP_DUPLICATE_ACK, "duplicate ack" },
	{ TCP_WINDOW_FULL, "window full" },
	{ TCP_ZERO_WINDOW, "zero window" },
};

/* Whether the summary has said it: " [duplicate ack #2]". */
static bool is_said(const struct ladder *ladder, const struct ladder_arrow *arrow, const char *mark)
{
	const char *at = ladder->strings.data + arrow->words + arrow->words_length, *end = at + arrow->verdicts_length;
	size_t length = strlen(mark);

	while ((at = memchr(at, '[', (size_t)(end - at)))) {
		at++;
		if ((size_t)(end - at) > length && !memcmp(at, mark, length) &&
		    (at[length] == ']' || at[length] == ' '))
			return true;
	}
	return false;
}

static void add_mark(const struct ladder *ladder, struct ladder_arrow *arrow, const char *mark)
{
	unsigned i = is_said(ladder, arrow, mark) ? LADDER_MARKS : 0;

	while (i < LADDER_MARKS && arrow->marks[i] && strcmp(arrow->marks[i], mark))
		i++;
	if (i < LADDER_MARKS)
		arrow->marks[i] = mark;
}

/* The kinds of retransmission come with the plain one, which then says nothing more. */
static void mark_tcp(const struct ladder *ladder, struct ladder_arrow *arrow, const struct tracked *tracked)
{
	uint32_t trouble = tracked && tracked->tcp ? tracked->tcp->trouble : 0;

	if (trouble & (TCP_SPURIOUS_RETRANSMISSION | TCP_FAST_RETRANSMISSION))
		trouble &= ~(uint32_t)TCP_RETRANSMISSION;
	for (unsigned i = 0; i < sizeof tcp_marks / sizeof *tcp_marks; i++)
		if (trouble & tcp_marks[i].trouble)
			add_mark(ladder, arrow, tcp_marks[i].mark);
}

/* Where what is wrong begins in a summary: the bracketed words at its end. */
static size_t words_end(const struct text *strings, size_t start)
{
	size_t end = strings->length;

	while (end > start && strings->data[end - 1] == ']') {
		size_t open = end - 1;

		while (open > start && strings->data[open] != '[')
			open--;
		if (open <= start || strings->data[open - 1] != ' ')
			break;
		end = open - 1;
	}
	return end;
}

static void keep_words(struct ladder *ladder, struct ladder_arrow *arrow, const struct packet *packet, const char *to)
{
	struct text *out = &ladder->strings;
	unsigned layer = about_layer(packet, ladder->data);
	size_t start;

	arrow->protocol = packet->layers[layer].dissector;
	arrow->words = out->length;
	text_string(out, arrow->protocol->title);
	if (arrow->to == LADDER_ALL)
		text_format(out, " to %s:", to);
	text_char(out, ' ');
	start = out->length;
	about_words(packet, layer, out);
	if (out->length == start)
		start = --out->length;
	start = words_end(out, start);
	arrow->words_length = (uint32_t)(start - arrow->words);
	verdicts_add(out, packet, false);
	arrow->verdicts_length = (uint32_t)(out->length - start);
}

bool ladder_packet(struct ladder *ladder, const struct packet *packet, const struct tracked *tracked)
{
	struct end from = end_of(ladder, packet, false), to = end_of(ladder, packet, true);
	bool to_all = is_to_all(packet), ports = !to_all && same_address(&from, &to);
	char from_name[LADDER_NAME], to_name[LADDER_NAME];
	struct ladder_arrow *arrow;

	ladder->passed++;
	if (ladder->count == ladder->most)
		return false;
	if (!(ladder->count & (ladder->count - 1)))
		ladder->arrows = mem_resize(ladder->arrows, 2 * ladder->count + 1, sizeof *ladder->arrows);
	name_end(&from, ports, from_name);
	name_end(&to, ports, to_name);
	arrow = &ladder->arrows[ladder->count++];
	*arrow = (struct ladder_arrow){
		.number = packet->frame->number,
		.time = packet->frame->time,
		.has_time = packet->frame->has_time,
		.from = host_of(ladder, from_name),
		.to = LADDER_ALL,
	};
	if (!to_all)
		arrow->to = host_of(ladder, to_name);
	ladder->to_all |= to_all;
	keep_words(ladder, arrow, packet, to_name);
	mark_tcp(ladder, arrow, tracked);
	return true;
}

void ladder_mark(struct ladder *ladder, uint64_t frame, const char *mark)
{
	size_t low = 0, high = ladder->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ladder->arrows[middle].number < frame)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < ladder->count && ladder->arrows[low].number == frame)
		add_mark(ladder, &ladder->arrows[low], mark);
}
