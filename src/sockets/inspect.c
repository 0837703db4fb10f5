/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/inspect.h"

#include <errno.h>
#include <linux/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/inspect_copy.h"
#include "sockets/sockopt_diag.h"

/* ------------------------------------------------------------------------------------------------ the process */

static int refuse_process(uint32_t pid, struct error *err)
{
	if (errno == ESRCH)
		return error_set(err, "process %u: there is none with this id; it may have ended", pid);
	if (errno == EINVAL || errno == ENOENT)
		return error_set(err, "process %u: this is the id of a thread; name the process that it belongs to",
				 pid);
	return error_errno(err, "process %u", pid);
}

static bool in_proc(uint32_t pid)
{
	struct stat unused;
	char path[32];

	snprintf(path, sizeof path, "/proc/%u", pid);
	return stat(path, &unused) == 0;
}

/* The sysctls that new sockets begin with are those of a namespace, and so is the table of sock_diag(7). */
static void enter_namespace(struct inspector *inspector)
{
	struct stat theirs, ours;
	struct error err;
	char path[64];

	snprintf(path, sizeof path, "/proc/%u/ns/net", inspector->pid);
	if (stat(path, &theirs) < 0 || stat("/proc/thread-self/ns/net", &ours) < 0 || theirs.st_ino == ours.st_ino)
		return;
	inspector->elsewhere = socktable_enter(path, &err) < 0;
}

int inspector_open(struct inspector *inspector, uint32_t pid, struct error *err)
{
	const uint32_t pids[] = { pid, 0 };

	inspector->pid = pid;
	inspector->pidfd = pidfd_open((pid_t)pid, 0);
	if (inspector->pidfd < 0 && errno != ENOSYS && errno != EPERM)
		return refuse_process(pid, err);
	enter_namespace(inspector);
	if (holders_read(&inspector->holders, pids, err) < 0)
		return -1;
	if (!inspector->holders.count && !in_proc(pid))
		return error_set(err, "process %u: it is not in /proc; mount that ('mount -t proc proc /proc')", pid);
	if (inspector->holders.hidden)
		return error_set(
			err, "process %u: its descriptors may not be looked into; use sudo, or be the user who runs it",
			pid);
	return 0;
}

void inspector_close(struct inspector *inspector)
{
	if (inspector->pidfd >= 0)
		close(inspector->pidfd);
	holders_release(&inspector->holders);
	socktable_release(&inspector->table);
	*inspector = (struct inspector){ .pidfd = -1 };
}

/* ------------------------------------------------------------------------------------------------ values */

static char *in_words(const struct sockopt *option, const void *value, size_t length)
{
	struct text out = { 0 };
	char *words;

	sockopt_show(option, value, length, &out);
	words = mem_copy_bytes(out.length ? out.data : "", out.length);
	text_release(&out);
	return words;
}

static void set_number(struct inspect_value *out, const void *value, size_t length)
{
	int32_t number;

	out->has_number = out->option->type <= SOCKOPT_UINT64;
	if (!out->has_number)
		return;
	if (length == 1) {
		out->number = *(const uint8_t *)value;
	} else if (length == sizeof number) {
		memcpy(&number, value, sizeof number);
		out->number = (uint64_t)(int64_t)number;
	} else if (length == sizeof out->number) {
		memcpy(&out->number, value, sizeof out->number);
	} else {
		out->has_number = false;
	}
}

static const struct copied_value *find_value(const struct copied *copied, const struct sockopt *option)
{
	for (size_t i = 0; i < copied->count; i++)
		if (copied->list[i].option == option)
			return &copied->list[i];
	return NULL;
}

static const void *octets_of(const struct copied *copied, const struct copied_value *value)
{
	return copied->octets.data + value->at;
}

static bool is_buffer(const struct sockopt *option, unsigned *bit)
{
	*bit = option->option == SO_SNDBUF ? SOCK_SNDBUF_LOCK : SOCK_RCVBUF_LOCK;
	return option->level == SOL_SOCKET && (option->option == SO_SNDBUF || option->option == SO_RCVBUF);
}

/* By the connection: the kernel also changes its buffers, unless they were set. */
static bool is_changed(const struct inspected *of, const struct sockopt *option, const struct copied *copied)
{
	unsigned bit, locks = 0;

	if (of->type != SOCK_STREAM || !of->remote.length)
		return false;
	if (!is_buffer(option, &bit))
		return option->flags & SOCKOPT_CONNECTS;
	for (size_t i = 0; copied && i < copied->count; i++)
		if (copied->list[i].option->level == SOL_SOCKET && copied->list[i].option->option == SO_BUF_LOCK)
			memcpy(&locks, octets_of(copied, &copied->list[i]), sizeof locks);
	return !(locks & bit);
}

