/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/program_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define LINE (2 * PATH_MAX) /* of a file below /proc */

struct cgroup {
	char path[PATH_MAX];
	uint64_t id;
};

/* ------------------------------------------------------------------------------------------------ where it is */

/* The kernel writes blanks, tabs, newlines and backslashes of a path as octal numbers. */
static int copy_path(char *out, size_t room, const char *from, size_t length)
{
	size_t at = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned octal;

		if (at + 1 >= room)
			return -1;
		if (from[i] == '\\' && length - i > 3 && sscanf(from + i + 1, "%3o", &octal) == 1) {
			out[at++] = (char)octal;
			i += 3;
		} else {
			out[at++] = from[i];
		}
	}
	out[at] = '\0';
	return (int)at;
}

/* The word of a line, counted from 0, and its length. */
static const char *word_at(const char *line, unsigned number, size_t *length)
{
	while (number-- && line)
		line = strchr(line, ' ') ? strchr(line, ' ') + 1 : NULL;
	*length = line ? strcspn(line, " \n") : 0;
	return line;
}

int cgroup_path(const char *mount, const char *membership, char *out, size_t room)
{
	static const char type[] = " - cgroup2 ", version[] = "0::/";
	size_t root_length, point_length, below;
	const char *root = word_at(mount, 3, &root_length), *point = word_at(mount, 4, &point_length), *own;
	int length;

	if (!strstr(mount, type) || !point || strncmp(membership, version, strlen(version)) != 0)
		return -1;
	own = membership + strlen(version) - 1;
	below = strcspn(own, "\n");
	if (root_length > 1 && (root_length > below || memcmp(own, root, root_length) != 0 ||
				(below > root_length && own[root_length] != '/')))
		return -1;
	if (!strncmp(own, "/..", 3)) /* above what this process may see */
		return -1;
	if (root_length > 1) {
		own += root_length;
		below -= root_length;
	}
	length = copy_path(out, room, point, point_length);
	if (length < 0 || (size_t)length + below >= room)
		return -1;
	memcpy(out + length, own, below);
	out[(size_t)length + below] = '\0';
	return 0;
}

/* The first line of the file that has the words. -1: none. */
static int find_line(const char *path, const char *words, char *line, size_t room)
{
	FILE *file = fopen(path, "re");
	int found = -1;

	while (file && found < 0 && fgets(line, (int)room, file))
		if (strstr(line, words))
			found = 0;
	if (file)
		fclose(file);
	return found;
}

static int own_folder(char *out, size_t room)
{
	char *mount = mem_new(LINE, 1), *membership = mem_new(LINE, 1);
	int status = find_line("/proc/self/mountinfo", " - cgroup2 ", mount, LINE);

	if (status == 0)
		status = find_line("/proc/self/cgroup", "0::/", membership, LINE);
	if (status == 0)
		status = cgroup_path(mount, membership, out, room);
	free(mount);
	free(membership);
	return status;
}

/* ------------------------------------------------------------------------------------------------ its life */

/* Of a name that nobody else takes; a folder that another of our number left is empty. */
static int make_folder(struct cgroup *cgroup, const char *own)
{
	int length = snprintf(cgroup->path, sizeof cgroup->path, "%s/sonde-%d", own, (int)getpid());

	if (length < 0 || (size_t)length >= sizeof cgroup->path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!mkdir(cgroup->path, 0755))
		return 0;
	return errno == EEXIST && !rmdir(cgroup->path) ? mkdir(cgroup->path, 0755) : -1;
}

struct cgroup *cgroup_new(struct error *err)
{
	struct cgroup *cgroup = mem_new(1, sizeof *cgroup);
	char own[PATH_MAX];
	struct stat folder;

	if (own_folder(own, sizeof own) < 0) {
		error_set(err, "a cgroup for the program cannot be made: this process is in none of version 2");
	} else if (make_folder(cgroup, own) < 0) {
		error_errno(err, "a cgroup for the program cannot be made in %s", own);
	} else if (stat(cgroup->path, &folder) < 0) {
		error_errno(err, "%s", cgroup->path);
		rmdir(cgroup->path);
	} else {
		cgroup->id = folder.st_ino;
		return cgroup;
	}
	free(cgroup);
	return NULL;
}

void cgroup_free(struct cgroup *cgroup)
{
	if (!cgroup)
		return;
	/* Who is still in it, or has made cgroups of its own below, keeps it. */
	rmdir(cgroup->path);
	free(cgroup);
}

static int open_file(const struct cgroup *cgroup, const char *name, int flags)
{
	char path[PATH_MAX + NAME_MAX];

	snprintf(path, sizeof path, "%s/%s", cgroup->path, name);
	return open(path, flags | O_CLOEXEC);
}

int cgroup_add(struct cgroup *cgroup, pid_t pid, struct error *err)
{
	char number[32];
	int length = snprintf(number, sizeof number, "%d", (int)pid), fd = open_file(cgroup, "cgroup.procs", O_WRONLY);

	if (fd < 0 || write(fd, number, (size_t)length) != length) {
		error_errno(err, "the program cannot enter its cgroup %s", cgroup->path);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}

uint64_t cgroup_id(const struct cgroup *cgroup)
{
	return cgroup->id;
}

size_t cgroup_members(const struct cgroup *cgroup, uint32_t *pids, size_t most)
{
	int fd = open_file(cgroup, "cgroup.procs", O_RDONLY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	size_t count = 0;
	unsigned pid;

	/* 0: a process of another pid namespace. */
	while (file && count < most && fscanf(file, "%u", &pid) == 1)
		if (pid)
			pids[count++] = pid;
	if (file)
		fclose(file);
	else if (fd >= 0)
		close(fd);
	return count;
}

static bool is_populated(int events)
{
	char text[256];
	ssize_t length = pread(events, text, sizeof text - 1, 0);

	text[length > 0 ? length : 0] = '\0';
	return strstr(text, "populated 1") != NULL;
}

void cgroup_wait(const struct cgroup *cgroup)
{
	struct pollfd changed = { .fd = open_file(cgroup, "cgroup.events", O_RDONLY), .events = POLLPRI };

	while (changed.fd >= 0 && is_populated(changed.fd) && (poll(&changed, 1, -1) >= 0 || errno == EINTR))
		;
	if (changed.fd >= 0)
		close(changed.fd);
}
