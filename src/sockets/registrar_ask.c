/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of conversations that are known, and the questions about the others. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/registrar_own.h"

#define TENTH (100 * NS_PER_MS)
#define LONG (60 * NS_PER_S)       /* between questions about what is watched: addresses may come and go */
#define UNSETTLED (20 * NS_PER_MS) /* until an answer that will change is asked for again */

void registrar_table_make(struct registrar *registrar)
{
	known_make(&registrar->known);
	registrar->began = clock_utc();
	registrar->bucket_count = BUCKETS_FEW;
	registrar->buckets = mem_new(registrar->bucket_count, sizeof *registrar->buckets);
	registrar->lines_memory = mem_new((REGISTRAR_CONVERSATIONS + 1) * (size_t)CACHE_LINE + CACHE_LINE, 1);
	registrar->lines = mem_line(registrar->lines_memory);
	registrar->conversations = mem_new(REGISTRAR_CONVERSATIONS + 1, sizeof *registrar->conversations);
	registrar->ports = mem_new(2 * 65536, sizeof *registrar->ports);
	registrar->oldest = 1;
	registrar->tenth = INT64_MIN;
	registrar->calm = true;
}

void registrar_table_release(struct registrar *registrar)
{
	free(registrar->buckets);
	free(registrar->lines_memory);
	free(registrar->conversations);
	free(registrar->ports);
}

/* ------------------------------------------------------------------------------------------------ finding */

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word_at(const uint8_t *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof word);
	return word;
}

static uint32_t *bucket_of(const struct registrar *registrar, const struct place *low, const struct place *high)
{
	const uint64_t *secret = registrar->secret;
	uint64_t a = mix(word_at(low->address) ^ secret[0], word_at(low->address + 8) ^ secret[1]);
	uint64_t b = mix(word_at(high->address) ^ secret[2], word_at(high->address + 8) ^ secret[3]);
	uint64_t ports = (uint64_t)low->port << 16 | high->port;

	return &registrar->buckets[mix(a ^ secret[1] ^ ports, b ^ secret[0]) & (registrar->bucket_count - 1)];
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->port == b->port && word_at(a->address) == word_at(b->address) &&
	       word_at(a->address + 8) == word_at(b->address + 8);
}

/* Both directions are one conversation: which of the ends comes first in it. */
static unsigned lower(const struct place ends[2])
{
	if (ends[0].port != ends[1].port)
		return ends[0].port > ends[1].port;
	return memcmp(ends[0].address, ends[1].address, sizeof ends[0].address) > 0;
}

/* ------------------------------------------------------------------------------------------------ chains of ports */

static uint32_t *port_chain(const struct registrar *registrar, uint8_t kind, uint16_t port)
{
	return &registrar->ports[(kind == SOCKET_UDP) * 65536u + port];
}

static struct known_end *end_of(const struct registrar *registrar, uint32_t number)
{
	return &registrar->conversations[number / 2].known[number % 2];
}

static void link_end(struct registrar *registrar, uint32_t number)
{
	const struct conversation_line *line = &registrar->lines[number / 2];
	uint32_t *chain = port_chain(registrar, line->kind, line->ends[number % 2].port);

	end_of(registrar, number)->previous = 0;
	end_of(registrar, number)->next = *chain;
	if (*chain)
		end_of(registrar, *chain)->previous = number;
	*chain = number;
}

static void unlink_end(struct registrar *registrar, uint32_t number)
{
	const struct conversation_line *line = &registrar->lines[number / 2];
	const struct known_end *end = end_of(registrar, number);

	if (end->previous)
		end_of(registrar, end->previous)->next = end->next;
	else
		*port_chain(registrar, line->kind, line->ends[number % 2].port) = end->next;
	if (end->next)
		end_of(registrar, end->next)->previous = end->previous;
}

/* ------------------------------------------------------------------------------------------------ coming and going */

static void forget(struct registrar *registrar, uint32_t number)
{
	struct conversation_line *line = &registrar->lines[number];
	uint32_t *at = bucket_of(registrar, &line->ends[0], &line->ends[1]);

	while (*at != number)
		at = &registrar->lines[*at].next;
	*at = line->next;
	line->used = false;
	unlink_end(registrar, number * 2);
	unlink_end(registrar, number * 2 + 1);
	registrar->count--;
}

