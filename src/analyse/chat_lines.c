/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was said to a server, kept until no copy of it can come any more. A copy is found by its text: the same text as
 * the line has, else one that ends with it (servers put names and times before it).
 */
#include <stdlib.h>

#include "analyse/chat_parts.h"
#include "base/mem.h"

#define NEAR 16   /* the last lines, that texts are compared with which nobody said exactly so */
#define STEPS 32  /* equal lines that are looked at for one copy */

/* ------------------------------------------------------------------------------------------------ the ring */

static struct line *line_at(const struct chat_state *chat, uint64_t sequence)
{
	struct line *line = &chat->lines[sequence % CHAT_LINES_MAX];

	return sequence && line->sequence == sequence ? line : NULL;
}

static uint64_t text_hash(uint64_t room, const uint8_t *text, size_t length)
{
	return octets_hash(text, length) ^ room * UINT64_C(0x9e3779b97f4a7c15);
}

static struct line_list *list_of(struct chat_state *chat, uint64_t hash)
{
	return &chat->by_text[(hash ^ hash >> 12) % CHAT_LINE_SLOTS];
}

/* Lists are in the order of the lines, and the oldest line of all goes first: it begins its list. */
void line_forget(struct dialogues *d, struct line *line)
{
	struct line_list *list = list_of(d->chat, line->hash);

	list->first = line->next;
	if (!list->first)
		list->last = NULL;
	d->octets -= line->text_kept;
	if (line->octets != line->small)
		free(line->octets);
	line->sequence = 0;
}

static size_t within(const struct field *field, size_t most)
{
	return field && field->length <= most ? field->length : 0;
}

/* Of a text that there is no room for the hash must do. */
static void keep_text(struct dialogues *d, struct line *line, const struct chat_said_now *now)
{
	size_t text = now->text->length < CHAT_TEXT_MAX ? now->text->length : CHAT_TEXT_MAX;
	size_t user = within(now->user, CHAT_NAME_MAX), to = within(now->to, CHAT_NAME_MAX);

	if (!octets_take(d, text))
		text = 0;
	line->octets = text + user + to <= LINE_SMALL ? line->small : mem_resize(NULL, text + user + to, 1);
	if (text)
		memcpy(line->octets, now->text->value.bytes, text);
	if (user)
		memcpy(line->octets + text, now->user->value.bytes, user);
	if (to)
		memcpy(line->octets + text + user, now->to->value.bytes, to);
	line->text_length = now->text->length;
	line->text_kept = (uint16_t)text;
	line->user_length = (uint16_t)user;
	line->to_length = (uint16_t)to;
}

void line_add(struct dialogues *d, const struct chat_said_now *now, const struct chat_member *speaker)
{
	struct chat_state *chat = d->chat;
	const struct frame *frame = now->packet->frame;
	struct line *line;
	struct line_list *list;

	if (chat->said - chat->told == CHAT_LINES_MAX)
		lines_tell_one(d);
	line = &chat->lines[++chat->said % CHAT_LINES_MAX];
	mem_soon(&chat->lines[(chat->said + 2) % CHAT_LINES_MAX], offsetof(struct line, speaker.octets));
	memset(line, 0, offsetof(struct line, small));
	line->sequence = chat->said;
	line->frame = frame->number;
	line->time = frame->has_time ? frame->time : 0;
	line->stream = now->flow->number;
	line->transport = now->flow->protocol;
	line->kind = *now->kind;
	line->is_private = field_is(now->kind, "private");
	line->is_command = field_is(now->kind, "command");
	if (d->foresight)
		line->nth = (uint8_t)layer_nth(now->packet, now->layer);
	line->speaker.length = line->speaker.source = 0;
	if (speaker) {
		line->room = speaker->room->id;
		line->others = speaker->room->count - 1;
		name_copy(&line->speaker, &speaker->name);
	}
	keep_text(d, line, now);
	line->hash = text_hash(line->room, now->text->value.bytes, now->text->length);
	list = list_of(chat, line->hash);
	*(list->last ? &list->last->next : &list->first) = line;
	list->last = line;
}

/* ------------------------------------------------------------------------------------------------ copies */

bool line_is_of(const struct line *line, const struct chat_member *member)
{
	return line->stream == member->flow->number && line->transport == member->flow->protocol;
}

static bool user_is(const struct line *line, const struct field *user)
{
	return name_is(&line->speaker, user->value.bytes, user->length) ||
	       (user->length == line->user_length &&
		!memcmp(line->octets + line->text_kept, user->value.bytes, user->length));
}

