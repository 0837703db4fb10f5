/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/source.h"

#define BUFFER (512 * 1024)

/* ------------------------------------------------------------------------------------------- opening */

static int open_standard(struct output *output, struct error *err)
{
	output->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	return output->fd < 0 ? error_errno(err, "%s: cannot write", output->name) : 0;
}

/* Emptied only when it is certain that it is not the file being read. */
static int open_file(struct output *output, int directory, const char *path, const struct source *source,
		     struct error *err)
{
	struct stat st;

	output->fd = openat(directory, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (output->fd < 0 || fstat(output->fd, &st))
		return error_errno(err, "%s: cannot write", output->name);
	if (!S_ISREG(st.st_mode))
		return 0;
	if (source && source->inode && source->inode == st.st_ino && source->device == st.st_dev)
		return error_set(err, "%s: this file is being read; give another name to write to", output->name);
	return ftruncate(output->fd, 0) ? error_errno(err, "%s: cannot be emptied", output->name) : 0;
}

int output_open(struct output *output, int directory, const char *path, const struct source *source, struct error *err)
{
	bool standard = !strcmp(path, "-");

	*output = (struct output){ .fd = -1 };
	output->name = mem_copy_string(standard ? "standard output" : path);
	if (standard ? open_standard(output, err) : open_file(output, directory, path, source, err)) {
		if (output->fd >= 0)
			close(output->fd);
		free(output->name);
		*output = (struct output){ .fd = -1 };
		return -1;
	}
	output->size = BUFFER;
	output->buffer = mem_new(output->size, 1);
	return 0;
}

/* ------------------------------------------------------------------------------------------- failing */

/* The records of the buffer that are in the file, when `written` of its octets are: counts the others out. */
static size_t whole_part(struct output *output, size_t written)
{
	size_t whole = 0;

	for (size_t i = 0; i < output->end_count; i++) {
		size_t end = output->ends[i] & ~OUTPUT_PACKET;

		if (end <= written)
			whole = end;
		else if (output->ends[i] & OUTPUT_PACKET)
			output->packets--;
	}
	return whole;
}

/* Takes back the beginning of a record, if the file is one that can be made shorter and ends where we wrote. */
static void take_back(struct output *output, size_t partial)
{
	off_t position = lseek(output->fd, 0, SEEK_CUR);
	struct stat st;

	if (!partial || position < 0 || fstat(output->fd, &st) || !S_ISREG(st.st_mode) || st.st_size != position)
		return;
	if (!ftruncate(output->fd, position - (off_t)partial))
		lseek(output->fd, position - (off_t)partial, SEEK_SET);
}

static void explain(struct output *output, int cause)
{
	static const struct {
		int cause;
		const char *text;
	} causes[] = {
		{ ENOSPC, "the disk is full" },
		{ EDQUOT, "the disk quota is used up" },
		{ EFBIG, "the file may not grow any larger" },
		{ EPIPE, "the reader has gone away" },
	};
	const char *text = strerror(cause);

	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
		if (causes[i].cause == cause)
			text = causes[i].text;
	error_set(&output->error, "%s: %s after %" PRIu64 " packets", output->name, text, output->packets);
}

static int fail(struct output *output, size_t written, int cause, struct error *err)
{
	size_t whole = whole_part(output, written);

	take_back(output, written - whole);
	output->octets -= output->used - whole;
	output->failed = true;
	output->used = output->size = 0;
	output->end_count = 0;
	explain(output, cause);
	*err = output->error;
	return -1;
}

/* ------------------------------------------------------------------------------------------- writing */

/* Somebody may have made a pipe non-blocking for us. */
static bool again(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	poll(&p, 1, -1);
	return true;
}

int output_flush(struct output *output, struct error *err)
{
	size_t written = 0;

	if (output->failed) {
		*err = output->error;
		return -1;
	}
	while (written < output->used) {
		ssize_t n = write(output->fd, output->buffer + written, output->used - written);

		if (n >= 0)
			written += (size_t)n;
		else if (!again(output->fd))
			return fail(output, written, errno, err);
	}
	output->used = 0;
	output->end_count = 0;
	return 0;
}

uint8_t *output_make_room(struct output *output, size_t n, struct error *err)
{
	if (output_flush(output, err))
		return NULL;
	if (output->size < n) {
		output->buffer = mem_resize(output->buffer, n, 1);
		output->size = n;
	}
	return output->buffer;
}

void output_more_ends(struct output *output)
{
	output->end_room = output->end_room ? 2 * output->end_room : 1024;
	output->ends = mem_resize(output->ends, output->end_room, sizeof *output->ends);
}

int output_close(struct output *output, struct error *err)
{
	int status;

	if (!output->name)
		return 0;
	status = output_flush(output, err);
	/* Some file systems say only here that there was no room. */
	if (close(output->fd) && !status && errno != EINTR) {
		explain(output, errno);
		*err = output->error;
		status = -1;
	}
	free(output->buffer);
	free(output->ends);
	free(output->name);
	*output = (struct output){ .fd = -1 };
	return status;
}
