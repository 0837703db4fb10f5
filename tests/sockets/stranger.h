/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that is nowhere and says only what the test wants: its segments are put on loopback, where our answers to it
 * are read and dropped. So a connection stays in whatever state it is brought to.
 */
#pragma once

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>

#include "tabling.h"

#define STRANGER "10.98.9.9"
#define OURS "10.98.0.1"

struct stranger {
	int fd;
	uint16_t port, ours;
	uint32_t sent, got; /* sequence numbers: of ours next, of theirs next */
};

static bool stranger_is_possible;

static inline int stranger_network(void)
{
	stranger_is_possible =
		!own_missing && !system("ip address add " OURS "/32 dev lo && ip route add 10.98.9.0/24 dev lo");
	return 0;
}

static inline void stranger_need(void)
{
	own_need();
	if (stranger_is_possible)
		return;
	print_message("skipped: ip(8) cannot give loopback an address\n");
	skip();
}

static inline struct sockaddr_ll stranger_link(void)
{
	return (struct sockaddr_ll){ .sll_family = AF_PACKET,
				     .sll_protocol = htons(ETH_P_IP),
				     .sll_ifindex = (int)if_nametoindex("lo"),
				     .sll_halen = 6 };
}

static inline struct stranger stranger_new(uint16_t port, uint16_t ours)
{
	struct sockaddr_ll at = stranger_link();
	struct stranger s = { .port = port, .ours = ours, .sent = 1000 };

	stranger_need();
	s.fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(s.fd >= 0);
	assert_int_equal(bind(s.fd, (struct sockaddr *)&at, sizeof at), 0);
	return s;
}

static inline uint16_t stranger_sum(uint32_t sum, const void *octets, size_t length)
{
	const uint8_t *at = octets;

	for (size_t i = 0; i < length; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static inline void stranger_say(struct stranger *s, uint8_t flags)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} packet = { .ip = { .version = 4,
			     .ihl = 5,
			     .ttl = 64,
			     .protocol = IPPROTO_TCP,
			     .tot_len = htons(sizeof packet),
			     .saddr = inet_addr(STRANGER),
			     .daddr = inet_addr(OURS) },
		     .tcp = { .th_sport = htons(s->port),
			      .th_dport = htons(s->ours),
			      .th_seq = htonl(s->sent),
			      .th_ack = htonl(flags & TH_ACK ? s->got : 0),
			      .th_off = 5,
			      .th_flags = flags,
			      .th_win = htons(8192) } };
	struct sockaddr_ll at = stranger_link();
	uint32_t pseudo = IPPROTO_TCP + sizeof packet.tcp;

	pseudo += (uint16_t)~stranger_sum(0, &packet.ip.saddr, 8);
	packet.ip.check = htons(stranger_sum(0, &packet.ip, sizeof packet.ip));
	packet.tcp.th_sum = htons(stranger_sum(pseudo, &packet.tcp, sizeof packet.tcp));
	assert_int_equal(sendto(s->fd, &packet, sizeof packet, 0, (struct sockaddr *)&at, sizeof at), sizeof packet);
	s->sent += flags & (TH_SYN | TH_FIN) ? 1 : 0;
}

/* Waits for a segment of ours with these flags. */
static inline void stranger_hear(struct stranger *s, uint8_t flags)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
		uint8_t rest[1500];
	} packet;
	struct pollfd wait = { s->fd, POLLIN, 0 };

	for (;;) {
		assert_int_equal(poll(&wait, 1, 60000), 1);
		assert_true(recv(s->fd, &packet, sizeof packet, 0) > 0);
		if (packet.ip.daddr == inet_addr(STRANGER) && packet.tcp.th_dport == htons(s->port) &&
		    packet.tcp.th_sport == htons(s->ours) && (packet.tcp.th_flags & flags) == flags)
			break;
	}
	s->got = ntohl(packet.tcp.th_seq) + (flags & (TH_SYN | TH_FIN) ? 1 : 0);
}

/* A connection to the listener; what accept() gave. */
static inline int stranger_connect(struct stranger *s, int listener)
{
	int fd;

	stranger_say(s, TH_SYN);
	stranger_hear(s, TH_SYN | TH_ACK);
	stranger_say(s, TH_ACK);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}
