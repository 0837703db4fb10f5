/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels and interfaces, from the captures that show them. */
#include "answering.h"

#include <stdio.h>

#include "io/source.h"

struct capture {
	struct reader *reader;
	struct source *source;
	struct answer answer;
};

static struct capture *open_capture(const char *name)
{
	struct capture *capture = mem_new(1, sizeof *capture);
	const char *top = getenv("top_srcdir");
	char path[4096];
	struct error err;

	snprintf(path, sizeof path, "%s/pcaps/%s.pcap", top ? top : ".", name);
	capture->reader = reader_new();
	capture->source = source_file_open(path, NULL, &err);
	if (!capture->source)
		fail_msg("%s", err.text);
	return capture;
}

static void close_capture(struct capture *capture)
{
	source_close(capture->source);
	reader_free(capture->reader);
	free(capture);
}

/* The next packet is an answer. */
static const struct answer *next(struct capture *capture)
{
	struct frame frame;
	struct error err;

	assert_int_equal(source_next_frame(capture->source, &frame, &err), 1);
	dissect(capture->reader->protocols, &frame, capture->reader->packet);
	assert_true(answer_read(capture->reader->packet, &capture->answer));
	return &capture->answer;
}

static void assert_label(const struct answer_label *label, uint32_t value, uint8_t exp, bool bottom, uint8_t ttl)
{
	assert_int_equal(label->label, value);
	assert_int_equal(label->exp, exp);
	assert_int_equal(label->bottom, bottom);
	assert_int_equal(label->ttl, ttl);
}

static void the_whole_interface(const struct answer_interface *interface)
{
	assert_int_equal(interface->role, 0);
	assert_true(interface->has_index && interface->has_mtu);
	assert_int_equal(interface->index, 7);
	assert_int_equal(interface->mtu, 1500);
	assert_address(&interface->address, "192.0.2.9:0");
	assert_string_equal(interface->name, "eth0");
}

static void interfaces(void **state)
{
	struct capture *capture = open_capture("icmp/interface-information");
	const struct answer *answer = next(capture);

	(void)state;
	assert_int_equal(answer->interface_count, 2);
	assert_false(answer->bad_extension);
	the_whole_interface(&answer->interfaces[0]);
	assert_int_equal(answer->interfaces[1].role, 2);
	assert_false(answer->interfaces[1].has_mtu);
	assert_address(&answer->interfaces[1].address, "[2001:db8::9]:0");
	assert_string_equal(answer->interfaces[1].name, "tunnel \xc3\xa9");
	answer = next(capture);
	assert_int_equal(answer->interface_count, 3);
	assert_int_equal(answer->interfaces[0].role, 1);
	assert_int_equal(answer->interfaces[0].index, 12);
	assert_int_equal(answer->interfaces[1].role, 3);
	assert_int_equal(answer->interfaces[1].mtu, 9000);
	assert_int_equal(answer->interfaces[2].address.length, 0);
	assert_string_equal(answer->interfaces[2].name, "");
	close_capture(capture);
}

static void labels(void **state)
{
	struct capture *capture = open_capture("icmp/mpls-extension");
	const struct answer *answer = next(capture);

	(void)state;
	assert_int_equal(answer->label_count, 1);
	assert_label(&answer->labels[0], 16000, 3, true, 63);
	assert_int_equal(answer->interface_count, 1);
	assert_string_equal(answer->interfaces[0].name, "eth0");
	assert_true(answer->quote.there);
	close_capture(capture);
}

static void the_same_in_ipv6(void **state)
{
	struct capture *capture = open_capture("icmpv6/extension");
	const struct answer *answer = next(capture);

	(void)state;
	assert_int_equal(answer->label_count, 2);
	assert_label(&answer->labels[0], 16000, 0, false, 63);
	assert_label(&answer->labels[1], 5, 0, true, 1);
	assert_int_equal(answer->interface_count, 2);
	the_whole_interface(&answer->interfaces[0]);
	assert_int_equal(next(capture)->label_count, 1);
	assert_int_equal(next(capture)->label_count, 1);
	assert_true(capture->answer.bad_extension);
	assert_int_equal(next(capture)->label_count, 0);
	assert_true(capture->answer.bad_extension);
	close_capture(capture);
}

