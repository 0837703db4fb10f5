/* SPDX-License-Identifier: BSD-2-Clause */
/* The matcher of chat patterns: one pass over the line, no backing up. */
#include <string.h>

#include "base/utf8.h"
#include "lab/ascii.h"
#include "lab/chat_forms.h"

#define ARROW "\xe2\x86\x92" /* U+2192 */

struct matcher {
	const struct chat_line *line;
	const uint8_t *at, *end;
	struct chat_message *out;
};

typedef bool directive_fn(struct matcher *m);

static bool take(struct matcher *m, const char *word)
{
	if (!ascii_starts_with(m->at, (size_t)(m->end - m->at), word))
		return false;
	m->at += strlen(word);
	return true;
}

static bool take_blanks(struct matcher *m)
{
	while (m->at < m->end && ascii_is_blank(*m->at))
		m->at++;
	return true;
}

static size_t take_digits(struct matcher *m, size_t most)
{
	const uint8_t *start = m->at;

	while (m->at < m->end && (size_t)(m->at - start) < most && ascii_is_digit(*m->at))
		m->at++;
	return (size_t)(m->at - start);
}

/* ESC [ parameters letter: the only sequences seen, all of them colours. */
static void skip_colours(struct matcher *m)
{
	while (m->end - m->at >= 3 && m->at[0] == 0x1b && m->at[1] == '[') {
		const uint8_t *p = m->at + 2;

		while (p < m->end && *p >= 0x20 && *p <= 0x3f)
			p++;
		if (p == m->end || *p < 0x40 || *p > 0x7e)
			return;
		m->at = p + 1;
	}
}

enum nick_octet {
	CHARACTER = 1, /* begins one */
	FOLLOWS = 2,   /* goes on with one */
	NAMES = 4,     /* makes a name of what would be a number */
	ARROWS = 8     /* perhaps an arrow begins here */
};

/* What a nick is made of; every other octet ends it. */
static const uint8_t nick_octets[256] = {
	['#'] = CHARACTER,
	['$'] = CHARACTER,
	['&'] = CHARACTER,
	['+'] = CHARACTER,
	['-'] = CHARACTER | ARROWS,
	['.'] = CHARACTER,
	['0' ... '9'] = CHARACTER,
	['@'] = CHARACTER,
	['A' ... 'Z'] = CHARACTER | NAMES,
	['^'] = CHARACTER,
	['_'] = CHARACTER,
	['`'] = CHARACTER,
	['a' ... 'z'] = CHARACTER | NAMES,
	['~'] = CHARACTER,
	[0x80 ... 0xbf] = FOLLOWS | NAMES,
	[0xc0 ... 0xe1] = CHARACTER | NAMES,
	[0xe2] = CHARACTER | NAMES | ARROWS,
	[0xe3 ... 0xff] = CHARACTER | NAMES,
};

/* Apart, as match_all is: so that the common case, which does not come here, stays short. */
static __attribute__((noinline)) bool at_arrow(const uint8_t *s, size_t len)
{
	return ascii_starts_with(s, len, "->") || ascii_starts_with(s, len, ARROW);
}

/* Up to CHAT_NICK_MAX characters; length 0 when there are none, or more. */
static struct chat_nick nick_at(const uint8_t *s, size_t len)
{
	size_t n = 0, most = len <= CHAT_NICK_BYTES ? len : CHAT_NICK_BYTES + 1, characters = 0;
	unsigned seen = 0;

	for (; n < most; n++) {
		unsigned kind = nick_octets[s[n]];

		if (!kind || (kind & ARROWS && at_arrow(s + n, len - n)))
			break;
		characters += kind & CHARACTER;
		if (characters > CHAT_NICK_MAX)
			return (struct chat_nick){ 0 };
		seen |= kind;
	}
	return (struct chat_nick){ .length = n <= CHAT_NICK_BYTES ? n : 0, .named = seen & NAMES };
}

