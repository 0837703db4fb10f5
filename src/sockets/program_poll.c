/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/program_poll.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/holders.h"
#include "sockets/registrar.h"
#include "sockets/socktable.h"

#define TOLD 16384 /* sockets that need not be told again */
#define SHARE 4    /* a look may take that part of the time */

struct polling {
	supervise_born *born;
	void *context;
	const struct cgroup *cgroup; /* NULL: none */
	struct socktable table;
	struct holders holders;
	uint32_t pids[POLLING_PROCESSES + 1]; /* ended by 0 */
	size_t count;
	uint64_t *told;
	int64_t next;
};

static bool tells_children(struct error *err)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	if (access(path, R_OK) == 0)
		return true;
	error_errno(err, "a program's children cannot be found (%s)", path);
	return false;
}

struct polling *polling_new(const struct cgroup *cgroup, supervise_born *born, void *context, struct error *err)
{
	struct polling *polling = mem_new(1, sizeof *polling);
	struct error ignored; /* without a cgroup /proc/net will do */

	polling->cgroup = cgroup;
	polling->born = born;
	polling->context = context;
	polling->told = mem_new(TOLD, sizeof *polling->told);
	if (cgroup ? socktable_open(&polling->table, err) == 0 : tells_children(err)) {
		if (!cgroup)
			socktable_open(&polling->table, &ignored);
		return polling;
	}
	polling_free(polling);
	return NULL;
}

void polling_free(struct polling *polling)
{
	if (!polling)
		return;
	socktable_release(&polling->table);
	holders_release(&polling->holders);
	free(polling->told);
	free(polling);
}

static void add_children(struct polling *polling, uint32_t pid, const char *thread)
{
	char path[320];
	unsigned child;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%u/task/%s/children", pid, thread);
	file = fopen(path, "re");
	while (file && polling->count < POLLING_PROCESSES && fscanf(file, "%u", &child) == 1)
		polling->pids[polling->count++] = child;
	if (file)
		fclose(file);
}

/* Each thread has children of its own. */
static void add_family(struct polling *polling, uint32_t pid)
{
	char path[64];
	const struct dirent *entry;
	DIR *threads;

	snprintf(path, sizeof path, "/proc/%u/task", pid);
	threads = opendir(path);
	while (threads && (entry = readdir(threads)))
		if (entry->d_name[0] != '.')
			add_children(polling, pid, entry->d_name);
	if (threads)
		closedir(threads);
}

/* Where it is noted that a socket was told, and what is noted there. */
static uint64_t *told_at(struct polling *polling, const struct socket *socket, uint64_t *key)
{
	*key = (socket->cookie ? socket->cookie : socket->inode) ^ (uint64_t)address_port(&socket->remote) << 40 ^
	       (uint64_t)address_port(&socket->local) << 24;
	return &polling->told[*key % TOLD];
}

static void tell(struct polling *polling, const struct socket *socket)
{
	struct socket_ends ends = { .kind = socket->kind, .local = socket->local, .remote = socket->remote };
	size_t count = 0;
	const struct holder *holder = holders_of(&polling->holders, socket->inode, &count);
	uint64_t key, *told = told_at(polling, socket, &key);

	if (!holder || !address_port(&socket->local) || *told == key)
		return;
	*told = key;
	ends.v6only = socket->v6only;
	if (!address_port(&socket->remote))
		ends.remote.length = 0;
	polling->born(polling->context, &ends, socket->cookie, holder->process->pid, 0);
}

static const struct socktable_request wanted = { .kinds = 1u << SOCKET_TCP | 1u << SOCKET_UDP, .wants = WANT_CGROUP };

static void look_at_family(struct polling *polling)
{
	struct error ignored; /* processes and sockets come and go: the next look finds more */

	polling->count = 0;
	add_family(polling, (uint32_t)getpid());
	for (size_t i = 0; i < polling->count; i++)
		add_family(polling, polling->pids[i]);
	polling->pids[polling->count] = 0;
	if (polling->count && holders_read(&polling->holders, polling->pids, &ignored) == 0 && polling->holders.count &&
	    socktable_read(&polling->table, &wanted, &ignored) == 0)
		for (size_t i = 0; i < polling->table.count; i++)
			tell(polling, &polling->table.list[i]);
}

static bool is_untold(struct polling *polling, const struct socket *socket)
{
	uint64_t key;

	return socket->has_cgroup && socket->cgroup == cgroup_id(polling->cgroup) && socket->inode &&
	       address_port(&socket->local) && *told_at(polling, socket, &key) != key;
}

/* A socket that nobody of the program was seen to hold is told when somebody is: nobody is named by guess. */
static void look_at_cgroup(struct polling *polling)
{
	struct error ignored;
	bool looked = false;

	if (socktable_read(&polling->table, &wanted, &ignored) < 0)
		return;
	for (size_t i = 0; i < polling->table.count; i++) {
		if (!is_untold(polling, &polling->table.list[i]))
			continue;
		if (!looked) {
			polling->count = cgroup_members(polling->cgroup, polling->pids, POLLING_PROCESSES);
			polling->pids[polling->count] = 0;
		}
		if (!polling->count || (!looked && holders_read(&polling->holders, polling->pids, &ignored) < 0))
			return;
		looked = true;
		tell(polling, &polling->table.list[i]);
	}
}

void polling_look(struct polling *polling, int64_t now)
{
	if (now < polling->next)
		return;
	if (polling->cgroup)
		look_at_cgroup(polling);
	else
		look_at_family(polling);
	polling->next = now + REGISTRAR_PERIOD;
	if ((clock_monotonic() - now) * SHARE > REGISTRAR_PERIOD)
		polling->next = now + (clock_monotonic() - now) * SHARE;
}

int64_t polling_deadline(const struct polling *polling)
{
	return polling->next;
}
