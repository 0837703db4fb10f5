/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a packet is, written into pcapng and read again: nothing is lost, nothing becomes more certain. */
#include "sinking.h"

#include <stdio.h>

#include "io/pcap.h"
#include "io/pcapng_owners.h"

static const struct sink_options to_pcapng = { .format = SINK_PCAPNG, .directory = AT_FDCWD };
static const struct sink_options to_pcap = { .format = SINK_PCAP, .directory = AT_FDCWD };

static const struct process client = {
	.pid = 4242,
	.thread = 4243,
	.parent = 4000,
	.uid = 1000,
	.has_uid = true,
	.name = "python3",
	.user = "student",
	.path = "/usr/bin/python3.11",
	.arguments = "python3 client.py h",
};
static const struct process server = { .pid = 17, .uid = 0, .has_uid = true, .name = "date-server" };
static const struct process nobody = { .pid = UINT32_MAX };

static const struct owner exact = { .certainty = OWNER_EXACT, .count = 1, .processes = { &client } };
static const struct owner shared = {
	.certainty = OWNER_PORT, .count = 2, .more = true, .processes = { &server, &client }
};
static const struct owner past = { .certainty = OWNER_REMEMBERED, .count = 1, .processes = { &nobody } };
static const struct owner unknown = { .certainty = OWNER_UNKNOWN };

/* ------------------------------------------------------------------------------------------- helpers */

static void write_frames(const char *path, struct frame *frames, unsigned count, const struct sink_options *options,
			 uint64_t *lost)
{
	struct error err = { "" };
	struct source *source = fake_live();
	struct sink *sink = sink_open(path, source, options, &err);

	assert_non_null(sink);
	for (unsigned i = 0; i < count; i++) {
		struct frame frame = fake_frame(source, i, 9);

		memcpy(frame.owners, frames[i].owners, sizeof frame.owners);
		assert_int_equal(sink_write(sink, &frame, &err), 0);
	}
	if (lost)
		*lost = sink_processes_lost(sink);
	assert_int_equal(sink_close(sink, &err), 0);
	source_close(source);
}

static void assert_string(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_null(a ? a : b);
}

static void assert_process(const struct process *a, const struct process *b)
{
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->thread, b->thread);
	assert_int_equal(a->parent, b->parent);
	assert_int_equal(a->has_uid, b->has_uid);
	assert_int_equal(a->uid, b->uid);
	assert_string(a->name, b->name);
	assert_string(a->user, b->user);
	assert_string(a->path, b->path);
	assert_string(a->arguments, b->arguments);
}

/* Of one that nobody was found for nothing is written. */
static void assert_owner(const struct owner *read, const struct owner *written)
{
	if (!written || !written->count) {
		assert_null(read);
		return;
	}
	assert_non_null(read);
	assert_int_equal(read->certainty, written->certainty);
	assert_int_equal(read->count, written->count);
	assert_int_equal(read->more, written->more);
	for (unsigned i = 0; i < read->count; i++)
		assert_process(read->processes[i], written->processes[i]);
}

static struct source *reopen(const char *path)
{
	struct error err = { "" };
	struct source *source = source_file_open(path, NULL, &err);

	if (!source)
		fail_msg("not read: %s", err.text);
	return source;
}

static void round_trip(struct frame *frames, unsigned count)
{
	struct source *source;
	struct frame frame;

	write_frames("owned.pcapng", frames, count, &to_pcapng, NULL);
	source = reopen("owned.pcapng");
	for (unsigned i = 0; i < count; i++) {
		assert_next(source, &frame);
		assert_data(&frame);
		for (unsigned end = 0; end < OWNER_ENDS; end++)
			assert_owner(frame.owners[end], frames[i].owners[end]);
	}
	assert_end(source);
	source_close(source);
}

/* ------------------------------------------------------------------------------------------- writing */

