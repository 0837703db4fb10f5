/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of `sonde trace`, and what their values mean. */
#include "cmd/trace_options.h"

#include <ctype.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

/* ------------------------------------------------------------------------------------------------ rows */

/*
 * -w is a time to wait in every traceroute, and a file to write in every capture tool. What can be a time is one; a
 * file of such a name is ./5.
 */
static int set_w(void *group, const char *value, struct error *err)
{
	struct trace_arguments *arguments = group;
	bool times = value[strspn(value, "0123456789.,")] == '\0';
	const char **member = times ? &arguments->wait : &arguments->save;

	if (!*value)
		return error_set(err, "-w is empty: give a time to wait, as in -w 5,3,10, or a file to write");
	*member = value;
	return 0;
}

static int set_explain(void *group, const char *value, struct error *err)
{
	static const char *const words[] = { "calls", NULL };
	struct trace_arguments *arguments = group;

	if (value && option_word("--explain", value, words, err) < 0)
		return -1;
	arguments->explain = !value;
	arguments->explain_calls = true;
	return 0;
}

#define ROW(letter, name, argument, type, member, help, complete)                                                      \
	{                                                                                                              \
		letter, name, argument, type, offsetof(struct trace_arguments, member), help, NULL, complete           \
	}
#define ROWS_END                                                                                                       \
	{                                                                                                              \
		0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL                                                        \
	}

static const struct option_row probe_rows[] = {
	ROW('U', "udp", NULL, OPTION_FLAG, udp,
	    "probes are datagrams (the default); with this option they go to port 53, else to 33434", NULL),
	ROW('I', "icmp", NULL, OPTION_FLAG, icmp, "probes are ICMP echo requests", NULL),
	ROW('T', "tcp", NULL, OPTION_FLAG, tcp, "probes are TCP SYN segments, to port 80", NULL),
	ROW('p', "port", "PORT", OPTION_STRING, port, "the port that UDP and TCP probes go to", ""),
	ROW(0, "sport", "PORT", OPTION_STRING, source_port, "the port that they come from", ""),
	ROW('4', "ipv4", NULL, OPTION_FLAG, ipv4, "IPv4 only", NULL),
	ROW('6', "ipv6", NULL, OPTION_FLAG, ipv6, "IPv6 only", NULL),
	ROW('s', "source", "ADDRESS", OPTION_STRING, source, "send from this address of this machine", ""),
	ROW('i', "interface", "NAME", OPTION_STRING, interface, "send by this interface", "interface"),
	ROW('t', "tos", "N", OPTION_STRING, tos, "type of service (DSCP and ECN), 0 to 255 or as in 0x10", ""),
	ROW('l', "flow-label", "N", OPTION_STRING, flow_label, "flow label of IPv6, 0 to 1048575", ""),
	ROW('F', "dont-fragment", NULL, OPTION_FLAG, dont_fragment, "routers may not fragment probes (IPv4)", NULL),
	ROW(0, "unprivileged", NULL, OPTION_FLAG, unprivileged,
	    "do as without CAP_NET_RAW: ordinary sockets, whose error queue tells what came back", NULL),
	ROWS_END,
};

static const struct option_row path_rows[] = {
	ROW('f', "first", "TTL", OPTION_COUNT, first, "begin with this hop (1)", NULL),
	ROW('m', "max-hops", "TTL", OPTION_COUNT, last, "end with this hop (30)", NULL),
	ROW('q', "queries", "N", OPTION_COUNT, queries, "probes for each hop (3)", NULL),
	ROW(0, "classic", NULL, OPTION_FLAG, classic,
	    "a port for each probe, so that load balancers send every probe another way", NULL),
	ROW(0, "flows", "N", OPTION_COUNT, flows, "probe each hop with N flows, and show which way each of them goes",
	    NULL),
	ROW(0, "mda", "PERCENT", OPTION_COUNT, confidence,
	    "find every path of load balancers, as certain as this: 95 or 99 (multipath detection algorithm)", "95 99"),
	ROW(0, "mtu", NULL, OPTION_FLAG, mtu, "find what size of packets each part of the path takes", NULL),
	ROWS_END,
};

