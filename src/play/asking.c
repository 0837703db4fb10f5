/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/asking.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>

#include "base/process.h"

/* ------------------------------------------------------------------------------------------------ waiting */

void client_duration(struct text *out, int64_t ns)
{
	bool seconds = ns >= NS_PER_S;
	int64_t unit = seconds ? NS_PER_S : NS_PER_MS;
	unsigned digits = 0;

	for (int64_t rest = ns % unit * 10; rest >= unit / 1000 && digits < 3; rest = rest % unit * 10)
		digits++;
	text_seconds(out, seconds ? ns : ns * 1000, digits);
	text_string(out, seconds ? " s" : " ms");
}

unsigned client_wait(const struct client *client, const struct wait *wait)
{
	static const unsigned means[] = { WAIT_SIGNAL, WAIT_IN, WAIT_INPUT }; /* anything but POLLOUT */
	struct pollfd fds[] = {
		{ .fd = client->signals, .events = POLLIN },
		{ .fd = wait->fd, .events = wait->out ? POLLIN | POLLOUT : POLLIN },
		{ .fd = wait->input ? client->input : -1, .events = POLLIN },
	};
	const size_t count = sizeof fds / sizeof *fds;
	unsigned there = 0;
	int ready;

	do {
		ready = sock_poll(client->narrator, fds, count, clock_patience(wait->until), wait->why);
		if (ready < 0 && errno != EINTR)
			bug("poll: %s", strerror(errno));
	} while (ready < 0 || (ready == 0 && clock_patience(wait->until) != 0));
	for (size_t i = 0; i < count; i++) {
		there |= fds[i].revents & ~POLLOUT ? means[i] : 0;
		there |= fds[i].revents & POLLOUT ? WAIT_OUT : 0;
	}
	return there & WAIT_SIGNAL ? WAIT_SIGNAL : there;
}

bool client_sleep(const struct client *client, int64_t until, const char *why)
{
	return client_wait(client, &(struct wait){ .fd = -1, .until = until, .why = why }) != WAIT_SIGNAL;
}

/* ------------------------------------------------------------------------------------------------ both transports */

void client_interruptible(const struct client *client, bool interruptible)
{
	if (client->signals >= 0)
		process_interruptible(interruptible);
}

int client_local_address(const struct client *client, int family, struct address *local, struct error *err)
{
	struct addresses list = { 0 };

	if (endpoint_resolve(client->narrator, client->bind, "0", family, SOCK_DGRAM, &list, err) < 0)
		return -1;
	*local = list.list[0];
	addresses_release(&list);
	return 0;
}

/* A link: the kernel would take any, and the answer would not be from whom we asked. */
int client_check_peer(const struct address *peer, struct error *err)
{
	const struct sockaddr_in6 *v6 = (const void *)&peer->storage;
	char host[ADDRESS_TEXT];

	if (!address_port(peer))
		return error_set(err, "port 0: nobody can be reached there; give the port of the server");
	if (v6->sin6_family != AF_INET6 || !IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) || v6->sin6_scope_id)
		return 0;
	address_host_text(peer, host);
	return error_set(err, "%s: an address of one link needs its interface: write it as %s%%eth0", host, host);
}

int client_resolve(const struct client *client, int type, struct addresses *peers, struct address *local,
		   struct error *err)
{
	int family = client->family;

	*local = (struct address){ 0 };
	if (client->bind && client_local_address(client, family, local, err) < 0)
		return -1;
	if (local->length)
		family = local->storage.ss_family;
	if (endpoint_resolve(client->narrator, client->host, client->port, family, type, peers, err) < 0)
		return -1;
	return client_check_peer(&peers->list[0], err);
}

void client_count_answer(struct tally *tally, int64_t rtt_ns, bool as_it_should_be)
{
	uint64_t before = tally->equal + tally->altered;

	if (!before || rtt_ns < tally->rtt_min_ns)
		tally->rtt_min_ns = rtt_ns;
	if (!before || rtt_ns > tally->rtt_max_ns)
		tally->rtt_max_ns = rtt_ns;
	tally->rtt_sum_ns += rtt_ns;
	tally->messages_in++;
	if (as_it_should_be)
		tally->equal++;
	else
		tally->altered++;
}

void client_no_answer(const struct client *client, struct tally *tally, const struct address *peer, const char *hint)
{
	struct text time = { 0 };
	char name[ADDRESS_TEXT];

	client_duration(&time, client->timeout_ns);
	report_trouble(client->reporter, "no answer from %s within %.*s%s%s", address_text(peer, name),
		       (int)time.length, time.data, hint ? ": " : "", hint ? hint : "");
	text_release(&time);
	tally->lost++;
}

void client_done(const struct client *client, const struct tally *tally)
{
	report(client->reporter, (struct event){ .kind = EVENT_DONE, .tally = tally });
}

/* ------------------------------------------------------------------------------------------------ asking over UDP */

/*
 * Without this option a socket that is not connected never learns that nobody listens: the ICMP message that says so
 * names the datagram, and the kernel drops it because more peers than one may be asked through the socket.
 */
static int hear_refusals(const struct narrator *n, int fd, int family, struct error *err)
{
	if (sock_set(n, fd, family == AF_INET6 ? &sock_v6recverr : &sock_recverr, 1,
		     "So that the ICMP message \"port unreachable\" reaches us: a socket that is not connected is else "
		     "told nothing.") < 0)
		return error_errno(err, "setsockopt IP_RECVERR");
	return 0;
}

