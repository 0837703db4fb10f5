/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter of seccomp(2) that makes the kernel ask before socket calls. */
#include <linux/filter.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "sockets/supervise_parts.h"

#ifdef SUPERVISE_ARCH

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static const uint32_t native[] = {
	SYS_bind,
	SYS_connect,
	SYS_listen,
	SYS_sendmsg,
	SYS_sendmmsg,
	SYS_io_uring_setup,
	SYS_landlock_restrict_self,
#ifdef __x86_64__ /* x32: their numbers have this bit */
	0x40000000 + SYS_bind,
	0x40000000 + SYS_connect,
	0x40000000 + SYS_listen,
	0x40000000 + SYS_sendto,
	0x40000000 + 518,
	0x40000000 + 538,
#endif
};

#ifdef SUPERVISE_FOREIGN
static const uint32_t foreign[] = {
#if defined(__x86_64__)
	102, 361, 362, 363, 369, 370, 345, /* socketcall, bind, connect, listen, sendto, sendmsg, sendmmsg of i386 */
#else
	282, 283, 284, 290, 296, 374, /* bind, connect, listen, sendto, sendmsg, sendmmsg of arm */
#endif
};
#endif

#define FILTER_ROOM 96

struct program_text {
	struct sock_filter code[FILTER_ROOM];
	uint16_t length;
};

static void put(struct program_text *text, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
	if (text->length == FILTER_ROOM)
		bug("the filter of socket calls is too long");
	text->code[text->length++] = (struct sock_filter)BPF_JUMP(code, value, yes, no);
}

static void put_load(struct program_text *text, size_t offset)
{
	put(text, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_calls(struct program_text *text, const uint32_t *calls, size_t count)
{
	put_load(text, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++) {
		put(text, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		put(text, BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
	}
}

/* Without an address the socket is connected, and connect() has told of it: send() stays as fast as it is. */
static void put_sendto(struct program_text *text)
{
	const size_t address = offsetof(struct seccomp_data, args[4]);

	put(text, BPF_JMP | BPF_JEQ | BPF_K, SYS_sendto, 0, 5);
	put_load(text, address);
	put(text, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2);
	put_load(text, address + sizeof(uint32_t));
	put(text, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
	put(text, BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
	put(text, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static void assemble(struct program_text *text)
{
	uint16_t jump;

	put_load(text, offsetof(struct seccomp_data, arch));
	jump = text->length;
	put(text, BPF_JMP | BPF_JEQ | BPF_K, SUPERVISE_ARCH, 0, 0);
#ifdef SUPERVISE_FOREIGN
	put(text, BPF_JMP | BPF_JEQ | BPF_K, SUPERVISE_FOREIGN, 1, 0);
	put(text, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	put_calls(text, foreign, sizeof foreign / sizeof *foreign);
#endif
	put(text, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	text->code[jump].jt = (uint8_t)(text->length - jump - 1);
	put_calls(text, native, sizeof native / sizeof *native);
	put_sendto(text);
}

static int install(const struct sock_fprog *filter)
{
	/* A call that was taken up is interrupted by signals that kill and by no other: it is not made twice. */
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			      SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, filter);

	if (fd < 0 && errno == EINVAL) /* before Linux 5.19 */
		fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, filter);
	return fd;
}

int supervise_install(bool *no_new_privs)
{
	struct program_text text = { .length = 0 };
	struct sock_fprog filter = { .filter = text.code };
	int fd;

	assemble(&text);
	filter.len = text.length;
	fd = install(&filter);
	*no_new_privs = fd < 0 && errno == EACCES;
	if (!*no_new_privs)
		return fd;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1 : install(&filter);
}

#else

int supervise_install(bool *no_new_privs)
{
	*no_new_privs = false;
	errno = ENOSYS;
	return -1;
}

#endif
