/* SPDX-License-Identifier: BSD-2-Clause */
/* Who has told sockets now: one look at all of them together is cheaper than many questions. */
#include "sockets/owners_parts.h"

/* Processes that were seen in this look. */
struct watch {
	struct owners *owners;
	uint32_t pid;                  /* the last of them, */
	const struct process *process; /* as it is now */
	void (*changed)(void *context, uint8_t kind, uint16_t port);
	void *context;
};

static bool as_before(struct watch *watch, const struct process *process)
{
	uint64_t started;

	if (watch->pid != process->pid) {
		watch->pid = process->pid;
		watch->process = owners_process(watch->owners, process->pid, process->thread, &started);
	}
	return watch->process == process;
}

/* The same processes in the same order, each of them still the same program. */
static bool held_as_before(struct watch *watch, const struct tenure *tenure)
{
	size_t count = 0;
	const struct holder *holder = holders_of(&watch->owners->holders, tenure->inode, &count);
	unsigned at = 0;

	for (size_t i = 0; i < count; i++) {
		if (i && holder[i].process == holder[i - 1].process)
			continue;
		if (at == tenure->owner.count)
			return tenure->owner.more;
		if (holder[i].process->pid != tenure->owner.processes[at]->pid ||
		    !as_before(watch, tenure->owner.processes[at]))
			return false;
		at++;
	}
	return at == tenure->owner.count;
}

/* Another socket has the port of one that was told. */
static bool joins(const struct owners *owners, const struct tenure *tenure)
{
	for (const struct tenure *t = tenure_of_port(&owners->tenures, tenure->key.kind, tenure->key.local.port); t;
	     t = tenure_next(t))
		if (t->told && t != tenure && t->until == CLOCK_NEVER)
			return !tenure->key.remote.port;
	return false;
}

static void look_at(struct watch *watch, struct tenure *tenure, bool is_new)
{
	bool same = tenure->told ? held_as_before(watch, tenure) : !is_new || !joins(watch->owners, tenure);

	if (same)
		return;
	tenure->checked = 0;
	watch->changed(watch->context, tenure->key.kind, tenure->key.local.port);
}

int64_t owners_watch(struct owners *owners, int64_t now, void (*changed)(void *context, uint8_t kind, uint16_t port),
		     void *context)
{
	static const struct socktable_request everything = { .kinds = 1 << SOCKET_TCP | 1 << SOCKET_UDP };
	struct watch watch = { .owners = owners, .changed = changed, .context = context };
	int64_t begun = processor_time();
	uint64_t before = owners->tenures.added;
	struct error ignored;

	if (owners_read(owners, &everything, now) < 0 || owners_scan(owners, now, &ignored) < 0)
		return processor_time() - begun;
	for (struct tenure *tenure = owners->tenures.newest; tenure; tenure = tenure->older)
		if (tenure->until == CLOCK_NEVER && !tenure->born)
			look_at(&watch, tenure, tenure->number > before);
	return processor_time() - begun;
}
