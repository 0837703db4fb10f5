/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde follow: what the two ends of one conversation said to each other. */
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/following.h"
#include "cmd/terminal.h"

extern const struct command follow_command;

struct follow_arguments {
	struct reading_options reading;
	struct follow_options {
		const char *format, *time, *side, *color;
		bool messages, json;
	} follow;
};

static const struct option_row rows[] = {
	{ 'T', "format", "FORMAT", OPTION_STRING, offsetof(struct follow_options, format),
	  "text (the default), hex, raw (the octets and nothing else) or json (one object a piece)", NULL,
	  "text hex raw json" },
	{ 0, "json", NULL, OPTION_FLAG, offsetof(struct follow_options, json), "the same as -T json", NULL, NULL },
	{ 't', "time", "FORM", OPTION_STRING, offsetof(struct follow_options, time),
	  "times too: a absolute, ad with date, d since the piece before, e seconds since 1970, r since the first "
	  "packet "
	  "of the file, u UTC, ud UTC with date",
	  NULL, "a ad d e r u ud" },
	{ 0, "side", "SIDE", OPTION_STRING, offsetof(struct follow_options, side),
	  "only what this side said: client or server", NULL, "client server" },
	{ 0, "messages", NULL, OPTION_FLAG, offsetof(struct follow_options, messages),
	  "keep messages apart, where the protocol says where they end; text does so for chat", NULL, NULL },
	{ 0, "color", "WHEN", OPTION_STRING, offsetof(struct follow_options, color),
	  "auto (on a terminal, unless NO_COLOR is set), always or never", NULL, "auto always never" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Which packets", reading_rows, offsetof(struct follow_arguments, reading) },
	{ "How they are decoded", decode_rows, offsetof(struct follow_arguments, reading.decode) },
	{ "How it is shown", rows, offsetof(struct follow_arguments, follow) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ which one */

/* A conversation, as far as the user has named it. */
struct wish {
	const struct dissector *protocol; /* NULL: either */
	uint32_t number;
	bool numbered;
};

static int name_protocol(struct wish *wish, const char *word, struct error *err)
{
	if (strcmp(word, "tcp") != 0 && strcmp(word, "udp") != 0)
		return error_set(err, "%s: not what can be followed; say tcp or udp, and the number of a stream", word);
	wish->protocol = protocols_find(word);
	return 0;
}

/* Words behind the file: [tcp|udp [N]]. */
static int read_wish(struct wish *wish, const struct words *words, const char *filter, struct error *err)
{
	uint64_t number;

	if (words->count > 3)
		return error_set(err, "%s: too many words; FILE, tcp or udp, and the number of a stream are enough",
				 words->list[3]);
	if (words->count > 1 && (!strcmp(words->list[0], "tcp") || !strcmp(words->list[0], "udp")))
		return error_set(err, "%s: the file comes first, as in sonde follow FILE %s 0", words->list[0],
				 words->list[0]);
	if (words->count > 1 && name_protocol(wish, words->list[1], err) < 0)
		return -1;
	if (words->count < 3)
		return 0;
	if (option_number(words->list[2], &number) < 0 || number > UINT32_MAX)
		return error_set(err, "%s: not the number of a stream; they are counted from 0", words->list[2]);
	if (filter)
		return error_set(err, "-Y chooses the stream, and so does %s: leave out one of them", words->list[2]);
	wish->number = (uint32_t)number;
	wish->numbered = true;
	return 0;
}

static int first_passed(void *context, const struct packet *packet, const struct tracked *tracked, struct error *err)
{
	struct wish *wish = context;
	const struct flow *flow = tracked->flow;

	(void)packet;
	(void)err;
	if (!flow || (wish->protocol && flow->protocol != wish->protocol))
		return 0;
	if (!wish->protocol && strcmp(flow->protocol->name, "tcp") != 0 && strcmp(flow->protocol->name, "udp") != 0)
		return 0;
	wish->protocol = flow->protocol;
	wish->number = flow->number;
	wish->numbered = true;
	return 1;
}

/* The stream of the first packet that passes the display filter; what of it came before is wanted too. */
static int choose(struct wish *wish, const char *file, const struct reading_options *options, struct error *err)
{
	struct reading reading;
	int status = reading_open(&reading, file, options, FOLLOWING_PARTS, err);

	if (status == 0 && !reading_is_repeatable(&reading))
		status = error_set(err, "-Y: the file is read twice, and this cannot be; save it into a file first, or "
					"name the stream");
	if (status == 0 && filter_reads(reading.filter, FIELD_FOLLOWED))
		reading.parts = TRACK_ALL;
	if (status == 0)
		status = reading_start(&reading, false, err);
	if (status == 0)
		status = reading_run(&reading, first_passed, wish, err);
	reading_release(&reading);
	return wish->numbered || status == 0 ? 0 : -1;
}

static int none_passes(const char *filter)
{
	struct text sentence = { 0 };

	text_format(&sentence, "no packet of a conversation passes '%s'", filter);
	text_char(&sentence, '\0');
	command_complain(&follow_command, sentence.data);
	text_release(&sentence);
	return EXIT_NO;
}

static int not_there(const struct following *following)
{
	const char *name = following->protocol ? following->protocol->title : "TCP or UDP";
	struct text sentence = { 0 };

	if (!following->protocol || !following->streams)
		text_format(&sentence, "there is no %s stream", name);
	else if (following->streams == 1)
		text_format(&sentence, "there is no %s stream %u: there is one, number 0", name, following->number);
	else
		text_format(&sentence, "there is no %s stream %u: there are %u, from 0 to %u", name, following->number,
			    following->streams, following->streams - 1);
	text_char(&sentence, '\0');
	command_complain(&follow_command, sentence.data);
	text_release(&sentence);
	return EXIT_NO;
}

/* ------------------------------------------------------------------------------------------------ how */

static int choose_view(struct follow_view *view, const struct follow_options *options, struct error *err)
{
	const char *format = options->json ? "json" : options->format ? options->format : "text";

	view->form = follow_form(format);
	if (!view->form)
		return error_set(err, "-T %s: no such format; use text, hex, raw or json", format);
	if (follow_form_is_raw(view->form) && isatty(STDOUT_FILENO))
		return error_set(err,
				 "-T raw: octets as they came are nothing for a terminal; send them into a file or a "
				 "program");
	if (follow_form_is_raw(view->form) && options->messages)
		return error_set(err, "--messages: raw octets have no boundaries; use -T text, hex or json");
	view->times = options->time != NULL;
	if (options->time && time_form(options->time, &view->look.time, err) < 0)
		return -1;
	return terminal_color(options->color, &view->look.color, err);
}

static int choose_side(struct following *following, const struct follow_options *options, struct error *err)
{
	static const char *const names[] = { [FOLLOW_CLIENT] = "client", [FOLLOW_SERVER] = "server", NULL };
	int side = options->side ? option_word("--side", options->side, names, err) : FOLLOWING_BOTH;

	following->only = (unsigned)side;
	return side < 0 ? -1 : 0;
}

static int print(struct text *out, struct error *err)
{
	int status = command_print(out, err);

	text_clear(out);
	return status;
}

/* Raw octets cannot say where some are missing. */
static void tell_missing(const struct following *following)
{
	struct text sentence = { 0 };
	uint64_t missing = 0;

	for (unsigned i = 0; i < FOLLOW_SIDES; i++)
		if (following->only == FOLLOWING_BOTH || following->only == i)
			missing += following->sides[i].totals.missing;
	if (missing && follow_form_is_raw(following->view.form)) {
		text_format(&sentence, "%llu octets were not captured; -T text shows where they are missing",
			    (unsigned long long)missing);
		text_char(&sentence, '\0');
		command_complain(&follow_command, sentence.data);
	}
	text_release(&sentence);
}

/* What was read is shown also when the file is cut. */
static int run_following(struct following *following, struct reading *reading, struct error *err)
{
	struct error later;
	int status;

	following_init(following);
	if (reading_start(reading, false, err) < 0)
		return -1;
	following->view.look.time_digits = reading->source->nanoseconds ? 9 : 6;
	status = reading_run(reading, following_packet, following, err);
	if (following_finish(following, status < 0 ? &later : err) < 0 || status < 0)
		return -1;
	tell_missing(following);
	return following->found ? EXIT_DONE : not_there(following);
}

static int follow_run(void *arguments, const struct words *words, struct error *err)
{
	const struct follow_arguments *args = arguments;
	struct reading_options options = args->reading;
	struct following following = { .messages = args->follow.messages, .print = print };
	struct reading reading;
	struct wish wish = { 0 };
	int status;

	if (!words->count)
		return error_set(err, "no file is named; try sonde follow FILE, or - for standard input");
	if (read_wish(&wish, words, options.display_filter, err) < 0 ||
	    choose_view(&following.view, &args->follow, err) < 0 || choose_side(&following, &args->follow, err) < 0)
		return -1;
	if (options.display_filter && choose(&wish, words->list[0], &options, err) < 0)
		return -1;
	if (options.display_filter && !wish.numbered)
		return none_passes(options.display_filter);
	options.display_filter = NULL;
	options.two_pass = false;
	following.protocol = wish.protocol;
	following.number = wish.number;
	following.reading = &reading;
	following.chat_lines = following.view.form == follow_form("text");
	status = reading_open(&reading, words->list[0], &options, FOLLOWING_PARTS, err);
	if (status == 0)
		status = run_following(&following, &reading, err);
	following_release(&following);
	reading_release(&reading);
	return status;
}

static const char *const examples[] = {
	"sonde follow lab.pcapng tcp 0",
	"the first TCP connection: > is the client, < the server",
	"sonde follow lab.pcapng udp 2 -t r",
	"the datagrams between two ends, with their times",
	"sonde follow lab.pcapng -Y 'chat.user == \"alice\"'",
	"the whole conversation in which alice says something",
	"sonde follow lab.pcapng tcp 0 --side=server -T raw > answer",
	"what the server sent, octet for octet",
	NULL,
};

const struct command follow_command = {
	.name = "follow",
	.summary = "show what the two ends of a conversation said",
	.synopsis = "FILE [tcp|udp [N]]",
	.description =
		"Shows one conversation of a capture file: the streams of a TCP connection in order, or the datagrams "
		"between two UDP ports. N is its number as in the fields tcp.stream and udp.stream, from 0; with -Y it "
		"is "
		"the conversation of the first packet that passes; with neither, the first one.\n\n"
		"A line of text begins with > when the client speaks and with < when the server does; >+ goes on with "
		"a "
		"message of several lines; >[12 bytes missing] stands where the capture lacks octets. What came twice "
		"is "
		"shown once, and what came out of order where it belongs. Control characters are escaped.\n\n"
		"Exit status 1 when there is no such conversation.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct follow_arguments),
	.run = follow_run,
};
