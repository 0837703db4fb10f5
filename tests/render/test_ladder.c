/* SPDX-License-Identifier: BSD-2-Clause */
/* The ladder as text: columns, arrows, words, what went wrong, and widths. */
#include "packets.h"

#include <stdio.h>

#include "base/utf8.h"
#include "render/canvas.h"
#include "render/ladder.h"

struct scene {
	struct bench *bench;
	struct ladder ladder;
	struct text out;
	struct ladder_style style;
};

static struct scene *scene_new(size_t most)
{
	struct scene *scene = calloc(1, sizeof *scene);

	assert_non_null(scene);
	scene->bench = bench_new("line");
	scene->style = (struct ladder_style){ .width = 60 };
	scene->bench->frame.number = 0;
	ladder_init(&scene->ladder, most);
	return scene;
}

static void scene_free(struct scene *scene)
{
	ladder_release(&scene->ladder);
	text_release(&scene->out);
	bench_free(scene->bench);
	free(scene);
}

static void put32(uint8_t *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_sum(uint8_t *at, uint16_t sum)
{
	at[0] = (uint8_t)(sum >> 8);
	at[1] = (uint8_t)sum;
}

/* A datagram to the toy's port, `later` ns after the one before; ports are swapped when it comes back. */
static bool says(struct scene *scene, uint32_t from, uint32_t to, bool back, const char *what, int64_t later)
{
	struct bench *b = scene->bench;
	uint64_t number = b->frame.number;
	int64_t time = number ? b->frame.time + later : 1700000000123456789;
	uint8_t payload[256] = { 1, 0, 0, 0, (uint8_t)strlen(what) }, port[2], *ip = b->data + 14;

	memcpy(payload + 5, what, strlen(what));
	bench_udp(b, TOY_PORT, payload, 5 + strlen(what));
	put32(ip + 12, from);
	put32(ip + 16, to);
	put_sum(ip + 10, 0);
	put_sum(ip + 10, (uint16_t)~checksum_fold(checksum_add(0, ip, 20)));
	put_sum(ip + 26, 0); /* none */
	if (back) {
		memcpy(port, ip + 20, 2);
		memcpy(ip + 20, ip + 22, 2);
		memcpy(ip + 22, port, 2);
	}
	b->frame.number = number + 1;
	b->frame.time = time;
	dissect(b->protocols, &b->frame, &b->packet);
	return ladder_packet(&scene->ladder, &b->packet, NULL);
}

static void draw(struct scene *scene)
{
	text_clear(&scene->out);
	ladder_text(&scene->ladder, &scene->style, &scene->out);
	text_char(&scene->out, '\0');
	scene->out.length--;
}

static void assert_drawn(struct scene *scene, const char *expected)
{
	draw(scene);
	assert_string_equal(scene->out.data, expected);
}

static void assert_has(struct scene *scene, const char *part)
{
	draw(scene);
	if (!strstr(scene->out.data, part))
		fail_msg("'%s' is not in:\n%s", part, scene->out.data);
}

static void assert_has_not(struct scene *scene, const char *part)
{
	draw(scene);
	if (strstr(scene->out.data, part))
		fail_msg("'%s' is in:\n%s", part, scene->out.data);
}

#define A 0x0a000001
#define B 0x0a000002
#define C 0x0a000003
#define LOOP 0x7f000001
#define ALL 0xffffffff

static void an_arrow_a_packet(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	assert_drawn(s, "");
	says(s, B, A, false, "ask", 0);
	says(s, A, B, true, "answer", 115400);
	assert_drawn(s, "             10.0.0.2                               10.0.0.1\n"
			"1  22:13:20      +-- TOY ask -------------------------->|\n"
			"2   +115 us      |<- TOY answer ------------------------+\n");
	s->style.utf8 = true;
	assert_drawn(s, "             10.0.0.2                               10.0.0.1\n"
			"1  22:13:20      ├── TOY ask ──────────────────────────►│\n"
			"2   +115 µs      │◄─ TOY answer ────────────────────────┤\n");
	scene_free(s);
}

static void words_without_room_stand_above(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, B, A, false, "what does not fit into the arrow", 0);
	says(s, A, B, true, "what does not fit into the arrow and not above it either, whatever one tries", 1000);
	assert_drawn(s, "             10.0.0.2                               10.0.0.1\n"
			"                 | TOY what does not fit into the arrow |\n"
			"1  22:13:20      +------------------------------------->|\n"
			"             TOY what does not fit into the arrow and not...\n"
			"2  +1.00 us      |<-------------------------------------+\n");
	scene_free(s);
}

