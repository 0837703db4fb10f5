/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture files: opening them, finding out what they are, following them as they grow. */
#include "io/source_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/octets.h"
#include "io/pcap.h"
#include "io/unpack.h"

#define QUOTED 24 /* octets of a file that is no capture, shown in the refusal */

/* ------------------------------------------------------------------------------------------- ends and errors */

enum source_answer file_damaged(struct file_source *file, struct error *err, const char *format, ...)
{
	char what[256];
	va_list args;

	if (file->over)
		return SOURCE_END;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	file->over = true;
	error_set(err, "%s: damaged at octet %" PRIu64 " (after packet %" PRIu64 "): %s; what came before was read",
		  file->name, input_offset(&file->input), file->source.frames, what);
	return SOURCE_ERROR;
}

static enum source_answer cut(struct file_source *file, struct error *err)
{
	uint64_t packet = file->source.frames;
	bool is_packet = !strcmp(file->unit, "packet");

	file->over = true;
	error_set(err, "%s: cut in %s %" PRIu64 " at octet %" PRIu64 ": only its first %zu octets are there; "
		  "what came before was read", file->name, is_packet ? "packet" : "the block after packet",
		  is_packet ? packet + 1 : packet, input_offset(&file->input), input_left(&file->input));
	return SOURCE_ERROR;
}

static enum source_answer unreadable(struct file_source *file, struct error *err)
{
	file->over = true;
	error_set(err, "%s: after packet %" PRIu64 " (octet %" PRIu64 "): %s", file->name, file->source.frames,
		  file->input.pulled, file->input.error.text);
	return SOURCE_ERROR;
}

/* The events say nothing that reading does not; they only wake. */
static void forget_events(int notify)
{
	char events[4096];

	while (notify >= 0 && read(notify, events, sizeof events) > 0)
		continue;
}

static enum source_answer wait_for_more(struct file_source *file, size_t n, struct error *err)
{
	struct stat st;

	forget_events(file->notify);
	if (input_fill(&file->input, n))
		return SOURCE_FRAME;
	if (file->input.failed)
		return unreadable(file, err);
	if (!fstat(file->input.fd, &st) && (uint64_t)st.st_size < file->input.pulled)
		return file_damaged(file, err, "the file was made shorter while it was followed");
	return SOURCE_AGAIN;
}

enum source_answer file_need(struct file_source *file, size_t n, struct error *err)
{
	if (file->over)
		return SOURCE_END;
	if (input_have(&file->input, n))
		return SOURCE_FRAME;
	if (file->input.failed)
		return unreadable(file, err);
	if (file->follow && !file->stopped)
		return wait_for_more(file, n, err);
	if (!input_left(&file->input) || file->follow)
		return SOURCE_END;
	return cut(file, err);
}

/* ------------------------------------------------------------------------------------------- what file it is */

static const struct {
	const char *name;
	const char *magic;
	const char *advice;
} strangers[] = {
	{ "an xz file", "\xfd" "7zXZ", "unpack it first: xz -d" },
	{ "a bzip2 file", "BZh", "unpack it first: bzip2 -d" },
	{ "an lz4 file", "\x04\x22\x4d\x18", "unpack it first: lz4 -d" },
	{ "a snoop file", "snoop", "convert it first: editcap -F pcapng" },
};

/* The first line if it is text, else its first octets. */
static void quote(struct text *out, const uint8_t *at, size_t length)
{
	size_t n = 0;

	while (n < length && n < QUOTED && at[n] >= ' ' && at[n] < 0x7f)
		n++;
	if (n >= 4 || n == length) {
		text_string(out, "begins with \"");
		text_add(out, at, n);
		text_string(out, "\"");
		return;
	}
	text_string(out, "begins with the octets ");
	text_hex_bytes(out, at, length < 8 ? length : 8);
}

static int refuse(struct file_source *file, struct error *err)
{
	const uint8_t *at = file->input.at;
	size_t length = input_left(&file->input);
	struct text begin = { 0 };

	if (file->input.failed)
		return error_set(err, "%s: %s", file->name, file->input.error.text);
	if (!length)
		return error_set(err, "%s: not a capture file: it is empty", file->name);
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
		if (length >= strlen(strangers[i].magic) &&
		    !memcmp(at, strangers[i].magic, strlen(strangers[i].magic)))
			return error_set(err, "%s: not a capture file but %s; %s", file->name, strangers[i].name,
					 strangers[i].advice);
	quote(&begin, at, length);
	error_set(err, "%s: not a capture file: it %.*s; pcap and pcapng are read, plain or packed with gzip or zstd",
		  file->name, (int)begin.length, begin.data);
	text_release(&begin);
	return -1;
}

static bool is_pcap(uint32_t magic)
{
	return magic == PCAP_MAGIC || magic == PCAP_MAGIC_NANOSECONDS || magic == PCAP_MAGIC_MODIFIED;
}

static bool is_pcapng(const uint8_t *at)
{
	uint32_t order = load32(at + 8, false);

	return load32(at, false) == BLOCK_SECTION &&
	       (order == PCAPNG_BYTE_ORDER || order == __builtin_bswap32(PCAPNG_BYTE_ORDER));
}