static void every_pair_comes_back(void **state)
{
	static const struct owner *const owners[] = { NULL, &unknown, &exact, &shared, &past };
	enum { COUNT = sizeof owners / sizeof *owners };
	struct frame frames[COUNT * COUNT * 2] = { { 0 } };

	(void)state;
	for (unsigned i = 0; i < sizeof frames / sizeof *frames; i++) {
		frames[i].owners[OWNER_SOURCE] = owners[i / COUNT % COUNT];
		frames[i].owners[OWNER_DESTINATION] = owners[i % COUNT];
	}
	round_trip(frames, sizeof frames / sizeof *frames);
}

static void strings_come_back_whatever_is_in_them(void **state)
{
	static const char *const strings[] = {
		"two\nlines",
		"x\nCertainty: exact\nEnd: destination",
		"PID: 1",
		" blanks ",
		"back\\slash\\n\\x41",
		"\x1b[31mred",
		"\xff\xfe no utf-8",
		"caf\xc3\xa9 \xe2\x80\xae turned",
		"tab\t\r",
		":",
		"\\",
		"\\u",
		"\x7f",
		"\xe2\x80\xa8 line",
	};
	enum { COUNT = sizeof strings / sizeof *strings };
	struct process processes[COUNT];
	struct owner owners[COUNT] = { { 0 } };
	struct frame frames[COUNT] = { { 0 } };

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		processes[i] = (struct process){ .pid = i + 1,
						 .name = strings[i],
						 .user = strings[COUNT - 1 - i],
						 .path = strings[i],
						 .arguments = strings[COUNT - 1 - i] };
		owners[i] = (struct owner){ .certainty = OWNER_EXACT, .count = 1, .processes = { &processes[i] } };
		frames[i].owners[i & 1] = &owners[i];
	}
	round_trip(frames, COUNT);
}

static void as_many_processes_as_an_owner_holds(void **state)
{
	struct process processes[OWNERS_MOST];
	struct owner owner = { .certainty = OWNER_PORT, .count = OWNERS_MOST };
	struct frame frame = { .owners = { &owner, &owner } };

	(void)state;
	for (unsigned i = 0; i < OWNERS_MOST; i++) {
		processes[i] = (struct process){ .pid = 100 + i, .name = "apache2" };
		owner.processes[i] = &processes[i];
	}
	round_trip(&frame, 1);
}

/* More than the writer keeps the words of. */
static void many_owners(void **state)
{
	enum { COUNT = 9000 };
	struct process *processes = mem_new(COUNT, sizeof *processes);
	struct owner *owners = mem_new(COUNT, sizeof *owners);
	struct frame *frames = mem_new(COUNT, sizeof *frames);

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		processes[i] = (struct process){ .pid = i + 1, .name = "client" };
		owners[i] = (struct owner){ .certainty = OWNER_EXACT, .count = 1, .processes = { &processes[i] } };
		frames[i].owners[OWNER_SOURCE] = &owners[i];
		frames[i].owners[OWNER_DESTINATION] = &shared;
	}
	round_trip(frames, COUNT);
	free(processes);
	free(owners);
	free(frames);
}

static void a_long_command_line_is_cut(void **state)
{
	struct process process = { .pid = 1 };
	struct owner owner = { .certainty = OWNER_EXACT, .count = 1, .processes = { &process } };
	struct frame written = { .owners = { &owner } }, frame;
	char arguments[OWNER_ARGUMENTS_MOST + 100] = { 0 };
	struct source *source;

	(void)state;
	memset(arguments, 'a', sizeof arguments - 1);
	process.arguments = arguments;
	write_frames("long.pcapng", &written, 1, &to_pcapng, NULL);
	source = reopen("long.pcapng");
	assert_next(source, &frame);
	assert_int_equal(strlen(frame.owners[OWNER_SOURCE]->processes[0]->arguments), OWNER_ARGUMENTS_MOST + 3);
	assert_string_equal(frame.owners[OWNER_SOURCE]->processes[0]->arguments + OWNER_ARGUMENTS_MOST, "...");
	source_close(source);
	arguments[OWNER_ARGUMENTS_MOST] = '\0';
	round_trip(&written, 1);
}

