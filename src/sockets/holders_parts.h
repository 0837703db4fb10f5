/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the holders share: /proc is looked into by threads, each of which keeps what it found. */
#pragma once

#include <stdatomic.h>

#include "base/pool.h"
#include "sockets/holders.h"

#define HOLDERS_THREADS 2
#define HOLDERS_NAME 64 /* octets of a name; those of the kernel's own threads are longer than a program's */

struct holders_process {
	struct process process;
	char name[HOLDERS_NAME];
};

/* The work, and what is shared of it. */
struct holders_work {
	int proc; /* descriptor of /proc */
	uint32_t *pids;
	size_t count;
	_Atomic size_t next;  /* of pids: whoever is free takes it */
	_Atomic size_t links; /* looked at so far */
	_Atomic bool cut;
	_Atomic unsigned hidden;
};

/* What one thread found: of each process all, by descriptor. */
struct holders_found {
	struct holders_work *work;
	struct holder *list;
	size_t count, room;
	struct pool processes;          /* of struct holders_process */
	struct holders_process **named; /* all that were taken of it */
	size_t named_count, named_room;
	char *entries; /* a piece of a directory */
};
#define HOLDERS_ENTRIES (256u << 10) /* octets of it */

struct holders_parts {
	struct holders_found found[HOLDERS_THREADS];
};

/* The processes there are, unless somebody named them. -1 with err: /proc is not there. */
int holders_pids(struct holders_work *work, struct holders_found *found, struct error *err);

/* Takes processes until there are none left. */
void holders_walk(struct holders_found *found);

/* By inode, then process, then descriptor; spare: room for as many. */
void holders_sort(struct holder *list, struct holder *spare, size_t count);

/* For each entry of an open directory that is a number; false from it ends the listing. -1 with errno. */
int holders_list(int folder, char *entries, bool (*entry)(void *context, uint32_t number, const char *name),
		 void *context);

/* A small file in /proc, NUL-terminated, `size` octets at most with the NUL: its length, -1 with errno. */
long holders_file(int folder, const char *path, char *out, size_t size);

/* The name of a process without the newline that ends the file: it may hold others. False: it is gone. */
bool holders_name(int folder, const char *path, char name[HOLDERS_NAME]);