/* fresh: what a new socket has; copied NULL: the value is not from the socket itself. */
static void add_value(struct inspected *out, const struct sockopt *option, const void *value, size_t length,
		      const struct copied *fresh, const struct copied *copied)
{
	struct inspect_value *v = &out->list[out->count++];
	const struct copied_value *initial = option->flags & SOCKOPT_STATE ? NULL : find_value(fresh, option);

	v->option = option;
	v->value = in_words(option, value, length);
	set_number(v, value, length);
	if (!initial)
		return;
	v->initial = in_words(option, octets_of(fresh, initial), initial->length);
	v->differs = strcmp(v->value, v->initial) && !is_changed(out, option, copied);
}

/* The protocol that socket() was given is the one that SO_PROTOCOL tells; packet sockets are not told one. */
static void read_fresh(const struct inspected *of, unsigned on, struct copied *fresh)
{
	int fd = socket(of->domain, of->type | SOCK_CLOEXEC, of->domain == AF_PACKET ? 0 : of->protocol);

	fresh->list = mem_new(INSPECT_MOST, sizeof *fresh->list);
	if (fd < 0)
		return;
	copy_read_options(fd, on, fresh);
	close(fd);
}

/* ------------------------------------------------------------------------------------------------ by the copy */

static void take_copied(const struct copied *copied, struct inspected *out)
{
	struct copied fresh = { 0 };

	out->source = INSPECT_GETSOCKOPT;
	out->domain = copied->domain;
	out->type = copied->type;
	out->protocol = copied->protocol;
	out->listens = copied->listens;
	out->local = copied->local;
	out->remote = copied->remote;
	if (copied->name_length)
		out->name = mem_copy_bytes(copied->name, copied->name_length);
	out->name_length = copied->name_length;
	read_fresh(out, copied_on(copied), &fresh);
	for (size_t i = 0; i < copied->count; i++)
		add_value(out, copied->list[i].option, octets_of(copied, &copied->list[i]), copied->list[i].length,
			  &fresh, copied);
	copied_release(&fresh);
}

/* ------------------------------------------------------------------------------------------------ by sock_diag */

static const struct socket *find_socket(struct inspector *inspector, uint64_t inode, struct error *err)
{
	const struct socktable_request request = { .wants = WANT_MEMORY | WANT_INFO | WANT_CLASS };

	if (!inspector->has_table && socktable_read(&inspector->table, &request, err) < 0)
		return NULL;
	inspector->has_table = true;
	for (size_t i = 0; i < inspector->table.count; i++)
		if (inspector->table.list[i].inode == inode)
			return &inspector->table.list[i];
	return NULL;
}

static int protocol_of(const struct socket *socket)
{
	static const int protocols[SOCKET_KINDS] = { [SOCKET_TCP] = IPPROTO_TCP, [SOCKET_UDP] = IPPROTO_UDP };

	return socket->kind == SOCKET_RAW ? socket->protocol : protocols[socket->kind];
}

static void take_told(const struct socket *socket, struct inspected *out)
{
	struct sockopt_told told[SOCKOPT_TOLD];
	struct copied fresh = { 0 };
	size_t count = sockopt_diag(socket, told);

	out->domain = socket->family;
	out->type = socket->type;
	out->protocol = protocol_of(socket);
	out->listens = socket->state == SOCKET_LISTEN;
	out->local = socket->local;
	out->remote = socket->remote;
	if (socket->name) {
		out->name = mem_copy_string(socket->name);
		out->name_length = strlen(socket->name);
	}
	read_fresh(out, ~0u, &fresh);
	for (size_t i = 0; i < count; i++)
		add_value(out, told[i].option, told[i].value, told[i].length, &fresh, NULL);
	copied_release(&fresh);
}

static int by_table(struct inspector *inspector, struct inspected *out, int error, struct error *err)
{
	const struct socket *socket;

	err->text[0] = '\0';
	socket = find_socket(inspector, out->inode, err);
	if (!socket && err->text[0])
		return -1;
	out->source = INSPECT_SOCK_DIAG;
	out->refused =
		error == ENOSYS ? "this kernel cannot copy a descriptor" : "this user may not copy its descriptors";
	if (socket)
		take_told(socket, out);
	return 1;
}

/* ------------------------------------------------------------------------------------------------ */

int inspect(struct inspector *inspector, const struct holder *holder, struct inspected *out, struct error *err)
{
	struct copied copied = { 0 };
	int error = inspector->pidfd < 0 ? ENOSYS : copy_read(inspector->pidfd, holder->fd, &copied), result = 0;

	out->fd = holder->fd;
	out->inode = holder->inode;
	out->list = mem_new(INSPECT_MOST, sizeof *out->list);
	if (!error) {
		take_copied(&copied, out);
		result = 1;
	} else if (error == EPERM || error == EACCES || error == ENOSYS) {
		result = by_table(inspector, out, error, err);
	} else if (error != EBADF && error != ENOTSOCK && error != ESRCH) {
		errno = error;
		result = error_errno(err, "descriptor %d of process %u", holder->fd, inspector->pid);
	}
	copied_release(&copied);
	return result;
}

void inspected_release(struct inspected *inspected)
{
	for (size_t i = 0; i < inspected->count; i++) {
		free(inspected->list[i].value);
		free(inspected->list[i].initial);
	}
	free(inspected->list);
	free(inspected->name);
	*inspected = (struct inspected){ 0 };
}
