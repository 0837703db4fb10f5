/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of single server models have in common. */
#pragma once

#include "served.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>

#include "play/models.h"

static inline struct served start(const struct server_model *model)
{
	struct server_options options = {
		.service = &echo_service, .model = model, .bind = "127.0.0.1", .udp = true, .tcp = true
	};

	return served_start(&options, 0);
}

static inline void stop(struct served *served)
{
	assert_int_equal(served_stop(served), 0);
	text_release(&served->log);
}

static inline void say(int fd, const char *text)
{
	client_send(fd, text, strlen(text));
	client_expect(fd, text, strlen(text));
}

/* Until it is so; the test fails when it never is. */
static inline void await(bool (*is_so)(const struct served *served, size_t count), const struct served *served,
			 size_t count)
{
	time_t end = time(NULL) + GUARD_MS / 1000;

	while (!is_so(served, count)) {
		assert_true(time(NULL) < end);
		sched_yield();
	}
}

/* ------------------------------------------------------------------------------------------------ limits */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

/* Both ends of so many connections are in processes that inherit this limit. */
static inline void need_descriptors(size_t count)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (SANITIZED || limit.rlim_max < 3 * count) {
		print_message("%s\n", SANITIZED ? "a sanitizer takes too much memory for so many"
						: "so many descriptors are not allowed here");
		skip();
	}
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static inline int *open_many(const struct served *served, size_t count)
{
	int *fds = mem_new(count, sizeof *fds);

	for (size_t i = 0; i < count; i++) {
		fds[i] = client_open(served, SOCK_STREAM, "127.0.0.1");
		say(fds[i], "hello");
	}
	return fds;
}

static inline void close_many(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
}

/* More clients than there may be processes or threads at once, one after the other: the ended ones make place. */
static inline void ended_ones_make_place(void **state)
{
	struct served served = start(model_of(state));
	int fd = client_open(&served, SOCK_DGRAM, "127.0.0.1");

	for (int i = 0; i < (model_of(state) == &server_model_fork ? 1100 : 4200); i++)
		say(fd, "hello");
	close(fd);
	check_echo(&served, SOCK_STREAM, "127.0.0.1", 5);
	assert_int_equal(served_stop(&served), 0);
	assert_logged(&served, " dropped 0\n");
	text_release(&served.log);
}

/* ------------------------------------------------------------------------------------------------ refusals */

/* From now on these system calls fail in this process; seccomp(2) is how containers forbid them. */
static inline void forbid(const long *calls, size_t count, int error)
{
	struct sock_filter code[16] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)) };
	struct sock_fprog program = { (unsigned short)(count + 3), code };

	for (size_t i = 0; i < count; i++)
		code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i],
							   (unsigned char)(count - i), 0);
	code[count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[count + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		abort();
}

static inline void forbid_new_tasks(void)
{
	static const long calls[] = { SYS_clone, SYS_clone3,
#ifdef SYS_fork
				      SYS_fork
#endif
	};

	forbid(calls, COUNT(calls), EAGAIN);
}

static inline void check_turned_away(const struct server_model *model, const char *why)
{
	struct served served = start(model);

	client_expect_end(client_open(&served, SOCK_STREAM, "127.0.0.1"));
	served_await(&served, why);
	check_echo(&served, SOCK_DGRAM, "127.0.0.1", 5);
	stop(&served);
}
