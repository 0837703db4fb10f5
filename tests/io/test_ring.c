/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring engine against the kernel: every packet once, with its direction, flags and counters. */
#include "net.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "io/interfaces.h"
#include "io/privilege.h"
#include "io/ring.h"

static void loopback_with(enum capture_direction direction, enum frame_direction expected)
{
	struct source_live_options options = { .direction = direction };
	struct source *source = open_ring("lo", &options);
	struct taken taken = { 0 };
	struct sockaddr_in self;
	int fd = loopback_socket(&self);

	for (uint32_t i = 0; i < 5; i++)
		talk(fd, &self, i);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		const struct frame *frame = &taken.frames[i];

		assert_int_equal(serial_at(frame, PAYLOAD), i);
		assert_int_equal(frame->number, i + 1);
		assert_int_equal(frame->link, 1);
		assert_int_equal(frame->cap_length, PAYLOAD + 4);
		assert_int_equal(frame->wire_length, PAYLOAD + 4);
		assert_true(frame->has_flags && frame->has_time);
		assert_int_equal(FRAME_DIRECTION(frame->flags), expected);
		assert_true(frame->flags & FRAME_CHECKSUM_NOT_READY);
		assert_string_equal(frame->interface->name, "lo");
	}
	close(fd);
	taken_release(&taken);
	source_close(source);
}

static void loopback_is_seen_once(void **state)
{
	(void)state;
	net_need();
	loopback_with(CAPTURE_INOUT, FRAME_IN);
	loopback_with(CAPTURE_IN, FRAME_IN);
	loopback_with(CAPTURE_OUT, FRAME_OUT);
}

static void directions_are_told_apart(void **state)
{
	static const struct {
		enum capture_direction direction;
		size_t count;
	} rows[] = { { CAPTURE_INOUT, 5 }, { CAPTURE_IN, 2 }, { CAPTURE_OUT, 3 } };

	(void)state;
	net_need();
	for (size_t row = 0; row < COUNT(rows); row++) {
		struct source_live_options options = { .direction = rows[row].direction };
		struct source *source = open_ring("left", &options);
		int out = net_sender("left"), in = net_sender("right");
		struct taken taken = { 0 };

		for (uint32_t i = 0; i < 5; i++)
			net_send_udp(i < 3 ? out : in, PORT, i);
		take_rest(source, &taken);
		assert_int_equal(taken.count, rows[row].count);
		for (size_t i = 0; i < taken.count; i++)
			assert_int_equal(FRAME_DIRECTION(taken.frames[i].flags),
					 serial_at(&taken.frames[i], PAYLOAD) < 3 ? FRAME_OUT : FRAME_IN);
		close(out);
		close(in);
		taken_release(&taken);
		source_close(source);
	}
}