/* More buckets, when there are as many conversations. */
static void spread(struct registrar *registrar)
{
	if (registrar->count < registrar->bucket_count)
		return;
	free(registrar->buckets);
	registrar->bucket_count *= 2;
	registrar->buckets = mem_new(registrar->bucket_count, sizeof *registrar->buckets);
	for (uint32_t i = 1; i <= REGISTRAR_CONVERSATIONS; i++) {
		struct conversation_line *line = &registrar->lines[i];
		uint32_t *bucket = bucket_of(registrar, &line->ends[0], &line->ends[1]);

		if (!line->used)
			continue;
		line->next = *bucket;
		*bucket = i;
	}
}

static uint32_t add(struct registrar *registrar, const struct registrar_packet *packet, unsigned low)
{
	uint32_t number = registrar->oldest, *bucket;

	if (registrar->lines[number].used)
		forget(registrar, number);
	spread(registrar);
	bucket = bucket_of(registrar, &packet->ends[low], &packet->ends[!low]);
	registrar->lines[number] = (struct conversation_line){
		.ends = { packet->ends[low], packet->ends[!low] },
		.kind = packet->kind,
		.used = true,
		.next = *bucket,
	};
	*bucket = number;
	registrar->conversations[number] = (struct conversation){
		.check = INT64_MIN,
		.last = packet->time,
		.owners = { &owner_unasked, &owner_unasked },
		.until = CLOCK_NEVER,
		.known = { { .owner = &owner_unasked,
			     .before = &owner_unasked,
			     .until = CLOCK_NEVER,
			     .proven = CLOCK_NEVER },
			   { .owner = &owner_unasked,
			     .before = &owner_unasked,
			     .until = CLOCK_NEVER,
			     .proven = CLOCK_NEVER } },
	};
	link_end(registrar, number * 2);
	link_end(registrar, number * 2 + 1);
	registrar->count++;
	registrar->oldest = number % REGISTRAR_CONVERSATIONS + 1;
	return number;
}

/* ------------------------------------------------------------------------------------------------ tidings */

static void make_stale(struct registrar *registrar, uint32_t number)
{
	end_of(registrar, number)->stale = true;
	registrar->conversations[number / 2].check = INT64_MIN;
	registrar->lines[number / 2].until = 0;
}

/* A socket of a port: whoever was found otherwise is not concerned by its end. */
static void take_tiding(struct registrar *registrar, const struct registrar_tiding *tiding, bool changed)
{
	uint32_t number = tiding->kind <= SOCKET_UDP ? *port_chain(registrar, tiding->kind, tiding->port) : 0;

	for (; number; number = end_of(registrar, number)->next) {
		const struct known_end *end = end_of(registrar, number);

		if (changed || !end->cookie || end->cookie == tiding->cookie)
			make_stale(registrar, number);
	}
}

static void take_tidings(struct registrar *registrar)
{
	_Alignas(8) uint8_t message[REGISTRAR_MESSAGE];
	const struct registrar_tiding *tiding;

	registrar->told = atomic_load(&registrar->shared->tidings);
	while (registrar_receive(registrar->tidings, message, false) > 0) {
		if ((tiding = registrar_body(message, WORD_GONE, sizeof *tiding)))
			take_tiding(registrar, tiding, false);
		else if ((tiding = registrar_body(message, WORD_CHANGED, sizeof *tiding)))
			take_tiding(registrar, tiding, true);
	}
	if (!atomic_exchange(&registrar->shared->lost, false))
		return;
	for (uint32_t i = 1; i <= REGISTRAR_CONVERSATIONS && registrar->lines[i].used; i++) {
		make_stale(registrar, i * 2);
		make_stale(registrar, i * 2 + 1);
	}
}

/* ------------------------------------------------------------------------------------------------ questions */

static bool take_found(struct registrar *registrar, struct known_end *end, const struct registrar_found *found)
{
	const struct owner *owner, *before;

	end->stale = false;
	if (!found->same || end->proven != CLOCK_NEVER)
		end->proven = found->proven;
	if (found->same)
		return true;
	owner = known_owner(&registrar->known, &found->owner);
	before = known_owner(&registrar->known, &found->before);
	end->owner = found->here ? owner : NULL;
	end->before = found->here ? before : NULL;
	end->since = found->here ? found->since : INT64_MIN;
	end->until = found->here ? found->until : CLOCK_NEVER;
	end->cookie = found->cookie;
	end->found = true;
	registrar->gone |= !owner || !before;
	return false;
}

