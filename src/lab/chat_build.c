/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing the lines of sonde's own chat protocol. */
#include <string.h>

#include "lab/chat.h"
#include "lab/plain.h"

/*
 * The template of each kind, by who is named. %u, %o and %t stand for user, to and text; NULL: there is no such line.
 */
static const struct {
	const char *anonymous, *user, *user_and_to;
} templates[CHAT_KIND_COUNT] = {
	[CHAT_LINE] = { "%t", "%u: %t", NULL },
	[CHAT_PRIVATE] = { "@%o %t", NULL, "[private] %u -> %o: %t" },
	[CHAT_JOIN] = { NULL, "* %u joined", NULL },
	[CHAT_LEAVE] = { "/quit", "* %u left", NULL },
	[CHAT_NICK] = { NULL, "/nick %u", "* %u is now known as %o" },
	[CHAT_COMMAND] = { "/%t", NULL, NULL },
	[CHAT_NOTICE] = { "* %t", "* %u %t", NULL },
};

struct line {
	uint8_t *buf;
	size_t size, length;
	bool failed;
};

static void add(struct line *l, const void *data, size_t length)
{
	if (l->failed || length > l->size - l->length) {
		l->failed = true;
		return;
	}
	memcpy(l->buf + l->length, data, length);
	l->length += length;
}

static void add_nick(struct line *l, struct chat_span nick)
{
	if (!chat_nick_is_valid(nick.data, nick.length))
		l->failed = true;
	else
		add(l, nick.data, nick.length);
}

/* Text is one line: CR, LF and ESC are refused too. */
bool chat_text_is_valid(const uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] < ' ' && data[i] != '\t')
			return false;
	}
	return len > 0 && plain_is_text(data, len);
}

static void add_text(struct line *l, struct chat_span text)
{
	if (!chat_text_is_valid(text.data, text.length))
		l->failed = true;
	else
		add(l, text.data, text.length);
}

static const char *choose_template(enum chat_kind kind, bool user, bool to)
{
	if (!user)
		return templates[kind].anonymous;
	return to ? templates[kind].user_and_to : templates[kind].user;
}

size_t chat_build(uint8_t *buf, size_t size, enum chat_kind kind, struct chat_span user, struct chat_span to,
		  struct chat_span text)
{
	struct line l = { .buf = buf, .size = size };
	const char *t;

	if ((unsigned)kind >= CHAT_KIND_COUNT)
		return 0;
	if (kind == CHAT_LINE && user.length == 0 && text.length > 0 && (text.data[0] == '/' || text.data[0] == '@'))
		return 0;
	t = choose_template(kind, user.length > 0, to.length > 0);
	if (!t)
		return 0;
	for (; *t != '\0'; t++) {
		if (*t != '%')
			add(&l, t, 1);
		else if (*++t == 't')
			add_text(&l, text);
		else
			add_nick(&l, *t == 'u' ? user : to);
	}
	add(&l, "\n", 1);
	return l.failed ? 0 : l.length;
}
