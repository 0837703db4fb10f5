/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that a packet socket runs in the kernel; for the ring engine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/bpf.h"
#include "io/interfaces.h"
#include "io/source.h"

#define TAP_FILTER_STEPS 4096 /* the kernel takes no longer ones */

struct tap_filter {
	struct bpf_step steps[TAP_FILTER_STEPS];
	size_t count;
};

struct tap_filter_options {
	const struct bpf *bpf;      /* compiled for the link type that the capture delivers; NULL: everything passes */
	enum tap_shape shape;
	enum capture_direction direction;
	unsigned loopback;          /* index of the loopback interface, when packets from it can come; 0: none can */
	bool only_loopback;         /* no others can come */
	uint32_t snaplen;
};

/*
 * A packet on the loopback interface passes the tap twice, on its way out and in; the copy on its way in is kept,
 * unless what is asked for is what goes out. Returns true when the program decides all. False: it passes more than bpf
 * does, and the caller must ask bpf about each frame it has built.
 */
bool tap_filter_make(struct tap_filter *filter, const struct tap_filter_options *options);
