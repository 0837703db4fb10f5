/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers to datagrams: from which address, and sent as one piece: which, and how they arrive. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "play/together.h"

#define MOST 8

/* Answers as a server has them before it sends. */
struct answers {
	struct mmsghdr messages[MOST];
	struct iovec parts[MOST];
	struct sockaddr_in peers[MOST];
	_Alignas(struct cmsghdr) uint8_t control[MOST][CMSG_SPACE(sizeof(struct in_pktinfo))];
	char data[MOST][64];
};

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
}

static struct answers *answers_new(uint16_t port)
{
	struct answers *a = mem_new(1, sizeof *a);

	for (unsigned i = 0; i < MOST; i++) {
		snprintf(a->data[i], sizeof a->data[i], "answer %u", i);
		a->peers[i] = loopback(port);
		a->parts[i] = (struct iovec){ a->data[i], sizeof a->data[i] };
		a->messages[i].msg_hdr = (struct msghdr){ .msg_name = &a->peers[i],
							  .msg_namelen = sizeof a->peers[i],
							  .msg_iov = &a->parts[i],
							  .msg_iovlen = 1 };
	}
	return a;
}

static void give_control(struct answers *a, unsigned i, uint32_t from)
{
	struct msghdr *message = &a->messages[i].msg_hdr;
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(from) };
	struct cmsghdr *header;

	message->msg_control = a->control[i];
	message->msg_controllen = sizeof a->control[i];
	header = CMSG_FIRSTHDR(message);
	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof info);
	memcpy(CMSG_DATA(header), &info, sizeof info);
}

static void counts_what_is_alike(void **state)
{
	struct answers *a = answers_new(4000);

	(void)state;
	assert_int_equal(together_count(a->messages, MOST), MOST);
	assert_int_equal(together_count(a->messages, 3), 3);
	assert_int_equal(together_count(a->messages, 0), 0);
	a->peers[5].sin_port = htons(4001);
	assert_int_equal(together_count(a->messages, MOST), 5);
	a->parts[3].iov_len = 63;
	assert_int_equal(together_count(a->messages, MOST), 3);
	give_control(a, 0, INADDR_LOOPBACK);
	assert_int_equal(together_count(a->messages, MOST), 1);
	give_control(a, 1, INADDR_LOOPBACK + 1);
	assert_int_equal(together_count(a->messages, MOST), 1);
	give_control(a, 1, INADDR_LOOPBACK);
	assert_int_equal(together_count(a->messages, MOST), 2);
	free(a);
}

static void leaves_alone_what_is_empty_or_long(void **state)
{
	struct answers *a = answers_new(4000);

	(void)state;
	for (unsigned i = 0; i < MOST; i++)
		a->parts[i].iov_len = 0;
	assert_int_equal(together_count(a->messages, MOST), 0);
	for (unsigned i = 0; i < MOST; i++)
		a->parts[i].iov_len = 1201;
	assert_int_equal(together_count(a->messages, MOST), 0);
	for (unsigned i = 0; i < MOST; i++)
		a->parts[i].iov_len = 1200;
	assert_int_equal(together_count(a->messages, MOST), MOST);
	free(a);
}

static int bound(struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof *at;

	*at = loopback(0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)at, sizeof *at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)at, &length), 0);
	return fd;
}

/* Each arrives as a datagram of its own, from the address that its control data asks for. */
static void arrive_one_by_one(uint32_t from)
{
	struct sockaddr_in to, sender;
	int receiver = bound(&to), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct answers *a = answers_new(ntohs(to.sin_port));
	char data[2048];

	for (unsigned i = 0; from && i < MOST; i++)
		give_control(a, i, from);
	if (together_send(NULL, fd, a->messages, MOST) < 0) {
		assert_int_equal(errno, EINVAL); /* a kernel before 4.18 */
		print_message("the kernel does not cut datagrams apart\n");
		skip();
	}
	for (unsigned i = 0; i < MOST; i++) {
		socklen_t length = sizeof sender;

		assert_int_equal(recvfrom(receiver, data, sizeof data, 0, (struct sockaddr *)&sender, &length), 64);
		assert_string_equal(data, a->data[i]);
		assert_int_equal(ntohl(sender.sin_addr.s_addr), from ? from : INADDR_LOOPBACK);
	}
	free(a);
	close(fd);
	close(receiver);
}

static void sent_together_arrive_apart(void **state)
{
	(void)state;
	arrive_one_by_one(0);
}

static void sent_together_from_the_address_that_was_asked(void **state)
{
	(void)state;
	arrive_one_by_one(INADDR_LOOPBACK + 1);
}

/* Of an address of one link the kernel takes it only with its interface; whoever asks may have another address. */
static void an_answer_leaves_from_the_address_that_was_asked(void **state)
{
	static const struct {
		const char *asked;
		unsigned interface; /* by which the request came */
		bool kept;          /* the answer names it */
		bool from_there;
	} rows[] = {
		{ "fe80::5", 3, true, true },
		{ "2001:db8::1", 3, false, true },
		{ "::1", 1, false, true },
		{ "ff02::1", 3, false, false },
	};
	const struct listener any = { .pktinfo = true }, one = { .pktinfo = false };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		_Alignas(struct cmsghdr) uint8_t room[DATAGRAM_CONTROL] = { 0 };
		const size_t length = CMSG_SPACE(sizeof(struct in6_pktinfo));
		struct cmsghdr *header = (struct cmsghdr *)room;
		struct in6_pktinfo *info = (struct in6_pktinfo *)CMSG_DATA(header);

		*header = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof *info),
					    .cmsg_level = IPPROTO_IPV6,
					    .cmsg_type = IPV6_PKTINFO };
		info->ipi6_ifindex = rows[i].interface;
		assert_int_equal(inet_pton(AF_INET6, rows[i].asked, &info->ipi6_addr), 1);
		assert_int_equal(server_answer_control(&one, room, length), 0);
		assert_int_equal(server_answer_control(&any, room, length), rows[i].from_there ? length : 0);
		assert_int_equal(info->ipi6_ifindex, rows[i].kept ? rows[i].interface : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_leaves_from_the_address_that_was_asked),
		cmocka_unit_test(counts_what_is_alike),
		cmocka_unit_test(leaves_alone_what_is_empty_or_long),
		cmocka_unit_test(sent_together_arrive_apart),
		cmocka_unit_test(sent_together_from_the_address_that_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
