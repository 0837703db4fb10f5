/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects of a trace: what is in them, that it is JSON, and that every member is documented. */
#include "hopping.h"

#include <ctype.h>
#include <errno.h>

#include "render/path_json.h"

#define NOW INT64_C(1700000000500000000)

static const char *name(void *context, const struct address *address)
{
	char number[ADDRESS_TEXT];

	(void)context;
	return strcmp(address_host_text(address, number), "10.0.0.1") ? NULL : "ga\"te\n";
}

static const struct path named = { .name = name };
static const struct path numeric = { .numeric = true };
static struct probe_base base;

static struct path_json json(const struct path *path)
{
	return (struct path_json){ .path = path, .base = &base };
}

static void udp(void)
{
	base = (struct probe_base){ .family = AF_INET,
				    .method = PROBE_UDP,
				    .source = numbered("10.0.0.9", 0),
				    .target = numbered("10.0.3.2", 0) };
}

static void probes(void **unused)
{
	const struct path_json options = json(&numeric);
	struct run run = { 0 };
	struct text out = { 0 };
	struct probe *probe = silent(&run, 3);

	(void)unused;
	udp();
	probe->packet.source_port = 50000;
	probe->packet.target_port = 33434;
	probe->flow = 2;
	path_json_probe(&out, &options, NOW, probe);
	probe->state = PROBE_FAILED;
	probe->error = ENETUNREACH;
	base.method = PROBE_ICMP;
	probe->packet.checksum = 4660;
	path_json_probe(&out, &options, NOW, probe);
	base.family = AF_INET6;
	base.method = PROBE_TCP;
	base.target = numbered("2001:db8::2", 0);
	probe->packet.target_port = 80;
	probe->packet.flow_label = 77;
	probe->state = PROBE_FLYING;
	path_json_probe(&out, &options, NOW, probe);
	is_text(&out, "{\"time\":1700000000.500000000,\"event\":\"probe\",\"type\":\"udp\",\"number\":0,\"ttl\":3,"
		      "\"flow\":2,\"round\":0,"
		      "\"local\":\"10.0.0.9:50000\",\"peer\":\"10.0.3.2:33434\",\"octets\":60}\n"
		      "{\"time\":1700000000.500000000,\"event\":\"probe\",\"type\":\"icmp\",\"number\":0,\"ttl\":3,"
		      "\"flow\":2,\"round\":0,"
		      "\"local\":\"10.0.0.9\",\"peer\":\"10.0.3.2\",\"octets\":60,\"checksum\":4660,"
		      "\"note\":\"Network is unreachable\"}\n"
		      "{\"time\":1700000000.500000000,\"event\":\"probe\",\"type\":\"tcp\",\"number\":0,\"ttl\":3,"
		      "\"flow\":2,\"round\":0,"
		      "\"local\":\"10.0.0.9:50000\",\"peer\":\"[2001:db8::2]:80\",\"octets\":60,\"flow_label\":77}\n");
}

static void an_answer(void **unused)
{
	const struct path_json options = json(&numeric);
	struct run run = { 0 };
	struct text out = { 0 };
	struct probe *probe = answered(&run, 2, "10.0.0.1", 250 * US);

	(void)unused;
	udp();
	probe->sent_time = NOW;
	probe->answer->time = NOW + 123 * US;
	path_json_answer(&out, &options, NOW + MS, probe, probe->answer, MATCH_FIRST);
	is_text(&out,
		"{\"time\":1700000000.500123000,\"event\":\"answer\",\"number\":0,\"ttl\":2,\"flow\":0,\"round\":0,"
		"\"peer\":\"10.0.0.1\",\"kind\":\"exceeded\",\"icmp_type\":11,\"icmp_code\":0,"
		"\"sent_time\":1700000000.500000000,\"rtt\":0.000123000,\"rtt_kernel\":0.000123000,"
		"\"rtt_program\":0.000250000}\n");
}

