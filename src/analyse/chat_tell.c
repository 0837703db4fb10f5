/* SPDX-License-Identifier: BSD-2-Clause */
/* What became of each line: told to listeners and to the second reading when it is certain. */
#include <stdlib.h>

#include "analyse/chat_parts.h"
#include "base/mem.h"

static void ahead(const struct dialogues *d, const struct line *line, const struct row *row, uint64_t value)
{
	if (d->foresight && row->def)
		foresight_add(d->foresight, line->frame, d->chat->dissector, line->nth, row->def, value);
}

static struct field part(const struct field_def *def, const uint8_t *octets, size_t length)
{
	return (struct field){ .def = def, .length = (uint32_t)length, .value.bytes = octets };
}

/* Who said it: as the connection is known, else as the line says. */
static struct field user_of(const struct chat_state *chat, const struct line *line)
{
	if (line->speaker.source == NAME_SAID || (line->speaker.length && !line->user_length))
		return part(chat->user, line->speaker.octets, line->speaker.length);
	return part(chat->user, line->octets + line->text_kept, line->user_length);
}

static void tell_listeners(const struct dialogues *d, const struct line *line)
{
	const struct chat_state *chat = d->chat;
	const uint8_t *octets = line->octets;
	struct field user = user_of(chat, line), text = part(chat->text, octets, line->text_kept);
	struct field kind = line->is_name ? part(chat->kind, (const uint8_t *)"join", 4) : line->kind;
	struct field to = part(chat->to, octets + line->text_kept + line->user_length, line->to_length);
	struct chat_said said = {
		.frame = line->frame,
		.time = line->time,
		.stream = line->stream,
		.transport = line->transport,
		.user = user.length ? &user : NULL,
		.to = to.length ? &to : NULL,
		.text = &text,
		.kind = &kind,
		.receivers = line->receivers,
		.returned = line->returned,
		.others = line->others,
		.broadcast = !line->room,
		.leaked = line->leaked,
	};

	for (unsigned i = 0; i < d->listener_count; i++)
		if (d->listeners[i].said)
			d->listeners[i].said(d->listeners[i].context, &said);
}

/* Of a line that was a name nobody hears a copy; of a connection that was captured alone nothing is known. */
void lines_tell_one(struct dialogues *d)
{
	struct chat_state *chat = d->chat;
	struct line *line = &chat->lines[++chat->told % CHAT_LINES_MAX];

	mem_soon(&chat->lines[(chat->told + 2) % CHAT_LINES_MAX], offsetof(struct line, small));
	if (line->room && line->others && !line->is_name)
		ahead(d, line, &chat->receivers, line->receivers);
	if (line->returned)
		ahead(d, line, &chat->returned, 1);
	if (line->leaked)
		ahead(d, line, &chat->leaked, 1);
	if (d->listener_count)
		tell_listeners(d, line);
	line_forget(d, line);
}

void lines_tell(struct dialogues *d, int64_t now)
{
	struct chat_state *chat = d->chat;

	while (chat->told < chat->said &&
	       time_between(chat->lines[(chat->told + 1) % CHAT_LINES_MAX].time, now) > CHAT_COPY_TIME)
		lines_tell_one(d);
}

void lines_tell_all(struct dialogues *d)
{
	while (d->chat->told < d->chat->said)
		lines_tell_one(d);
}
