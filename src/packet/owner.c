/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a packet is, in words and under the names that Wireshark has for it. */
#include "packet/owner.h"

#include "packet/dissector.h"
#include "packet/protocols.h"

#define SHOWN 3 /* processes of one socket in a line */

const struct value_name owner_certainty_names[] = {
	{ OWNER_UNKNOWN, "unknown" },
	{ OWNER_REMEMBERED, "remembered" },
	{ OWNER_PORT, "port" },
	{ OWNER_EXACT, "exact" },
	{ 0, NULL },
};

const struct value_name owner_end_names[] = {
	{ OWNER_SOURCE, "source" },
	{ OWNER_DESTINATION, "destination" },
	{ 0, NULL },
};

/* ------------------------------------------------------------------------------------------------ words */

static void say_process(const struct process *process, struct text *out)
{
	if (process->name)
		text_escaped(out, process->name, strlen(process->name));
	else
		text_string(out, "pid");
	text_char(out, ' ');
	text_uint(out, process->pid);
}

static void say_end(const struct owner *owner, struct text *out)
{
	unsigned shown = owner->count < SHOWN ? owner->count : SHOWN;

	for (unsigned i = 0; i < shown; i++) {
		text_string(out, i ? ", " : "");
		say_process(owner->processes[i], out);
	}
	if (owner->count && (owner->count > shown || owner->more))
		text_string(out, ", ...");
	if (owner->certainty != OWNER_EXACT || !owner->count)
		text_char(out, '?');
}

void summary_owners(const struct frame *frame, struct text *out)
{
	const struct owner *source = frame->owners[OWNER_SOURCE], *destination = frame->owners[OWNER_DESTINATION];

	if (!(source && source->count) && !(destination && destination->count))
		return;
	if (source)
		say_end(source, out);
	text_string(out, source ? " >" : ">");
	if (!destination)
		return;
	text_char(out, ' ');
	say_end(destination, out);
}

/* ------------------------------------------------------------------------------------------------ Wireshark's names */

/* In the order of OWNER_ROWS. */
enum part { PART_PID, PART_UID, PART_USER, PART_NAME, PARTS };

struct aliases {
	struct note notes[OWNER_ENDS * PARTS * OWNERS_MOST];
	unsigned count;
};

static void add_number(struct aliases *aliases, const struct field_def *def, uint64_t value)
{
	aliases->notes[aliases->count++] = (struct note){ .def = def, .value.uint = value };
}

static void add_text(struct aliases *aliases, const struct field_def *def, const char *text)
{
	if (text)
		aliases->notes[aliases->count++] = (struct note){
			.def = def,
			.value.bytes = (const uint8_t *)text,
			.length = (uint32_t)strlen(text),
		};
}

static void add_part(struct aliases *aliases, const struct field_def *def, enum part part,
		     const struct process *process)
{
	switch (part) {
	case PART_PID:
		add_number(aliases, def, process->pid);
		break;
	case PART_UID:
		if (process->has_uid)
			add_number(aliases, def, process->uid);
		break;
	case PART_USER:
		add_text(aliases, def, process->user);
		break;
	default:
		add_text(aliases, def, process->name);
	}
}

static unsigned first_transport(const struct packet *packet)
{
	unsigned i = packet->first_layer;

	while (i < packet->layer_count && !packet->layers[i].quoted && !packet->layers[i].dissector->owner_rows)
		i++;
	return i < packet->layer_count && !packet->layers[i].quoted ? i : packet->layer_count;
}

/* In a tunnel the owners are those of the outer ports. */
void owner_aliases(const struct protocols *protocols, struct packet *packet)
{
	static const uint8_t unwanted[OWNER_ROW_COUNT];
	unsigned layer = first_transport(packet), first;
	const struct protocol *protocol;
	struct aliases aliases;

	if (layer == packet->layer_count)
		return;
	aliases.count = 0;
	protocol = protocols_of(protocols, packet->layers[layer].dissector);
	first = protocol->dissector->owner_rows;
	if (!memcmp(&protocol->want[first], unwanted, sizeof unwanted))
		return;
	for (unsigned row = 0; row < OWNER_ROW_COUNT; row++) {
		const struct owner *owner = packet->frame->owners[row / PARTS];

		for (unsigned i = 0; owner && i < owner->count && protocol->want[first + row]; i++)
			add_part(&aliases, &protocol->dissector->fields[first + row], row % PARTS, owner->processes[i]);
	}
	packet_note(packet, layer, aliases.notes, aliases.count);
}
