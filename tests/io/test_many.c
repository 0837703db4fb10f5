/* SPDX-License-Identifier: BSD-2-Clause */
/* Several sources as one: order, interfaces, numbers, the ends of its parts. */
#include "net.h"

#include "io/tap.h"

/* A source that does what a list says. */
struct step {
	enum source_answer answer;
	int64_t time;
	uint32_t interface;
};

struct script {
	struct source head;
	const struct step *steps; /* the last one is repeated */
	size_t at;
	bool *closed;
	bool stopped;
};

static enum source_answer script_next(struct source *source, struct frame *frame, struct error *err)
{
	struct script *script = (struct script *)source;
	const struct step *step = &script->steps[script->at];

	if (step->answer == SOURCE_AGAIN && script->stopped)
		return SOURCE_END;
	if (step->answer == SOURCE_ERROR)
		return error_set(err, "the script broke off");
	if (step->answer != SOURCE_FRAME)
		return step->answer;
	script->at++;
	*frame = (struct frame){ .number = ++source->frames, .time = step->time, .has_time = true, .link = 1,
				 .interface = source->interfaces[step->interface] };
	return SOURCE_FRAME;
}

static int script_fd(const struct source *source)
{
	(void)source;
	return -1;
}

static void script_stop(struct source *source)
{
	((struct script *)source)->stopped = true;
}

static void script_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	(void)source;
	out->received = 100 + interface;
}

static void script_close(struct source *source)
{
	*((struct script *)source)->closed = true;
	free(source);
}

static const struct source_ops script_ops = {
	.name = "script", .next = script_next, .fd = script_fd, .stop = script_stop, .counters = script_counters,
	.close = script_close,
};

static struct source *script_new(const struct step *steps, const char *const *names, bool *closed)
{
	struct script *script = mem_new(1, sizeof *script);

	script->head.ops = &script_ops;
	script->steps = steps;
	script->closed = closed;
	for (; *names; names++)
		source_add_interface(&script->head)->name = mem_copy_string(*names);
	return &script->head;
}

static const char *const one_name[] = { "one", NULL };
static const char *const two_names[] = { "two", "three", NULL };

static void merged_by_time(void **state)
{
	static const struct step first[] = {
		{ SOURCE_FRAME, 10, 0 }, { SOURCE_FRAME, 30, 0 }, { SOURCE_FRAME, 50, 0 }, { SOURCE_END, 0, 0 },
	};
	static const struct step second[] = {
		{ SOURCE_FRAME, 20, 1 }, { SOURCE_FRAME, 40, 0 }, { SOURCE_FRAME, 45, 1 }, { SOURCE_FRAME, 60, 0 },
		{ SOURCE_END, 0, 0 },
	};
	static const struct {
		int64_t time;
		const char *name;
		uint32_t id;
	} rows[] = {
		{ 10, "one", 0 }, { 20, "three", 2 }, { 30, "one", 0 }, { 40, "two", 1 }, { 45, "three", 2 },
		{ 50, "one", 0 }, { 60, "two", 1 },
	};
	bool closed[2] = { false, false };
	struct source *parts[] = { script_new(first, one_name, &closed[0]), script_new(second, two_names, &closed[1]) };
	struct source *many = source_many_open(parts, 2);
	struct source_counters counters;
	struct error err = { "" };
	struct frame frame;

	(void)state;
	assert_int_equal(many->interface_count, 3);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(source_next(many, &frame, &err), SOURCE_FRAME);
		assert_int_equal(frame.number, i + 1);
		assert_int_equal(frame.time, rows[i].time);
		assert_string_equal(frame.interface->name, rows[i].name);
		assert_int_equal(frame.interface->id, rows[i].id);
		assert_ptr_equal(frame.interface, many->interfaces[rows[i].id]);
	}
	assert_int_equal(source_next(many, &frame, &err), SOURCE_END);
	source_counters(many, 2, &counters);
	assert_int_equal(counters.received, 101);
	source_close(many);
	assert_true(closed[0] && closed[1]);
}

