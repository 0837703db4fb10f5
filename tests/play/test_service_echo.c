/* SPDX-License-Identifier: BSD-2-Clause */
/* The echo service: datagrams and streams go back as they came. */
#include "wires.h"

static void check_datagram(const void *data, size_t length)
{
	struct datagram datagram = { .data = data, .length = length };

	echo_service.on_datagram(NULL, &datagram);
	assert_non_null(datagram.answer);
	assert_int_equal(datagram.answer_length, length);
	assert_memory_equal(datagram.answer, length ? data : "", length);
}

static void a_datagram_goes_back(void **state)
{
	static uint8_t most[65507];

	(void)state;
	for (size_t i = 0; i < sizeof most; i++)
		most[i] = (uint8_t)(i * 31 >> 3);
	check_datagram(OCTETS("hello"));
	check_datagram(OCTETS("hello\r\n\0\xff"));
	check_datagram(most, 1);
	check_datagram(most, sizeof most);
}

static void an_empty_datagram_is_answered(void **state)
{
	(void)state;
	check_datagram("", 0);
	check_datagram(NULL, 0);
}

static void a_stream_goes_back(void **state)
{
	struct wires wires;
	struct connection *one, *two;

	(void)state;
	wires_open(&wires, &echo_service, NULL, 0);
	one = wires_connect(&wires);
	two = wires_connect(&wires);
	assert_gets(one, "", 0);
	connection_received(one, (const uint8_t *)"hel", 3);
	connection_received(one, (const uint8_t *)"lo\n\0\xff", 5);
	connection_received(two, (const uint8_t *)"x", 1);
	assert_gets(one, OCTETS("hello\n\0\xff"));
	assert_gets(two, OCTETS("x"));
	connection_received(one, (const uint8_t *)"more", 4);
	assert_gets(one, OCTETS("more"));
	wires_close(&wires);
}

/* What was echoed before the end is still sent, and only then is the connection closed. */
static void a_half_closed_peer_gets_the_rest(void **state)
{
	struct wires wires;
	struct connection *c;

	(void)state;
	wires_open(&wires, &echo_service, NULL, 0);
	c = wires_connect(&wires);
	connection_received(c, (const uint8_t *)"last", 4);
	connection_ended(c);
	assert_false(connection_over(c));
	assert_gets(c, OCTETS("last"));
	assert_true(connection_over(c));
	wires_close(&wires);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_goes_back),
		cmocka_unit_test(an_empty_datagram_is_answered),
		cmocka_unit_test(a_stream_goes_back),
		cmocka_unit_test(a_half_closed_peer_gets_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
