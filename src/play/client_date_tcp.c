/* SPDX-License-Identifier: BSD-2-Clause */
/* Date over TCP (RFC 867, RFC 868 and the labs' own): connect, and read until the server closes. */
#include <errno.h>

#include "play/dating.h"

static int open_stream(struct dating *d, struct error *err)
{
	static const struct caller_whys whys = {
		.send = "The request. RFC 867 needs none: there the connection itself is the question.",
		.receive = "Takes what has come; 0 is the end: the server has closed, so the answer is whole.",
		.wait_to_send = "Waits until the socket takes octets or has some.",
		.wait = "Waits for octets of the answer, or for its end.",
	};

	return caller_open(&d->caller, &d->options->client, &whys, d->tally, err);
}

static void disconnect(struct dating *d)
{
	caller_disconnect(&d->caller,
			  "Ends the connection: our FIN, and it is gone on both sides if the server has sent its own.");
}

static void close_stream(struct dating *d)
{
	disconnect(d);
	caller_close(&d->caller);
}

/*
 * What ended the reading: 0: the server closed; ETIMEDOUT, EINTR (a signal), EMSGSIZE (more than we take), or its
 * errno. That of sending is found again by who receives; what the server has said before comes first.
 */
static int read_all(struct caller *caller)
{
	int64_t until = clock_deadline(caller->client->timeout_ns);

	while (caller->in.length < DATAGRAM_MOST) {
		enum caller_news news = caller_wait(caller, DATAGRAM_MOST - caller->in.length, until);

		if (news == CALLER_ENDED)
			return caller->broken;
		if (news != CALLER_MORE)
			return news == CALLER_STOPPED ? EINTR : ETIMEDOUT;
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
	if (ended == ETIMEDOUT)
		client_no_answer(&d->options->client, d->tally, &d->caller.peer,
				 d->request.length ? NULL : "some servers want a request first, see --request");
	else if (ended == EINTR)
		d->tally->lost++;
	else
		caller_lost(&d->caller, ended);
}

static enum ask_answer ask_stream(struct dating *d, struct error *err)
{
	struct caller *caller = &d->caller;
	enum ask_answer connected = caller_connect(caller, err);
	int64_t began = clock_monotonic();
	int ended;

	if (connected != ASK_ANSWERED)
		return connected;
	caller_say(caller, d->request.data, d->request.length);
	caller_send(caller);
	ended = read_all(caller);
	if (caller->in.length)
		date_judge(d, caller->in.data, caller->in.length, &caller->peer, clock_monotonic() - began,
			   remark_on(ended));
	else
		report_nothing(d, ended);
	if (ended == EINTR)
		return ASK_STOPPED;
	return caller->in.length ? ASK_ANSWERED : ASK_TIMEOUT;
}

const struct date_transport date_stream = {
	open_stream,
	ask_stream,
	disconnect,
	close_stream,
	"press Enter to connect; netstat -tan does not show the socket yet",
	"press Enter to end; netstat -tan shows the connection until then, in CLOSE_WAIT when the server has closed it",
};
