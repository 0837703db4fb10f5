/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets for the tests of the outputs: Ethernet, IPv4 and UDP around a toy protocol with many types of field. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "packet/dissector.h"
#include "packet/dissect.h"
#include "render/render.h"

#define TOY_PORT 4242
#define PLAIN_PORT 4243 /* nobody is there: plain data */

struct bench {
	struct protocols *protocols;
	const struct renderer *renderer;
	void *state;
	struct render_options options;
	struct text out;
	struct frame frame;
	struct packet packet;
	uint8_t data[512];
	const struct field_def *chosen[8];
};

/* A bench with the renderer and usual options; the caller may change options before bench_start(). */
struct bench *bench_new(const char *renderer);
void bench_start(struct bench *bench);
void bench_free(struct bench *bench);
/* Chooses a column for -T fields. */
void bench_choose(struct bench *bench, const char *field);

/* 10.0.0.2:40000 > 10.0.0.1:port with correct checksums, at 2023-11-14 22:13:20.123456789 UTC, number 1. */
void bench_udp(struct bench *bench, uint16_t port, const void *payload, size_t length);
/* Dissects the frame and renders the packet behind what is there. */
void bench_show(struct bench *bench);
/* The output so far is exactly this; forgets it. */
void assert_output(struct bench *bench, const char *expected);
/* The output so far has this somewhere. */
void assert_shows(struct bench *bench, const char *part);
void assert_hides(struct bench *bench, const char *part);