static void what_is_wrong_is_not_cut(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, B, A, false, "a long story that is told until the line has come to its end and beyond", 0);
	ladder_mark(&s->ladder, 1, "no answer");
	ladder_mark(&s->ladder, 1, "no answer");
	ladder_mark(&s->ladder, 7, "nobody is there");
	assert_drawn(s, "             10.0.0.2                               10.0.0.1\n"
			"             TOY a long story that is told un... [no answer]\n"
			"1  22:13:20      +------------------------------------->|\n");
	s->style.color = true;
	assert_has(s, "\033[1;31m [no answer]\033[0m");
	scene_free(s);
}

static void an_arrow_passes_other_hosts(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, A, B, false, "1", 0);
	says(s, B, C, false, "2", 1000);
	says(s, C, A, false, "3", 1000);
	assert_drawn(s, "             10.0.0.1           10.0.0.2           10.0.0.3\n"
			"1  22:13:20      +-- TOY 1 -------->|                  |\n"
			"2  +1.00 us      |                  +-- TOY 2 -------->|\n"
			"3  +1.00 us      |<- TOY 3 ---------|------------------+\n");
	scene_free(s);
}

static void everybody_hears_a_broadcast(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, A, ALL, false, "hi", 0);
	assert_drawn(s, "             10.0.0.1                              everybody\n"
			"1  22:13:20      o-- TOY to 255.255.255.255: hi ------>|\n");
	says(s, B, A, false, "1", 1000);
	says(s, C, 0xe0000001, false, "2", 1000);
	assert_drawn(s, "             10.0.0.1           10.0.0.2           10.0.0.3\n"
			"                 | TOY to 255.255.255.255: hi          |\n"
			"1  22:13:20      o----------------->|----------------->|\n"
			"2  +1.00 us      |<- TOY 1 ---------+                  |\n"
			"                 |                  | TOY to 224.0.0.1: 2\n"
			"3  +1.00 us      |<-----------------|<-----------------o\n");
	scene_free(s);
}

/* The link says what the address does not. */
static void a_directed_broadcast_goes_to_all(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, A, B, false, "1", 0);
	assert_false(s->ladder.to_all);
	memset(s->bench->data, 0xff, 6);
	put32(s->bench->data + 30, 0x0a0000ff);
	dissect(s->bench->protocols, &s->bench->frame, &s->bench->packet);
	ladder_packet(&s->ladder, &s->bench->packet, NULL);
	assert_true(s->ladder.to_all);
	assert_int_equal(s->ladder.host_count, 2);
	scene_free(s);
}

static void loopback_has_endpoints(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, LOOP, LOOP, false, "ask", 0);
	says(s, LOOP, LOOP, true, "answer", 999);
	assert_drawn(s, "              127.0.0.1:40000                 127.0.0.1:4242\n"
			"1  22:13:20          +-- TOY ask ------------------->|\n"
			"2   +999 ns          |<- TOY answer -----------------+\n");
	scene_free(s);
}

static void hosts_without_room_share_a_column(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	for (uint32_t i = 1; i < 9; i++)
		says(s, A + i, A, false, "x", 1000);
	assert_has(s, "others");
	assert_has(s, "10.0.0.9 > 10.0.0.1: TOY x");
	assert_has_not(s, "10.0.0.2 > 10.0.0.1: ");
	s->style.width = 200;
	assert_has_not(s, "others");
	scene_free(s);
}

static void hosts_beyond_the_limit_are_others(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	for (uint32_t i = 1; i < LADDER_HOSTS + 9; i++)
		says(s, A + i, A, false, "x", 1000);
	assert_int_equal(s->ladder.host_count, LADDER_HOSTS);
	s->style.width = 2000;
	assert_has(s, "and more others");
	assert_has(s, "another > 10.0.0.1: TOY x");
	scene_free(s);
}

static void a_pause_is_told(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, A, B, false, "1", 0);
	says(s, A, B, false, "2", 12340000000);
	says(s, A, B, false, "3", -1000000);
	assert_drawn(s, "             10.0.0.1                               10.0.0.2\n"
			"1  22:13:20      +-- TOY 1 ---------------------------->|\n"
			"                 :  ... 12.3 s ...                      :\n"
			"2   +12.3 s      +-- TOY 2 ---------------------------->|\n"
			"3  -1.00 ms      +-- TOY 3 ---------------------------->|\n");
	scene_free(s);
}