/* An address may begin with a letter too; whoever asks for one sees it. */
struct chat_line chat_line_of(struct chat_span span)
{
	struct chat_line line = { .span = span, .nick = nick_at(span.data, span.length) };
	uint8_t first = ascii_lower(*span.data);

	line.begins = CHAT_BEGINS(first);
	if (line.nick.length && line.nick.named)
		line.begins |= CHAT_BEGINS_NICK;
	if (ascii_is_digit(first) || first == ':' || first == '.' || (first >= 'a' && first <= 'f'))
		line.begins |= CHAT_BEGINS_NUMBER;
	return line;
}

/* What a terminal may not get, and blanks beyond ASCII: two nicks that differ in these look the same. */
static bool is_invisible(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} blanks[] = { { 0xa0, 0xa0 },      { 0xad, 0xad },     { 0x34f, 0x34f },   { 0x115f, 0x1160 },
		       { 0x1680, 0x1680 },  { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f },
		       { 0x202f, 0x202f },  { 0x205f, 0x205f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },
		       { 0x3164, 0x3164 },  { 0xfe00, 0xfe0f }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		       { 0xe0000, 0xe0fff } };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		if (code >= blanks[i].first && code <= blanks[i].last)
			return true;
	}
	return utf8_unsafe(code);
}

static bool is_visible(const uint8_t *data, size_t len)
{
	uint32_t code = 0;
	size_t n;

	for (size_t at = 0; at < len; at += n) {
		n = utf8_next(data + at, len - at, &code);
		if (n == 0 || is_invisible(code))
			return false;
	}
	return true;
}

bool chat_nick_is_valid(const uint8_t *data, size_t len)
{
	struct chat_nick nick = nick_at(data, len);

	return len > 0 && nick.length == len && nick.named && is_visible(data, len);
}

static bool take_nick(struct matcher *m, struct chat_span *span, bool number_allowed)
{
	const struct chat_line *line = m->line;
	struct chat_nick nick = m->at == line->span.data ? line->nick : nick_at(m->at, (size_t)(m->end - m->at));

	if (nick.length == 0 || (!nick.named && !number_allowed))
		return false;
	*span = (struct chat_span){ m->at, nick.length };
	m->at += nick.length;
	return true;
}

static bool match_user(struct matcher *m)
{
	return take_nick(m, &m->out->user, false);
}

static bool match_to(struct matcher *m)
{
	return take_nick(m, &m->out->to, false);
}

static bool match_id(struct matcher *m)
{
	return take_nick(m, &m->out->to, true);
}

static bool match_text(struct matcher *m)
{
	m->out->text = (struct chat_span){ m->at, (size_t)(m->end - m->at) };
	m->at = m->end;
	return true;
}

static bool match_some_text(struct matcher *m)
{
	struct matcher rest = *m;

	take_blanks(&rest);
	return rest.at < rest.end && match_text(m);
}

/* Text from here to the end, though the pattern goes on. */
static bool text_starts(struct matcher *m)
{
	m->out->text = (struct chat_span){ m->at, (size_t)(m->end - m->at) };
	return true;
}

static bool match_anything(struct matcher *m)
{
	m->at = m->end;
	return true;
}

static bool match_clock(struct matcher *m)
{
	if (take_digits(m, 2) == 0 || !take(m, ":") || take_digits(m, 2) != 2)
		return false;
	return !take(m, ":") || take_digits(m, 2) == 2;
}

static bool take_ipv4(struct matcher *m)
{
	for (int i = 0; i < 4; i++) {
		if ((i > 0 && !take(m, ".")) || take_digits(m, 3) == 0)
			return false;
	}
	if (m->end - m->at >= 2 && m->at[0] == ':' && ascii_is_digit(m->at[1])) {
		m->at++;
		take_digits(m, 5);
	}
	return true;
}

