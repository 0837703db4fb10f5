/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands around a probe: its stamp, who hears of the calls, who saves the packets, and what is refused. */
#include "wiring.h"

#include "base/text.h"

#define PROBES 101
#define BURST 40 /* no more than a kernel answers at once */
#define NEAR_NS 20000 /* a stamp is that much away from the wire at most, half of the time */

static void open_wire(struct wiring *w, const struct wire_options *options)
{
	struct error err = { "" };

	w->wire = wire_open(&w->base, options, &w->source_port, &err);
	if (!w->wire)
		fail_msg("%s", err.text);
}

static void ask(struct wiring *w, uint16_t key, uint16_t port)
{
	struct error err = { "" };
	const char *wrong;

	wiring_plan(w, key, 9, port);
	wrong = wiring_ask(w, &err);
	if (wrong)
		fail_msg("key %u: %s", key, wrong);
}

/* ------------------------------------------------------------------------------------------------ stamps */

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The next frame of a capture that goes this way; its time. */
static int64_t next_time(struct source *source, enum frame_direction direction)
{
	struct error err = { "" };
	struct frame frame;

	for (;;) {
		struct pollfd wait = { .fd = source_fd(source), .events = POLLIN };
		enum source_answer got = source_next(source, &frame, &err);

		if (got == SOURCE_FRAME && FRAME_DIRECTION(frame.flags) == direction)
			return frame.time;
		if (got == SOURCE_ERROR)
			fail_msg("%s", err.text);
		if (got == SOURCE_AGAIN)
			poll(&wait, 1, 1000);
	}
}

static void round_trips_are_those_of_the_wire(void **state)
{
	struct wiring w = { .base = wiring_base(PROBE_UDP, "10.9.0.2") };
	struct wire_options options = { .interface = NULL };
	struct source_live_options capture = { .filter = "udp or icmp" };
	struct error err = { "" };
	int64_t away[PROBES];
	struct source *source;

	(void)state;
	networks_need(&nets);
	source = source_ring_open("left", &capture, &err);
	assert_non_null(source);
	open_wire(&w, &options);
	for (uint16_t i = 0; i < PROBES; i++) {
		ask(&w, (uint16_t)(i + 1), (uint16_t)(CLOSED_PORT + i));
		away[i] = next_time(source, FRAME_OUT);
		away[i] = next_time(source, FRAME_IN) - away[i] - (w.answer.time - w.probe.sent_time);
		away[i] = away[i] < 0 ? -away[i] : away[i];
	}
	qsort(away, PROBES, sizeof *away, by_size);
	print_message("error: median %ld ns, worst %ld ns\n", (long)away[PROBES / 2], (long)away[PROBES - 1]);
	assert_true(away[PROBES / 2] < NEAR_NS);
	wire_close(w.wire);
	source_close(source);
}

/* A send that fails takes a number of the kernel's, or does not: later stamps are right. */
static void a_send_that_fails_moves_no_stamp(void **state)
{
	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < 4; i++) {
		struct wiring w = { .base = wiring_base(i % 2 ? PROBE_ICMP : PROBE_UDP, "10.9.0.2") };
		struct wire_options options = { .no_rights = i / 2 };

		open_wire(&w, &options);
		ask(&w, 1, CLOSED_PORT);
		wiring_plan(&w, 2, 9, CLOSED_PORT);
		w.probe.packet.size = 1600;
		assert_int_equal(wire_send(w.wire, &w.probe), -1);
		assert_int_equal(errno, EMSGSIZE);
		for (uint16_t key = 3; key < 6; key++) {
			ask(&w, key, (uint16_t)(CLOSED_PORT + key));
			assert_true(w.probe.sent_time && w.probe.sent_time < w.answer.time);
			assert_true(w.answer.time - w.probe.sent_time <= w.answer.seen - w.probe.sent);
		}
		wire_close(w.wire);
	}
}

struct many {
	int64_t begun[BURST + 1], sent[BURST + 1];
};

static void left_one(void *context, uint16_t key, int64_t time)
{
	struct many *many = context;

	assert_true(key >= 1 && key <= BURST && !many->sent[key]);
	many->sent[key] = time;
}

