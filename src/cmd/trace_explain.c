/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/trace_explain.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "packet/dissect.h"
#include "probe/answer.h"
#include "probe/craft.h"
#include "render/render.h"

#define LINKTYPE_IPV4 228
#define LINKTYPE_IPV6 229

/* ------------------------------------------------------------------------------------------------ the probe */

/* What routers look at when they spread flows, and where the number of the probe is out of their sight. */
static const struct {
	const char *flow, *key;
} methods[PROBE_METHODS] = {
	[PROBE_UDP] = { "addresses, protocol and ports",
			"the UDP checksum, which two octets of the payload make what it is to be" },
	[PROBE_ICMP] = { "addresses, protocol, type, code, checksum and identifier",
			 "the sequence number of the echo request; two octets of the payload keep the checksum as it "
			 "is" },
	[PROBE_TCP] = { "addresses, protocol and ports", "the sequence number of the SYN" },
};

static void explain_keys(const struct tracing *tracing, struct text *out)
{
	const struct trace_options *options = &tracing->options;

	text_format(
		out,
		"Probes have %u octets, and a time to live (TTL) that grows from %u on. Each router takes 1 off; the "
		"one "
		"that\nhas none left to take drops the probe, and says so to whoever sent it: ICMP time exceeded.\n",
		options->size, options->first);
	if (options->classic) {
		text_string(
			out,
			"Each probe has a port of its own, so routers that spread flows may send each another way.\n");
		return;
	}
	text_format(out, "Alike in all: %s, so that routers which spread flows send all the same way.\n",
		    methods[tracing->base.method].flow);
	text_format(out, "The number of the probe, by which its answer is known, is in %s\n%s.\n",
		    tracing->base.family == AF_INET ? "the identification of IPv4, and in " : "",
		    methods[tracing->base.method].key);
}

static void show_octets(const struct crafted *octets, bool ipv6, struct text *out)
{
	const struct renderer *tree = renderer_find("tree");
	struct protocols *protocols = protocols_new();
	struct packet *packet = mem_new(1, sizeof *packet);
	const struct render_options options = { .numeric = true, .hex = true, .time_digits = 9 };
	const struct frame frame = {
		.number = 1,
		.data = octets->data,
		.cap_length = (uint32_t)octets->length,
		.wire_length = (uint32_t)octets->length,
		.link = ipv6 ? LINKTYPE_IPV6 : LINKTYPE_IPV4,
	};
	void *state = mem_new(1, tree->state_size + 1);

	protocols_want_all(protocols);
	dissect(protocols, &frame, packet);
	tree->start(state, &options, out);
	tree->packet(state, &options, packet, out);
	if (tree->finish)
		tree->finish(state, &options, &(struct render_totals){ 0 }, out);
	free(state);
	free(packet);
	protocols_free(protocols);
}

/* The first probe as it will leave, when we are who builds it. */
static int show_first(const struct tracing *tracing, struct text *out, struct error *err)
{
	const struct trace_options *options = &tracing->options;
	const struct probe_packet packet = {
		.ttl = options->first,
		.key = 1,
		.source_port = options->source_port,
		.target_port = options->target_port,
		.checksum = options->checksum,
		.flow_label = options->flow_label,
		.size = options->size,
	};
	struct craft *craft = craft_new(&tracing->base, err);
	struct crafted octets;
	int status = craft ? craft_probe(craft, &packet, &octets, err) : -1;

	if (status == 0) {
		text_string(out, "The first one, built with libnet:\n\n");
		show_octets(&octets, tracing->base.family == AF_INET6, out);
		text_char(out, '\n');
	}
	craft_free(craft);
	return status;
}

int trace_explain_probe(struct tracing *tracing, struct error *err)
{
	explain_keys(tracing, &tracing->out);
	if (!wire_limits(tracing->wire)->flows) {
		text_string(&tracing->out,
			    "The kernel builds them: ordinary sockets only choose TTL, ports and payload.\n\n");
		return 0;
	}
	return show_first(tracing, &tracing->out, err);
}