static const struct option_row pace_rows[] = {
	{ 'w', "write-or-wait", "FILE|TIMES", OPTION_SET, 0,
	  "a name: save probes and answers in that file. Numbers, MAX[,HERE,NEAR] (5,3,10): wait MAX seconds for an "
	  "answer, "
	  "but HERE times as long as another answer of the hop, NEAR times as long as one of a later hop at most",
	  set_w, "file" },
	ROW(0, "write", "FILE", OPTION_STRING, save, "save probes and answers in FILE, whatever its name is", "file"),
	ROW('N', "parallel", "N", OPTION_COUNT, parallel,
	    "at most N probes on their way at once (16, and 16 more after each silence)", NULL),
	ROW('z', "spacing", "TIME", OPTION_STRING, spacing,
	    "between two probes: seconds; numbers above 10 are milliseconds", ""),
	ROWS_END,
};

static const struct option_row rounds_rows[] = {
	ROW(0, "live", NULL, OPTION_FLAG, live, "go on until told to stop, and show loss and times of each hop", NULL),
	ROW(0, "report", NULL, OPTION_FLAG, report, "ten rounds, and then loss and times of each hop", NULL),
	ROW('c', "count", "N", OPTION_COUNT, count, "so many rounds of --live and --report", NULL),
	ROW(0, "interval", "TIME", OPTION_TIME, interval, "from one round to the next (1s)", NULL),
	ROW('o', "order", "LETTERS", OPTION_STRING, order,
	    "columns of both: L loss, D dropped, R received, S sent, N last, B best, A average, W worst, V deviation, "
	    "G geometric mean, J M X I jitter: last, mean, worst, interarrival; 5 and 9: p50 and p99",
	    ""),
	ROWS_END,
};

static const struct option_row output_rows[] = {
	ROW('n', "numeric", NULL, OPTION_FLAG, numeric, "addresses only, no names", NULL),
	ROW('e', "extensions", NULL, OPTION_FLAG, extensions,
	    "show what routers add to their answers: MPLS labels, interfaces", NULL),
	ROW(0, "back", NULL, OPTION_FLAG, back, "show how long the way back is, where it differs", NULL),
	ROW(0, "json", NULL, OPTION_FLAG, json, "print an object for each probe and answer, and one at the end", NULL),
	{ 0, "explain", "[=calls]", OPTION_SET, 0,
	  "tell what is sent, each socket call with its reason, and why each hop answers; =calls: the calls alone",
	  set_explain, NULL },
	ROWS_END,
};

const struct option_group trace_groups[] = {
	{ "What is sent", probe_rows, 0 },       { "Which path, and how thoroughly", path_rows, 0 },
	{ "How quickly; saving", pace_rows, 0 }, { "Again and again", rounds_rows, 0 },
	{ "What is shown", output_rows, 0 },     { NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ values */

#define LAST_HOP 30
#define QUERIES 3
#define ROUNDS 10
#define WAIT_NS (5 * NS_PER_S)
#define WAIT_HERE 3
#define WAIT_NEAR 10
#define QUERIES_MOST 100
#define PARALLEL_MOST 1024
#define FLOWS_MOST 512
#define LABEL_MOST 0xfffff

/* A number as C writes it, 0x10 too. */
static int any_number(const char *option, const char *text, uint64_t most, uint64_t *out, struct error *err)
{
	char *end;

	*out = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)*text) || *end || *out > most)
		return error_set(err, "%s %s: not a number from 0 to %llu", option, text, (unsigned long long)most);
	return 0;
}

static int read_port(const char *option, const char *text, bool tcp, uint16_t *port, struct error *err)
{
	const struct servent *service;
	uint64_t number;

	if (!text)
		return 0;
	if (!isdigit((unsigned char)*text)) {
		service = getservbyname(text, tcp ? "tcp" : "udp");
		if (!service)
			return error_set(err, "%s %s: no such service; give a port, 1 to 65535", option, text);
		*port = ntohs((uint16_t)service->s_port);
		return 0;
	}
	if (option_number(text, &number) < 0 || !number || number > UINT16_MAX)
		return error_set(err, "%s %s: not a port; use 1 to 65535", option, text);
	*port = (uint16_t)number;
	return 0;
}

