/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * With CAP_NET_RAW: probes leave by a raw socket, header and all. Other raw sockets hear what comes back; or, when
 * packets are to be saved, a packet socket sees them all.
 *
 * When a probe left is what the kernel says in the error queue of the raw socket.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/clock.h"
#include "net/endpoint.h"
#include "probe/answer.h"
#include "probe/craft.h"
#include "probe/wire_ears.h"
#include "probe/wire_parts.h"
#include "probe/wire_raw.h"

#define PORTS_HELD 256 /* source ports that nobody else shall use; later flows take theirs without asking */

struct raw {
	struct wire head;
	struct craft *craft;
	struct source *source;   /* NULL: the ears hear instead */
	struct wire_ears ears;
	int fd;
	struct wire_stamps stamps;
	int held[PORTS_HELD];
	unsigned held_count;
	uint8_t ports[65536 / 8]; /* source ports in use */
	struct raw_last last;
};

/* ------------------------------------------------------------------------------------------------ ports */

static bool is_ours(const struct raw *raw, uint16_t port)
{
	return raw->ports[port / 8] >> port % 8 & 1;
}

/* *port 0: one is chosen. -1 with errno: somebody has it. */
static int hold_port(struct raw *raw, uint16_t *port)
{
	const int type = raw->head.base.method == PROBE_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int fd = wire_reserve(&raw->head, type, port,
			      "Holds the source port: nobody else gets it, and answers to it find somebody there.");

	if (fd >= 0)
		raw->held[raw->held_count++] = fd;
	return fd < 0 ? -1 : 0;
}

/* A flow of its own has a port of its own. */
static void use_port(struct raw *raw, uint16_t port)
{
	if (raw->head.base.method == PROBE_ICMP || is_ours(raw, port))
		return;
	if (raw->held_count < PORTS_HELD)
		hold_port(raw, &port);
	raw->ports[port / 8] |= (uint8_t)(1u << port % 8);
}

