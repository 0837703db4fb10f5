/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "packet/filter.h"
#include "sockets/ss_filter_parts.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool ends_word(char c)
{
	return !c || is_blank(c) || strchr("()!=<>&|", c);
}

/* Signs are as long as they can be: && || == != <= >=. */
static size_t sign_length(const char *at)
{
	return at[1] == '=' || (at[0] == at[1] && strchr("&|=", at[0])) ? 2 : 1;
}

void ss_next(struct ss_parser *p)
{
	const char *text = p->expression;

	while (is_blank(text[p->at]))
		p->at++;
	p->begin = p->at;
	p->length = 1;
	switch (text[p->at]) {
	case '\0':
		p->token = SS_END;
		return;
	case '(':
		p->token = SS_OPEN;
		break;
	case ')':
		p->token = SS_CLOSE;
		break;
	case '!':
		p->token = text[p->at + 1] == '=' ? SS_SIGN : SS_NOT;
		p->length = p->token == SS_SIGN ? 2 : 1;
		break;
	case '=':
	case '<':
	case '>':
	case '&':
	case '|':
		p->token = SS_SIGN;
		p->length = sign_length(text + p->at);
		break;
	default:
		p->token = SS_WORD;
		while (!ends_word(text[p->begin + p->length]))
			p->length++;
		break;
	}
	p->at = p->begin + p->length;
}

bool ss_is(const struct ss_parser *p, const char *word)
{
	return (p->token == SS_WORD || p->token == SS_SIGN) && strlen(word) == p->length &&
	       !memcmp(p->expression + p->begin, word, p->length);
}

int ss_among(const struct ss_parser *p, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (ss_is(p, words[i]))
			return i;
	return -1;
}

int ss_refuse(const struct ss_parser *p, const char *format, ...)
{
	char sentence[256];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	return filter_refuse(p->expression, p->begin, p->token == SS_END ? 0 : p->length, sentence, p->err);
}

int ss_refuse_word(const struct ss_parser *p, const char *what, const char *const *words)
{
	char *word = mem_copy_bytes(p->expression + p->begin, p->token == SS_END ? 0 : p->length);
	const char *near = nearest(word, words);

	free(word);
	if (p->token == SS_END)
		return ss_refuse(p, "the filter ends too early: %s is missing", what);
	if (near)
		return ss_refuse(p, "this is not %s; did you mean '%s'?", what, near);
	return ss_refuse(p, "this is not %s", what);
}
