/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TCP chat client. Three things happen at once in it: lines of the input leave, octets of the server come, and time
 * passes (a prompt that is awaited, the pause between two lines, a message that has no newline, the last goodbye). One
 * poll waits for all of them; whatever it says, at most one line is on its way.
 */
#include "play/client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "lab/chat.h"
#include "net/endpoint.h"
#include "play/asking.h"
#include "play/chat_peer.h"
#include "play/lines.h"

#define READ_ONCE 16384
#define QUIET_NS 300000000      /* what has no newline is a message when nothing has come for so long */
#define UNENDED_NS 400000000    /* between lines that have no end: sonde's own server waits for 300 ms of quiet */
#define LAST_WORDS_NS 1000000000 /* a signal came: the server may take so long to close */

enum phase {
	PHASE_AWAITING, /* the name has not been told */
	PHASE_TALKING,
	PHASE_LEAVING,  /* nothing more will be said */
	PHASE_OVER
};

struct chat {
	const struct chat_client *options;
	struct client client;      /* a copy: the one signal that ends it is heard once */
	struct tally *tally;
	struct address local, peer;
	int fd;
	enum phase phase;
	struct lines lines;
	bool wants_input;          /* all lines that were read have been sent */
	struct text received;      /* what came and has not been reported */
	struct text queue;         /* of the last line: what the socket has not taken */
	uint64_t said;
	bool leaving;              /* the last line was the user's own goodbye */
	bool naming;               /* the name is told, and sonde's own server has not said whether it can be had */
	bool refused;              /* it cannot */
	int64_t pause_ns;          /* after each line */
	int64_t patience_ns;       /* for the server to ask for the name, and to end */
	bool lost;                 /* nothing can be sent any more */
	int lost_errno;
	int64_t quiet_at, say_at, end_at; /* by clock_monotonic() */
	enum client_answer answer;
};

static void tell(struct chat *chat, struct event event)
{
	event.type = SOCK_STREAM;
	event.connection = chat->tally->connections;
	event.local = &chat->local;
	event.peer = &chat->peer;
	report(chat->client.reporter, event);
}

static void over(struct chat *chat, enum client_answer answer, const char *note)
{
	chat->phase = PHASE_OVER;
	chat->answer = chat->refused ? CLIENT_NO : answer;
	tell(chat, (struct event){ .kind = EVENT_CLOSED, .note = note });
}

/* ------------------------------------------------------------------------------------------------ sending */

static void lost(struct chat *chat)
{
	/* What came before is still to be had: recv() will say that it was all. */
	chat->lost = true;
	chat->lost_errno = errno;
	text_clear(&chat->queue);
}

static void push(struct chat *chat)
{
	ssize_t sent = sock_send(chat->client.narrator, chat->fd, chat->queue.data, chat->queue.length, MSG_DONTWAIT,
				 "One line, one send: many servers take what one recv() gives for one message.");

	if (sent < 0 && errno != EAGAIN && errno != EINTR)
		lost(chat);
	if (sent <= 0)
		return;
	chat->queue.length -= (size_t)sent;
	memmove(chat->queue.data, chat->queue.data + sent, chat->queue.length);
}

static void refuse(struct chat *chat)
{
	report_trouble(chat->client.reporter, "a line was not sent: servers read %u octets at once, and it has more; "
		       "make two of it", CHAT_LINE_SAFE);
}

/*
 * Ends the message, sends and releases it. Nothing else is queued, so it leaves as one segment, and a server's one recv
 * gets it whole. An empty line without terminator is nothing that could be sent.
 */
static void transmit(struct chat *chat, struct text *message)
{
	text_string(message, chat->client.terminator);
	if (message->length > CHAT_LINE_SAFE) {
		refuse(chat);
		text_clear(message);
	}
	if (message->length) {
		text_add(&chat->queue, message->data, message->length);
		push(chat);
	}
	if (message->length && !chat->lost) {
		chat->tally->octets_out += message->length;
		chat->tally->messages_out++;
		chat->say_at = clock_monotonic() + chat->pause_ns;
		tell(chat, (struct event){ .kind = EVENT_SENT, .data = message->data, .length = message->length });
	}
	text_release(message);
}

static void say(struct chat *chat, const char *line, size_t length)
{
	struct text message = { 0 };
	struct chat_message meaning;

	chat_peer_line(&chat->options->peer, line, length, &message);
	chat_parse((const uint8_t *)line, length, CHAT_TO_SERVER, &meaning);
	chat->leaving = meaning.kind == CHAT_LEAVE;
	chat->naming = false;
	transmit(chat, &message);
	chat->said++;
}

static void tell_name(struct chat *chat)
{
	struct text message = { 0 };

	chat_peer_name(&chat->options->peer, chat->options->user, &message);
	transmit(chat, &message);
	chat->phase = PHASE_TALKING;
	chat->end_at = CLOCK_NEVER;
	/* If the name cannot be had, that server would take the first line for another. */
	chat->naming = chat->options->peer.handshake == &chat_handshakes[0];
	if (chat->naming)
		chat->say_at = clock_monotonic() + QUIET_NS;
	if (chat->client.input >= 0 && isatty(chat->client.input))
		report(chat->client.reporter,
		       (struct event){ .kind = EVENT_PROMPT,
				       .note = "type a line and Enter; \"@NAME text\" is for one only; Ctrl-D ends" });
}

