/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of filters. */
#include "packet/filter_parts.h"

static bool made(struct filter *filter, const void *octets, size_t length, struct filter_value *out)
{
	uint8_t *at = filter_room_take(&filter->room, (uint32_t)length);

	if (at && length)
		memcpy(at, octets, length);
	*out = (struct filter_value){ .at = at, .length = (uint32_t)length };
	return at != NULL;
}

static bool length_of(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		      struct filter_value *out)
{
	(void)filter;
	*out = (struct filter_value){ .number = value->length };
	if (type_is_number(argument->type))
		out->number = argument->def->width;
	return true;
}

static bool changed(struct filter *filter, const struct filter_value *value, char first, struct filter_value *out)
{
	uint8_t *at = filter_room_take(&filter->room, value->length);

	for (uint32_t i = 0; at && i < value->length; i++) {
		uint8_t c = value->at[i];

		at[i] = c >= (uint8_t)first && c < (uint8_t)first + 26 ? c ^ 32 : c;
	}
	*out = (struct filter_value){ .at = at, .length = value->length };
	return at != NULL;
}

static bool upper(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		  struct filter_value *out)
{
	(void)argument;
	return changed(filter, value, 'a', out);
}

static bool lower(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		  struct filter_value *out)
{
	(void)argument;
	return changed(filter, value, 'A', out);
}

static char *put_int(char *at, __int128 number)
{
	if (number < 0)
		*at++ = '-';
	return put_uint(at, (uint64_t)(number < 0 ? -(unsigned __int128)number : (unsigned __int128)number));
}

static bool octets_string(struct filter *filter, const struct filter_value *value, struct filter_value *out)
{
	uint8_t *at = value->length ? filter_room_take(&filter->room, 3 * value->length) : NULL;

	if (!at)
		return false;
	put_mac((char *)at, value->at, value->length, ':');
	*out = (struct filter_value){ .at = at, .length = 3 * value->length - 1 };
	return true;
}

static bool string(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		   struct filter_value *out)
{
	char text[64], *end = text;

	switch (argument->type) {
	case TYPE_STRING:
		*out = *value;
		return true;
	case TYPE_IPV4:
		end = put_ipv4(text, (uint32_t)value->number);
		break;
	case TYPE_IPV6:
		end = put_ipv6(text, value->at);
		break;
	case TYPE_MAC:
	case TYPE_BYTES:
		return octets_string(filter, value, out);
	case TYPE_BOOL:
		return made(filter, value->number ? "True" : "False", value->number ? 4 : 5, out);
	case TYPE_DURATION:
		end = put_seconds(text, (int64_t)value->number, 9);
		break;
	default:
		end = put_int(text, value->number);
		break;
	}
	return made(filter, text, (size_t)(end - text), out);
}

static bool absolute(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		     struct filter_value *out)
{
	(void)filter;
	(void)argument;
	out->number = value->number;
	return value->number >= 0 || !__builtin_sub_overflow((__int128)0, value->number, &out->number);
}

static bool name(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		 struct filter_value *out)
{
	const char *known = value_name(argument->def->names, (uint64_t)value->number);

	(void)filter;
	*out = (struct filter_value){ .at = (const uint8_t *)known, .length = known ? (uint32_t)strlen(known) : 0 };
	return known != NULL;
}

static bool decimal(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
		    struct filter_value *out)
{
	char text[64];

	(void)argument;
	return made(filter, text, (size_t)(put_int(text, value->number) - text), out);
}

static bool hexadecimal(struct filter *filter, const struct filter_node *argument, const struct filter_value *value,
			struct filter_value *out)
{
	unsigned digits = argument->def && argument->def->width ? 2u * argument->def->width : 1;
	char text[64] = "0x", *end = text + 2;

	while (digits < 16 && (uint64_t)value->number >> 4 * digits)
		digits++;
	end = put_hex(end, (uint64_t)value->number, digits > 16 ? 16 : digits);
	return made(filter, text, (size_t)(end - text), out);
}

/* Of one value: false when there is no result. */
static bool (*const functions[FUNCTIONS])(struct filter *filter, const struct filter_node *argument,
					  const struct filter_value *value, struct filter_value *out) = {
	[FUNCTION_LEN] = length_of, [FUNCTION_UPPER] = upper, [FUNCTION_LOWER] = lower, [FUNCTION_STRING] = string,
	[FUNCTION_ABS] = absolute,  [FUNCTION_VALS] = name,   [FUNCTION_DEC] = decimal, [FUNCTION_HEX] = hexadecimal,
};

/* The least or greatest of all values that there are, whichever argument has them. */
static void extreme(struct filter *filter, const struct filter_step *step, int sign)
{
	const struct filter_value *best = NULL;

	for (unsigned i = 0; i < step->b; i++) {
		const struct filter_list *list = &filter->registers[step->a + i];

		for (unsigned k = 0; k < list->count; k++)
			if (!best || sign * filter_order(step->node->type, &list->values[k], best) > 0)
				best = &list->values[k];
	}
	if (best)
		filter_add(&filter->registers[step->out], *best);
}

void filter_call(struct filter *filter, const struct filter_step *step)
{
	const struct filter_list *a = &filter->registers[step->a];
	struct filter_list *out = &filter->registers[step->out];
	enum filter_function function = step->node->function;
	struct filter_value value;

	if (function == FUNCTION_MIN || function == FUNCTION_MAX) {
		extreme(filter, step, function == FUNCTION_MAX ? 1 : -1);
	} else if (function == FUNCTION_COUNT) {
		if (a->count)
			filter_add(out, (struct filter_value){ .number = a->count });
	} else {
		for (unsigned i = 0; i < a->count; i++)
			if (functions[function](filter, step->node->left, &a->values[i], &value))
				filter_add(out, value);
	}
}