/* Answers come in while others are still sent: no error of one is taken for another's, and each has its own stamp. */
static void many_in_flight(void **state)
{
	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < 4; i++) {
		struct wiring w = { .base = wiring_base(i % 2 ? PROBE_ICMP : PROBE_UDP, "10.9.0.2") };
		struct wire_options options = { .no_rights = i / 2 };
		struct pollfd wait;
		struct many many = { .sent = { 0 } };
		struct error err = { "" };
		unsigned answers = 0;

		open_wire(&w, &options);
		wait = (struct pollfd){ .fd = wire_fd(w.wire), .events = POLLIN };
		for (uint16_t key = 1; key <= BURST; key++) {
			wiring_plan(&w, key, 9, (uint16_t)(CLOSED_PORT + key));
			many.begun[key] = clock_utc();
			assert_int_equal(wire_send(w.wire, &w.probe), 0);
		}
		while (answers < BURST) {
			int got = wire_receive(w.wire, &w.answer, left_one, &many, &err);

			answers += got == 1;
			if (!got)
				assert_int_equal(poll(&wait, 1, 5000), 1);
		}
		for (uint16_t key = 1; key <= BURST; key++) {
			assert_true(many.sent[key] >= many.begun[key]);
			assert_true(key == BURST || many.sent[key] <= many.begun[key + 1]);
		}
		wire_close(w.wire);
	}
}

/* What was learned of the path, or set for a route, is not the MTU of the link. */
static void the_mtu_is_that_of_the_link(void **state)
{
	(void)state;
	networks_need(&nets);
	assert_true(networks_run("ip route add 10.9.0.2/32 dev left mtu 1400 && "
				 "ip route add fd00:9::2/128 dev left mtu 1400"));
	for (unsigned i = 0; i < 8; i++) {
		struct wiring w = { .base = wiring_base(i % 2 ? PROBE_ICMP : PROBE_UDP,
							i / 4 ? "fd00:9::2" : "10.9.0.2") };
		struct wire_options options = { .no_rights = i / 2 % 2 };
		struct error err = { "" };
		const char *wrong;

		open_wire(&w, &options);
		assert_int_equal(wire_mtu(w.wire), 1500);
		wiring_plan(&w, KEY, 9, CLOSED_PORT);
		w.probe.packet.size = 1500;
		wrong = wiring_ask(&w, &err);
		if (wrong)
			fail_msg("%s: %s", wire_limits(w.wire)->name, wrong);
		wire_close(w.wire);
	}
	assert_true(networks_run("ip route del 10.9.0.2/32 && ip route del fd00:9::2/128"));
}

/* Nothing wakes whoever waits when there is nothing to be read. */
static void silence_is_silent(void **state)
{
	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < 2 * PROBE_METHODS; i++) {
		struct wiring w = { .base = wiring_base(i % PROBE_METHODS, "10.9.0.2") };
		struct wire_options options = { .no_rights = i / PROBE_METHODS };
		struct error err = { "" };
		struct pollfd wait;

		open_wire(&w, &options);
		wait = (struct pollfd){ .fd = wire_fd(w.wire), .events = POLLIN };
		assert_int_equal(wire_receive(w.wire, &w.answer, wiring_left, &w, &err), 0);
		assert_int_equal(poll(&wait, 1, 0), 0);
		ask(&w, KEY, CLOSED_PORT);
		assert_int_equal(wire_receive(w.wire, &w.answer, wiring_left, &w, &err), 0);
		assert_int_equal(poll(&wait, 1, 0), 0);
		wire_close(w.wire);
	}
}

/* ------------------------------------------------------------------------------------------------ loopback, saving */

struct saved {
	unsigned out, in;
};

static int keep(void *context, const struct frame *frame, struct error *err)
{
	struct saved *saved = context;

	(void)err;
	if (FRAME_DIRECTION(frame->flags) == FRAME_OUT)
		saved->out++;
	else
		saved->in++;
	return 0;
}

static void probes_and_answers_are_saved_once(void **state)
{
	static const char *const targets[] = { "10.9.0.2", "127.0.0.1", "fd00:9::2", "::1", "10.9.0.1" };

	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < COUNT(targets) * PROBE_METHODS; i++) {
		struct wiring w = { .base = wiring_base(i % PROBE_METHODS, targets[i / PROBE_METHODS]) };
		struct saved saved = { 0, 0 };
		struct wire_options options = { .save = keep, .context = &saved };
		struct error err = { "" };

		open_wire(&w, &options);
		assert_non_null(wire_source(w.wire));
		for (uint16_t key = 1; key <= 3; key++) {
			ask(&w, key, (uint16_t)(CLOSED_PORT + key));
			assert_int_equal(wire_receive(w.wire, &w.answer, wiring_left, &w, &err), 0);
			if (saved.out != key || saved.in != key)
				fail_msg("%s, method %u: %u probes and %u answers of %u", targets[i / PROBE_METHODS],
					 i % PROBE_METHODS, saved.out, saved.in, key);
		}
		wire_close(w.wire);
	}
}

/* ------------------------------------------------------------------------------------------------ telling, refusing */

static void hear(void *context, const char *text, size_t length)
{
	text_add(context, text, length);
}

