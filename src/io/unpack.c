/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/mem.h"

#define PACKED_BUFFER 131072
#define ZSTD_WINDOW_LOG 24 /* 16 MiB: what zstd needs up to level 19 and then some */

struct packing {
	const char *name;
	uint8_t magic[4];
	uint8_t magic_length;
	void (*start)(struct unpack *unpack);
	/* Unpacks from `next` into `to`; sets `between` when a member of the file is complete. -1: damaged. */
	ssize_t (*step)(struct unpack *unpack, uint8_t *to, size_t room, struct error *err);
	void (*release)(struct unpack *unpack);
};

struct unpack {
	const struct packing *packing;
	const uint8_t *next;
	size_t left;
	uint8_t *buffer; /* NULL: all of the file is in memory */
	size_t size;
	int fd;
	bool between;    /* members of the file */
	bool full;       /* the last step filled its room: there may be more without further input */
	union {
		z_stream gzip;
		ZSTD_DStream *zstd;
	} state;
};

static void gzip_start(struct unpack *unpack)
{
	if (inflateInit2(&unpack->state.gzip, 15 + 16) != Z_OK)
		bug("zlib does not start");
}

static ssize_t gzip_step(struct unpack *unpack, uint8_t *to, size_t room, struct error *err)
{
	z_stream *z = &unpack->state.gzip;
	uInt in = unpack->left > INT_MAX ? INT_MAX : (uInt)unpack->left, out = room > INT_MAX ? INT_MAX : (uInt)room;
	int status;

	if (unpack->between)
		inflateReset(z);
	unpack->between = false;
	z->next_in = (Bytef *)(uintptr_t)unpack->next;
	z->avail_in = in;
	z->next_out = to;
	z->avail_out = out;
	status = inflate(z, Z_NO_FLUSH);
	unpack->next += in - z->avail_in;
	unpack->left -= in - z->avail_in;
	unpack->between = status == Z_STREAM_END;
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		return error_set(err, "the gzip data is damaged: %s", z->msg ? z->msg : "not readable");
	return (ssize_t)(out - z->avail_out);
}

static void gzip_release(struct unpack *unpack)
{
	inflateEnd(&unpack->state.gzip);
}

static void zstd_start(struct unpack *unpack)
{
	unpack->state.zstd = ZSTD_createDStream();
	if (!unpack->state.zstd || ZSTD_isError(ZSTD_DCtx_setParameter(unpack->state.zstd, ZSTD_d_windowLogMax,
								       ZSTD_WINDOW_LOG)))
		bug("zstd does not start");
}

static ssize_t zstd_step(struct unpack *unpack, uint8_t *to, size_t room, struct error *err)
{
	ZSTD_inBuffer in = { unpack->next, unpack->left, 0 };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t hint = ZSTD_decompressStream(unpack->state.zstd, &out, &in);

	if (ZSTD_isError(hint) && ZSTD_getErrorCode(hint) == ZSTD_error_frameParameter_windowTooLarge)
		return error_set(err, "packed with a window above 16 MiB; unpack it first with zstd -d --long=31");
	if (ZSTD_isError(hint))
		return error_set(err, "the zstd data is damaged: %s", ZSTD_getErrorName(hint));
	unpack->next += in.pos;
	unpack->left -= in.pos;
	unpack->between = !hint;
	return (ssize_t)out.pos;
}

static void zstd_release(struct unpack *unpack)
{
	ZSTD_freeDStream(unpack->state.zstd);
}

static const struct packing packings[] = {
	{ "gzip", { 0x1f, 0x8b }, 2, gzip_start, gzip_step, gzip_release },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_start, zstd_step, zstd_release },
};

static const struct packing *recognise(const uint8_t *start, size_t length)
{
	for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
		if (length >= packings[i].magic_length && !memcmp(start, packings[i].magic, packings[i].magic_length))
			return &packings[i];
	return NULL;
}

struct unpack *unpack_new(const uint8_t *start, size_t length, int fd)
{
	const struct packing *packing = recognise(start, length);
	struct unpack *unpack;

	if (!packing)
		return NULL;
	unpack = mem_new(1, sizeof *unpack);
	unpack->packing = packing;
	unpack->fd = fd;
	unpack->next = start;
	unpack->left = length;
	if (fd >= 0) {
		unpack->size = length > PACKED_BUFFER ? length : PACKED_BUFFER;
		unpack->buffer = mem_new(unpack->size, 1);
		memcpy(unpack->buffer, start, length);
		unpack->next = unpack->buffer;
	}
	packing->start(unpack);
	return unpack;
}

const char *unpack_name(const struct unpack *unpack)
{
	return unpack->packing->name;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	unpack->packing->release(unpack);
	free(unpack->buffer);
	free(unpack);
}

/* 1: there is input; 0: the file is over. */
static int refill(struct unpack *unpack, struct error *err)
{
	ssize_t n;

	if (unpack->fd < 0)
		return 0;
	do
		n = read(unpack->fd, unpack->buffer, unpack->size);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_errno(err, "cannot read");
	unpack->next = unpack->buffer;
	unpack->left = (size_t)n;
	return n > 0;
}

ssize_t unpack_pull(struct unpack *unpack, uint8_t *to, size_t room, struct error *err)
{
	for (;;) {
		ssize_t n;

		if (!unpack->left && !unpack->full) {
			int more = refill(unpack, err);

			if (more < 0)
				return -1;
			if (!more && unpack->between)
				return 0;
			if (!more)
				return error_set(err, "the %s data ends too early: the file is cut",
						 unpack->packing->name);
		}
		n = unpack->packing->step(unpack, to, room, err);
		unpack->full = n == (ssize_t)room;
		if (n)
			return n;
	}
}
