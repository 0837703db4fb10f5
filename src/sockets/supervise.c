/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor: takes up a call, looks at its socket, lets it go on. */
#include "sockets/supervise.h"

#include <cap-ng.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "sockets/socket.h"
#include "sockets/supervise_parts.h"

#define MET 4096         /* sockets that need not be told again */
#define OWED 16          /* results of bind() that a signal kept from their call */
#define AT_ONCE 64       /* calls that are answered before the caller may look at something else */
#define LOOKS 40         /* behind a bind() that goes on by itself... */
#define LOOK_AFTER 50000 /* ...with so many ns between them */

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

struct met {
	uint64_t cookie;
	uint32_t pid;
	struct socket_ends ends;
};

struct supervise {
	int listener;
	supervise_born *born;
	void *context;
	uint64_t network; /* of our own namespace; 0: the kernel does not tell */
	bool let_go;
	bool sandboxed; /* somebody under the filter has restricted itself */
	struct supervise_unseen unseen;
	struct seccomp_notif *request;
	struct seccomp_notif_resp *response;
	size_t request_size, response_size;
	uint64_t owed[OWED];
	unsigned owing;
	struct met *met; /* by port */
};

/* What is answered: the call goes on, unless it was made here. */
struct answer {
	bool made;
	int error;        /* of a call that was made; 0: it succeeded */
	bool look_behind; /* its socket will have a port when it is done */
	uint64_t cookie;  /* of the socket */
};

/* ------------------------------------------------------------------------------------------------ telling */

static bool same_ends(const struct socket_ends *a, const struct socket_ends *b)
{
	bool remotes = a->remote.length ? address_equal(&a->remote, &b->remote) : !b->remote.length;

	return a->kind == b->kind && a->v6only == b->v6only && address_equal(&a->local, &b->local) && remotes;
}

static void tell(struct supervise *s, const struct seen_call *call, const struct address *remote)
{
	struct socket_ends ends = port_ends(call, remote);
	struct met *met = &s->met[(address_port(&call->local) * 2u + call->kind) % MET];

	if (met->cookie == call->cookie && met->cookie && met->pid == call->pid && same_ends(&met->ends, &ends))
		return;
	*met = (struct met){ .cookie = call->cookie, .pid = call->pid, .ends = ends };
	s->born(s->context, &ends, call->cookie, call->pid, call->thread);
}

static void tell_connected(struct supervise *s, const struct seen_call *call)
{
	struct address remote;

	seen_call_peer(call, &remote);
	tell(s, call, &remote);
}

/* The socket has a port now, or nobody can say which. */
static bool ported(struct supervise *s, struct seen_call *call, bool alone)
{
	if (address_port(&call->local) || !port_give(call, alone))
		return true;
	s->unseen.missed++;
	return false;
}

/* ------------------------------------------------------------------------------------------------ the calls */

typedef void answer_call(struct supervise *s, struct seen_call *call, struct answer *answer);

static bool owed(struct supervise *s, uint64_t cookie)
{
	for (unsigned i = 0; cookie && i < OWED; i++)
		if (s->owed[i] == cookie) {
			s->owed[i] = 0;
			return true;
		}
	return false;
}

static void answer_bind(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	static const struct address anybody;
	struct address at;
	int unread;

	answer->made = owed(s, call->cookie);
	if (answer->made || address_port(&call->local)) /* bound already: the kernel will say so */
		return;
	unread = seen_call_address(call, call->args[1], (uint32_t)call->args[2], &at);
	answer->look_behind = unread == EPERM || s->sandboxed || !same_label(call->thread);
	if (unread || answer->look_behind || !seen_call_waits(call, s->listener))
		return;
	answer->error = bind(call->fd, (struct sockaddr *)&at.storage, at.length) ? errno : 0;
	/* What needs a right is left to who may have it. */
	answer->look_behind = answer->error == EACCES || answer->error == EPERM;
	answer->made = !answer->look_behind;
	call->local.length = sizeof call->local.storage;
	if (!answer->error && !getsockname(call->fd, (struct sockaddr *)&call->local.storage, &call->local.length) &&
	    address_port(&call->local))
		tell(s, call, &anybody);
}

static void answer_connect(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	struct address to, connected;
	int unread = seen_call_address(call, call->args[1], (uint32_t)call->args[2], &to);
	bool tcp = call->kind == SOCKET_TCP;

	(void)answer;
	if (unread == EPERM)
		s->unseen.missed++;
	if (unread || !seen_call_waits(call, s->listener) || to.storage.ss_family == AF_UNSPEC)
		return;
	if (!address_port(&call->local) && tcp && !port_would_connect(call, &to))
		return;
	if (!ported(s, call, tcp))
		return;
	tell(s, call, tcp && seen_call_peer(call, &connected) ? &connected : &to);
}

static void answer_listen(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	(void)answer;
	if (call->kind == SOCKET_TCP && ported(s, call, false))
		tell_connected(s, call);
}

/* UDP gets its port by sending; TCP only by what sends with the first segment. */
static void answer_send(struct supervise *s, struct seen_call *call, uint64_t flags, bool addressed)
{
	static const struct address anybody;
	bool opens = call->kind == SOCKET_UDP || (flags & MSG_FASTOPEN);

	if ((!address_port(&call->local) && !opens) || !ported(s, call, call->kind == SOCKET_TCP))
		return;
	if (addressed && call->kind == SOCKET_UDP)
		tell(s, call, &anybody);
	else
		tell_connected(s, call);
}

