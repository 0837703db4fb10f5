/* SPDX-License-Identifier: BSD-2-Clause */
/* Who heard what: lines that go in to a chat server and come out as copies; names; coming and going. */
#include "talking.h"

struct three {
	struct caller alice, bob, carol;
};

/* Three say their names to the server of sonde's own protocol, and hear of each other. */
static struct three join(struct talk *talk)
{
	struct three t = {
		.alice = call(talk, ALICE, 40000, 5000),
		.bob = call(talk, BOB, 40000, 5000),
		.carol = call(talk, CAROL, 40000, 5000),
	};

	put_up(talk, &t.alice, "alice\n");
	put_down(talk, &t.alice, "* alice joined\n");
	put_up(talk, &t.bob, "bob\n");
	put_down(talk, &t.bob, "* bob joined\n");
	put_up(talk, &t.carol, "carol\n");
	put_down(talk, &t.carol, "* carol joined\n");
	return t;
}

enum { BEFORE = 15 }; /* packets until then */

static void leave(struct talk *talk, struct three *t)
{
	hang_up(talk, &t->alice);
	hang_up(talk, &t->bob);
	hang_up(talk, &t->carol);
}

static void test_copies(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "hello\n");
	put_down(talk, &t.bob, "alice: hello\n");
	put_down(talk, &t.carol, "alice: hello\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=2");
	assert_told(talk, BEFORE + 2, "line_in=16 receiver=1 peer=\"bob\"");
	assert_told(talk, BEFORE + 3, "line_in=16 receiver=2 peer=\"carol\"");
	assert_text(&talk->users, "alice 10-21 said 1 private 0 heard 0\nbob 12-24 said 0 private 0 heard 1\n"
		    "carol 14-27 said 0 private 0 heard 1\n");
	assert_text(&talk->lines, "10 join alice:alice heard by 0 of 0\n12 join bob:bob heard by 0 of 1\n"
		    "14 join carol:carol heard by 0 of 2\n16 alice:hello heard by 2 of 2\n");
}

static void test_returned(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "hello\n");
	put_down(talk, &t.alice, "alice: hello\n");
	put_down(talk, &t.bob, "alice: hello\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=1 returned=1");
	assert_told(talk, BEFORE + 2, "line_in=16 peer=\"alice\"");
	assert_told(talk, BEFORE + 3, "line_in=16 receiver=1 peer=\"bob\"");
}

static void test_private(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "@bob psst\n");
	put_down(talk, &t.bob, "[private] alice -> bob: psst\n");
	put_down(talk, &t.alice, "[private] alice -> bob: psst\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=1 returned=1");
	assert_told(talk, BEFORE + 2, "line_in=16 receiver=1 peer=\"bob\"");
	assert_told(talk, BEFORE + 3, "line_in=16 peer=\"alice\"");
}

/* The text does not say that it is private; who gets it does. */
static void test_leaked(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "/msg bob psst\n");
	put_down(talk, &t.bob, "alice: psst\n");
	put_down(talk, &t.carol, "alice: psst\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=2 leaked=1");
	assert_told(talk, BEFORE + 2, "line_in=16 receiver=1 peer=\"bob\"");
	assert_told(talk, BEFORE + 3, "line_in=16 receiver=2 leaked=1 peer=\"carol\"");
}

/* Nobody ever said a name: the second one who gets a private line is one too many. */
static void test_leaked_without_names(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5000), bob = call(talk, BOB, 40000, 5000);
	struct caller carol = call(talk, CAROL, 40000, 5000);

	put_up(talk, &alice, "/msg 3 psst\n");
	put_down(talk, &bob, "psst\n");
	put_down(talk, &carol, "psst\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 11, "line_in=10 receiver=1");
	assert_told(talk, 12, "line_in=10 receiver=2 leaked=1");
}

/* Two say the same: each one's copy is found by the name, and nobody hears himself. */
static void test_the_same_words(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "hi\n");
	put_up(talk, &t.bob, "hi\n");
	put_down(talk, &t.alice, "bob: hi\n");
	put_down(talk, &t.carol, "bob: hi\n");
	put_down(talk, &t.bob, "alice: hi\n");
	put_down(talk, &t.carol, "alice: hi\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=2");
	assert_told(talk, BEFORE + 2, "peer=\"bob\" receivers=2");
	assert_told(talk, BEFORE + 3, "line_in=17 receiver=1 peer=\"alice\"");
	assert_told(talk, BEFORE + 4, "line_in=17 receiver=2 peer=\"carol\"");
	assert_told(talk, BEFORE + 6, "line_in=16 receiver=2 peer=\"carol\"");
}

