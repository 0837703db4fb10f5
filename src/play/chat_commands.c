/* SPDX-License-Identifier: BSD-2-Clause */
/* What a chat client can ask for: the table of commands, and how a name is taken. */
#include "lab/ascii.h"
#include "play/chat_room.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct chat_span trim_start(struct chat_span s)
{
	while (s.length > 0 && ascii_is_blank(*s.data)) {
		s.data++;
		s.length--;
	}
	return s;
}

static struct chat_span trim(struct chat_span s)
{
	s = trim_start(s);
	while (s.length > 0 && ascii_is_blank(s.data[s.length - 1]))
		s.length--;
	return s;
}

/* The first word; *rest is what follows the blanks after it. */
static struct chat_span split_word(struct chat_span s, struct chat_span *rest)
{
	struct chat_span word = { s.data, 0 };

	while (word.length < s.length && !ascii_is_blank(s.data[word.length]))
		word.length++;
	*rest = trim_start((struct chat_span){ s.data + word.length, s.length - word.length });
	return word;
}

/* ------------------------------------------------------------------------------------------------ names */

static size_t characters(struct chat_span s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.length; i++)
		count += (s.data[i] & 0xc0) != 0x80;
	return count;
}

/* Why this cannot be a name, in words; NULL when it can. */
static const char *fault_of_name(struct chat_span name)
{
	if (name.length == 0)
		return "a name cannot be empty";
	if (characters(name) > CHAT_NICK_MAX)
		return "a name has at most 32 characters";
	if (name.data[0] == '@' || !chat_nick_is_valid(name.data, name.length))
		return "a name has a letter, no blanks, nothing invisible, no @ first and none of "
		       ": ; < > [ ] ( ) { } % , \" = ? ! | * / ' \\ ->";
	return NULL;
}

static void take_name(struct chat_room *room, struct chat_member *member, struct chat_span name)
{
	const char *fault = fault_of_name(name);
	const struct chat_member *other = fault ? NULL : chat_room_find(room, name);

	if (fault)
		chat_refuse(member, "%s", fault);
	else if (other && other != member)
		chat_refuse(member, "the name %s is taken", other->name);
	else if (other && name.length == member->name_length && memcmp(name.data, member->name, name.length) == 0)
		chat_refuse(member, "you are %s already", member->name);
	else
		chat_room_name(room, member, name);
}

/* How clients of other servers say their name. The forms of a line are lab/chat.h's; these two would be text there. */
static struct chat_span name_in(struct chat_span line)
{
	static const char *const words[] = { "user ", "nick " };
	struct chat_message message;

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t length = strlen(words[i]);

		if (ascii_starts_with(line.data, line.length, words[i]))
			return trim_start((struct chat_span){ line.data + length, line.length - length });
	}
	chat_parse(line.data, line.length, CHAT_TO_SERVER, &message);
	if ((message.kind == CHAT_NICK || message.kind == CHAT_JOIN) && message.user.length > 0)
		return message.user;
	return line;
}

void chat_first_line(struct chat_room *room, struct chat_member *member, struct chat_span line)
{
	take_name(room, member, name_in(trim(line)));
}

/* ------------------------------------------------------------------------------------------------ commands */

typedef void command_fn(struct chat_room *room, struct chat_member *member, struct chat_span argument);

static void command_nick(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	take_name(room, member, trim(argument));
}

static void command_private(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	struct chat_span text, name = split_word(argument, &text);
	struct chat_member *to = chat_room_find(room, name);

	if (name.length == 0 || text.length == 0)
		chat_refuse(member, "say it so: @NAME text, or /msg NAME text");
	else if (to)
		chat_room_whisper(member, to, text);
	else if (chat_nick_is_valid(name.data, name.length))
		chat_refuse(member, "nobody here is called %.*s; /list says who is here", (int)name.length,
			    (const char *)name.data);
	else
		chat_refuse(member, "nobody here is called that; /list says who is here");
}

static void command_me(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	if (argument.length == 0)
		chat_refuse(member, "say it so: /me does something");
	else
		chat_room_act(room, member, argument);
}

static void command_list(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	(void)argument;
	chat_room_list(room, member);
}

static void command_quit(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	(void)argument;
	chat_room_leave(room, member);
	chat_tell(member, "bye: you have left");
	connection_close(member->connection, "it said goodbye");
	member->gone = true;
}

static command_fn command_help;

/* Several words may mean the same; only what has help is taught. */
static const struct command {
	const char *word;
	command_fn *run;
	bool named; /* only for those who have a name */
	const char *help;
} commands[] = {
	{ "@", command_private, true, "@NAME text (or /msg, /pm, /w): to NAME alone" },
	{ "/nick", command_nick, false, "/nick NAME: takes a name, or another" },
	{ "/name", command_nick, false, NULL },
	{ "/username", command_nick, false, NULL },
	{ "/msg", command_private, true, NULL },
	{ "/pm", command_private, true, NULL },
	{ "/w", command_private, true, NULL },
	{ "/me", command_me, true, "/me does something: * you does something, to all" },
	{ "/list", command_list, false, "/list: who is here" },
	{ "/who", command_list, false, NULL },
	{ "/users", command_list, false, NULL },
	{ "/help", command_help, false, "/help: this" },
	{ "/quit", command_quit, false, "/quit: leaves" },
	{ "/exit", command_quit, false, NULL },
	{ "/leave", command_quit, false, NULL },
	{ "/logout", command_quit, false, NULL },
};

static void command_help(struct chat_room *room, struct chat_member *member, struct chat_span argument)
{
	(void)room;
	(void)argument;
	chat_tell(member, "help: a line goes to all who are here; // or @@ begins one that starts with / or @");
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (commands[i].help)
			chat_tell(member, "help: %s", commands[i].help);
	}
}

static const struct command *find_command(struct chat_span word)
{
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (strlen(commands[i].word) == word.length &&
		    ascii_starts_with(word.data, word.length, commands[i].word))
			return &commands[i];
	}
	return NULL;
}

void chat_command(struct chat_room *room, struct chat_member *member, struct chat_span line)
{
	struct chat_span word = { line.data, 1 }, rest = { line.data + 1, line.length - 1 };
	const struct command *command;

	if (line.data[0] == '/')
		word = split_word(line, &rest);
	command = find_command(word);
	if (!command)
		chat_refuse(member, "there is no such command; /help tells those that there are");
	else if (command->named && !chat_is_named(member))
		chat_refuse(member, "say your name first, as a line of its own");
	else
		command->run(room, member, rest);
}