/* 1: the source reads its format from now on; 0: more octets are needed; -1: no capture. */
static int recognise(struct file_source *file, struct error *err)
{
	struct input *input = &file->input;
	uint32_t magic;

	if (!input_have(input, 4))
		return 0;
	magic = load32(input->at, false);
	if (is_pcap(magic) || is_pcap(__builtin_bswap32(magic)))
		return !input_have(input, PCAP_FILE_HEADER) ? 0 : pcap_start(file, err) ? -1 : 1;
	if (magic != BLOCK_SECTION)
		return refuse(file, err);
	if (!input_have(input, 12))
		return 0;
	if (!is_pcapng(input->at))
		return refuse(file, err);
	pcapng_start(file);
	return 1;
}

static int recognise_whole(struct file_source *file, struct error *err)
{
	int status = recognise(file, err);
	uint32_t magic;

	if (status)
		return status < 0 ? -1 : 0;
	if (file->input.failed || input_left(&file->input) < 4)
		return refuse(file, err);
	magic = load32(file->input.at, false);
	return error_set(err, "%s: cut in the %s at octet %zu: it holds no packets", file->name,
			 magic == BLOCK_SECTION ? "section header" : "file header", input_left(&file->input));
}

/* ------------------------------------------------------------------------------------------- a file that starts */

/* Until enough of the file is there to say what it is: only with follow. */
static enum source_answer waiting_next(struct source *source, struct frame *frame, struct error *err)
{
	struct file_source *file = (struct file_source *)source;
	enum source_answer answer = file_need(file, PCAP_FILE_HEADER, err);
	int status;

	if (answer != SOURCE_FRAME)
		return answer;
	status = recognise(file, err);
	if (status > 0)
		return source_next(source, frame, err);
	if (!status)
		bug("%s: not recognised with its header in hand", file->name);
	file->over = true;
	return SOURCE_ERROR;
}

int file_fd(const struct source *source)
{
	return ((const struct file_source *)source)->notify;
}

void file_stop(struct source *source)
{
	((struct file_source *)source)->stopped = true;
}

void file_close(struct source *source)
{
	struct file_source *file = (struct file_source *)source;

	pcapng_release(file);
	input_close(&file->input);
	if (file->notify >= 0)
		close(file->notify);
	free(file->name);
	free(file);
}

static const struct source_ops waiting_ops = {
	.name = "file",
	.next = waiting_next,
	.fd = file_fd,
	.stop = file_stop,
	.close = file_close,
};

static struct file_source *file_new(const char *name)
{
	struct file_source *file = mem_new(1, sizeof *file);

	file->source.ops = &waiting_ops;
	file->source.from_file = true;
	file->name = mem_copy_string(name);
	file->unit = "packet";
	file->notify = -1;
	file->input.fd = -1;
	return file;
}

/* ------------------------------------------------------------------------------------------- openers */

/* Packed or not, and what format; with follow the answer may come later. */
static int begin(struct file_source *file, struct error *err)
{
	input_have(&file->input, 4);
	if (input_unpack(&file->input) && file->follow)
		return error_set(err, "%s: a packed file cannot be followed; unpack it, or leave out --follow",
				 file->name);
	if (file->follow && !file->input.failed && input_left(&file->input) < PCAP_FILE_HEADER)
		return 0;
	return recognise_whole(file, err);
}

static int watch(struct file_source *file, const char *path, struct error *err)
{
	file->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (file->notify < 0 || inotify_add_watch(file->notify, path, IN_MODIFY | IN_ATTRIB) < 0)
		return error_errno(err, "%s: cannot be followed", file->name);
	return 0;
}

static int open_path(struct file_source *file, const char *path, bool follow, struct error *err)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return error_errno(err, "%s: cannot open", file->name);
	input_open(&file->input, fd);
	if (fstat(fd, &st))
		return error_errno(err, "%s: cannot open", file->name);
	if (S_ISDIR(st.st_mode))
		return error_set(err, "%s: a directory, not a capture file; name the files in it", file->name);
	if (S_ISREG(st.st_mode)) {
		file->source.device = st.st_dev;
		file->source.inode = st.st_ino;
	}
	/* A pipe waits by itself. */
	file->follow = follow && S_ISREG(st.st_mode);
	return file->follow && !standard ? watch(file, path, err) : 0;
}

struct source *source_file_open(const char *path, const struct source_file_options *options, struct error *err)
{
	struct file_source *file = file_new(strcmp(path, "-") ? path : "standard input");

	if (open_path(file, path, options && options->follow, err) || begin(file, err)) {
		source_close(&file->source);
		return NULL;
	}
	return &file->source;
}

struct source *source_memory_open(const uint8_t *data, size_t length, struct error *err)
{
	struct file_source *file = file_new("memory");

	input_open_memory(&file->input, data, length);
	if (begin(file, err)) {
		source_close(&file->source);
		return NULL;
	}
	return &file->source;
}
