/* SPDX-License-Identifier: BSD-2-Clause */
/* Connecting, each address in turn, and what may come in the way. */
#include "net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "net/narrate.h"

/* ------------------------------------------------------------------------------------------------ refusals */

/* %s is the peer. peers: it is the peer's or the network's doing, not ours. */
static const struct refusal {
	int error;
	bool peers;
	const char *says;
} refusals[] = {
	{ ECONNREFUSED, true, "refused: nobody listens on %s; start the server" },
	{ ECONNRESET, true, "reset: %s broke the connection off; see what the program there says" },
	{ ECONNABORTED, true, "aborted: the connection with %s was broken off; try again" },
	{ EPIPE, true, "closed: %s has ended the connection; nothing can be sent there any more" },
	{ ETIMEDOUT, true, "no answer from %s in time; check the address, and that no firewall drops the packets" },
	{ EHOSTUNREACH, true, "no such host: %s cannot be reached; check the address and the cable" },
	{ EHOSTDOWN, true, "host down: %s cannot be reached; check that the machine runs" },
	{ ENETUNREACH, true, "no route: this machine knows no way to %s; check the address and 'ip route'" },
	{ ENETDOWN, true, "network down: the interface towards %s is down; see 'ip link'" },
	{ ENOBUFS, true, "not sent: the interface towards %s takes no packets now; see the cable, and 'ip link'" },
	{ EPROTO, true, "protocol error: %s answered what the kernel does not understand; look at the packets" },
	{ ENOPROTOOPT, true, "refused: the machine of %s does not take this protocol; check the address" },
	{ EACCES, false,
	  "not permitted: %s: a broadcast address takes SO_BROADCAST (--broadcast), else a firewall of this machine "
	  "forbids it" },
	{ EPERM, false, "not permitted: a firewall of this machine lets nothing out to %s; see 'nft list ruleset'" },
	{ EMSGSIZE, false, "too long: the message does not fit into one datagram to %s; send less at once" },
	{ EADDRNOTAVAIL, false, "no local address or no free port from which to reach %s; see 'ip address'" },
	{ EADDRINUSE, false, "the local port for %s is taken; use another, or leave it to the kernel" },
	{ EAFNOSUPPORT, false, "this machine does not have the version of IP that %s is of; use -4 or -6" },
	{ EINVAL, false,
	  "not a place to send to: %s; an address of one link needs its interface, as in fe80::1%%eth0" },
	{ EMFILE, false, "no descriptor is left for %s; raise the limit with 'ulimit -n'" },
};

static const struct refusal *refusal_of(int error)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (refusals[i].error == error)
			return &refusals[i];
	return NULL;
}

static const char *reason(int error)
{
	const char *known = strerrordesc_np(error);

	return known ? known : "an unknown error";
}

void endpoint_refusal(const char *what, const struct address *peer, int error, struct error *err)
{
	const struct refusal *refusal = refusal_of(error);
	char text[ADDRESS_TEXT], sentence[sizeof err->text];

	if (peer && peer->length && !address_port(peer))
		address_host_text(peer, text);
	else if (peer && peer->length)
		address_text(peer, text);
	else
		memcpy(text, "the peer", sizeof "the peer");
	if (refusal)
		snprintf(sentence, sizeof sentence, refusal->says, text);
	else
		snprintf(sentence, sizeof sentence, "%s: %s", text, reason(error));
	error_set(err, "%s%s%s", what ? what : "", what && *what ? ": " : "", sentence);
}

/* ------------------------------------------------------------------------------------------------ one attempt */

struct attempt {
	const struct narrator *n;
	const struct address *from;
	int64_t timeout_ns;
	struct error *err;
};

/* The handshake goes on by itself: its end makes the socket writable, its result is SO_ERROR. Returns that. */
static int await_handshake(const struct attempt *a, int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	int64_t until = clock_deadline(a->timeout_ns);
	int ready, error = 0;

	do
		ready = sock_poll(a->n, &wait, 1, clock_patience(until),
				  "Waits until the handshake is over, and no longer than it may take.");
	while (ready < 0 && errno == EINTR);
	if (!ready)
		return ETIMEDOUT;
	if (ready < 0 ||
	    sock_get(a->n, fd, &sock_error, &error, "Writable does not mean connected: here is the result.") < 0)
		return errno;
	return error;
}

