/* SPDX-License-Identifier: BSD-2-Clause */
/* From the sockets that are and were there to whose a packet is. */
#include "sockets/owners_parts.h"

/* ------------------------------------------------------------------------------------------------ several owners */

static void add_process(struct owner *owner, const struct process *process)
{
	for (unsigned i = 0; i < owner->count; i++)
		if (owner->processes[i] == process || (owner->processes[i]->pid == process->pid && !process->thread))
			return;
	if (owner->count == OWNERS_MOST)
		owner->more = true;
	else
		owner->processes[owner->count++] = process;
}

static void add_owner(struct owner *owner, const struct owner *other)
{
	owner->more |= other->more;
	for (unsigned i = 0; i < other->count; i++)
		add_process(owner, other->processes[i]);
}

/* Whether all of these are the same processes', so that it does not matter which of them is meant. */
static bool same_processes(const struct owner *a, const struct owner *b)
{
	unsigned same = 0;

	for (unsigned i = 0; i < a->count; i++)
		for (unsigned j = 0; j < b->count; j++)
			same += a->processes[i]->pid == b->processes[j]->pid;
	return same == a->count && same == b->count && !a->more && !b->more;
}

/* Without a process nothing is certain. */
static void settle(struct owner *owner, unsigned hidden, enum owner_certainty certainty)
{
	owner->certainty = owner->count ? certainty : OWNER_UNKNOWN;
	owner->more |= !owner->count && hidden;
}

/* ------------------------------------------------------------------------------------------------ those there now */

static void take_present(struct owners *owners, const struct look *look, enum locality locality, int64_t now,
			 struct owners_answer *out)
{
	bool sure = !look->more && !look->listener && (look->count == 1 || locality == LOCALITY_HERE);

	for (unsigned i = 0; i < look->count; i++) {
		struct tenure *tenure = look->list[i];

		out->unsettled |= !owners_resolve(owners, tenure, now);
		tenure->told = true;
		/* A socket whose processes are hidden is somebody else's than those that are known. */
		sure &= tenure->owner.count > 0 && (!i || same_processes(&look->list[0]->owner, &tenure->owner));
		add_owner(&out->owner, &tenure->owner);
		out->since = tenure->since > out->since ? tenure->since : out->since;
		if (tenure->born && tenure->key.kind == SOCKET_UDP) {
			sure &= owners->asked.link != NULL;
			out->proven = tenure->seen < out->proven ? tenure->seen : out->proven;
		}
		tenure->owner.certainty = sure ? OWNER_EXACT : OWNER_PORT;
	}
	out->cookie = look->count == 1 && !(look->list[0]->id >> 63) ? look->list[0]->id : 0;
	out->unsettled |= look->unaccepted;
	settle(&out->owner, owners->hidden, sure ? OWNER_EXACT : OWNER_PORT);
}

/* ------------------------------------------------------------------------------------------------ those of the past */

/* How well a socket explains a packet that came at that time; the higher the better, 0 not at all. */
enum fit { FIT_NONE, FIT_GONE, FIT_AFTERWARDS, FIT_PERHAPS, FIT_SEEN };

/* Somebody else had the port since the socket was last known to be there, or has it now. */
static bool is_contested(const struct owners *owners, const struct tenure *tenure, const struct end_key *key)
{
	for (const struct tenure *t = tenure_of_port(&owners->tenures, key->kind, key->local.port); t;
	     t = tenure_next(t))
		if (t != tenure && !t->born && t->until > tenure->seen && tenure_serves(t, key))
			return true;
	return false;
}

/*
 * A supervised socket that is not there any more, and a packet behind the last time that it was. A port of TCP is
 * nobody's else before the end is told; one of UDP is free when the socket is closed, which the kernel tells later:
 * the packet is the socket's when nobody else is there and every end until now was told.
 */
static enum fit fit_of_gone(const struct owners *owners, const struct tenure *tenure, const struct end_key *key)
{
	bool told = key->kind == SOCKET_TCP || owners->fenced == owners->looked[SOCKET_UDP];

	return told && (key->kind == SOCKET_TCP || !is_contested(owners, tenure, key)) ? FIT_SEEN : FIT_PERHAPS;
}

static enum fit fit_of(const struct owners *owners, const struct tenure *tenure, const struct end_key *key,
		       const struct moment *moment)
{
	if (!tenure->owner.count || (tenure->until < moment->now - OWNERS_REMEMBER))
		return FIT_NONE;
	if (moment->packet < tenure->since)
		return FIT_AFTERWARDS;
	if (moment->packet <= tenure->seen)
		return FIT_SEEN;
	if (tenure->born && moment->packet <= tenure->until)
		return fit_of_gone(owners, tenure, key);
	return moment->packet <= tenure->until ? FIT_PERHAPS : FIT_GONE;
}

