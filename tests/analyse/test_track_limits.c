/* SPDX-License-Identifier: BSD-2-Clause */
/* What all conversations together keep, where packets are only looked at as they pass. */
#include "talking.h"

#include "analyse/messages.h"
#include "base/mem.h"

#define SEGMENT 1400
#define SEGMENTS 180 /* that one conversation lets wait */

/* The texts of chat in the packets from number `from` on, a line each. */
static void texts_from(struct talk *talk, unsigned from)
{
	struct protocols *protocols = protocols_new();
	struct packet *packet = mem_new(1, sizeof *packet);
	const struct dissector *chat;
	const struct field_def *text = protocols_field("chat.text", &chat);
	struct track *track;

	protocols_want_all(protocols);
	track = track_new(protocols, TRACK_ALL | TRACK_SHORT, NULL);
	for (unsigned i = 0; i < talk->count; i++) {
		const struct put *put = &talk->packets[i];
		struct frame frame = { .number = i + 1, .time = put->time, .has_time = true, .data = put->data,
				       .cap_length = put->cut, .wire_length = put->length, .link = 101 };

		dissect(protocols, &frame, packet);
		track_packet(track, packet);
		for (const struct field *field = NULL;
		     i + 1 >= from && (field = packet_field(packet, chat, text, field));) {
			text_add(&talk->told, field->value.bytes, field->length);
			text_char(&talk->told, '\n');
		}
	}
	track_free(track);
	protocols_free(protocols);
	free(packet);
}

/* Somebody who says half a line, and lets much wait behind a hole. */
static struct caller greedy(struct talk *talk, uint16_t port)
{
	static const char words[SEGMENT] = "never shown";
	struct caller caller = call(talk, ALICE, port, 5000), behind;

	put_up(talk, &caller, "a\n");
	put_up(talk, &caller, "hel");
	behind = caller;
	behind.seq[0] += 1000;
	for (unsigned i = 0; i < SEGMENTS; i++)
		put_segment(talk, &behind, true, words, sizeof words);
	return caller;
}

static void the_silent_ones_lose_what_they_keep(void **state)
{
	enum { MANY = MESSAGES_OCTETS_SHORT / (SEGMENTS * SEGMENT) + 2 };
	struct talk *talk = *state;
	struct caller callers[MANY];
	unsigned from;

	for (unsigned i = 0; i < MANY; i++)
		callers[i] = greedy(talk, (uint16_t)(40000 + i));
	from = talk->count + 1;
	put_up(talk, &callers[0], "lo one\n");
	put_up(talk, &callers[MANY - 1], "lo two\n");
	texts_from(talk, from);
	assert_text(&talk->told, "lo one\nhello two\n");
}

/* Within the limit nobody loses anything. */
static void a_few_keep_it_all(void **state)
{
	struct talk *talk = *state;
	struct caller first = greedy(talk, 40000), second = greedy(talk, 40001);
	unsigned from = talk->count + 1;

	put_up(talk, &first, "lo one\n");
	put_up(talk, &second, "lo two\n");
	texts_from(talk, from);
	assert_text(&talk->told, "hello one\nhello two\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_silent_ones_lose_what_they_keep, talk_set_up, talk_tear_down),
		cmocka_unit_test_setup_teardown(a_few_keep_it_all, talk_set_up, talk_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