static void there_is_a_limit(void **unused)
{
	struct scene *s = scene_new(2);

	(void)unused;
	assert_true(says(s, A, B, false, "1", 0));
	assert_true(says(s, A, B, false, "2", 0));
	assert_false(says(s, A, C, false, "3", 0));
	assert_int_equal(s->ladder.count, 2);
	assert_int_equal(s->ladder.passed, 3);
	assert_int_equal(s->ladder.host_count, 2);
	scene_free(s);
}

static void assert_fits(struct scene *s, unsigned width)
{
	uint32_t code;

	draw(s);
	for (const char *line = s->out.data; *line; line = strchr(line, '\n') + 1)
		assert_true(canvas_text_width(line, strcspn(line, "\n")) <= width);
	for (size_t at = 0; at < s->out.length;) {
		unsigned n = utf8_next((uint8_t *)s->out.data + at, s->out.length - at, &code);

		assert_int_not_equal(n, 0);
		assert_true(code == '\n' || !utf8_unsafe(code));
		at += n;
	}
}

/* Any number of hosts, any width, any words. */
static void lines_fit_the_terminal(void **unused)
{
	static const char *const words[] = {
		"a",
		"\033[31mred\r\n",
		"\xe4\xbd\xa0\xe5\xa5\xbd \xe4\xbd\xa0\xe5\xa5\xbd",
		"\xff\x80",
		("e\xcc\x81"
		"e\xcc\x81"),
		"a text of many words that no arrow in a narrow terminal has room for, nor the line above it",
	};
	struct scene *s = scene_new(0);

	(void)unused;
	for (uint32_t i = 0; i < 12; i++) {
		says(s, A + i, A + i / 2, i % 3, words[i % 6], 1000 << i);
		says(s, A + i, ALL, false, words[(i + 1) % 6], 3000000000);
		ladder_mark(&s->ladder, i, "retransmission");
		for (unsigned width = LADDER_WIDTH_LEAST; width < 200; width += 7) {
			s->style.width = width;
			s->style.utf8 = width % 2;
			assert_fits(s, width);
		}
	}
	scene_free(s);
}

static void durations_are_for_people(void **unused)
{
	static const struct {
		int64_t length;
		const char *text;
	} cases[] = {
		{ 0, "0 ns" },
		{ 999, "999 ns" },
		{ 1000, "1.00 us" },
		{ 12345, "12.3 us" },
		{ 115999, "115 us" },
		{ 1005000, "1.00 ms" },
		{ 99999999, "99.9 ms" },
		{ 2500000000, "2.50 s" },
		{ 59999999999, "59.9 s" },
		{ 60000000000, "1 m 00 s" },
		{ 3723000000000, "62 m 03 s" },
		{ -1500000, "1.50 ms" },
		{ INT64_MIN, "153722867 m 16 s" },
	};
	struct text out = { 0 };

	(void)unused;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		text_clear(&out);
		ladder_duration(cases[i].length, "u", &out);
		text_char(&out, '\0');
		assert_string_equal(out.data, cases[i].text);
	}
	text_release(&out);
}

static void a_picture_is_xml_whatever_comes(void **unused)
{
	struct scene *s = scene_new(0);

	(void)unused;
	says(s, A, B, false, "<b> & \"x\" ]]> \x01\xff\xef\xbf\xbf", 0);
	text_clear(&s->out);
	ladder_svg(&s->ladder, "a<b>&'\033\xff.pcap", &s->out);
	text_char(&s->out, '\0');
	assert_non_null(strstr(s->out.data, "&lt;b&gt; &amp; &quot;x&quot; ]]&gt; \\x01\\xff?"));
	assert_non_null(strstr(s->out.data, "<title>a&lt;b&gt;&amp;&#39;\\x1b\\xff.pcap</title>"));
	for (size_t i = 0; i < s->out.length - 1; i++)
		assert_true((uint8_t)s->out.data[i] >= ' ' || s->out.data[i] == '\n');
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arrow_a_packet),
		cmocka_unit_test(words_without_room_stand_above),
		cmocka_unit_test(what_is_wrong_is_not_cut),
		cmocka_unit_test(an_arrow_passes_other_hosts),
		cmocka_unit_test(everybody_hears_a_broadcast),
		cmocka_unit_test(a_directed_broadcast_goes_to_all),
		cmocka_unit_test(loopback_has_endpoints),
		cmocka_unit_test(hosts_without_room_share_a_column),
		cmocka_unit_test(hosts_beyond_the_limit_are_others),
		cmocka_unit_test(a_pause_is_told),
		cmocka_unit_test(there_is_a_limit),
		cmocka_unit_test(lines_fit_the_terminal),
		cmocka_unit_test(durations_are_for_people),
		cmocka_unit_test(a_picture_is_xml_whatever_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