/* A connection explains more than what has the port; datagrams may be anybody's who had it. */
static unsigned rank_of(const struct tenure *tenure, enum fit fit)
{
	bool connection = tenure->key.kind == SOCKET_TCP && tenure->key.remote.port && fit != FIT_AFTERWARDS;

	return fit + (connection ? FIT_SEEN : 0);
}

struct past {
	const struct tenure *best;
	enum fit fit;
	unsigned rank;
	struct owner owner;
};

static void consider(struct past *past, const struct tenure *tenure, enum fit fit)
{
	unsigned rank = rank_of(tenure, fit);

	if (fit == FIT_NONE || rank < past->rank)
		return;
	if (rank > past->rank || (fit != FIT_PERHAPS && tenure->since > past->best->since))
		past->owner = tenure->owner;
	else if (fit == FIT_PERHAPS)
		add_owner(&past->owner, &tenure->owner);
	past->best = tenure;
	past->fit = fit;
	past->rank = rank;
}

/* What best explains the packet; those there now are left out when `ended`. */
static void remember(struct owners *owners, const struct end_key *key, const struct moment *moment, bool ended,
		     struct past *past)
{
	*past = (struct past){ .fit = FIT_NONE };
	for (const struct tenure *t = tenure_of_port(&owners->tenures, key->kind, key->local.port); t;
	     t = tenure_next(t))
		if (tenure_serves(t, key) && (!ended || t->until != CLOCK_NEVER || t->born))
			consider(past, t, fit_of(owners, t, key, moment));
	if (past->fit != FIT_SEEN || past->owner.certainty == OWNER_UNKNOWN)
		settle(&past->owner, owners->hidden, OWNER_REMEMBERED);
}

/*
 * What explains this packet does not explain those behind its end; of a supervised socket of UDP, those behind the
 * reading in which nobody else had its port.
 */
static void take_past(const struct owners *owners, const struct past *past, int64_t time, struct owner *owner,
		      struct owners_answer *out)
{
	bool gone = past->best && past->best->born && past->best->key.kind == SOCKET_UDP;

	*owner = past->owner;
	if (gone && past->fit == FIT_PERHAPS)
		out->untold = owners->fenced != owners->looked[SOCKET_UDP];
	if (gone)
		out->proven = past->fit == FIT_SEEN && time > past->best->seen ? owners->looked[SOCKET_UDP] : time;
	if (past->best && time <= past->best->until)
		out->until = past->best->until;
}

/* The packet is older than the sockets that are there. */
static void take_before(struct owners *owners, const struct end_key *key, const struct moment *moment,
			struct owners_answer *out)
{
	struct past past;

	remember(owners, key, moment, true, &past);
	take_past(owners, &past, moment->packet, &out->before, out);
	if (past.fit == FIT_SEEN)
		return;
	if (past.fit != FIT_PERHAPS)
		out->before = (struct owner){ .count = 0 };
	add_owner(&out->before, &out->owner);
	settle(&out->before, owners->hidden, OWNER_REMEMBERED);
}

/* ------------------------------------------------------------------------------------------------ the answer */

static enum locality where(struct owners *owners, const struct address *address, const struct end_key *key, int64_t now)
{
	struct known_address *known;
	unsigned slot = 0;

	for (unsigned i = 0; i < sizeof key->local.address; i++)
		slot = slot * 31 + key->local.address[i];
	known = &owners->addresses[slot % ADDRESSES];
	if (!known->asked || now - known->asked > ADDRESS_LASTS || now < known->asked ||
	    memcmp(known->address, key->local.address, sizeof known->address) != 0) {
		known->asked = now;
		known->locality = (uint8_t)locality_of(owners->routes, address);
		memcpy(known->address, key->local.address, sizeof known->address);
	}
	return (enum locality)known->locality;
}

void owners_find(struct owners *owners, const struct socket_ends *ends, int64_t time, int64_t now,
		 struct owners_answer *out)
{
	struct moment moment = { time, now };
	struct end_key key;
	struct look look;
	struct past past;
	enum locality locality;

	end_key_from(&key, ends);
	locality = where(owners, &ends->local, &key, now);
	*out = (struct owners_answer){
		.here = locality != LOCALITY_ELSEWHERE, .since = INT64_MIN, .until = CLOCK_NEVER, .proven = CLOCK_NEVER
	};
	if (!out->here)
		return;
	owners_look(owners, ends, &key, &moment, &look);
	if (!look.count || look.listener) {
		remember(owners, &key, &moment, false, &past);
		if (past.best && past.best->key.remote.port)
			look.count = 0;
	}
	if (look.count)
		take_present(owners, &look, locality, now, out);
	else
		take_past(owners, &past, time, &out->owner, out);
	if (time < out->since)
		take_before(owners, &key, &moment, out);
}
