/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockets --watch: looks at the table again and again, until it is told to end. What is said is in
 * sockets_event.c. */
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "cmd/command.h"
#include "cmd/listening.h"
#include "cmd/sockets_event.h"
#include "sockets/destroyed.h"

#define GAP_NS (5 * NS_PER_MS) /* between two looks, however much happens */
#define PIECE 4096             /* octets that a pipe which is ready takes without waiting */

extern const struct command sockets_command;

struct watching {
	struct sockets *sockets;
	struct watch *watch;
	struct sockets_events *events;
	int signals, destroyed; /* destroyed: -1: the kernel does not tell */
	bool ended;             /* by a signal */
	bool lost;              /* the kernel told of more than could be taken in */
};

/* ------------------------------------------------------------------------------------------------ looking */

static void is_destroyed(void *context, const struct socket *socket)
{
	struct watching *watching = context;
	const struct socktable_request *request = &watching->sockets->settings->request;

	if (socket->kind < SOCKET_KINDS && request->kinds & 1u << socket->kind &&
	    (!request->family || request->family == socket->family))
		watch_destroyed(watching->watch, socket);
}

static void collect(struct watching *watching)
{
	if (watching->destroyed >= 0 && !destroyed_read(watching->destroyed, is_destroyed, watching))
		watching->lost = true;
	if (watch_missed(watching->watch))
		watching->lost = true;
}

/* Processes that cannot be read at all are said at the first look; the sockets go on being shown. */
static const struct holders *read_holders(struct watching *watching)
{
	struct sockets *sockets = watching->sockets;
	struct error unseen = { "" };

	if (!watch_asks(watching->watch, &sockets->table))
		return NULL;
	return holders_read(&sockets->holders, NULL, &unseen) < 0 ? NULL : &sockets->holders;
}

static int look(struct watching *watching, bool *again, struct error *err)
{
	struct sockets *sockets = watching->sockets;
	const struct holders *holders;

	collect(watching);
	if (socktable_read(&sockets->table, &sockets->settings->request, err) < 0)
		return -1;
	if (sockets->settings->peers)
		peers_build(&sockets->peers, &sockets->table);
	holders = read_holders(watching);
	sockets_events_begin(watching->events, clock_utc());
	*again = watch_compare(watching->watch, &sockets->table, holders, clock_monotonic(), sockets_event,
			       watching->events);
	if (watching->lost)
		command_complain(&sockets_command, "sockets ended faster than they could be told: some that were open "
						   "for less than the time between two looks are missing");
	watching->lost = false;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ waiting */

/* Who reads the output may stop reading: signals end us all the same. */
static int print(struct watching *watching, struct error *err)
{
	struct text *out = sockets_events_text(watching->events);
	struct pollfd waits[] = { { .fd = STDOUT_FILENO, .events = POLLOUT },
				  { .fd = watching->signals, .events = POLLIN } };

	for (size_t at = 0; at < out->length && !watching->ended; at += PIECE) {
		size_t length = out->length - at < PIECE ? out->length - at : PIECE;
		const struct text piece = { .data = out->data + at, .length = length, .size = length };

		while (poll(waits, 2, -1) < 0)
			continue;
		if (!waits[0].revents)
			watching->ended = true;
		else if (command_print(&piece, err) < 0)
			return -1;
	}
	text_clear(out);
	return 0;
}

/* Until `due`; what the kernel tells meanwhile makes it come sooner. */
static void wait_for(struct watching *watching, int64_t last, int64_t due)
{
	struct pollfd waits[] = { { .fd = watching->signals, .events = POLLIN },
				  { .fd = watching->destroyed, .events = POLLIN } };

	while (!watching->ended && clock_monotonic() < due) {
		if (poll(waits, 2, clock_patience(due)) < 0)
			continue;
		if (waits[0].revents)
			watching->ended = true;
		if (waits[1].revents) {
			collect(watching);
			due = due < last + GAP_NS ? due : last + GAP_NS;
		}
	}
}

/* A look that takes long is followed by a pause as long: no more than half of a processor's time is taken. */
static int64_t pause_after(const struct watching *watching, int64_t took, bool again)
{
	int64_t period = again ? GAP_NS : watching->sockets->settings->period_ns;

	return took > period ? took : period;
}

static int go_on(struct watching *watching, bool again, struct error *err)
{
	int64_t last = clock_monotonic(), took = 0;

	for (;;) {
		int64_t begun;

		wait_for(watching, last, last + pause_after(watching, took, again));
		if (watching->ended)
			return 0;
		begun = clock_monotonic();
		if (look(watching, &again, err) < 0 || print(watching, err) < 0)
			return -1;
		last = clock_monotonic();
		took = last - begun;
	}
}

static int begin(struct watching *watching, bool *again, struct error *err)
{
	const struct sockets_arguments *a = watching->sockets->settings->arguments;
	struct error unseen = { "" };

	watching->signals = process_signals(err);
	if (watching->signals < 0)
		return -1;
	watching->destroyed = destroyed_open(&unseen);
	if (watching->destroyed < 0)
		command_complain(&sockets_command, unseen.text);
	if (look(watching, again, err) < 0)
		return -1;
	sockets_say_limits(watching->sockets);
	sockets_events_announce(watching->events);
	if (print(watching, err) < 0)
		return -1;
	return listening_ready(a->ready, err);
}

int sockets_watch(struct sockets *sockets, struct error *err)
{
	struct watching watching = { .sockets = sockets, .watch = watch_new(), .signals = -1, .destroyed = -1 };
	bool again;
	int status;

	if (!sockets->names)
		sockets->names = socknames_new();
	watching.events = sockets_events_new(sockets);
	status = begin(&watching, &again, err);
	if (status == 0)
		status = go_on(&watching, again, err);
	sockets_events_free(watching.events);
	watch_free(watching.watch);
	if (watching.destroyed >= 0)
		close(watching.destroyed);
	if (watching.signals >= 0)
		close(watching.signals);
	return status;
}
