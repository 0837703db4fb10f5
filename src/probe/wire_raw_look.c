/* SPDX-License-Identifier: BSD-2-Clause */
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "base/clock.h"
#include "packet/dissector.h"
#include "probe/wire_raw.h"

#define SEEN_WITHIN (10 * NS_PER_MS)
#define FLOW_PORTS 32768u /* source ports of flows begin again there when there are none above */

/* ------------------------------------------------------------------------------------------------ the filter */

struct filter_words {
	char source[ADDRESS_TEXT], target[ADDRESS_TEXT];
	unsigned ident, port;
};

/* Filters know no scope. */
static void host_words(const struct address *address, char out[ADDRESS_TEXT])
{
	struct address bare = *address;

	if (bare.storage.ss_family == AF_INET6)
		((struct sockaddr_in6 *)&bare.storage)->sin6_scope_id = 0;
	address_host_text(&bare, out);
}

static void udp_filter(struct text *out, const struct filter_words *words, bool v6, bool probes)
{
	(void)v6;
	text_format(out, " or (udp and src host %s and dst host %s and dst portrange %u-65535)", words->target,
		    words->source, words->port);
	if (probes)
		text_format(out, " or (udp and src host %s and dst host %s and src portrange %u-65535)", words->source,
			    words->target, words->port);
}

/* Answers have RST, or SYN and ACK; probes SYN alone. Where the flags stand pcap-filter(7) knows for IPv4 only. */
static void tcp_filter(struct text *out, const struct filter_words *words, bool v6, bool probes)
{
	const char *flags = v6 ? "ip6[53]" : "tcp[13]";

	text_format(out, " or (tcp and src host %s and dst host %s and dst portrange %u-65535 and "
			 "(%s & 4 != 0 or %s & 18 = 18))", words->target, words->source, words->port, flags, flags);
	if (probes)
		text_format(out, " or (tcp and src host %s and dst host %s and src portrange %u-65535 and %s & 63 = 2)",
			    words->source, words->target, words->port, flags);
}

static void icmp_filter(struct text *out, const struct filter_words *words, bool v6, bool probes)
{
	static const struct {
		const char *type, *ident;
		unsigned reply, request;
	} rows[] = { { "icmp[0]", "icmp[4:2]", ICMP_ECHOREPLY, ICMP_ECHO },
		     { "ip6[40]", "ip6[44:2]", ICMP6_ECHO_REPLY, ICMP6_ECHO_REQUEST } };
	const char *protocol = v6 ? "icmp6" : "icmp";

	text_format(out, " or (%s and dst host %s and %s = %u and %s = %u)", protocol, words->source, rows[v6].type,
		    rows[v6].reply, rows[v6].ident, words->ident);
	if (probes)
		text_format(out, " or (%s and src host %s and dst host %s and %s = %u and %s = %u)", protocol,
			    words->source, words->target, rows[v6].type, rows[v6].request, rows[v6].ident,
			    words->ident);
}

void raw_filter(struct text *out, const struct wire *wire)
{
	static void (*const methods[PROBE_METHODS])(struct text *, const struct filter_words *, bool, bool) = {
		[PROBE_UDP] = udp_filter, [PROBE_ICMP] = icmp_filter, [PROBE_TCP] = tcp_filter,
	};
	struct filter_words words = { .ident = wire->base.ident, .port = FLOW_PORTS };
	bool v6 = wire->base.family == AF_INET6;

	if (wire->source_port < words.port)
		words.port = wire->source_port;
	host_words(&wire->base.source, words.source);
	host_words(&wire->base.target, words.target);
	/* Errors: unreachable, too big, exceeded, parameter problem. */
	text_format(out, v6 ? "(icmp6 and dst host %s and ip6[40] >= 1 and ip6[40] <= 4)"
			    : "(icmp and dst host %s and (icmp[0] = 3 or icmp[0] = 11 or icmp[0] = 12))",
		    words.source);
	methods[wire->base.method](out, &words, v6, wire->options.save != NULL);
}

/* ------------------------------------------------------------------------------------------------ packets */

static const struct layer *find_layer(const struct packet *packet, const char *const *names)
{
	for (unsigned i = 0; i < packet->layer_count && !packet->layers[i].quoted; i++)
		for (const char *const *name = names; *name; name++)
			if (!strcmp(packet->layers[i].dissector->name, *name))
				return &packet->layers[i];
	return NULL;
}

static const uint8_t *find_octets(const struct packet *packet, const char *const *names, uint32_t least)
{
	const struct layer *layer = find_layer(packet, names);

	return layer && layer->end - layer->offset >= least ? layer_octets(packet, layer) : NULL;
}

bool raw_source_port(const struct packet *packet, uint16_t *port)
{
	static const char *const names[] = { "udp", "tcp", NULL };
	const uint8_t *octets = find_octets(packet, names, 4);

	if (!octets)
		return false;
	*port = (uint16_t)(octets[0] << 8 | octets[1]);
	return true;
}

bool raw_is_echo_request(const struct packet *packet)
{
	static const char *const names[] = { "icmp", "icmpv6", NULL };
	const uint8_t *octets = find_octets(packet, names, 8);

	return octets && (octets[0] == ICMP_ECHO || octets[0] == ICMP6_ECHO_REQUEST);
}

bool raw_seen(struct raw_last *last, const struct packet *packet)
{
	static const char *const names[] = { "ip", "ipv6", NULL };
	const struct layer *layer = find_layer(packet, names);
	const struct frame *frame = packet->frame;
	const uint8_t *octets;
	uint32_t length;

	if (!layer)
		return false;
	octets = layer_octets(packet, layer);
	length = layer->end - layer->offset < RAW_LAST ? layer->end - layer->offset : RAW_LAST;
	if (last->interface && last->interface != frame->interface && last->length == length &&
	    time_between(last->time, frame->time) < SEEN_WITHIN && !memcmp(last->octets, octets, length))
		return true;
	*last = (struct raw_last){ .interface = frame->interface, .time = frame->time, .length = length };
	memcpy(last->octets, octets, length);
	return false;
}
