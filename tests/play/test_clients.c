/* SPDX-License-Identifier: BSD-2-Clause */
/* Those who speak without being asked: the announcer of dates and the speaker of the chat, heard over loopback. */
#include "peers.h"
#include "play/asking.h"

/* A socket that hears them. */
struct ear {
	int fd;
	char port[8];
	char data[65536];
	size_t length;
};

static void open_ear(struct ear *ear)
{
	ear->fd = peer_socket(SOCK_DGRAM, ear->port);
}

/* What was sent is there: loopback delivers before the sending call returns. */
static bool hears(struct ear *ear)
{
	ssize_t got = recv(ear->fd, ear->data, sizeof ear->data - 1, MSG_DONTWAIT);

	ear->length = got < 0 ? 0 : (size_t)got;
	ear->data[ear->length] = '\0';
	return got >= 0;
}

static void assert_hears(struct ear *ear, const char *text)
{
	assert_true(hears(ear));
	assert_string_equal(ear->data, text);
}

static struct client speaking_to(const struct ear *ear, const struct hearing *h)
{
	return (struct client){ .port = ear->port, .signals = -1, .input = -1, .reporter = &h->reporter };
}

/* ------------------------------------------------------------------------------------------------ date announce */

static int64_t a_moment(void)
{
	return INT64_C(1709296245123456000); /* 2024-03-01 12:30:45.123456 UTC */
}

static void announcements(void **state)
{
	static const struct {
		enum date_format format;
		const char *terminator, *message;
	} rows[] = {
		{ DATE_PYTHON, NULL, "alice 2024-03-01 12:30:45.123456" },
		{ DATE_PYTHON_NOFRACTION, "\n", "alice 2024-03-01 12:30:45\n" },
		{ DATE_JAVA, "\r\n", "alice Fri Mar 01 12:30:45 UTC 2024\r\n" },
	};
	struct ear ear;

	(void)state;
	open_ear(&ear);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct hearing *h = hearing_new();
		struct date_announcer options = { .client = speaking_to(&ear, h),
						  .broadcast = { .to = "127.0.0.1" },
						  .format = rows[i].format,
						  .user = "alice",
						  .now = a_moment };
		struct tally tally = { 0 };
		struct error err = { "" };

		options.client.count = 3;
		options.client.every_ns = 1000000;
		options.client.terminator = rows[i].terminator;
		assert_int_equal(date_announce_run(&options, &tally, &err), CLIENT_DONE);
		for (int k = 0; k < 3; k++)
			assert_hears(&ear, rows[i].message);
		assert_false(hears(&ear));
		assert_int_equal(tally.messages_out, 3);
		assert_int_equal(tally.octets_out, 3 * strlen(rows[i].message));
		assert_int_equal(heard(h, EVENT_SENT), 3);
		assert_int_equal(heard(h, EVENT_DONE), 1);
		hearing_free(h);
	}
	close(ear.fd);
}

/* Each is due at a multiple of the period after the first, however late the one before was. */
static void no_drift(void **state)
{
	const int64_t every = 5000000;
	struct hearing *h = hearing_new();
	struct ear ear;
	struct date_announcer options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice", .now = a_moment };
	struct tally tally = { 0 };
	struct error err = { "" };
	int64_t start;

	(void)state;
	open_ear(&ear);
	options.client = speaking_to(&ear, h);
	options.client.count = 11;
	options.client.every_ns = every;
	start = clock_monotonic();
	assert_int_equal(date_announce_run(&options, &tally, &err), CLIENT_DONE);
	assert_true(clock_monotonic() - start >= 10 * every);
	close(ear.fd);
	hearing_free(h);
}

static void announcer_refusals(void **state)
{
	static const char *const users[] = { NULL, "", "a\nb", "\033[2J", "\xff" };
	struct hearing *h = hearing_new();
	struct ear ear;
	struct tally tally = { 0 };

	(void)state;
	open_ear(&ear);
	for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
		struct date_announcer options = { .client = speaking_to(&ear, h),
						  .broadcast = { .to = "127.0.0.1" },
						  .user = users[i],
						  .now = a_moment };
		struct error err = { "" };

		assert_int_equal(date_announce_run(&options, &tally, &err), CLIENT_ERROR);
		assert_non_null(strstr(err.text, "--user: "));
	}
	assert_false(hears(&ear));
	close(ear.fd);
	hearing_free(h);
}

/* The first is due at once; the signal is there when the second is waited for. */
static void announcer_stopped(void **state)
{
	struct hearing *h = hearing_new();
	struct ear ear;
	struct date_announcer options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice" };
	struct tally tally = { 0 };
	struct error err = { "" };

	(void)state;
	open_ear(&ear);
	options.client = speaking_to(&ear, h);
	options.client.signals = typed("x");
	assert_int_equal(date_announce_run(&options, &tally, &err), CLIENT_DONE);
	assert_int_equal(heard(h, EVENT_DONE), 1);
	assert_true(hears(&ear));
	assert_false(hears(&ear));
	close(options.client.signals);
	close(ear.fd);
	hearing_free(h);
}

/* ------------------------------------------------------------------------------------------------ chat speak */

static void speak(const struct chat_speaker *options, struct tally *tally, enum client_answer expected)
{
	struct error err = { "" };
	enum client_answer answer = chat_speak_run(options, tally, &err);

	if (answer != expected)
		fail_msg("%d %s", answer, err.text);
}

