/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters over other tables than the dissectors', and what is known of them beforehand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "packet/filter.h"

enum { COLOUR, PRICE, WEIGHT, NUMBER, NAME, ROWS };

static const struct value_name colours[] = { { 1, "red" }, { 2, "green" }, { 0, NULL } };
static const uint8_t numbers[] = { PRICE, WEIGHT, 0xff };

static const struct field_def rows[ROWS] = {
	[COLOUR] = { .name = "colour", .label = "Colour", .type = FIELD_UINT, .names = colours },
	[PRICE] = { .name = "price", .label = "Price", .type = FIELD_UINT },
	[WEIGHT] = { .name = "weight.net", .label = "Weight", .type = FIELD_UINT },
	[NUMBER] = { .name = "number", .type = FIELD_UINT, .flags = FIELD_EITHER, .either = numbers },
	[NAME] = { .name = "name", .label = "Name", .type = FIELD_STRING },
};
static const struct dissector fruit = { .name = "fruit", .full_name = "Fruit", .fields = rows, .field_count = ROWS };
static const struct dissector *const tables[] = { &fruit, NULL };
static const struct filter_names names = { tables, "column", "sonde help", "fruit", false };

static struct filter *compiled(const char *expression)
{
	struct error err = { "" };
	struct filter *filter = filter_compile_for(&names, expression, &err);

	if (!filter)
		fail_msg("%s: %s", expression, err.text);
	return filter;
}

static void test_runs(void **state)
{
	struct packet *apple = mem_new(1, sizeof *apple);
	struct filter *filter;

	(void)state;
	apple->layer_count = 1;
	apple->layers[0] = (struct layer){ .dissector = &fruit, .field_count = 3 };
	apple->field_count = 3;
	apple->fields[0] = (struct field){ .def = &rows[COLOUR], .value.uint = 1 };
	apple->fields[1] = (struct field){ .def = &rows[PRICE], .value.uint = 30 };
	apple->fields[2] = (struct field){ .def = &rows[NAME], .length = 5, .value.bytes = (const uint8_t *)"apple" };
	filter = compiled("colour == \"red\" && number > 20 and name contains \"pp\" and fruit");
	assert_true(filter_run(filter, apple));
	filter_free(filter);
	filter = compiled("colour == \"green\" or weight.net");
	assert_false(filter_run(filter, apple));
	filter_free(filter);
	free(apple);
}

static void test_reads(void **state)
{
	struct filter *filter = compiled("number > 20");

	(void)state;
	assert_true(filter_reads_field(filter, &rows[PRICE]));
	assert_true(filter_reads_field(filter, &rows[WEIGHT]));
	assert_false(filter_reads_field(filter, &rows[COLOUR]));
	filter_free(filter);
}

static const struct {
	const char *expression;
	bool red, green;
} expectations[] = {
	{ "", true, true },
	{ "colour == 1", true, false },
	{ "colour != \"red\"", false, true },
	{ "1 < colour", false, true },
	{ "1 <= colour", true, true },
	{ "colour < 2 or colour > 2", true, false },
	{ "colour >= 2 and price == 1", false, true },
	{ "colour <= 1 or price == 1", true, true },
	{ "not colour == 1", false, true },
	{ "not (colour == 1 or price == 1)", false, true },
	{ "not (colour == 1 and price == 1)", true, true },
	{ "colour in {2..5}", false, true },
	{ "colour in {\"red\", 7}", true, false },
	{ "colour == 1 xor price == 1", true, true },
	{ "colour + 1 == 2", true, true },
	{ "colour == price", true, true },
	{ "price in {5}", true, true },
	{ "colour", true, true },
};

static void test_may_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
		struct filter *filter = compiled(expectations[i].expression);

		if (filter_may_pass(filter, &rows[COLOUR], 1) != expectations[i].red ||
		    filter_may_pass(filter, &rows[COLOUR], 2) != expectations[i].green)
			fail_msg("%s: not what is expected", expectations[i].expression);
		filter_free(filter);
	}
}

static const struct {
	const char *expression, *text;
} refusals[] = {
	{ "prize > 20", "no column 'prize'; did you mean 'price'?\n  prize > 20\n  ^~~~~\n  price > 20" },
	{ "udp.port == 5", "no column 'udp.port'; see sonde help\n  udp.port == 5\n  ^~~~~~~~" },
	{ "colour == \"reed\"", "no value of colour has this name; did you mean \"red\"?\n  colour == \"reed\"\n"
				"            ^~~~~~\n  colour == \"red\"" },
	{ "port 5", "this does not fit here: 'and', 'or' or a comparison is expected\n  port 5\n       ^" },
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct error err = { "" };

		assert_null(filter_compile_for(&names, refusals[i].expression, &err));
		assert_string_equal(err.text, refusals[i].text);
	}
}

static void test_explained(void **state)
{
	struct filter *filter = compiled("price > 20");
	struct text out = { 0 };

	(void)state;
	filter_explain(filter, &out);
	assert_memory_equal(out.data, "A fruit passes when\n", 20);
	text_release(&out);
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),     cmocka_unit_test(test_reads),     cmocka_unit_test(test_may_pass),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
