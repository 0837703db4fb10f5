/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several files in a row, named as tcpdump names them. -C: NAME, NAME1, NAME2...; with -W a ring of NAME0 to NAMEn, the
 * numbers equally long. -G: NAME goes through strftime; a name without % gets a time stamp before its extension.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "io/sink_file.h"

#define SECOND INT64_C(1000000000)
#define NAME_MAX_LENGTH 4096
#define STAMP "_%Y%m%d%H%M%S"

bool rotate_wanted(const struct sink *sink)
{
	return sink->options.rotate_bytes || sink->options.rotate_seconds;
}

/* The name with its pattern of time. */
static void pattern(const struct sink *sink, struct text *out)
{
	const char *file = strrchr(sink->path, '/'), *dot;

	file = file ? file + 1 : sink->path;
	dot = strrchr(file, '.');
	if (!dot || dot == file)
		dot = file + strlen(file);
	if (strchr(sink->path, '%'))
		dot = file + strlen(file);
	text_add(out, sink->path, (size_t)(dot - sink->path));
	if (!strchr(sink->path, '%'))
		text_string(out, STAMP);
	text_string(out, dot);
	text_char(out, '\0');
}

static int base_name(struct sink *sink, char **out, struct error *err)
{
	time_t seconds = (time_t)(sink->period / SECOND);
	char name[NAME_MAX_LENGTH];
	struct text format = { 0 };
	struct tm tm;
	size_t length;

	if (!sink->options.rotate_seconds) {
		*out = mem_copy_string(sink->path);
		return 0;
	}
	pattern(sink, &format);
	length = localtime_r(&seconds, &tm) ? strftime(name, sizeof name, format.data, &tm) : 0;
	text_release(&format);
	if (!length)
		return error_set(err, "%s: makes no file name; see strftime(3) for what may follow %%", sink->path);
	*out = mem_copy_bytes(name, length);
	return 0;
}

static unsigned digits(uint32_t files)
{
	unsigned n = 1;

	for (uint32_t last = files - 1; last >= 10; last /= 10)
		n++;
	return n;
}

static bool ring(const struct sink *sink)
{
	return sink->options.rotate_bytes && sink->options.rotate_files;
}

static void file_name(const struct sink *sink, struct text *out)
{
	text_string(out, sink->base);
	if (ring(sink))
		text_wrote(out, put_uint_padded(text_room(out, 10), sink->number, digits(sink->options.rotate_files)));
	else if (sink->number)
		text_uint(out, sink->number);
	text_char(out, '\0');
}

static int open_file(struct sink *sink, struct error *err)
{
	struct text name = { 0 };
	int status;

	file_name(sink, &name);
	status = output_open(&sink->output, sink->options.directory, name.data, sink->source, err);
	text_release(&name);
	return status;
}

int rotate_open(struct sink *sink, struct error *err)
{
	if (rotate_wanted(sink) && !strcmp(sink->path, "-"))
		return error_set(err, "standard output is one file: -C and -G need a file name with -w");
	sink->period = sink->started;
	sink->deadline = INT64_MAX;
	if (sink->options.rotate_seconds)
		sink->deadline = sink->period + sink->options.rotate_seconds * SECOND;
	return base_name(sink, &sink->base, err) || open_file(sink, err) ? -1 : 0;
}

/* A sink between two files cannot go on: every later call says why. */
static int next_file(struct sink *sink, struct error *err)
{
	int status = sink_finish_file(sink, err);

	if (!status)
		status = open_file(sink, err);
	if (!status && sink->live) {
		sink->begun = true;
		status = sink->ops->begin(sink, NULL, err);
	}
	if (status) {
		sink->output.failed = true;
		sink->output.error = *err;
	}
	return status;
}

int rotate_by_size(struct sink *sink, struct error *err)
{
	sink->number++;
	if (ring(sink))
		sink->number %= sink->options.rotate_files;
	return next_file(sink, err);
}

/* Periods in which nothing called us leave no file. */
static int next_period(struct sink *sink, struct error *err)
{
	const int64_t length = sink->options.rotate_seconds * SECOND;
	char *base;

	sink->period += (sink->now - sink->period) / length * length;
	sink->deadline = sink->period + length;
	if (base_name(sink, &base, err))
		return -1;
	/* A pattern coarser than the period gives a name twice: number it rather than write over the file. */
	sink->number = strcmp(base, sink->base) ? 0 : sink->number + 1;
	if (ring(sink))
		sink->number %= sink->options.rotate_files;
	free(sink->base);
	sink->base = base;
	return next_file(sink, err);
}

int rotate_by_time(struct sink *sink, struct error *err)
{
	if (sink->stopped)
		return 1;
	if (sink->now < sink->deadline)
		return 0;
	sink->periods++;
	if (sink->options.rotate_files && !sink->options.rotate_bytes && sink->periods >= sink->options.rotate_files) {
		sink->stopped = true;
		sink->deadline = INT64_MAX;
		return 1;
	}
	return next_period(sink, err);
}
