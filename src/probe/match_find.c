/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A probe is known by its key, which a quotation has in several places. Translators (NAT) change some of them, and not
 * all translate the quotation back, so each place is compared with each probe that it could mean, and rules say which
 * of them must agree. The keys of every run begin at 1: what tells runs on the same machine apart is the source port,
 * the identifier of ICMP, and the sequence number of TCP.
 */
#include "probe/match_find.h"

#include <netinet/in.h>

/* ------------------------------------------------------------------------------------------------ probes */

/* NULL: the key is nobody's, or was never sent. */
static struct probe *sent_probe(const struct match *match, uint32_t key)
{
	struct probe *probe = key && key <= match_count(match) ? match_probe(match, key - 1) : NULL;

	return probe && probe->state != PROBE_PLANNED && probe->state != PROBE_FAILED ? probe : NULL;
}

static bool to_us(const struct answer *answer, const struct probe_base *base)
{
	return !answer->to.length || !base->source.length || address_same_host(&answer->to, &base->source);
}

static bool from_target(const struct answer *answer, const struct probe_base *base)
{
	return address_same_host(&answer->from, &base->target);
}

/* The ports of an answer are those of the probe, crossed. */
static bool ports_fit(const struct probe *probe, const struct answer *answer)
{
	return address_port(&answer->to) == probe->packet.source_port &&
	       address_port(&answer->from) == probe->packet.target_port;
}

/* ------------------------------------------------------------------------------------------------ by quotation */

/* What of a quotation is as the probe was sent. */
enum {
	SAME_SOURCE = 1, /* addresses */
	SAME_TARGET = 2,
	SAME_RUN = 4,      /* the source port; the identifier of ICMP */
	SAME_PORT = 8,     /* the target port; ICMP has none, and this is set */
	SAME_ID = 16,      /* the identification of IPv4 */
	SAME_KEY = 32,     /* checksum of UDP, sequence numbers of ICMP and TCP */
	SAME_PAYLOAD = 64, /* the key in the payload of UDP */
	SAME_TRANSPORT = SAME_RUN | SAME_PORT | SAME_KEY
};

/* What is enough to say that a probe was rewritten and not another's. `none`: what must differ. */
static const struct rule {
	enum probe_method method;
	unsigned all, none;
} rules[] = {
	/* A translator that forgot checksum or identification. */
	{ PROBE_UDP, SAME_TARGET | SAME_RUN | SAME_KEY, 0 },
	{ PROBE_UDP, SAME_TARGET | SAME_RUN | SAME_PAYLOAD, 0 },
	{ PROBE_UDP, SAME_TARGET | SAME_RUN | SAME_ID, 0 },
	/* One that left the source as it is behind it: with another address, port and checksum. */
	{ PROBE_UDP, SAME_TARGET | SAME_PORT | SAME_ID, SAME_SOURCE },
	{ PROBE_UDP, SAME_TARGET | SAME_PORT | SAME_PAYLOAD, SAME_SOURCE },
	/* One that left another target in it. */
	{ PROBE_UDP, SAME_RUN | SAME_PAYLOAD | SAME_ID, SAME_TARGET },
	{ PROBE_UDP, SAME_RUN | SAME_PAYLOAD | SAME_PORT, SAME_TARGET },

	{ PROBE_ICMP, SAME_TARGET | SAME_RUN | SAME_KEY, 0 },
	{ PROBE_ICMP, SAME_TARGET | SAME_RUN | SAME_ID, 0 },
	{ PROBE_ICMP, SAME_TARGET | SAME_KEY | SAME_ID, SAME_SOURCE },
	{ PROBE_ICMP, SAME_RUN | SAME_KEY | SAME_ID, SAME_TARGET },

	/* 32 bits that begin anywhere are a proof; some firewalls change them. */
	{ PROBE_TCP, SAME_TARGET | SAME_KEY, 0 },
	{ PROBE_TCP, SAME_TARGET | SAME_RUN | SAME_PORT | SAME_ID, 0 },
	{ PROBE_TCP, SAME_TARGET | SAME_PORT | SAME_ID, SAME_SOURCE },
	{ PROBE_TCP, SAME_RUN | SAME_KEY, SAME_TARGET },
	{ PROBE_TCP, SAME_KEY | SAME_ID, SAME_TARGET },
};

static bool allowed(enum probe_method method, unsigned same)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].method == method && (same & rules[i].all) == rules[i].all && !(same & rules[i].none))
			return true;
	return false;
}

static bool ports_quoted(const struct answer_quote *quote)
{
	return address_port(&quote->source) || address_port(&quote->target);
}

