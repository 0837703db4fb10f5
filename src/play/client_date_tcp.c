/* SPDX-License-Identifier: BSD-2-Clause */
/* Date over TCP (RFC 867, RFC 868 and the labs' own): connect, and read until the server closes. */
#include <errno.h>

#include "play/dating.h"

static int open_stream(struct dating *d, struct error *err)
{
	return client_resolve(&d->options->client, SOCK_STREAM, &d->peers, &d->from, err);
}

static void disconnect(struct dating *d)
{
	if (d->fd >= 0)
		sock_close(
			d->options->client.narrator, d->fd,
			"Ends the connection: our FIN, and it is gone on both sides if the server has sent its own.");
	d->fd = -1;
}

static void close_stream(struct dating *d)
{
	disconnect(d);
	addresses_release(&d->peers);
}

static enum ask_answer connect_stream(struct dating *d, struct error *err)
{
	const struct client *client = &d->options->client;
	const struct address *from = d->from.length ? &d->from : NULL;
	struct error sentence;
	enum endpoint_answer answer =
		endpoint_connect(client->narrator, &d->peers, from, client->timeout_ns, &d->fd, &d->peer, &sentence);

	if (answer == ENDPOINT_OPEN) {
		d->tally->connections++;
		report(client->reporter, (struct event){ .kind = EVENT_CONNECTED,
							 .type = SOCK_STREAM,
							 .connection = d->tally->connections,
							 .peer = &d->peer });
		return ASK_ANSWERED;
	}
	if (answer == ENDPOINT_ERROR) {
		*err = sentence;
		return ASK_ERROR;
	}
	report_trouble(client->reporter, "%s", sentence.text);
	d->tally->lost++;
	return ASK_REFUSED;
}

/* A failure is found again, with its reason, by who receives; what the server has said before comes first. */
static void send_request(struct dating *d)
{
	const struct client *client = &d->options->client;
	ssize_t sent;

	if (!d->request.length)
		return;
	sent = sock_send(client->narrator, d->fd, d->request.data, d->request.length, MSG_DONTWAIT,
			 "The request. RFC 867 needs none: there the connection itself is the question.");
	if (sent < 0)
		return;
	d->tally->messages_out++;
	d->tally->octets_out += (size_t)sent;
	report(client->reporter, (struct event){ .kind = EVENT_SENT,
						 .type = SOCK_STREAM,
						 .peer = &d->peer,
						 .connection = d->tally->connections,
						 .data = d->request.data,
						 .length = (size_t)sent });
}

/* What ended the reading: 0: the server closed; ETIMEDOUT, EINTR (a signal), EMSGSIZE (more than we take), or its
 * errno. */
static int read_all(struct dating *d, size_t *length)
{
	const struct client *client = &d->options->client;
	struct wait wait = { .fd = d->fd,
			     .until = client_deadline(client->timeout_ns),
			     .why = "Waits for octets of the answer, or for its end." };

	while (*length < DATAGRAM_OCTETS) {
		unsigned there = client_wait(client, &wait);
		ssize_t got;

		if (there != WAIT_IN)
			return there ? EINTR : ETIMEDOUT;
		got = sock_recv(client->narrator, d->fd, d->data + *length, DATAGRAM_OCTETS - *length, MSG_DONTWAIT,
				"Takes what has come; 0 is the end: the server has closed, so the answer is whole.");
		if (got < 0 && errno == EAGAIN)
			continue;
		if (got <= 0)
			return got < 0 ? errno : 0;
		*length += (size_t)got;
		d->tally->octets_in += (size_t)got;
	}
	return EMSGSIZE;
}

static const char *remark_on(int ended)
{
	static const struct {
		int ended;
		const char *remark;
	} remarks[] = {
		{ 0, NULL },
		{ ETIMEDOUT, "the server keeps the connection open" },
		{ EINTR, "interrupted" },
		{ EMSGSIZE, "cut: the server does not stop sending" },
		{ ECONNRESET, "then the server broke the connection off" },
	};

	for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
		if (remarks[i].ended == ended)
			return remarks[i].remark;
	return "then the connection failed";
}

static void report_nothing(struct dating *d, int ended)
{
	const struct client *client = &d->options->client;
	struct error sentence;
	char name[ADDRESS_TEXT];

	if (ended == ETIMEDOUT) {
		client_no_answer(client, d->tally, &d->peer,
				 d->request.length ? NULL : "some servers want a request first, see --request");
		return;
	}
	d->tally->lost++;
	endpoint_refusal(NULL, &d->peer, ended, &sentence);
	if (!ended)
		report_trouble(client->reporter, "%s has closed the connection without an answer",
			       address_text(&d->peer, name));
	else if (ended != EINTR)
		report_trouble(client->reporter, "%s", sentence.text);
}

static enum ask_answer ask_stream(struct dating *d, struct error *err)
{
	enum ask_answer connected = connect_stream(d, err);
	int64_t began = client_clock();
	size_t length = 0;
	int ended;

	if (connected != ASK_ANSWERED)
		return connected;
	send_request(d);
	ended = read_all(d, &length);
	if (length)
		date_judge(d, d->data, length, &d->peer, client_clock() - began, remark_on(ended));
	else
		report_nothing(d, ended);
	if (ended == EINTR)
		return ASK_STOPPED;
	return length ? ASK_ANSWERED : ASK_TIMEOUT;
}

const struct date_transport date_stream = {
	open_stream,
	ask_stream,
	disconnect,
	close_stream,
	"press Enter to connect; netstat -tan does not show the socket yet",
	"press Enter to end; netstat -tan shows the connection until then, in CLOSE_WAIT when the server has closed it",
};
