/* SPDX-License-Identifier: BSD-2-Clause */
/* The other process: it answers questions, and tells what ended. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/owners_parts.h"
#include "sockets/registrar_parts.h"

#define SLOTS 4096
#define FENCES 3     /* a reading may have become too old meanwhile */
#define GUEST_MOST 8 /* descriptors of a guest */

/* A process that our side knows by its number. */
struct sent_process {
	const struct process *process;
	uint32_t number;
	struct sent_process *next;
};

struct ours {
	uint32_t pid;
	struct ours *next;
};

struct registrar_sent {
	struct sent_process *processes[SLOTS]; /* by pid */
	uint32_t count;
	struct ours *ours[SLOTS];
};

/* ------------------------------------------------------------------------------------------------ processes */

static bool is_ours(const struct registrar_sent *sent, uint32_t pid)
{
	const struct ours *ours = sent->ours[pid % SLOTS];

	while (ours && ours->pid != pid)
		ours = ours->next;
	return ours != NULL;
}

void registrar_tell_ours(struct registrar_server *server, uint32_t pid)
{
	struct ours **slot = &server->sent->ours[pid % SLOTS], *ours;

	if (is_ours(server->sent, pid))
		return;
	ours = mem_new(1, sizeof *ours);
	*ours = (struct ours){ pid, *slot };
	*slot = ours;
}

/* What is too long for a message is cut. */
static void add_string(uint8_t *body, size_t *length, uint16_t *out, const char *string)
{
	size_t most = REGISTRAR_MESSAGE - sizeof(struct registrar_head) - *length;
	size_t octets = string ? strlen(string) + 1 : 0;

	if (octets > most)
		octets = most;
	if (!octets)
		return;
	memcpy(body + *length, string, octets);
	body[*length + octets - 1] = '\0';
	*out = (uint16_t)octets;
	*length += octets;
}

static bool is_of_program(struct registrar_server *server, uint32_t pid)
{
	const struct registrar_guest *guest = server->options->guest;

	if (!is_ours(server->sent, pid) && guest && guest->ours(server->guest, pid))
		registrar_tell_ours(server, pid);
	return is_ours(server->sent, pid);
}

static int send_process(struct registrar_server *server, const struct process *process, uint32_t number)
{
	uint8_t body[REGISTRAR_MESSAGE];
	struct registrar_process head = {
		.number = number,
		.pid = process->pid,
		.thread = process->thread,
		.parent = process->parent,
		.uid = process->uid,
		.has_uid = process->has_uid,
		.ours = is_of_program(server, process->pid),
	};
	size_t length = sizeof head;

	add_string(body, &length, &head.lengths[0], process->name);
	add_string(body, &length, &head.lengths[1], process->user);
	add_string(body, &length, &head.lengths[2], process->path);
	add_string(body, &length, &head.lengths[3], process->arguments);
	memcpy(body, &head, sizeof head);
	return registrar_send(server->questions, WORD_PROCESS, body, length, true);
}

/* The process's number; it is told first when our side does not know it. -1: our side is gone. */
static int64_t number_of(struct registrar_server *server, const struct process *process)
{
	struct sent_process **slot = &server->sent->processes[process->pid % SLOTS], *sent = *slot;

	while (sent && sent->process != process)
		sent = sent->next;
	if (sent)
		return sent->number;
	sent = mem_new(1, sizeof *sent);
	*sent = (struct sent_process){ process, server->sent->count++, *slot };
	*slot = sent;
	return send_process(server, process, sent->number) < 0 ? -1 : (int64_t)sent->number;
}

/* ------------------------------------------------------------------------------------------------ questions */

static int send_owner(struct registrar_server *server, const struct owner *owner, struct registrar_owner *out)
{
	*out = (struct registrar_owner){ owner->certainty, owner->count, owner->more, { 0 } };
	for (unsigned i = 0; i < owner->count; i++) {
		int64_t number = number_of(server, owner->processes[i]);

		if (number < 0)
			return -1;
		out->processes[i] = (uint32_t)number;
	}
	return 0;
}

static void tell_gone(void *context, const struct socket *socket);

static int answer_end(struct registrar_server *server, const struct registrar_question *question, unsigned end,
		      struct registrar_found *found)
{
	struct socket_ends ends = { .kind = question->kind };
	struct owners_answer answer;
	int64_t now = clock_utc();

	place_address(&question->ends[end], &ends.local);
	place_address(&question->ends[!end], &ends.remote);
	found->same = question->cookies[end] && owners_still(server->owners, &ends, question->cookies[end], now);
	found->proven = question->kind == SOCKET_UDP ? now : CLOCK_NEVER;
	if (found->same)
		return 0;
	owners_find(server->owners, &ends, question->time, clock_utc(), &answer);
	for (unsigned i = 0; i < FENCES && answer.untold && owners_fence(server->owners, tell_gone, server); i++)
		owners_find(server->owners, &ends, question->time, clock_utc(), &answer);
	found->here = answer.here;
	found->unsettled = answer.unsettled;
	found->since = answer.since;
	found->until = answer.until;
	found->proven = answer.proven;
	found->cookie = answer.cookie;
	return send_owner(server, &answer.owner, &found->owner) < 0 ||
			       send_owner(server, &answer.before, &found->before) < 0
		       ? -1
		       : 0;
}

static int answer(struct registrar_server *server, const struct registrar_question *question)
{
	struct registrar_reply reply = { 0 };

	for (unsigned end = 0; end < 2; end++)
		if (question->asked[end] && answer_end(server, question, end, &reply.found[end]) < 0)
			return -1;
	atomic_store_explicit(&server->shared->hidden, owners_hidden(server->owners), memory_order_relaxed);
	return registrar_send(server->questions, WORD_ANSWER, &reply, sizeof reply, true);
}