/* What other programs read: the numbers, and a comment whose first line is of use. */
static void the_options_are_as_others_write_them(void **state)
{
	static const char text[] = "PID: 4242\nCmd: /usr/bin/python3.11\nArgs: python3 client.py h\nThreadId: 4243\n"
				   "ParentPID: 4000\nUserId: 1000\nUserName: student\nName: python3\nEnd: destination\n"
				   "Certainty: exact";
	static const char bare[] = "PID: 4294967295\nCmd: \nArgs: \nEnd: source\nCertainty: remembered";
	struct frame written = { .owners = { &past, &exact } }, frame;
	const uint8_t *value;
	uint16_t code, length;
	struct source *source;
	uint32_t at = 0;

	(void)state;
	write_frames("options.pcapng", &written, 1, &to_pcapng, NULL);
	source = reopen("options.pcapng");
	assert_next(source, &frame);
	assert_true(frame_option(&frame, &at, &code, &value, &length));
	assert_int_equal(code, PACKET_PROCESS);
	assert_int_equal(length, 8);
	assert_true(load32(value, false) == UINT32_MAX && load32(value + 4, false) == 0);
	assert_true(frame_option(&frame, &at, &code, &value, &length));
	assert_true(code == OPTION_COMMENT && length == sizeof bare - 1 && !memcmp(value, bare, length));
	assert_true(frame_option(&frame, &at, &code, &value, &length));
	assert_true(code == OPTION_COMMENT && length == sizeof text - 1 && !memcmp(value, text, length));
	assert_false(frame_option(&frame, &at, &code, &value, &length));
	source_close(source);
}

static void without_processes_nothing_is_added(void **state)
{
	struct frame bare[3] = { { 0 } }, unknowns[3] = { { 0 } };
	struct text a = { 0 }, b = { 0 };

	(void)state;
	unknowns[0].owners[OWNER_SOURCE] = unknowns[1].owners[OWNER_DESTINATION] = &unknown;
	write_frames("bare.pcapng", bare, 3, &to_pcapng, NULL);
	write_frames("unknown.pcapng", unknowns, 3, &to_pcapng, NULL);
	load_file("bare.pcapng", &a);
	load_file("unknown.pcapng", &b);
	assert_int_equal(a.length, b.length);
	text_release(&a);
	text_release(&b);
}

static void pcap_counts_what_is_lost(void **state)
{
	struct frame frames[4] = {
		{ .owners = { &exact } }, { 0 }, { .owners = { NULL, &shared } }, { .owners = { &unknown, NULL } }
	};
	uint64_t lost;

	(void)state;
	write_frames("lost.pcap", frames, 4, &to_pcap, &lost);
	assert_int_equal(lost, 2);
	write_frames("kept.pcapng", frames, 4, &to_pcapng, &lost);
	assert_int_equal(lost, 0);
}

/* ------------------------------------------------------------------------------------------- reading */

static void one_process_is_one_struct(void **state)
{
	struct frame frames[3] = { { .owners = { &exact, &shared } },
				   { .owners = { &shared, &exact } },
				   { .owners = { &exact, &shared } } };
	const struct owner *owners[OWNER_ENDS];
	struct source *source;
	struct frame frame;

	(void)state;
	write_frames("same.pcapng", frames, 3, &to_pcapng, NULL);
	source = reopen("same.pcapng");
	assert_next(source, &frame);
	memcpy(owners, frame.owners, sizeof owners);
	assert_ptr_equal(owners[OWNER_SOURCE]->processes[0], owners[OWNER_DESTINATION]->processes[1]);
	assert_next(source, &frame);
	assert_ptr_equal(frame.owners[OWNER_SOURCE], owners[OWNER_DESTINATION]);
	assert_ptr_equal(frame.owners[OWNER_DESTINATION], owners[OWNER_SOURCE]);
	assert_next(source, &frame);
	assert_ptr_equal(frame.owners[OWNER_SOURCE], owners[OWNER_SOURCE]);
	source_close(source);
}

