/* SPDX-License-Identifier: BSD-2-Clause */
/* What routers add to their errors: labels and interfaces. */
#include <string.h>

#include "probe/answer_parts.h"
#include "probe/answer_rows.h"

/* What a field goes into; NULL: there is no room, or nothing began. */
struct reading {
	struct answer *answer;
	struct answer_label label;
	struct answer_interface *interface;
};

static void take_label(struct reading *reading, const struct field *field)
{
	reading->label = (struct answer_label){ .label = (uint32_t)field->value.uint };
}

static void take_exp(struct reading *reading, const struct field *field)
{
	reading->label.exp = (uint8_t)field->value.uint;
}

static void take_bottom(struct reading *reading, const struct field *field)
{
	reading->label.bottom = field->value.uint != 0;
}

/* Each entry of a stack ends with it. */
static void take_ttl(struct reading *reading, const struct field *field)
{
	struct answer *answer = reading->answer;

	reading->label.ttl = (uint8_t)field->value.uint;
	if (answer->label_count < ANSWER_LABELS)
		answer->labels[answer->label_count++] = reading->label;
}

/* Each interface begins with it. */
static void take_role(struct reading *reading, const struct field *field)
{
	struct answer *answer = reading->answer;

	reading->interface = NULL;
	if (answer->interface_count == ANSWER_INTERFACES)
		return;
	reading->interface = &answer->interfaces[answer->interface_count++];
	reading->interface->role = (uint8_t)field->value.uint;
}

static void take_index(struct reading *reading, const struct field *field)
{
	reading->interface->has_index = true;
	reading->interface->index = (uint32_t)field->value.uint;
}

static void take_mtu(struct reading *reading, const struct field *field)
{
	reading->interface->has_mtu = true;
	reading->interface->mtu = (uint32_t)field->value.uint;
}

static void take_address(struct reading *reading, const struct field *field)
{
	answer_field_address(field, &reading->interface->address);
}

static void take_name(struct reading *reading, const struct field *field)
{
	size_t room = sizeof reading->interface->name - 1, length = field->length < room ? field->length : room;

	memcpy(reading->interface->name, field->value.bytes, length);
	reading->interface->name[length] = '\0';
}

static void take_status(struct reading *reading, const struct field *field)
{
	reading->answer->bad_extension |= field->value.uint == CHECKSUM_BAD;
}

static const struct {
	enum answer_fact fact;
	bool of_interface;
	void (*take)(struct reading *reading, const struct field *field);
} takers[] = {
	{ FACT_CHECKSUM, false, take_status }, { FACT_MPLS_LABEL, false, take_label },
	{ FACT_MPLS_EXP, false, take_exp },    { FACT_MPLS_BOTTOM, false, take_bottom },
	{ FACT_MPLS_TTL, false, take_ttl },    { FACT_ROLE, false, take_role },
	{ FACT_INDEX, true, take_index },      { FACT_IPV4, true, take_address },
	{ FACT_IPV6, true, take_address },     { FACT_NAME, true, take_name },
	{ FACT_MTU, true, take_mtu },
};

static void take(struct reading *reading, const struct field *field)
{
	enum answer_fact fact = answer_fact_of(PART_EXTENSION, field);

	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
		if (takers[i].fact == fact && (!takers[i].of_interface || reading->interface))
			takers[i].take(reading, field);
}

void answer_extension_read(const struct packet *packet, struct answer *answer)
{
	struct reading reading = { .answer = answer };

	for (unsigned at = 0; at < packet->layer_count; at++) {
		const struct layer *layer = &packet->layers[at];

		if (answer_part(layer) != PART_EXTENSION)
			continue;
		answer->bad_extension |= layer->state == LAYER_MALFORMED;
		for (unsigned i = 0; i < layer->field_count; i++)
			take(&reading, &packet->fields[layer->first_field + i]);
	}
}
