/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One thread's way through /proc. What costs time is the kernel's work for each descriptor, so there is one call for
 * each, relative to its directory, and the names come from the directory's listing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/holders_parts.h"

#define KERNEL_THREAD 0x00200000u /* PF_KTHREAD of linux/sched.h, in the ninth field of /proc/PID/stat */

/* ------------------------------------------------------------------------------------------------ directories */

/* linux_dirent64 of getdents64(2). */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length;
	uint8_t type;
	char name[];
};

/* Numbers as /proc writes them; of ten digits at most. */
static bool read_number(const char *text, uint32_t *out)
{
	uint64_t value = 0;

	for (; *text >= '0' && *text <= '9' && value <= UINT32_MAX; text++)
		value = value * 10 + (uint64_t)(*text - '0');
	*out = (uint32_t)value;
	return !*text && value <= UINT32_MAX;
}

int holders_list(int folder, char *entries, bool (*entry)(void *context, uint32_t number, const char *name),
		 void *context)
{
	long octets;

	while ((octets = syscall(SYS_getdents64, folder, entries, HOLDERS_ENTRIES)) > 0)
		for (long at = 0; at < octets;) {
			const struct entry *e = (const void *)(entries + at);
			uint32_t number;

			if (read_number(e->name, &number) && !entry(context, number, e->name))
				return 0;
			at += e->length;
		}
	return octets < 0 ? -1 : 0;
}

long holders_file(int folder, const char *path, char *out, size_t size)
{
	int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	long octets = -1;

	if (fd < 0)
		return -1;
	while (length < size - 1 && (octets = read(fd, out + length, size - 1 - length)) > 0)
		length += (size_t)octets;
	close(fd);
	if (octets < 0)
		return -1;
	out[length] = '\0';
	return (long)length;
}

struct pids {
	struct holders_work *work;
	size_t room;
};

static bool add_pid(void *context, uint32_t pid, const char *name)
{
	struct pids *pids = context;

	(void)name;
	if (pids->work->count == pids->room) {
		pids->room = pids->room ? pids->room * 2 : 256;
		pids->work->pids = mem_resize(pids->work->pids, pids->room, sizeof pid);
	}
	pids->work->pids[pids->work->count++] = pid;
	return true;
}

int holders_pids(struct holders_work *work, struct holders_found *found, struct error *err)
{
	struct pids pids = { .work = work };

	if (holders_list(work->proc, found->entries, add_pid, &pids) < 0)
		return error_errno(err, "/proc: cannot be listed, so no process is known");
	if (!work->count)
		return error_set(err,
				 "/proc: no process is in it, so none is known; mount it ('mount -t proc proc /proc')");
	return 0;
}

/* ------------------------------------------------------------------------------------------------ a process */

/* A process while its descriptors are listed. */
struct look {
	struct holders_found *found;
	uint32_t pid;
	int folder;                      /* its descriptors */
	struct holders_process *process; /* NULL: no socket yet */
	bool any, refused;
};

bool holders_name(int folder, const char *path, char name[HOLDERS_NAME])
{
	long length = holders_file(folder, path, name, HOLDERS_NAME);

	if (length > 0 && name[length - 1] == '\n')
		name[length - 1] = '\0';
	return length > 0;
}

static struct holders_process *take_process(struct look *look)
{
	struct holders_found *found = look->found;
	struct holders_process *p = pool_take(&found->processes);

	*p = (struct holders_process){ .process.pid = look->pid };
	/* From its descriptors, not from its number, which may be another's by now. */
	if (holders_name(look->folder, "../comm", p->name))
		p->process.name = p->name;
	if (found->named_count == found->named_room) {
		found->named_room = found->named_room ? found->named_room * 2 : 64;
		found->named = mem_resize(found->named, found->named_room, sizeof(struct holders_process *));
	}
	found->named[found->named_count++] = p;
	return p;
}

static void add(struct look *look, uint64_t inode, uint32_t fd)
{
	struct holders_found *found = look->found;

	if (!look->process)
		look->process = take_process(look);
	if (found->count == found->room) {
		found->room = found->room ? found->room * 2 : 1024;
		found->list = mem_resize(found->list, found->room, sizeof *found->list);
	}
	found->list[found->count++] =
		(struct holder){ .inode = inode, .process = &look->process->process, .fd = (int)fd };
}