static void goodbye(struct chat *chat)
{
	const char *quit = chat->options->peer.quit;
	struct text message = { 0 };

	if (quit && !chat->leaving) {
		text_string(&message, quit);
		transmit(chat, &message);
	} else if (!quit && sock_shutdown(chat->client.narrator, chat->fd, SHUT_WR,
					  "No more lines: the server's recv() says 0, and it can still talk.") < 0) {
		lost(chat);
	}
	chat->phase = PHASE_LEAVING;
	chat->end_at = clock_monotonic() + chat->patience_ns;
}

/* A signal: no more input, and not much time for the server. */
static void leave_now(struct chat *chat)
{
	chat->client.signals = -1;
	if (chat->phase != PHASE_LEAVING && !chat->lost)
		goodbye(chat);
	chat->phase = PHASE_LEAVING;
	chat->end_at = clock_monotonic() + (chat->patience_ns < LAST_WORDS_NS ? chat->patience_ns : LAST_WORDS_NS);
}

/* ------------------------------------------------------------------------------------------------ the input */

/* Sends the lines that are there, one after the other's pause. */
static void speak(struct chat *chat)
{
	const char *line;
	size_t length;

	chat->wants_input = false;
	if (chat->phase == PHASE_AWAITING && !chat->options->peer.handshake->awaits)
		tell_name(chat);
	if (chat->phase == PHASE_TALKING && chat->refused && !chat->lost)
		goodbye(chat);
	while (chat->phase == PHASE_TALKING && chat->client.input >= 0 && !chat->lost && !chat->queue.length &&
	       clock_monotonic() >= chat->say_at) {
		enum lines_answer answer = LINES_END;

		if (!chat->client.count || chat->said < chat->client.count)
			answer = lines_next(&chat->lines, &line, &length);
		if (answer == LINES_NONE) {
			chat->wants_input = true;
			return;
		}
		if (answer == LINES_END)
			goodbye(chat);
		else if (answer == LINES_LONG)
			refuse(chat);
		else
			say(chat, line, length);
	}
}

/* Looks at the input for the last time: it may have ended while a pause, or the server, was waited for. */
static bool nothing_left_to_say(struct chat *chat)
{
	struct error err = { "" };
	enum lines_answer answer;
	const char *line;
	size_t length;

	if (chat->phase == PHASE_LEAVING || chat->leaving || chat->client.input < 0)
		return true;
	while ((answer = lines_next(&chat->lines, &line, &length)) == LINES_NONE) {
		unsigned news = client_wait(&chat->client, &(struct wait){
			.fd = -1, .input = true, .why = "Whether the user had more to say; the server is gone." });

		if (!(news & WAIT_INPUT) || lines_read(&chat->lines, &err) < 0)
			return false;
	}
	return answer == LINES_END;
}

/* ------------------------------------------------------------------------------------------------ receiving */

static void heed_naming(struct chat *chat, const char *data, size_t length)
{
	enum chat_naming says = chat_peer_naming(data, length);

	chat->naming = says == CHAT_GREETED;
	chat->refused = says == CHAT_REFUSED;
	chat->say_at = chat->naming ? clock_monotonic() + chat->patience_ns : 0;
	if (chat->refused)
		report_trouble(chat->client.reporter, "the name '%s' was refused: choose another with --user",
			       chat->options->user);
}

static void report_message(void *context, const char *data, size_t length)
{
	struct chat *chat = context;
	struct event event = { .kind = EVENT_RECEIVED };
	char user[CHAT_NAME_ROOM], to[CHAT_NAME_ROOM];

	chat_peer_hears(data, length, &event, user, to);
	chat->tally->messages_in++;
	tell(chat, event);
	if (chat->naming)
		heed_naming(chat, data, length);
}

/* Reports all lines, and with `rest` what is behind the last of them. */
static void report_received(struct chat *chat, bool rest)
{
	chat_peer_split(&chat->received, rest, report_message, chat);
	chat->quiet_at = chat->received.length ? clock_monotonic() + QUIET_NS : CLOCK_NEVER;
}

static void ended(struct chat *chat, int error)
{
	struct error err = { "" };

	report_received(chat, true);
	if (!error && nothing_left_to_say(chat)) {
		over(chat, CLIENT_DONE, "the server ended");
		return;
	}
	endpoint_refusal(NULL, &chat->peer, error ? error : EPIPE, &err);
	report_trouble(chat->client.reporter, "%s", err.text);
	over(chat, CLIENT_NO, error ? "the connection was lost" : "the server ended");
}

