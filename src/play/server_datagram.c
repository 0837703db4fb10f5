/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams: taken in batches, answered in batches, from the address that was asked. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "base/mem.h"
#include "play/serving.h"
#include "play/together.h"

#define FLOOD (DATAGRAM_BATCH / 2) /* so many requests at once are more than people send */

static const char why_take[] =
	"Takes the datagrams that wait, many by one call; each is whole and has its sender's address.";
static const char why_answer[] = "Sends the answers, many by one call; nothing tells whether a datagram arrives.";

struct datagram_batch {
	struct mmsghdr in[DATAGRAM_BATCH], out[DATAGRAM_BATCH];
	struct iovec in_data[DATAGRAM_BATCH], out_data[DATAGRAM_BATCH];
	struct address peers[DATAGRAM_BATCH];
	_Alignas(struct cmsghdr) uint8_t control[DATAGRAM_BATCH][DATAGRAM_CONTROL];
	struct datagram datagrams[DATAGRAM_BATCH]; /* of the answers in out */
	bool apart;                                /* sending together was refused */
	uint8_t buffers[DATAGRAM_BATCH][DATAGRAM_STRIDE];
};

/* ------------------------------------------------------------------------------------------------ one of them */

static void note(struct server *server, enum event_kind kind, const struct listener *listener,
		 const struct address *peer, const void *data, size_t length, const char *sentence)
{
	if (reporter_wants(server->options->reporter, kind))
		report(server->options->reporter, (struct event){ .kind = kind,
								  .type = SOCK_DGRAM,
								  .local = listener ? &listener->local : NULL,
								  .peer = peer,
								  .data = data,
								  .length = length,
								  .note = sentence });
}

static void note_lost(struct server *server, const struct listener *listener, const struct address *peer, int error)
{
	char sentence[160];

	server_add(&server->tally->dropped, 1);
	errno = error;
	snprintf(sentence, sizeof sentence, "the answer is lost: %m");
	note(server, EVENT_DROPPED, listener, peer, NULL, 0, sentence);
}

/*
 * What the kernel said about where a request came to says, given back, where the answer leaves from. Not by which
 * interface: routes decide that, but for an address of one link, which means nothing without. A multicast address is
 * nobody's own: the kernel chooses then.
 */
size_t server_answer_control(const struct listener *listener, void *control, size_t length)
{
	struct cmsghdr *header = control;

	if (!listener->pktinfo)
		return 0;
	if (length >= CMSG_LEN(sizeof(struct in_pktinfo)) && header->cmsg_level == IPPROTO_IP) {
		((struct in_pktinfo *)CMSG_DATA(header))->ipi_ifindex = 0;
		return length;
	}
	if (length >= CMSG_LEN(sizeof(struct in6_pktinfo)) && header->cmsg_level == IPPROTO_IPV6) {
		struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(header);

		if (!IN6_IS_ADDR_LINKLOCAL(&info->ipi6_addr))
			info->ipi6_ifindex = 0;
		return IN6_IS_ADDR_MULTICAST(&info->ipi6_addr) ? 0 : length;
	}
	return 0;
}

static void ask_service(struct server *server, struct datagram *datagram)
{
	const struct service *service = server->options->service;

	datagram->answer = NULL;
	datagram->answer_length = 0;
	if (service->on_datagram)
		service->on_datagram(server->options->self, datagram);
}

static void count_in(struct server *server, uint64_t datagrams, uint64_t octets)
{
	server_heard(server);
	server_add(&server->tally->datagrams, datagrams);
	server_add(&server->tally->messages_in, datagrams);
	server_add(&server->tally->octets_in, octets);
	server->finished += datagrams;
}

static void count_out(struct server *server, uint64_t datagrams, uint64_t octets)
{
	server_add(&server->tally->messages_out, datagrams);
	server_add(&server->tally->octets_out, octets);
}

void server_ask(struct server *server, const struct listener *listener, struct datagram *datagram)
{
	count_in(server, 1, datagram->length);
	note(server, EVENT_RECEIVED, listener, datagram->peer, datagram->data, datagram->length, NULL);
	ask_service(server, datagram);
}