static int open_socket(struct asker *asker, struct error *err)
{
	const struct narrator *n = asker->client->narrator;
	int family = asker_peer(asker)->storage.ss_family;

	if (asker->from.length) {
		asker->fd = endpoint_bind(n, &asker->from, SOCK_DGRAM, 0, NULL, err);
	} else {
		asker->fd = sock_open(n, family, SOCK_DGRAM,
				      "For datagrams (UDP). It has no port yet: the first sendto() will get it one.");
		if (asker->fd < 0)
			error_errno(err, "no socket can be opened");
	}
	return asker->fd < 0 ? -1 : hear_refusals(n, asker->fd, family, err);
}

int asker_open(struct asker *asker, const struct client *client, struct tally *tally, struct error *err)
{
	*asker = (struct asker){ .client = client, .tally = tally, .fd = -1 };
	if (client_resolve(client, SOCK_DGRAM, &asker->peers, &asker->from, err) < 0)
		return -1;
	return open_socket(asker, err);
}

static void close_socket(struct asker *asker)
{
	if (asker->fd >= 0)
		sock_close(asker->client->narrator, asker->fd, "Gives the port back.");
	asker->fd = -1;
}

void asker_close(struct asker *asker)
{
	close_socket(asker);
	addresses_release(&asker->peers);
}

/* Each error waits in a queue of its own, and poll() would go on about it. */
static void take_refusals(struct asker *asker)
{
	uint8_t octets[64], control[256];
	struct iovec vector = { octets, sizeof octets };
	struct msghdr message;

	do {
		message = (struct msghdr){
			.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
		};
	} while (sock_recvmsg(asker->client->narrator, asker->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT,
			      "Takes the ICMP message itself out of the queue of errors, until that is empty.") >= 0);
}

static enum ask_answer transmit(struct asker *asker, struct error *err);

static enum ask_answer refused(struct asker *asker, int error, struct error *err)
{
	struct error sentence;

	take_refusals(asker);
	if (!asker->answered && asker->current + 1 < asker->peers.count) {
		close_socket(asker);
		asker->current++;
		return open_socket(asker, err) < 0 ? ASK_ERROR : transmit(asker, err);
	}
	endpoint_refusal(NULL, asker_peer(asker), error, &sentence);
	report_trouble(asker->client->reporter, "%s", sentence.text);
	asker->tally->lost++;
	return ASK_REFUSED;
}

static enum ask_answer transmit(struct asker *asker, struct error *err)
{
	const struct narrator *n = asker->client->narrator;
	const struct address *peer = asker_peer(asker);

	if (sock_sendto(n, asker->fd, asker->request, asker->request_length, 0, peer,
			"The request, one datagram. A socket without a port gets one now, as netstat shows.") < 0)
		return refused(asker, errno, err);
	asker->sent_ns = clock_monotonic();
	if (sock_name(n, asker->fd, &asker->local,
		      "Asks which port the kernel has chosen: the answer will come to it.") < 0)
		asker->local = (struct address){ 0 };
	asker->tally->messages_out++;
	asker->tally->octets_out += asker->request_length;
	report(asker->client->reporter, (struct event){ .kind = EVENT_SENT,
							.type = SOCK_DGRAM,
							.local = &asker->local,
							.peer = peer,
							.data = asker->request,
							.length = asker->request_length });
	return ASK_ANSWERED;
}

enum ask_answer asker_send(struct asker *asker, const void *request, size_t length, struct error *err)
{
	asker->request = request;
	asker->request_length = length;
	return transmit(asker, err);
}

/* Who asks 0.0.0.0 asks this machine, and is answered from another of its addresses. */
static bool is_peer(const struct asker *asker, const struct address *from)
{
	const struct address *peer = asker_peer(asker);

	return address_equal(peer, from) || (address_is_any(peer) && address_port(peer) == address_port(from));
}

static void drop_stranger(struct asker *asker, const struct address *from, const void *data, size_t length)
{
	struct text note = { 0 };
	char name[ADDRESS_TEXT];

	text_format(&note, "not from %s, which was asked", address_text(asker_peer(asker), name));
	text_char(&note, '\0');
	report(asker->client->reporter, (struct event){ .kind = EVENT_DROPPED,
							.type = SOCK_DGRAM,
							.peer = from,
							.data = data,
							.length = length,
							.note = note.data });
	text_release(&note);
}

/* ASK_ANSWERED: there is something to wait for again. */
static enum ask_answer receive_failed(struct asker *asker, int error, struct error *err)
{
	if (error != EAGAIN && error != EINTR)
		return refused(asker, error, err);
	take_refusals(asker);
	return ASK_ANSWERED;
}

enum ask_answer asker_receive(struct asker *asker, void *data, size_t size, size_t *length, int64_t until,
			      struct error *err)
{
	const struct narrator *n = asker->client->narrator;

	for (;;) {
		struct wait wait = {
			.fd = asker->fd,
			.until = until,
			.why = "Waits for the answer, but not for ever: a datagram may be lost on the way."
		};
		unsigned there = client_wait(asker->client, &wait);
		struct address from = { 0 };
		ssize_t got;

		if (there != WAIT_IN)
			return there ? ASK_STOPPED : ASK_TIMEOUT;
		got = sock_recvfrom(
			n, asker->fd, data, size, MSG_DONTWAIT, &from,
			"Takes the answer, and the address that it came from; poll() has done the waiting.");
		if (got < 0) {
			enum ask_answer answer = receive_failed(asker, errno, err);

			if (answer != ASK_ANSWERED)
				return answer;
			continue;
		}
		asker->tally->octets_in += (size_t)got;
		asker->tally->datagrams++;
		*length = (size_t)got;
		asker->answered = is_peer(asker, &from) || asker->answered;
		if (is_peer(asker, &from))
			return ASK_ANSWERED;
		drop_stranger(asker, &from, data, *length);
	}
}