/* An answer with all that there may be. */
static void fill_answer(struct probe *probe)
{
	struct answer *answer = probe->answer;

	unreachable(probe, 3, 4);
	answer->mtu = 1400;
	answer->ttl = 62;
	answer->label_count = 2;
	answer->labels[0] = (struct answer_label){ 16, 5, false, 1 };
	answer->labels[1] = (struct answer_label){ 17, 0, true, 2 };
	answer->interface_count = 1;
	answer->interfaces[0] = (struct answer_interface){ .role = 2,
							   .has_index = true,
							   .index = 7,
							   .has_mtu = true,
							   .mtu = 1500,
							   .address = numbered("10.0.5.1", 0),
							   .name = "e\x1b"
								   "0" };
	answer->bad_extension = true;
	answer->quote = (struct answer_quote){ .there = true,
					       .seen = true,
					       .source = numbered("192.0.2.1", 99),
					       .target = numbered("10.0.3.2", 33434),
					       .ttl = 1,
					       .tos = 8,
					       .length = 60 };
	probe->rewritten = probe->guessed = true;
}

static void a_full_answer(void **unused)
{
	const struct path_json options = json(&named);
	struct run run = { 0 };
	struct text out = { 0 };
	struct probe *probe = answered(&run, 2, "10.0.0.1", 250 * US);

	(void)unused;
	udp();
	fill_answer(probe);
	path_json_answer(&out, &options, NOW, probe, probe->answer, MATCH_AGAIN);
	is_text(&out,
		"{\"time\":1700000000.500000000,\"event\":\"answer\",\"number\":0,\"ttl\":2,\"flow\":0,\"round\":0,"
		"\"peer\":\"10.0.0.1\",\"name\":\"ga\\\"te\\n\",\"kind\":\"unreachable\",\"icmp_type\":3,\"icmp_code\":"
		"4,"
		"\"mark\":\"!F-1400\",\"note\":\"fragmentation needed\",\"answer_ttl\":62,\"mtu\":1400,"
		"\"labels\":[{\"label\":16,\"class\":5,\"bottom\":false,\"ttl\":1},{\"label\":17,\"class\":0,"
		"\"bottom\":true,"
		"\"ttl\":2}],\"interfaces\":[{\"role\":\"out\",\"index\":7,\"address\":\"10.0.5.1\",\"name\":"
		"\"e\\u001b0\","
		"\"mtu\":1500}],\"damaged\":true,\"rtt\":0.000250000,\"rtt_program\":0.000250000,"
		"\"quoted\":{\"local\":\"192.0.2.1:99\",\"peer\":\"10.0.3.2:33434\",\"ttl\":1,\"tos\":8,\"octets\":60},"
		"\"again\":true,\"rewritten\":true,\"guessed\":true}\n");
}

static void the_end(void **unused)
{
	const struct path_json options = json(&numeric);
	const struct match_counts counts = { 2, 1, 0, 0, 5 };
	struct counted *counted = calloc(1, sizeof *counted);
	struct path_json_end end = {
		.host = "ser\"ver", .reached = true, .sent = 3, .unsent = 1, .counts = &counts, .hops = &counted->hops
	};
	struct run run = { 0 };
	struct text out = { 0 };

	(void)unused;
	udp();
	silent(&run, 1);
	answered(&run, 2, "10.0.3.2", 1 * MS);
	answered(&run, 2, "10.0.3.2", 3 * MS);
	count_hops(counted, &run);
	counted->list[0].silence = HOP_SILENT;
	path_json_trace(&out, &options, NOW, &end);
	is_text(&out,
		"{\"time\":1700000000.500000000,\"event\":\"trace\",\"type\":\"udp\",\"host\":\"ser\\\"ver\",\"local\":"
		"\"10.0.0.9\","
		"\"peer\":\"10.0.3.2\",\"reached\":true,\"probes\":3,\"unsent\":1,\"answers\":2,\"late\":1,\"again\":0,"
		"\"rewritten\":0,\"strangers\":5,\"hops\":["
		"{\"ttl\":1,\"sent\":1,\"answered\":0,\"flying\":0,\"unsent\":0,\"late\":0,\"again\":0,\"silence\":"
		"\"silent\","
		"\"note\":\"silent: passes packets on, does not answer itself\",\"responders\":[]},"
		"{\"ttl\":2,\"sent\":2,\"answered\":2,\"flying\":0,\"unsent\":0,\"late\":0,\"again\":0,\"silence\":"
		"\"complete\","
		"\"rtt_min\":0.001000000,\"rtt_mean\":0.002000000,\"rtt_max\":0.003000000,\"rtt_last\":0.003000000,"
		"\"rtt_p50\":0.001000000,\"rtt_p99\":0.003000000,\"rtt_deviation\":0.001414213,\"jitter\":0.000000000,"
		"\"responders\":[{\"peer\":\"10.0.3.2\",\"kind\":\"exceeded\",\"icmp_type\":11,\"icmp_code\":0,"
		"\"answered\":2,"
		"\"rtt_min\":0.001000000,\"rtt_mean\":0.002000000,\"rtt_max\":0.003000000,\"rtt_last\":0.003000000,"
		"\"rtt_p50\":0.001000000,\"rtt_p99\":0.003000000,\"rtt_deviation\":0.001414213,\"jitter\":0.000000000}]"
		"}]}\n");
	free(counted);
}