/* The next of numbers parted by commas; leaves the others as they are when there are no more. */
static int next_time(const char **at, double *value)
{
	char *end;

	if (!**at)
		return 0;
	if (!isdigit((unsigned char)**at) && **at != '.')
		return -1;
	*value = strtod(*at, &end);
	if (*end && *end != ',')
		return -1;
	*at = *end ? end + 1 : end;
	return 0;
}

static int read_wait(struct trace_options *trace, const char *text, struct error *err)
{
	const char *at = text ? text : "";
	double most = (double)WAIT_NS / NS_PER_S;

	trace->wait_here = WAIT_HERE;
	trace->wait_near = WAIT_NEAR;
	if (next_time(&at, &most) < 0 || next_time(&at, &trace->wait_here) < 0 ||
	    next_time(&at, &trace->wait_near) < 0 || *at)
		return error_set(err, "-w %s: not MAX[,HERE[,NEAR]], numbers as in 5,3,10", text);
	if (most <= 0 || most > 86400)
		return error_set(err, "-w %s: the longest wait is above 0 and at most 86400 seconds", text);
	trace->wait_most = (int64_t)(most * NS_PER_S);
	return 0;
}

/* As traceroute has it: no more than ten seconds, so what is more are milliseconds. */
static int read_spacing(struct trace_options *trace, const char *text, struct error *err)
{
	double value;
	char *end;

	if (!text)
		return 0;
	value = strtod(text, &end);
	if (option_duration(text, &trace->spacing) < 0)
		return error_set(err, "-z %s: not a time; use seconds (0.5), milliseconds (above 10) or as in 20ms",
				 text);
	if (!*end && value > 10)
		trace->spacing /= 1000;
	return 0;
}

static int in_range(const char *option, uint64_t value, uint64_t most, struct error *err)
{
	return value <= most ? 0
			     : error_set(err, "%s %llu: at most %llu", option, (unsigned long long)value,
					 (unsigned long long)most);
}

static int check_ranges(const struct trace_arguments *a, struct error *err)
{
	if (in_range("-m", a->last, PROBE_TTLS, err) < 0 || in_range("-f", a->first, PROBE_TTLS, err) < 0 ||
	    in_range("-q", a->queries, QUERIES_MOST, err) < 0 || in_range("-N", a->parallel, PARALLEL_MOST, err) < 0 ||
	    in_range("--flows", a->flows, FLOWS_MOST, err) < 0)
		return -1;
	if (a->first > (a->last ? a->last : LAST_HOP))
		return error_set(err, "-f %llu is behind the last hop, -m %llu", (unsigned long long)a->first,
				 (unsigned long long)(a->last ? a->last : LAST_HOP));
	if (a->confidence && (a->confidence < 50 || a->confidence > 99))
		return error_set(err, "--mda %llu: how certain, in percent: 95 or 99",
				 (unsigned long long)a->confidence);
	return 0;
}

/* Words that exclude each other: at most one of a row is given. */
static int check_together(const struct trace_arguments *a, struct error *err)
{
	const struct {
		unsigned given;
		const char *says;
	} rows[] = {
		{ a->icmp + a->tcp + a->udp, "-I, -T and -U: probes are of one kind" },
		{ a->ipv4 + a->ipv6, "-4 and -6 together leave no address; without them either is used" },
		{ a->live + a->report + (a->flows > 0) + (a->confidence > 0) + a->mtu,
		  "--live, --report, --flows, --mda and --mtu: choose one of them" },
		{ a->classic + (a->flows > 0) + (a->confidence > 0),
		  "--classic has no flows; leave it out, or --flows and --mda" },
		{ a->json + a->report, "--json and --report: choose one of them; --live --json is a report as well" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].given > 1)
			return error_set(err, "%s", rows[i].says);
	if (!a->live && !a->report && (a->count || a->interval || a->order))
		return error_set(err, "-c, --interval and -o belong to --live and --report");
	if (a->save && !strcmp(a->save, "-"))
		return error_set(err, "-w -: standard output has the path; name a file");
	return 0;
}

