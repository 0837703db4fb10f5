/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde convert: a capture file written anew, whole or in part, with changes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/process.h"
#include "cmd/command.h"
#include "cmd/loss.h"
#include "cmd/moment.h"
#include "cmd/numbers.h"
#include "cmd/reading.h"
#include "cmd/save.h"
#include "io/capture.h"
#include "io/duplicates.h"
#include "io/pcapng_edit.h"

#define LONGEST_COMMENT 65535
#define MOST_COMMENTS 1000 /* options of one command that say comments */

extern const struct command convert_command;

struct convert_arguments {
	struct reading_options reading;
	struct convert_options {
		const char *packets;
		struct moment from, until;
		uint64_t window;              /* of --drop-duplicates; 0: they stay */
		int64_t shift;
		uint64_t snap;
		struct words packet_comments;
		bool delete_comments;
		const char *comment;
		const char *format;
	} convert;
};

/* ------------------------------------------------------------------------------------------------ options */

static int set_from(void *group, const char *value, struct error *err)
{
	return moment_parse(&((struct convert_options *)group)->from, "--from", value, err);
}

static int set_until(void *group, const char *value, struct error *err)
{
	return moment_parse(&((struct convert_options *)group)->until, "--until", value, err);
}

static int set_shift(void *group, const char *value, struct error *err)
{
	if (moment_length(value, &((struct convert_options *)group)->shift) < 0)
		return error_set(err, "--shift %s: not a length of time; write it as -1h, +1.5s or 20ms", value);
	return 0;
}

static int set_duplicates(void *group, const char *value, struct error *err)
{
	struct convert_options *options = group;

	options->window = DUPLICATES_WINDOW;
	if (value && (option_number(value, &options->window) < 0 || options->window < 2 ||
		      options->window > DUPLICATES_MOST))
		return error_set(err, "--drop-duplicates=%s: not a number of packets from 2 to %u", value,
				 DUPLICATES_MOST);
	return 0;
}

