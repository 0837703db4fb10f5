/* SPDX-License-Identifier: BSD-2-Clause */
/* Two runs of an exercise compared: what counts, what does not, and how differences are told. */
#include "comparing.h"

static void what_varies_does_not_count(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	udp(&e->runs[MODEL], CLIENT, DATE_SERVER, "");
	udp(&e->runs[MODEL], DATE_SERVER, CLIENT, NOON);
	e->runs[OTHER].frame.time += 86400000000000;
	udp(&e->runs[OTHER], OTHER_CLIENT, OTHER_DATE_SERVER, "");
	udp(&e->runs[OTHER], OTHER_DATE_SERVER, OTHER_CLIENT, LATER);
	assert_string_equal(differences(e), "");
	assert_int_equal(e->comparison.same, 2);
	assert_int_equal(e->comparison.conversation_count, 1);
	exercise_free(e);
}

static void the_form_of_a_date_counts(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	udp(&e->runs[MODEL], DATE_SERVER, CLIENT, NOON);
	udp(&e->runs[OTHER], DATE_SERVER, CLIENT, "Date: 2026-01-31 12:00:00");
	assert_string_equal(
		differences(e),
		"changed 1 1 server>client date reply [-] date.words \"<date.text>\\n\" \"Date: <date.text>\"\n"
		"changed 1 1 server>client date reply [-] date.format \"python\" \"python-nofraction\"\n");
	exercise_free(e);
}

static void missing_extra_and_changed(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		udp(&e->runs[i], CLIENT, ECHO_SERVER, "one");
		if (i == MODEL)
			udp(&e->runs[i], ECHO_SERVER, CLIENT, "one");
		udp(&e->runs[i], CLIENT, ECHO_SERVER, "two");
		udp(&e->runs[i], ECHO_SERVER, CLIENT, i == MODEL ? "two" : "TWO");
		if (i == OTHER)
			udp(&e->runs[i], CLIENT, ECHO_SERVER, "three");
	}
	assert_string_equal(differences(e),
			    "missing 2 0 server>client echo response [response 3 octets \"one\", after 1.0 ms] - - -\n"
			    "changed 4 3 server>client echo response [-] echo.data \"two\" \"TWO\"\n"
			    "extra 0 4 client>server echo request [request 5 octets \"three\"] - - -\n");
	exercise_free(e);
}

static void what_is_at_another_place_is_told_once(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		udp(&e->runs[i], CLIENT, ECHO_SERVER, i == MODEL ? "one" : "two");
		udp(&e->runs[i], CLIENT, ECHO_SERVER, i == MODEL ? "two" : "one");
	}
	assert_non_null(strstr(differences(e), "moved "));
	assert_int_equal(e->comparison.count, 1);
	assert_int_equal(e->comparison.same, 1);
	exercise_free(e);
}

/* One side's messages are in order; how they lie between the other's is a matter of time, unless it is asked for. */
static void only_the_order_of_a_side_counts(void **unused)
{
	for (unsigned strict = 0; strict < 2; strict++) {
		struct exercise *e = exercise_new();

		(void)unused;
		if (strict)
			assert_int_equal(compare_strict(e->rules, "order", &e->runs[0].err), 0);
		udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, "a");
		udp(&e->runs[MODEL], ECHO_SERVER, CLIENT, "a");
		udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, "b");
		udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "a");
		udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "b");
		udp(&e->runs[OTHER], ECHO_SERVER, CLIENT, "a");
		differences(e);
		assert_int_equal(e->comparison.count, strict);
		exercise_free(e);
	}
}

static void a_wrong_port_is_told_unless_it_is_ignored(void **unused)
{
	const struct end wrong = { 0x0a000001, 5556 };

	(void)unused;
	for (unsigned ignored = 0; ignored < 2; ignored++) {
		struct exercise *e = exercise_new();

		if (ignored)
			assert_int_equal(compare_ignore(e->rules, "udp.port", &e->runs[0].err), 0);
		udp(&e->runs[MODEL], CLIENT, DATE_SERVER, "date");
		udp(&e->runs[MODEL], DATE_SERVER, CLIENT, NOON);
		udp(&e->runs[OTHER], CLIENT, wrong, "date");
		udp(&e->runs[OTHER], wrong, CLIENT, LATER);
		differences(e);
		if (!ignored)
			assert_non_null(strstr(e->told.data, "changed 1 1 ->- - [-] server port 5555 5556\n"));
		else
			assert_null(strstr(e->told.data, "server port"));
		assert_int_equal(e->comparison.conversation_count, 1);
		exercise_free(e);
	}
}

