/* SPDX-License-Identifier: BSD-2-Clause */
/* As test_sock.c, for messages, for what is cut and escaped, and for the calls that wait for many. */
#include "telling.h"

#include <linux/errqueue.h>
#include <netinet/udp.h>

#include "net/narrate.h"

#define WHY "Because."
#define SAID "\n    Because.\n"

/* ------------------------------------------------------------------------------------------------ messages */

/* One message of two parts, with room for a peer and control data. */
struct message {
	struct iovec parts[2];
	struct address peer;
	_Alignas(struct cmsghdr) char control[256];
	char room[64];
};

static struct msghdr to_receive(struct message *m)
{
	m->parts[0] = (struct iovec){ m->room, 3 };
	m->parts[1] = (struct iovec){ m->room + 3, sizeof m->room - 3 };
	return (struct msghdr){ .msg_name = &m->peer.storage, .msg_namelen = sizeof m->peer.storage,
				.msg_iov = m->parts, .msg_iovlen = 2, .msg_control = m->control,
				.msg_controllen = sizeof m->control };
}

static struct msghdr to_send(struct message *m, const struct address *to, const char *first, const char *second)
{
	m->peer = *to;
	m->parts[0] = (struct iovec){ (void *)(uintptr_t)first, strlen(first) };
	m->parts[1] = (struct iovec){ (void *)(uintptr_t)second, strlen(second) };
	return (struct msghdr){ .msg_name = &m->peer.storage, .msg_namelen = m->peer.length, .msg_iov = m->parts,
				.msg_iovlen = 2 };
}

static void one_message(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address here, there;
	int a = bound(SOCK_DGRAM, &here), b = bound(SOCK_DGRAM, &there);
	struct message message;
	struct msghdr header = to_send(&message, &there, "da", "te");

	(void)state;
	assert_int_equal(sock_set(NULL, b, &sock_pktinfo, 1, NULL), 0);
	assert_int_equal(sock_sendmsg(&n, a, &header, 0, WHY), 4);
	told_is(&told, 1, "sendmsg(%d, {127.0.0.1:%u, \"date\"}, MSG_NOSIGNAL) = 4" SAID, a, address_port(&there));

	header = to_receive(&message);
	assert_int_equal(sock_recvmsg(&n, b, &header, 0, WHY), 4);
	told_is(&told, 2,
		"recvmsg(%d, message, 0) ..." SAID
		"... recvmsg(%d, {127.0.0.1:%u, \"date\", IP_PKTINFO 127.0.0.1 on lo}, 0) = 4\n", b, b,
		address_port(&here));

	/* The answer leaves from where the request came to; only that one of the two addresses in there counts. */
	memset(CMSG_DATA(CMSG_FIRSTHDR(&header)) + offsetof(struct in_pktinfo, ipi_addr), 0, sizeof(struct in_addr));
	message.parts[0].iov_len = 2;
	message.parts[1].iov_len = 0;
	header.msg_flags = 0;
	assert_int_equal(sock_sendmsg(&n, b, &header, 0, WHY), 2);
	told_is(&told, 1, "sendmsg(%d, {127.0.0.1:%u, \"da\", IP_PKTINFO 127.0.0.1 on lo}, MSG_NOSIGNAL) = 2" SAID, b,
		address_port(&here));

	header = to_receive(&message);
	header.msg_iovlen = 1;
	message.parts[0].iov_len = 1;
	await(a, POLLIN);
	assert_int_equal(sock_recvmsg(&n, a, &header, MSG_DONTWAIT, WHY), 1);
	told_is(&told, 1, "recvmsg(%d, {127.0.0.1:%u, \"d\", MSG_TRUNC}, MSG_DONTWAIT) = 1" SAID, a,
		address_port(&there));
	assert_int_equal(sock_recvmsg(&n, a, &header, MSG_DONTWAIT, WHY), -1);
	told_is(&told, 1, "recvmsg(%d, message, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)" SAID, a);
	sock_close(NULL, a, NULL);
	sock_close(NULL, b, NULL);
}

