/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The octets of a file, pipe or memory as a window that slides: whoever reads asks for n octets in one piece and gets
 * them where they are. Packed files are unpacked on the way. Offsets count octets of the unpacked stream.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct unpack;

struct input {
	const uint8_t *at;  /* what comes next; move it on when done */
	const uint8_t *end; /* of what is in hand */
	uint64_t pulled;    /* offset of `end` in the stream */
	uint8_t *buffer;    /* NULL: memory of the caller */
	size_t size;
	struct unpack *unpack;
	int fd;             /* -1: memory */
	bool failed;        /* error says why: no more will come */
	struct error error;
};

/* The input owns fd from here on. */
void input_open(struct input *input, int fd);
void input_open_memory(struct input *input, const uint8_t *data, size_t length);
void input_close(struct input *input);

/* With the first octets in hand: true when they begin a packed file, which is unpacked from here on. */
bool input_unpack(struct input *input);

/* Reads until n octets are in hand. False: the stream ends before that (try again later if it grows), or failed. */
bool input_fill(struct input *input, size_t n);

static inline bool input_have(struct input *input, size_t n)
{
	return __builtin_expect((size_t)(input->end - input->at) >= n, 1) || input_fill(input, n);
}

static inline size_t input_left(const struct input *input)
{
	return (size_t)(input->end - input->at);
}

static inline uint64_t input_offset(const struct input *input)
{
	return input->pulled - (uint64_t)(input->end - input->at);
}
