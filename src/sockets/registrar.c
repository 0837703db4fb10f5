/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/registrar.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/registrar_own.h"

/* ------------------------------------------------------------------------------------------------ the other process */

static int prepare(struct registrar_server *server, struct error *err)
{
	const struct registrar_guest *guest = server->options->guest;

	if (guest) {
		server->guest = guest->start(server, err);
		if (!server->guest)
			return -1;
	}
	if (registrar_shed(server, guest ? guest->kept_rights : 0) < 0)
		return error_errno(err, "the process that looks for sockets cannot give up its other rights");
	server->owners = owners_new(clock_utc(), err);
	return server->owners ? 0 : -1;
}

/* Whoever our side is, it ends before its parent is told that it ended. */
static _Noreturn void become_server(struct registrar_server *server, pid_t parent)
{
	struct registrar_done done = { .result = 0 };

	done.result = prepare(server, &done.err);
	/* A supervised program must not lose its supervisor: there the end of the sockets tells of our side's. */
	if ((!server->options->guest && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) || getppid() != parent)
		_exit(1);
	atomic_store(&server->shared->told_of_ends, server->owners && owners_fd(server->owners) >= 0);
	atomic_store(&server->shared->hidden, server->owners ? owners_hidden(server->owners) : 0);
	if (registrar_send(server->questions, WORD_DONE, &done, sizeof done, true) < 0 || done.result < 0)
		_exit(1);
	registrar_serve(server);
}

/* ------------------------------------------------------------------------------------------------ our side */

static int open_pairs(struct registrar *registrar, struct registrar_server *server, struct error *err)
{
	int questions[2] = { -1, -1 }, tidings[2] = { -1, -1 };

	registrar->ended = server->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (registrar->ended < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, questions) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, tidings) < 0)
		error_errno(err, "a process that looks for sockets cannot be started");
	registrar->questions = questions[0];
	registrar->tidings = tidings[0];
	server->questions = questions[1];
	server->tidings = tidings[1];
	return tidings[0] < 0 ? -1 : 0;
}

static void close_pair(int a, int b)
{
	if (a >= 0)
		close(a);
	if (b >= 0)
		close(b);
}

const void *registrar_answer(struct registrar *registrar, void *message, enum registrar_word word, size_t length)
{
	const struct registrar_head *head = message;

	while (!registrar->gone) {
		registrar->gone = registrar_receive(registrar->questions, message, true) < 0;
		if (registrar->gone || head->word != WORD_PROCESS)
			break;
		registrar->gone = known_process_add(&registrar->known, message) < 0;
	}
	if (registrar->gone)
		return NULL;
	registrar->gone = !registrar_body(message, word, length);
	return registrar_body(message, word, length);
}

static int wait_until_ready(struct registrar *registrar, struct error *err)
{
	_Alignas(8) uint8_t message[REGISTRAR_MESSAGE];
	const struct registrar_done *done = registrar_answer(registrar, message, WORD_DONE, sizeof *done);

	if (!done)
		return error_set(err, "the process that looks for sockets ended before it was ready");
	if (done->result < 0)
		*err = done->err;
	return done->result;
}

static int fork_server(struct registrar *registrar, struct registrar_server *server, struct error *err)
{
	pid_t own = getpid();

	registrar->process = fork();
	if (registrar->process < 0)
		return error_errno(err, "a process that looks for sockets cannot be started");
	if (!registrar->process)
		become_server(server, own);
	return 0;
}

struct registrar *registrar_start(const struct registrar_options *options, struct error *err)
{
	struct registrar *registrar = mem_new(1, sizeof *registrar);
	struct registrar_server server = { .options = options, .guest_fd = -1 };
	int status = 0;

	registrar->process = -1;
	registrar->shared =
		mmap(NULL, sizeof *registrar->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (registrar->shared == MAP_FAILED)
		bug("out of memory for what two processes share");
	server.shared = registrar->shared;
	if (getrandom(registrar->secret, sizeof registrar->secret, 0) < 0)
		status = error_errno(err, "the kernel gives no random numbers");
	if (!status)
		status = open_pairs(registrar, &server, err);
	if (!status)
		status = fork_server(registrar, &server, err);
	close_pair(server.questions, server.tidings);
	if (!status)
		status = wait_until_ready(registrar, err);
	if (status < 0) {
		registrar_free(registrar);
		return NULL;
	}
	registrar_table_make(registrar);
	return registrar;
}

void registrar_free(struct registrar *registrar)
{
	if (!registrar)
		return;
	close_pair(registrar->questions, registrar->tidings);
	if (registrar->process > 0)
		while (waitpid(registrar->process, NULL, 0) < 0 && errno == EINTR)
			;
	if (registrar->ended >= 0)
		close(registrar->ended);
	munmap(registrar->shared, sizeof *registrar->shared);
	registrar_table_release(registrar);
	known_release(&registrar->known);
	free(registrar);
}

/* ------------------------------------------------------------------------------------------------ what it says */

int registrar_order(struct registrar *registrar, const struct registrar_order *order, int32_t *value, struct error *err)
{
	_Alignas(8) uint8_t message[REGISTRAR_MESSAGE];
	const struct registrar_done *done = NULL;

	if (registrar_send(registrar->questions, WORD_ORDER, order, sizeof *order, true) == 0)
		done = registrar_answer(registrar, message, WORD_DONE, sizeof *done);
	if (!done)
		return error_set(err, "the process that looks for sockets has ended");
	*value = done->value;
	if (done->result < 0)
		*err = done->err;
	return done->result;
}

enum registrar_way registrar_way(const struct registrar *registrar)
{
	return (enum registrar_way)atomic_load(&registrar->shared->way);
}

int registrar_fd(const struct registrar *registrar)
{
	return registrar->ended;
}

bool registrar_ended(struct registrar *registrar, int *status)
{
	uint64_t count;

	if (read(registrar->ended, &count, sizeof count) != sizeof count)
		return false;
	*status = atomic_load(&registrar->shared->status);
	return true;
}

bool registrar_is_ours(const struct registrar *registrar, const struct owner *owner)
{
	(void)registrar;
	for (unsigned i = 0; i < owner->count; i++)
		if (((const struct seen_process *)owner->processes[i])->ours)
			return true;
	return false;
}

unsigned registrar_hidden(const struct registrar *registrar)
{
	return atomic_load_explicit(&registrar->shared->hidden, memory_order_relaxed);
}

bool registrar_lost(const struct registrar *registrar)
{
	return registrar->gone;
}
