/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UDP without rights, as tracepath does it: an ordinary socket sends, with a TTL for each datagram, and its error queue
 * (IP_RECVERR) tells what came back. The kernel builds the headers; which probe is meant is told by the key in the
 * payload, or, where a router quotes less, by the port, which is another for each probe.
 */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "net/endpoint.h"
#include "probe/craft.h"
#include "probe/wire_parts.h"

#define HEADER 8 /* of UDP */
#define KEY_AT 2 /* in the payload */

struct errors {
	struct wire head;
	struct craft *craft;
	int fd;
	struct wire_stamps stamps;
	uint16_t keys[65536];       /* by target port: the last probe that went there */
	uint16_t ports[PROBE_MOST + 1]; /* by key: where it went */
	struct wire_message message;
};

static enum wire_opened errors_open(struct wire *wire, struct error *err)
{
	struct errors *errors = (struct errors *)wire;
	uint16_t wanted = wire->source_port;

	errors->fd = wire_reserve(wire, SOCK_DGRAM, &wire->source_port, "An ordinary socket of UDP takes no right.");
	if (errors->fd < 0)
		return wanted ? error_errno(err, "source port %u", wanted)
			      : error_errno(err, "no socket for UDP probes");
	if (wire_ordinary(wire, errors->fd, err) < 0 ||
	    wire_watch(wire, errors->fd, EPOLLIN, "Answers (EPOLLIN), and errors, which need no asking.", err) < 0)
		return WIRE_FAILED;
	wire_stamps_begin(wire, errors->fd, &errors->stamps);
	wire_await_clock(wire);
	errors->craft = craft_new(&wire->base, err);
	return errors->craft ? WIRE_OPEN : WIRE_FAILED;
}

static void errors_close(struct wire *wire)
{
	struct errors *errors = (struct errors *)wire;

	if (errors->fd >= 0)
		sock_close(wire->narrator, errors->fd, NULL);
	craft_free(errors->craft);
}

static int errors_send(struct wire *wire, struct probe *probe)
{
	struct errors *errors = (struct errors *)wire;
	struct address to = wire->base.target;
	struct crafted crafted;
	struct iovec octets;
	struct error unsaid;
	size_t headers;

	probe->packet.source_port = wire->source_port;
	if (craft_probe(errors->craft, &probe->packet, &crafted, &unsaid) < 0)
		return errno = EINVAL, -1;
	headers = crafted.header + HEADER;
	address_set_port(&to, probe->packet.target_port);
	errors->keys[probe->packet.target_port] = probe->packet.key;
	errors->ports[probe->packet.key] = probe->packet.target_port;
	octets = (struct iovec){ (void *)(uintptr_t)(crafted.data + headers), crafted.length - headers };
	return wire_send_ordinary(wire, errors->fd, &errors->stamps, probe, &octets, &to);
}

/* 0: nobody's. */
static uint16_t key_of(const struct errors *errors, const struct wire_message *message)
{
	uint16_t port = address_port(&message->name), key;

	if (message->length >= KEY_AT + 2) {
		key = (uint16_t)(message->data[KEY_AT] << 8 | message->data[KEY_AT + 1]);
		if (key && errors->ports[key] == port)
			return key;
	}
	return errors->keys[port];
}

/* What the error queue holds next: 1 an answer, 0 something else, -1 nothing. */
static int take_error(struct errors *errors, struct answer *answer, wire_left *left, void *context)
{
	struct wire_message *message = &errors->message;
	struct probe_packet packet = { .source_port = errors->head.source_port };

	if (!wire_take(&errors->head, errors->fd, MSG_ERRQUEUE, message, "The error queue: who answers, and of what."))
		return -1;
	if (wire_stamps_tell(&errors->stamps, message, left, context))
		return 0;
	packet.key = key_of(errors, message);
	packet.target_port = errors->ports[packet.key];
	return packet.key && wire_answer_error(&errors->head, message, &packet, answer);
}

static int take_datagram(struct errors *errors, struct answer *answer)
{
	struct wire_message *message = &errors->message;

	if (!wire_take(&errors->head, errors->fd, 0, message, "A datagram: somebody listens on that port."))
		return errno == EAGAIN ? -1 : 0;
	*answer = (struct answer){
		.kind = ANSWER_UDP,
		.family = errors->head.base.family,
		.from = message->name,
		.ttl = message->ttl,
		.to = errors->head.base.source,
		.time = message->time,
	};
	address_set_port(&answer->to, errors->head.source_port);
	return 1;
}

/* Stamps of what has been answered lie in front of the errors in the queue; in front of datagrams all are read. */
static int errors_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context,
			  struct error *err)
{
	struct errors *errors = (struct errors *)wire;
	int got;

	(void)err;
	while ((got = take_error(errors, answer, left, context)) == 0)
		;
	while (got < 0 && (got = take_datagram(errors, answer)) == 0)
		;
	if (got < 0)
		return 0;
	answer->seen = clock_monotonic();
	return 1;
}

const struct wire_way wire_errors = {
	.limits = {
		.name = "UDP and IP_RECVERR",
		.missing = "without CAP_NET_RAW the kernel builds the probes and keeps the IP headers that come back: "
			   "each probe is a flow of its own, and neither DSCP nor translators are seen",
	},
	.size = sizeof(struct errors),
	.open = errors_open,
	.send = errors_send,
	.receive = errors_receive,
	.close = errors_close,
};
