/* SPDX-License-Identifier: BSD-2-Clause */
/* All who are in the room hear what is said to all, in one order; but for what they say themselves. */
#include "play_world.h"

bool order_to_all(const char *line, size_t length)
{
	size_t word = 2;

	if (*line == '[')
		return false;
	if (length < 3 || memcmp(line, "* ", 2) != 0)
		return true;
	while (word < length && line[word] != ' ' && line[word] != ':')
		word++;
	return word == length || line[word] == ' ';
}

/* The next line that was said to all and that this member has not passed. */
static const char *next_line(const struct text *said, struct member *member, size_t *length)
{
	const char *line = said->data + member->said_at;
	const char *lf = memchr(line, '\n', said->length - member->said_at);

	*length = (size_t)(lf - line) + 1;
	member->said_at += *length;
	return line;
}

static bool begins(const char *line, size_t length, const char *before, const struct text *name, const char *after)
{
	size_t head = strlen(before), tail = strlen(after), all = head + name->length + tail;

	return length >= all && !memcmp(line, before, head) && !memcmp(line + head, name->data, name->length) &&
	       !memcmp(line + head + name->length, after, tail);
}

/* What a member does not hear is what it has said. */
static void pass(const struct member *member, const char *line, size_t length)
{
	if (!begins(line, length, "", &member->called, ": "))
		bug("a line did not reach %s", member->name);
}

/* The first that is heard in the room is that one has come; later that one is called otherwise. */
static void learn_name(struct member *member, const char *line, size_t length)
{
	static const char renamed[] = " is now known as ", joined[] = " joined\n";
	const char *name = line + 2;

	if (!member->called.length) {
		CHECK(length > 2 + strlen(joined) && !memcmp(line + length - strlen(joined), joined, strlen(joined)));
		text_add(&member->called, name, length - 2 - strlen(joined));
	} else if (begins(line, length, "* ", &member->called, renamed)) {
		name += member->called.length + strlen(renamed);
		text_clear(&member->called);
		text_add(&member->called, name, (size_t)(line + length - name) - 1);
	}
}

void order_heard(const struct text *said, struct member *member, const char *line, size_t length)
{
	bool found = false;

	while (!found && member->said_at < said->length) {
		size_t n;
		const char *at = next_line(said, member, &n);

		found = n == length && !memcmp(at, line, n);
		if (!found && member->called.length)
			pass(member, at, n);
	}
	CHECK(found);
	learn_name(member, line, length);
}

void order_whole(const struct text *said, struct member *member)
{
	if (!member->called.length)
		member->said_at = said->length;
	if (member->c->phase != CONNECTION_OPEN || member->c->deaf)
		return;
	while (member->said_at < said->length) {
		size_t n;
		const char *at = next_line(said, member, &n);

		pass(member, at, n);
	}
}
