/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/tracing.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "cmd/command.h"
#include "cmd/save.h"
#include "io/privilege.h"

#define UDP_PORT 33434    /* where nobody listens: traceroute's since 1987 */
#define UDP_FIXED_PORT 53 /* of -U, as in traceroute */
#define TCP_PORT 80
#define SIZE_V4 60 /* octets, as in traceroute */
#define SIZE_V6 80

extern const struct command trace_command;

/* ------------------------------------------------------------------------------------------------ opening */

static void say_call(void *context, const char *text, size_t length)
{
	(void)context;
	fwrite(text, 1, length, stderr);
}

static void complain(const char *sentence)
{
	command_complain(&trace_command, sentence);
}

static int random_number(uint32_t *number, struct error *err)
{
	if (getrandom(number, sizeof *number, 0) != sizeof *number)
		return error_errno(err, "no random number");
	return 0;
}

static int choose_base(struct tracing *tracing, struct error *err)
{
	const struct trace_settings *settings = tracing->settings;
	uint32_t number;

	if (random_number(&tracing->base.sequence, err) < 0 || random_number(&number, err) < 0)
		return -1;
	tracing->base.method = settings->method;
	tracing->base.tos = settings->tos;
	tracing->base.dont_fragment = settings->arguments->dont_fragment || settings->trace.mtu;
	tracing->base.ident = (uint16_t)(number >> 16 | 1);
	/* Neither 0 nor all ones, which a checksum has two ways to write. */
	tracing->options.checksum = (uint16_t)(0x1000 + (number & 0x7fff));
	return 0;
}

static int save_frame(void *context, const struct frame *frame, struct error *err)
{
	struct tracing *tracing = context;

	return tracing->sink ? sink_write(tracing->sink, frame, err) : 0;
}

/* The first address of the host that can be sent to; when there is none, why the first one could not. */
static int open_wire(struct tracing *tracing, struct error *err)
{
	const struct trace_settings *settings = tracing->settings;
	const struct trace_arguments *arguments = settings->arguments;
	struct wire_options options = {
		.narrator = arguments->explain_calls ? &tracing->narrator : NULL,
		.interface = arguments->interface,
		.no_rights = arguments->unprivileged,
		.save = arguments->save ? save_frame : NULL,
		.context = tracing,
	};
	struct error later;

	for (size_t i = 0; i < settings->targets.count && !tracing->wire; i++) {
		uint16_t port = settings->trace.source_port;

		tracing->base.target = settings->targets.list[i];
		tracing->base.source = settings->source;
		tracing->base.family = tracing->base.target.storage.ss_family;
		if (settings->source.length && settings->source.storage.ss_family != tracing->base.family)
			continue;
		tracing->wire = wire_open(&tracing->base, &options, &port, i ? &later : err);
		tracing->options.source_port = port;
	}
	if (!tracing->wire && settings->source.length && !settings->targets.count)
		return error_set(err, "-s: an address of the other version of IP than the host's");
	return tracing->wire ? 0 : -1;
}

static int open_sink(struct tracing *tracing, struct error *err)
{
	const struct save_options options = {
		.path = tracing->settings->arguments->save,
		.comment = "probes and answers of sonde trace",
	};
	struct source *source = wire_source(tracing->wire);

	if (!options.path)
		return 0;
	if (!source)
		return error_set(err,
				 "-w %s: without CAP_NET_RAW the kernel keeps packets for itself; be root, or "
				 "setcap cap_net_raw+ep",
				 options.path);
	return save_open(&tracing->sink, &options, source, NULL, err);
}

static uint16_t default_port(const struct trace_settings *settings)
{
	if (settings->method == PROBE_TCP)
		return TCP_PORT;
	return settings->arguments->udp ? UDP_FIXED_PORT : UDP_PORT;
}

static int choose_size(struct tracing *tracing, struct error *err)
{
	struct trace_options *options = &tracing->options;
	uint16_t least = probe_least(&tracing->base);
	uint32_t mtu;

	if (options->mtu && !options->size) {
		mtu = wire_mtu(tracing->wire);
		if (!mtu)
			return error_set(
				err, "--mtu: the size of the own link's packets is not known; give a packet length");
		options->size = (uint16_t)(mtu < PROBE_SIZE ? mtu : PROBE_SIZE);
	} else if (!options->size && tracing->base.method == PROBE_TCP) {
		options->size = least; /* a SYN with data is nothing that firewalls expect */
	} else if (!options->size) {
		options->size = tracing->base.family == AF_INET ? SIZE_V4 : SIZE_V6;
	}
	if (options->size < least)
		return error_set(
			err,
			"packet length %u: at least %u octets are needed for the headers and to know the probe again",
			options->size, least);
	return 0;
}

