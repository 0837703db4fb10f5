/* SPDX-License-Identifier: BSD-2-Clause */
/* What every dissector's tables promise to the loop, the outputs and the filters, held over all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "packet/dissect.h"
#include "packet/dissector.h"

/* A slot of the look-up tables has 7 bits for a dissector, and 0 says none. */
#define MOST_DISSECTORS 127
/* Lists of rows are octets that end with 0xff. */
#define MOST_ROWS 255
#define MOST_NAMES 4096

static const uint8_t widths[FIELD_TYPES] = { [FIELD_MAC] = 6, [FIELD_IPV4] = 4, [FIELD_IPV6] = 16 };

static const bool is_number[FIELD_TYPES] = {
	[FIELD_UINT] = true, [FIELD_HEX] = true, [FIELD_INT] = true, [FIELD_BOOL] = true,
};

static unsigned dissector_count(void)
{
	unsigned count = 0;

	while (dissector_list[count])
		count++;
	return count;
}

/* Calls check() with every row of every dissector. */
static void each_row(void (*check)(const struct dissector *d, unsigned row))
{
	for (unsigned i = 0; dissector_list[i]; i++)
		for (unsigned row = 0; row < dissector_list[i]->field_count; row++)
			check(dissector_list[i], row);
}

/* ------------------------------------------------------------------------------------------------ dissectors */

static void there_are_not_too_many(void **state)
{
	(void)state;
	assert_in_range(dissector_count(), 3, MOST_DISSECTORS);
	for (unsigned i = 0; dissector_list[i]; i++)
		if (dissector_list[i]->field_count >= MOST_ROWS)
			fail_msg("%s has %u rows", dissector_list[i]->name, dissector_list[i]->field_count);
}

static void each_says_what_it_is(void **state)
{
	(void)state;
	for (unsigned i = 0; dissector_list[i]; i++) {
		const struct dissector *d = dissector_list[i];

		assert_non_null(d->name);
		assert_true(*d->name);
		if (!d->title || !*d->title || !d->full_name || !*d->full_name || !d->reference || !*d->reference)
			fail_msg("%s: title, full name or reference is missing", d->name);
		if (!d->dissect)
			fail_msg("%s cannot dissect", d->name);
		if (!d->fields != !d->field_count)
			fail_msg("%s: %u rows and %s table", d->name, d->field_count, d->fields ? "a" : "no");
		if (!d->recognise != !d->surest || d->surest > 100)
			fail_msg("%s: surest is %u", d->name, d->surest);
	}
}

static void names_of_dissectors_differ(void **state)
{
	(void)state;
	for (unsigned i = 0; dissector_list[i]; i++)
		if (protocols_find(dissector_list[i]->name) != dissector_list[i])
			fail_msg("two dissectors are called %s", dissector_list[i]->name);
}

static unsigned binds_with(enum bind_space space, uint16_t key)
{
	unsigned count = 0;

	for (unsigned i = 0; dissector_list[i]; i++)
		for (const struct bind *b = dissector_list[i]->binds; b && b->space != BY_NONE; b++)
			count += b->space == space && b->key == key;
	return count;
}

static void bind_keys_are_unique(void **state)
{
	(void)state;
	for (unsigned i = 0; dissector_list[i]; i++)
		for (const struct bind *b = dissector_list[i]->binds; b && b->space != BY_NONE; b++) {
			if (b->space >= BY_AGAIN)
				fail_msg("%s is bound in a space without keys", dissector_list[i]->name);
			if (binds_with(b->space, b->key) != 1)
				fail_msg("%s: key %u of space %d is taken twice", dissector_list[i]->name, b->key,
					 (int)b->space);
		}
}

/* ------------------------------------------------------------------------------------------------ rows */

/* A name is looked up by users, so it leads to this row and to no other. */
static void check_unique(const struct dissector *d, unsigned row)
{
	const struct dissector *owner = NULL;

	if (protocols_field(d->fields[row].name, &owner) != &d->fields[row] || owner != d)
		fail_msg("two rows are called %s", d->fields[row].name);
}

/* "ipv6.fraghdr" is of the family "ipv6": its fields begin with "ipv6.". */
static void check_family(const struct dissector *d, unsigned row)
{
	size_t family = strcspn(d->name, ".");
	const char *name = d->fields[row].name;

	if (strncmp(name, d->name, family) != 0 || (name[family] != '.' && name[family] != '\0'))
		fail_msg("%s is a field of %s", name, d->name);
	if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-")])
		fail_msg("%s cannot be written in a filter", name);
}

static void check_label(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row];

	if (!def->label || !*def->label)
		fail_msg("%s has no label", def->name);
	if (def->help && !*def->help)
		fail_msg("%s has an empty help text", def->name);
}

