/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of one run: which protocol sits on which key, and which fields are wanted. */
#include "packet/protocols.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "packet/dissector.h"

#define KEYS 65536
#define FORCED 0x80 /* the user said so: no content and no other port may argue */

struct protocols {
	struct protocol *list;
	unsigned count;
	uint8_t *slots[BIND_SPACES]; /* by key: 0 nobody, else index + 1, perhaps with FORCED. One block, of
					which the system gives those pages that something is bound in */
	unsigned recognisers[16];
	unsigned recogniser_count;
	const struct protocol *frame, *owners, *data, *padding;
	int zone;
	bool brief; /* no field is wanted but those of summaries and columns */
};

static const struct {
	const char *name;
	enum bind_space space;
} space_names[] = {
	{ "udp.port", BY_UDP_PORT },   { "tcp.port", BY_TCP_PORT },       { "ethertype", BY_ETHERTYPE },
	{ "ip.proto", BY_IP_PROTO },   { "linktype", BY_LINKTYPE },     { "llc.dsap", BY_LLC_SAP },
	{ "icmp.ext.version", BY_ICMP_EXTENSION },
};

static const struct protocol *by_name(const struct protocols *protocols, const char *name)
{
	for (unsigned i = 0; i < protocols->count; i++)
		if (!strcmp(protocols->list[i].dissector->name, name))
			return &protocols->list[i];
	return NULL;
}

static void bind_all(struct protocols *protocols, unsigned index)
{
	const struct dissector *d = protocols->list[index].dissector;

	for (const struct bind *b = d->binds; b && b->space != BY_NONE; b++)
		protocols->slots[b->space][b->key] = (uint8_t)(index + 1);
	if (!d->recognise)
		return;
	if (protocols->recogniser_count == sizeof protocols->recognisers / sizeof *protocols->recognisers)
		bug("too many protocols recognise content");
	protocols->recognisers[protocols->recogniser_count++] = index;
}

static const struct protocol *required(const struct protocols *protocols, const char *name)
{
	const struct protocol *found = by_name(protocols, name);

	if (!found)
		bug("the protocol %s was not built in", name);
	return found;
}

struct protocols *protocols_new(void)
{
	struct protocols *protocols = mem_new(1, sizeof *protocols);

	while (dissector_list[protocols->count])
		protocols->count++;
	if (protocols->count >= FORCED)
		bug("more dissectors than a slot can name");
	protocols->list = mem_new(protocols->count, sizeof *protocols->list);
	protocols->slots[0] = mem_new(BIND_SPACES, KEYS);
	for (unsigned space = 1; space < BIND_SPACES; space++)
		protocols->slots[space] = protocols->slots[0] + (size_t)space * KEYS;
	for (unsigned i = 0; i < protocols->count; i++) {
		protocols->list[i].dissector = dissector_list[i];
		/* One row more: the walk over mask rows stops there. */
		protocols->list[i].want = mem_new(dissector_list[i]->field_count + 1, 1);
		bind_all(protocols, i);
	}
	protocols->frame = required(protocols, "frame");
	protocols->owners = required(protocols, "proc");
	protocols->data = required(protocols, "data");
	protocols->padding = required(protocols, "padding");
	return protocols;
}

void protocols_free(struct protocols *protocols)
{
	if (!protocols)
		return;
	free(protocols->slots[0]);
	for (unsigned i = 0; i < protocols->count; i++)
		free(protocols->list[i].want);
	free(protocols->list);
	free(protocols);
}

/* ------------------------------------------------------------------------------------------------ look-up */

bool protocols_know_link(const struct protocols *protocols, uint16_t link)
{
	return protocols_lookup(protocols, BY_LINKTYPE, link) || value_name(link_type_names, link);
}

const struct dissector *protocols_bound(const struct protocols *protocols, enum bind_space space, uint32_t key)
{
	const struct protocol *bound = protocols_lookup(protocols, space, key);

	return bound ? bound->dissector : NULL;
}

