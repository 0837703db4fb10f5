/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/interfaces.h"
#include "io/source.h"

struct question {
	struct nlmsghdr header;
	struct ifinfomsg link;
};

/*
 * rx_missed_errors alone: rx_dropped also counts packets that no protocol wanted, and those a capture did see. Asked of
 * rtnetlink, because /sys may be mounted for another network namespace.
 */
static uint64_t find_missed(const struct nlmsghdr *header, size_t length)
{
	struct rtnl_link_stats64 statistics;
	const struct rtattr *attribute;
	int left;

	if (!NLMSG_OK(header, length) || header->nlmsg_type != RTM_NEWLINK)
		return COUNTER_UNKNOWN;
	attribute = IFLA_RTA(NLMSG_DATA(header));
	left = (int)IFLA_PAYLOAD(header);
	for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
		if (attribute->rta_type != IFLA_STATS64)
			continue;
		if (RTA_PAYLOAD(attribute) < offsetof(struct rtnl_link_stats64, rx_missed_errors) + sizeof(uint64_t))
			return COUNTER_UNKNOWN;
		memset(&statistics, 0, sizeof statistics);
		memcpy(&statistics, RTA_DATA(attribute), RTA_PAYLOAD(attribute) < sizeof statistics ?
		       RTA_PAYLOAD(attribute) : sizeof statistics);
		return statistics.rx_missed_errors;
	}
	return COUNTER_UNKNOWN;
}

uint64_t interface_missed(unsigned index)
{
	struct question question = {
		.header = { .nlmsg_len = sizeof question, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST },
		.link = { .ifi_family = AF_UNSPEC, .ifi_index = (int)index },
	};
	_Alignas(struct nlmsghdr) char answer[16384];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t length = -1;

	if (fd < 0)
		return COUNTER_UNKNOWN;
	if (send(fd, &question, sizeof question, 0) == sizeof question)
		length = recv(fd, answer, sizeof answer, 0);
	close(fd);
	return length < 0 ? COUNTER_UNKNOWN : find_missed((const void *)answer, (size_t)length);
}