/* What is left to choose when it is known how probes leave. */
static int choose_options(struct tracing *tracing, struct error *err)
{
	const struct wire_limits *limits = wire_limits(tracing->wire);
	struct trace_options *options = &tracing->options;

	if (!options->target_port)
		options->target_port = default_port(tracing->settings);
	if (!limits->flows && (options->mode == TRACE_MDA || options->mode == TRACE_FLOWS))
		return error_set(err,
				 "--flows and --mda choose ports and checksums themselves, which takes CAP_NET_RAW: "
				 "be root, or setcap cap_net_raw+ep");
	if (!limits->flows)
		options->classic = true;
	return choose_size(tracing, err);
}

static void tell_limits(const struct tracing *tracing)
{
	const struct wire_limits *limits = wire_limits(tracing->wire);
	struct text line = { 0 };

	if (!limits->missing)
		return;
	text_format(&line, "%s: %s", limits->name, limits->missing);
	text_char(&line, '\0');
	complain(line.data);
	text_release(&line);
}

static int open_all(struct tracing *tracing, struct error *err)
{
	const struct trace_arguments *arguments = tracing->settings->arguments;

	tracing->signals = process_signals(err);
	if (tracing->signals < 0 || choose_base(tracing, err) < 0 || open_wire(tracing, err) < 0 ||
	    open_sink(tracing, err) < 0 || choose_options(tracing, err) < 0)
		return -1;
	/* From here on octets of strangers are read: nothing that could be won is left. */
	if (privilege_drop(NULL, err) < 0)
		return -1;
	tell_limits(tracing);
	tracing->match = match_new(&tracing->base);
	tracing->trace = trace_new(&tracing->options, &tracing->base, tracing->match);
	if (!arguments->numeric) {
		tracing->reverse = reverse_new(err);
		if (!tracing->reverse)
			return -1;
	}
	return 0;
}

/* ------------------------------------------------------------------------------------------------ probes and answers
 */

static int send_probe(struct tracing *tracing, struct probe *probe, struct error *err)
{
	const struct trace_view *view = tracing->view;

	if (wire_send(tracing->wire, probe) < 0) {
		tracing->unsent++;
		trace_failed(tracing->trace, probe, errno, clock_monotonic());
	} else {
		tracing->sent++;
		trace_sent(tracing->trace, probe, probe->sent);
	}
	return view->sent ? view->sent(tracing, probe, err) : 0;
}

static void note_left(void *context, uint16_t key, int64_t time)
{
	struct tracing *tracing = context;
	struct probe *probe = match_key(tracing->match, key);

	if (probe)
		probe->sent_time = time;
}

/* All that is there. */
static int receive(struct tracing *tracing, struct error *err)
{
	const struct trace_view *view = tracing->view;
	struct answer answer;
	int status;

	while ((status = wire_receive(tracing->wire, &answer, note_left, tracing, err)) > 0) {
		struct probe *probe = NULL;
		enum match_answer what = match_take(tracing->match, &answer, &probe);

		if (what == MATCH_STRANGER)
			continue;
		trace_answered(tracing->trace, probe, what, answer.seen);
		if (tracing->reverse)
			reverse_ask(tracing->reverse, &answer.from);
		if (view->answered && view->answered(tracing, probe, &answer, what, err) < 0)
			return -1;
	}
	return status;
}

/* ------------------------------------------------------------------------------------------------ the loop */

static int flush(struct tracing *tracing, struct error *err)
{
	int status = tracing->out.length ? command_print(&tracing->out, err) : 0;

	text_clear(&tracing->out);
	return status;
}

static int look(struct tracing *tracing, int64_t *again, struct error *err)
{
	*again = INT64_MAX;
	return tracing->view->look ? tracing->view->look(tracing, clock_monotonic(), again, err) : 0;
}

static int read_key(struct tracing *tracing, struct error *err)
{
	char key;
	ssize_t got = read(tracing->keys, &key, 1);

	if (got <= 0)
		tracing->keys = -1;
	return got > 0 && tracing->view->key ? tracing->view->key(tracing, key, err) : 0;
}

enum { WAIT_WIRE, WAIT_SIGNALS, WAIT_NAMES, WAIT_KEYS, WAITS };