static uint8_t slot_of(const struct protocols *protocols, enum bind_space space, uint32_t key)
{
	return key < KEYS ? protocols->slots[space][key] : 0;
}

static const struct protocol *in_slot(const struct protocols *protocols, uint8_t slot)
{
	slot &= (uint8_t)~FORCED;
	return slot ? &protocols->list[slot - 1] : NULL;
}

const struct protocol *protocols_of(const struct protocols *protocols, const struct dissector *dissector)
{
	for (unsigned i = 0; i < protocols->count; i++)
		if (protocols->list[i].dissector == dissector)
			return &protocols->list[i];
	bug("the protocol %s was not built in", dissector->name);
}

const struct protocol *protocols_lookup(const struct protocols *protocols, enum bind_space space, uint32_t key)
{
	return in_slot(protocols, slot_of(protocols, space, key));
}

/* The protocol other than `bound` whose content test is the surest and says at least `least`. */
static __attribute__((noinline)) const struct protocol *recognised(const struct protocols *protocols,
								   const struct parse *p,
								   const struct protocol *bound, int least)
{
	const struct protocol *best = NULL;

	for (unsigned i = 0; i < protocols->recogniser_count; i++) {
		const struct protocol *candidate = &protocols->list[protocols->recognisers[i]];
		int sure;

		if (candidate == bound || candidate->dissector->surest < least)
			continue;
		sure = candidate->dissector->recognise(p->base + p->position, parse_left(p));
		if (sure >= least) {
			best = candidate;
			least = sure + 1;
		}
	}
	return best;
}

static const struct protocol *by_port(const struct protocols *protocols, const struct parse *p, uint8_t slot)
{
	const struct protocol *bound = in_slot(protocols, slot), *other;

	if (!parse_claimed(p))
		return bound && bound->dissector->takes_empty && p->next_space == BY_UDP_PORT ? bound : NULL;
	if (!parse_left(p))
		return NULL; /* cut before the first octet: nothing tells what it was */
	if (slot & FORCED || (bound && bound->dissector->any_content))
		return bound;
	other = recognised(protocols, p, bound, bound ? RECOGNISE_CERTAIN : RECOGNISE_LIKELY);
	return other ? other : bound;
}

const struct protocol *protocols_choose(const struct protocols *protocols, struct parse *p)
{
	uint8_t slot = slot_of(protocols, p->next_space, p->next_keys[0]);
	uint8_t other = slot_of(protocols, p->next_space, p->next_keys[1]);

	p->side = slot ? SIDE_TO_SERVER : other ? SIDE_FROM_SERVER : SIDE_UNKNOWN;
	if (!slot || (other & FORCED && !(slot & FORCED))) {
		slot = other;
		p->side = other ? SIDE_FROM_SERVER : SIDE_UNKNOWN;
	}
	if (p->next_space == BY_UDP_PORT || p->next_space == BY_TCP_PORT)
		return by_port(protocols, p, slot);
	return parse_claimed(p) ? in_slot(protocols, slot) : NULL;
}

const struct protocol *protocols_frame(const struct protocols *protocols)
{
	return protocols->frame;
}

const struct protocol *protocols_owners(const struct protocols *protocols)
{
	return protocols->owners;
}

const struct protocol *protocols_data(const struct protocols *protocols)
{
	return protocols->data;
}

const struct protocol *protocols_padding(const struct protocols *protocols)
{
	return protocols->padding;
}

/* ------------------------------------------------------------------------------------------------ decode as */

void bind_text(const struct bind *bind, char *text, size_t size)
{
	const char *space = NULL;

	for (unsigned i = 0; i < sizeof space_names / sizeof *space_names; i++)
		if (space_names[i].space == bind->space)
			space = space_names[i].name;
	if (!space)
		bug("number space %d has no name", (int)bind->space);
	snprintf(text, size, bind->space == BY_ETHERTYPE ? "%s==0x%04x" : "%s==%u", space, bind->key);
}