void server_answered(struct server *server, const struct listener *listener, const struct datagram *datagram, int error)
{
	if (error) {
		note_lost(server, listener, datagram->peer, error);
		return;
	}
	count_out(server, 1, datagram->answer_length);
	note(server, EVENT_SENT, listener, datagram->peer, datagram->answer, datagram->answer_length, NULL);
}

/* ------------------------------------------------------------------------------------------------ in batches */

/* The kernel overwrites the lengths of what it fills in: they are set again for each message that was used. */
static void reset(struct datagram_batch *batch, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		batch->in[i].msg_hdr.msg_namelen = sizeof batch->peers[i].storage;
		batch->in[i].msg_hdr.msg_controllen = DATAGRAM_CONTROL;
	}
}

static struct datagram_batch *batch_new(void)
{
	struct datagram_batch *batch = mem_new(1, sizeof *batch);

	for (unsigned i = 0; i < DATAGRAM_BATCH; i++) {
		batch->in_data[i] = (struct iovec){ batch->buffers[i], DATAGRAM_MOST };
		batch->in[i].msg_hdr = (struct msghdr){ .msg_name = &batch->peers[i].storage,
							.msg_iov = &batch->in_data[i],
							.msg_iovlen = 1,
							.msg_control = batch->control[i] };
		batch->out[i].msg_hdr = (struct msghdr){ .msg_iov = &batch->out_data[i], .msg_iovlen = 1 };
	}
	reset(batch, DATAGRAM_BATCH);
	return batch;
}

/* Runs the service on message i; its answer, if there is one, becomes number `answers` of those to be sent. */
static bool serve(struct server *server, const struct listener *listener, unsigned i, unsigned answers)
{
	struct datagram_batch *batch = server->batch;
	struct msghdr *in = &batch->in[i].msg_hdr, *out = &batch->out[answers].msg_hdr;
	struct datagram *datagram = &batch->datagrams[answers];

	batch->peers[i].length = in->msg_namelen;
	datagram->peer = &batch->peers[i];
	datagram->data = batch->buffers[i];
	datagram->length = batch->in[i].msg_len;
	note(server, EVENT_RECEIVED, listener, datagram->peer, datagram->data, datagram->length, NULL);
	ask_service(server, datagram);
	if (!datagram->answer)
		return false;
	batch->out_data[answers] = (struct iovec){ (void *)datagram->answer, datagram->answer_length };
	out->msg_name = in->msg_name;
	out->msg_namelen = in->msg_namelen;
	out->msg_control = in->msg_control;
	out->msg_controllen = server_answer_control(listener, in->msg_control, in->msg_controllen);
	return true;
}

static void note_sent(struct server *server, const struct listener *listener, unsigned from, unsigned to)
{
	const struct datagram *datagrams = server->batch->datagrams;
	uint64_t octets = 0;

	for (unsigned i = from; i < to; i++) {
		octets += datagrams[i].answer_length;
		note(server, EVENT_SENT, listener, datagrams[i].peer, datagrams[i].answer, datagrams[i].answer_length,
		     NULL);
	}
	count_out(server, to - from, octets);
}

/*
 * A server that is flooded sends what is alike together: that is several times as fast. One that is not sends every
 * answer as a packet of its own, and so captures have them. Returns how many were sent.
 */
static unsigned send_together(struct server *server, const struct listener *listener, unsigned at, unsigned answers)
{
	struct datagram_batch *batch = server->batch;
	unsigned same = batch->apart || answers < FLOOD ? 0 : together_count(batch->out + at, answers - at);

	if (same < 2)
		return 0;
	if (!together_send(server->options->narrator, listener->fd, batch->out + at, same))
		return same;
	batch->apart = errno != EAGAIN && errno != ENOBUFS && errno != EINTR;
	return 0;
}

static int send_some(struct server *server, const struct listener *listener, unsigned at, unsigned answers)
{
	unsigned sent = send_together(server, listener, at, answers);

	return sent ? (int)sent
		    : sock_sendmmsg(server->options->narrator, listener->fd, server->batch->out + at, answers - at,
				    MSG_DONTWAIT, why_answer);
}