static void check_width(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row];

	if (def->type >= FIELD_TYPES)
		fail_msg("%s is of no type", def->name);
	if (widths[def->type] && def->width != widths[def->type])
		fail_msg("%s is %u octets wide", def->name, def->width);
	if (is_number[def->type] && def->width > 8)
		fail_msg("%s: a number of %u octets", def->name, def->width);
}

static void check_role(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row];

	if (def->role >= FIELD_ROLES)
		fail_msg("%s plays no role there is", def->name);
	if (def->role != ROLE_NONE && !(def->flags & FIELD_BRIEF))
		fail_msg("%s plays a role but is dropped when only the line is shown", def->name);
}

static void check_mask(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row], *whole = def;
	uint64_t run;

	if (!def->mask)
		return;
	while (whole > d->fields && whole->mask)
		whole--;
	if (whole->mask)
		fail_msg("%s: no row without a mask stands before it", def->name);
	if (whole->flags & FIELD_EITHER || !is_number[whole->type] || !is_number[def->type])
		fail_msg("%s: bits of something that is no number", def->name);
	if (whole->width && whole->width < 8 && def->mask >> 8 * whole->width)
		fail_msg("%s: the mask is wider than %s", def->name, whole->name);
	run = def->mask >> __builtin_ctzll(def->mask);
	if (run & (run + 1))
		fail_msg("%s: the mask has a hole", def->name);
	if (def->type == FIELD_BOOL && run != 1)
		fail_msg("%s: a flag of several bits", def->name);
}

/* Bits that two rows claim would be shown twice. */
static void check_overlap(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row];

	for (unsigned other = row + 1; def->mask && other < d->field_count && d->fields[other].mask; other++)
		if (d->fields[other].mask & def->mask)
			fail_msg("%s and %s share bits", def->name, d->fields[other].name);
}

static void check_names(const struct dissector *d, unsigned row)
{
	const struct value_name *names = d->fields[row].names;

	if (names && !is_number[d->fields[row].type])
		fail_msg("%s has names for values that are no numbers", d->fields[row].name);
	for (unsigned i = 0; names && names[i].name; i++) {
		if (i == MOST_NAMES)
			fail_msg("%s: the list of value names has no end", d->fields[row].name);
		if (!*names[i].name)
			fail_msg("%s: an empty value name", d->fields[row].name);
		if (value_name(names, names[i].value) != names[i].name)
			fail_msg("%s: two names for the value %u", d->fields[row].name, (unsigned)names[i].value);
	}
}

static void check_either_row(const struct dissector *d, const struct field_def *def, unsigned row)
{
	if (row >= d->field_count)
		fail_msg("%s stands for row %u, which is not there", def->name, row);
	if (d->fields[row].flags & FIELD_EITHER || d->fields[row].type != def->type)
		fail_msg("%s stands for %s, which is of another kind", def->name, d->fields[row].name);
}

static void check_either(const struct dissector *d, unsigned row)
{
	const struct field_def *def = &d->fields[row];
	unsigned count = 0;

	if (!(def->flags & FIELD_EITHER) != !def->either)
		fail_msg("%s: the flag and the rows of `either` go together", def->name);
	if (!def->either)
		return;
	if (def->flags != FIELD_EITHER || def->role != ROLE_NONE || def->mask)
		fail_msg("%s is another name and can be nothing else", def->name);
	for (; def->either[count] != 0xff; count++)
		check_either_row(d, def, def->either[count]);
	if (count < 2)
		fail_msg("%s stands for less than two rows", def->name);
}

static void names_are_unique(void **state)
{
	(void)state;
	each_row(check_unique);
}

static void names_begin_with_the_family(void **state)
{
	(void)state;
	each_row(check_family);
}

static void rows_have_labels(void **state)
{
	(void)state;
	each_row(check_label);
}

static void widths_fit_types(void **state)
{
	(void)state;
	each_row(check_width);
}

static void roles_are_kept_in_brief(void **state)
{
	(void)state;
	each_row(check_role);
}

static void masks_fit_what_they_are_bits_of(void **state)
{
	(void)state;
	each_row(check_mask);
}

static void mask_rows_do_not_overlap(void **state)
{
	(void)state;
	each_row(check_overlap);
}

static void value_names_end_and_differ(void **state)
{
	(void)state;
	each_row(check_names);
}

static void either_rows_are_real(void **state)
{
	(void)state;
	each_row(check_either);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_not_too_many),
		cmocka_unit_test(each_says_what_it_is),
		cmocka_unit_test(names_of_dissectors_differ),
		cmocka_unit_test(bind_keys_are_unique),
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(names_begin_with_the_family),
		cmocka_unit_test(rows_have_labels),
		cmocka_unit_test(widths_fit_types),
		cmocka_unit_test(roles_are_kept_in_brief),
		cmocka_unit_test(masks_fit_what_they_are_bits_of),
		cmocka_unit_test(mask_rows_do_not_overlap),
		cmocka_unit_test(value_names_end_and_differ),
		cmocka_unit_test(either_rows_are_real),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