static int space_of(const char *name, size_t length, struct error *err)
{
	for (unsigned i = 0; i < sizeof space_names / sizeof *space_names; i++)
		if (strlen(space_names[i].name) == length && !memcmp(space_names[i].name, name, length))
			return (int)space_names[i].space;
	return error_set(err, "-d %.*s: no such table; use udp.port, tcp.port, ethertype, ip.proto or llc.dsap",
			 (int)length, name);
}

static int keys_of(const char *text, size_t length, unsigned long key[2])
{
	char copy[32], *end;

	if (length >= sizeof copy || !length)
		return -1;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (copy[0] < '0' || copy[0] > '9')
		return -1;
	key[0] = key[1] = strtoul(copy, &end, 0);
	if (*end == '-' && end[1] >= '0' && end[1] <= '9')
		key[1] = strtoul(end + 1, &end, 0);
	return *end || key[1] >= KEYS || key[0] > key[1] ? -1 : 0;
}

static int no_protocol(const char *name, struct error *err)
{
	const char *names[FORCED + 1] = { NULL }, *near;

	for (unsigned i = 0; dissector_list[i] && i < FORCED; i++)
		names[i] = dissector_list[i]->name;
	near = nearest(name, names);
	return error_set(err, "-d: no protocol '%s'%s%s%s", name, near ? "; did you mean '" : "", near ? near : "",
			 near ? "'?" : "; see sonde list protocols");
}

