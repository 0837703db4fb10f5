/* SPDX-License-Identifier: BSD-2-Clause */
/* The source that takes each packet at once: the same frames as the ring's, both copies on loopback when asked for. */
#include "net.h"

#include <time.h>

#include "base/clock.h"

static struct source *open_socket(const char *interface, const struct source_live_options *options)
{
	struct error err = { "" };
	struct source *source = source_socket_open(interface, options, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

static void same_frame(const struct frame *a, const struct frame *b)
{
	assert_int_equal(a->number, b->number);
	assert_int_equal(a->cap_length, b->cap_length);
	assert_int_equal(a->wire_length, b->wire_length);
	assert_int_equal(a->link, b->link);
	assert_int_equal(a->flags, b->flags);
	assert_string_equal(a->interface->name, b->interface->name);
	assert_memory_equal(a->data, b->data, a->cap_length);
	assert_true(a->has_time && a->has_flags && !a->has_drops);
	/* Of one packet both read one clock, moments apart. */
	assert_true(time_between(a->time, b->time) < NS_PER_S && time_between(b->time, a->time) < NS_PER_S);
}

static void frames_are_those_of_the_ring(void **state)
{
	static const uint8_t tag[] = { 0x81, 0x00, 0x60, 0x05 };
	static const struct {
		const char *interface, *filter;
		uint32_t snaplen;
	} rows[] = {
		{ "left", NULL, 0 },	  { "right", "udp", 0 },  { "any", NULL, 0 }, { "any", "udp port 5555", 0 },
		{ "right", "vlan 5", 0 }, { "right", "udp", 50 }, { "lo", "udp", 0 },
	};

	(void)state;
	net_need();
	for (size_t row = 0; row < COUNT(rows); row++) {
		struct source_live_options options = { .filter = rows[row].filter, .snaplen = rows[row].snaplen };
		struct source *ring = open_ring(rows[row].interface, &options);
		struct source *source = open_socket(rows[row].interface, &options);
		struct taken theirs = { 0 }, ours = { 0 };
		int left = net_sender("left"), right = net_sender("right"), talker;
		struct sockaddr_in self;
		uint8_t frame[128];

		net_send_udp(left, PORT, 1);
		net_send_udp(right, PORT, 2);
		net_send(left, frame, net_udp(frame, tag, 1, PORT, 3, 32));
		talker = loopback_socket(&self);
		talk(talker, &self, 4);
		take_rest(ring, &theirs);
		take_rest(source, &ours);
		assert_true(ours.count > 0);
		assert_int_equal(ours.count, theirs.count);
		for (size_t i = 0; i < ours.count; i++)
			same_frame(&ours.frames[i], &theirs.frames[i]);
		close(left);
		close(right);
		close(talker);
		taken_release(&ours);
		taken_release(&theirs);
		source_close(source);
		source_close(ring);
	}
}

static void both_copies_of_loopback(void **state)
{
	static const char *const interfaces[] = { "lo", "any" };

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(interfaces); i++) {
		struct source_live_options options = { .filter = "udp", .both = true };
		struct source *source = open_socket(interfaces[i], &options);
		struct taken taken = { 0 };
		struct sockaddr_in self;
		int fd = loopback_socket(&self);

		talk(fd, &self, 1);
		take_rest(source, &taken);
		assert_int_equal(taken.count, 2);
		assert_int_equal(FRAME_DIRECTION(taken.frames[0].flags), FRAME_OUT);
		assert_int_equal(FRAME_DIRECTION(taken.frames[1].flags), FRAME_IN);
		assert_true(taken.frames[0].time <= taken.frames[1].time);
		close(fd);
		taken_release(&taken);
		source_close(source);
	}
}

/* A ring would hold it back for its time-out, which nobody shall wait for here. */
static void each_packet_at_once(void **state)
{
	struct source_live_options options = { .wait_ms = 60000 };
	struct source *source;
	struct error err = { "" };
	struct frame frame = { 0 };
	int sender;

	(void)state;
	net_need();
	source = open_socket("right", &options);
	sender = net_sender("left");
	for (uint32_t i = 0; i < 10; i++) {
		struct pollfd wait = { .fd = source_fd(source), .events = POLLIN };

		assert_int_equal(source_next(source, &frame, &err), SOURCE_AGAIN);
		net_send_udp(sender, PORT, i);
		assert_int_equal(poll(&wait, 1, 30000), 1);
		assert_int_equal(source_next(source, &frame, &err), SOURCE_FRAME);
		assert_int_equal(serial_at(&frame, PAYLOAD), i);
	}
	close(sender);
	source_close(source);
}

static void what_is_lost_is_counted(void **state)
{
	struct source_live_options options = { .filter = "udp", .buffer_bytes = 4096 };
	struct source_counters counters;
	struct taken taken = { 0 };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	source = open_socket("right", &options);
	sender = net_sender("left");
	for (uint32_t i = 0; i < 500; i++)
		net_send_udp(sender, PORT, i);
	take_rest(source, &taken);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 500);
	assert_true(counters.dropped > 0);
	assert_int_equal(taken.count + counters.dropped, 500);
	assert_int_equal(counters.interface_dropped, 0);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void removed(void **state)
{
	struct source_live_options options = { .no_promiscuous = true };
	struct error err = { "" };
	struct source *source;
	struct taken taken = { 0 };

	(void)state;
	net_need();
	assert_true(net_run("ip link add gone type veth peer name away && ip link set dev gone up"));
	source = open_socket("gone", &options);
	assert_true(net_run("ip link del gone"));
	assert_int_equal(take_until(source, &taken, SIZE_MAX, &err), SOURCE_ERROR);
	assert_string_equal(err.text, "gone: the interface was removed; the capture ends here");
	taken_release(&taken);
	source_close(source);
}

static void refusals_are_sentences(void **state)
{
	struct source_live_options options = { .filter = "nonsense" };
	struct error err = { "" };

	(void)state;
	net_need();
	assert_null(source_socket_open("nowhere", &options, &err));
	assert_non_null(strstr(err.text, "nowhere"));
	assert_null(source_socket_open("left", &options, &err));
	assert_non_null(strstr(err.text, "nonsense"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_those_of_the_ring), cmocka_unit_test(both_copies_of_loopback),
		cmocka_unit_test(each_packet_at_once),          cmocka_unit_test(what_is_lost_is_counted),
		cmocka_unit_test(removed),                      cmocka_unit_test(refusals_are_sentences),
	};

	return cmocka_run_group_tests_name("socket", tests, net_setup, NULL);
}
