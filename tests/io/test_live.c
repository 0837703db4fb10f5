/* SPDX-License-Identifier: BSD-2-Clause */
/* The libpcap engine against the kernel. */
#include "net.h"

static struct source *open_live(const char *interface, const struct source_live_options *options)
{
	struct error err = { "" };
	struct source *source = source_live_open(interface, options, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static void frames_arrive_whole(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct source_counters counters;
	struct taken taken = { 0 };
	struct source *source;
	uint8_t frame[128];
	size_t length;
	int sender;

	(void)state;
	net_need();
	source = open_live("right", &options);
	assert_true(source->nanoseconds);
	assert_int_equal(source->interfaces[0]->tsresol, 9);
	sender = net_sender("left");
	for (uint32_t i = 0; i < 10; i++)
		net_send_udp(sender, i & 1 ? 9 : 5555, i);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		length = net_udp(frame, NULL, 0, 5555, 2 * i, 32);
		assert_int_equal(taken.frames[i].number, i + 1);
		assert_int_equal(taken.frames[i].link, 1);
		assert_int_equal(taken.frames[i].cap_length, length);
		assert_memory_equal(taken.frames[i].data, frame, length);
		assert_true(taken.frames[i].has_time);
		assert_string_equal(taken.frames[i].interface->name, "right");
		assert_string_equal(taken.frames[i].interface->filter, "udp port 5555");
	}
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 5);
	assert_int_equal(counters.dropped, 0);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 5);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void any_is_cooked(void **state)
{
	struct source_live_options options = { .direction = CAPTURE_IN, .snaplen = 60 };
	struct taken taken = { 0 };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	source = open_live("any", &options);
	sender = net_sender("left");
	net_send_udp(sender, 5555, 1);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.frames[0].link, 276);
	assert_int_equal(taken.frames[0].cap_length, 60);
	assert_int_equal(taken.frames[0].data[20], 0x45);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void refusals_are_sentences(void **state)
{
	static const struct {
		const char *interface, *filter, *sentence;
	} rows[] = {
		{ "rigth", NULL, "rigth: no such interface; did you mean right?" },
		{ "right", "portt 5", "capture filter 'portt 5'" },
		{ "sleeper", NULL, "sleeper: the interface is down" },
	};

	(void)state;
	net_need();
	assert_true(net_run("ip link add name sleeper type veth peer name dreamer"));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct source_live_options options = { .filter = rows[i].filter };
		struct error err = { "" };

		assert_null(source_live_open(rows[i].interface, &options, &err));
		if (!strstr(err.text, rows[i].sentence))
			fail_msg("%s", err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_arrive_whole),
		cmocka_unit_test(any_is_cooked),
		cmocka_unit_test(refusals_are_sentences),
	};

	return cmocka_run_group_tests_name("live", tests, net_setup, NULL);
}
