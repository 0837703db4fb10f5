/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde merge: several capture files made one. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/process.h"
#include "cmd/command.h"
#include "cmd/loss.h"
#include "cmd/save.h"
#include "io/capture.h"
#include "io/merge.h"

extern const struct command merge_command;

struct merge_arguments {
	const char *out;
	const char *write;
	const char *format;
	const char *comment;
	bool append;
};

static const struct option_row rows[] = {
	{ 'o', "output", "FILE", OPTION_STRING, offsetof(struct merge_arguments, out),
	  "the file to be written (- is standard output)", NULL, "file" },
	{ 'w', "write", "FILE", OPTION_STRING, offsetof(struct merge_arguments, write), "the same", NULL, "file" },
	{ 'F', "file-format", "FORMAT", OPTION_STRING, offsetof(struct merge_arguments, format),
	  "pcapng (the default), pcap, or nsecpcap; a FILE that ends in .pcap is pcap", NULL, "pcapng pcap nsecpcap" },
	{ 0, "append", NULL, OPTION_FLAG, offsetof(struct merge_arguments, append),
	  "one file behind the other, instead of by time", NULL, NULL },
	{ 0, "comment", "TEXT", OPTION_STRING, offsetof(struct merge_arguments, comment),
	  "add a comment on the whole capture", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct option_group groups[] = { { "How", rows, 0 }, { NULL, NULL, 0 } };

/* ------------------------------------------------------------------------------------------------ the run */

static int count(void *context, struct frame *frame, struct error *err)
{
	(void)err;
	census_take(context, frame);
	return 1;
}

/* -1 with err; the sink tells the first thing that went wrong. */
static int copy(struct source *source, const struct save_options *save, struct error *err)
{
	struct capture capture = { .source = source };
	struct error later;
	int status;

	if (save_open(&capture.sink, save, source, NULL, err) < 0)
		return -1;
	capture.signals = process_signals(err);
	status = capture.signals < 0 ? -1 : capture_run(&capture, err);
	if (sink_close(capture.sink, status < 0 ? &later : err) < 0)
		status = -1;
	if (capture.signals >= 0)
		close(capture.signals);
	return status;
}

static void tell(const struct save_options *save, const struct census *census, const struct source *merged)
{
	struct merge_notes notes;
	struct text line = { 0 };

	source_merge_notes(merged, &notes);
	if (save_is_pcap(save)) {
		loss_tell(&merge_command, save->path, census);
		return;
	}
	if (notes.timeless)
		text_format(&line, "%s: %llu packets had no time (Simple Packet Blocks); they have the time 0 now",
			    save->path, (unsigned long long)notes.timeless);
	if (notes.opaque)
		text_format(&line, "%s%s: %llu blocks or options of unknown content keep the byte order of their file, "
			    "which is not that of the first; --append would keep all as it is", line.length ? "; " : "",
			    save->path, (unsigned long long)notes.opaque);
	text_char(&line, '\0');
	if (line.length > 1)
		command_complain(&merge_command, line.data);
	text_release(&line);
}

/* Owns the sources. */
static int merge(struct source **sources, const struct words *words, const struct merge_arguments *args,
		 const struct save_options *save, struct error *err)
{
	struct source *merged = source_merge_open(sources, words->list, words->count, args->append), *counted;
	struct census census = { 0 };
	int status;

	counted = source_step_open(merged, &(struct source_step){ .take = count, .context = &census });
	status = copy(counted, save, err);
	tell(save, &census, merged);
	source_close(counted);
	census_release(&census);
	return status;
}

/* ------------------------------------------------------------------------------------------------ beginning */

/* The sink looks at the one source that it knows; here it would not see the others. */
static int not_an_input(struct source **sources, size_t count_of, const char *path, struct error *err)
{
	struct stat st;

	if (!strcmp(path, "-") || stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	for (size_t i = 0; i < count_of; i++)
		if (sources[i]->inode == st.st_ino && sources[i]->device == st.st_dev)
			return error_set(err, "%s: this file is being read; give another name to write to", path);
	return 0;
}

static int check(const struct merge_arguments *args, const struct words *words, const struct save_options *save,
		 struct error *err)
{
	unsigned standard = 0;

	if (!save->path || (args->out && args->write))
		return error_set(err, "which file is to be written? name it once, with -o FILE");
	if (!words->count)
		return error_set(err, "no files are named; try sonde merge -o OUT IN...");
	if (words->count > MERGE_MOST_FILES)
		return error_set(err, "%zu files: at most %d at a time; merge the results again", words->count,
				 MERGE_MOST_FILES);
	for (size_t i = 0; i < words->count; i++)
		standard += !strcmp(words->list[i], "-");
	if (standard > 1)
		return error_set(err, "standard input (-) can be read only once");
	if (args->comment && strlen(args->comment) > UINT16_MAX)
		return error_set(err, "--comment: the text is longer than 65535 octets, for which there is no room");
	if (args->comment && save_is_pcap(save))
		return error_set(err, "%s: a pcap file has no room for comments; write pcapng", save->path);
	return 0;
}

static int merge_run(void *arguments, const struct words *words, struct error *err)
{
	const struct merge_arguments *args = arguments;
	const struct save_options save = {
		.path = args->out ? args->out : args->write, .format = args->format, .comment = args->comment
	};
	struct source *sources[MERGE_MOST_FILES] = { NULL };
	size_t opened = 0;
	int status = check(args, words, &save, err);

	if (status < 0)
		return -1;
	while (opened < words->count && (sources[opened] = source_file_open(words->list[opened], NULL, err)))
		opened++;
	if (opened == words->count && not_an_input(sources, opened, save.path, err) == 0)
		return merge(sources, words, args, &save, err) < 0 ? -1 : EXIT_DONE;
	for (size_t i = 0; i < opened; i++)
		source_close(sources[i]);
	return -1;
}

static const char *const examples[] = {
	"sonde merge -o both.pcapng client.pcapng server.pcapng",
	"what two machines saw, in the order of time",
	"sonde merge -o day.pcapng --append morning.pcapng evening.pcap",
	"one behind the other",
	"sonde merge -o - *.pcapng | sonde read -",
	"several files looked at as one",
	NULL,
};

const struct command merge_command = {
	.name = "merge",
	.summary = "make one capture file of several",
	.synopsis = "-o OUT IN...",
	.description =
		"Writes the packets of up to 64 files into one, by time: of packets of the same time those of the "
		"file that was named first come first. The files may have different formats and link types; in a "
		"pcapng file all interfaces are kept apart, with what is known of them, and comments, names, "
		"statistics, secrets and blocks that are not known are kept too. One packet of each file is held, "
		"whatever their size.\n\n"
		"The sections of the files become one; where they disagree on what captured them, the later ones are "
		"kept as comments. With --append the files come one behind the other, each pcapng section as it "
		"is.\n\n"
		"A file that is cut or damaged gives what can be read of it, the others all; then its error, and exit "
		"status 2.",
	.examples = examples,
	.groups = groups,
	.size = sizeof(struct merge_arguments),
	.run = merge_run,
};
