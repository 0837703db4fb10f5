/* SPDX-License-Identifier: BSD-2-Clause */
/* Packed capture files, recognised by how they begin: gzip and Zstandard. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct unpack;

/*
 * NULL when the octets begin no packed file. fd is where the rest comes from (the octets in hand are copied), or -1
 * when they are the whole file and the caller keeps them.
 */
struct unpack *unpack_new(const uint8_t *start, size_t length, int fd);
void unpack_free(struct unpack *unpack);
/* How the file is packed. */
const char *unpack_name(const struct unpack *unpack);
/* At least one unpacked octet unless there is no more (0) or the file is damaged (-1). */
ssize_t unpack_pull(struct unpack *unpack, uint8_t *to, size_t room, struct error *err);