static void numbers_in_either_byte_order(void **state)
{
	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		struct build b = { .swapped = swapped };
		const struct owner *owner;
		struct source *source;
		struct frame frame;

		build_simple(&b, 6, 0);
		build_packet(&b, 0, 1, 4, 4);
		build_option32(&b, PACKET_FLAGS, FRAME_IN);
		build16(&b, PACKET_PROCESS);
		build16(&b, 8);
		build32(&b, 70000);
		build32(&b, 70001);
		build_end(&b);
		source = build_open(&b);
		assert_next(source, &frame);
		owner = frame.owners[OWNER_DESTINATION];
		assert_null(frame.owners[OWNER_SOURCE]);
		assert_true(owner->count == 1 && owner->certainty == OWNER_PORT && !owner->more);
		assert_int_equal(owner->processes[0]->pid, 70000);
		assert_int_equal(owner->processes[0]->thread, 70001);
		source_close(source);
		build_release(&b);
	}
}

static void other_comments_tell_nothing(void **state)
{
	static const char *const comments[] = { "",
						"PID",
						"PID: ",
						"PID: 0",
						"PID: x",
						"PID: 4294967296",
						"pid: 1",
						" PID: 1",
						"Name: me",
						"Cmd: /bin/a",
						"End: source\nPID: 1" };
	struct build b = { 0 };
	struct source *source;
	struct frame frame;

	(void)state;
	build_simple(&b, 6, 0);
	for (size_t i = 0; i < sizeof comments / sizeof *comments; i++) {
		build_packet(&b, 0, 1, 4, 4);
		build_option(&b, OPTION_COMMENT, comments[i], (uint16_t)strlen(comments[i]));
		build_end(&b);
	}
	source = build_open(&b);
	for (size_t i = 0; i < sizeof comments / sizeof *comments; i++) {
		assert_next(source, &frame);
		if (frame_has_owners(&frame))
			fail_msg("\"%s\" tells of a process", comments[i]);
	}
	source_close(source);
	build_release(&b);
}

/* Beyond what is kept it is said that there is more; what was met before is still known. */
static void what_is_kept_ends(void **state)
{
	enum { LONG = 60000, PACKETS = OWNERS_KEPT_MOST / LONG };
	char *comment = mem_new(1, LONG + 1);
	struct build b = { 0 };
	struct source *source;
	struct frame frame;

	(void)state;
	build_simple(&b, 6, 0);
	memset(comment, 'a', LONG);
	for (unsigned i = 0; i <= PACKETS; i++) {
		build_packet(&b, 0, 1, 4, 4);
		comment[snprintf(comment, 40, "PID: %u\nArgs: ", 10000 + i % PACKETS)] = 'a';
		build_option(&b, OPTION_COMMENT, comment, LONG);
		build_end(&b);
	}
	source = build_open(&b);
	for (unsigned i = 0; i <= PACKETS; i++) {
		const struct owner *owner;

		assert_next(source, &frame);
		owner = frame.owners[OWNER_SOURCE];
		assert_non_null(owner);
		if (i == 0 || i == PACKETS)
			assert_true(owner->count == 1 && owner->processes[0]->pid == 10000);
		if (i == PACKETS - 1)
			assert_true(owner->count == 0 && owner->certainty == OWNER_UNKNOWN && owner->more);
	}
	source_close(source);
	build_release(&b);
	free(comment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_comes_back),
		cmocka_unit_test(strings_come_back_whatever_is_in_them),
		cmocka_unit_test(as_many_processes_as_an_owner_holds),
		cmocka_unit_test(many_owners),
		cmocka_unit_test(a_long_command_line_is_cut),
		cmocka_unit_test(the_options_are_as_others_write_them),
		cmocka_unit_test(without_processes_nothing_is_added),
		cmocka_unit_test(pcap_counts_what_is_lost),
		cmocka_unit_test(one_process_is_one_struct),
		cmocka_unit_test(numbers_in_either_byte_order),
		cmocka_unit_test(other_comments_tell_nothing),
		cmocka_unit_test(what_is_kept_ends),
	};

	return cmocka_run_group_tests_name("pcapng owners", tests, enter_directory, leave_directory);
}