static void reception_and_offload_become_flags(void **state)
{
	static const struct {
		uint8_t type;
		uint32_t status, flags;
	} rows[] = {
		{ PACKET_HOST, 0, 1 | 1 << 2 },
		{ PACKET_MULTICAST, 0, 1 | 2 << 2 },
		{ PACKET_BROADCAST, 0, 1 | 3 << 2 },
		{ PACKET_OTHERHOST, 0, 1 | 4 << 2 },
		{ PACKET_OUTGOING, 0, 2 },
		{ PACKET_HOST, TP_STATUS_USER | TP_STATUS_CSUMNOTREADY, 1 | 1 << 2 | 1 << 9 },
		{ PACKET_HOST, TP_STATUS_CSUM_VALID | TP_STATUS_LOSING, 1 | 1 << 2 | 1 << 10 },
		{ PACKET_OUTGOING, TP_STATUS_VLAN_VALID | 1 << 8, 2 | 1 << 11 },
		{ 200, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(ring_flags(rows[i].type, rows[i].status), rows[i].flags);
}

static void nothing_comes_before_the_filter(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct ring *ring = mem_new(1, sizeof *ring);
	struct error err = { "" };
	struct interfaces interfaces;
	struct sockaddr_ll bound;
	socklen_t length = sizeof bound, steps = 0;
	int sender;

	(void)state;
	net_need();
	sender = net_sender("left");
	assert_int_equal(interfaces_read(&interfaces, &err), 0);
	assert_int_equal(ring_prepare(ring, interfaces_find(&interfaces, "right", &err), &options, &err), 0);
	assert_int_equal(getsockname(ring->fd, (struct sockaddr *)&bound, &length), 0);
	assert_int_equal(bound.sll_protocol, 0);
	assert_int_equal(getsockopt(ring->fd, SOL_SOCKET, SO_GET_FILTER, NULL, &steps), 0);
	assert_true(steps > 0);
	net_send_udp(sender, PORT, 1);
	assert_int_equal(((struct tpacket_block_desc *)(void *)ring->map)->hdr.bh1.num_pkts, 0);
	close(sender);
	ring_release(ring);
	free(ring);
	interfaces_release(&interfaces);
}

static void *flood(void *argument)
{
	atomic_bool *go = argument;
	int fd = net_sender("left");

	while (atomic_load(go))
		net_send_udp(fd, 9, 0);
	close(fd);
	return NULL;
}

static void strangers_never_leak_in(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct taken taken = { 0 };
	atomic_bool go = true;
	pthread_t thread;

	(void)state;
	net_need();
	assert_int_equal(pthread_create(&thread, NULL, flood, &go), 0);
	for (int i = 0; i < 20; i++) {
		struct source *source = open_ring("right", &options);

		take_rest(source, &taken);
		source_close(source);
	}
	atomic_store(&go, false);
	pthread_join(thread, NULL);
	assert_int_equal(taken.count, 0);
}

/* "any" sees a packet leave and arrive; on loopback the copy that leaves is left out. */
static void stopping_drains_what_was_sent(void **state)
{
	static const struct {
		const char *interface;
		uint32_t copies;
	} rows[] = { { "right", 1 }, { "any", 2 }, { "lo", 1 }, { "right", 1 } };
	struct source_live_options options = { .filter = "udp", .buffer_bytes = 1 << 20 };
	struct sockaddr_in self;
	int fd, sender;

	(void)state;
	net_need();
	fd = loopback_socket(&self);
	sender = net_sender("left");
	for (uint32_t turn = 0; turn < 100; turn++) {
		bool loopback = !strcmp(rows[turn % 4].interface, "lo");
		struct source *source = open_ring(rows[turn % 4].interface, &options);
		struct taken taken = { 0 };
		uint32_t sent = 1 + turn % 40;

		for (uint32_t i = 0; i < sent; i++) {
			if (loopback)
				talk(fd, &self, i);
			else
				net_send_udp(sender, PORT, i);
		}
		take_rest(source, &taken);
		assert_int_equal(taken.count, rows[turn % 4].copies * sent);
		taken_release(&taken);
		source_close(source);
	}
	close(fd);
	close(sender);
}

static void a_snapshot_is_cut_by_the_kernel(void **state)
{
	struct source_live_options options = { .snaplen = 50 };
	struct taken taken = { 0 };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	source = open_ring("right", &options);
	sender = net_sender("left");
	net_send_udp(sender, PORT, 77);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.frames[0].cap_length, 50);
	assert_int_equal(taken.frames[0].wire_length, PAYLOAD + 32);
	assert_int_equal(serial_at(&taken.frames[0], PAYLOAD), 77);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

/* A ring that lost most of the 2000 packets that were sent to it. */
static struct source *open_flooded_ring(int *sender)
{
	struct source_live_options options = { .snaplen = 96, .buffer_bytes = 16384 };
	struct source *source = open_ring("right", &options);

	*sender = net_sender("left");
	for (uint32_t i = 0; i < 2000; i++)
		net_send_udp(*sender, PORT, i);
	return source;
}

static void drops_are_counted(void **state)
{
	struct source_counters counters;
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	uint64_t told = 0;
	int sender;

	(void)state;
	net_need();
	source = open_flooded_ring(&sender);
	/* One block has room again: the next packet comes in, and says how many did not. */
	take_until(source, &taken, 60, &err);
	net_send_udp(sender, PORT, 2000);
	take_rest(source, &taken);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 2001);
	assert_true(counters.dropped > 0);
	assert_int_equal(taken.count + counters.dropped, counters.received);
	assert_int_equal(counters.interface_dropped, 0);
	for (size_t i = 0; i < taken.count; i++)
		if (taken.frames[i].has_drops)
			told += taken.frames[i].drops_before;
	assert_int_equal(told, counters.dropped);
	assert_int_equal(serial_at(&taken.frames[taken.count - 1], PAYLOAD), 2000);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 2001);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

/*
 * The counters are read when the ring begins anew, and a block is not marked for what was read then. It is filled
 * before we look at it: it cannot be taken for one that is still open.
 */
static void drops_are_placed_when_counted_early(void **state)
{
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	uint64_t told = 0;
	int sender;

	(void)state;
	net_need();
	source = open_flooded_ring(&sender);
	/* The first of the last block: all others have room again. */
	take_until(source, &taken, 64, &err);
	for (uint32_t i = 2000; i < 2030; i++)
		net_send_udp(sender, PORT, i);
	take_rest(source, &taken);
	for (size_t i = 0; i < taken.count; i++)
		if (taken.frames[i].has_drops) {
			assert_int_equal(serial_at(&taken.frames[i], PAYLOAD), 2000);
			told += taken.frames[i].drops_before;
		}
	assert_int_equal(told, 2030 - taken.count);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void down_and_up_again(void **state)
{
	struct source_live_options options = { 0 };
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	assert_true(net_run("ip link set dev right down"));
	source = open_ring("right", &options); /* bound while it is down */
	assert_true(net_run("ip link set dev right up"));
	net_await("left");
	net_await("right");
	sender = net_sender("left");
	net_send_udp(sender, PORT, 1);
	take_until(source, &taken, 1, &err);
	assert_true(net_run("ip link set dev right down"));
	for (int i = 0; i < 3; i++)
		assert_int_equal(source_next(source, &(struct frame){ 0 }, &err), SOURCE_AGAIN);
	assert_true(net_run("ip link set dev right up"));
	net_await("left");
	net_await("right");
	net_send_udp(sender, PORT, 2);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 2);
	assert_int_equal(serial_at(&taken.frames[1], PAYLOAD), 2);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void removed(void **state)
{
	struct source_live_options options = { 0 };
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	assert_true(net_run("ip link add name here type veth peer name there && ip link set dev here up && "
			    "ip link set dev there up"));
	net_await("here");
	net_await("there");
	source = open_ring("there", &options);
	sender = net_sender("here");
	net_send_udp(sender, PORT, 1);
	assert_true(net_run("ip link del dev here"));
	assert_int_equal(take_until(source, &taken, SIZE_MAX, &err), SOURCE_ERROR);
	assert_int_equal(taken.count, 1);
	assert_non_null(strstr(err.text, "there: the interface was removed"));
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
		{ "zzzzzzzz", NULL, "zzzzzzzz: no such interface; sonde list interfaces" },
		{ "right", "udp.port == 5555", "looks like a display filter, which follows -Y" },
		{ "right", "other.pcapng", "looks like a second file" },
		{ "any", "vlan 5", "capture filter 'vlan 5': no VLAN support" },
		{ "right", "vlan and inbound", "vlan does not go together" },
		{ "right", "portt 5", "capture filter 'portt 5'" },
	};

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct source_live_options options = { .filter = rows[i].filter };
		struct error err = { "" };

		assert_null(source_ring_open(rows[i].interface, &options, &err));
		if (!strstr(err.text, rows[i].sentence))
			fail_msg("%s", err.text);
	}
}

