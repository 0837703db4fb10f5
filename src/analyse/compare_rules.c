/* SPDX-License-Identifier: BSD-2-Clause */
/* What counts when two captures are compared, and what does not. */
#include <stdlib.h>
#include <string.h>

#include "analyse/transcript.h"
#include "base/mem.h"

struct strict_field {
	const struct field_def *def;
	const struct dissector *dissector;
};

struct compare_rules {
	struct strict_field *strict;
	size_t strict_count;
	const struct field_def **ignored;
	size_t ignored_count;
	const struct dissector **strict_protocols, **ignored_protocols;
	size_t strict_protocol_count, ignored_protocol_count;
	bool order, any_port;
};

/* These vary from run to run, or say again what another row says. */
static const char *const always_ignored[] = { "date.text", "data.len" };

/* The words a user has for a server's port. */
static const char *const port_names[] = {
	"udp.port", "udp.dstport", "udp.srcport", "tcp.port", "tcp.dstport", "tcp.srcport",
};

struct compare_rules *compare_rules_new(void)
{
	return mem_new(1, sizeof(struct compare_rules));
}

void compare_rules_free(struct compare_rules *rules)
{
	if (!rules)
		return;
	free(rules->strict);
	free(rules->ignored);
	free(rules->strict_protocols);
	free(rules->ignored_protocols);
	free(rules);
}

/* ------------------------------------------------------------------------------------------------ what users say */

static void add_protocol(const struct dissector ***list, size_t *count, const struct dissector *protocol)
{
	*list = mem_resize(*list, *count + 1, sizeof **list);
	(*list)[(*count)++] = protocol;
}

static int unknown(const char *option, const char *name, struct error *err)
{
	const char *near = protocols_nearest_field(name);

	if (near)
		return error_set(err, "%s %s: no such field or protocol; did you mean %s?", option, name, near);
	return error_set(err, "%s %s: no such field or protocol; see sonde list fields", option, name);
}

int compare_strict(struct compare_rules *rules, const char *name, struct error *err)
{
	struct strict_field field = { NULL, NULL };
	const struct dissector *protocol = protocols_find(name);

	if (!strcmp(name, "order")) {
		rules->order = true;
		return 0;
	}
	if (protocol) {
		add_protocol(&rules->strict_protocols, &rules->strict_protocol_count, protocol);
		return 0;
	}
	field.def = protocols_field(name, &field.dissector);
	if (!field.def)
		return unknown("--strict", name, err);
	rules->strict = mem_resize(rules->strict, rules->strict_count + 1, sizeof *rules->strict);
	rules->strict[rules->strict_count++] = field;
	return 0;
}

int compare_ignore(struct compare_rules *rules, const char *name, struct error *err)
{
	const struct dissector *protocol = protocols_find(name);
	const struct field_def *def;

	if (protocol) {
		add_protocol(&rules->ignored_protocols, &rules->ignored_protocol_count, protocol);
		return 0;
	}
	def = protocols_field(name, &protocol);
	if (!def)
		return unknown("--ignore", name, err);
	for (unsigned i = 0; i < sizeof port_names / sizeof *port_names; i++)
		rules->any_port |= !strcmp(port_names[i], name);
	rules->ignored = mem_resize(rules->ignored, rules->ignored_count + 1, sizeof *rules->ignored);
	rules->ignored[rules->ignored_count++] = def;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ what counts */

const struct field_def *rules_strict(const struct compare_rules *rules, size_t n, const struct dissector **dissector)
{
	if (n >= rules->strict_count)
		return NULL;
	*dissector = rules->strict[n].dissector;
	return rules->strict[n].def;
}

static bool is_strict(const struct compare_rules *rules, const struct field_def *def)
{
	for (size_t i = 0; i < rules->strict_count; i++)
		if (rules->strict[i].def == def)
			return true;
	return false;
}

bool rules_count_field(const struct compare_rules *rules, const struct field_def *def)
{
	for (size_t i = 0; i < rules->ignored_count; i++)
		if (rules->ignored[i] == def)
			return false;
	if (is_strict(rules, def))
		return true;
	if (def->type == FIELD_TIME || def->type == FIELD_DURATION || def->flags & (FIELD_FOLLOWED | FIELD_EITHER))
		return false;
	for (unsigned i = 0; i < sizeof always_ignored / sizeof *always_ignored; i++)
		if (!strcmp(always_ignored[i], def->name))
			return false;
	return true;
}

static bool among(const struct dissector *const *list, size_t count, const struct dissector *protocol)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == protocol)
			return true;
	return false;
}

bool rules_count_protocol(const struct compare_rules *rules, const struct dissector *protocol)
{
	return !among(rules->ignored_protocols, rules->ignored_protocol_count, protocol);
}

bool rules_count_port(const struct compare_rules *rules)
{
	return !rules->any_port;
}

bool rules_count_order(const struct compare_rules *rules)
{
	return rules->order;
}

/* What caches, routers and group members say comes when it comes: it counts only when it is asked for. */
static const struct plain {
	const char *protocol;
	bool always;
	uint8_t below; /* its first field is a type, and from this one on it is a network's own affair */
	const char *fields[3];
} plain_protocols[] = {
	{ "icmp", true, 0, { "icmp.type", "icmp.code" } },
	{ "icmpv6", true, 130, { "icmpv6.type", "icmpv6.code" } },
	{ "arp", false, 0, { "arp.opcode" } },
	{ "igmp", false, 0, { "igmp.type" } },
};

static uint64_t first_number(const struct packet *packet, const struct layer *layer)
{
	return layer->field_count ? packet->fields[layer->first_field].value.uint : 0;
}

const char *const *rules_plain_fields(const struct compare_rules *rules, const struct packet *packet,
				      const struct layer *layer)
{
	static const char *const none[] = { NULL };
	bool strict = among(rules->strict_protocols, rules->strict_protocol_count, layer->dissector);

	if (!rules_count_protocol(rules, layer->dissector))
		return NULL;
	for (unsigned i = 0; i < sizeof plain_protocols / sizeof *plain_protocols; i++) {
		const struct plain *plain = &plain_protocols[i];

		if (strcmp(plain->protocol, layer->dissector->name))
			continue;
		if (!strict && (!plain->always || (plain->below && first_number(packet, layer) >= plain->below)))
			return NULL;
		return plain->fields;
	}
	return strict ? none : NULL;
}