static unsigned same_ports(const struct probe *probe, const struct answer_quote *quote)
{
	return (address_port(&quote->source) == probe->packet.source_port ? SAME_RUN : 0) |
	       (address_port(&quote->target) == probe->packet.target_port ? SAME_PORT : 0);
}

static unsigned same_udp(const struct probe *probe, const struct answer_quote *quote, const struct probe_base *base)
{
	uint16_t key = probe->packet.key;

	(void)base;
	return same_ports(probe, quote) | (quote->has_transport && quote->checksum == key ? SAME_KEY : 0) |
	       (quote->has_payload_key && quote->payload_key == key ? SAME_PAYLOAD : 0);
}

static unsigned same_icmp(const struct probe *probe, const struct answer_quote *quote, const struct probe_base *base)
{
	if (!quote->has_transport)
		return 0;
	return SAME_PORT | (quote->ident == base->ident ? SAME_RUN : 0) |
	       (quote->seq == probe->packet.key ? SAME_KEY : 0);
}

static unsigned same_tcp(const struct probe *probe, const struct answer_quote *quote, const struct probe_base *base)
{
	uint32_t sequence = base->sequence + probe->packet.key;

	return same_ports(probe, quote) | (quote->has_transport && quote->sequence == sequence ? SAME_KEY : 0);
}

/* Where the transport has the key, if the quotation has it. */
static uint32_t key_udp(const struct answer_quote *quote, const struct probe_base *base)
{
	(void)base;
	return quote->checksum;
}

static uint32_t key_icmp(const struct answer_quote *quote, const struct probe_base *base)
{
	(void)base;
	return quote->seq;
}

static uint32_t key_tcp(const struct answer_quote *quote, const struct probe_base *base)
{
	return quote->sequence - base->sequence;
}

static const struct method {
	uint8_t protocol, protocol_v6;
	unsigned (*same)(const struct probe *probe, const struct answer_quote *quote, const struct probe_base *base);
	uint32_t (*key)(const struct answer_quote *quote, const struct probe_base *base);
} methods[PROBE_METHODS] = {
	[PROBE_UDP] = { IPPROTO_UDP, IPPROTO_UDP, same_udp, key_udp },
	[PROBE_ICMP] = { IPPROTO_ICMP, IPPROTO_ICMPV6, same_icmp, key_icmp },
	[PROBE_TCP] = { IPPROTO_TCP, IPPROTO_TCP, same_tcp, key_tcp },
};

static unsigned what_is_same(const struct probe *probe, const struct answer_quote *quote, const struct probe_base *base)
{
	return methods[base->method].same(probe, quote, base) |
	       (address_same_host(&quote->source, &base->source) ? SAME_SOURCE : 0) |
	       (address_same_host(&quote->target, &base->target) ? SAME_TARGET : 0) |
	       (base->family == AF_INET && quote->id == probe->packet.key ? SAME_ID : 0);
}

/* All that a short quotation has. Without the transport only IPv4 has a key. */
static bool enough_when_short(const struct answer_quote *quote, unsigned same)
{
	unsigned all = SAME_SOURCE | SAME_TARGET | SAME_ID | (ports_quoted(quote) ? SAME_RUN | SAME_PORT : 0);

	return (same & all) == all;
}

static int judge(const struct answer_quote *quote, const struct probe_base *base, unsigned same,
		 struct match_found *found)
{
	unsigned all = SAME_SOURCE | SAME_TARGET | SAME_TRANSPORT | (base->family == AF_INET ? SAME_ID : 0);

	found->guessed = !quote->has_transport;
	found->rewritten = !found->guessed && (same & all) != all;
	if (found->guessed ? !enough_when_short(quote, same) : found->rewritten && !allowed(base->method, same))
		return 0;
	return (found->rewritten ? 0 : 32) + __builtin_popcount(same);
}

/* Each key in the quotation may be the right one, or what a translator made of it: the probe that agrees most. */
static struct match_found by_quote(const struct match *match, const struct probe_base *base,
				   const struct answer *answer)
{
	const struct answer_quote *quote = &answer->quote;
	const struct method *method = &methods[base->method];
	const uint32_t keys[] = {
		base->family == AF_INET ? quote->id : 0,
		quote->has_payload_key ? quote->payload_key : 0,
		quote->has_transport ? method->key(quote, base) : 0,
	};
	struct match_found best = { NULL, false, false };
	int agreed = 0;

	if (!quote->there || quote->protocol != (base->family == AF_INET ? method->protocol : method->protocol_v6))
		return best;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct match_found found = { sent_probe(match, keys[i]), false, false };
		int agrees = 0;

		if (found.probe)
			agrees = judge(quote, base, what_is_same(found.probe, quote, base), &found);
		if (agrees > agreed) {
			agreed = agrees;
			best = found;
		}
	}
	return best;
}