/* Made by hand, for the kernel's own differ from run to run. */
static void what_stands_beside_a_message(void **state)
{
	const struct timeval micro = { 7, 42 };
	const struct timespec nano = { 7, 42 };
	const struct ucred who = { getpid(), getuid(), getgid() };
	const struct sock_extended_err free = { .ee_origin = SO_EE_ORIGIN_ZEROCOPY,
						.ee_code = SO_EE_CODE_ZEROCOPY_COPIED,
						.ee_info = 3,
						.ee_data = 5 };
	const uint32_t number = 29;
	char credentials[100];
	const struct {
		int level, type;
		const void *data;
		size_t size;
		const char *text;
	} rows[] = {
		{ SOL_SOCKET, SO_TIMESTAMP, &micro, sizeof micro, "SO_TIMESTAMP 7.000042" },
		{ SOL_SOCKET, SO_TIMESTAMPNS, &nano, sizeof nano, "SO_TIMESTAMPNS 7.000000042" },
		{ SOL_SOCKET, SO_RXQ_OVFL, &number, sizeof number, "SO_RXQ_OVFL 29" },
		{ SOL_SOCKET, SO_PRIORITY, &number, sizeof number, "SO_PRIORITY 29" },
		{ SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof who, credentials },
		{ IPPROTO_UDP, UDP_GRO, &number, sizeof number, "UDP_GRO 29" },
		{ IPPROTO_IP, IP_RECVERR, &free, sizeof free, "MSG_ZEROCOPY: calls 3 to 5 are over, copied" },
		{ SOL_SOCKET, SO_RXQ_OVFL, &number, 1, "control 1/40" },
	};
	struct text line = { 0 };

	(void)state;
	snprintf(credentials, sizeof credentials, "SCM_CREDENTIALS pid %d uid %u gid %u", who.pid, who.uid, who.gid);
	for (size_t i = 0; i < COUNT(rows); i++) {
		char expected[200];
		struct message message = { .control = "" };
		struct cmsghdr *header = (struct cmsghdr *)message.control;
		struct msghdr beside = { .msg_control = message.control,
					 .msg_controllen = CMSG_SPACE(rows[i].size) };

		header->cmsg_len = CMSG_LEN(rows[i].size);
		header->cmsg_level = rows[i].level;
		header->cmsg_type = rows[i].type;
		memcpy(CMSG_DATA(header), rows[i].data, rows[i].size);
		narrate_message(&line, &beside, 0, false);
		text_char(&line, '\0');
		snprintf(expected, sizeof expected, "{\"\", %s}", rows[i].text);
		assert_string_equal(line.data, expected);
		text_clear(&line);
	}
	text_release(&line);
}

static void many_messages(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address here, there;
	int a = bound(SOCK_DGRAM, &here), b = bound(SOCK_DGRAM, &there);
	struct message first, second;
	struct mmsghdr headers[2] = { { .msg_hdr = to_send(&first, &there, "one", "") },
				      { .msg_hdr = to_send(&second, &there, "", "") } };

	(void)state;
	assert_int_equal(sock_sendmmsg(&n, a, headers, 2, 0, WHY), 2);
	told_is(&told, 1, "sendmmsg(%d, [{127.0.0.1:%u, \"one\"}, {127.0.0.1:%u, \"\"}], 2, MSG_NOSIGNAL) = 2" SAID, a,
		address_port(&there), address_port(&there));
	headers[0] = (struct mmsghdr){ .msg_hdr = to_receive(&first) };
	headers[1] = (struct mmsghdr){ .msg_hdr = to_receive(&second) };
	assert_int_equal(sock_recvmmsg(&n, b, headers, 2, 0, WHY), 2);
	told_is(&told, 2,
		"recvmmsg(%d, messages, 2, 0, NULL) ..." SAID
		"... recvmmsg(%d, [{127.0.0.1:%u, \"one\"}, {127.0.0.1:%u, \"\"}], 2, 0, NULL) = 2\n", b, b,
		address_port(&here), address_port(&here));
	assert_int_equal(sock_recvmmsg(&n, b, headers, 2, MSG_DONTWAIT, WHY), -1);
	assert_int_equal(errno, EAGAIN);
	told_is(&told, 1,
		"recvmmsg(%d, messages, 2, MSG_DONTWAIT, NULL) = -1 EAGAIN (Resource temporarily unavailable)" SAID, b);
	sock_close(NULL, a, NULL);
	sock_close(NULL, b, NULL);
}

/* ------------------------------------------------------------------------------------------------ data, free text */

