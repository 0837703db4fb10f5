/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/unpack.h"

#define WINDOW (128 * 1024) /* stays in the second level cache */

static void window(struct input *input)
{
	input->size = WINDOW;
	input->buffer = mem_new(input->size, 1);
	input->at = input->end = input->buffer;
	input->pulled = 0;
}

void input_open(struct input *input, int fd)
{
	*input = (struct input){ .fd = fd };
	window(input);
}

void input_open_memory(struct input *input, const uint8_t *data, size_t length)
{
	static const uint8_t nothing[1];
	const uint8_t *at = length ? data : nothing;

	*input = (struct input){ .fd = -1, .at = at, .end = at + length, .pulled = length };
}

void input_close(struct input *input)
{
	unpack_free(input->unpack);
	free(input->buffer);
	if (input->fd >= 0)
		close(input->fd);
}

bool input_unpack(struct input *input)
{
	uint8_t *old = input->buffer;

	input->unpack = unpack_new(input->at, input_left(input), input->fd);
	if (!input->unpack)
		return false;
	window(input);
	free(old);
	return true;
}

static ssize_t pull(struct input *input, uint8_t *to, size_t room)
{
	ssize_t n;

	if (input->unpack)
		return unpack_pull(input->unpack, to, room, &input->error);
	do
		n = read(input->fd, to, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		error_errno(&input->error, "cannot read");
	return n;
}

/* Room is made by moving what is left to the front; the window grows only when what is there already fills it. */
static size_t make_room(struct input *input, size_t n)
{
	size_t left = input_left(input);

	if (left == input->size) {
		input->size = 2 * left < n ? 2 * left : n + WINDOW;
		input->buffer = mem_resize(input->buffer, input->size, 1);
	} else if (input->at != input->buffer) {
		memmove(input->buffer, input->at, left);
	}
	input->at = input->buffer;
	input->end = input->buffer + left;
	return input->size - left;
}

bool input_fill(struct input *input, size_t n)
{
	while (input_left(input) < n) {
		size_t room;
		ssize_t got;

		if (input->failed || !input->buffer)
			return false;
		room = make_room(input, n);
		got = pull(input, input->buffer + input_left(input), room);
		input->failed = got < 0;
		if (got <= 0)
			return false;
		input->end += got;
		input->pulled += (uint64_t)got;
	}
	return true;
}