/* ------------------------------------------------------------------------------------------------ the document */

static char *read_document(void)
{
	char path[4096], *text = calloc(1, 1 << 18);
	FILE *file;

	snprintf(path, sizeof path, "%s/docs/events.md", getenv("top_srcdir") ? getenv("top_srcdir") : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(text, 1, (1 << 18) - 1, file) > 0);
	fclose(file);
	assert_non_null(strstr(text, "\n## Objects of `sonde trace"));
	return text;
}

/* In the first column of the table of members; the same word there for several is fine. */
static bool is_documented(const char *document, const char *member, size_t length)
{
	const char *line = strstr(strstr(document, "\n## Objects of `sonde trace"), "\n| member |");
	char word[64];

	snprintf(word, sizeof word, "`%.*s`", (int)length, member);
	for (; line; line = strstr(line + 1, "\n|")) {
		const char *found = strstr(line, word);

		if (found && !memchr(line + 1, '\n', (size_t)(found - line - 1)))
			return true;
	}
	return false;
}

/* What stands between a quote and a quote with a colon behind it. */
static unsigned undocumented(const char *document, const char *objects)
{
	unsigned wrong = 0;

	for (const char *end = strstr(objects, "\":"); end; end = strstr(end + 1, "\":")) {
		const char *start = end;

		while (start[-1] != '"')
			start--;
		if (strncmp(start, "event", 5) && !is_documented(document, start, (size_t)(end - start))) {
			fprintf(stderr, "# docs/events.md does not say what %.*s is\n", (int)(end - start), start);
			wrong++;
		}
	}
	return wrong;
}

static unsigned tried(const struct trace *trace, unsigned ttl, unsigned *needed)
{
	(void)trace;
	*needed = ttl;
	return 6;
}

static void every_member_is_documented(void **unused)
{
	const struct path path = { .name = name, .mtu = true };
	const struct trace_options options = {
		.mode = TRACE_MDA, .first = 1, .last = 2, .queries = 1, .confidence = 95, .mtu = true, .size = 60
	};
	const struct match_counts counts = { 0 };
	const struct wire_limits limits = { .name = "raw", .missing = "nothing" };
	struct path_json json = { .path = &path, .base = &base, .flows = true, .confidence = 95, .tried = tried };
	struct counted *counted = calloc(1, sizeof *counted);
	struct path_json_end end = {
		.host = "h", .interrupted = true, .counts = &counts, .limits = &limits, .hops = &counted->hops
	};
	struct match *match;
	struct trace *trace;
	struct run run = { 0 };
	struct text out = { 0 };
	char *document = read_document();

	(void)unused;
	udp();
	base.family = AF_INET6;
	base.method = PROBE_ICMP;
	match = match_new(&base);
	json.trace = trace = trace_new(&options, &base, match);
	fill_answer(answered(&run, 2, "10.0.0.1", 250 * US));
	run.probes[0].sent_time = run.answers[0].time = NOW;
	path_json_answer(&out, &json, NOW, &run.probes[0], &run.answers[0], MATCH_LATE);
	run.probes[0].state = PROBE_FAILED;
	path_json_probe(&out, &json, NOW, &run.probes[0]);
	count_hops(counted, &run);
	counted->list[0].rewritten = counted->list[0].tos_changed = true;
	counted->list[0].back = 2;
	path_json_hop(&out, &json, NOW, &counted->list[0]);
	path_json_trace(&out, &json, NOW, &end);
	text_char(&out, '\0');
	assert_int_equal(undocumented(document, out.data), 0);
	trace_free(trace);
	match_free(match);
	text_release(&out);
	free(document);
	free(counted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probes),
		cmocka_unit_test(an_answer),
		cmocka_unit_test(a_full_answer),
		cmocka_unit_test(the_end),
		cmocka_unit_test(every_member_is_documented),
	};

	return cmocka_run_group_tests_name("path_json", tests, NULL, NULL);
}