/* Other servers put what they like before the text; the copy ends with the line. */
static void test_forms_that_are_not_known(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5000), bob = call(talk, BOB, 40000, 5000);

	put_up(talk, &alice, "good morning\n");
	put_down(talk, &bob, "At noon #7 said aloud good morning\n");
	put_down(talk, &bob, "At noon #7 said aloud good night\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 8, "line_in=7 receiver=1");
	assert_told(talk, 9, "");
}

/* A text that comes out six seconds later is no copy. */
static void test_too_late(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "hello\n");
	wait_ms(talk, 6000);
	put_down(talk, &t.bob, "alice: hello\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=0");
	assert_told(talk, BEFORE + 2, "peer=\"bob\"");
}

/* On a client's machine there is one connection: nothing says who hears. */
static void test_one_connection_alone(void **state)
{
	struct talk *talk = *state;
	struct caller alice = call(talk, ALICE, 40000, 5000);

	put_up(talk, &alice, "alice\n");
	put_down(talk, &alice, "* alice joined\n");
	put_up(talk, &alice, "hello\n");
	put_down(talk, &alice, "bob: hello\n");
	hang_up(talk, &alice);
	listen_twice(talk);
	assert_told(talk, 6, "peer=\"alice\"");
	assert_told(talk, 7, "peer=\"alice\"");
}

static void test_a_new_name(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "/nick rob\n");
	put_down(talk, &t.alice, "* alice is now known as rob\n");
	put_down(talk, &t.bob, "* alice is now known as rob\n");
	put_up(talk, &t.alice, "it is me\n");
	put_down(talk, &t.bob, "rob: it is me\n");
	put_up(talk, &t.bob, "/quit\n");
	hang_up(talk, &t.bob);
	listen_twice(talk);
	assert_told(talk, BEFORE + 4, "peer=\"rob\" receivers=1");
	assert_text(&talk->users, "bob 12-21 said 0 private 0 heard 1\nrob 10-0 said 1 private 0 heard 0\n"
		    "carol 14-0 said 0 private 0 heard 0\n");
}

/* Several messages in one segment: each has its own facts. */
static void test_in_one_segment(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);

	put_up(talk, &t.alice, "one\ntwo\n");
	put_down(talk, &t.bob, "alice: one\nalice: two\n");
	put_down(talk, &t.carol, "alice: two\n");
	leave(talk, &t);
	listen_twice(talk);
	assert_told(talk, BEFORE + 1, "peer=\"alice\" receivers=1 peer=\"alice\" receivers=2");
	assert_told(talk, BEFORE + 2, "line_in=16 receiver=1 peer=\"bob\" line_in=16 receiver=1 peer=\"bob\"");
	assert_told(talk, BEFORE + 3, "line_in=16 receiver=2 peer=\"carol\"");
}

static void test_broadcast(void **state)
{
	struct talk *talk = *state;

	put_udp(talk, ALICE, 6666, EVERYBODY, 6666, "alice: hello\n");
	put_udp(talk, BOB, 6666, EVERYBODY, 6666, "bob: hello\n");
	put_udp(talk, ALICE, 6666, EVERYBODY, 6666, "alice: bye\n");
	listen_twice(talk);
	assert_told(talk, 2, "");
	assert_text(&talk->lines, "1 alice:hello heard by 0 of 0, broadcast\n2 bob:hello heard by 0 of 0, broadcast\n"
		    "3 alice:bye heard by 0 of 0, broadcast\n");
	assert_text(&talk->users, "alice 1-0 said 2 private 0 heard 0\nbob 2-0 said 1 private 0 heard 0\n");
}

/* Equal lines by the thousand: each copy has its line, and none costs more than the one before. */
static void test_flood_of_equal_lines(void **state)
{
	struct talk *talk = *state;
	struct three t = join(talk);
	const unsigned many = CHAT_LINES_MAX + 100;

	for (unsigned i = 0; i < many; i++)
		put_up(talk, &t.alice, "spam\n");
	talk->now -= (int64_t)(many - 4000) * 1000000;
	for (unsigned i = 0; i < 1000; i++)
		put_down(talk, &t.bob, "alice: spam\n");
	leave(talk, &t);
	listen_twice(talk);
	/* The first hundred had to make room. */
	assert_told(talk, BEFORE + many + 1, "line_in=116 receiver=1 peer=\"bob\"");
	assert_told(talk, BEFORE + many + 1000, "line_in=1115 receiver=1 peer=\"bob\"");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, talk_set_up, talk_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_copies), TEST(test_returned), TEST(test_private), TEST(test_leaked),
		TEST(test_leaked_without_names), TEST(test_the_same_words), TEST(test_forms_that_are_not_known),
		TEST(test_too_late), TEST(test_one_connection_alone), TEST(test_a_new_name), TEST(test_in_one_segment),
		TEST(test_broadcast), TEST(test_flood_of_equal_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