static void rules_are_names(void **unused)
{
	struct exercise *e = exercise_new();
	struct error err;

	(void)unused;
	assert_int_equal(compare_strict(e->rules, "ip.tttl", &err), -1);
	assert_string_equal(err.text, "--strict ip.tttl: no such field or protocol; did you mean ip.ttl?");
	assert_int_equal(compare_ignore(e->rules, "nobody_has_that_name", &err), -1);
	assert_non_null(strstr(err.text, "see sonde list fields"));
	assert_int_equal(compare_strict(e->rules, "ip.src", &err), 0);
	assert_int_equal(compare_ignore(e->rules, "echo.data", &err), 0);
	udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, "one");
	udp(&e->runs[OTHER], OTHER_CLIENT, OTHER_ECHO_SERVER, "two");
	assert_string_equal(differences(e), "changed 1 1 client>server echo request [-] ip.src 10.0.0.2 192.168.1.5\n");
	exercise_free(e);
}

static void a_protocol_can_be_left_out(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	assert_int_equal(compare_ignore(e->rules, "echo", &e->runs[0].err), 0);
	udp(&e->runs[MODEL], CLIENT, DATE_SERVER, "date");
	udp(&e->runs[OTHER], CLIENT, DATE_SERVER, "date");
	udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "two");
	assert_string_equal(differences(e), "");
	assert_int_equal(e->comparison.conversation_count, 1);
	exercise_free(e);
}

static void whole_conversations_are_missing_or_extra(void **unused)
{
	struct exercise *e = exercise_new();

	(void)unused;
	udp(&e->runs[MODEL], CLIENT, DATE_SERVER, "date");
	udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "two");
	assert_string_equal(differences(e), "missing 1 0 ->- - [-] - - -\nextra 0 1 ->- - [-] - - -\n");
	assert_int_equal(e->comparison.conversation_count, 2);
	exercise_free(e);
}

/* Similar ones find each other, whatever their order. */
static void conversations_are_matched_by_what_is_said(void **unused)
{
	static const char *const lines[] = { "apple", "pear", "plum" };
	struct exercise *e = exercise_new();

	(void)unused;
	for (unsigned i = 0; i < 3; i++)
		for (unsigned n = 0; n < 3; n++) {
			const struct end from = { CLIENT.address, (uint16_t)(41000 + i) };
			const struct end reverse = { CLIENT.address, (uint16_t)(42000 - i) };

			udp(&e->runs[MODEL], from, ECHO_SERVER, lines[(i + n) % 3]);
			udp(&e->runs[OTHER], reverse, ECHO_SERVER, lines[(2 - i + n) % 3]);
		}
	assert_string_equal(differences(e), "");
	exercise_free(e);
}

static void answers_to_everybody_belong_to_who_asked(void **unused)
{
	const struct end all = { 0xffffffff, 5555 }, second = { 0x0a000003, 5555 };
	struct exercise *e = exercise_new();

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		udp(&e->runs[i], CLIENT, all, "");
		udp(&e->runs[i], DATE_SERVER, CLIENT, NOON);
		if (i == MODEL)
			udp(&e->runs[i], second, CLIENT, NOON);
	}
	assert_non_null(
		strstr(differences(e), "missing 3 0 server 2>client date reply [reply 2026-01-31 12:00:00.000001"));
	assert_int_equal(e->comparison.count, 1);
	assert_int_equal(e->comparison.conversation_count, 1);
	exercise_free(e);
}