int protocols_decode_as(struct protocols *protocols, const char *rule, struct error *err)
{
	const char *equals = strstr(rule, "=="), *comma = strchr(rule, ',');
	const struct protocol *protocol;
	unsigned long key[2];
	int space;

	if (!equals || !comma || comma < equals)
		return error_set(err, "-d %s: not a rule; write it as udp.port==9999,date", rule);
	space = space_of(rule, (size_t)(equals - rule), err);
	if (space < 0)
		return -1;
	if (keys_of(equals + 2, (size_t)(comma - equals - 2), key) < 0)
		return error_set(err, "-d %s: '%.*s' is not a number or a range from 0 to 65535", rule,
				 (int)(comma - equals - 2), equals + 2);
	protocol = by_name(protocols, comma + 1);
	if (!protocol)
		return no_protocol(comma + 1, err);
	for (unsigned long k = key[0]; k <= key[1]; k++)
		protocols->slots[space][k] = (uint8_t)((protocol - protocols->list + 1) | FORCED);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ wanted fields */

/* A row whose mask rows are wanted must be read as parts, whether or not it is wanted itself. */
static void mark_parts(struct protocol *protocol)
{
	const struct field_def *fields = protocol->dissector->fields;
	unsigned whole = 0;

	for (unsigned row = 0; row < protocol->dissector->field_count; row++) {
		if (!fields[row].mask)
			whole = row;
		else if (protocol->want[row])
			protocol->want[whole] |= WANT_PARTS;
		protocol->wanted |= protocol->want[row] != 0;
	}
}

static void want_flagged(struct protocols *protocols, unsigned flag)
{
	for (unsigned i = 0; i < protocols->count; i++) {
		struct protocol *protocol = &protocols->list[i];
		const struct field_def *fields = protocol->dissector->fields;

		for (unsigned row = 0; row < protocol->dissector->field_count; row++)
			if (!(fields[row].flags & (FIELD_EITHER | FIELD_ALIAS)) && (!flag || fields[row].flags & flag))
				protocol->want[row] |= WANT_VALUE;
		mark_parts(protocol);
	}
}

void protocols_want_all(struct protocols *protocols)
{
	protocols->brief = false;
	want_flagged(protocols, 0);
}

bool parse_is_brief(const struct parse *p)
{
	return p->protocols->brief;
}

void protocols_want_brief(struct protocols *protocols)
{
	protocols->brief = true;
	want_flagged(protocols, FIELD_BRIEF);
}

static struct protocol *owner_of(const struct protocols *protocols, const struct field_def *def)
{
	for (unsigned i = 0; i < protocols->count; i++) {
		const struct dissector *d = protocols->list[i].dissector;

		if (def >= d->fields && def < d->fields + d->field_count)
			return &protocols->list[i];
	}
	bug("%s belongs to no protocol", def->name);
}

void protocols_want_field(struct protocols *protocols, const struct field_def *def)
{
	protocols->brief = false;
	protocols_want_also(protocols, def);
}

void protocols_want_also(struct protocols *protocols, const struct field_def *def)
{
	struct protocol *protocol = owner_of(protocols, def);
	const struct field_def *fields = protocol->dissector->fields;

	if (!(def->flags & FIELD_EITHER))
		protocol->want[def - fields] |= WANT_VALUE;
	for (const uint8_t *row = def->either; row && *row != 0xff; row++)
		protocol->want[*row] |= WANT_VALUE;
	mark_parts(protocol);
}

bool protocols_wants(const struct protocols *protocols, const struct field_def *def)
{
	const struct protocol *protocol = owner_of(protocols, def);

	return protocol->want[def - protocol->dissector->fields] & WANT_VALUE;
}

void protocols_want_roles(struct protocols *protocols)
{
	for (unsigned i = 0; i < protocols->count; i++) {
		struct protocol *protocol = &protocols->list[i];

		for (unsigned row = 0; row < protocol->dissector->field_count; row++)
			if (protocol->dissector->fields[row].role)
				protocol->want[row] |= WANT_VALUE;
		mark_parts(protocol);
	}
}

static bool has_roles(const struct dissector *dissector)
{
	for (unsigned row = 0; row < dissector->field_count; row++)
		if (dissector->fields[row].role)
			return true;
	return false;
}

/* What -d puts behind ports may be anything: a tunnel has conversations of its own. */
void protocols_leave_out(struct protocols *protocols)
{
	for (unsigned i = 0; i < protocols->count; i++) {
		const struct dissector *dissector = protocols->list[i].dissector;

		protocols->list[i].left_out = (dissector->recognise || dissector->any_content) && !has_roles(dissector);
	}
}

/* ------------------------------------------------------------------------------------------------ names */

const struct dissector *tables_find(const struct dissector *const *tables, const char *name)
{
	for (unsigned i = 0; tables[i]; i++)
		if (!strcmp(tables[i]->name, name))
			return tables[i];
	return NULL;
}

const struct field_def *tables_field(const struct dissector *const *tables, const char *name,
				     const struct dissector **dissector)
{
	for (unsigned i = 0; tables[i]; i++)
		for (unsigned row = 0; row < tables[i]->field_count; row++)
			if (!strcmp(tables[i]->fields[row].name, name)) {
				*dissector = tables[i];
				return &tables[i]->fields[row];
			}
	return NULL;
}

const char *tables_nearest_field(const struct dissector *const *tables, const char *word)
{
	const char **names = NULL, *near;
	size_t count = 0;

	for (unsigned i = 0; tables[i]; i++) {
		names = mem_resize(names, count + tables[i]->field_count + 1, sizeof *names);
		for (unsigned row = 0; row < tables[i]->field_count; row++)
			names[count++] = tables[i]->fields[row].name;
		names[count] = NULL;
	}
	near = nearest(word, names);
	free(names);
	return near;
}

const struct dissector *protocols_find(const char *name)
{
	return tables_find(dissector_list, name);
}

const struct field_def *protocols_field(const char *name, const struct dissector **dissector)
{
	return tables_field(dissector_list, name, dissector);
}

const char *protocols_nearest_field(const char *word)
{
	return tables_nearest_field(dissector_list, word);
}

void protocols_set_zone(struct protocols *protocols, int seconds_east)
{
	protocols->zone = seconds_east;
}

int parse_zone(const struct parse *p)
{
	return p->protocols->zone;
}

const char *value_name(const struct value_name *names, uint64_t value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}
