/* SPDX-License-Identifier: BSD-2-Clause */
#include "config.h"

#include "cmd/save.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As tcpdump counts: millions of octets, unless a unit is given. */
static int set_rotate_size(void *group, const char *value, struct error *err)
{
	struct save_options *options = group;
	uint64_t bare;

	if (option_number(value, &bare) == 0 && bare && bare < UINT64_MAX / 1000000)
		options->rotate_size = bare * 1000000;
	else if (option_size(value, &options->rotate_size) < 0 || !options->rotate_size)
		return error_set(err, "-C %s: not a size; use millions of octets, or 100k, 20m or 1g", value);
	return 0;
}

const struct option_row save_rows[] = {
	{ 'w', "write", "FILE", OPTION_STRING, offsetof(struct save_options, path),
	  "save the packets in FILE (- is standard output) instead of showing them", NULL, "file" },
	{ 'F', "file-format", "FORMAT", OPTION_STRING, offsetof(struct save_options, format),
	  "pcapng (the default), pcap, or nsecpcap; a FILE that ends in .pcap is pcap", NULL, "pcapng pcap nsecpcap" },
	{ 0, "comment", "TEXT", OPTION_STRING, offsetof(struct save_options, comment),
	  "a comment on the whole capture, kept in the pcapng file", NULL, NULL },
	{ 'U', "unbuffered", NULL, OPTION_FLAG, offsetof(struct save_options, unbuffered),
	  "each packet is in the file as soon as it was captured", NULL, NULL },
	{ 'C', "rotate-size", "SIZE", OPTION_SET, 0,
	  "begin a new file when SIZE is reached: millions of octets, or a number with k, m or g", set_rotate_size,
	  NULL },
	{ 'G', "rotate-seconds", "SECONDS", OPTION_COUNT, offsetof(struct save_options, rotate_seconds),
	  "begin a new file every SECONDS of the wall clock; FILE may hold strftime(3) forms", NULL, NULL },
	{ 'W', "rotate-files", "N", OPTION_COUNT, offsetof(struct save_options, rotate_files),
	  "with -C keep the N newest files; with -G alone stop after N files", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

static const struct {
	const char *name;
	enum sink_format format;
	bool nanoseconds;
} formats[] = {
	{ "pcapng", SINK_PCAPNG, false },
	{ "pcap", SINK_PCAP, false },
	{ "nsecpcap", SINK_PCAP, true },
};

static bool ends_with(const char *path, const char *ending)
{
	size_t length = strlen(path), end = strlen(ending);

	return length > end && !strcmp(path + length - end, ending);
}

static const char *format_name(const struct save_options *options)
{
	if (options->format)
		return options->format;
	return ends_with(options->path, ".pcap") || ends_with(options->path, ".cap") ? "pcap" : "pcapng";
}

bool save_is_pcap(const struct save_options *options)
{
	for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(format_name(options), formats[i].name))
			return formats[i].format == SINK_PCAP;
	return false;
}

static int choose_format(struct sink_options *sink, const struct save_options *options, const struct source *source,
			 struct error *err)
{
	const char *name = format_name(options);

	for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(name, formats[i].name)) {
			sink->format = formats[i].format;
			sink->nanoseconds = formats[i].nanoseconds || source->nanoseconds;
			return 0;
		}
	return error_set(err, "-F %s: no such format; use pcapng, pcap or nsecpcap", name);
}

/* Files of a rotation are opened after rights are gone: the folder is remembered while it can be. */
static int folder(void)
{
	int fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? AT_FDCWD : fd;
}

int save_open(struct sink **sink, const struct save_options *options, struct source *source, const char *capture_filter,
	      struct error *err)
{
	struct sink_options chosen = {
		.unbuffered = options->unbuffered,
		.comment = options->comment,
		.application = "sonde " PACKAGE_VERSION,
		.capture_filter = capture_filter,
		.rotate_bytes = options->rotate_size,
		.rotate_seconds = (uint32_t)options->rotate_seconds,
		.rotate_files = (uint32_t)options->rotate_files,
		.directory = AT_FDCWD,
	};

	*sink = NULL;
	if (!options->path) {
		if (options->rotate_size || options->rotate_seconds || options->rotate_files || options->comment)
			return error_set(err, "-C, -G, -W and --comment need a file; add -w FILE");
		return 0;
	}
	if (!strcmp(options->path, "-") && isatty(STDOUT_FILENO))
		return error_set(err, "-w -: standard output is a terminal; send it into a pipe or a file");
	if (choose_format(&chosen, options, source, err) < 0)
		return -1;
	if (chosen.rotate_bytes || chosen.rotate_seconds)
		chosen.directory = folder();
	*sink = sink_open(options->path, source, &chosen, err);
	return *sink ? 0 : -1;
}

void save_tell_losses(const struct save_options *options, const struct sink *sink, const struct command *command)
{
	unsigned long long packets = sink ? sink_processes_lost(sink) : 0;
	struct text sentence = { 0 };

	if (!packets)
		return;
	text_format(&sentence,
		    "%s: a pcap file has no room for processes; lost: those of %llu packet%s; write pcapng to keep "
		    "them",
		    options->path, packets, packets == 1 ? "" : "s");
	text_char(&sentence, '\0');
	command_complain(command, sentence.data);
	text_release(&sentence);
}

bool save_rotates(const struct save_options *options)
{
	return options->path && strcmp(options->path, "-") && (options->rotate_size || options->rotate_seconds);
}

/*
 * Without capabilities root may write only into root's own folders. Later files of a rotation are made then, so under
 * sudo they are made by whoever called it.
 */
const char *save_user(const struct save_options *options, const char *user)
{
	const char *caller = getenv("SUDO_USER");

	return user || !save_rotates(options) || geteuid() != 0 || !caller || !*caller ? user : caller;
}

int save_check_folder(const struct save_options *options, struct error *err)
{
	const char *slash = strrchr(options->path, '/');
	char folder[PATH_MAX] = ".";

	if (slash && (size_t)(slash - options->path) + 2 > sizeof folder)
		return error_set(err, "-w %s: the name is too long", options->path);
	if (slash)
		memcpy(folder, options->path, (size_t)(slash - options->path) + 1);
	if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(
			err,
			"-w %s: with every right given up, the next file cannot be made in this folder; use -Z with "
			"the folder's owner",
			options->path);
	return 0;
}