static void data_is_cut_and_escaped(void **state)
{
	static const struct {
		const char *data;
		size_t length;
		const char *text;
	} rows[] = {
		{ "plain", 5, "\"plain\"" },
		{ "a\r\n\t\0b", 6, "\"a\\r\\n\\t\\x00b\"" },
		{ "\033[31m\a", 6, "\"\\x1b[31m\\x07\"" },
		{ "say \"hi\" \\", 10, "\"say \\\"hi\\\" \\\\\"" },
		{ "caf\303\251 \377", 7, "\"caf\303\251 \\xff\"" },
		{ "12345678901234567890123456789012", 32, "\"12345678901234567890123456789012\"" },
		{ "123456789012345678901234567890123", 33, "\"12345678901234567890123456789012\"..." },
		{ "1234567890123456789012345678901\303\251", 33, "\"1234567890123456789012345678901\"..." },
		{ "12345678901234567890123456789012\303\251", 34, "\"12345678901234567890123456789012\"..." },
	};
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct address at;
	int fd = bound(SOCK_DGRAM, &at);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct iovec parts[2] = { { (void *)(uintptr_t)rows[i].data, 3 },
					  { (void *)(uintptr_t)(rows[i].data + 3), rows[i].length - 3 } };
		struct msghdr message = { .msg_name = &at.storage, .msg_namelen = at.length, .msg_iov = parts,
					  .msg_iovlen = 2 };

		assert_int_equal(sock_sendto(&n, fd, rows[i].data, rows[i].length, 0, &at, WHY), rows[i].length);
		told_is(&told, 1, "sendto(%d, %s, %zu, MSG_NOSIGNAL, 127.0.0.1:%u) = %zu\n", fd, rows[i].text,
			rows[i].length, address_port(&at), rows[i].length);
		assert_int_equal(sock_sendmsg(&n, fd, &message, 0, WHY), rows[i].length);
		told_is(&told, 1, "sendmsg(%d, {127.0.0.1:%u, %s}, MSG_NOSIGNAL) = %zu\n", fd, address_port(&at),
			rows[i].text, rows[i].length);
	}
	sock_close(NULL, fd, NULL);
}

static void other_events(void **state)
{
	struct told told = { 0 };
	struct narrator reasons = told_by(&told, true), calls = told_by(&told, false);

	(void)state;
	errno = ENOENT;
	sock_tell(&reasons, "A child for\033 each.", "fork() = %d %s", 42, "\033]0;title\a\n");
	assert_int_equal(errno, ENOENT);
	told_is(&told, 1, "fork() = 42 \\x1b]0;title\\x07\\n\n    A child for\\x1b each.\n");
	sock_tell(&reasons, NULL, "pause()");
	told_is(&told, 1, "pause()\n");
	sock_tell(&calls, WHY, "pause()");
	told_is(&told, 1, "pause()\n");
}

/* ------------------------------------------------------------------------------------------------ waiting */

static void polling(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int fd = bound(SOCK_DGRAM, &at);
	struct pollfd fds[] = { { .fd = fd, .events = POLLIN | POLLOUT }, { .fd = fd, .events = POLLIN },
				{ .fd = fd, .events = POLLOUT } };

	(void)state;
	assert_int_equal(sock_poll(&n, fds, 1, 60000, WHY), 1);
	told_is(&told, 2, "poll([{%d, POLLIN|POLLOUT}], 1, 60000) ..." SAID
			  "... poll([{%d, POLLIN|POLLOUT}], 1, 60000) = 1: {%d, POLLOUT}\n", fd, fd, fd);
	assert_int_equal(sock_poll(&n, fds + 1, 1, 0, WHY), 0);
	told_is(&told, 1, "poll([{%d, POLLIN}], 1, 0) = 0" SAID, fd);
	assert_int_equal(sock_poll(&n, fds, 3, 0, WHY), 2);
	told_is(&told, 1, "poll([{%d, POLLIN|POLLOUT}, {%d, POLLIN}, {%d, POLLOUT}], 3, 0) = 2: {%d, POLLOUT}, "
			  "{%d, POLLOUT}" SAID, fd, fd, fd, fd, fd);
	assert_int_equal(sock_poll(&n, NULL, 0, 0, WHY), 0);
	told_is(&told, 1, "poll([], 0, 0) = 0" SAID);
	sock_close(NULL, fd, NULL);
}

static void long_lists_are_cut(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, false);
	struct pollfd fds[40];
	struct address at;
	char element[32], *text;
	const char *all;
	int fd = bound(SOCK_DGRAM, &at);

	(void)state;
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i] = (struct pollfd){ .fd = fd };
	snprintf(element, sizeof element, "{%d, 0}, ", fd);
	assert_int_equal(sock_poll(&n, fds, COUNT(fds), 0, WHY), 0);
	text = told_take(&told);
	all = strstr(text, "...], 40, 0) = 0\n");
	assert_non_null(all);
	assert_int_equal(all - text, strlen("poll([") + 32 * strlen(element));
	free(text);
	sock_close(NULL, fd, NULL);
}