/* sendmmsg() ends at the first answer that cannot go: that one is lost, and the others are tried. */
static void send_answers(struct server *server, const struct listener *listener, unsigned answers)
{
	for (unsigned at = 0; at < answers;) {
		int sent = send_some(server, listener, at, answers);

		if (sent > 0) {
			note_sent(server, listener, at, at + (unsigned)sent);
			at += (unsigned)sent;
		} else if (errno != EINTR) {
			note_lost(server, listener, server->batch->datagrams[at].peer, errno);
			at++;
		}
	}
}

/* No more than are to be served in all. */
static unsigned wanted(const struct server *server)
{
	uint64_t count = server->options->count;

	if (!count || count - server->finished > DATAGRAM_BATCH)
		return DATAGRAM_BATCH;
	return (unsigned)(count - server->finished);
}

static void note_failure(const struct server *server)
{
	if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		report_trouble(server->options->reporter, "a datagram could not be taken: %m");
}

int server_datagrams(struct server *server, const struct listener *listener)
{
	unsigned answers = 0, most = wanted(server);
	uint64_t octets = 0;
	int got = 0;

	if (!server->batch)
		server->batch = batch_new();
	if (most)
		got = sock_recvmmsg(server->options->narrator, listener->fd, server->batch->in, most, MSG_DONTWAIT,
				    why_take);
	if (got < 0)
		note_failure(server);
	if (got <= 0)
		return 0;
	for (unsigned i = 0; i < (unsigned)got; i++) {
		octets += server->batch->in[i].msg_len;
		answers += serve(server, listener, i, answers);
	}
	count_in(server, (unsigned)got, octets);
	send_answers(server, listener, answers);
	reset(server->batch, (unsigned)got);
	return got;
}

/* ------------------------------------------------------------------------------------------------ one at a time */

struct request *server_take(struct server *server, const struct listener *listener)
{
	struct request *request = mem_resize(NULL, sizeof *request + DATAGRAM_MOST, 1);
	struct iovec data = { request->data, DATAGRAM_MOST };
	struct msghdr message = { .msg_name = &request->peer.storage,
				  .msg_namelen = sizeof request->peer.storage,
				  .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = request->control,
				  .msg_controllen = sizeof request->control };
	ssize_t got = sock_recvmsg(server->options->narrator, listener->fd, &message, MSG_DONTWAIT,
				   "Takes one datagram, whole, with the address of its sender.");

	if (got < 0) {
		note_failure(server);
		free(request);
		return NULL;
	}
	request = mem_resize(request, sizeof *request + (size_t)got, 1);
	request->listener = listener;
	request->peer.length = message.msg_namelen;
	request->control_length = server_answer_control(listener, request->control, message.msg_controllen);
	request->length = (size_t)got;
	count_in(server, 1, request->length);
	note(server, EVENT_RECEIVED, listener, &request->peer, request->data, request->length, NULL);
	return request;
}

void server_answer(struct server *server, const struct request *request)
{
	struct datagram datagram = { .peer = &request->peer, .data = request->data, .length = request->length };
	struct msghdr message = { .msg_name = (void *)&request->peer.storage,
				  .msg_namelen = request->peer.length,
				  .msg_iovlen = 1,
				  .msg_control = request->control_length ? (void *)request->control : NULL,
				  .msg_controllen = request->control_length };
	struct iovec data;

	ask_service(server, &datagram);
	if (!datagram.answer)
		return;
	data = (struct iovec){ (void *)datagram.answer, datagram.answer_length };
	message.msg_iov = &data;
	if (sock_sendmsg(server->options->narrator, request->listener->fd, &message, MSG_DONTWAIT,
			 "Answers, from the address that was asked; nothing tells whether a datagram arrives.") < 0) {
		note_lost(server, request->listener, &request->peer, errno);
		return;
	}
	count_out(server, 1, datagram.answer_length);
	note(server, EVENT_SENT, request->listener, &request->peer, datagram.answer, datagram.answer_length, NULL);
}
