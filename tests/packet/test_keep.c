/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets that borrow octets from elsewhere, after these have got another use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "packet/dissect.h"
#include "packet/keep.h"

/* Ethernet, IPv4, UDP from 40000 to 6666 with the chat line "a: b". */
static const uint8_t octets[] = {
	2,  0,    0,    0,    0,    1,    2,    0,    0,    0,    0,    2,    8,    0,    0x45, 0,
	0,  0x20, 0,    1,    0x40, 0,    0x40, 0x11, 0x26, 0xc9, 10,   0,    0,    2,    10,   0,
	0,  1,    0x9c, 0x40, 0x1a, 0x0a, 0,    12,   0,    0,    'a',  ':',  ' ',  'b',
};

struct world {
	struct protocols *protocols;
	struct packet *packet;
	struct frame frame;
	struct keep keep;
};

static int set_up(void **state)
{
	struct world *w = mem_new(1, sizeof *w);

	w->protocols = protocols_new();
	protocols_want_all(w->protocols);
	w->packet = mem_new(1, sizeof *w->packet);
	w->frame = (struct frame){
		.number = 1, .link = 1, .data = octets, .cap_length = sizeof octets, .wire_length = sizeof octets,
	};
	dissect(w->protocols, &w->frame, w->packet);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	keep_clear(&w->keep);
	protocols_free(w->protocols);
	free(w->packet);
	free(w);
	return 0;
}

static void carry(struct world *w, const char *line)
{
	const struct carried carried = {
		.data = (const uint8_t *)line,
		.length = (uint32_t)strlen(line),
		.claimed = (uint32_t)strlen(line),
		.as = protocols_find("chat"),
		.side = SIDE_TO_SERVER,
	};

	dissect_carried(w->protocols, w->packet, 3, &carried);
}

static void assert_text(const struct world *w, const char *name, const char *text)
{
	const struct dissector *dissector;
	const struct field_def *def = protocols_field(name, &dissector);
	const struct field *field = packet_field(w->packet, dissector, def, NULL);

	assert_non_null(field);
	assert_int_equal(field->length, strlen(text));
	assert_memory_equal(field->value.bytes, text, field->length);
}

static void test_own_octets_stay(void **state)
{
	struct world *w = *state;

	assert_false(w->packet->borrows);
	packet_keep(w->packet, &w->keep);
	assert_null(w->keep.blocks);
	assert_text(w, "chat.text", "b");
}

static void test_carried_octets(void **state)
{
	struct world *w = *state;
	char line[] = "alice: hello\nbob: hi\n";

	carry(w, line);
	assert_true(w->packet->borrows);
	packet_keep(w->packet, &w->keep);
	memset(line, 'x', sizeof line - 1);
	assert_false(w->packet->borrows);
	assert_int_equal(w->packet->layer_count, 6);
	assert_text(w, "chat.user", "alice");
	assert_text(w, "chat.text", "hello");
	assert_memory_equal(layer_octets(w->packet, &w->packet->layers[5]), "bob: hi\n", 8);
	/* Words of our own and octets of the frame are where they were. */
	assert_text(w, "chat.kind", "line");
	assert_ptr_equal(packet_role(w->packet, ROLE_LINK_DST)->value.bytes, octets);
}

static void test_a_note(void **state)
{
	struct world *w = *state;
	const struct dissector *echo;
	char words[] = "upper-cased";
	const struct note note = {
		.def = protocols_field("echo.transform", &echo),
		.value.bytes = (const uint8_t *)words,
		.length = sizeof words - 1,
	};

	packet_note(w->packet, 4, &note, 1);
	packet_keep(w->packet, &w->keep);
	memset(words, 'x', sizeof words - 1);
	assert_text(w, "echo.transform", "upper-cased");
}

static void test_kept_twice(void **state)
{
	struct world *w = *state;
	char line[] = "alice: hello\n";

	carry(w, line);
	packet_keep(w->packet, &w->keep);
	carry(w, "carol: later\n");
	packet_keep(w->packet, &w->keep);
	assert_text(w, "chat.user", "carol");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_own_octets_stay, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_carried_octets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_note, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_kept_twice, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("keep", tests, NULL, NULL);
}