/* It ended, or was closed, while it was looked at. */
static bool gone(int error)
{
	return error == ENOENT || error == ESRCH;
}

/* "socket:[123]" */
static uint64_t socket_inode(const char *link, ssize_t length)
{
	static const char begins[] = "socket:[";
	uint64_t inode = 0;

	if (length <= (ssize_t)sizeof begins || memcmp(link, begins, sizeof begins - 1) != 0 || link[length - 1] != ']')
		return 0;
	for (ssize_t i = sizeof begins - 1; i < length - 1; i++) {
		if (link[i] < '0' || link[i] > '9')
			return 0;
		inode = inode * 10 + (uint64_t)(link[i] - '0');
	}
	return inode;
}

static bool look_at(void *context, uint32_t fd, const char *name)
{
	struct look *look = context;
	struct holders_work *work = look->found->work;
	char link[40]; /* a path that is cut begins with a slash */
	ssize_t length;
	uint64_t inode;

	if (atomic_fetch_add_explicit(&work->links, 1, memory_order_relaxed) >= HOLDERS_LINKS) {
		work->cut = true;
		return false;
	}
	length = readlinkat(look->folder, name, link, sizeof link);
	look->any = true;
	look->refused = length < 0 && !gone(errno);
	inode = length > 0 ? socket_inode(link, length) : 0;
	if (inode)
		add(look, inode, fd);
	return !look->refused;
}

/* The kernel's own threads and the dead have no descriptors that could be hidden. */
static bool has_none(const struct holders_found *found, uint32_t pid)
{
	char path[32], stat[1024], state = 'X';
	const char *rest;
	unsigned flags = 0, threads = 0;

	snprintf(path, sizeof path, "%u/stat", pid);
	if (holders_file(found->work->proc, path, stat, sizeof stat) <= 0)
		return true; /* it is gone */
	rest = strrchr(stat, ')');
	if (!rest || sscanf(rest, ") %c %*d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %u", &state,
			    &flags, &threads) != 3)
		return false;
	return flags & KERNEL_THREAD || state == 'X' || (state == 'Z' && threads <= 1);
}

static void look_in_folder(struct look *look, const char *path)
{
	struct holders_found *found = look->found;

	look->folder = openat(found->work->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (look->folder < 0 || holders_list(look->folder, found->entries, look_at, look) < 0)
		look->refused = !gone(errno);
	if (look->folder >= 0)
		close(look->folder);
}

static bool keep_last(void *context, uint32_t number, const char *name)
{
	uint32_t *last = context;

	(void)name;
	*last = number;
	return true;
}

/* A program goes on when its first thread has ended, but /proc/PID/fd is that of the first thread. */
static void look_at_other_threads(struct look *look)
{
	struct holders_found *found = look->found;
	char path[48];
	struct stat stat;
	uint32_t last = 0;
	int folder;

	snprintf(path, sizeof path, "%u/task", look->pid);
	if (fstatat(found->work->proc, path, &stat, 0) || stat.st_nlink <= 3) /* itself, its parent, one thread */
		return;
	folder = openat(found->work->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return;
	holders_list(folder, found->entries, keep_last, &last);
	close(folder);
	snprintf(path, sizeof path, "%u/task/%u/fd", look->pid, last);
	look_in_folder(look, path);
}

static void look_into(struct holders_found *found, uint32_t pid)
{
	struct look look = { .found = found, .pid = pid };
	char path[32];

	snprintf(path, sizeof path, "%u/fd", pid);
	look_in_folder(&look, path);
	if (!look.any && !look.refused)
		look_at_other_threads(&look);
	if (look.refused && !has_none(found, pid))
		found->work->hidden++;
}

void holders_walk(struct holders_found *found)
{
	struct holders_work *work = found->work;
	size_t i;

	while (!work->cut && (i = atomic_fetch_add(&work->next, 1)) < work->count)
		look_into(found, work->pids[i]);
}