static void answer_sendto(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	(void)answer;
	answer_send(s, call, call->args[3], true);
}

static void answer_sendmsg(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	(void)answer;
	answer_send(s, call, call->args[2], seen_call_names_peer(call));
}

/* Each of its messages may have an address. */
static void answer_sendmmsg(struct supervise *s, struct seen_call *call, struct answer *answer)
{
	(void)answer;
	answer_send(s, call, call->args[3], true);
}

static const struct {
	int number;
	answer_call *answer;
} calls[] = {
	{ SYS_bind, answer_bind },     { SYS_connect, answer_connect }, { SYS_listen, answer_listen },
	{ SYS_sendto, answer_sendto }, { SYS_sendmsg, answer_sendmsg }, { SYS_sendmmsg, answer_sendmmsg },
};

/* ------------------------------------------------------------------------------------------------ answering */

static void look(struct supervise *s, const struct seccomp_notif *request, answer_call *on_socket,
		 struct answer *answer)
{
	struct seen_call call = { .id = request->id, .thread = request->pid, .args = request->data.args };
	enum seen seen = seen_call_open(&call, s->listener, s->network);

	s->unseen.missed += seen == SEEN_MISSED;
	if (seen != SEEN)
		return;
	on_socket(s, &call, answer);
	answer->cookie = call.cookie;
	seen_call_close(&call);
}

static void consider(struct supervise *s, const struct seccomp_notif *request, struct answer *answer)
{
#ifdef SUPERVISE_ARCH
	if (request->data.arch != SUPERVISE_ARCH || request->data.nr & 0x40000000) {
		s->unseen.foreign++;
		return;
	}
#endif
	s->unseen.rings += request->data.nr == SYS_io_uring_setup;
	s->sandboxed |= request->data.nr == SYS_landlock_restrict_self;
	for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].number == request->data.nr)
			look(s, request, calls[i].answer, answer);
}

/* The call is being made: its socket has a port soon, or never. */
static void look_behind(struct supervise *s, const struct seccomp_notif *request)
{
	static const struct timespec pause = { 0, LOOK_AFTER };
	static const struct address anybody;

	for (unsigned i = 0; i < LOOKS; i++) {
		struct seen_call call = { .thread = request->pid, .args = request->data.args };
		bool ready = seen_call_open(&call, -1, s->network) == SEEN && address_port(&call.local);

		if (ready)
			tell(s, &call, &anybody);
		seen_call_close(&call);
		if (ready)
			return;
		nanosleep(&pause, NULL);
	}
}

static void serve_one(struct supervise *s)
{
	struct answer answer = { .made = false };

	memset(s->request, 0, s->request_size);
	memset(s->response, 0, s->response_size);
	if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_RECV, s->request) < 0)
		return; /* it ended meanwhile */
	if (!s->let_go)
		consider(s, s->request, &answer);
	s->response->id = s->request->id;
	s->response->error = answer.made ? -answer.error : 0;
	s->response->flags = answer.made ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, s->response) < 0) {
		/* A signal was faster (before Linux 5.19): the program makes the call again. */
		if (answer.made && !answer.error)
			s->owed[s->owing++ % OWED] = answer.cookie;
	} else if (answer.look_behind) {
		look_behind(s, s->request);
	}
}

bool supervise_serve(struct supervise *s)
{
	for (unsigned i = 0; i < AT_ONCE; i++) {
		struct pollfd ready = { .fd = s->listener, .events = POLLIN };

		if (poll(&ready, 1, 0) <= 0)
			return true;
		if (ready.revents & POLLIN)
			serve_one(s);
		else
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------------------------------------ its life */

static int put_down_ports(struct error *err)
{
	if (capng_get_caps_process())
		return error_set(err, "the rights of this process cannot be read");
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_BIND_SERVICE))
		return 0;
	if (capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, CAP_NET_BIND_SERVICE) || capng_apply(CAPNG_SELECT_CAPS))
		return error_set(err, "the right to ports below 1024 cannot be put down");
	return 0;
}

uint64_t own_network(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	uint64_t cookie = fd < 0 ? 0 : socket_network(fd);

	if (fd >= 0)
		close(fd);
	return cookie;
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

struct supervise *supervise_new(int listener, supervise_born *born, void *context, struct error *err)
{
	struct seccomp_notif_sizes sizes;
	struct supervise *s;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0) {
		error_errno(err, "socket calls cannot be seen");
		return NULL;
	}
	if (put_down_ports(err) < 0)
		return NULL;
	s = mem_new(1, sizeof *s);
	s->listener = listener;
	s->born = born;
	s->context = context;
	s->network = own_network();
	s->request_size = larger(sizeof *s->request, sizes.seccomp_notif);
	s->response_size = larger(sizeof *s->response, sizes.seccomp_notif_resp);
	s->request = mem_new(1, s->request_size);
	s->response = mem_new(1, s->response_size);
	s->met = mem_new(MET, sizeof *s->met);
	/* The program runs on at once where we ran, since we sleep then; older kernels know only the slow way. */
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	return s;
}

void supervise_free(struct supervise *s)
{
	if (!s)
		return;
	close(s->listener);
	free(s->request);
	free(s->response);
	free(s->met);
	free(s);
}

int supervise_fd(const struct supervise *s)
{
	return s->listener;
}

void supervise_let_go(struct supervise *s)
{
	s->let_go = true;
}

const struct supervise_unseen *supervise_unseen(const struct supervise *s)
{
	return &s->unseen;
}