/* Until something comes, or the time. */
static int wait_for(struct tracing *tracing, int64_t until, struct error *err)
{
	struct pollfd fds[WAITS] = {
		[WAIT_WIRE] = { wire_fd(tracing->wire), POLLIN, 0 },
		[WAIT_SIGNALS] = { tracing->signals, POLLIN, 0 },
		[WAIT_NAMES] = { tracing->reverse ? reverse_fd(tracing->reverse) : -1, POLLIN, 0 },
		[WAIT_KEYS] = { tracing->keys, POLLIN, 0 },
	};
	int64_t left = until == INT64_MAX ? INT64_MAX : until - clock_monotonic();
	struct timespec patience;

	if (left < 0)
		left = 0;
	patience = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	if (ppoll(fds, WAITS, left == INT64_MAX ? NULL : &patience, NULL) < 0 && errno != EINTR)
		return error_errno(err, "waiting for answers");
	if (fds[WAIT_SIGNALS].revents)
		tracing->interrupted = true;
	if (fds[WAIT_NAMES].revents)
		reverse_collect(tracing->reverse);
	return fds[WAIT_KEYS].revents ? read_key(tracing, err) : 0;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static enum trace_step next(struct tracing *tracing, struct probe **probe, int64_t *until)
{
	*until = INT64_MAX;
	return tracing->paused ? TRACE_WAIT : trace_next(tracing->trace, clock_monotonic(), probe, until);
}

/* So many probes in a row are of one hop: what answers come meanwhile, all of them are needed. */
static unsigned row_length(const struct tracing *tracing)
{
	const struct trace_options *options = &tracing->options;

	return options->mode == TRACE_PATH && !options->mtu ? options->queries : 1;
}

/*
 * What has come in is taken in before anybody asks what to wait for, for it is no silence; and between the probes of
 * two hops, for the answer after which nothing more is to be sent may be among it.
 */
static int run(struct tracing *tracing, struct error *err)
{
	const unsigned length = row_length(tracing);
	struct probe *probe;
	int64_t until, again;
	enum trace_step step;
	unsigned row = 0;

	while (!tracing->interrupted) {
		if (!row && receive(tracing, err) < 0)
			return -1;
		step = next(tracing, &probe, &until);
		if (step == TRACE_SEND) {
			if (send_probe(tracing, probe, err) < 0)
				return -1;
			row = (row + 1) % length;
			continue;
		}
		if (row) {
			row = 0;
			continue;
		}
		if (look(tracing, &again, err) < 0 || flush(tracing, err) < 0)
			return -1;
		if (step == TRACE_DONE)
			return 0;
		if (wait_for(tracing, sooner(until, again), err) < 0)
			return -1;
	}
	return 0;
}

static int show_all(struct tracing *tracing, struct error *err)
{
	const struct trace_view *view = tracing->view;
	int status;

	if (view->begin && view->begin(tracing, err) < 0)
		return -1;
	status = run(tracing, err);
	if (status == 0 && view->end)
		status = view->end(tracing, err);
	return flush(tracing, err) < 0 ? -1 : status;
}

/* ------------------------------------------------------------------------------------------------ names */

const char *tracing_name(void *context, const struct address *address)
{
	const struct tracing *tracing = context;
	const char *name;

	if (!tracing->reverse)
		return NULL;
	return reverse_get(tracing->reverse, address, &name) == REVERSE_KNOWN ? name : NULL;
}

int tracing_names(struct tracing *tracing, int64_t patience, struct error *err)
{
	int64_t end = clock_monotonic() + patience;

	while (tracing->reverse && reverse_pending(tracing->reverse) && !tracing->interrupted &&
	       clock_monotonic() < end)
		if (wait_for(tracing, end, err) < 0)
			return -1;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ from begin to end */

static const struct trace_view *view_of(const struct trace_arguments *arguments)
{
	if (arguments->json)
		return &trace_json_view;
	if (arguments->live)
		return &trace_live_view;
	return arguments->report ? &trace_report_view : &trace_text_view;
}

static int release(struct tracing *tracing, int status, struct error *err)
{
	if (tracing->view->release)
		tracing->view->release(tracing);
	if (tracing->sink && sink_close(tracing->sink, status < 0 ? &(struct error){ .text = "" } : err) < 0)
		status = -1;
	reverse_free(tracing->reverse);
	trace_free(tracing->trace);
	match_free(tracing->match);
	wire_close(tracing->wire);
	if (tracing->signals >= 0)
		close(tracing->signals);
	text_release(&tracing->out);
	return status;
}

int tracing_run(const struct trace_settings *settings, struct error *err)
{
	struct tracing tracing = {
		.settings = settings,
		.view = view_of(settings->arguments),
		.narrator = { .reasons = settings->arguments->explain, .say = say_call },
		.options = settings->trace,
		.signals = -1,
		.keys = -1,
	};
	int status = open_all(&tracing, err);

	if (status == 0)
		status = show_all(&tracing, err);
	if (status == 0)
		status = trace_reached(tracing.trace) ? EXIT_DONE : EXIT_NO;
	return release(&tracing, status, err);
}