/* Loosely: enough to tell an address from a nick or a clock. Its own port cannot be told apart. */
static bool take_ipv6(struct matcher *m)
{
	const uint8_t *start = m->at;
	bool gap = false;

	if (!memchr(start, ':', m->end - start < 64 ? (size_t)(m->end - start) : 64))
		return false;
	while (m->at < m->end && m->at - start < 64) {
		uint8_t c = *m->at;

		if (!ascii_is_digit(c) && c != ':' && c != '.' && !(ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'))
			break;
		gap = gap || (c == ':' && m->end - m->at >= 2 && m->at[1] == ':');
		m->at++;
	}
	return gap;
}

static bool match_address(struct matcher *m)
{
	struct matcher v4 = *m, v6 = *m;
	const uint8_t *start = m->at;

	if (take_ipv4(&v4))
		m->at = v4.at;
	else if (take_ipv6(&v6))
		m->at = v6.at;
	else
		return false;
	m->out->user = (struct chat_span){ start, (size_t)(m->at - start) };
	return true;
}

static bool match_thread(struct matcher *m)
{
	const uint8_t *start = m->at;

	if (!take(m, "thread-") || take_digits(m, 6) == 0)
		return false;
	m->out->user = (struct chat_span){ start, (size_t)(m->at - start) };
	return true;
}

static bool match_arrow(struct matcher *m)
{
	return take(m, "->") || take(m, ARROW);
}

static bool match_command(struct matcher *m)
{
	const uint8_t *start = m->at;

	while (m->at < m->end && (ascii_is_letter(*m->at) || ascii_is_digit(*m->at) || *m->at == '_' || *m->at == '-'))
		m->at++;
	m->out->command = (struct chat_span){ start, (size_t)(m->at - start) };
	return m->at > start && ascii_is_letter(*start);
}

static bool command_starts(struct matcher *m)
{
	m->out->command.data = m->at;
	return true;
}

static bool command_ends(struct matcher *m)
{
	m->out->command.length = (size_t)(m->at - m->out->command.data);
	return true;
}

/* Stands after `nick:`, so there are bytes before. */
static bool match_no_clock(struct matcher *m)
{
	if (m->at == m->end || *m->at == '/' || *m->at == '\\')
		return false;
	return !ascii_is_digit(*m->at) || !ascii_is_digit(m->at[-2]);
}

static bool match_percent(struct matcher *m)
{
	return take(m, "%");
}

static directive_fn *const directives[128] = {
	['u'] = match_user,      ['o'] = match_to,       ['i'] = match_id,       ['t'] = match_text,
	['T'] = match_some_text, ['*'] = match_anything, ['h'] = match_clock,    ['a'] = match_address,
	['j'] = match_thread,    ['>'] = match_arrow,    ['c'] = match_command,  ['['] = command_starts,
	[']'] = command_ends,    ['_'] = take_blanks,    ['N'] = match_no_clock, ['%'] = match_percent,
	['s'] = text_starts,
};

static bool match_one(struct matcher *m, const char **pattern)
{
	char c = *(*pattern)++;

	skip_colours(m);
	if (c == '%')
		return directives[(uint8_t) * (*pattern)++ & 0x7f](m);
	if (c == ' ')
		return m->at < m->end && ascii_is_blank(*m->at) && take_blanks(m);
	if (m->at == m->end || ascii_lower(*m->at) != (uint8_t)c)
		return false;
	m->at++;
	return true;
}

static __attribute__((noinline)) bool match_all(const char *pattern, const struct chat_line *line,
						struct chat_message *out)
{
	struct matcher m = { line, line->span.data, line->span.data + line->span.length, out };

	out->user.length = out->to.length = out->text.length = out->command.length = 0;
	while (*pattern != '\0') {
		if (!match_one(&m, &pattern))
			return false;
	}
	skip_colours(&m);
	take_blanks(&m);
	return m.at == m.end;
}

const struct chat_form *chat_match(const struct chat_line *line, unsigned senders, struct chat_message *out)
{
	const struct chat_form *form = chat_forms, *end = chat_forms + chat_form_count;
	uint32_t begins = line->begins;

	for (; form < end; form++) {
		if (form->begins & begins && form->senders & senders && match_all(form->pattern, line, out))
			return form;
	}
	return NULL;
}
