/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections compared: their openings and ends, and what they said, whatever segments it came in. */
#include "comparing.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

static void tcp(struct run *run, struct end from, struct end to, unsigned flags, uint32_t seq, uint32_t ack,
		const char *what)
{
	size_t length = strlen(what);
	uint8_t *tcp = run->data + 20;

	memset(tcp, 0, 20);
	put16(tcp, from.port);
	put16(tcp + 2, to.port);
	put32(tcp + 4, seq);
	put32(tcp + 8, flags & ACK ? ack : 0);
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)flags;
	put16(tcp + 14, 1000);
	memcpy(tcp + 20, what, length);
	seen(run, 6, from.address, to.address, length + 20);
}

static void open_connection(struct run *run, struct end from, struct end to)
{
	tcp(run, from, to, SYN, 100, 0, "");
	tcp(run, to, from, SYN | ACK, 500, 101, "");
	tcp(run, from, to, ACK, 101, 501, "");
}

static void segments_do_not_count(void **unused)
{
	struct exercise *e = exercise_new();
	struct run *model = &e->runs[MODEL], *other = &e->runs[OTHER];

	(void)unused;
	open_connection(model, CLIENT, ECHO_SERVER);
	tcp(model, CLIENT, ECHO_SERVER, ACK | PSH, 101, 501, "hello ");
	tcp(model, CLIENT, ECHO_SERVER, ACK | PSH, 107, 501, "world");
	tcp(model, ECHO_SERVER, CLIENT, ACK | PSH, 501, 112, "hello world");
	open_connection(other, OTHER_CLIENT, OTHER_ECHO_SERVER);
	tcp(other, OTHER_CLIENT, OTHER_ECHO_SERVER, ACK | PSH, 104, 501, "lo world");
	tcp(other, OTHER_CLIENT, OTHER_ECHO_SERVER, ACK | PSH, 101, 501, "hello");
	tcp(other, OTHER_CLIENT, OTHER_ECHO_SERVER, ACK | PSH, 101, 501, "hello");
	tcp(other, OTHER_ECHO_SERVER, OTHER_CLIENT, ACK | PSH, 501, 112, "hello");
	tcp(other, OTHER_ECHO_SERVER, OTHER_CLIENT, ACK | PSH, 506, 112, " world");
	assert_string_equal(differences(e), "");
	assert_int_equal(e->comparison.same, 3);
	exercise_free(e);
}

/* The date itself does not count, in how many segments ever it came. */
static void a_date_in_pieces_is_one_message(void **unused)
{
	struct exercise *e = exercise_new();
	struct run *model = &e->runs[MODEL], *other = &e->runs[OTHER];

	(void)unused;
	open_connection(model, CLIENT, DATE_SERVER);
	tcp(model, DATE_SERVER, CLIENT, ACK | PSH, 501, 101, "2026-01-31 12:00:00.123456\n");
	open_connection(other, CLIENT, DATE_SERVER);
	tcp(other, DATE_SERVER, CLIENT, ACK | PSH, 501, 101, "2026-02-01 1");
	tcp(other, DATE_SERVER, CLIENT, ACK | PSH, 513, 101, "3:00:00.123456\n");
	assert_string_equal(differences(e), "");
	assert_int_equal(e->comparison.same, 2);
	exercise_free(e);
}

static void turns_of_an_unknown_protocol_are_messages(void **unused)
{
	const struct end server = { 0x0a000001, 5557 };
	struct exercise *e = exercise_new();

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		struct run *run = &e->runs[i];

		open_connection(run, CLIENT, server);
		tcp(run, CLIENT, server, ACK | PSH, 101, 501, "get\n");
		tcp(run, server, CLIENT, ACK | PSH, 501, 105, "val 0\n");
		tcp(run, CLIENT, server, ACK | PSH, 105, 507, "incr\n");
		tcp(run, server, CLIENT, ACK | PSH, 507, 110, i == MODEL ? "ok\n" : "err\n");
	}
	assert_string_equal(differences(e), "changed 7 7 server>client data [-] data.data \"ok\\n\" \"err\\n\"\n");
	assert_int_equal(e->comparison.same, 4);
	exercise_free(e);
}

static void connections_are_opened_refused_and_closed(void **unused)
{
	struct exercise *e = exercise_new();
	struct run *model = &e->runs[MODEL], *other = &e->runs[OTHER];
	const struct end again = { CLIENT.address, 40001 };

	(void)unused;
	open_connection(model, CLIENT, ECHO_SERVER);
	tcp(model, CLIENT, ECHO_SERVER, FIN | ACK, 101, 501, "");
	tcp(model, ECHO_SERVER, CLIENT, FIN | ACK, 501, 102, "");
	open_connection(model, again, DATE_SERVER);
	open_connection(other, CLIENT, ECHO_SERVER);
	tcp(other, CLIENT, ECHO_SERVER, FIN | ACK, 101, 501, "");
	tcp(other, CLIENT, ECHO_SERVER, FIN | ACK, 101, 501, "");
	tcp(other, again, DATE_SERVER, SYN, 100, 0, "");
	tcp(other, DATE_SERVER, again, RST | ACK, 0, 101, "");
	assert_string_equal(differences(e), "missing 5 0 server>client tcp close [has no more to say] - - -\n"
					    "changed 6 6 client>server tcp connection [-] connection opened refused\n");
	exercise_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_do_not_count),
		cmocka_unit_test(a_date_in_pieces_is_one_message),
		cmocka_unit_test(turns_of_an_unknown_protocol_are_messages),
		cmocka_unit_test(connections_are_opened_refused_and_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