/* In a child, which gives its rights up for good. */
static int without_rights(struct source *(*open)(const char *, const struct source_live_options *, struct error *))
{
	struct source_live_options options = { 0 };
	struct error err = { "" };

	if (privilege_drop(NULL, &err) < 0 || open("lo", &options, &err))
		return 1;
	return !strstr(err.text, "lo: no right to capture (CAP_NET_RAW); use sudo") || !strstr(err.text, "setcap");
}

static void without_rights_it_says_so(void **state)
{
	struct source *(*openers[])(const char *, const struct source_live_options *, struct error *) = {
		source_ring_open, source_live_open,
	};

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t child = fork();
		int status;

		if (!child)
			_exit(without_rights(openers[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

/* In a child: rights are needed to open a capture, and for nothing after that. */
static int goes_on_without_rights(const char *interface)
{
	struct source_live_options options = { .filter = "udp" };
	struct source_counters counters;
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source = source_ring_open(interface, &options, &err);
	int sender = net_sender("left");

	if (!source || privilege_drop("nobody", &err) < 0)
		return 1;
	for (uint32_t i = 0; i < 10; i++)
		net_send_udp(sender, PORT, i);
	source_stop(source);
	if (take_until(source, &taken, SIZE_MAX, &err) != SOURCE_END || taken.count < 10)
		return 2;
	source_counters(source, 0, &counters);
	return counters.received == taken.count && taken.frames[0].interface->name ? 0 : 3;
}

static void rights_are_needed_for_opening_only(void **state)
{
	static const char *const interfaces[] = { "right", "any" };

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(interfaces); i++) {
		pid_t child = fork();
		int status;

		if (!child)
			_exit(goes_on_without_rights(interfaces[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reception_and_offload_become_flags),
		cmocka_unit_test(loopback_is_seen_once),
		cmocka_unit_test(directions_are_told_apart),
		cmocka_unit_test(nothing_comes_before_the_filter),
		cmocka_unit_test(strangers_never_leak_in),
		cmocka_unit_test(stopping_drains_what_was_sent),
		cmocka_unit_test(a_snapshot_is_cut_by_the_kernel),
		cmocka_unit_test(drops_are_counted),
		cmocka_unit_test(drops_are_placed_when_counted_early),
		cmocka_unit_test(down_and_up_again),
		cmocka_unit_test(removed),
		cmocka_unit_test(refusals_are_sentences),
		cmocka_unit_test(without_rights_it_says_so),
		cmocka_unit_test(rights_are_needed_for_opening_only),
	};

	return cmocka_run_group_tests_name("ring", tests, net_setup, NULL);
}
