/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of traceroute, to the blank. */
#include "probing.h"

#include <errno.h>

#include "render/path.h"

static const char *name(void *context, const struct address *address)
{
	char number[ADDRESS_TEXT];

	(void)context;
	if (!strcmp(address_host_text(address, number), "10.0.0.1"))
		return "gate";
	return strcmp(number, "10.0.0.66") ? NULL : "\033[31mred";
}

static const struct path numeric = { .numeric = true };
static const struct path named = { .name = name };

static void hop_is(const struct path *options, const struct run *run, const char *expected)
{
	struct path path = *options;
	struct text out = { 0 };

	path_hop(&out, &path, run->probes[0].packet.ttl, run->list, run->count);
	is_text(&out, expected);
}

static void header(void **unused)
{
	struct address v4 = numbered("10.0.3.2", 33434), v6 = numbered("2001:db8::2", 0);
	struct text out = { 0 };

	(void)unused;
	path_header(&out, "server", &v4, 30, 60);
	path_header(&out, "a\033b", &v6, 5, 80);
	is_text(&out, "traceroute to server (10.0.3.2), 30 hops max, 60 byte packets\n"
		      "traceroute to a\\x1bb (2001:db8::2), 5 hops max, 80 byte packets\n");
}

static void one_responder(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	answered(&run, 1, "10.0.0.1", 123456);
	answered(&run, 1, "10.0.0.1", 110499);
	answered(&run, 1, "10.0.0.1", 100999500);
	hop_is(&numeric, &run, " 1  10.0.0.1  0.123 ms  0.110 ms  101.000 ms\n");
	hop_is(&named, &run, " 1  gate (10.0.0.1)  0.123 ms  0.110 ms  101.000 ms\n");
}

static void stars_between(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	silent(&run, 12);
	answered(&run, 12, "10.0.0.7", 200 * US);
	silent(&run, 12);
	answered(&run, 12, "10.0.0.7", 300 * US);
	silent(&run, 12)->state = PROBE_FLYING;
	silent(&run, 12)->state = PROBE_FAILED;
	silent(&run, 12)->state = PROBE_PLANNED;
	hop_is(&numeric, &run, "12  * 10.0.0.7  0.200 ms *  0.300 ms * *\n");
	hop_is(&named, &run, "12  * 10.0.0.7 (10.0.0.7)  0.200 ms *  0.300 ms * *\n");
}

static void a_late_answer_is_a_star(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	answered(&run, 3, "10.0.0.1", 200 * US)->state = PROBE_EXPIRED;
	answered(&run, 3, "10.0.0.1", 200 * US);
	hop_is(&numeric, &run, " 3  * 10.0.0.1  0.200 ms\n");
}

static void several_responders(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	answered(&run, 2, "10.0.0.1", 1 * US);
	answered(&run, 2, "10.0.0.2", 2 * US);
	answered(&run, 2, "10.0.0.1", 3 * US);
	answered(&run, 2, "10.0.0.1", 4 * US)->answer->from = numbered("10.0.0.1", 7);
	hop_is(&numeric, &run, " 2  10.0.0.1  0.001 ms 10.0.0.2  0.002 ms 10.0.0.1  0.003 ms  0.004 ms\n");
	hop_is(&named, &run,
	       " 2  gate (10.0.0.1)  0.001 ms 10.0.0.2 (10.0.0.2)  0.002 ms gate (10.0.0.1)  0.003 ms  0.004 ms\n");
}

static void kernel_times(void **unused)
{
	struct run run = { 0 };
	struct probe *probe = answered(&run, 1, "10.0.0.1", 500 * US);

	(void)unused;
	probe->sent_time = INT64_C(1700000000000000000);
	probe->answer->time = probe->sent_time + 42 * US;
	hop_is(&numeric, &run, " 1  10.0.0.1  0.042 ms\n");
}

