/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/interfaces.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "base/text.h"

#define LINK_ETHERNET 1
#define LINK_RAW 101
#define LINK_SLL2 276

/* A tunnel's link header, where it has one, belongs to the packet that carries it: what is inside begins with IP. */
static const struct {
	uint16_t hardware;
	uint16_t link;
	enum tap_shape shape;
} shapes[] = {
	{ ARPHRD_ETHER, LINK_ETHERNET, TAP_ETHERNET },
	{ ARPHRD_LOOPBACK, LINK_ETHERNET, TAP_ETHERNET },
	{ ARPHRD_NONE, LINK_RAW, TAP_RAW },
	{ ARPHRD_RAWIP, LINK_RAW, TAP_RAW },
	{ ARPHRD_PPP, LINK_RAW, TAP_RAW },
	{ ARPHRD_TUNNEL, LINK_RAW, TAP_RAW },
	{ ARPHRD_TUNNEL6, LINK_RAW, TAP_RAW },
	{ ARPHRD_SIT, LINK_RAW, TAP_RAW },
	{ ARPHRD_IPGRE, LINK_RAW, TAP_RAW },
	{ ARPHRD_IP6GRE, LINK_RAW, TAP_RAW },
};

static struct interface_info *add(struct interfaces *interfaces, const char *name)
{
	struct interface_info *info;

	interfaces->list = mem_resize(interfaces->list, interfaces->count + 1, sizeof *interfaces->list);
	info = &interfaces->list[interfaces->count++];
	*info = (struct interface_info){ .link = LINK_SLL2, .shape = TAP_COOKED };
	memcpy(info->name, name, strnlen(name, sizeof info->name - 1));
	return info;
}

/* An IPv4 address may have a label, eth0:1. */
static struct interface_info *owner(const struct interfaces *interfaces, const char *name)
{
	size_t length = strcspn(name, ":");

	for (size_t i = 0; i < interfaces->count; i++)
		if (strlen(interfaces->list[i].name) == length && !memcmp(interfaces->list[i].name, name, length))
			return &interfaces->list[i];
	return NULL;
}

static void add_address(struct interface_info *info, struct text *address)
{
	info->addresses = mem_resize(info->addresses, info->address_count + 1, sizeof *info->addresses);
	info->addresses[info->address_count++] = mem_copy_bytes(address->data, address->length);
	text_clear(address);
}

/* What an interface without a hardware address is, getifaddrs() does not say. */
static void read_kind(struct interface_info *info)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_mtu = 0 };

	if (fd < 0)
		return;
	memcpy(request.ifr_name, info->name, sizeof info->name);
	if (!ioctl(fd, SIOCGIFMTU, &request))
		info->mtu = (uint32_t)request.ifr_mtu;
	if (!ioctl(fd, SIOCGIFHWADDR, &request))
		info->hardware = request.ifr_hwaddr.sa_family;
	close(fd);
}

static void add_link(struct interfaces *interfaces, const struct ifaddrs *entry, struct text *scratch)
{
	const struct sockaddr_ll *link = (const void *)entry->ifa_addr;
	struct interface_info *info = add(interfaces, entry->ifa_name);

	info->index = if_nametoindex(info->name);
	info->flags = entry->ifa_flags;
	read_kind(info);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (shapes[i].hardware == info->hardware) {
			info->link = shapes[i].link;
			info->shape = shapes[i].shape;
		}
	}
	if (!link || info->hardware != ARPHRD_ETHER || link->sll_halen > sizeof link->sll_addr)
		return;
	text_wrote(scratch, put_mac(text_room(scratch, 32), link->sll_addr, link->sll_halen, ':'));
	add_address(info, scratch);
}

static unsigned prefix_length(const void *mask, size_t size)
{
	const uint8_t *octets = mask;
	unsigned bits = 0;

	for (size_t i = 0; mask && i < size; i++)
		bits += (unsigned)__builtin_popcount(octets[i]);
	return bits;
}

static void add_ip(struct interface_info *info, const struct ifaddrs *entry, struct text *scratch)
{
	const struct sockaddr_in *v4 = (const void *)entry->ifa_addr, *mask4 = (const void *)entry->ifa_netmask;
	const struct sockaddr_in6 *v6 = (const void *)entry->ifa_addr, *mask6 = (const void *)entry->ifa_netmask;
	char *at = text_room(scratch, 64);

	if (entry->ifa_addr->sa_family == AF_INET)
		at = put_ipv4(at, ntohl(v4->sin_addr.s_addr));
	else
		at = put_ipv6(at, v6->sin6_addr.s6_addr);
	*at++ = '/';
	if (entry->ifa_addr->sa_family == AF_INET)
		at = put_uint(at, prefix_length(mask4 ? &mask4->sin_addr : NULL, 4));
	else
		at = put_uint(at, prefix_length(mask6 ? &mask6->sin6_addr : NULL, 16));
	text_wrote(scratch, at);
	add_address(info, scratch);
}

int interfaces_read(struct interfaces *interfaces, struct error *err)
{
	struct interface_info *info;
	struct text scratch = { 0 };
	struct ifaddrs *all;

	*interfaces = (struct interfaces){ 0 };
	if (getifaddrs(&all) < 0)
		return error_errno(err, "the list of interfaces cannot be read");
	for (const struct ifaddrs *entry = all; entry; entry = entry->ifa_next)
		if (!owner(interfaces, entry->ifa_name) &&
		    (!entry->ifa_addr || entry->ifa_addr->sa_family == AF_PACKET))
			add_link(interfaces, entry, &scratch);
	for (const struct ifaddrs *entry = all; entry; entry = entry->ifa_next) {
		int family = entry->ifa_addr ? entry->ifa_addr->sa_family : AF_UNSPEC;

		if (family != AF_INET && family != AF_INET6)
			continue;
		info = owner(interfaces, entry->ifa_name);
		if (info)
			add_ip(info, entry, &scratch);
	}
	add(interfaces, "any");
	freeifaddrs(all);
	text_release(&scratch);
	return 0;
}

void interfaces_release(struct interfaces *interfaces)
{
	for (size_t i = 0; i < interfaces->count; i++) {
		for (size_t k = 0; k < interfaces->list[i].address_count; k++)
			free(interfaces->list[i].addresses[k]);
		free(interfaces->list[i].addresses);
	}
	free(interfaces->list);
	*interfaces = (struct interfaces){ 0 };
}

const struct interface_info *interfaces_find(const struct interfaces *interfaces, const char *name, struct error *err)
{
	const char **words;
	const char *near;

	for (size_t i = 0; i < interfaces->count; i++)
		if (!strcmp(interfaces->list[i].name, name))
			return &interfaces->list[i];
	words = mem_new(interfaces->count + 1, sizeof *words);
	for (size_t i = 0; i < interfaces->count; i++)
		words[i] = interfaces->list[i].name;
	near = nearest(name, words);
	if (near)
		error_set(err, "%s: no such interface; did you mean %s? (sonde list interfaces shows all)", name, near);
	else
		error_set(err, "%s: no such interface; sonde list interfaces shows all", name);
	free(words);
	return NULL;
}
