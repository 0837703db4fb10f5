/* SPDX-License-Identifier: BSD-2-Clause */
/* Multicast. Datagrams to a group have a time to live of 0 here: none leaves the machine. */
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

#define GROUP "239.255.83.68" /* within an organisation (RFC 2365) */

static struct in_addr host_of(const struct address *address)
{
	return ((const struct sockaddr_in *)&address->storage)->sin_addr;
}

static void join(struct stage *s, int fd, struct in_addr interface, const char *why)
{
	struct address group = stage_address(GROUP, 0);
	struct ip_mreq request = { .imr_multiaddr = host_of(&group), .imr_interface = interface };

	stage_set_octets(s, fd, &sock_add_membership, &request, sizeof request, why);
}

static void send_by(struct stage *s, int fd, struct in_addr interface)
{
	stage_set_octets(s, fd, &sock_multicast_if, &interface, sizeof interface, "By this interface.");
	stage_set(s, fd, &sock_multicast_ttl, 0, "It is not to leave the machine.");
}

int demo_add_membership(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "0.0.0.0");
	const struct address loopback = stage_address("127.0.0.1", address_port(&ends.at));
	const struct address group = stage_address(GROUP, address_port(&ends.at));
	char before[256], after[256];

	send_by(&s, ends.sender, host_of(&loopback));
	stage_sendto(&s, ends.sender, "to the group", &group, "Nobody is a member yet.");
	stage_sendto(&s, ends.sender, "to you alone", &loopback, "To see that the first one does not come:");
	stage_receive(&s, ends.receiver, before, NULL, "The second one came, and nothing before it.");
	join(&s, ends.receiver, host_of(&loopback), "Now the receiver joins, on loopback.");
	stage_sendto(&s, ends.sender, "to the group", &group, "The same again.");
	stage_receive(&s, ends.receiver, after, NULL, "A member gets it.");
	return stage_end(&s, !strcmp(before, "to you alone") && !strcmp(after, "to the group"),
			 "'%s' came before joining, and '%s' after", before, after);
}

/* An address of an interface that is up, knows multicast, and is not loopback. */
static bool find_interface(struct in_addr *address)
{
	const unsigned wanted = IFF_UP | IFF_MULTICAST;
	struct ifaddrs *all;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *at = all; at && !found; at = at->ifa_next)
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET && (at->ifa_flags & wanted) == wanted &&
		    !(at->ifa_flags & IFF_LOOPBACK)) {
			struct sockaddr_in host;

			memcpy(&host, at->ifa_addr, sizeof host);
			*address = host.sin_addr;
			found = true;
		}
	freeifaddrs(all);
	return found;
}

int demo_multicast_loop(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct stage_datagrams ends;
	struct address loopback, group;
	struct in_addr interface;
	char heard[256], next[256];

	if (!find_interface(&interface))
		return stage_refuse(&s,
				    "IP_MULTICAST_LOOP: there is no interface for multicast besides loopback, which "
				    "gives everything back; connect to a network");
	ends = stage_datagrams(&s, "0.0.0.0");
	loopback = stage_address("127.0.0.1", address_port(&ends.at));
	group = stage_address(GROUP, address_port(&ends.at));
	send_by(&s, ends.sender, interface);
	join(&s, ends.receiver, interface, "The receiver, on this machine, is a member.");
	stage_sendto(&s, ends.sender, "heard", &group, "Usually members on the own machine hear it too.");
	stage_receive(&s, ends.receiver, heard, NULL, "It has come back.");
	stage_set(&s, ends.sender, &sock_multicast_loop, 0, "Only others are to hear it. On Linux the sender says so.");
	stage_sendto(&s, ends.sender, "not heard", &group, "The same again.");
	stage_sendto(&s, ends.sender, "to you alone", &loopback, "To see that the one before does not come:");
	stage_receive(&s, ends.receiver, next, NULL, "This one came, and nothing before it.");
	return stage_end(&s, !strcmp(heard, "heard") && !strcmp(next, "to you alone"), "'%s' and then '%s' came", heard,
			 next);
}
