/* SPDX-License-Identifier: BSD-2-Clause */
/* What /proc tells of one process. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/holders_parts.h"

#define ARGUMENTS 4096      /* octets of the command line that are kept */
#define ACCOUNT (64u << 10) /* octets that an entry of passwd(5) may take */

/* Strings before they are in one piece. */
struct facts {
	struct process process;
	char name[HOLDERS_NAME], arguments[ARGUMENTS + 1], path[PATH_MAX + 1];
	char user[256];
	uint64_t started;
};

/* The name stands in parentheses and may hold some itself: the last one ends it. Field 4 is the parent, 22 the start.
 */
static bool read_stat(int folder, struct facts *facts)
{
	char stat[1024];
	const char *rest;
	unsigned long long started;

	if (holders_file(folder, "stat", stat, sizeof stat) <= 0)
		return false;
	rest = strrchr(stat, ')');
	if (!rest || sscanf(rest, ") %*c %u %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
			    &facts->process.parent, &started) != 2)
		return false;
	facts->started = started;
	return true;
}

/* The owner of /proc/PID is root for many a program that is not, so the second, the effective one, of Uid: is taken. */
static void read_user(int folder, struct facts *facts)
{
	char status[4096], *account;
	const char *line;
	struct passwd entry, *found = NULL;

	if (holders_file(folder, "status", status, sizeof status) <= 0)
		return;
	line = strstr(status, "\nUid:"); /* a newline in the name is written as \n */
	if (!line || sscanf(line, "\nUid: %*u %u", &facts->process.uid) != 1)
		return;
	facts->process.has_uid = true;
	account = mem_new(1, ACCOUNT);
	if (!getpwuid_r(facts->process.uid, &entry, account, ACCOUNT, &found) && found) {
		snprintf(facts->user, sizeof facts->user, "%s", found->pw_name);
		facts->process.user = facts->user;
	}
	free(account);
}

static void read_path(int folder, struct facts *facts)
{
	ssize_t length = readlinkat(folder, "exe", facts->path, sizeof facts->path - 1);

	if (length <= 0)
		return;
	facts->path[length] = '\0';
	facts->process.path = facts->path;
}

/* Words end with a NUL each. */
static void read_arguments(int folder, struct facts *facts)
{
	long length = holders_file(folder, "cmdline", facts->arguments, sizeof facts->arguments);

	while (length > 0 && !facts->arguments[length - 1])
		length--;
	if (length <= 0)
		return;
	for (long i = 0; i < length; i++)
		if (!facts->arguments[i])
			facts->arguments[i] = ' ';
	facts->process.arguments = facts->arguments;
}

static size_t size_of(const char *string)
{
	return string ? strlen(string) + 1 : 0;
}

static const char *keep(char **at, const char *string)
{
	size_t size = size_of(string);
	char *here = *at;

	if (!string)
		return NULL;
	memcpy(here, string, size);
	*at += size;
	return here;
}

static struct process *in_one_piece(const struct process *from)
{
	struct process *process = mem_new(1, sizeof *process + size_of(from->name) + size_of(from->user) +
						     size_of(from->path) + size_of(from->arguments));
	char *at = (char *)(process + 1);

	*process = *from;
	process->name = keep(&at, from->name);
	process->user = keep(&at, from->user);
	process->path = keep(&at, from->path);
	process->arguments = keep(&at, from->arguments);
	return process;
}

struct process *process_read(uint32_t pid, uint64_t *started)
{
	struct process *process = NULL;
	struct facts *facts;
	char path[32];
	int folder;

	snprintf(path, sizeof path, "/proc/%u", pid);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* of this process, whoever gets its number later */
	if (folder < 0)
		return NULL;
	facts = mem_new(1, sizeof *facts);
	facts->process.pid = pid;
	if (read_stat(folder, facts)) {
		if (holders_name(folder, "comm", facts->name))
			facts->process.name = facts->name;
		read_user(folder, facts);
		read_path(folder, facts);
		read_arguments(folder, facts);
		process = in_one_piece(&facts->process);
		if (started)
			*started = facts->started;
	}
	free(facts);
	close(folder);
	return process;
}

void process_free(struct process *process)
{
	free(process);
}
