/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an address is this machine's: the kernel is asked how it would send there. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockets/owners_parts.h"

int locality_open(struct error *err)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || connect(fd, (struct sockaddr *)&kernel, sizeof kernel) < 0) {
		error_errno(err, "the routes of this machine cannot be asked for");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

struct route_question {
	struct nlmsghdr head;
	struct rtmsg route;
	struct rtattr attribute;
	uint8_t address[16];
};

static enum locality ask(int routes, uint8_t family, const void *address, uint8_t length)
{
	struct route_question question = {
		.head = { .nlmsg_len = (uint32_t)(offsetof(struct route_question, address) + length),
			  .nlmsg_type = RTM_GETROUTE,
			  .nlmsg_flags = NLM_F_REQUEST },
		.route = { .rtm_family = family, .rtm_dst_len = (uint8_t)(length * 8) },
		.attribute = { .rta_type = RTA_DST, .rta_len = (uint16_t)RTA_LENGTH(length) },
	};
	union {
		struct nlmsghdr head;
		uint8_t octets[4096];
	} answer;
	const struct rtmsg *route = NLMSG_DATA(&answer.head);
	ssize_t got;

	memcpy(question.address, address, length);
	if (send(routes, &question, question.head.nlmsg_len, 0) < 0)
		return LOCALITY_ELSEWHERE;
	got = recv(routes, &answer, sizeof answer, 0);
	if (got < (ssize_t)NLMSG_LENGTH(sizeof *route) || answer.head.nlmsg_type != RTM_NEWROUTE)
		return LOCALITY_ELSEWHERE;
	return route->rtm_type == RTN_LOCAL       ? LOCALITY_HERE
	       : route->rtm_type == RTN_BROADCAST ? LOCALITY_GROUP
						  : LOCALITY_ELSEWHERE;
}

enum locality locality_of(int routes, const struct address *address)
{
	const struct in_addr *v4 = &((const struct sockaddr_in *)&address->storage)->sin_addr;
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&address->storage)->sin6_addr;

	if (!address->length || address_is_any(address))
		return LOCALITY_ELSEWHERE;
	if (address->storage.ss_family == AF_INET)
		return IN_MULTICAST(ntohl(v4->s_addr)) || v4->s_addr == INADDR_NONE ? LOCALITY_GROUP
										    : ask(routes, AF_INET, v4, 4);
	return IN6_IS_ADDR_MULTICAST(v6) ? LOCALITY_GROUP : ask(routes, AF_INET6, v6, 16);
}