static const struct option_row choice_rows[] = {
	{ 0, "packets", "LIST", OPTION_STRING, offsetof(struct convert_options, packets),
	  "only packets with these numbers in IN, as 1-100,205,300-", NULL, NULL },
	{ 0, "from", "TIME", OPTION_SET, 0,
	  "only packets of this time and later: 2026-11-22T14:00:00.5 (local; with Z or +01:00 behind it another "
	  "zone), or +1.5s after the first packet", set_from, NULL },
	{ 0, "until", "TIME", OPTION_SET, 0, "only packets before this time", set_until, NULL },
	{ 0, "drop-duplicates", "[=N]", OPTION_SET, 0,
	  "leave out packets that are, octet for octet, one of the N-1 before (N: 5, at most 10000)", set_duplicates,
	  NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_row change_rows[] = {
	{ 0, "shift", "TIME", OPTION_SET, 0, "add TIME to every time: -1h, 1.5s, 20ms", set_shift, NULL },
	{ 0, "snap", "LENGTH", OPTION_COUNT, offsetof(struct convert_options, snap),
	  "cut packets behind so many octets", NULL, NULL },
	{ 0, "delete-comments", NULL, OPTION_FLAG, offsetof(struct convert_options, delete_comments),
	  "take out the comments that IN has", NULL, NULL },
	{ 0, "comment", "TEXT", OPTION_STRING, offsetof(struct convert_options, comment),
	  "add a comment on the whole capture", NULL, NULL },
	{ 0, "packet-comment", "LIST:TEXT", OPTION_WORDS, offsetof(struct convert_options, packet_comments),
	  "add a comment to these packets of IN, as 7:TEXT or 1-3,9:TEXT; may be given many times", NULL, NULL },
	{ 'F', "file-format", "FORMAT", OPTION_STRING, offsetof(struct convert_options, format),
	  "pcapng (the default), pcap, or nsecpcap; an OUT that ends in .pcap is pcap", NULL, "pcapng pcap nsecpcap" },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = {
	{ "Which packets", reading_rows, offsetof(struct convert_arguments, reading) },
	{ "More ways to choose", choice_rows, offsetof(struct convert_arguments, convert) },
	{ "What becomes of them", change_rows, offsetof(struct convert_arguments, convert) },
	{ "How they are decoded for -Y", decode_rows, offsetof(struct convert_arguments, reading.decode) },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ the run */

struct packet_comment {
	struct numbers packets;
	const char *text;
};

struct convert {
	const struct convert_options *options;
	struct reading reading;
	struct numbers packets;
	struct packet_comment *comments;
	size_t comment_count;
	const char **chosen;               /* those of the packet at hand */
	struct duplicates *duplicates;
	struct pcapng_editor *editor;
	struct census census;
	int64_t first_time;
	bool any;                          /* a packet with a time has come */
	bool inside;                       /* the last one with a time was between --from and --until */
};

static bool is_before(const struct convert *convert, int64_t time, const struct moment *moment)
{
	__int128 limit = (__int128)moment->time + (moment->relative ? convert->first_time : 0);

	return time < limit;
}

/* A packet without a time goes with the one before it. */
static bool in_time(struct convert *convert, const struct frame *frame)
{
	const struct moment *from = &convert->options->from, *until = &convert->options->until;

	if (!frame->has_time)
		return convert->any ? convert->inside : !from->given;
	if (!convert->any)
		convert->first_time = frame->time;
	convert->any = true;
	convert->inside = !(from->given && is_before(convert, frame->time, from)) &&
			  !(until->given && !is_before(convert, frame->time, until));
	return convert->inside;
}

/* What follows conversations has to see every packet, so it comes first. */
static bool is_chosen(struct convert *convert, struct frame *frame)
{
	const struct tracked *tracked;
	bool passes = !convert->reading.filter || reading_passes(&convert->reading, frame, &tracked);
	bool in = in_time(convert, frame);

	if (convert->options->packets && !numbers_has(&convert->packets, frame->number))
		return false;
	return passes && in && !(convert->duplicates && duplicates_seen(convert->duplicates, frame));
}

static size_t comments_for(struct convert *convert, uint64_t number)
{
	size_t count = 0;

	for (size_t i = 0; i < convert->comment_count; i++)
		if (numbers_has(&convert->comments[i].packets, number))
			convert->chosen[count++] = convert->comments[i].text;
	return count;
}

static int take(void *context, struct frame *frame, struct error *err)
{
	struct convert *convert = context;
	struct pcapng_changes changes = {
		.shift = convert->options->shift,
		.delete_comments = convert->options->delete_comments,
		.snap = (uint32_t)convert->options->snap,
		.comments = convert->chosen,
	};

	if (frame->data && !is_chosen(convert, frame))
		return 0;
	if (frame->data)
		changes.comment_count = comments_for(convert, frame->number);
	if (pcapng_edit(convert->editor, frame, &changes, err) < 0)
		return -1;
	census_take(&convert->census, frame);
	return 1;
}

static int run_capture(struct convert *convert, struct capture *capture, struct error *err)
{
	struct error later;
	int status;

	capture->signals = process_signals(err);
	status = capture->signals < 0 ? -1 : capture_run(capture, err);
	if (convert->reading.track)
		track_finish(convert->reading.track);
	if (sink_close(capture->sink, status < 0 ? &later : err) < 0)
		status = -1;
	if (capture->signals >= 0)
		close(capture->signals);
	return status;
}

/* The file as it is wanted, into OUT. */
static int with_source(struct convert *convert, const char *path, struct error *err)
{
	const struct convert_options *options = convert->options;
	const struct save_options save = { .path = path, .format = options->format, .comment = options->comment };
	const struct source_step step = { .take = take, .context = convert };
	const struct reading_options *reading = convert->reading.options;
	struct capture capture = { .stop_packets = reading->count };
	int status;

	capture.source = convert->reading.source = source_step_open(convert->reading.source, &step);
	status = save_open(&capture.sink, &save, capture.source, reading->capture_filter, err);
	if (status == 0)
		status = run_capture(convert, &capture, err);
	return status;
}

/* ------------------------------------------------------------------------------------------------ beginning */

static int packet_comment(struct packet_comment *comment, const char *word, struct error *err)
{
	const char *colon = strchr(word, ':');

	if (!colon)
		return error_set(err, "--packet-comment %s: which packets? write it as 7:TEXT or 1-3,9:TEXT", word);
	comment->text = colon + 1;
	if (strlen(comment->text) > LONGEST_COMMENT)
		return error_set(err, "--packet-comment: the text is longer than %d octets, for which there is no room",
				 LONGEST_COMMENT);
	return numbers_parse(&comment->packets, "--packet-comment", word, (size_t)(colon - word), err);
}

static int packet_comments(struct convert *convert, const struct words *words, struct error *err)
{
	if (words->count > MOST_COMMENTS)
		return error_set(err, "more than %d times --packet-comment; do it in several steps", MOST_COMMENTS);
	convert->comments = mem_new(words->count + 1, sizeof *convert->comments);
	convert->chosen = mem_new(words->count + 1, sizeof *convert->chosen);
	for (convert->comment_count = 0; convert->comment_count < words->count; convert->comment_count++)
		if (packet_comment(&convert->comments[convert->comment_count], words->list[convert->comment_count],
				   err) < 0)
			return -1;
	return 0;
}

static int check(const struct convert_options *options, const char *path, struct error *err)
{
	const struct save_options save = { .path = path, .format = options->format };

	if (options->snap > UINT32_MAX)
		return error_set(err, "--snap: no packet is so long");
	if (options->comment && strlen(options->comment) > LONGEST_COMMENT)
		return error_set(err, "--comment: the text is longer than %d octets, for which there is no room",
				 LONGEST_COMMENT);
	if ((options->comment || options->packet_comments.count) && save_is_pcap(&save))
		return error_set(err, "%s: a pcap file has no room for comments; write pcapng", path);
	return 0;
}

static int prepare(struct convert *convert, struct error *err)
{
	const struct convert_options *options = convert->options;

	convert->editor = pcapng_editor_new();
	if (options->window)
		convert->duplicates = duplicates_new((unsigned)options->window);
	if (options->packets && numbers_parse(&convert->packets, "--packets", options->packets,
					      strlen(options->packets), err) < 0)
		return -1;
	return packet_comments(convert, &options->packet_comments, err);
}

static void release(struct convert *convert)
{
	reading_release(&convert->reading);
	for (size_t i = 0; convert->comments && i <= convert->comment_count; i++)
		numbers_release(&convert->comments[i].packets);
	free(convert->comments);
	free(convert->chosen);
	numbers_release(&convert->packets);
	duplicates_free(convert->duplicates);
	pcapng_editor_free(convert->editor);
	census_release(&convert->census);
}

static int convert_run(void *arguments, const struct words *words, struct error *err)
{
	struct convert_arguments *args = arguments;
	struct convert convert = { .options = &args->convert };
	struct save_options save = { .format = args->convert.format };
	int status;

	if (words->count != 2)
		return error_set(err, "two files are needed: sonde convert IN OUT (- is standard input or output)");
	save.path = words->list[1];
	if (check(&args->convert, save.path, err) < 0)
		return -1;
	status = prepare(&convert, err);
	if (status == 0)
		status = reading_open(&convert.reading, words->list[0], &args->reading, TRACK_ALL, err);
	if (status == 0 && convert.reading.filter)
		status = reading_start(&convert.reading, false, err);
	if (status == 0)
		status = with_source(&convert, save.path, err);
	if (save_is_pcap(&save))
		loss_tell(&convert_command, save.path, &convert.census);
	release(&convert);
	return status < 0 ? -1 : EXIT_DONE;
}

static const char *const examples[] = {
	"sonde convert lab.pcapng lab.pcap",
	"for a program that reads pcap only; what is lost is said",
	"sonde convert lab.pcapng part.pcapng -Y 'chat.user == \"alice\"'",
	"the packets that pass a display filter",
	"sonde convert lab.pcapng part.pcapng --packets 1-100,205,300-",
	"by their numbers",
	"sonde convert lab.pcapng part.pcapng --from +10s --until +20s",
	"by time: ten seconds, from the tenth on",
	"sonde convert lab.pcapng right.pcapng --shift -1h",
	"captured with the clock an hour ahead",
	"sonde convert lab.pcapng noted.pcapng --comment 'second try' --packet-comment '7:no reply to this'",
	"with comments, which Wireshark shows",
	NULL,
};

const struct command convert_command = {
	.name = "convert",
	.summary = "write a capture file anew: other format, fewer packets, other times, comments",
	.synopsis = "IN OUT",
	.description =
		"Writes the packets of IN into OUT: pcap if its name ends in .pcap or .cap or -F says so, else pcapng. "
		"From pcapng to pcapng nothing is lost: blocks that are no packets and options that are not known are "
		"copied as they are, and what is not asked for does not change. A pcap file has no room for comments, "
		"names, interfaces and the like: what was lost is said on standard error.\n\n"
		"Packets are chosen by every way that is given. Without a time of their own (Simple Packet Blocks) "
		"they go with the packet before. Of IN that is cut or damaged, what can be read is written; then the "
		"error, and exit status 2.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct convert_arguments),
	.run = convert_run,
};