/* An ICMP error stands in the conversation that it is about. */
static void a_refusal_belongs_to_its_conversation(void **unused)
{
	struct exercise *e = exercise_new();
	struct run *other = &e->runs[OTHER];
	uint8_t quoted[28];

	(void)unused;
	udp(&e->runs[MODEL], CLIENT, DATE_SERVER, "");
	udp(other, CLIENT, DATE_SERVER, "");
	memcpy(quoted, other->data, sizeof quoted);
	memset(other->data + 20, 0, 8);
	other->data[20] = other->data[21] = 3;
	memcpy(other->data + 28, quoted, sizeof quoted);
	seen(other, 1, DATE_SERVER.address, CLIENT.address, 8 + sizeof quoted);
	assert_non_null(strstr(differences(e), "extra 0 2 server>client icmp ["));
	assert_int_equal(e->comparison.conversation_count, 1);
	exercise_free(e);
}

static void the_networks_own_affairs_count_on_request(void **unused)
{
	(void)unused;
	for (unsigned strict = 0; strict < 2; strict++) {
		struct exercise *e = exercise_new();

		if (strict)
			assert_int_equal(compare_strict(e->rules, "igmp", &e->runs[0].err), 0);
		memset(e->runs[OTHER].data + 20, 0, 8);
		e->runs[OTHER].data[20] = 0x16;
		seen(&e->runs[OTHER], 2, CLIENT.address, 0xe0000016, 8);
		differences(e);
		assert_int_equal(e->comparison.count, strict);
		exercise_free(e);
	}
}

/* A second interface has seen it too; the same way again, it was sent again. */
static void second_copies_do_not_count(void **unused)
{
	struct interface interfaces[2] = { { .id = 0 }, { .id = 1 } };
	struct exercise *e = exercise_new();
	struct run *other = &e->runs[OTHER];

	(void)unused;
	udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, "one");
	other->frame.interface = &interfaces[0];
	udp(other, CLIENT, ECHO_SERVER, "one");
	other->frame.interface = &interfaces[1];
	udp(other, CLIENT, ECHO_SERVER, "one");
	assert_string_equal(differences(e), "");
	exercise_free(e);
	e = exercise_new();
	udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, "one");
	udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "one");
	udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, "one");
	differences(e);
	assert_int_equal(e->comparison.count, 1);
	exercise_free(e);
}

static void long_values_show_where_they_differ(void **unused)
{
	struct exercise *e = exercise_new();
	char one[301], other[301];

	(void)unused;
	memset(one, 'a', 300);
	one[300] = '\0';
	memcpy(other, one, sizeof one);
	other[250] = '\033';
	udp(&e->runs[MODEL], CLIENT, ECHO_SERVER, one);
	udp(&e->runs[OTHER], CLIENT, ECHO_SERVER, other);
	assert_string_equal(differences(e),
			    "changed 1 1 client>server echo request [-] echo.data "
			    "...\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" "
			    "...\"aaaaaaaaaaaaaaaaaaaa\\x1baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n");
	exercise_free(e);
}

static void too_much_is_refused(void **unused)
{
	struct exercise *e = exercise_new();
	struct run *run = &e->runs[MODEL];

	(void)unused;
	for (uint32_t i = 0; i <= TRANSCRIPT_CONVERSATIONS_MAX; i++) {
		const struct end from = { 0x0a010000 + (i >> 12), (uint16_t)(1024 + (i & 0xfff)) };

		assert_int_equal(run->status, 0);
		udp(run, from, ECHO_SERVER, "x");
	}
	assert_int_equal(run->status, -1);
	assert_non_null(strstr(run->err.text, "choose with -Y"));
	exercise_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_varies_does_not_count),
		cmocka_unit_test(the_form_of_a_date_counts),
		cmocka_unit_test(missing_extra_and_changed),
		cmocka_unit_test(what_is_at_another_place_is_told_once),
		cmocka_unit_test(only_the_order_of_a_side_counts),
		cmocka_unit_test(a_wrong_port_is_told_unless_it_is_ignored),
		cmocka_unit_test(rules_are_names),
		cmocka_unit_test(a_protocol_can_be_left_out),
		cmocka_unit_test(whole_conversations_are_missing_or_extra),
		cmocka_unit_test(conversations_are_matched_by_what_is_said),
		cmocka_unit_test(answers_to_everybody_belong_to_who_asked),
		cmocka_unit_test(a_refusal_belongs_to_its_conversation),
		cmocka_unit_test(the_networks_own_affairs_count_on_request),
		cmocka_unit_test(second_copies_do_not_count),
		cmocka_unit_test(long_values_show_where_they_differ),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