static void spoken(void **state)
{
	struct hearing *h = hearing_new();
	struct ear ear;
	struct chat_speaker options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice" };
	struct tally tally = { 0 };

	(void)state;
	open_ear(&ear);
	options.client = speaking_to(&ear, h);
	options.client.input = typed("hello\n\n@bob h\xc3\xa9\r\nbad \033[2J\n\xff\xfe\n/tab\tinside");
	speak(&options, &tally, CLIENT_DONE);
	assert_hears(&ear, "alice: hello");
	assert_hears(&ear, "alice: @bob h\xc3\xa9");
	assert_hears(&ear, "alice: /tab\tinside");
	assert_false(hears(&ear));
	assert_int_equal(heard(h, EVENT_TROUBLE), 2);
	assert_string_equal(nth(h, EVENT_TROUBLE, 0)->note, "line 4: control characters, or not UTF-8; not sent");
	assert_string_equal(nth(h, EVENT_TROUBLE, 1)->note, "line 5: control characters, or not UTF-8; not sent");
	assert_int_equal(tally.messages_out, 3);
	/* One socket for all: one port. */
	assert_int_not_equal(address_port(&nth(h, EVENT_SENT, 0)->local), 0);
	assert_true(address_equal(&nth(h, EVENT_SENT, 0)->local, &nth(h, EVENT_SENT, 2)->local));
	close(options.client.input);
	close(ear.fd);
	hearing_free(h);
}

static void spoken_with_an_end(void **state)
{
	struct hearing *h = hearing_new();
	struct ear ear;
	struct chat_speaker options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice" };
	struct tally tally = { 0 };

	(void)state;
	open_ear(&ear);
	options.client = speaking_to(&ear, h);
	options.client.input = typed("one\ntwo\nthree\n");
	options.client.terminator = "\r\n";
	options.client.count = 2;
	speak(&options, &tally, CLIENT_DONE);
	assert_hears(&ear, "alice: one\r\n");
	assert_hears(&ear, "alice: two\r\n");
	assert_false(hears(&ear));
	close(options.client.input);
	close(ear.fd);
	hearing_free(h);
}

/* Cut by the course's listener: sent and said. Too long for any datagram: said and not sent. */
static void long_lines(void **state)
{
	struct hearing *h = hearing_new();
	struct ear ear;
	struct chat_speaker options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice" };
	struct tally tally = { 0 };
	FILE *file = tmpfile();

	(void)state;
	open_ear(&ear);
	options.client = speaking_to(&ear, h);
	fprintf(file, "%0121d\n%0122d\n%065500d\n%065501d\n%065507d\n%0100000d\nshort\n", 0, 0, 0, 0, 0, 0);
	rewind(file);
	lseek(fileno(file), 0, SEEK_SET);
	options.client.input = fileno(file);
	speak(&options, &tally, CLIENT_NO);
	for (size_t i = 0; i < 3; i++) {
		static const size_t lengths[] = { 128, 129, 65507 };

		assert_true(hears(&ear));
		assert_int_equal(ear.length, lengths[i]);
	}
	assert_hears(&ear, "alice: short");
	assert_false(hears(&ear));
	assert_int_equal(heard(h, EVENT_TROUBLE), 5);
	assert_string_equal(nth(h, EVENT_TROUBLE, 0)->note,
			    "129 octets: the course's listener reads only the first 128");
	assert_noted(nth(h, EVENT_TROUBLE, 1), "65507 octets: the course's listener");
	assert_string_equal(nth(h, EVENT_TROUBLE, 2)->note, "65508 octets: a datagram holds 65507 at most; not sent");
	assert_noted(nth(h, EVENT_TROUBLE, 3), "65514 octets");
	assert_string_equal(nth(h, EVENT_TROUBLE, 4)->note,
			    "line 6: more than 65507 octets, which no datagram can hold; not sent");
	fclose(file);
	close(ear.fd);
	hearing_free(h);
}

static void speaker_refusals(void **state)
{
	static const char *const users[] = {
		NULL, "", "two words", "a:b", "\033", "abcdefghijklmnopqrstuvwxyzabcdefg"
	};
	struct hearing *h = hearing_new();
	struct ear ear;
	struct tally tally = { 0 };

	(void)state;
	open_ear(&ear);
	for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
		struct chat_speaker options = { .client = speaking_to(&ear, h),
						.broadcast = { .to = "127.0.0.1" },
						.user = users[i] };
		struct error err = { "" };

		assert_int_equal(chat_speak_run(&options, &tally, &err), CLIENT_ERROR);
		assert_non_null(strstr(err.text, "--user: "));
	}
	close(ear.fd);
	hearing_free(h);
}

static void speaker_stopped(void **state)
{
	struct hearing *h = hearing_new();
	struct ear ear;
	struct chat_speaker options = { .broadcast = { .to = "127.0.0.1" }, .user = "alice" };
	struct tally tally = { 0 };
	int ends[2];

	(void)state;
	open_ear(&ear);
	assert_int_equal(pipe(ends), 0);
	options.client = speaking_to(&ear, h);
	options.client.input = ends[0];
	options.client.signals = typed("x");
	speak(&options, &tally, CLIENT_DONE);
	assert_int_equal(heard(h, EVENT_DONE), 1);
	close(options.client.signals);
	close(ends[0]);
	close(ends[1]);
	close(ear.fd);
	hearing_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(announcements),
		cmocka_unit_test(no_drift),
		cmocka_unit_test(announcer_refusals),
		cmocka_unit_test(announcer_stopped),
		cmocka_unit_test(spoken),
		cmocka_unit_test(spoken_with_an_end),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(speaker_refusals),
		cmocka_unit_test(speaker_stopped),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