static void receive(struct chat *chat)
{
	ssize_t got = sock_recv(chat->client.narrator, chat->fd, text_room(&chat->received, READ_ONCE), READ_ONCE,
				MSG_DONTWAIT, "What the others say: TCP is a stream, newlines part the messages.");
	bool answers;

	if (got < 0) {
		if (errno != EAGAIN && errno != EINTR)
			ended(chat, errno);
		return;
	}
	if (got == 0) {
		ended(chat, chat->lost ? chat->lost_errno : 0);
		return;
	}
	chat->received.length += (size_t)got;
	chat->tally->octets_in += (uint64_t)got;
	answers = chat->phase == PHASE_AWAITING &&
		  chat_peer_asks(&chat->options->peer, chat->received.data, chat->received.length);
	report_received(chat, answers); /* a prompt stays on its line, without a newline */
	if (answers)
		tell_name(chat);
}

/* ------------------------------------------------------------------------------------------------ the connection */

static void pass_time(struct chat *chat)
{
	if (clock_monotonic() >= chat->quiet_at)
		report_received(chat, true);
	if (clock_monotonic() < chat->end_at)
		return;
	if (chat->phase == PHASE_LEAVING) {
		report_received(chat, true);
		over(chat, CLIENT_DONE, "the server did not end in time; we did");
	} else {
		report_trouble(chat->client.reporter, "the server did not ask for the name; it is told all the same: "
			       "see --peer for other ways to tell it");
		tell_name(chat);
	}
}

/* Until when there is nothing to do but to wait. */
static int64_t earliest(const struct chat *chat)
{
	int64_t until = chat->quiet_at < chat->end_at ? chat->quiet_at : chat->end_at;
	bool pausing = chat->phase == PHASE_TALKING && chat->client.input >= 0 && !chat->wants_input &&
		       !chat->queue.length && !chat->lost;

	return pausing && chat->say_at < until ? chat->say_at : until;
}

/* Until one side has ended. -1 with err: the input cannot be read. */
static int converse(struct chat *chat, struct error *err)
{
	while (chat->phase != PHASE_OVER) {
		unsigned news;

		speak(chat);
		news = client_wait(&chat->client, &(struct wait){
			.fd = chat->fd, .out = chat->queue.length > 0, .input = chat->wants_input,
			.until = earliest(chat), .why = "Whoever is first: the server, the user or the clock." });
		if (news & WAIT_SIGNAL) {
			leave_now(chat);
			continue;
		}
		if (news & WAIT_INPUT && lines_read(&chat->lines, err) < 0)
			return -1;
		if (news & WAIT_OUT)
			push(chat);
		if (news & WAIT_IN)
			receive(chat);
		if (chat->phase != PHASE_OVER)
			pass_time(chat);
	}
	return 0;
}

static enum client_answer open_connection(struct chat *chat, struct error *err)
{
	const struct client *client = &chat->client;
	struct addresses to = { 0 };
	struct address from = { 0 };
	enum endpoint_answer answer = ENDPOINT_ERROR;

	client_interruptible(client, true);
	if (client_resolve(client, SOCK_STREAM, &to, &from, err) == 0)
		answer = endpoint_connect(client->narrator, &to, from.length ? &from : NULL, client->timeout_ns,
					  &chat->fd, &chat->peer, err);
	client_interruptible(client, false);
	addresses_release(&to);
	if (answer == ENDPOINT_NO)
		report_trouble(client->reporter, "%s", err->text);
	if (answer != ENDPOINT_OPEN)
		return answer == ENDPOINT_NO ? CLIENT_NO : CLIENT_ERROR;
	chat->tally->connections++;
	sock_name(client->narrator, chat->fd, &chat->local, "The address and port that the kernel has chosen here.");
	tell(chat, (struct event){ .kind = EVENT_CONNECTED });
	return CLIENT_DONE;
}

enum client_answer chat_client_run(const struct chat_client *options, struct tally *tally, struct error *err)
{
	struct chat chat = {
		.options = options, .client = options->client, .tally = tally, .fd = -1,
		.lines = { .fd = options->client.input }, .quiet_at = CLOCK_NEVER,
		.pause_ns = options->peer.pause_ns,
		.patience_ns = options->client.timeout_ns ? options->client.timeout_ns : CHAT_PATIENCE_NS,
	};
	enum client_answer answer;
	bool started;

	if (strpbrk(options->user, "\r\n"))
		return error_set(err, "no name for a chat: it has more than a line; choose another with --user");
	if (!chat.client.terminator)
		chat.client.terminator = "";
	if (!*chat.client.terminator && !chat.pause_ns)
		chat.pause_ns = UNENDED_NS;
	answer = open_connection(&chat, err);
	started = answer != CLIENT_ERROR;
	if (answer == CLIENT_DONE) {
		chat.end_at = clock_monotonic() + chat.patience_ns;
		answer = converse(&chat, err) < 0 ? CLIENT_ERROR : chat.answer;
		sock_close(chat.client.narrator, chat.fd, "Both sides have said what they had to say.");
	}
	if (started)
		client_done(&options->client, tally);
	lines_release(&chat.lines);
	text_release(&chat.received);
	text_release(&chat.queue);
	return answer;
}
