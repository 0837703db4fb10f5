/* SPDX-License-Identifier: BSD-2-Clause */
/* The words and signs of a display filter. */
#include <stdlib.h>

#include "packet/filter_parts.h"

static const struct word {
	const char *text;
	enum token_kind kind;
} words[] = {
	{ "and", TOKEN_AND },
	{ "or", TOKEN_OR },
	{ "xor", TOKEN_XOR },
	{ "not", TOKEN_NOT },
	{ "any", TOKEN_ANY },
	{ "all", TOKEN_ALL },
	{ "eq", TOKEN_EQ },
	{ "any_eq", TOKEN_EQ },
	{ "all_eq", TOKEN_ALL_EQ },
	{ "ne", TOKEN_NE },
	{ "all_ne", TOKEN_NE },
	{ "any_ne", TOKEN_ANY_NE },
	{ "lt", TOKEN_LT },
	{ "le", TOKEN_LE },
	{ "gt", TOKEN_GT },
	{ "ge", TOKEN_GE },
	{ "contains", TOKEN_CONTAINS },
	{ "matches", TOKEN_MATCHES },
	{ "in", TOKEN_IN },
	{ "bitwise_and", TOKEN_AMPERSAND },
	{ "bitand", TOKEN_AMPERSAND },
};

/* The longer ones first. */
static const struct word signs[] = {
	{ "===", TOKEN_ALL_EQ },    { "!==", TOKEN_ANY_NE }, { "==", TOKEN_EQ },       { "!=", TOKEN_NE },
	{ "<=", TOKEN_LE },         { ">=", TOKEN_GE },      { "&&", TOKEN_AND },      { "||", TOKEN_OR },
	{ "^^", TOKEN_XOR },        { "..", TOKEN_DOTS },    { "<", TOKEN_LT },        { ">", TOKEN_GT },
	{ "!", TOKEN_NOT },         { "~", TOKEN_MATCHES },  { "&", TOKEN_AMPERSAND }, { "(", TOKEN_OPEN },
	{ ")", TOKEN_CLOSE },       { "{", TOKEN_BRACE },    { "}", TOKEN_END_BRACE }, { "[", TOKEN_BRACKET },
	{ "]", TOKEN_END_BRACKET }, { ",", TOKEN_COMMA },    { "#", TOKEN_HASH },      { "+", TOKEN_PLUS },
	{ "-", TOKEN_MINUS },       { "*", TOKEN_STAR },     { "/", TOKEN_SLASH },     { "%", TOKEN_PERCENT },
};

/* Signs of other languages, and ours. */
static const struct mistaken {
	const char *text, *right;
} mistaken[] = {
	{ "=>", ">=" }, { "=<", "<=" }, { "=~", "~" }, { "=!", "!=" },
	{ "<>", "!=" }, { "=", "==" },  { "|", "||" }, { "^", "^^" },
};

