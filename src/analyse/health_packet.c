/* SPDX-License-Identifier: BSD-2-Clause */
/* What a packet shows to be wrong: checksums, malformed layers, ICMP errors, TCP's troubles, datagrams too long. */
#include <string.h>

#include "analyse/health.h"

#define CHAT_PORT 6666      /* of the broadcast exercise, */
#define CHAT_READS 128      /* whose listener reads so many octets */
#define USUALLY_READ 1024   /* octets, by most programs of the lab */

/* ------------------------------------------------------------------------------------------------ fields */

static const char *const wanted[] = { "icmp.type", "icmp.code", "icmpv6.type", "icmpv6.code", "udp.length",
				      "ip.fragment.overlap" };

static const struct field_def *row_of(const char *name)
{
	const struct dissector *dissector;

	return protocols_field(name, &dissector);
}

void health_want(struct protocols *protocols)
{
	for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (row_of(wanted[i]))
			protocols_want_field(protocols, row_of(wanted[i]));
	for (unsigned i = 0; dissector_list[i]; i++)
		for (unsigned row = 0; row < dissector_list[i]->field_count; row++)
			if (dissector_list[i]->fields[row].names == checksum_status_names)
				protocols_want_field(protocols, &dissector_list[i]->fields[row]);
}

void health_prepare(struct health *health)
{
	health->udp = protocols_find("udp");
	health->icmp = protocols_find("icmp");
	health->icmpv6 = protocols_find("icmpv6");
	health->date = protocols_find("date");
	health->echo = protocols_find("echo");
	health->chat = protocols_find("chat");
	health->icmp_type = row_of("icmp.type");
	health->icmp_code = row_of("icmp.code");
	health->icmpv6_type = row_of("icmpv6.type");
	health->icmpv6_code = row_of("icmpv6.code");
	health->udp_length = row_of("udp.length");
	health->overlap = row_of("ip.fragment.overlap");
}

/* ------------------------------------------------------------------------------------------------ layers */

static void checksums(struct health *health, const struct packet *packet, const struct layer *layer)
{
	const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;
	struct talk_key subject;

	for (; field < end; field++) {
		if (field->def->names != checksum_status_names || field->value.uint != CHECKSUM_BAD)
			continue;
		subject = health_address(packet_role(packet, ROLE_SRC_ADDR), NULL, layer->dissector);
		health_add(health, HEALTH_CHECKSUM, &subject, packet->frame->number, 0);
	}
}

static void layers(struct health *health, const struct packet *packet)
{
	static const enum health_kind of_state[] = {
		[LAYER_OK] = HEALTH_PROBLEM, [LAYER_CUT] = HEALTH_CUT, [LAYER_MALFORMED] = HEALTH_MALFORMED,
	};

	for (const struct layer *layer = packet->layers; layer < packet->layers + packet->layer_count; layer++) {
		bool told = layer->problem || layer->state == LAYER_MALFORMED;
		struct talk_key subject;

		if (layer->quoted)
			continue;
		checksums(health, packet, layer);
		if (layer->state == LAYER_OPAQUE || (layer->state != LAYER_CUT && !told))
			continue;
		if (layer->state == LAYER_CUT)
			subject = health_problem(NULL, NULL);
		else
			subject = health_problem(layer->dissector,
						 layer->problem ? layer->problem : "it contradicts itself");
		health_add(health, of_state[layer->state], &subject, packet->frame->number, 0);
	}
}

/* ------------------------------------------------------------------------------------------------ ICMP errors */

static const struct {
	uint8_t version, type, code_from, code_to;
	enum health_kind kind;
} icmp_errors[] = {
	{ 4, 3, 3, 3, HEALTH_NOBODY_LISTENS },
	{ 4, 3, 4, 4, HEALTH_TOO_BIG },
	{ 4, 3, 9, 10, HEALTH_FORBIDDEN },
	{ 4, 3, 13, 13, HEALTH_FORBIDDEN },
	{ 4, 3, 0, 255, HEALTH_UNREACHABLE },
	{ 4, 11, 0, 0, HEALTH_HOPS },
	{ 4, 11, 1, 1, HEALTH_FRAGMENTS_LOST },
	{ 4, 12, 0, 255, HEALTH_PARAMETER },
	{ 6, 1, 4, 4, HEALTH_NOBODY_LISTENS },
	{ 6, 1, 1, 1, HEALTH_FORBIDDEN },
	{ 6, 1, 0, 255, HEALTH_UNREACHABLE },
	{ 6, 2, 0, 255, HEALTH_TOO_BIG },
	{ 6, 3, 0, 0, HEALTH_HOPS },
	{ 6, 3, 1, 1, HEALTH_FRAGMENTS_LOST },
	{ 6, 4, 0, 255, HEALTH_PARAMETER },
};

