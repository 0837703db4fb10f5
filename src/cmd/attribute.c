/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/attribute.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/attribute_ends.h"

#define MEMBER(name) offsetof(struct attribute_options, name)
const struct option_row attribute_rows[] = {
	{ 0, "processes", NULL, OPTION_FLAG, MEMBER(processes),
	  "find out which processes have the sockets of each packet; any proc field that is named does this as well",
	  NULL, NULL },
	{ 0, "pid", "PID", OPTION_WORDS, MEMBER(pids),
	  "only packets of this process, without its children; may be given many times, also with --program", NULL,
	  NULL },
	{ 0, "program", "NAME", OPTION_WORDS, MEMBER(programs),
	  "only packets of programs of this name: the process's, its file's, or that of the script it runs", NULL,
	  NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};
#undef MEMBER

/* ------------------------------------------------------------------------------------------------ what is wanted */

/* Rows that tell of processes: those of proc, and other programs' names for them. */
static bool reads_owners(const struct protocols *protocols)
{
	for (unsigned i = 0; dissector_list[i]; i++)
		for (unsigned row = 0; row < dissector_list[i]->field_count; row++) {
			const struct field_def *def = &dissector_list[i]->fields[row];

			if (strstr(def->name, "proc.") && protocols_wants(protocols, def))
				return true;
		}
	return false;
}

/* What show wants of its own is not asked: a tree has every field that is there. */
static bool names_owners(const struct show *show)
{
	struct protocols *named = protocols_new();
	bool wanted;

	for (size_t i = 0; i < show->options.field_count; i++)
		protocols_want_field(named, show->options.fields[i]);
	if (show->filter)
		filter_want(show->filter, named);
	wanted = reads_owners(named);
	protocols_free(named);
	return wanted;
}

static int choose_pid(struct attribute *attribute, const char *word, struct error *err)
{
	struct chosen_pid *chosen = &attribute->pids[attribute->pid_count];
	uint64_t pid;

	if (option_number(word, &pid) < 0 || !pid || pid > INT32_MAX)
		return error_set(err, "--pid %s: not the number of a process", word);
	chosen->pid = (uint32_t)pid;
	chosen->descriptor = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
	if (chosen->descriptor < 0 && errno == ESRCH)
		return error_set(err, "--pid %s: there is no such process", word);
	if (chosen->descriptor < 0)
		return error_errno(err, "--pid %s", word);
	attribute->pid_count++;
	return 0;
}

int attribute_wanted(struct attribute *attribute, const struct attribute_options *options, const struct show *show,
		     bool *wanted, struct error *err)
{
	attribute->options = options;
	attribute->pids = mem_new(options->pids.count + 1, sizeof *attribute->pids);
	for (size_t i = 0; i < options->pids.count; i++)
		if (choose_pid(attribute, options->pids.list[i], err) < 0)
			return -1;
	*wanted = options->processes || options->pids.count || options->programs.count || names_owners(show);
	return 0;
}

int attribute_start(struct attribute *attribute, const struct registrar_options *options, struct error *err)
{
	unsigned hidden;

	attribute->registrar = registrar_start(options, err);
	if (!attribute->registrar)
		return -1;
	hidden = registrar_hidden(attribute->registrar);
	if (hidden && !attribute->own)
		fprintf(stderr, "%u process%s may not be looked into: their packets have no owner%s\n", hidden,
			hidden == 1 ? "" : "es", geteuid() ? "; root may look (sudo)" : "");
	return 0;
}

/* ------------------------------------------------------------------------------------------------ who is chosen */

static bool is_name(const char *name, const char *path, size_t length)
{
	const char *slash = memrchr(path, '/', length);
	const char *base = slash ? slash + 1 : path;
	size_t left = length - (size_t)(base - path);

	return strlen(name) == left && !memcmp(name, base, left);
}

/* The program, what options it has, and the script or module that it runs: "python3 -u ./date-server.py". */
static bool runs(const char *name, const char *arguments)
{
	for (unsigned word = 0; arguments && *arguments; word++) {
		size_t length = strcspn(arguments, " ");

		if (is_name(name, arguments, length))
			return true;
		if (word && *arguments != '-')
			return false;
		arguments += length + strspn(arguments + length, " ");
	}
	return false;
}

/* The file may be gone from its folder, which the kernel says behind its name. */
static bool has_name(const char *name, const struct process *process)
{
	static const char gone[] = " (deleted)";
	size_t length = process->path ? strlen(process->path) : 0, suffix = sizeof gone - 1;

	if (length > suffix && !strcmp(process->path + length - suffix, gone))
		length -= suffix;
	return (process->name && !strcmp(name, process->name)) ||
	       (process->path && is_name(name, process->path, length)) || runs(name, process->arguments);
}

/* Its number may be given to another when it has ended; one that executes something is the same process still. */
static bool is_pid(struct chosen_pid *chosen, const struct process *process)
{
	struct pollfd ended = { .fd = chosen->descriptor, .events = POLLIN };

	if (chosen->pid != process->pid)
		return false;
	if (!chosen->first || (chosen->first != process && poll(&ended, 1, 0) == 0))
		chosen->first = process;
	return chosen->first == process;
}

static bool choose_process(struct attribute *attribute, const struct process *process)
{
	for (size_t i = 0; i < attribute->pid_count; i++)
		if (is_pid(&attribute->pids[i], process))
			return true;
	for (size_t i = 0; i < attribute->options->programs.count; i++)
		if (has_name(attribute->options->programs.list[i], process))
			return true;
	return false;
}

static bool choose_owner(struct attribute *attribute, const struct owner *owner)
{
	struct judged_owner *judged = &attribute->judged[((uintptr_t)owner >> 4) % ATTRIBUTE_JUDGED];

	if (!owner)
		return false;
	if (judged->owner == owner)
		return judged->chosen;
	*judged = (struct judged_owner){ .owner = owner };
	for (unsigned i = 0; i < owner->count; i++)
		judged->chosen |= choose_process(attribute, owner->processes[i]);
	return judged->chosen;
}

/* The ports of UDP go to others at once: where every socket is seen, one that is gone has no packets. */
static bool is_own(const struct attribute *attribute, const struct owner *owner, uint8_t kind)
{
	if (!owner || !registrar_is_ours(attribute->registrar, owner))
		return false;
	return kind == SOCKET_TCP || owner->certainty > OWNER_REMEMBERED || !registrar_sees_all(attribute->registrar);
}

static bool passes_own(struct attribute *attribute, struct frame *frame)
{
	struct registrar_packet packet;

	if (!frame_ends(frame, &packet) || !registrar_may_be_ours(attribute->registrar, &packet))
		return false;
	packet.own = true;
	registrar_ask(attribute->registrar, &packet, frame->owners);
	return is_own(attribute, frame->owners[OWNER_SOURCE], packet.kind) ||
	       is_own(attribute, frame->owners[OWNER_DESTINATION], packet.kind);
}

static bool passes(struct attribute *attribute, const struct frame *frame)
{
	if (attribute->pid_count || attribute->options->programs.count)
		return choose_owner(attribute, frame->owners[OWNER_SOURCE]) ||
		       choose_owner(attribute, frame->owners[OWNER_DESTINATION]);
	return true;
}

/* ------------------------------------------------------------------------------------------------ packets */

static void count(struct attribute *attribute, const struct frame *frame)
{
	const struct owner *a = frame->owners[OWNER_SOURCE], *b = frame->owners[OWNER_DESTINATION];

	if (a && b)
		attribute->seen[a->certainty > b->certainty ? a->certainty : b->certainty]++;
	else if (a || b)
		attribute->seen[a ? a->certainty : b->certainty]++;
	else
		attribute->elsewhere++;
}

static int take(void *context, struct frame *frame, struct error *err)
{
	struct attribute *attribute = context;
	struct registrar_packet packet;

	(void)err;
	if (!frame->data)
		return 1;
	frame->owners[OWNER_SOURCE] = frame->owners[OWNER_DESTINATION] = NULL;
	if (!attribute->own && frame_ends(frame, &packet))
		registrar_ask(attribute->registrar, &packet, frame->owners);
	if (!(attribute->own ? passes_own(attribute, frame) : passes(attribute, frame)))
		return 0;
	count(attribute, frame);
	return 1;
}

struct source *attribute_source(struct attribute *attribute, struct source *inner)
{
	const struct source_step step = { take, attribute };

	return source_step_open(inner, &step);
}

/* ------------------------------------------------------------------------------------------------ the end */

void attribute_report(const struct attribute *attribute)
{
	static const char *const words[] = { "unknown", "remembered", "by port", "exact" };

	if (!attribute->registrar)
		return;
	fputs("processes: ", stderr);
	for (unsigned i = OWNER_EXACT + 1; i--;)
		fprintf(stderr, "%llu packets %s, ", (unsigned long long)attribute->seen[i], words[i]);
	fprintf(stderr, "%llu of no socket here\n", (unsigned long long)attribute->elsewhere);
	if (registrar_hidden(attribute->registrar) && !attribute->own)
		fprintf(stderr, "%u process%s could not be looked into\n", registrar_hidden(attribute->registrar),
			registrar_hidden(attribute->registrar) == 1 ? "" : "es");
	if (registrar_lost(attribute->registrar))
		fputs("the process that looks for sockets ended too early: later packets are unknown\n", stderr);
}

void attribute_release(struct attribute *attribute)
{
	for (size_t i = 0; i < attribute->pid_count; i++)
		close(attribute->pids[i].descriptor);
	free(attribute->pids);
	registrar_free(attribute->registrar);
}