static int obey(struct registrar_server *server, const struct registrar_order *order)
{
	const struct registrar_guest *guest = server->options->guest;
	struct registrar_done done = { .result = -1 };

	if (guest)
		done.result = guest->order(server->guest, server, order, &done.value, &done.err);
	else
		error_set(&done.err, "no program was given to the registrar");
	return registrar_send(server->questions, WORD_DONE, &done, sizeof done, true);
}

/* ------------------------------------------------------------------------------------------------ tidings */

static void tell(struct registrar_server *server, enum registrar_word word, const struct registrar_tiding *tiding)
{
	/* Our side reads them when the next packet comes, which may be long from now. */
	if (registrar_send(server->tidings, word, tiding, sizeof *tiding, false) < 0)
		atomic_store(&server->shared->lost, true);
	atomic_fetch_add(&server->shared->tidings, 1);
}

static void tell_gone(void *context, const struct socket *socket)
{
	struct registrar_tiding tiding = { socket->cookie, address_port(&socket->local), socket->kind };

	tell(context, WORD_GONE, &tiding);
}

static void collect(struct registrar_server *server)
{
	if (owners_collect(server->owners, clock_utc(), tell_gone, server))
		return;
	atomic_store(&server->shared->lost, true);
	atomic_fetch_add(&server->shared->tidings, 1);
}

void registrar_tell_born(struct registrar_server *server, const struct socket_ends *ends, uint32_t pid, uint32_t thread,
			 uint64_t cookie)
{
	struct registrar_tiding tiding = { cookie, address_port(&ends->local), ends->kind };

	atomic_fetch_or(&server->shared->born[ends->kind == SOCKET_UDP][tiding.port / 32], 1u << tiding.port % 32);
	registrar_tell_ours(server, pid);
	if (owners_born(server->owners, ends, pid, thread, cookie, clock_utc()))
		tell(server, WORD_CHANGED, &tiding);
}

static void tell_changed(void *context, uint8_t kind, uint16_t port)
{
	struct registrar_tiding tiding = { .kind = kind, .port = port };

	tell(context, WORD_CHANGED, &tiding);
}

static int64_t pause_after(int64_t cost)
{
	int64_t pause = cost * REGISTRAR_WATCH_SHARE;

	return pause > REGISTRAR_WATCH ? pause : REGISTRAR_WATCH;
}

/* Only while somebody asks: what was told must stay true, and nothing else. */
static void watch(struct registrar_server *server)
{
	int64_t cost = owners_watch(server->owners, clock_utc(), tell_changed, server);
	server->pause = pause_after(cost);
	atomic_store_explicit(&server->shared->hidden, owners_hidden(server->owners), memory_order_relaxed);
	server->watch = server->asked ? clock_deadline(server->pause) : CLOCK_NEVER;
	server->asked = false;
}

void registrar_tell_ended(struct registrar_server *server, int status)
{
	uint64_t one = 1;

	atomic_store(&server->shared->status, status);
	if (write(server->ended, &one, sizeof one) < 0)
		bug("the end of the program cannot be told: %s", strerror(errno));
}

/* ------------------------------------------------------------------------------------------------ the loop */

static int serve_question(struct registrar_server *server)
{
	_Alignas(8) uint8_t message[REGISTRAR_MESSAGE];
	const void *body;

	if (registrar_receive(server->questions, message, true) < 0)
		return -1;
	server->asked = true;
	if (server->watch == CLOCK_NEVER)
		server->watch = clock_deadline(server->pause);
	/* What ended is known before it is asked for. */
	collect(server);
	if ((body = registrar_body(message, WORD_ASK, sizeof(struct registrar_question))))
		return answer(server, body);
	if ((body = registrar_body(message, WORD_ORDER, sizeof(struct registrar_order))))
		return obey(server, body);
	return -1;
}

static unsigned wait_for(struct registrar_server *server, struct pollfd *events)
{
	const struct registrar_guest *guest = server->options->guest;
	int64_t deadline = CLOCK_NEVER;
	int fds[GUEST_MOST];
	unsigned count = guest ? guest->wait(server->guest, fds, GUEST_MOST, &deadline) : 0;

	events[0] = (struct pollfd){ .fd = server->questions, .events = POLLIN };
	events[1] = (struct pollfd){ .fd = owners_fd(server->owners), .events = POLLIN };
	for (unsigned i = 0; i < count; i++)
		events[2 + i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(events, 2 + count, clock_patience(deadline < server->watch ? deadline : server->watch));
	for (unsigned i = 0; i < count; i++)
		events[2].revents |= events[2 + i].revents;
	if (deadline != CLOCK_NEVER && clock_monotonic() >= deadline)
		events[2].revents |= POLLIN;
	return count;
}

_Noreturn void registrar_serve(struct registrar_server *server)
{
	const struct registrar_guest *guest = server->options->guest;
	struct pollfd events[2 + GUEST_MOST];
	bool there = true;

	server->sent = mem_new(1, sizeof *server->sent);
	server->watch = CLOCK_NEVER;
	/* The first look into all was a part of what starting took. */
	server->pause = pause_after(processor_time());
	while (there) {
		events[2].revents = 0;
		wait_for(server, events);
		/* Births are told before the packets that follow them are asked for. */
		if (guest && events[2].revents)
			guest->serve(server->guest, server);
		if (events[1].revents)
			collect(server);
		if (clock_monotonic() >= server->watch)
			watch(server);
		if (events[0].revents)
			there = serve_question(server) == 0;
	}
	if (guest)
		guest->stop(server->guest);
	_exit(0);
}
