/* SPDX-License-Identifier: BSD-2-Clause */
/* A network of the test's own: a namespace with loopback and a pair of joined interfaces, left and right. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/source.h"

#define PORT 5555
#define PAYLOAD 42 /* where it begins behind Ethernet, IPv4 and UDP */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Why there is no network for us; NULL: there is one. */
static const char *net_missing = "it was not set up";

static inline bool net_run(const char *command)
{
	return system(command) == 0;
}

/* Addresses of IPv6 would send packets of their own. */
static inline void net_quiet(void)
{
	int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* no IPv6 at all */
	assert_int_equal(write(fd, "1", 1), 1);
	close(fd);
}

/* The kernel connects an interface that came up in its own time, and drops what is sent until then. */
static inline void net_await(const char *interface)
{
	struct ifreq request = { .ifr_flags = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char again[64];

	memcpy(request.ifr_name, interface, strlen(interface) + 1);
	while (!ioctl(fd, SIOCGIFFLAGS, &request) && !(request.ifr_flags & IFF_RUNNING))
		poll(NULL, 0, 1);
	close(fd);
	/* Nothing changes, but it waits for the lock under which the kernel was at work. */
	snprintf(again, sizeof again, "ip link set dev %s up", interface);
	assert_true(net_run(again));
}

static inline int net_setup(void **state)
{
	(void)state;
	if (unshare(CLONE_NEWNET) < 0) {
		net_missing = "a network namespace needs CAP_SYS_ADMIN";
		return 0;
	}
	net_quiet();
	if (!net_run("ip link set dev lo up"))
		net_missing = "ip(8) cannot bring loopback up";
	else if (!net_run("ip link add name left type veth peer name right && ip link set dev left up && "
			  "ip link set dev right up"))
		net_missing = "ip(8) cannot make a veth pair";
	else
		net_missing = NULL;
	if (!net_missing) {
		net_await("left");
		net_await("right");
	}
	return 0;
}

static inline void net_need(void)
{
	if (!net_missing)
		return;
	print_message("skipped: %s\n", net_missing);
	skip();
}

/* A socket that sends whole frames on the interface, and takes in none. */
static inline int net_sender(const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

static inline void net_send(int fd, const void *frame, size_t length)
{
	assert_int_equal(send(fd, frame, length, 0), length);
}

/* Ethernet, `tags` (tag_count of 4 octets each), IPv4, UDP to the port, and a payload that begins with `serial`. */
static inline size_t net_udp(uint8_t *frame, const uint8_t *tags, size_t tag_count, uint16_t port, uint32_t serial,
			     size_t payload)
{
	static const uint8_t macs[12] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8 };
	uint16_t total = (uint16_t)(28 + payload), udp = (uint16_t)(8 + payload);
	uint8_t ip[28] = { 0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, 0, 0, 0, 0, 64, 17, 0, 0,
			   10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, (uint8_t)(port >> 8), (uint8_t)port,
			   (uint8_t)(udp >> 8), (uint8_t)udp, 0, 0 };
	uint8_t *at = frame;

	memcpy(at, macs, sizeof macs);
	at += sizeof macs;
	if (tag_count)
		memcpy(at, tags, 4 * tag_count);
	at += 4 * tag_count;
	*at++ = 8;
	*at++ = 0;
	memcpy(at, ip, sizeof ip);
	at += sizeof ip;
	memset(at, 0, payload);
	if (payload >= sizeof serial)
		memcpy(at, &serial, sizeof serial);
	return (size_t)(at - frame) + payload;
}

static inline void net_send_udp(int fd, uint16_t port, uint32_t serial)
{
	uint8_t frame[128];

	net_send(fd, frame, net_udp(frame, NULL, 0, port, serial, 32));
}

/* Frames that outlive their source's next call. */
struct taken {
	struct frame *frames;
	size_t count;
};

static inline void taken_release(struct taken *taken)
{
	for (size_t i = 0; i < taken->count; i++)
		free((void *)(uintptr_t)taken->frames[i].data);
	free(taken->frames);
	*taken = (struct taken){ 0 };
}

static inline void taken_add(struct taken *taken, const struct frame *frame)
{
	taken->frames = mem_resize(taken->frames, taken->count + 1, sizeof *taken->frames);
	taken->frames[taken->count] = *frame;
	taken->frames[taken->count++].data = (void *)mem_copy_bytes(frame->data, frame->cap_length);
}

/* All frames until the source says anything else twice: what it said. Waits for `enough` frames at most. */
static inline enum source_answer take_until(struct source *source, struct taken *taken, size_t enough,
					    struct error *err)
{
	enum source_answer answer = SOURCE_AGAIN;
	struct frame frame = { 0 };

	while (taken->count < enough) {
		struct pollfd wait = { .fd = source_fd(source), .events = POLLIN };

		answer = source_next(source, &frame, err);
		if (answer == SOURCE_FRAME)
			taken_add(taken, &frame);
		else if (answer == SOURCE_AGAIN)
			poll(&wait, 1, 2);
		else
			break;
	}
	return answer;
}

/* Stops the source and takes all that it still has. */
static inline void take_rest(struct source *source, struct taken *taken)
{
	struct error err = { "" };

	source_stop(source);
	assert_int_equal(take_until(source, taken, SIZE_MAX, &err), SOURCE_END);
}

static inline uint32_t serial_at(const struct frame *frame, size_t offset)
{
	uint32_t serial;

	assert_true(frame->cap_length >= offset + sizeof serial);
	memcpy(&serial, frame->data + offset, sizeof serial);
	return serial;
}

static inline struct source *open_ring(const char *interface, const struct source_live_options *options)
{
	struct error err = { "" };
	struct source *source = source_ring_open(interface, options, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

/* A UDP socket that talks to itself on loopback. */
static inline int loopback_socket(struct sockaddr_in *self)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof *self;

	*self = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)self, sizeof *self), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)self, &length), 0);
	return fd;
}

static inline void talk(int fd, const struct sockaddr_in *to, uint32_t serial)
{
	char answer[64];

	assert_int_equal(sendto(fd, &serial, sizeof serial, 0, (const struct sockaddr *)to, sizeof *to), sizeof serial);
	assert_int_equal(recv(fd, answer, sizeof answer, 0), sizeof serial);
}
