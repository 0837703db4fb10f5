/* SPDX-License-Identifier: BSD-2-Clause */
/* From the options to open sockets, and to a scheduler that knows what it may ask of them. */
#include <sys/random.h>
#include <sys/socket.h>

#include "base/process.h"
#include "cmd/command.h"
#include "cmd/save.h"
#include "cmd/tracing.h"
#include "io/privilege.h"

#define UDP_PORT 33434    /* where nobody listens: traceroute's since 1987 */
#define UDP_FIXED_PORT 53 /* of -U, as in traceroute */
#define TCP_PORT 80
#define SIZE_V4 60 /* octets, as in traceroute */
#define SIZE_V6 80

extern const struct command trace_command;

static void complain(const char *sentence)
{
	command_complain(&trace_command, sentence);
}

static int choose_base(struct tracing *tracing, struct error *err)
{
	const struct trace_settings *settings = tracing->settings;
	uint16_t number;

	if (getrandom(&number, sizeof number, 0) != sizeof number)
		return error_errno(err, "no random number");
	tracing->base.method = settings->method;
	tracing->base.tos = settings->tos;
	tracing->base.dont_fragment = settings->arguments->dont_fragment || settings->trace.mtu;
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
	bool tried = false;

	for (size_t i = 0; i < settings->targets.count && !tracing->wire; i++) {
		tracing->base.target = settings->targets.list[i];
		tracing->base.source = settings->source;
		tracing->base.family = tracing->base.target.storage.ss_family;
		if (settings->source.length && settings->source.storage.ss_family != tracing->base.family)
			continue;
		tracing->options.source_port = settings->trace.source_port;
		tracing->wire = wire_open(&tracing->base, &options, &tracing->options.source_port,
					  tried ? &later : err);
		tried = true;
	}
	if (!tried)
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

int tracing_open(struct tracing *tracing, struct error *err)
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