static enum trace_mode mode_of(const struct trace_arguments *a)
{
	if (a->live || a->report)
		return TRACE_ROUNDS;
	if (a->confidence)
		return TRACE_MDA;
	return a->flows ? TRACE_FLOWS : TRACE_PATH;
}

static void read_counts(struct trace_options *trace, const struct trace_arguments *a)
{
	trace->mode = mode_of(a);
	trace->classic = a->classic;
	trace->first = (uint8_t)(a->first ? a->first : 1);
	trace->last = (uint8_t)(a->last ? a->last : LAST_HOP);
	trace->queries = a->queries ? (unsigned)a->queries : a->flows ? 1 : QUERIES;
	trace->parallel = (unsigned)a->parallel;
	trace->flows = (unsigned)a->flows;
	trace->confidence = (unsigned)a->confidence;
	trace->rounds = a->count ? a->count : a->report ? ROUNDS : 0;
	trace->interval = a->interval ? a->interval : NS_PER_S;
	trace->mtu = a->mtu;
}

static int read_numbers(struct trace_settings *settings, struct error *err)
{
	const struct trace_arguments *a = settings->arguments;
	struct trace_options *trace = &settings->trace;
	uint64_t number = 0;

	if (a->tos && any_number("-t", a->tos, UINT8_MAX, &number, err) < 0)
		return -1;
	settings->tos = (uint8_t)number;
	number = 0;
	if (a->flow_label && any_number("-l", a->flow_label, LABEL_MOST, &number, err) < 0)
		return -1;
	trace->flow_label = (uint32_t)number;
	settings->has_flow_label = a->flow_label;
	if (settings->method == PROBE_ICMP && (a->port || a->source_port))
		return error_set(err, "-p and --sport: ICMP has no ports; use -T or -U");
	if (read_port("-p", a->port, a->tcp, &trace->target_port, err) < 0 ||
	    read_port("--sport", a->source_port, a->tcp, &trace->source_port, err) < 0 ||
	    read_wait(trace, a->wait, err) < 0)
		return -1;
	return read_spacing(trace, a->spacing, err);
}

/* ------------------------------------------------------------------------------------------------ addresses */

static int family_of(const struct trace_arguments *a)
{
	return a->ipv4 ? AF_INET : a->ipv6 ? AF_INET6 : AF_UNSPEC;
}

static int read_source(struct trace_settings *settings, struct error *err)
{
	struct addresses found = { 0 };

	if (!settings->arguments->source)
		return 0;
	if (endpoint_resolve(NULL, settings->arguments->source, "0", family_of(settings->arguments), SOCK_DGRAM, &found,
			     err) < 0)
		return -1;
	settings->source = found.list[0];
	addresses_release(&found);
	return 0;
}

static int read_words(struct trace_settings *settings, const struct words *words, struct error *err)
{
	uint64_t size = 0;

	if (!words->count)
		return error_set(err, "which host? name the end of the path");
	if (words->count > 2)
		return error_set(err, "'%s' is one word too many; see --help", words->list[2]);
	settings->host = words->list[0];
	if (words->count == 2 && (option_number(words->list[1], &size) < 0 || !size || size > PROBE_SIZE))
		return error_set(err, "'%s' is no packet length: octets, IP header and all, at most %u", words->list[1],
				 PROBE_SIZE);
	settings->trace.size = (uint16_t)size;
	return 0;
}

int trace_settings_read(struct trace_settings *settings, const struct trace_arguments *arguments,
			const struct words *words, struct error *err)
{
	*settings = (struct trace_settings){
		.arguments = arguments,
		.method = arguments->icmp  ? PROBE_ICMP
			  : arguments->tcp ? PROBE_TCP
					   : PROBE_UDP,
	};
	if (check_ranges(arguments, err) < 0 || check_together(arguments, err) < 0 ||
	    read_words(settings, words, err) < 0)
		return -1;
	read_counts(&settings->trace, arguments);
	if (read_numbers(settings, err) < 0 || read_source(settings, err) < 0)
		return -1;
	return endpoint_resolve(NULL, settings->host, "0", family_of(arguments), SOCK_DGRAM, &settings->targets, err);
}

void trace_settings_release(struct trace_settings *settings)
{
	addresses_release(&settings->targets);
}