static void places_kept_free_are_left_out(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int fd = bound(SOCK_DGRAM, &at);
	struct pollfd fds[] = { { .fd = -1, .events = POLLIN }, { .fd = fd, .events = POLLIN }, { .fd = -1 } };

	(void)state;
	assert_int_equal(sock_poll(&n, fds, COUNT(fds), 0, WHY), 0);
	told_is(&told, 1, "poll([{%d, POLLIN}], 1, 0) = 0" SAID, fd);
	sock_close(NULL, fd, NULL);
}

static void selecting(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int fd = bound(SOCK_DGRAM, &at);
	fd_set readable, writable;

	(void)state;
	FD_ZERO(&readable);
	FD_ZERO(&writable);
	FD_SET(fd, &readable);
	FD_SET(fd, &writable);
	assert_int_equal(sock_select(&n, fd + 1, &readable, &writable, -1, WHY), 1);
	told_is(&told, 2, "select(%d, [%d], [%d], NULL, NULL) ..." SAID
			  "... select(%d, [%d], [%d], NULL, NULL) = 1: [], [%d]\n", fd + 1, fd, fd, fd + 1, fd, fd, fd);
	FD_SET(fd, &readable);
	assert_int_equal(sock_select(&n, fd + 1, &readable, NULL, 0, WHY), 0);
	told_is(&told, 1, "select(%d, [%d], NULL, NULL, {0, 0}) = 0" SAID, fd + 1, fd);
	FD_SET(fd, &writable);
	assert_int_equal(sock_select(&n, fd + 1, NULL, &writable, 1500, WHY), 1);
	told_is(&told, 2, "select(%d, NULL, [%d], NULL, {1, 500000}) ..." SAID
			  "... select(%d, NULL, [%d], NULL, {1, 500000}) = 1: NULL, [%d]\n", fd + 1, fd, fd + 1, fd,
		fd);
	sock_close(NULL, fd, NULL);
}

static void select_waits_as_long_as_told(void **state)
{
	struct timespec before, after;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(sock_select(NULL, 0, NULL, NULL, 5, NULL), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec >= 5000000);
}

static void waiting_with_epoll(void **state)
{
	struct told told = { 0 };
	struct narrator n = told_by(&told, true);
	struct address at;
	int fd = bound(SOCK_DGRAM, &at), epoll = sock_epoll_create(&n, WHY);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd }, events[4];

	(void)state;
	told_is(&told, 1, "epoll_create1(EPOLL_CLOEXEC) = %d" SAID, epoll);
	assert_int_equal(sock_epoll_ctl(&n, epoll, EPOLL_CTL_ADD, fd, &event, WHY), 0);
	told_is(&told, 1, "epoll_ctl(%d, EPOLL_CTL_ADD, %d, {EPOLLIN, %d}) = 0" SAID, epoll, fd, fd);
	assert_int_equal(sock_epoll_wait(&n, epoll, events, 4, 0, WHY), 0);
	told_is(&told, 1, "epoll_wait(%d, [], 4, 0) = 0" SAID, epoll);
	event = (struct epoll_event){ .events = EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = 0x1234567890 };
	assert_int_equal(sock_epoll_ctl(&n, epoll, EPOLL_CTL_MOD, fd, &event, WHY), 0);
	told_is(&told, 1, "epoll_ctl(%d, EPOLL_CTL_MOD, %d, {EPOLLOUT|EPOLLRDHUP|EPOLLET, 0x1234567890}) = 0" SAID,
		epoll, fd);
	assert_int_equal(sock_epoll_wait(&n, epoll, events, 4, -1, WHY), 1);
	told_is(&told, 2, "epoll_wait(%d, events, 4, -1) ..." SAID
			  "... epoll_wait(%d, [{EPOLLOUT, 0x1234567890}], 4, -1) = 1\n", epoll, epoll);
	assert_int_equal(sock_epoll_ctl(&n, epoll, EPOLL_CTL_DEL, fd, NULL, WHY), 0);
	told_is(&told, 1, "epoll_ctl(%d, EPOLL_CTL_DEL, %d, NULL) = 0" SAID, epoll, fd);
	sock_close(NULL, epoll, NULL);
	sock_close(NULL, fd, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_message),
		cmocka_unit_test(what_stands_beside_a_message),
		cmocka_unit_test(many_messages),
		cmocka_unit_test(data_is_cut_and_escaped),
		cmocka_unit_test(other_events),
		cmocka_unit_test(polling),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(places_kept_free_are_left_out),
		cmocka_unit_test(selecting),
		cmocka_unit_test(select_waits_as_long_as_told),
		cmocka_unit_test(waiting_with_epoll),
	};

	return cmocka_run_group_tests_name("net/sock, many", tests, NULL, NULL);
}
