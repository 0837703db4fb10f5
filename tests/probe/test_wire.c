/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes over a cable: each method, both versions of IP, with rights and without; what comes back and when. */
#include "wiring.h"

#include "base/text.h"

enum rights { RAW, ASKED_TO_DO_WITHOUT, WITHOUT, RIGHTS };

static const struct row {
	enum probe_method method;
	const char *target;
	uint8_t ttl;
	uint16_t port;
	enum answer_kind kind;
	const char *from;
} rows[] = {
	{ PROBE_UDP, "10.9.0.2", 9, CLOSED_PORT, ANSWER_UNREACHABLE, "10.9.0.2" },
	{ PROBE_UDP, "10.9.0.2", 9, OPEN_PORT, ANSWER_UDP, "10.9.0.2" },
	{ PROBE_UDP, "10.7.0.9", 1, CLOSED_PORT, ANSWER_EXCEEDED, "10.9.0.2" },
	{ PROBE_UDP, "fd00:9::2", 9, CLOSED_PORT, ANSWER_UNREACHABLE, "fd00:9::2" },
	{ PROBE_UDP, "fd00:7::9", 1, CLOSED_PORT, ANSWER_EXCEEDED, "fd00:9::2" },
	{ PROBE_ICMP, "10.9.0.2", 9, 0, ANSWER_ECHO, "10.9.0.2" },
	{ PROBE_ICMP, "10.7.0.9", 1, 0, ANSWER_EXCEEDED, "10.9.0.2" },
	{ PROBE_ICMP, "fd00:9::2", 9, 0, ANSWER_ECHO, "fd00:9::2" },
	{ PROBE_ICMP, "fd00:7::9", 1, 0, ANSWER_EXCEEDED, "fd00:9::2" },
	{ PROBE_TCP, "10.9.0.2", 9, OPEN_PORT, ANSWER_TCP_OPEN, "10.9.0.2" },
	{ PROBE_TCP, "10.9.0.2", 9, CLOSED_PORT, ANSWER_TCP_CLOSED, "10.9.0.2" },
	{ PROBE_TCP, "10.7.0.9", 1, CLOSED_PORT, ANSWER_EXCEEDED, "10.9.0.2" },
	{ PROBE_TCP, "fd00:9::2", 9, CLOSED_PORT, ANSWER_TCP_CLOSED, "fd00:9::2" },
	{ PROBE_TCP, "fd00:7::9", 1, CLOSED_PORT, ANSWER_EXCEEDED, "fd00:9::2" },
};

/* ------------------------------------------------------------------------------------------------ the other side */

/* Somebody who listens on the open port, and returns datagrams. */
static void serve(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(OPEN_PORT) }, from;
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char data[2048];

	if (bind(udp, (struct sockaddr *)&at, sizeof at) || bind(tcp, (struct sockaddr *)&at, sizeof at) ||
	    listen(tcp, 5))
		_exit(1);
	raise(SIGSTOP);
	for (;;) {
		socklen_t length = sizeof from;
		ssize_t got = recvfrom(udp, data, sizeof data, 0, (struct sockaddr *)&from, &length);

		if (got >= 0 && sendto(udp, data, (size_t)got, 0, (struct sockaddr *)&from, length) < 0)
			_exit(1);
	}
}

static int setup(void **state)
{
	return wiring_setup_peer(state, serve);
}

/* ------------------------------------------------------------------------------------------------ each way */

static const char *names_key(const struct row *row, const struct wiring *w)
{
	const struct answer *answer = &w->answer;
	const struct answer_quote *quote = &answer->quote;

	if (row->kind == ANSWER_ECHO)
		return answer->seq == KEY && answer->ident == w->base.ident ? NULL : "another echo";
	if (row->kind == ANSWER_TCP_OPEN || row->kind == ANSWER_TCP_CLOSED)
		return answer->acknowledged == w->base.sequence + KEY + 1 ? NULL : "another connection";
	if (row->kind == ANSWER_UDP)
		return address_port(&answer->to) == w->probe.packet.source_port ? NULL : "another port";
	if (!quote->there)
		return "nothing is quoted";
	if (quote->seen && w->base.family == AF_INET6)
		return NULL;
	return quote->id == KEY ? NULL : "another key";
}