/* How well the names agree; 0: it is no copy. Other people's lines are rather heard than one's own. */
static int agreement(const struct line *line, const struct chat_said_now *now, const struct chat_member *member)
{
	bool own = line_is_of(line, member);

	if (now->user && user_is(line, now->user))
		return own ? 4 : 5;
	if (!now->user || !(name_known(&line->speaker) || line->user_length))
		return own ? 2 : 3;
	return own ? 0 : 1;
}

/* The last line of this text that the member got, by that speaker or, with NULL, by anybody; 0: none. */
static uint64_t got_last(const struct chat_member *member, uint64_t hash, const uint32_t *stream)
{
	uint64_t last = 0;

	for (unsigned i = 0; i < CHAT_GOT; i++)
		if (member->got[i].hash == hash && member->got[i].sequence > last &&
		    (!stream || member->got[i].stream == *stream))
			last = member->got[i].sequence;
	return last;
}

static void remember(struct chat_member *member, const struct line *line)
{
	unsigned at = 0;

	while (at < CHAT_GOT && (member->got[at].hash != line->hash || member->got[at].stream != line->stream ||
				 !member->got[at].sequence))
		at++;
	if (at == CHAT_GOT)
		at = member->got_next++ % CHAT_GOT;
	member->got[at].hash = line->hash;
	member->got[at].sequence = line->sequence;
	member->got[at].stream = line->stream;
}

/* The lines of one speaker come in their order, so that what is older than the last one was heard, or never will be. */
static bool can_be(const struct line *line, const struct chat_said_now *now, const struct chat_member *member)
{
	return line->room == member->room->id && line->frame >= member->flow->first_frame && !line->is_name &&
	       line->is_command == field_is(now->kind, "notice") &&
	       line->sequence > got_last(member, line->hash, &line->stream);
}

static bool same_text(const struct line *line, const struct field *text)
{
	return line->text_length == text->length && !memcmp(line->octets, text->value.bytes, line->text_kept);
}

static struct line *best_from(struct line *at, uint64_t hash, const struct chat_said_now *now,
			      const struct chat_member *member)
{
	struct line *best = NULL;
	int most = 0, score;

	for (unsigned i = 0; at && i < STEPS && most < 5; i++, at = at->next) {
		if (at->hash != hash)
			continue;
		/* Cheap questions first: many may say the same. */
		score = agreement(at, now, member);
		if (score > most && can_be(at, now, member) && same_text(at, now->text)) {
			best = at;
			most = score;
		}
	}
	return best;
}

/* When there are too many to look at, those behind the last one he got. */
static struct line *with_same_text(struct chat_state *chat, const struct chat_said_now *now,
				   const struct chat_member *member)
{
	uint64_t hash = text_hash(member->room->id, now->text->value.bytes, now->text->length);
	struct line *best = best_from(list_of(chat, hash)->first, hash, now, member), *last;

	if (best)
		return best;
	last = line_at(chat, got_last(member, hash, NULL));
	return last ? best_from(last->next, hash, now, member) : NULL;
}

/* Of a short text the message must not only end with it, but with it as a word. */
static bool ends_with(const struct line *line, const struct field *text)
{
	const uint8_t *at;

	if (!line->text_length || text->length <= line->text_length || line->text_length > line->text_kept)
		return false;
	at = text->value.bytes + text->length - line->text_length;
	if (memcmp(at, line->octets, line->text_length) != 0)
		return false;
	return line->text_length >= 8 || at[-1] == ' ' || at[-1] == ':' || at[-1] == '>' || at[-1] == ']';
}

static struct line *with_its_end(struct chat_state *chat, const struct chat_said_now *now,
				 const struct chat_member *member)
{
	uint64_t first = chat->said >= NEAR ? chat->said - NEAR + 1 : 1;
	struct line *best = NULL, *line;
	int most = 0, score;

	for (uint64_t sequence = first; sequence <= chat->said; sequence++) {
		line = line_at(chat, sequence);
		if (!line || !ends_with(line, now->text) || !can_be(line, now, member))
			continue;
		score = agreement(line, now, member);
		if (score > most) {
			best = line;
			most = score;
		}
	}
	return best;
}

struct line *line_of_copy(struct chat_state *chat, const struct chat_said_now *now, struct chat_member *member)
{
	struct line *line = with_same_text(chat, now, member);

	if (!line)
		line = with_its_end(chat, now, member);
	if (line)
		remember(member, line);
	return line;
}

struct line *line_that_named(struct chat_state *chat, const struct room *room, const struct field *name)
{
	uint64_t hash = text_hash(room->id, name->value.bytes, name->length);
	struct line *at = list_of(chat, hash)->first;

	for (unsigned i = 0; at && i < STEPS; i++, at = at->next)
		if (at->hash == hash && at->room == room->id && same_text(at, name) && at->speaker.source != NAME_SAID)
			return at;
	return NULL;
}