static void every_call_is_told(void **state)
{
	static const char *const words[2 * PROBE_METHODS] = {
		"IPPROTO_RAW", "IP_HDRINCL", "SO_TIMESTAMPING", "IP_RECVERR", "IPPROTO_ICMP", "TCP_SYNCNT",
	};

	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < 2 * PROBE_METHODS; i++) {
		struct text said = { 0 };
		struct narrator narrator = { .reasons = true, .say = hear, .context = &said };
		struct wiring w = { .base = wiring_base(i % PROBE_METHODS, "10.9.0.2") };
		struct wire_options options = { .narrator = &narrator, .no_rights = i / PROBE_METHODS };

		open_wire(&w, &options);
		ask(&w, KEY, CLOSED_PORT);
		wire_close(w.wire);
		text_char(&said, '\0');
		if (!strstr(said.data, words[i]))
			fail_msg("%s is not told:\n%s", words[i], said.data);
		text_release(&said);
	}
}

static void refused(const struct probe_base *wanted, const struct wire_options *options, const char *sentence)
{
	struct probe_base base = *wanted;
	struct error err = { "" };
	uint16_t port = 0;

	assert_null(wire_open(&base, options, &port, &err));
	assert_string_equal(err.text, sentence);
}

static void refusals_are_sentences(void **state)
{
	struct probe_base base = wiring_base(PROBE_UDP, "192.0.2.1"), near = wiring_base(PROBE_ICMP, "10.9.0.2");
	struct wire_options options = { .interface = NULL }, without = { .no_rights = true };

	(void)state;
	networks_need(&nets);
	refused(&base, &options, "no route: this machine knows no way to 192.0.2.1; check the address and 'ip route'");
	base.target = near.target;
	base.source = wiring_address("192.0.2.7");
	refused(&base, &options, "192.0.2.7: not an address of this machine; see 'ip address'");
	base.source.length = 0;
	assert_true(networks_run("ip link add idle type veth peer name spare"));
	options.interface = "idle";
	refused(&base, &options, "idle: the interface is down; 'ip link set dev idle up' brings it up");
	wiring_write("/proc/sys/net/ipv4/ping_group_range", "1 0");
	refused(&near, &without, "ICMP probes: not permitted: the sysctl net.ipv4.ping_group_range leaves our group "
				 "out, and CAP_NET_RAW is missing; UDP probes work without either");
	wiring_write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
}

static void a_source_port_is_held(void **state)
{
	struct wiring a = { .base = wiring_base(PROBE_UDP, "10.9.0.2") }, b = a;
	struct wire_options options = { .interface = NULL };
	struct error err = { "" };

	(void)state;
	networks_need(&nets);
	open_wire(&a, &options);
	assert_true(a.source_port);
	b.base.source = a.base.source;
	b.source_port = a.source_port;
	assert_null(wire_open(&b.base, &options, &b.source_port, &err));
	assert_non_null(strstr(err.text, "taken by another program"));
	wire_close(a.wire);
	open_wire(&b, &options);
	assert_int_equal(b.source_port, a.source_port);
	assert_int_equal(address_port(&b.base.source), 0);
	wire_close(b.wire);
}

static void one_link_by_its_interface(void **state)
{
	struct wire_options options = { .interface = "left" };

	(void)state;
	networks_need(&nets);
	for (unsigned i = 0; i < 2 * PROBE_METHODS; i++) {
		struct wiring w = { .base = wiring_base(i % PROBE_METHODS, "fe80::9") };
		struct sockaddr_in6 *target = (void *)&w.base.target.storage;

		options.no_rights = i / PROBE_METHODS;
		options.interface = i % 2 ? "left" : NULL;
		target->sin6_scope_id = if_nametoindex("left");
		open_wire(&w, &options);
		ask(&w, KEY, CLOSED_PORT);
		wire_close(w.wire);
	}
}

static int setup(void **state)
{
	wiring_setup(state);
	if (nets.missing)
		return 0;
	networks_enter(nets.theirs);
	if (!networks_run("ip address add fe80::9/64 dev right nodad"))
		nets.missing = "ip(8) cannot give addresses of IPv6";
	networks_enter(nets.ours);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips_are_those_of_the_wire),
		cmocka_unit_test(a_send_that_fails_moves_no_stamp),
		cmocka_unit_test(many_in_flight),
		cmocka_unit_test(the_mtu_is_that_of_the_link),
		cmocka_unit_test(silence_is_silent),
		cmocka_unit_test(probes_and_answers_are_saved_once),
		cmocka_unit_test(every_call_is_told),
		cmocka_unit_test(refusals_are_sentences),
		cmocka_unit_test(a_source_port_is_held),
		cmocka_unit_test(one_link_by_its_interface),
	};

	return cmocka_run_group_tests_name("wire", tests, setup, networks_teardown);
}
