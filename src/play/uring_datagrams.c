/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One request to receive sleeps until a datagram comes. While many come, others are handed over in front of it that
 * take what is there now (MSG_DONTWAIT): so a round of the ring takes more, the more the last one took, and an idle
 * server is woken for one request and not for all of them.
 */
#include "play/uring_datagrams.h"

#include <errno.h>

#include "base/mem.h"

struct slot {
	struct uring_datagrams *box;
	struct uring_request request; /* recvmsg, then sendmsg */
	struct msghdr message;
	struct iovec data;
	struct address peer;
	_Alignas(struct cmsghdr) uint8_t control[DATAGRAM_CONTROL];
	struct datagram datagram;
	bool sleeps; /* the one that waits */
};

struct uring_datagrams {
	struct server *server;
	struct uring *ring;
	const struct listener *listener;
	struct slot slots[DATAGRAM_BATCH];
	unsigned taken; /* in this round */
	bool waits;     /* a request that sleeps is in flight */
	uint8_t buffers[DATAGRAM_BATCH][DATAGRAM_STRIDE];
};

struct uring_datagrams *uring_datagrams_new(struct server *server, struct uring *ring, const struct listener *listener)
{
	struct uring_datagrams *box = mem_new(1, sizeof *box);

	box->server = server;
	box->ring = ring;
	box->listener = listener;
	for (unsigned i = 0; i < DATAGRAM_BATCH; i++) {
		box->slots[i].box = box;
		box->slots[i].request.owner = &box->slots[i];
	}
	return box;
}

void uring_datagrams_free(struct uring_datagrams *box)
{
	free(box);
}

static void answered(struct uring_request *request, int result)
{
	struct slot *slot = request->owner;
	struct uring_datagrams *box = slot->box;

	server_answered(box->server, box->listener, &slot->datagram, result < 0 ? -result : 0);
}

static void answer(struct slot *slot)
{
	struct uring_datagrams *box = slot->box;
	size_t control = server_answer_control(box->listener, slot->control, slot->message.msg_controllen);

	slot->data = (struct iovec){ (void *)slot->datagram.answer, slot->datagram.answer_length };
	slot->message = (struct msghdr){ .msg_name = &slot->peer.storage,
					 .msg_namelen = slot->peer.length,
					 .msg_iov = &slot->data,
					 .msg_iovlen = 1,
					 .msg_control = control ? slot->control : NULL,
					 .msg_controllen = control };
	slot->request.done = answered;
	uring_sendmsg(box->ring, &slot->request, box->listener->fd, &slot->message,
		      "Answers from the address that was asked; nothing tells whether a datagram arrives.");
}

static void received(struct uring_request *request, int result)
{
	struct slot *slot = request->owner;
	struct uring_datagrams *box = slot->box;

	if (slot->sleeps)
		box->waits = false;
	if (result < 0) {
		if (result != -EAGAIN && result != -EINTR && result != -ECANCELED)
			report_trouble(box->server->options->reporter, "a datagram could not be taken: %s",
				       strerrordesc_np(-result));
		return;
	}
	if (server_stops(box->server))
		return;
	box->taken++;
	slot->peer.length = slot->message.msg_namelen;
	slot->datagram.peer = &slot->peer;
	slot->datagram.data = slot->data.iov_base;
	slot->datagram.length = (size_t)result;
	server_ask(box->server, box->listener, &slot->datagram);
	if (slot->datagram.answer)
		answer(slot);
}

static void receive(struct slot *slot, bool sleeps)
{
	static const char why_sleep[] = "Wants the next datagram, whole, with the address of its sender.",
			  why_take[] = "Takes what has come meanwhile, if there is anything.";
	struct uring_datagrams *box = slot->box;

	slot->data = (struct iovec){ box->buffers[slot - box->slots], DATAGRAM_MOST };
	slot->message = (struct msghdr){ .msg_name = &slot->peer.storage,
					 .msg_namelen = sizeof slot->peer.storage,
					 .msg_iov = &slot->data,
					 .msg_iovlen = 1,
					 .msg_control = slot->control,
					 .msg_controllen = sizeof slot->control };
	slot->request.done = received;
	slot->sleeps = sleeps;
	box->waits |= sleeps;
	uring_recvmsg(box->ring, &slot->request, box->listener->fd, &slot->message, sleeps ? 0 : MSG_DONTWAIT,
		      sleeps ? why_sleep : why_take);
}

/* How many are asked for besides the one that sleeps: twice what came, and no more than are to be served in all. */
static unsigned eagerness(const struct uring_datagrams *box)
{
	const struct server *server = box->server;
	uint64_t most = DATAGRAM_BATCH;

	if (server->options->count && server->options->count - server->finished < most)
		most = server->options->count - server->finished;
	if (!box->taken || !most)
		return 0;
	return box->taken * 2 < most ? box->taken * 2 - 1 : (unsigned)most - 1;
}

void uring_datagrams_watch(struct uring_datagrams *box)
{
	unsigned free_slots = 0, eager;

	if (box->waits)
		return;
	for (unsigned i = 0; i < DATAGRAM_BATCH; i++)
		free_slots += !box->slots[i].request.busy;
	if (!free_slots)
		return;
	eager = eagerness(box);
	if (eager >= free_slots)
		eager = free_slots - 1;
	box->taken = 0;
	for (unsigned i = 0; i < DATAGRAM_BATCH && !box->waits; i++)
		if (!box->slots[i].request.busy)
			receive(&box->slots[i], eager-- == 0);
}

void uring_datagrams_stop(struct uring_datagrams *box)
{
	for (unsigned i = 0; i < DATAGRAM_BATCH; i++)
		if (box->slots[i].request.done == received)
			uring_cancel(box->ring, &box->slots[i].request);
}
