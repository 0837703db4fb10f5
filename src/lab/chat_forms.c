/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form of chat line that lab programs are known to send; the first that matches wins. */
#include "lab/chat_forms.h"

#define C CHAT_BY_CLIENT
#define S CHAT_BY_SERVER
#define CS CHAT_BY_BOTH

/* clang-format off */
const struct chat_form chat_forms[] = {
	/* the most common form comes first; the one other form that it would swallow stands before it */
	{ "SIGNUP_TAG",		"%[signup_tag%]:%_%u",			CHAT_JOIN,	C,  60 },
	{ "nick: text",		"%u: %T",				CHAT_LINE,	CS, 40 },

	/* asked by clients */
	{ "/nick",		"/%[nick%] %u",				CHAT_NICK,	C,  60 },
	{ "\\nick",		"\\%[nick%] %u",			CHAT_NICK,	C,  60 },
	{ "/name",		"/%[name%] %u",				CHAT_NICK,	C,  60 },
	{ "NICKNAME",		"%[nickname%] %u",			CHAT_NICK,	C,  60 },
	{ "/username",		"/%[username%] %u",			CHAT_JOIN,	C,  60 },
	{ "login;nick",		"%[login%];%u",				CHAT_JOIN,	C,  60 },
	{ "nick:online",	"%u:online",				CHAT_JOIN,	CS, 30 },
	{ "join",		"%[join%]",				CHAT_JOIN,	C,  10 },
	{ "/quit",		"/%[quit%]",				CHAT_LEAVE,	C,  60 },
	{ "\\quit",		"\\%[quit%]",				CHAT_LEAVE,	C,  60 },
	{ "/leave",		"/%[leave%]",				CHAT_LEAVE,	C,  60 },
	{ "/logout",		"/%[logout%]",				CHAT_LEAVE,	C,  60 },
	{ "/exit",		"/%[exit%]",				CHAT_LEAVE,	C,  60 },
	{ "logout;nick",	"%[logout%];%u",			CHAT_LEAVE,	C,  60 },
	{ "!DISCONNECT",	"!%[disconnect%]",			CHAT_LEAVE,	C,  60 },
	{ "FIN",		"%[fin%]",				CHAT_LEAVE,	C,  10 },
	{ "exit",		"%[exit%]",				CHAT_LEAVE,	C,  10 },
	{ "leave",		"%[leave%]",				CHAT_LEAVE,	C,  10 },
	{ "/list",		"/%[list%]",				CHAT_COMMAND,	C,  60 },
	{ "/who",		"/%[who%]",				CHAT_COMMAND,	C,  60 },
	{ "/users",		"/%[users%]",				CHAT_COMMAND,	C,  60 },
	{ "/help",		"/%[help%]",				CHAT_COMMAND,	C,  60 },
	{ "/me",		"/%[me%] %T",				CHAT_COMMAND,	C,  60 },
	{ "WHOISIN",		"%[whoisin%]",				CHAT_COMMAND,	C,  60 },
	{ "list",		"%[list%]",				CHAT_COMMAND,	C,  10 },

	/* private, as typed or sent */
	{ "@nick text",		"@%o %T",				CHAT_PRIVATE,	CS, 40 },
	{ "/msg",		"/%[msg%] %i %T",			CHAT_PRIVATE,	C,  60 },
	{ "/pm",		"/%[pm%] %i %T",			CHAT_PRIVATE,	C,  60 },
	{ "/w",			"/%[w%] %i %T",				CHAT_PRIVATE,	C,  60 },
	{ "/private",		"/%[private%] %i",			CHAT_PRIVATE,	C,  60 },
	{ "\\dm",		"\\%[dm%] %o %T",			CHAT_PRIVATE,	C,  60 },
	{ "msg;from;to;text",	"%[msg%];%u;%o;%T",			CHAT_PRIVATE,	CS, 60 },
	{ "MSG nick text",	"%[msg%] %o %T",			CHAT_PRIVATE,	C,  40 },
	{ "nick >> text",	"%o%_>>%_%T",				CHAT_PRIVATE,	C,  40 },
	{ "/command text",	"/%c %T",				CHAT_COMMAND,	C,  10 },
	{ "/command",		"/%c",					CHAT_COMMAND,	C,  10 },
	{ "\\command text",	"\\%c %T",				CHAT_COMMAND,	C,  10 },
	{ "\\command",		"\\%c",					CHAT_COMMAND,	C,  10 },

	/* private, as it arrives */
	{ "[private] nick -> nick: text", "[private] %u%_%>%_%o:%_%t",	CHAT_PRIVATE,	S,  60 },
	{ "[private] [nick -> nick] text", "[private] [%u%_%>%_%o]%_%t", CHAT_PRIVATE,	S,  60 },
	{ "[time] [private] [nick -> nick] text", "[%h] [private] [%u%_%>%_%o]%_%t", CHAT_PRIVATE, S, 60 },
	{ "[Private from nick]", "[private from %u]:%_%t",		CHAT_PRIVATE,	S,  60 },
	{ "[Private to nick]",	"[private to %o]:%_%t",			CHAT_PRIVATE,	S,  60 },
	{ "[PM][nick] text",	"[pm]%_[%u]%_%t",			CHAT_PRIVATE,	S,  60 },
	{ "[private] nick: text", "[private] %u:%_%t",			CHAT_PRIVATE,	S,  60 },
	{ "[private] text",	"[private]%_%T",			CHAT_PRIVATE,	S,  40 },
	{ "<nick> [private] text", "<%u> [private]%_%t",		CHAT_PRIVATE,	S,  60 },
	{ "nick whisper to you", "%u whisper to you%_:%_%t",		CHAT_PRIVATE,	S,  60 },
	{ "from nick -> text",	"from %u%_%>%_%T",			CHAT_PRIVATE,	S,  60 },

	/* announced by servers */
	{ "* nick joined",	"* %u joined",				CHAT_JOIN,	S,  60 },
	{ "* nick left",	"* %u left",				CHAT_LEAVE,	S,  60 },
	{ "* nick is now known as nick", "* %u is now known as %o",	CHAT_NICK,	S,  60 },
	{ "> nick has joined",	">%_%u has joined%*",			CHAT_JOIN,	S,  60 },
	{ "> nick has left",	">%_%u has left%*",			CHAT_LEAVE,	S,  60 },
	{ "nick has joined the", "%u has joined the%*",			CHAT_JOIN,	S,  60 },
	{ "nick has left the",	"%u has left the%*",			CHAT_LEAVE,	S,  60 },
	{ "NAMEACCEPTED nick",	"nameaccepted %u",			CHAT_JOIN,	S,  60 },
	{ "NAMEACCEPTED",	"nameaccepted",				CHAT_JOIN,	S,  60 },
	{ "nick prompt",	"submitname",				CHAT_NOTICE,	S,  60 },
	{ "nick prompt",	"nick",					CHAT_NOTICE,	S,  10 },
	{ "nick prompt",	"nickname?",				CHAT_NOTICE,	S,  40 },
	{ "nick prompt",	"@nombre_usuario",			CHAT_NOTICE,	S,  60 },
	{ "refusal",		"user %o not found%*",			CHAT_NOTICE,	S,  60 },
	{ "refusal",		"[system] user '%o' not found%*",	CHAT_NOTICE,	S,  60 },
	{ "refusal",		"sorry. no such user exists%*",		CHAT_NOTICE,	S,  60 },
	{ "refusal",		"the nickname doesn't exist%*",		CHAT_NOTICE,	S,  60 },
	{ "refusal",		"le destinataire n'existe pas%*",	CHAT_NOTICE,	S,  60 },
	{ "refusal",		"i'm sorry, %o was not found%*",	CHAT_NOTICE,	S,  60 },
	{ "[System] text",	"[system] %T",				CHAT_NOTICE,	S,  40 },
	{ "* word: text",	"* %swelcome: %*",			CHAT_NOTICE,	S,  60 },
	{ "* word: text",	"* %srefused: %*",			CHAT_NOTICE,	S,  60 },
	{ "* word: text",	"* %shere: %*",				CHAT_NOTICE,	S,  60 },
	{ "* word: text",	"* %shelp: %*",				CHAT_NOTICE,	S,  60 },
	{ "* word: text",	"* %sbye: %*",				CHAT_NOTICE,	S,  60 },
	{ "* text",		"* %T",					CHAT_NOTICE,	S,  10 },

	/* lines for everyone */
	{ "[time] [nick -> nick] text", "[%h] [%u%_%>%_%o]%_%t",	CHAT_LINE,	CS, 60 },
	{ "[time] nick: text",	"[%h] %u:%_%t",				CHAT_LINE,	CS, 40 },
	{ "[time] text",	"[%h] %T",				CHAT_LINE,	CS, 10 },
	{ "time nick:text",	"%h %u:%_%t",				CHAT_LINE,	CS, 30 },
	{ "[address]: text",	"[%a]:%_%t",				CHAT_LINE,	CS, 60 },
	{ "[address] text",	"[%a] %t",				CHAT_LINE,	CS, 30 },
	{ "address> text",	"%a>%_%t",				CHAT_LINE,	CS, 40 },
	{ "address: text",	"%a: %t",				CHAT_LINE,	CS, 30 },
	{ "MESSAGE nick: text",	"message %u:%_%t",			CHAT_LINE,	CS, 60 },
	{ ">>>nick:text",	">>>%_%u:%_%t",				CHAT_LINE,	CS, 60 },
	{ "[nick]: text",	"[%u]: %t",				CHAT_LINE,	CS, 40 },
	{ "[nick] text",	"[%u] %t",				CHAT_LINE,	CS, 40 },
	{ "<nick> text",	"<%u> %t",				CHAT_LINE,	CS, 40 },
	{ "nick : text",	"%u : %T",				CHAT_LINE,	CS, 40 },
	{ "nick> text",		"%u> %T",				CHAT_LINE,	CS, 30 },
	{ "nick% text",		"%u%% %T",				CHAT_LINE,	CS, 30 },
	{ "Thread-N%text",	"%j%%%T",				CHAT_LINE,	CS, 40 },
	{ "nick:text",		"%u:%N%T",				CHAT_LINE,	CS, 20 },
	{ "nick: (nothing)",	"%u: ",					CHAT_LINE,	CS, 10 },
};
/* clang-format on */

const size_t chat_form_count = sizeof(chat_forms) / sizeof(chat_forms[0]);
