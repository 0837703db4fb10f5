/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses a socket may have and hears of, and what it is told by routers and hosts. */
#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

#define FOREIGN "192.0.2.1" /* for documents only (RFC 5737): no machine has it */

/* An answer from the address that was asked. */
static void answer_from(struct stage *s, int fd, const struct in_pktinfo *asked, const struct address *to)
{
	union {
		struct cmsghdr header;
		char octets[CMSG_SPACE(sizeof *asked)];
	} control = { .octets = "" };
	struct in_pktinfo from = { .ipi_spec_dst = asked->ipi_addr };
	struct address peer = *to;
	struct iovec data = { .iov_base = (char[]){ "from where you asked" }, .iov_len = 20 };
	struct msghdr message = { .msg_name = &peer.storage,
				  .msg_namelen = peer.length,
				  .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };

	control.header = (struct cmsghdr){ .cmsg_level = IPPROTO_IP,
					   .cmsg_type = IP_PKTINFO,
					   .cmsg_len = CMSG_LEN(sizeof from) };
	memcpy(CMSG_DATA(&control.header), &from, sizeof from);
	if (!s->failed &&
	    sock_sendmsg(s->n, fd, &message, 0, "IP_PKTINFO beside the data says which address to send from.") < 0) {
		stage_fail(s, "sendmsg");
	}
}

int demo_pktinfo(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "0.0.0.0");
	const struct address asked = stage_address("127.0.0.2", address_port(&ends.at));
	const struct address client = stage_bind(&s, ends.sender, "127.0.0.1", "The client's own address.");
	struct address first = { 0 }, second = { 0 };
	struct in_pktinfo info = { 0 };
	char text[256], a[ADDRESS_TEXT], b[ADDRESS_TEXT];

	stage_set(&s, ends.receiver, &sock_pktinfo, 1, "The server has all addresses. Which of them is asked?");
	stage_sendto(&s, ends.sender, "hello", &asked, "The client asks 127.0.0.2.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IP, IP_PKTINFO, &info, sizeof info,
			     "The destination stands beside the data.");
	stage_sendto(&s, ends.receiver, "from somewhere", &client, "An answer without a word: the kernel chooses.");
	stage_receive(&s, ends.sender, text, &first, "Not from where the client has asked: it may not take it.");
	answer_from(&s, ends.receiver, &info, &client);
	stage_receive(&s, ends.sender, text, &second, "From where it has asked.");
	return stage_end(&s, !address_equal(&first, &asked) && address_equal(&second, &asked),
			 "the answers came from %s and %s", address_text(&first, a), address_text(&second, b));
}

int demo_recverr(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	struct sock_extended_err told = { 0 };
	struct pollfd wait = { ends.sender, 0, 0 };
	union {
		struct cmsghdr header;
		char octets[512];
	} control;
	char text[64];
	struct iovec data = { text, sizeof text };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	bool quiet;

	stage_close(&s, ends.receiver, "Nobody listens on this port any more.");
	stage_sendto(&s, ends.sender, "anybody?", &ends.at, "The kernel answers with ICMP: port unreachable.");
	quiet = !stage_readable(&s, ends.sender, 0, "A socket that is not connected hears nothing of it.");
	stage_set(&s, ends.sender, &sock_recverr, 1, "From now on it does.");
	stage_sendto(&s, ends.sender, "anybody?", &ends.at, "The same again.");
	if (!s.failed)
		sock_poll(n, &wait, 1, STAGE_PATIENCE, "An error needs no event that was asked for.");
	if (!s.failed && sock_recvmsg(n, ends.sender, &message, MSG_ERRQUEUE, "What ICMP said, and who.") >= 0)
		for (struct cmsghdr *at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at))
			if (at->cmsg_level == IPPROTO_IP && at->cmsg_type == IP_RECVERR)
				memcpy(&told, CMSG_DATA(at), sizeof told);
	return stage_end(&s, quiet && told.ee_errno == ECONNREFUSED && told.ee_origin == SO_EE_ORIGIN_ICMP,
			 "%s without the option; with it the error was %u of origin %u",
			 quiet ? "nothing came" : "something came", told.ee_errno, told.ee_origin);
}

/* bind() to an address that no interface has. */
static int bind_foreign(struct stage *s, int fd, const char *why)
{
	struct address foreign = stage_address(FOREIGN, 0);

	return stage_try_bind(s, fd, &foreign, why);
}

int demo_freebind(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	int fd = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket.");
	int before = bind_foreign(&s, fd, "An address that no interface has is refused."), after;

	stage_set(&s, fd, &sock_freebind, 1, "bind() does not look any more.");
	after = bind_foreign(&s, fd, "The same address again.");
	return stage_end(&s, before == EADDRNOTAVAIL && !after, "bind() %s before and %s after",
			 before ? "refused it" : "took it", after ? "refused it" : "took it");
}

int demo_transparent(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	int fd = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket.");
	int before = bind_foreign(&s, fd, "An address that no interface has is refused.");
	int set = stage_try_set(&s, fd, &sock_transparent, 1, "To speak with foreign addresses needs a right.");
	int after = bind_foreign(&s, fd, "The same address again.");

	stage_say(&s, set ? "This program does not have CAP_NET_ADMIN or CAP_NET_RAW: refused, and nothing changed."
			  : "This program has the right, and the foreign address was taken.");
	return stage_end(&s, before && (set ? set == EPERM && after : !after), "the option was %s, and bind() %s",
			 set ? "refused" : "taken", after ? "refused it" : "took it");
}