/* Whom the quoted packet was for. Without its ports nobody can say who does not listen. */
static void quoted_error(struct health *health, const struct packet *packet, enum health_kind kind)
{
	const struct field *address = NULL, *port = NULL;
	const struct dissector *transport = NULL;
	struct talk_key subject;

	for (const struct layer *layer = packet->layers; layer < packet->layers + packet->layer_count; layer++) {
		const struct field *field = &packet->fields[layer->first_field], *end = field + layer->field_count;

		for (; layer->quoted && field < end; field++) {
			if (field->def->role == ROLE_DST_ADDR && !address)
				address = field;
			if (field->def->role == ROLE_DST_PORT && !port) {
				port = field;
				transport = layer->dissector;
			}
		}
	}
	if (!address)
		return;
	if (kind == HEALTH_NOBODY_LISTENS && !port)
		kind = HEALTH_UNREACHABLE;
	subject = kind == HEALTH_NOBODY_LISTENS ? health_address(address, port, transport) :
						  health_address(address, NULL, NULL);
	health_add(health, kind, &subject, packet->frame->number, 0);
}

static void icmp(struct health *health, const struct packet *packet, const struct layer *layer)
{
	bool six = layer->dissector == health->icmpv6;
	const struct field *type = layer_find(packet, layer, six ? health->icmpv6_type : health->icmp_type);
	const struct field *code = layer_find(packet, layer, six ? health->icmpv6_code : health->icmp_code);

	for (unsigned i = 0; type && code && i < sizeof icmp_errors / sizeof *icmp_errors; i++) {
		if (icmp_errors[i].version != (six ? 6 : 4) || icmp_errors[i].type != type->value.uint ||
		    code->value.uint < icmp_errors[i].code_from || code->value.uint > icmp_errors[i].code_to)
			continue;
		quoted_error(health, packet, icmp_errors[i].kind);
		return;
	}
}

/* ------------------------------------------------------------------------------------------------ TCP */

static const struct {
	uint32_t trouble, but; /* any of these, and none of those */
	enum health_kind kind;
} troubles[] = {
	{ TCP_RETRANSMISSION, TCP_SPURIOUS_RETRANSMISSION, HEALTH_RETRANSMISSION },
	{ TCP_SPURIOUS_RETRANSMISSION, 0, HEALTH_SPURIOUS },
	{ TCP_OUT_OF_ORDER, 0, HEALTH_OUT_OF_ORDER },
	{ TCP_LOST_SEGMENT, 0, HEALTH_LOST },
	{ TCP_ACK_LOST_SEGMENT, 0, HEALTH_MISSED },
	{ TCP_ZERO_WINDOW, 0, HEALTH_ZERO_WINDOW },
};

/* A date server has nothing more to say after its answer: RFC 867 wants it to close. */
static bool closes_first(const struct health *health, const struct flow *flow, unsigned side,
			 const struct tcp_verdict *verdict)
{
	return verdict->flags & TCP_FIN && verdict->state == TCP_STATE_FIN &&
	       !(verdict->trouble & TCP_RETRANSMISSION) && side == flow->server &&
	       tcp_flow_closer(flow) == side && flow->speaks != health->date;
}