/* What the other process says by itself when it changes: sockets that are there, and what is of other machines. */
static bool is_watched(const struct registrar *registrar, const struct known_end *end)
{
	return !end->owner || (end->owner->certainty >= OWNER_PORT &&
			       atomic_load_explicit(&registrar->shared->told_of_ends, memory_order_relaxed));
}

/* An answer that was found to be right again is taken for good for twice as long. */
static void set_patience(const struct registrar *registrar, struct conversation *conversation, int64_t time, bool same,
			 bool unsettled)
{
	conversation->patience = same ? conversation->patience * 2 : REGISTRAR_PERIOD_FIRST;
	if (conversation->patience > REGISTRAR_PERIOD_LAST)
		conversation->patience = REGISTRAR_PERIOD_LAST;
	if (unsettled)
		conversation->check = time + UNSETTLED;
	else if (is_watched(registrar, &conversation->known[0]) && is_watched(registrar, &conversation->known[1]))
		conversation->check = time + LONG;
	else
		conversation->check = time + conversation->patience;
}

static void take_answer(struct registrar *registrar, struct conversation *conversation,
			const struct registrar_reply *reply, const bool asked[2], int64_t time, bool anew)
{
	bool same = !anew, unsettled = false;

	conversation->since = INT64_MIN;
	conversation->until = CLOCK_NEVER;
	for (unsigned i = 0; i < 2; i++) {
		struct known_end *end = &conversation->known[i];
		const struct owner *was = end->owner;

		end->found = true;
		if (asked[i])
			take_found(registrar, end, &reply->found[i]);
		same &= end->owner == was;
		unsettled |= reply->found[i].unsettled;
		conversation->owners[i] = end->owner;
		if (end->since > conversation->since)
			conversation->since = end->since;
		if (end->until < conversation->until)
			conversation->until = end->until;
	}
	set_patience(registrar, conversation, time, same, unsettled);
}

/* Why a conversation is looked at again. */
enum reason {
	REASON_ANEW, /* what was found is nothing to go by */
	REASON_DUE,  /* it was found long ago */
	REASON_QUIET /* in the pause another may have taken its place */
};

/*
 * A known socket is looked at alone, which is cheap. After a pause, of what was not one socket nothing is asked so soon
 * again, and nothing of other machines.
 */
static void ask_for(const struct conversation *conversation, int64_t time, enum reason reason,
		    struct registrar_question *question)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct known_end *end = &conversation->known[i];

		question->cookies[i] = reason == REASON_ANEW || end->stale ? 0 : end->cookie;
		question->asked[i] = reason != REASON_QUIET || end->cookie || end->stale ||
				     (end->owner && time - conversation->asked > UNSETTLED);
	}
}

static void ask(struct registrar *registrar, struct conversation *conversation, const struct registrar_packet *packet,
		enum reason reason)
{
	int64_t time = packet->time;
	_Alignas(8) uint8_t message[REGISTRAR_MESSAGE];
	const struct conversation_line *line = &registrar->lines[conversation - registrar->conversations];
	const struct registrar_reply *reply = NULL;
	struct registrar_question question = {
		.ends = { line->ends[0], line->ends[1] },
		.time = time,
		.kind = line->kind,
	};

	ask_for(conversation, time, reason, &question);
	for (unsigned i = 0; i < 2 && packet->own; i++)
		question.asked[i] &= registrar_may_have(registrar, question.kind, question.ends[i].port);
	if (!question.asked[0] && !question.asked[1])
		return;
	conversation->asked = time;
	registrar->questions_asked++;
	if (registrar_send(registrar->questions, WORD_ASK, &question, sizeof question, true) == 0)
		reply = registrar_answer(registrar, message, WORD_ANSWER, sizeof *reply);
	else
		registrar->gone = true;
	if (reply)
		take_answer(registrar, conversation, reply, question.asked, time, reason == REASON_ANEW);
}

/* ------------------------------------------------------------------------------------------------ the answer */

static void count(struct registrar *registrar, int64_t time)
{
	if (time >= registrar->tenth || time < registrar->tenth - TENTH) {
		registrar->calm =
			registrar->packets < REGISTRAR_CALM / 10 || time_between(registrar->tenth, time) > TENTH;
		registrar->tenth = time + TENTH;
		registrar->packets = registrar->questions_asked = 0;
	}
	if (++registrar->packets == REGISTRAR_CALM / 10)
		registrar->calm = false;
}