static int choose_port(struct raw *raw, struct error *err)
{
	uint16_t wanted = raw->head.source_port;

	if (raw->head.base.method == PROBE_ICMP)
		return 0;
	if (hold_port(raw, &raw->head.source_port) < 0)
		return errno == EADDRINUSE && wanted
			? error_set(err, "source port %u: taken by another program; use another, or leave it to the "
					 "kernel", wanted)
			: error_errno(err, "source port %u", wanted);
	raw->ports[raw->head.source_port / 8] |= (uint8_t)(1u << raw->head.source_port % 8);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ opening */

static int open_sender(struct raw *raw, struct error *err)
{
	const struct narrator *n = raw->head.narrator;
	bool v6 = raw->head.base.family == AF_INET6;

	if (sock_set(n, raw->fd, v6 ? &sock_v6hdrincl : &sock_hdrincl, 1,
		     "The IP header comes from us, so that TTL and identification are ours to choose.") < 0)
		return error_errno(err, "the kernel takes no IP header from us");
	if (sock_set(n, raw->fd, v6 ? &sock_v6mtu_discover : &sock_mtu_discover,
		     v6 ? IPV6_PMTUDISC_PROBE : IP_PMTUDISC_PROBE,
		     "What was learned of the path before shall not keep a large probe here.") < 0)
		return error_errno(err, "the kernel insists on the MTU of the path");
	if (wire_bind_device(&raw->head, raw->fd, err) < 0)
		return -1;
	if (wire_stamps_begin(&raw->head, raw->fd, &raw->stamps) < 0)
		return error_errno(err, "the kernel does not tell when packets leave");
	return wire_watch(&raw->head, raw->fd, 0, "Time stamps come through the error queue: EPOLLERR needs no asking.",
			  err);
}

static int open_source(struct raw *raw, struct error *err)
{
	struct wire *wire = &raw->head;
	const char *interface = *wire->device ? wire->device : "any";
	struct text filter = { 0 };
	struct source_live_options options = {
		.direction = CAPTURE_INOUT,
		.both = true,
		.no_promiscuous = true,
	};

	raw_filter(&filter, wire);
	text_char(&filter, '\0');
	options.filter = filter.data;
	raw->source = source_socket_open(interface, &options, err);
	if (raw->source)
		sock_tell(wire->narrator, "A packet socket sees answers as they are on the wire, IP header and all.",
			  "socket(AF_PACKET, ..., 0) = %d on %s, filter: %s", source_fd(raw->source), interface,
			  filter.data);
	text_release(&filter);
	if (!raw->source)
		return -1;
	return wire_watch(wire, source_fd(raw->source), EPOLLIN, "Answers.", err);
}

static int open_receiver(struct raw *raw, struct error *err)
{
	return raw->head.options.save ? open_source(raw, err) : wire_ears_open(&raw->head, &raw->ears, err);
}

static enum wire_opened raw_open(struct wire *wire, struct error *err)
{
	struct raw *raw = (struct raw *)wire;

	raw->fd = sock_open_protocol(wire->narrator, wire->base.family, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_RAW,
				     "A raw socket sends what we build, whatever it is; it takes CAP_NET_RAW.");
	if (raw->fd < 0 && (errno == EPERM || errno == EACCES)) {
		error_set(err, "no right to send packets of our own making (CAP_NET_RAW)");
		return WIRE_NO_RIGHT;
	}
	if (raw->fd < 0) {
		endpoint_refusal(NULL, &wire->base.target, errno, err);
		return WIRE_FAILED;
	}
	if (choose_port(raw, err) < 0 || open_sender(raw, err) < 0 || open_receiver(raw, err) < 0)
		return WIRE_FAILED;
	wire_can_dissect(wire);
	wire_await_clock(wire);
	raw->craft = craft_new(&wire->base, err);
	return raw->craft ? WIRE_OPEN : WIRE_FAILED;
}

static void raw_close(struct wire *wire)
{
	struct raw *raw = (struct raw *)wire;

	for (unsigned i = 0; i < raw->held_count; i++)
		sock_close(wire->narrator, raw->held[i], NULL);
	if (raw->fd >= 0)
		sock_close(wire->narrator, raw->fd, NULL);
	wire_ears_close(wire, &raw->ears);
	source_close(raw->source);
	craft_free(raw->craft);
}

/* ------------------------------------------------------------------------------------------------ sending */

static int raw_send(struct wire *wire, struct probe *probe)
{
	struct raw *raw = (struct raw *)wire;
	struct crafted crafted;
	struct error unsaid;
	int error;

	if (craft_probe(raw->craft, &probe->packet, &crafted, &unsaid) < 0)
		return errno = EINVAL, -1;
	use_port(raw, probe->packet.source_port);
	wire_stamps_sending(&raw->stamps, probe->packet.key);
	probe->sent = clock_monotonic();
	if (sock_sendto(wire->narrator, raw->fd, crafted.data, crafted.length, 0, &wire->base.target,
			"A probe, from its IP header on.") < 0) {
		error = errno;
		wire_stamps_begin(wire, raw->fd, &raw->stamps);
		return errno = error, -1;
	}
	wire_stamps_sent(&raw->stamps);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ receiving */

static void take_stamps(struct raw *raw, wire_left *left, void *context)
{
	struct wire_message message;

	while (wire_take(&raw->head, raw->fd, MSG_ERRQUEUE, &message, "When a probe left, by its number."))
		wire_stamps_tell(&raw->stamps, &message, left, context);
}

/* On loopback what leaves comes in again: probes are those that leave, answers those that come in. */
static bool is_answer(struct raw *raw, const struct frame *frame, struct answer *answer)
{
	if (FRAME_DIRECTION(frame->flags) == FRAME_OUT || !answer_read(raw->head.packet, answer))
		return false;
	if (answer->kind == ANSWER_UDP || answer->kind == ANSWER_TCP_OPEN || answer->kind == ANSWER_TCP_CLOSED)
		return is_ours(raw, address_port(&answer->to)) && !raw_seen(&raw->last, raw->head.packet);
	return !raw_seen(&raw->last, raw->head.packet);
}

static bool is_probe(const struct raw *raw, const struct frame *frame)
{
	uint16_t port;

	if (FRAME_DIRECTION(frame->flags) != FRAME_OUT)
		return false;
	if (raw->head.base.method == PROBE_ICMP)
		return raw_is_echo_request(raw->head.packet);
	return raw_source_port(raw->head.packet, &port) && is_ours(raw, port);
}

static int save(const struct raw *raw, const struct frame *frame, struct error *err)
{
	const struct wire_options *options = &raw->head.options;

	return options->save ? options->save(options->context, frame, err) : 0;
}

static enum source_answer next_frame(struct raw *raw, struct frame *frame, struct error *err)
{
	if (raw->source)
		return source_next(raw->source, frame, err);
	return wire_ears_next(&raw->head, &raw->ears, frame) ? SOURCE_FRAME : SOURCE_AGAIN;
}

static int raw_receive(struct wire *wire, struct answer *answer, wire_left *left, void *context, struct error *err)
{
	struct raw *raw = (struct raw *)wire;
	enum source_answer got;
	struct frame frame = { 0 };
	bool found = false;

	while (!found && (got = next_frame(raw, &frame, err)) == SOURCE_FRAME) {
		wire_dissect(wire, &frame);
		found = is_answer(raw, &frame, answer);
		if ((found || is_probe(raw, &frame)) && save(raw, &frame, err) < 0)
			return -1;
	}
	/* A packet is stamped before it is on the wire: whoever is answered now has its stamp here. */
	take_stamps(raw, left, context);
	if (found) {
		answer->seen = clock_monotonic();
		return 1;
	}
	return got == SOURCE_AGAIN ? 0 : -1;
}

static struct source *raw_source(struct wire *wire)
{
	return ((struct raw *)wire)->source;
}

const struct wire_way wire_raw = {
	.limits = { .name = "raw", .flows = true, .headers = true },
	.size = sizeof(struct raw),
	.open = raw_open,
	.send = raw_send,
	.receive = raw_receive,
	.source = raw_source,
	.close = raw_close,
};
