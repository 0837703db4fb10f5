/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/pcapng_owners_lines.h"

#include <string.h>

enum kind { KIND_NUMBER, KIND_STRING, KIND_USER, KIND_END, KIND_CERTAINTY, KIND_MORE };

#define FOREIGN                                                                                                        \
	7 /* keys that ptcpdump writes too, in either spelling that it has had; the others only stand where End does   \
	   */

static const struct key {
	const char *name;
	enum kind kind;
	size_t member;
} keys[] = {
	{ "Cmd", KIND_STRING, offsetof(struct process, path) },
	{ "Command", KIND_STRING, offsetof(struct process, path) },
	{ "Args", KIND_STRING, offsetof(struct process, arguments) },
	{ "ThreadId", KIND_NUMBER, offsetof(struct process, thread) },
	{ "TID", KIND_NUMBER, offsetof(struct process, thread) },
	{ "ParentPID", KIND_NUMBER, offsetof(struct process, parent) },
	{ "UserId", KIND_USER, offsetof(struct process, uid) },
	{ "UserName", KIND_STRING, offsetof(struct process, user) },
	{ "Name", KIND_STRING, offsetof(struct process, name) },
	{ "End", KIND_END, 0 },
	{ "Certainty", KIND_CERTAINTY, 0 },
	{ "More", KIND_MORE, 0 },
};

struct span {
	const char *at;
	size_t length;
};

static bool is(struct span span, const char *word)
{
	return span.length == strlen(word) && !memcmp(span.at, word, span.length);
}

static bool number(struct span value, uint32_t *out)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < value.length; i++) {
		if (value.at[i] < '0' || value.at[i] > '9' || sum > UINT32_MAX)
			return false;
		sum = 10 * sum + (uint64_t)(value.at[i] - '0');
	}
	if (!value.length || sum > UINT32_MAX)
		return false;
	*out = (uint32_t)sum;
	return true;
}

/* The value that has this name, or `otherwise`. */
static uint8_t named(const struct value_name *names, struct span value, uint8_t otherwise)
{
	for (; names->name; names++)
		if (is(value, names->name))
			return (uint8_t)names->value;
	return otherwise;
}

/* ------------------------------------------------------------------------------------------------ strings */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int digits(struct span from, unsigned count)
{
	int sum = 0;

	for (unsigned i = 0; i < count; i++) {
		if (i >= from.length || digit(from.at[i]) < 0)
			return -1;
		sum = 16 * sum + digit(from.at[i]);
	}
	return sum;
}

/* UTF-8 of three octets at most, which are fewer than the escape had. */
static char *put_code(char *out, int code)
{
	if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
	} else {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (code & 0x3f));
	return out;
}

/* What stands behind a backslash; how many octets that is. What text_escaped() never writes stays as it is. */
static size_t unescape(struct span rest, char **out)
{
	static const struct {
		char word, octet;
	} shorts[] = { { 'n', '\n' }, { 'r', '\r' }, { 't', '\t' }, { '\\', '\\' } };
	struct span behind = { rest.at + 1, rest.length ? rest.length - 1 : 0 };
	int octet = rest.length && *rest.at == 'x' ? digits(behind, 2) : -1;
	int code = rest.length && *rest.at == 'u' ? digits(behind, 4) : -1;

	for (size_t i = 0; rest.length && i < sizeof shorts / sizeof *shorts; i++)
		if (*rest.at == shorts[i].word) {
			*(*out)++ = shorts[i].octet;
			return 1;
		}
	if (octet > 0) {
		*(*out)++ = (char)octet;
		return 3;
	}
	if (code > 0xff) {
		*out = put_code(*out, code);
		return 5;
	}
	*(*out)++ = '\\';
	return 0;
}

static const char *string(struct owner_lines *lines, struct span value, bool escaped)
{
	char *start = lines->room, *out = start;

	for (size_t i = 0; i < value.length && value.at[i];) {
		char c = value.at[i++];

		if (c == '\\' && escaped)
			i += unescape((struct span){ value.at + i, value.length - i }, &out);
		else
			*out++ = c;
	}
	if (out == start)
		return NULL;
	*out++ = '\0';
	lines->room = out;
	return start;
}

/* ------------------------------------------------------------------------------------------------ lines */

static void set_member(struct owner_lines *lines, struct process *process, const struct key *key, struct span value,
		       bool escaped)
{
	void *member = (char *)process + key->member;
	const char *text;

	if (key->kind == KIND_STRING) {
		text = string(lines, value, escaped);
		memcpy(member, &text, sizeof text);
	} else if (number(value, member) && key->kind == KIND_USER) {
		process->has_uid = true;
	}
}

static void set(struct owner_lines *lines, const struct key *key, struct span value, bool escaped)
{
	struct owner_found *found = &lines->found[lines->count - 1];

	switch (key->kind) {
	case KIND_END:
		found->end = named(owner_end_names, value, OWNER_ENDS);
		break;
	case KIND_CERTAINTY:
		found->certainty = named(owner_certainty_names, value, OWNER_UNKNOWN);
		break;
	case KIND_MORE:
		found->more = is(value, "yes");
		break;
	default:
		set_member(lines, &found->process, key, value, escaped);
	}
}

/* False: no further process is to be read. */
static bool begin(struct owner_lines *lines, struct span value)
{
	struct owner_found found = { .end = OWNER_ENDS };

	if (!number(value, &found.process.pid) || !found.process.pid)
		return false;
	if (lines->count == OWNERS_FOUND_MOST) {
		lines->found[lines->count - 1].more = true;
		return false;
	}
	lines->found[lines->count++] = found;
	return true;
}

/* The next line of what is left, parted at its colon; the blank behind that is not of the value. */
static bool next_line(struct span *left, struct span *key, struct span *value)
{
	const char *end = left->length ? memchr(left->at, '\n', left->length) : NULL, *colon;
	size_t length = end ? (size_t)(end - left->at) : left->length;

	if (!left->length)
		return false;
	*key = (struct span){ left->at, length };
	*value = (struct span){ left->at + length, 0 };
	colon = length ? memchr(left->at, ':', length) : NULL;
	if (colon) {
		key->length = (size_t)(colon - left->at);
		*value = (struct span){ colon + 1, length - key->length - 1 };
	}
	if (value->length && *value->at == ' ')
		*value = (struct span){ value->at + 1, value->length - 1 };
	left->at += length + (end ? 1 : 0);
	left->length -= length + (end ? 1 : 0);
	return true;
}

/* Ours, whose values are escaped. */
static bool has_end(struct span left)
{
	struct span key, value;

	while (next_line(&left, &key, &value))
		if (is(key, "End"))
			return true;
	return false;
}

bool owner_lines_are(const char *comment, size_t length)
{
	struct span left = { comment, length }, key, value;

	if (!next_line(&left, &key, &value))
		return false;
	for (size_t i = 0; i < FOREIGN; i++)
		if (is(key, keys[i].name))
			return true;
	return is(key, "PID");
}

void owner_lines_read(struct owner_lines *lines, const char *comment, size_t length)
{
	struct span left = { comment, length }, key, value;
	bool ours = has_end(left), open = lines->count && lines->found[lines->count - 1].end == OWNER_ENDS && !ours;
	size_t known = ours ? sizeof keys / sizeof *keys : FOREIGN;

	while (next_line(&left, &key, &value)) {
		if (is(key, "PID"))
			open = begin(lines, value);
		for (size_t i = 0; open && i < known; i++)
			if (is(key, keys[i].name))
				set(lines, &keys[i], value, ours);
	}
}