static void marks(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	unreachable(answered(&run, 1, "10.0.0.1", 10 * US), 3, 1);
	unreachable(answered(&run, 1, "10.0.0.1", 10 * US), 3, 13);
	unreachable(answered(&run, 1, "10.0.0.1", 10 * US), 3, 3);
	unreachable(answered(&run, 1, "10.0.0.1", 10 * US), 3, 4);
	run.answers[3].mtu = 1400;
	hop_is(&numeric, &run, " 1  10.0.0.1  0.010 ms !H  0.010 ms !X  0.010 ms  0.010 ms !F-1400\n");
}

static void nothing_raw(void **unused)
{
	struct run run = { 0 };

	(void)unused;
	answered(&run, 1, "10.0.0.66", 10 * US);
	hop_is(&named, &run, " 1  \\x1b[31mred (10.0.0.66)  0.010 ms\n");
}

static void way_back(void **unused)
{
	const struct path path = { .numeric = true, .back = true };
	struct run run = { 0 };

	(void)unused;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 62;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 60;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 60;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 0;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 253;
	answered(&run, 3, "10.0.0.1", 10 * US)->answer->ttl = 120;
	hop_is(&path, &run,
	       " 3  10.0.0.1  0.010 ms 10.0.0.1 '-5'  0.010 ms  0.010 ms 10.0.0.1  0.010 ms 10.0.0.1  0.010 ms "
	       "10.0.0.1 '-9'  0.010 ms\n");
	hop_is(&numeric, &run, " 3  10.0.0.1  0.010 ms  0.010 ms  0.010 ms  0.010 ms  0.010 ms  0.010 ms\n");
}

static void extensions(void **unused)
{
	const struct path path = { .numeric = true, .extensions = true };
	struct run run = { 0 };
	struct answer *answer = answered(&run, 4, "10.0.0.1", 10 * US)->answer;

	(void)unused;
	answer->label_count = 2;
	answer->labels[0] = (struct answer_label){ 24000, 0, false, 1 };
	answer->labels[1] = (struct answer_label){ 16, 5, true, 254 };
	*answered(&run, 4, "10.0.0.1", 10 * US)->answer = *answer;
	run.answers[1].seen += 1000 * US;
	answered(&run, 4, "10.0.0.1", 10 * US);
	hop_is(&path, &run,
	       " 4  10.0.0.1 <MPLS:L=24000,E=0,S=0,T=1/L=16,E=5,S=1,T=254>  0.010 ms  0.010 ms 10.0.0.1  0.010 ms\n");
	hop_is(&numeric, &run, " 4  10.0.0.1  0.010 ms  0.010 ms  0.010 ms\n");
}

static void interfaces(void **unused)
{
	struct answer answer = {
		.label_count = 1,
		.labels = { { 3, 1, true, 2 } },
		.interface_count = 3,
		.interfaces = {
			{ .role = 0, .has_index = true, .index = 7, .name = "eth 0\"%\x1b\xff", .has_mtu = true,
			  .mtu = 1500 },
			{ .role = 2, .address = numbered("10.0.5.1", 0), .name = "eth1" },
			{ .role = 3, .address = numbered("fe80::1", 0) },
		},
	};
	struct text out = { 0 };

	(void)unused;
	path_extensions(&out, &answer);
	is_text(&out, "MPLS:L=3,E=1,S=1,T=2;INC:7,\"eth%200%22%25%1B%FF\",mtu=1500;OUT:10.0.5.1,\"eth1\";NXT:fe80::1");
}

