/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ends of a packet that live captures look owners up by, read without dissecting, are those that the dissectors
 * find: in every golden capture, also cut at any length.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/flow_key.h"
#include "base/mem.h"
#include "captures.h"
#include "cmd/attribute_ends.h"
#include "io/source.h"
#include "packet/dissect.h"

static bool is(const struct layer *layer, const char *name)
{
	return !strcmp(layer->dissector->name, name);
}

/* Links of tunnels, of serial lines and of MPLS come from no interface that is read here. */
static bool is_usual(const struct packet *packet)
{
	static const char *const usual[] = { "frame",        "eth",          "vlan",         "ieee8021ad",
					     "sll",          "raw",          "ip",           "ipv6",
					     "ipv6.hopopts", "ipv6.dstopts", "ipv6.routing", "ipv6.fraghdr" };
	unsigned networks = 0;

	for (unsigned i = 0; i < packet->layer_count; i++) {
		const struct layer *layer = &packet->layers[i];
		bool known = false;

		if (is(layer, "udp") || is(layer, "tcp"))
			return networks == 1;
		networks += is(layer, "ip") || is(layer, "ipv6");
		for (unsigned j = 0; j < sizeof usual / sizeof *usual; j++)
			known |= is(layer, usual[j]);
		if (!known)
			return false;
	}
	return false;
}

static bool same_end(const struct place *place, const struct flow_end *end, uint8_t length)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (place->port != end->port)
		return false;
	return length == 16 ? !memcmp(place->address, end->address, 16)
			    : !memcmp(place->address, mapped, 12) && !memcmp(place->address + 12, end->address, 4);
}

static const char *fault(const struct packet *packet, const struct frame *frame)
{
	struct registrar_packet ends;
	struct flow_key key;
	bool read = frame_ends(frame, &ends), keyed = flow_key_of(packet, &key);

	if (!is_usual(packet))
		return NULL;
	/* Nothing has port 0. */
	if (keyed && key.from.port && key.to.port && !read)
		return "no ends were read";
	if (!keyed || !read)
		return NULL;
	if (!same_end(&ends.ends[OWNER_SOURCE], &key.from, key.address_length) ||
	    !same_end(&ends.ends[OWNER_DESTINATION], &key.to, key.address_length) ||
	    (ends.kind == SOCKET_UDP) != !strcmp(key.protocol->name, "udp"))
		return "other ends were read";
	return NULL;
}

struct comparing {
	struct protocols *protocols;
	struct packet *packet;
};

/* In memory of exactly that size, for the sanitizers. */
static int compare_cut(struct comparing *c, const struct frame *whole, uint32_t length)
{
	struct frame frame = *whole;
	uint8_t *octets = mem_new(length + 1, 1);
	const char *what;

	octets = mem_resize(octets, length ? length : 1, 1);
	memcpy(octets, whole->data, length);
	frame.data = octets;
	frame.cap_length = length;
	dissect(c->protocols, &frame, c->packet);
	what = fault(c->packet, &frame);
	free(octets);
	if (what)
		printf("# frame %llu at length %u: %s\n", (unsigned long long)frame.number, length, what);
	return what ? -1 : 0;
}

static int compare_frame(struct comparing *c, const struct frame *frame)
{
	uint32_t most = frame->cap_length < 160 ? frame->cap_length : 160;

	for (uint32_t length = 0; length < most; length++)
		if (compare_cut(c, frame, length) < 0)
			return -1;
	return compare_cut(c, frame, frame->cap_length);
}

static int check(const struct capture *capture)
{
	struct comparing c = { protocols_new(), mem_new(1, sizeof(struct packet)) };
	struct error err = { "" };
	struct source *source = source_memory_open(capture->data, capture->length, &err);
	struct frame frame = { 0 };
	int status = source ? 0 : -1;

	protocols_want_brief(c.protocols);
	protocols_want_roles(c.protocols);
	while (status == 0 && source_next_frame(source, &frame, &err) > 0)
		status = compare_frame(&c, &frame);
	if (!source)
		printf("# %s\n", err.text);
	source_close(source);
	protocols_free(c.protocols);
	free(c.packet);
	return status;
}

int main(int argc, char **argv)
{
	return captures_test(argc, argv, check);
}
