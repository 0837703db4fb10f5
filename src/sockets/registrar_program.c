/* SPDX-License-Identifier: BSD-2-Clause */
/* The program of `sonde run` as the registrar's guest, and what our side asks of it. */
#include <cap-ng.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/program.h"
#include "sockets/registrar_own.h"

enum guest_order { GUEST_GO, GUEST_SIGNAL };

/* What GUEST_GO answers besides. */
enum { GUEST_FOUND, GUEST_NOT_FOUND };

struct guest {
	struct registrar_server *server;
	struct program *program;
	bool told; /* its end */
};

/* ------------------------------------------------------------------------------------------------ the other process */

/*
 * Each call waits for us, and until the end of a socket is read from the kernel its port counts as the program's: we
 * run before others where we may. Nobody inherits that.
 */
static void hurry(void)
{
	static const struct sched_param first = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) < 0)
		setpriority(PRIO_PROCESS, 0, -20);
}

static void *guest_start(struct registrar_server *server, struct error *err)
{
	struct program *program = program_new(server->options, &server->guest_fd, err);
	struct guest *guest;

	if (!program)
		return NULL;
	hurry();
	guest = mem_new(1, sizeof *guest);
	*guest = (struct guest){ .server = server, .program = program };
	return guest;
}

static unsigned guest_wait(void *context, int *fds, unsigned most, int64_t *deadline)
{
	const struct guest *guest = context;

	if (most < PROGRAM_FDS)
		bug("a program waits for %d descriptors", PROGRAM_FDS);
	return guest->told ? 0 : program_wait_for(guest->program, fds, deadline);
}

static void guest_born(void *context, const struct socket_ends *ends, uint64_t cookie, uint32_t pid, uint32_t thread)
{
	const struct guest *guest = context;

	registrar_tell_born(guest->server, ends, pid, thread, cookie);
}

static void share_unseen(struct guest *guest)
{
	const struct supervise_unseen *unseen = program_unseen(guest->program);
	struct registrar_shared *shared = guest->server->shared;

	atomic_store_explicit(&shared->missed, unseen->missed, memory_order_relaxed);
	atomic_store_explicit(&shared->foreign, unseen->foreign, memory_order_relaxed);
	atomic_store_explicit(&shared->rings, unseen->rings, memory_order_relaxed);
}

static void guest_serve(void *context, struct registrar_server *server)
{
	struct guest *guest = context;
	int status;

	program_tend(guest->program, clock_monotonic());
	share_unseen(guest);
	if (guest->told || !program_ended(guest->program, &status))
		return;
	guest->told = true;
	registrar_tell_ended(server, status);
}

static int guest_order(void *context, struct registrar_server *server, const struct registrar_order *order,
		       int32_t *value, struct error *err)
{
	struct guest *guest = context;
	bool not_found;
	int status;

	*value = GUEST_FOUND;
	if (order->order == GUEST_SIGNAL) {
		program_signal(guest->program, order->value);
		return 0;
	}
	status = program_go(guest->program, guest_born, guest, &not_found, err);
	*value = not_found ? GUEST_NOT_FOUND : GUEST_FOUND;
	atomic_store(&server->shared->way, program_way(guest->program));
	atomic_store(&server->shared->no_new_privs, program_no_new_privs(guest->program));
	return status;
}

static bool guest_ours(void *context, uint32_t pid)
{
	const struct guest *guest = context;

	return program_has(guest->program, pid);
}

/* Who is still under the filter needs somebody who answers. Nobody waits for that one. */
static void guest_stop(void *context)
{
	struct guest *guest = context;
	int null;

	if (program_lives(guest->program) && !fork()) {
		setsid();
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		for (int fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
			dup2(null, fd);
		close(guest->server->questions);
		close(guest->server->tidings);
		program_let_go(guest->program);
	}
	program_free(guest->program);
	free(guest);
}

const struct registrar_guest registrar_program = {
	.start = guest_start,
	.wait = guest_wait,
	.serve = guest_serve,
	.order = guest_order,
	.ours = guest_ours,
	.stop = guest_stop,
	/* The folder of a cgroup is made and removed where the folder above may be closed to its owner. */
	.kept_rights = 1u << CAP_KILL | 1u << CAP_DAC_OVERRIDE,
};

/* ------------------------------------------------------------------------------------------------ our side */

int registrar_go(struct registrar *registrar, bool *not_found, struct error *err)
{
	const struct registrar_order go = { .order = GUEST_GO };
	int32_t value = GUEST_FOUND;
	int status = registrar_order(registrar, &go, &value, err);

	*not_found = value == GUEST_NOT_FOUND;
	return status;
}

void registrar_signal(struct registrar *registrar, int signal)
{
	const struct registrar_order order = { .order = GUEST_SIGNAL, .value = signal };
	struct error ignored; /* then there is nobody for whom the signal could be */
	int32_t value;

	registrar_order(registrar, &order, &value, &ignored);
}

void registrar_unseen(const struct registrar *registrar, struct supervise_unseen *out, bool *no_new_privs)
{
	const struct registrar_shared *shared = registrar->shared;

	out->missed = atomic_load(&shared->missed);
	out->foreign = atomic_load(&shared->foreign);
	out->rings = atomic_load(&shared->rings);
	*no_new_privs = atomic_load(&shared->no_new_privs);
}

bool registrar_sees_all(const struct registrar *registrar)
{
	const struct registrar_shared *shared = registrar->shared;

	return atomic_load_explicit(&shared->way, memory_order_relaxed) == WAY_SUPERVISED &&
	       !atomic_load_explicit(&shared->missed, memory_order_relaxed) &&
	       !atomic_load_explicit(&shared->foreign, memory_order_relaxed) &&
	       !atomic_load_explicit(&shared->rings, memory_order_relaxed);
}

bool registrar_may_have(const struct registrar *registrar, uint8_t kind, uint16_t port)
{
	const atomic_uint *ports = registrar->shared->born[kind == SOCKET_UDP];

	return (atomic_load_explicit(&ports[port / 32], memory_order_relaxed) & 1u << port % 32) ||
	       !registrar_sees_all(registrar);
}

bool registrar_may_be_ours(const struct registrar *registrar, const struct registrar_packet *packet)
{
	return registrar_may_have(registrar, packet->kind, packet->ends[0].port) ||
	       registrar_may_have(registrar, packet->kind, packet->ends[1].port);
}