static int64_t proven_until(const struct conversation *conversation)
{
	int64_t a = conversation->known[0].proven, b = conversation->known[1].proven;

	return a < b ? a : b;
}

/* What does not come at once goes through here: the usual packet of a known conversation does not. */
static void look_again(struct registrar *registrar, struct conversation *conversation,
		       const struct registrar_packet *packet)
{
	bool anew = packet->opens || !conversation->known[0].found || packet->time > conversation->until;
	bool due = packet->time >= conversation->check || packet->time > proven_until(conversation);

	if (registrar->gone)
		conversation->owners[0] = conversation->owners[1] = &owner_unasked;
	else if (packet->own || registrar->questions_asked < REGISTRAR_QUESTIONS)
		ask(registrar, conversation, packet, anew ? REASON_ANEW : due ? REASON_DUE : REASON_QUIET);
	else if (conversation->known[0].stale || conversation->known[1].stale || packet->opens)
		conversation->owners[0] = conversation->owners[1] = &owner_unasked;
}

static const struct owner *owner_at(const struct conversation *conversation, unsigned end, int64_t time)
{
	const struct known_end *known = &conversation->known[end];

	if (conversation->owners[end] == &owner_unasked || time >= known->since)
		return conversation->owners[end];
	return known->before;
}

/* In the units of lines; what lies outside of them is never, or always. */
static uint32_t units_after(const struct registrar *registrar, int64_t time)
{
	int64_t units = (time_between(registrar->began, time) >> REGISTRAR_UNIT) + 1;

	return time < registrar->began ? 0 : units > UINT32_MAX ? UINT32_MAX : (uint32_t)units;
}

/* What the next packets need not look up again. */
static void set_line(const struct registrar *registrar, struct conversation_line *line,
		     const struct conversation *conversation)
{
	int64_t end = conversation->check < conversation->until ? conversation->check : conversation->until;
	int64_t proven = proven_until(conversation);
	uint32_t until = units_after(registrar, proven < end ? proven : end);

	line->from = units_after(registrar, conversation->since);
	line->until = until ? until - 1 : 0;
	for (unsigned i = 0; i < 2; i++)
		line->owners[i] = known_number(conversation->owners[i]);
}

static uint32_t find(const struct registrar *registrar, const struct registrar_packet *packet, unsigned low)
{
	uint32_t at = *bucket_of(registrar, &packet->ends[low], &packet->ends[!low]);

	while (at && !(same_place(&registrar->lines[at].ends[0], &packet->ends[low]) &&
		       same_place(&registrar->lines[at].ends[1], &packet->ends[!low]) &&
		       registrar->lines[at].kind == packet->kind))
		at = registrar->lines[at].next;
	return at;
}

static void look_closer(struct registrar *registrar, uint32_t at, const struct registrar_packet *packet, unsigned low,
			const struct owner *out[OWNER_ENDS])
{
	struct conversation *conversation = &registrar->conversations[at];
	bool quiet = registrar->calm && packet->time - conversation->last > REGISTRAR_GAP;

	conversation->last = packet->time;
	if (packet->time >= conversation->check || quiet || packet->opens || packet->time > conversation->until ||
	    packet->time > proven_until(conversation))
		look_again(registrar, conversation, packet);
	set_line(registrar, &registrar->lines[at], conversation);
	out[low] = owner_at(conversation, 0, packet->time);
	out[!low] = owner_at(conversation, 1, packet->time);
}

void registrar_ask(struct registrar *registrar, const struct registrar_packet *packet,
		   const struct owner *out[OWNER_ENDS])
{
	unsigned low = lower(packet->ends);
	int64_t unit = time_between(registrar->began, packet->time) >> REGISTRAR_UNIT;
	const struct conversation_line *line;
	uint32_t at;

	count(registrar, packet->time);
	if (atomic_load_explicit(&registrar->shared->tidings, memory_order_acquire) != registrar->told)
		take_tidings(registrar);
	at = find(registrar, packet, low);
	if (!at)
		at = add(registrar, packet, low);
	line = &registrar->lines[at];
	if (unit >= line->from && unit < line->until && !registrar->calm && !packet->opens) {
		out[low] = registrar->known.list[line->owners[0]];
		out[!low] = registrar->known.list[line->owners[1]];
	} else {
		look_closer(registrar, at, packet, low, out);
	}
}