/* ------------------------------------------------------------------------------------------------ direct answers */

static struct match_found by_echo(const struct match *match, const struct probe_base *base, const struct answer *answer)
{
	bool ours = base->method == PROBE_ICMP && from_target(answer, base) && answer->ident == base->ident;

	return (struct match_found){ ours ? sent_probe(match, answer->seq) : NULL, false, false };
}

static uint32_t data_length(const struct probe *probe, const struct probe_base *base)
{
	uint16_t least = probe_least(base);

	return probe->packet.size > least ? probe->packet.size - least : 0;
}

/*
 * Several probes wait for an answer that may be any one's. Those that went farther are more likely to have arrived:
 * what is known of the path stays right when every probe that arrived is answered, in whatever order.
 */
static bool likelier(const struct probe *probe, const struct probe *than)
{
	bool flies = probe->state == PROBE_FLYING;

	if (!than || flies != (than->state == PROBE_FLYING))
		return !than || flies;
	return probe->packet.ttl > than->packet.ttl;
}

/* Whose SYN it acknowledges, with the data in it or without. With data of different lengths it may be several. */
static struct probe *acknowledged(const struct match *match, const struct probe_base *base, const struct answer *answer,
				  bool data)
{
	uint32_t key = answer->acknowledged - 1 - base->sequence;
	struct probe *found = NULL;

	if (!data) {
		found = sent_probe(match, key);
		return found && ports_fit(found, answer) ? found : NULL;
	}
	for (uint32_t other = 1; other <= match_count(match); other++) {
		struct probe *probe = sent_probe(match, other);

		if (probe && other + data_length(probe, base) == key && ports_fit(probe, answer) &&
		    likelier(probe, found))
			found = probe;
	}
	return found;
}

/* A reset acknowledges all that the SYN brought (RFC 9293 section 3.10.7.1); who listens takes no data with it. */
static struct match_found by_tcp(const struct match *match, const struct probe_base *base, const struct answer *answer)
{
	struct match_found found = { NULL, false, false };
	bool data = answer->kind == ANSWER_TCP_CLOSED;

	if (base->method != PROBE_TCP || !from_target(answer, base))
		return found;
	for (unsigned i = 0; i < 2 && !found.probe; i++, data = !data)
		found.probe = acknowledged(match, base, answer, data);
	return found;
}

static struct match_found by_ports(const struct match *match, const struct answer *answer)
{
	struct match_found found = { NULL, false, false };
	struct probe *answered = NULL;

	for (size_t number = 0; number < match_count(match); number++) {
		struct probe *probe = sent_probe(match, (uint32_t)number + 1);

		if (!probe || !ports_fit(probe, answer))
			continue;
		if (probe->answer) {
			answered = probe->answer->kind == ANSWER_UDP ? probe : answered;
			continue;
		}
		found.guessed = found.probe != NULL;
		if (likelier(probe, found.probe))
			found.probe = probe;
	}
	if (!found.probe)
		found.probe = answered;
	return found;
}

static struct match_found by_datagram(const struct match *match, const struct probe_base *base,
				      const struct answer *answer)
{
	const struct answer_quote *quote = &answer->quote;
	struct match_found found = { NULL, false, false };

	if (base->method != PROBE_UDP || !from_target(answer, base))
		return found;
	if (quote->has_payload_key)
		found.probe = sent_probe(match, quote->payload_key);
	if (found.probe && ports_fit(found.probe, answer))
		return found;
	return by_ports(match, answer);
}

/* ------------------------------------------------------------------------------------------------ */

typedef struct match_found find(const struct match *match, const struct probe_base *base, const struct answer *answer);

static find *const finds[ANSWER_KINDS] = {
	[ANSWER_EXCEEDED] = by_quote, [ANSWER_UNREACHABLE] = by_quote, [ANSWER_ECHO] = by_echo,
	[ANSWER_TCP_OPEN] = by_tcp,   [ANSWER_TCP_CLOSED] = by_tcp,    [ANSWER_UDP] = by_datagram,
};

/* A wire that sees no headers knows the probe from its socket, and has said which it is. */
static bool is_told(const struct answer *answer)
{
	return !answer->quote.seen && answer->quote.id;
}

struct match_found match_find(const struct match *match, const struct probe_base *base, const struct answer *answer)
{
	if (is_told(answer))
		return (struct match_found){ sent_probe(match, answer->quote.id), false, false };
	if (answer->family != base->family || !to_us(answer, base))
		return (struct match_found){ NULL, false, false };
	return finds[answer->kind](match, base, answer);
}