static void tcp(struct health *health, const struct tracked *tracked, uint64_t frame)
{
	const struct tcp_verdict *verdict = tracked->tcp;
	struct talk_key subject = health_flow(tracked->flow, tracked->side);

	for (unsigned i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (verdict->trouble & troubles[i].trouble && !(verdict->trouble & troubles[i].but))
			health_add(health, troubles[i].kind, &subject, frame, 0);
	if (verdict->flags & TCP_RST && verdict->state == TCP_STATE_RESET)
		health_add(health, HEALTH_RESET, &subject, frame, 0);
	if (closes_first(health, tracked->flow, tracked->side, verdict)) {
		subject = health_end(&tracked->flow->ends[tracked->side], tracked->flow->address_length, NULL);
		health_add(health, HEALTH_SERVER_CLOSED, &subject, frame, 0);
	}
	if (verdict->flags & TCP_RST && verdict->state == TCP_STATE_REFUSED) {
		subject = health_end(&tracked->flow->ends[tracked->side], tracked->flow->address_length, NULL);
		health_add(health, HEALTH_REFUSED, &subject, frame, 0);
	}
}

/* ------------------------------------------------------------------------------------------------ datagrams */

/* Whether the link carries it to all; only that tells a directed broadcast from another address. */
static bool link_broadcast(const struct packet *packet)
{
	static const uint8_t everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const struct field *field = packet_role(packet, ROLE_LINK_DST);

	return field && field->length == sizeof everybody && !memcmp(field->value.bytes, everybody, sizeof everybody);
}

static bool is_lab(const struct health *health, const struct dissector *protocol)
{
	return protocol && (protocol == health->date || protocol == health->echo || protocol == health->chat);
}

static void datagram(struct health *health, const struct packet *packet, const struct tracked *tracked)
{
	const struct field *length = layer_find(packet, &packet->layers[tracked->transport], health->udp_length);
	const struct field *to = packet_role(packet, ROLE_DST_ADDR);
	const struct flow_end *end = &tracked->flow->ends[!tracked->side];
	uint64_t octets = length && length->value.uint > 8 ? length->value.uint - 8 : 0;
	bool four = to && to->def->type == FIELD_IPV4, limited = four && to->value.uint == UINT32_MAX;
	struct talk_key subject = health_end(end, tracked->flow->address_length, NULL);

	if (end->port == CHAT_PORT && four && !limited && to->value.uint >> 28 != 14 && link_broadcast(packet))
		health_add(health, HEALTH_DIRECTED, &subject, packet->frame->number, 0);
	if (octets > USUALLY_READ && is_lab(health, tracked->flow->speaks)) {
		health_add(health, HEALTH_LONG_DATAGRAM, &subject, packet->frame->number, octets);
	} else if (octets > CHAT_READS && end->port == CHAT_PORT && four && (limited || link_broadcast(packet))) {
		/* The sender's port may be a new one for every line. */
		subject = health_address(packet_role(packet, ROLE_SRC_ADDR), NULL, NULL);
		health_add(health, HEALTH_LONG_BROADCAST, &subject, packet->frame->number, octets);
	}
}

/* ------------------------------------------------------------------------------------------------ a packet */

static void capture(struct health *health, const struct frame *frame)
{
	struct talk_key nothing;

	memset(&nothing, 0, sizeof nothing);
	if (frame->has_drops && frame->drops_before)
		health_add(health, HEALTH_DROPS, &nothing, frame->number, frame->drops_before);
	if (!frame->has_time)
		return;
	if (frame->time < health->last_time && health->packets)
		health_add(health, HEALTH_CLOCK, &nothing, frame->number, 0);
	else
		health->last_time = frame->time;
	health->packets++;
}

static void other(struct health *health, const struct packet *packet)
{
	for (const struct layer *layer = packet->layers; layer < packet->layers + packet->layer_count; layer++)
		if (!layer->quoted && (layer->dissector == health->icmp || layer->dissector == health->icmpv6)) {
			icmp(health, packet, layer);
			return;
		}
}

void health_packet(void *state, const struct packet *packet, const struct tracked *tracked)
{
	struct health *health = state;
	struct talk_key subject;

	capture(health, packet->frame);
	if (packet->remarkable)
		layers(health, packet);
	if (tracked->tcp)
		tcp(health, tracked, packet->frame->number);
	else if (tracked->flow && tracked->flow->protocol == health->udp)
		datagram(health, packet, tracked);
	else if (!tracked->flow)
		other(health, packet);
	if (tracked->flow)
		passing_add(&health->passing, packet->frame->number);
	if (health->overlap && packet_field(packet, NULL, health->overlap, NULL)) {
		subject = health_address(packet_role(packet, ROLE_SRC_ADDR), NULL, NULL);
		health_add(health, HEALTH_OVERLAP, &subject, packet->frame->number, 0);
	}
}