/* ------------------------------------------------------------------------------------------------ a hop */

static void explain_exceeded(const struct probe *probe, enum probe_method method, struct text *out)
{
	(void)method;
	text_format(out,
		    "it was sent with TTL %u, arrived here with 1, and had none left (ICMP type %u, time exceeded)",
		    probe->packet.ttl, probe->answer->type);
}

static void explain_unreachable(const struct probe *probe, enum probe_method method, struct text *out)
{
	const char *words = answer_words(probe->answer, method);

	if (probe->arrived && method == PROBE_UDP)
		text_string(out, "it arrived: no program has the port, which is what the probe wanted to hear");
	else
		text_string(out, words ? words : "it cannot be passed on");
	text_format(out, " (ICMP type %u code %u, destination unreachable)", probe->answer->type, probe->answer->code);
}

static void explain_echo(const struct probe *probe, enum probe_method method, struct text *out)
{
	(void)probe;
	(void)method;
	text_string(out, "it arrived: a host answers an echo request with an echo reply");
}

static void explain_open(const struct probe *probe, enum probe_method method, struct text *out)
{
	(void)probe;
	(void)method;
	text_string(out,
		    "it arrived: a program listens there (SYN and ACK); our kernel, which asked for no connection, "
		    "resets it");
}

static void explain_closed(const struct probe *probe, enum probe_method method, struct text *out)
{
	(void)probe;
	(void)method;
	text_string(out, "it arrived: no program listens there (RST)");
}

static void explain_datagram(const struct probe *probe, enum probe_method method, struct text *out)
{
	(void)probe;
	(void)method;
	text_string(out, "it arrived: a program has the port, and answered");
}

static void (*const explanations[ANSWER_KINDS])(const struct probe *, enum probe_method, struct text *) = {
	[ANSWER_EXCEEDED] = explain_exceeded, [ANSWER_UNREACHABLE] = explain_unreachable,
	[ANSWER_ECHO] = explain_echo,         [ANSWER_TCP_OPEN] = explain_open,
	[ANSWER_TCP_CLOSED] = explain_closed, [ANSWER_UDP] = explain_datagram,
};

static void explain_quote(const struct answer *answer, struct text *out)
{
	const struct answer_quote *quote = &answer->quote;

	if (!quote->there || !quote->seen)
		return;
	text_format(out, "; the probe, which it quotes, came with TTL %u", quote->ttl);
	if (answer->family == AF_INET)
		text_format(out, " and identification %u", quote->id);
	else if (quote->has_transport && quote->protocol == IPPROTO_UDP)
		text_format(out, " and checksum 0x%04x", quote->checksum);
}

static void explain_probe(const struct tracing *tracing, const struct probe *probe, struct text *out)
{
	const struct answer *answer = probe->answer;
	char from[ADDRESS_TEXT];

	text_format(out, "      probe %u", probe->number + 1);
	if (probe->state == PROBE_FAILED) {
		text_format(out, " was not sent: %s\n", strerrordesc_np(probe->error));
		return;
	}
	if (!answer) {
		text_string(out, " was not answered: it was lost, or its answer was, or nobody answers there\n");
		return;
	}
	text_format(out, ", answered by %s: ", address_host_text(&answer->from, from));
	explanations[answer->kind](probe, tracing->base.method, out);
	explain_quote(answer, out);
	text_char(out, '\n');
}

void trace_explain_hop(struct tracing *tracing, unsigned ttl)
{
	for (size_t i = 0; i < match_count(tracing->match); i++) {
		const struct probe *probe = match_probe(tracing->match, i);

		if (probe->packet.ttl == ttl && probe->state != PROBE_PLANNED)
			explain_probe(tracing, probe, &tracing->out);
	}
}
