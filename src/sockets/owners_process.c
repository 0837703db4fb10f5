/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes as they were when they were seen: one that executes something else is another from then on. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/owners_parts.h"

#define SLOTS 4096

struct known_process {
	struct process *process;
	uint64_t started, stamp;
	struct known_process *next;
};

static uint64_t mix(uint64_t hash, const char *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)octets[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* The words of /proc/PID/stat that do not change while a program runs, counted from behind the name. */
static bool lasts(unsigned word)
{
	enum { STARTED = 19, CODE_BEGINS = 23, STACK_BEGINS = 25, ARGUMENTS_BEGIN = 45 };

	return word == STARTED || word == CODE_BEGINS || word == STACK_BEGINS || word == ARGUMENTS_BEGIN;
}

/*
 * What tells one program of a process from the next that it executes: its name, its start, and where its memory lies,
 * as far as that may be seen. 0: it is gone.
 */
static uint64_t stamp_of(uint32_t pid, uint64_t *started)
{
	char path[32], text[1024];
	const char *word, *end, *name;
	uint64_t stamp = UINT64_C(0xcbf29ce484222325);
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "/proc/%u/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	word = strrchr(text, ')');
	name = strchr(text, '(');
	if (!word || !name || word[1] != ' ')
		return 0;
	stamp = mix(stamp, name, (size_t)(word - name));
	word += 2;
	for (unsigned i = 0; *word; i++, word = *end ? end + 1 : end) {
		end = word + strcspn(word, " \n");
		if (i == 19)
			*started = strtoull(word, NULL, 10);
		if (lasts(i))
			stamp = mix(stamp, word, (size_t)(end - word) + 1);
	}
	return stamp | 1;
}

static const struct process *remember(struct owners *owners, struct process *process, uint64_t started, uint64_t stamp)
{
	struct known_process **slot = &owners->processes[process->pid % SLOTS];
	struct known_process *known = mem_new(1, sizeof *known);

	*known = (struct known_process){ process, started, stamp, *slot };
	*slot = known;
	owners->process_count++;
	return process;
}

const struct process *owners_process(struct owners *owners, uint32_t pid, uint32_t thread, uint64_t *started)
{
	uint64_t begun = 0, again = 0, stamp = stamp_of(pid, &begun);
	struct process *process;

	if (!owners->processes)
		owners->processes = mem_new(SLOTS, sizeof *owners->processes);
	*started = begun;
	for (struct known_process *known = owners->processes[pid % SLOTS]; stamp && known; known = known->next)
		if (known->process->pid == pid && known->stamp == stamp && known->process->thread == thread)
			return known->process;
	if (!stamp || owners->process_count == OWNERS_PROCESSES)
		return NULL;
	process = process_read(pid, &again);
	if (!process)
		return NULL;
	process->thread = thread;
	/* It may have executed something else meanwhile: then the next look finds another stamp. */
	if (again == begun)
		return remember(owners, process, begun, stamp);
	process_free(process);
	return NULL;
}

void owners_processes_release(struct owners *owners)
{
	for (unsigned i = 0; owners->processes && i < SLOTS; i++)
		while (owners->processes[i]) {
			struct known_process *known = owners->processes[i];

			owners->processes[i] = known->next;
			process_free(known->process);
			free(known);
		}
	free(owners->processes);
}