static void one_from_before_the_rfc(void **state)
{
	struct capture *capture = open_capture("icmp/old-extension");

	(void)state;
	assert_int_equal(next(capture)->label_count, 1);
	assert_int_equal(next(capture)->label_count, 0);
	assert_int_equal(next(capture)->label_count, 0);
	assert_false(capture->answer.bad_extension);
	close_capture(capture);
}

/* Packet by packet of the capture: whether what is wrong with it is told. */
static void what_is_wrong(void **state)
{
	static const bool bad[] = {
		true, true, true, true, false, false, true, true, true, true, true, true, true, false, false,
	};
	struct capture *capture = open_capture("icmp/bad-extension");

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct answer *answer = next(capture);

		if (answer->bad_extension != bad[i])
			fail_msg("packet %zu", i + 1);
		assert_true(answer->quote.has_transport);
	}
	close_capture(capture);
}

/* More than there is room for: the first are kept. */
static void more_than_are_kept(void **state)
{
	enum { LABELS = ANSWER_LABELS + 3, INTERFACES = ANSWER_INTERFACES + 2 };
	struct reader *reader = reader_new();
	struct octets o = { .length = 0 };
	struct answer answer;

	(void)state;
	add_error(&o, 11, 0, 8u << 16);
	add_ip(&o, &(struct head){ .protocol = IS_UDP, .carries = 12, .from = US, .to = TARGET });
	add_udp(&o, 40000, 33434, 12, 7);
	add(&o, 0, 4);
	add(&o, 0x20000000, 4);
	add(&o, (4 + 4 * LABELS) << 16 | 0x101, 4);
	for (uint32_t i = 0; i < LABELS; i++)
		add(&o, i << 12 | 64, 4);
	for (uint32_t i = 0; i < INTERFACES; i++) {
		add(&o, 8 << 16 | 0x208, 4);
		add(&o, i + 1, 4);
	}
	assert_true(read_octets(reader, &o, &answer));
	assert_int_equal(answer.label_count, ANSWER_LABELS);
	assert_int_equal(answer.labels[ANSWER_LABELS - 1].label, ANSWER_LABELS - 1);
	assert_int_equal(answer.interface_count, ANSWER_INTERFACES);
	assert_int_equal(answer.interfaces[ANSWER_INTERFACES - 1].index, ANSWER_INTERFACES);
	reader_free(reader);
}

/* A name of 255 octets, as long as one can say it is. */
static void a_name_longer_than_is_kept(void **state)
{
	struct reader *reader = reader_new();
	struct octets o = { .length = 0 };
	struct answer answer;

	(void)state;
	add_error(&o, 11, 0, 8u << 16);
	add_ip(&o, &(struct head){ .protocol = IS_UDP, .carries = 12, .from = US, .to = TARGET });
	add_udp(&o, 40000, 33434, 12, 7);
	add(&o, 0, 4);
	add(&o, 0x20000000, 4);
	add(&o, 259 << 16 | 0x202, 4);
	add(&o, 255, 1);
	for (unsigned i = 0; i < 254; i++)
		add(&o, 'x', 1);
	assert_true(read_octets(reader, &o, &answer));
	assert_int_equal(strlen(answer.interfaces[0].name), sizeof answer.interfaces[0].name - 1);
	reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces),
		cmocka_unit_test(labels),
		cmocka_unit_test(the_same_in_ipv6),
		cmocka_unit_test(one_from_before_the_rfc),
		cmocka_unit_test(what_is_wrong),
		cmocka_unit_test(more_than_are_kept),
		cmocka_unit_test(a_name_longer_than_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
