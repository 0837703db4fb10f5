/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the watch share: sockets as they were seen last, found by what they are known by. */
#pragma once

#include "base/pool.h"
#include "sockets/watch.h"

struct watched {
	struct watched *next;   /* of its slot */
	struct socket socket;   /* as it was seen last; its strings are its own */
	struct holder *holders; /* NULL: none known; what they point to follows them */
	size_t holder_count;
	int64_t since; /* when it was seen first */
	uint64_t look; /* number of the look at which it was seen last */
	bool first;    /* it was there at the first look */
	bool told, destroyed;
	bool over;      /* it was told that it is gone ... */
	int64_t forget; /* ... and is remembered until then: the kernel may tell of its end later still */
};

struct watch {
	struct watched **slots;
	size_t size; /* of slots: a power of two */
	size_t count;
	uint64_t look;            /* number of the last look; 0: none yet */
	struct pool pool;         /* of struct watched */
	struct socket *destroyed; /* since the last look */
	size_t destroyed_count, destroyed_room;
	uint64_t missed;
};

/* NULL: it was not seen. */
struct watched *watched_find(const struct watch *watch, const struct socket *socket);
/* It is seen for the first time. */
struct watched *watched_add(struct watch *watch, const struct socket *socket);
/* Of all, in no order; those of which it says true are removed. */
void watched_sweep(struct watch *watch, bool (*gone)(void *context, struct watched *watched), void *context);

/* It is seen again, as this. */
void watched_update(struct watched *watched, const struct socket *socket);
/* These are its processes now. True: they were others. */
bool watched_own(struct watched *watched, const struct holder *holders, size_t count);