static char peek(const struct filter_lexer *lexer, uint32_t ahead)
{
	return lexer->at + ahead < lexer->source->length ? lexer->source->text[lexer->at + ahead] : '\0';
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

static int token(struct filter_lexer *lexer, enum token_kind kind, uint32_t from)
{
	lexer->token = (struct filter_token){ kind, { from, lexer->at - from } };
	return 0;
}

/* ------------------------------------------------------------------------------------------------ strings */

static void add_code(struct text *out, uint32_t code)
{
	if (code < 0x80) {
		text_char(out, (char)code);
	} else if (code < 0x800) {
		text_char(out, (char)(0xc0 | code >> 6));
		text_char(out, (char)(0x80 | (code & 63)));
	} else if (code < 0x10000) {
		text_char(out, (char)(0xe0 | code >> 12));
		text_char(out, (char)(0x80 | (code >> 6 & 63)));
		text_char(out, (char)(0x80 | (code & 63)));
	} else {
		text_char(out, (char)(0xf0 | code >> 18));
		text_char(out, (char)(0x80 | (code >> 12 & 63)));
		text_char(out, (char)(0x80 | (code >> 6 & 63)));
		text_char(out, (char)(0x80 | (code & 63)));
	}
}

/* Digits of an escape: exactly `least` to `most` of them, of base 8 or 16. Their number, or -1. */
static int64_t escape_number(struct filter_lexer *lexer, unsigned least, unsigned most, int base)
{
	int64_t value = 0;
	unsigned count = 0;

	for (; count < most; count++, lexer->at++) {
		int digit = hex_digit(peek(lexer, 0));

		if (digit < 0 || digit >= base)
			break;
		value = value * base + digit;
	}
	return count < least ? -1 : value;
}

static int bad_escape(struct filter_lexer *lexer, uint32_t from)
{
	return filter_fail(lexer->source, (struct filter_span){ from, lexer->at - from + (peek(lexer, 0) != '\0') },
			   NULL,
			   "no such escape: use \\\" \\' \\\\ \\a \\b \\f \\n \\r \\t \\v \\NNN \\xNN \\uNNNN, "
			   "or a raw string r\"...\", in which a backslash is only a backslash");
}

/* Behind the backslash. */
static int escape(struct filter_lexer *lexer)
{
	static const char names[] = "'\"\\abfnrtv", values[] = "'\"\\\a\b\f\n\r\t\v";
	uint32_t from = lexer->at - 1;
	const char *known;
	int64_t code;
	char c = peek(lexer, 0);

	known = c ? strchr(names, c) : NULL;
	if (known) {
		lexer->at++;
		text_char(&lexer->octets, values[known - names]);
		return 0;
	}
	if (c >= '0' && c <= '7') {
		code = escape_number(lexer, 1, 3, 8);
	} else if (c == 'x' || c == 'u' || c == 'U') {
		lexer->at++;
		code = c == 'x'   ? escape_number(lexer, 1, 2, 16)
		       : c == 'u' ? escape_number(lexer, 4, 4, 16)
				  : escape_number(lexer, 8, 8, 16);
	} else {
		code = -1;
	}
	if (code < 0 || code > 0x10ffff || (code > 255 && (c == 'x' || is_digit(c))) || (code >> 11 == 27 && c != 'x'))
		return bad_escape(lexer, from);
	if (c == 'u' || c == 'U')
		add_code(&lexer->octets, (uint32_t)code);
	else
		text_char(&lexer->octets, (char)code);
	return 0;
}

/* A quoted text from the quote on. In a raw one backslashes stay, also before a quote that it keeps from ending. */
static int quoted(struct filter_lexer *lexer, uint32_t from, bool raw)
{
	char quote = peek(lexer, 0), c;

	lexer->at++;
	text_clear(&lexer->octets);
	while ((c = peek(lexer, 0)) != quote) {
		if (lexer->at >= lexer->source->length)
			return filter_fail(lexer->source, (struct filter_span){ from, lexer->source->length - from },
					   NULL,
					   quote == '"' ? "the string has no end: a \" is missing"
							: "the character has no end: a ' is missing");
		lexer->at++;
		if (c != '\\') {
			text_char(&lexer->octets, c);
		} else if (!raw) {
			if (escape(lexer) < 0)
				return -1;
		} else {
			text_char(&lexer->octets, c);
			if (peek(lexer, 0))
				text_char(&lexer->octets, lexer->source->text[lexer->at++]);
		}
	}
	lexer->at++;
	if (quote == '"')
		return token(lexer, TOKEN_STRING, from);
	if (lexer->octets.length != 1)
		return filter_fail(
			lexer->source, (struct filter_span){ from, lexer->at - from }, NULL,
			"single quotes hold one character, as in 'a' or '\\x0a'; a text stands in double ones");
	return token(lexer, TOKEN_CHAR, from);
}

/* ------------------------------------------------------------------------------------------------ words and signs */

/* An address that a prefix length may follow. */
static bool is_address(const char *text, uint32_t length)
{
	unsigned dots = 0, colons = 0;

	for (uint32_t i = 0; i < length; i++) {
		dots += text[i] == '.';
		colons += text[i] == ':';
		if (hex_digit(text[i]) < 0 && text[i] != '.' && text[i] != ':')
			return false;
	}
	return colons > 1 || (dots == 3 && is_digit(text[0]));
}

static int word(struct filter_lexer *lexer)
{
	uint32_t from = lexer->at, length;
	const char *text = lexer->source->text + from;

	for (;; lexer->at++) {
		char c = peek(lexer, 0);

		if (c == '.' ? peek(lexer, 1) == '.' : c == '-' ? !is_alnum(peek(lexer, 1)) : !is_alnum(c) && c != ':')
			break;
	}
	if (peek(lexer, 0) == '/' && is_digit(peek(lexer, 1)) && is_address(text, lexer->at - from))
		for (lexer->at++; is_digit(peek(lexer, 0)); lexer->at++)
			;
	length = lexer->at - from;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].text) == length && !memcmp(words[i].text, text, length))
			return token(lexer, words[i].kind, from);
	return token(lexer, TOKEN_WORD, from);
}

static bool begins(const struct filter_lexer *lexer, const char *sign)
{
	size_t length = strlen(sign);

	return lexer->source->length - lexer->at >= length && !memcmp(lexer->source->text + lexer->at, sign, length);
}

static int wrong_sign(struct filter_lexer *lexer, const struct mistaken *m)
{
	struct filter_span span = { lexer->at, (uint32_t)strlen(m->text) };
	struct text form = { 0 };

	filter_replaced(lexer->source, span, m->right, &form);
	text_char(&form, '\0');
	filter_fail(lexer->source, span, form.data, "'%s' is no sign of a display filter; did you mean '%s'?", m->text,
		    m->right);
	text_release(&form);
	return -1;
}

static int sign(struct filter_lexer *lexer)
{
	uint32_t from = lexer->at, length = 1;

	for (size_t i = 0; i < sizeof mistaken / sizeof *mistaken; i++)
		if (begins(lexer, mistaken[i].text) && !begins(lexer, "==") && !begins(lexer, "||") &&
		    !begins(lexer, "^^"))
			return wrong_sign(lexer, &mistaken[i]);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (begins(lexer, signs[i].text)) {
			lexer->at += (uint32_t)strlen(signs[i].text);
			return token(lexer, signs[i].kind, from);
		}
	return filter_fail(lexer->source, (struct filter_span){ from, length }, NULL,
			   "this character has no meaning in a filter");
}

int filter_next(struct filter_lexer *lexer)
{
	char c;

	while ((c = peek(lexer, 0)) == ' ' || c == '\t' || c == '\n' || c == '\r')
		lexer->at++;
	if (lexer->at >= lexer->source->length)
		return token(lexer, TOKEN_END, lexer->at);
	if (c == '"' || c == '\'')
		return quoted(lexer, lexer->at, false);
	if ((c == 'r' || c == 'R') && peek(lexer, 1) == '"') {
		lexer->at++;
		return quoted(lexer, lexer->at - 1, true);
	}
	if (is_alnum(c) || (c == ':' && (is_alnum(peek(lexer, 1)) || peek(lexer, 1) == ':')) ||
	    (c == '.' && is_alnum(peek(lexer, 1))))
		return word(lexer);
	return sign(lexer);
}