/* The probe that was too large is not this hop's, and sizes are shown where they change. */
static void path_mtu(void **unused)
{
	struct path path = { .numeric = true, .mtu = true };
	struct run first = { 0 }, second = { 0 };
	struct text out = { 0 };

	(void)unused;
	answered(&first, 1, "10.0.0.1", 10 * US)->packet.size = 1500;
	answered(&first, 1, "10.0.0.1", 20 * US)->packet.size = 1500;
	path_hop(&out, &path, 1, first.list, first.count);
	unreachable(answered(&second, 2, "10.0.0.1", 10 * US), 3, 4);
	*silent(&second, 2) = (struct probe){ .state = PROBE_FAILED, .error = EMSGSIZE };
	answered(&second, 2, "10.0.1.2", 20 * US)->packet.size = 1480;
	answered(&second, 2, "10.0.1.2", 30 * US)->packet.size = 1480;
	path_hop(&out, &path, 2, second.list, second.count);
	is_text(&out, " 1  10.0.0.1  0.010 ms F=1500  0.020 ms\n 2  10.0.1.2  0.020 ms F=1480  0.030 ms\n");
}

/* ------------------------------------------------------------------------------------------------ notes */

static void notes_are(const struct path *path, struct hop *list, size_t count, const char *expected)
{
	const struct hops hops = { .list = list, .count = count };
	struct text out = { 0 };

	path_notes(&out, path, &hops);
	is_text(&out, expected);
}

static void nothing_remarkable(void **unused)
{
	struct hop hops[] = { { .ttl = 1 }, { .ttl = 2, .silence = HOP_PENDING } };

	(void)unused;
	notes_are(&numeric, hops, 2, "");
	notes_are(&numeric, hops, 0, "");
}

static void hops_alike_are_told_together(void **unused)
{
	const struct path path = { .tos = 0xb8 };
	struct hop hops[] = {
		{ .ttl = 2, .silence = HOP_SILENT },
		{ .ttl = 3, .silence = HOP_SILENT, .rewritten = true },
		{ .ttl = 4, .rewritten = true, .tos_changed = true, .tos = 0x29 },
		{ .ttl = 5, .rewritten = true, .tos_changed = true, .tos = 0x29, .late = 1, .again = 2 },
		{ .ttl = 6, .silence = HOP_UNSENT, .failed = 2, .error = ENETUNREACH },
	};

	(void)unused;
	notes_are(&path, hops, 5,
		  "\nhops 2-3: silent: passes packets on, does not answer itself\n"
		  "hops 3-5: what is quoted is not what was sent: a translator (NAT) is on the way\n"
		  "hops 4-5: packets arrive with DSCP 10, ECN 1; sent were 46 and 0\n"
		  "hop 5: 1 answer came when nobody waited any more; -w waits longer\n"
		  "hop 5: 2 answers came more than once\n"
		  "hop 6: 2 probes could not be sent: Network is unreachable\n");
}

static void responders(void **unused)
{
	const struct path path = { .one_flow = true };
	struct answer host = { .kind = ANSWER_UNREACHABLE, .family = AF_INET, .type = 3, .code = 1 };
	struct answer exceeded = { .kind = ANSWER_EXCEEDED, .family = AF_INET, .type = 11, .bad_extension = true };
	struct hop_responder list[] = { { .answer = &exceeded }, { .answer = &host }, { .answer = &host } };
	struct hop hops[] = { { .ttl = 7, .responders = list, .responder_count = 3 } };

	(void)unused;
	notes_are(&path, hops, 1,
		  "\nhop 7: !H: host unreachable\n"
		  "hop 7: 3 responders for one flow: each packet may go another way, or the path has changed\n"
		  "hop 7: what is added to the answer is damaged\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(one_responder),
		cmocka_unit_test(stars_between),
		cmocka_unit_test(a_late_answer_is_a_star),
		cmocka_unit_test(several_responders),
		cmocka_unit_test(kernel_times),
		cmocka_unit_test(marks),
		cmocka_unit_test(nothing_raw),
		cmocka_unit_test(way_back),
		cmocka_unit_test(extensions),
		cmocka_unit_test(interfaces),
		cmocka_unit_test(path_mtu),
		cmocka_unit_test(nothing_remarkable),
		cmocka_unit_test(hops_alike_are_told_together),
		cmocka_unit_test(responders),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