static int make_blocking(const struct attempt *a, int fd)
{
	int flags = fcntl(fd, F_GETFL), result;

	result = flags < 0 ? -1 : fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	if (a->n)
		call_tell(a->n, "Connected: from now on calls may wait again (O_NONBLOCK is taken off).", result,
			  "fcntl(%d, F_SETFL, O_RDWR)", fd);
	return result;
}

/* Returns the errno of what failed; 0: connected. */
static int connect_socket(const struct attempt *a, int fd, const struct address *to)
{
	static const char *const whys[] = {
		"Shakes hands (SYN, SYN+ACK, ACK) and sleeps until the peer's kernel has answered.",
		"Begins the handshake; since the socket does not block we choose how long to wait for its end.",
	};
	bool limited = a->timeout_ns > 0;
	int error = sock_connect(a->n, fd, to, whys[limited]) < 0 ? errno : 0;

	if (error == EINPROGRESS || error == EINTR)
		error = await_handshake(a, fd);
	return !error && limited && make_blocking(a, fd) < 0 ? errno : error;
}

static enum endpoint_answer refuse(const struct attempt *a, const struct address *to, int error)
{
	const struct refusal *refusal = refusal_of(error);

	endpoint_refusal(NULL, to, error, a->err);
	return refusal && refusal->peers ? ENDPOINT_NO : ENDPOINT_ERROR;
}

static enum endpoint_answer bind_local(const struct attempt *a, int fd)
{
	char text[ADDRESS_TEXT];
	int error;

	if (!a->from || !sock_bind(a->n, fd, a->from, "The connection is to leave from this address of ours."))
		return ENDPOINT_OPEN;
	error = errno;
	error_set(a->err, "%s: cannot connect from there: %s; 'ip address' lists what this machine has",
		  address_text(a->from, text), reason(error));
	return ENDPOINT_ERROR;
}

static enum endpoint_answer use(const struct attempt *a, int fd, const struct address *to)
{
	enum endpoint_answer answer = bind_local(a, fd);
	int error;

	if (answer != ENDPOINT_OPEN)
		return answer;
	error = connect_socket(a, fd, to);
	if (error)
		return refuse(a, to, error);
	/* Without it messages would still pass, only late and joined: no reason to give the connection up. */
	sock_set(a->n, fd, &sock_nodelay, 1,
		 "Each message leaves at once in a segment of its own; else small ones may wait for the peer's "
		 "acknowledgement and be joined.");
	return ENDPOINT_OPEN;
}

static enum endpoint_answer try_one(const struct attempt *a, const struct address *to, int *fd)
{
	char text[ADDRESS_TEXT], from[ADDRESS_TEXT];
	enum endpoint_answer answer;

	if (a->from && a->from->storage.ss_family != to->storage.ss_family) {
		error_set(a->err, "%s: cannot be reached from %s, which is of the other version of IP; use -4 or -6",
			  address_text(to, text), address_host_text(a->from, from));
		return ENDPOINT_ERROR;
	}
	*fd = sock_open(a->n, to->storage.ss_family, a->timeout_ns > 0 ? SOCK_STREAM | SOCK_NONBLOCK : SOCK_STREAM,
			"A stream (TCP): octets in order over a connection, without borders between messages.");
	if (*fd < 0)
		return refuse(a, to, errno);
	answer = use(a, *fd, to);
	if (answer != ENDPOINT_OPEN) {
		sock_close(a->n, *fd, "After a connect that failed the socket is of no use.");
		*fd = -1;
	}
	return answer;
}

/* ------------------------------------------------------------------------------------------------ each in turn */

enum endpoint_answer endpoint_connect(const struct narrator *n, const struct addresses *to, const struct address *from,
				      int64_t timeout_ns, int *fd, struct address *peer, struct error *err)
{
	enum endpoint_answer answer = ENDPOINT_ERROR;
	struct error last = { "" };
	const struct attempt attempt = { n, from, timeout_ns, &last };

	*fd = -1;
	if (!to->count)
		error_set(err, "nothing to connect to: the name has no address");
	for (size_t i = 0; i < to->count; i++) {
		enum endpoint_answer one = try_one(&attempt, &to->list[i], fd);

		if (one == ENDPOINT_OPEN) {
			if (peer)
				*peer = to->list[i];
			return one;
		}
		/* What a peer said is worth more than that another address could not even be tried. */
		if (one == ENDPOINT_NO || answer == ENDPOINT_ERROR) {
			answer = one;
			*err = last;
		}
	}
	return answer;
}
