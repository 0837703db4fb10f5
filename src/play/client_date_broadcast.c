/* SPDX-License-Identifier: BSD-2-Clause */
/* The date of everybody: one request, the answers of all who hear it. */
#include <errno.h>

#include "play/dating.h"

static int open_everybody(struct dating *d, struct error *err)
{
	return broadcaster_open(&d->broadcaster, &d->options->client, d->options->broadcast, d->tally, err);
}

static void close_everybody(struct dating *d)
{
	broadcaster_close(&d->broadcaster);
}

/* One answer, unless there is none after all. */
static void take_answer(struct dating *d, int64_t sent_ns)
{
	struct address peer = { 0 };
	ssize_t got =
		sock_recvfrom(d->options->client.narrator, d->broadcaster.fd, d->data, DATAGRAM_MOST, MSG_DONTWAIT,
			      &peer, "Takes one of the answers, and whose it is: many may answer one broadcast.");

	if (got < 0)
		return; /* it was damaged on the way, or an error of the network that others do not share */
	d->tally->datagrams++;
	d->tally->octets_in += (size_t)got;
	date_judge(d, d->data, (size_t)got, &peer, clock_monotonic() - sent_ns, NULL);
}

static enum ask_answer ask_everybody(struct dating *d, struct error *err)
{
	const struct client *client = &d->options->client;
	uint64_t before = d->tally->messages_in;
	int64_t sent_ns = clock_monotonic();
	struct wait wait = { .until = clock_deadline(client->timeout_ns),
			     .why = "Waits for answers until the time is over: nobody knows how many will come." };
	unsigned there;

	(void)err;
	if (!broadcaster_send(&d->broadcaster, d->request.data, d->request.length))
		return ASK_REFUSED;
	wait.fd = d->broadcaster.fd;
	while ((there = client_wait(client, &wait)) == WAIT_IN)
		take_answer(d, sent_ns);
	if (d->tally->messages_in > before)
		return there ? ASK_STOPPED : ASK_ANSWERED;
	if (there)
		d->tally->lost++;
	else
		client_no_answer(client, d->tally, &d->broadcaster.to, NULL);
	return there ? ASK_STOPPED : ASK_TIMEOUT;
}

const struct date_transport date_everybody = {
	open_everybody,
	ask_everybody,
	NULL,
	close_everybody,
	date_pause_before_udp,
	date_pause_after_udp,
};