/* The kernel's clock is nearer to the wire than ours. */
static const char *times_are_right(const struct wiring *w, bool stamped)
{
	int64_t kernel = w->answer.time - w->probe.sent_time, program = w->answer.seen - w->probe.sent;

	if (!stamped)
		return program > 0 ? NULL : "no time has passed";
	if (!w->probe.sent_time || !w->answer.time)
		return "there is no stamp";
	return kernel > 0 && kernel <= program ? NULL : "the kernel's time is longer than ours";
}

static const char *answer_is_right(const struct row *row, const struct wiring *w, bool stamped)
{
	char from[ADDRESS_TEXT];
	const char *wrong = names_key(row, w);

	if (w->answer.kind != row->kind)
		return "another kind of answer";
	if (strcmp(address_host_text(&w->answer.from, from), row->from) != 0)
		return "another sender";
	return wrong ? wrong : times_are_right(w, stamped);
}

static const char *try_row(const struct row *row, enum rights rights, struct error *err)
{
	struct wire_options options = { .no_rights = rights == ASKED_TO_DO_WITHOUT };
	struct wiring w = { .base = wiring_base(row->method, row->target) };
	bool raw = rights == RAW;
	const char *wrong;

	w.wire = wire_open(&w.base, &options, &w.source_port, err);
	if (!w.wire)
		return err->text;
	wiring_plan(&w, KEY, row->ttl, row->port);
	wrong = wiring_ask(&w, err);
	if (!wrong)
		wrong = answer_is_right(row, &w, raw || row->method != PROBE_TCP);
	if (!wrong && wire_limits(w.wire)->headers != raw)
		wrong = "it went another way";
	if (!wrong && (wire_mtu(w.wire) != 1500 || !w.base.source.length))
		wrong = "the route is not known";
	wire_close(w.wire);
	return wrong;
}

static int try_rows(enum rights rights)
{
	int failed = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct error err = { "" };
		const char *wrong = try_row(&rows[i], rights, &err);

		if (!wrong)
			continue;
		print_message("row %zu, rights %u: %s\n", i, (unsigned)rights, wrong);
		failed++;
	}
	return failed;
}

static void with_rights(void **state)
{
	(void)state;
	networks_need(&nets);
	assert_int_equal(try_rows(RAW), 0);
}

static void asked_to_do_without(void **state)
{
	(void)state;
	networks_need(&nets);
	assert_int_equal(try_rows(ASKED_TO_DO_WITHOUT), 0);
}

/* What a child that has no right answers. */
static int in_child(int (*run)(void))
{
	pid_t child = fork();
	int status = -1;

	if (!child)
		_exit(run());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int drop_and_try(void)
{
	struct error err = { "" };

	return privilege_drop(NULL, &err) < 0 ? 100 : try_rows(WITHOUT);
}

static void without_rights(void **state)
{
	(void)state;
	networks_need(&nets);
	assert_int_equal(in_child(drop_and_try), 0);
}

/* Opened with rights, used without. */
static int open_drop_ask(void)
{
	static const char *const targets[] = { "10.9.0.2", "fd00:9::2" };
	int failed = 0;

	for (unsigned i = 0; i < 2 * PROBE_METHODS; i++) {
		struct wiring w = { .base = wiring_base(i % PROBE_METHODS, targets[i / PROBE_METHODS]) };
		struct wire_options options = { .interface = "left" };
		struct error err = { "" };
		pid_t child = fork();
		int status;

		if (!child) {
			w.wire = wire_open(&w.base, &options, &w.source_port, &err);
			if (!w.wire || privilege_drop(NULL, &err) < 0)
				_exit(1);
			wiring_plan(&w, KEY, 9, CLOSED_PORT);
			_exit(wiring_ask(&w, &err) != NULL);
		}
		failed += waitpid(child, &status, 0) != child || status != 0;
	}
	return failed;
}

static void rights_are_needed_for_opening_only(void **state)
{
	(void)state;
	networks_need(&nets);
	assert_int_equal(open_drop_ask(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_rights),
		cmocka_unit_test(asked_to_do_without),
		cmocka_unit_test(without_rights),
		cmocka_unit_test(rights_are_needed_for_opening_only),
	};

	return cmocka_run_group_tests_name("wire", tests, setup, wiring_teardown_peer);
}
