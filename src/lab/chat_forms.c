/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form of chat line that lab programs are known to send; the first that matches wins. */
#include "lab/chat_forms.h"

#define C CHAT_BY_CLIENT
#define S CHAT_BY_SERVER
#define CS CHAT_BY_BOTH

/* A pattern, and what it begins with. */
#define P(pattern) pattern, BEGINS(pattern)
#define BEGINS(p) ((p)[0] != '%' ? CHAT_BEGINS((p)[0]) : (p)[1] == '[' ? CHAT_BEGINS((p)[2]) : DIRECTIVE((p)[1]))
#define DIRECTIVE(c) \
	((c) == 'u' || (c) == 'o' ? CHAT_BEGINS_NICK : (c) == 'h' || (c) == 'a' ? CHAT_BEGINS_NUMBER : CHAT_BEGINS('t'))

/* clang-format off */
const struct chat_form chat_forms[] = {
	/* the most common form comes first; the one other form that it would swallow stands before it */
	{ "SIGNUP_TAG",		P("%[signup_tag%]:%_%u"),	CHAT_JOIN,	C,  60 },
	{ "nick: text",		P("%u: %T"),			CHAT_LINE,	CS, 40 },

	/* asked by clients */
	{ "/nick",		P("/%[nick%] %u"),		CHAT_NICK,	C,  60 },
	{ "\\nick",		P("\\%[nick%] %u"),		CHAT_NICK,	C,  60 },
	{ "/name",		P("/%[name%] %u"),		CHAT_NICK,	C,  60 },
	{ "NICKNAME",		P("%[nickname%] %u"),		CHAT_NICK,	C,  60 },
	{ "/username",		P("/%[username%] %u"),		CHAT_JOIN,	C,  60 },
	{ "login;nick",		P("%[login%];%u"),		CHAT_JOIN,	C,  60 },
	{ "nick:online",	P("%u:online"),			CHAT_JOIN,	CS, 30 },
	{ "join",		P("%[join%]"),			CHAT_JOIN,	C,  10 },
	{ "/quit",		P("/%[quit%]"),			CHAT_LEAVE,	C,  60 },
	{ "\\quit",		P("\\%[quit%]"),		CHAT_LEAVE,	C,  60 },
	{ "/leave",		P("/%[leave%]"),		CHAT_LEAVE,	C,  60 },
	{ "/logout",		P("/%[logout%]"),		CHAT_LEAVE,	C,  60 },
	{ "/exit",		P("/%[exit%]"),			CHAT_LEAVE,	C,  60 },
	{ "logout;nick",	P("%[logout%];%u"),		CHAT_LEAVE,	C,  60 },
	{ "!DISCONNECT",	P("!%[disconnect%]"),		CHAT_LEAVE,	C,  60 },
	{ "FIN",		P("%[fin%]"),			CHAT_LEAVE,	C,  10 },
	{ "exit",		P("%[exit%]"),			CHAT_LEAVE,	C,  10 },
	{ "leave",		P("%[leave%]"),			CHAT_LEAVE,	C,  10 },
	{ "/list",		P("/%[list%]"),			CHAT_COMMAND,	C,  60 },
	{ "/who",		P("/%[who%]"),			CHAT_COMMAND,	C,  60 },
	{ "/users",		P("/%[users%]"),		CHAT_COMMAND,	C,  60 },
	{ "/help",		P("/%[help%]"),			CHAT_COMMAND,	C,  60 },
	{ "/me",		P("/%[me%] %T"),		CHAT_COMMAND,	C,  60 },
	{ "WHOISIN",		P("%[whoisin%]"),		CHAT_COMMAND,	C,  60 },
	{ "list",		P("%[list%]"),			CHAT_COMMAND,	C,  10 },

	/* private, as typed or sent */
	{ "@nick text",		P("@%o %T"),			CHAT_PRIVATE,	CS, 40 },
	{ "/msg",		P("/%[msg%] %i %T"),		CHAT_PRIVATE,	C,  60 },
	{ "/pm",		P("/%[pm%] %i %T"),		CHAT_PRIVATE,	C,  60 },
	{ "/w",			P("/%[w%] %i %T"),		CHAT_PRIVATE,	C,  60 },
	{ "/private",		P("/%[private%] %i"),		CHAT_PRIVATE,	C,  60 },
	{ "\\dm",		P("\\%[dm%] %o %T"),		CHAT_PRIVATE,	C,  60 },
	{ "msg;from;to;text",	P("%[msg%];%u;%o;%T"),		CHAT_PRIVATE,	CS, 60 },
	{ "MSG nick text",	P("%[msg%] %o %T"),		CHAT_PRIVATE,	C,  40 },
	{ "nick >> text",	P("%o%_>>%_%T"),		CHAT_PRIVATE,	C,  40 },
	{ "/command text",	P("/%c %T"),			CHAT_COMMAND,	C,  10 },
	{ "/command",		P("/%c"),			CHAT_COMMAND,	C,  10 },
	{ "\\command text",	P("\\%c %T"),			CHAT_COMMAND,	C,  10 },
	{ "\\command",		P("\\%c"),			CHAT_COMMAND,	C,  10 },

	/* private, as it arrives */
	{ "[private] nick -> nick: text", P("[private] %u%_%>%_%o:%_%t"), CHAT_PRIVATE,	S,  60 },
	{ "[private] [nick -> nick] text", P("[private] [%u%_%>%_%o]%_%t"), CHAT_PRIVATE,	S,  60 },
	{ "[time] [private] [nick -> nick] text", P("[%h] [private] [%u%_%>%_%o]%_%t"), CHAT_PRIVATE, S, 60 },
	{ "[Private from nick]", P("[private from %u]:%_%t"),	CHAT_PRIVATE,	S,  60 },
	{ "[Private to nick]",	P("[private to %o]:%_%t"),	CHAT_PRIVATE,	S,  60 },
	{ "[PM][nick] text",	P("[pm]%_[%u]%_%t"),		CHAT_PRIVATE,	S,  60 },
	{ "[private] nick: text", P("[private] %u:%_%t"),	CHAT_PRIVATE,	S,  60 },
	{ "[private] text",	P("[private]%_%T"),		CHAT_PRIVATE,	S,  40 },
	{ "<nick> [private] text", P("<%u> [private]%_%t"),	CHAT_PRIVATE,	S,  60 },
	{ "nick whisper to you", P("%u whisper to you%_:%_%t"),	CHAT_PRIVATE,	S,  60 },
	{ "from nick -> text",	P("from %u%_%>%_%T"),		CHAT_PRIVATE,	S,  60 },

	/* announced by servers */
	{ "* nick joined",	P("* %u joined"),		CHAT_JOIN,	S,  60 },
	{ "* nick left",	P("* %u left"),			CHAT_LEAVE,	S,  60 },
	{ "* nick is now known as nick", P("* %u is now known as %o"), CHAT_NICK,	S,  60 },
	{ "> nick has joined",	P(">%_%u has joined%*"),	CHAT_JOIN,	S,  60 },
	{ "> nick has left",	P(">%_%u has left%*"),		CHAT_LEAVE,	S,  60 },
	{ "nick has joined the", P("%u has joined the%*"),	CHAT_JOIN,	S,  60 },
	{ "nick has left the",	P("%u has left the%*"),		CHAT_LEAVE,	S,  60 },
	{ "NAMEACCEPTED nick",	P("nameaccepted %u"),		CHAT_JOIN,	S,  60 },
	{ "NAMEACCEPTED",	P("nameaccepted"),		CHAT_JOIN,	S,  60 },
	{ "nick prompt",	P("submitname"),		CHAT_NOTICE,	S,  60 },
	{ "nick prompt",	P("nick"),			CHAT_NOTICE,	S,  10 },
	{ "nick prompt",	P("nickname?"),			CHAT_NOTICE,	S,  40 },
	{ "nick prompt",	P("@nombre_usuario"),		CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("user %o not found%*"),	CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("[system] user '%o' not found%*"), CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("sorry. no such user exists%*"), CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("the nickname doesn't exist%*"), CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("le destinataire n'existe pas%*"), CHAT_NOTICE,	S,  60 },
	{ "refusal",		P("i'm sorry, %o was not found%*"), CHAT_NOTICE,	S,  60 },
	{ "[System] text",	P("[system] %T"),		CHAT_NOTICE,	S,  40 },
	{ "* word: text",	P("* %swelcome: %*"),		CHAT_NOTICE,	S,  60 },
	{ "* word: text",	P("* %srefused: %*"),		CHAT_NOTICE,	S,  60 },
	{ "* word: text",	P("* %shere: %*"),		CHAT_NOTICE,	S,  60 },
	{ "* word: text",	P("* %shelp: %*"),		CHAT_NOTICE,	S,  60 },
	{ "* word: text",	P("* %sbye: %*"),		CHAT_NOTICE,	S,  60 },
	{ "* text",		P("* %T"),			CHAT_NOTICE,	S,  10 },

	/* lines for everyone */
	{ "[time] [nick -> nick] text", P("[%h] [%u%_%>%_%o]%_%t"), CHAT_LINE,	CS, 60 },
	{ "[time] nick: text",	P("[%h] %u:%_%t"),		CHAT_LINE,	CS, 40 },
	{ "[time] text",	P("[%h] %T"),			CHAT_LINE,	CS, 10 },
	{ "time nick:text",	P("%h %u:%_%t"),		CHAT_LINE,	CS, 30 },
	{ "[address]: text",	P("[%a]:%_%t"),			CHAT_LINE,	CS, 60 },
	{ "[address] text",	P("[%a] %t"),			CHAT_LINE,	CS, 30 },
	{ "address> text",	P("%a>%_%t"),			CHAT_LINE,	CS, 40 },
	{ "address: text",	P("%a: %t"),			CHAT_LINE,	CS, 30 },
	{ "MESSAGE nick: text",	P("message %u:%_%t"),		CHAT_LINE,	CS, 60 },
	{ ">>>nick:text",	P(">>>%_%u:%_%t"),		CHAT_LINE,	CS, 60 },
	{ "[nick]: text",	P("[%u]: %t"),			CHAT_LINE,	CS, 40 },
	{ "[nick] text",	P("[%u] %t"),			CHAT_LINE,	CS, 40 },
	{ "<nick> text",	P("<%u> %t"),			CHAT_LINE,	CS, 40 },
	{ "nick : text",	P("%u : %T"),			CHAT_LINE,	CS, 40 },
	{ "nick> text",		P("%u> %T"),			CHAT_LINE,	CS, 30 },
	{ "nick% text",		P("%u%% %T"),			CHAT_LINE,	CS, 30 },
	{ "Thread-N%text",	P("%j%%%T"),			CHAT_LINE,	CS, 40 },
	{ "nick:text",		P("%u:%N%T"),			CHAT_LINE,	CS, 20 },
	{ "nick: (nothing)",	P("%u: "),			CHAT_LINE,	CS, 10 },
};
/* clang-format on */

const size_t chat_form_count = sizeof(chat_forms) / sizeof(chat_forms[0]);