static void a_fresh_frame_waits_for_the_others(void **state)
{
	struct step first[] = { { SOURCE_FRAME, tap_wall_clock(), 0 }, { SOURCE_END, 0, 0 } };
	static const struct step silent[] = { { SOURCE_AGAIN, 0, 0 } };
	bool closed[2];
	struct source *parts[] = { script_new(first, one_name, &closed[0]), script_new(silent, two_names, &closed[1]) };
	struct source *many = source_many_open(parts, 2);
	struct error err = { "" };
	enum source_answer answer;
	struct frame frame;
	int64_t held;

	(void)state;
	while ((answer = source_next(many, &frame, &err)) == SOURCE_AGAIN) {
		struct pollfd wait = { .fd = source_fd(many), .events = POLLIN };

		/* The descriptor wakes us: nobody else would. */
		assert_int_equal(poll(&wait, 1, -1), 1);
	}
	held = tap_wall_clock() - frame.time;
	assert_int_equal(answer, SOURCE_FRAME);
	assert_true(held >= 40000000);
	assert_int_equal(source_next(many, &frame, &err), SOURCE_AGAIN);
	source_stop(many);
	assert_int_equal(source_next(many, &frame, &err), SOURCE_END);
	source_close(many);
}

static void an_old_frame_does_not_wait(void **state)
{
	static const struct step first[] = { { SOURCE_FRAME, 5, 0 }, { SOURCE_END, 0, 0 } };
	static const struct step silent[] = { { SOURCE_AGAIN, 0, 0 } };
	bool closed[2];
	struct source *parts[] = { script_new(first, one_name, &closed[0]), script_new(silent, two_names, &closed[1]) };
	struct source *many = source_many_open(parts, 2);
	struct error err = { "" };
	struct frame frame;

	(void)state;
	assert_int_equal(source_next(many, &frame, &err), SOURCE_FRAME);
	source_close(many);
}

/* One part breaks off: the others are stopped, what they hold is delivered, then the reason is told. */
static void a_failure_is_told_at_the_end(void **state)
{
	static const struct step broken[] = { { SOURCE_ERROR, 0, 0 } };
	static const struct step second[] = {
		{ SOURCE_FRAME, 20, 0 }, { SOURCE_FRAME, 40, 0 }, { SOURCE_AGAIN, 0, 0 },
	};
	bool closed[2];
	struct source *parts[] = {
		script_new(broken, one_name, &closed[0]), script_new(second, two_names, &closed[1]),
	};
	struct source *many = source_many_open(parts, 2);
	struct error err = { "" };
	struct frame frame;

	(void)state;
	assert_int_equal(source_next(many, &frame, &err), SOURCE_FRAME);
	assert_int_equal(source_next(many, &frame, &err), SOURCE_FRAME);
	assert_int_equal(source_next(many, &frame, &err), SOURCE_ERROR);
	assert_string_equal(err.text, "the script broke off");
	source_close(many);
}

/* Both ends of a pair: each packet leaves, then arrives, and the next one leaves. */
static void live_interfaces_in_order(void **state)
{
	struct source_live_options options = { .filter = "udp" };
	struct error err = { "" };
	struct source *parts[2], *many;
	struct taken taken = { 0 };
	int left, right;

	(void)state;
	net_need();
	parts[0] = source_ring_open("left", &options, &err);
	parts[1] = source_ring_open("right", &options, &err);
	assert_true(parts[0] && parts[1]);
	many = source_many_open(parts, 2);
	left = net_sender("left");
	right = net_sender("right");
	for (uint32_t i = 0; i < 500; i++) {
		net_send_udp(i & 1 ? right : left, 5555, i);
		if (i == 250)
			take_until(many, &taken, 300, &err);
	}
	take_rest(many, &taken);
	assert_int_equal(taken.count, 1000);
	for (uint32_t i = 0; i < 1000; i++) {
		bool leaves = !(i & 1);

		assert_int_equal(serial_at(&taken.frames[i], 42), i / 2);
		assert_int_equal(FRAME_DIRECTION(taken.frames[i].flags), leaves ? FRAME_OUT : FRAME_IN);
		assert_string_equal(taken.frames[i].interface->name, leaves == !(i / 2 & 1) ? "left" : "right");
		assert_true(!i || taken.frames[i].time >= taken.frames[i - 1].time);
	}
	close(left);
	close(right);
	taken_release(&taken);
	source_close(many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merged_by_time),
		cmocka_unit_test(a_fresh_frame_waits_for_the_others),
		cmocka_unit_test(an_old_frame_does_not_wait),
		cmocka_unit_test(a_failure_is_told_at_the_end),
		cmocka_unit_test(live_interfaces_in_order),
	};

	return cmocka_run_group_tests_name("many", tests, net_setup, NULL);
}
