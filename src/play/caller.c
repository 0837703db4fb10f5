/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/caller.h"

#include <errno.h>

int caller_open(struct caller *caller, const struct client *client, const struct caller_whys *whys, struct tally *tally,
		struct error *err)
{
	*caller = (struct caller){ .client = client, .tally = tally, .whys = whys, .fd = -1 };
	return client_resolve(client, SOCK_STREAM, &caller->peers, &caller->from, err);
}

void caller_disconnect(struct caller *caller, const char *why)
{
	if (caller->fd >= 0)
		sock_close(caller->client->narrator, caller->fd, why);
	caller->fd = -1;
}

void caller_close(struct caller *caller)
{
	caller_disconnect(caller, "Ends the connection.");
	addresses_release(&caller->peers);
	text_release(&caller->in);
}

static void tell(const struct caller *caller, enum event_kind kind, const void *data, size_t length)
{
	report(caller->client->reporter, (struct event){ .kind = kind,
							 .type = SOCK_STREAM,
							 .connection = caller->tally->connections,
							 .peer = &caller->peer,
							 .data = data,
							 .length = length });
}

enum ask_answer caller_connect(struct caller *caller, struct error *err)
{
	const struct client *client = caller->client;
	const struct address *from = caller->from.length ? &caller->from : NULL;
	struct error sentence;
	enum endpoint_answer answer = endpoint_connect(client->narrator, &caller->peers, from, client->timeout_ns,
						       &caller->fd, &caller->peer, &sentence);

	if (answer == ENDPOINT_OPEN) {
		text_clear(&caller->in);
		caller->tally->connections++;
		tell(caller, EVENT_CONNECTED, NULL, 0);
		return ASK_ANSWERED;
	}
	if (answer == ENDPOINT_ERROR) {
		*err = sentence;
		return ASK_ERROR;
	}
	report_trouble(client->reporter, "%s", sentence.text);
	caller->tally->lost++;
	return ASK_REFUSED;
}

void caller_say(struct caller *caller, const void *text, size_t length)
{
	caller->text = text;
	caller->length = length;
	caller->sent = 0;
	caller->unsent = 0;
}

static bool has_to_send(const struct caller *caller)
{
	return !caller->unsent && caller->sent < caller->length;
}

void caller_send(struct caller *caller)
{
	const uint8_t *text = caller->text;
	ssize_t sent;

	if (!has_to_send(caller))
		return;
	sent = sock_send(caller->client->narrator, caller->fd, text + caller->sent, caller->length - caller->sent,
			 MSG_DONTWAIT, caller->whys->send);
	if (sent < 0) {
		caller->unsent = errno != EAGAIN && errno != EINTR ? errno : 0;
		return;
	}
	caller->sent += (size_t)sent;
	caller->tally->octets_out += (size_t)sent;
	if (has_to_send(caller))
		return;
	caller->tally->messages_out++;
	tell(caller, EVENT_SENT, text, caller->length);
}

/* False: nothing more will come. */
static bool receive(struct caller *caller, size_t most)
{
	ssize_t got = sock_recv(caller->client->narrator, caller->fd, text_room(&caller->in, most), most, MSG_DONTWAIT,
				caller->whys->receive);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	caller->broken = got < 0 ? errno : 0;
	if (got <= 0)
		return false;
	caller->in.length += (size_t)got;
	caller->tally->octets_in += (size_t)got;
	return true;
}

enum caller_news caller_wait(struct caller *caller, size_t most, int64_t until)
{
	struct wait wait = { .fd = caller->fd, .out = has_to_send(caller), .until = until };
	unsigned there;

	wait.why = wait.out ? caller->whys->wait_to_send : caller->whys->wait;
	there = client_wait(caller->client, &wait);
	if (!there || there == WAIT_SIGNAL)
		return there ? CALLER_STOPPED : CALLER_TIMEOUT;
	if (there & WAIT_IN && !receive(caller, most))
		return CALLER_ENDED;
	if (there & WAIT_OUT)
		caller_send(caller);
	return CALLER_MORE;
}

void caller_lost(const struct caller *caller, int error)
{
	const struct client *client = caller->client;
	struct error sentence;
	char name[ADDRESS_TEXT];

	endpoint_refusal(NULL, &caller->peer, error, &sentence);
	if (error)
		report_trouble(client->reporter, "%s", sentence.text);
	else
		report_trouble(client->reporter, "%s has closed the connection without an answer",
			       address_text(&caller->peer, name));
	caller->tally->lost++;
}
