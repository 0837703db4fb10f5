/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands in the header of IP; and the list of what is shown of IP and IPv6. */
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

static int ttl(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	int usual = 0, small = 0, initial = stage_get(&s, ends.sender, &sock_ttl, "What a packet begins with.");

	stage_set(&s, ends.receiver, &sock_recvttl, 1, "The receiver wants to know what is left of it.");
	stage_sendto(&s, ends.sender, "far", &ends.at, "With the usual time to live.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IP, IP_TTL, &usual, sizeof usual,
			     "No router took anything off.");
	stage_set(&s, ends.sender, &sock_ttl, 5, "No more than five hops.");
	stage_sendto(&s, ends.sender, "near", &ends.at, "The same again.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IP, IP_TTL, &small, sizeof small,
			     "It arrived with the new value.");
	return stage_end(&s, usual == initial && small == 5, "the packets arrived with %d and %d", usual, small);
}

static int tos(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	uint8_t usual = 0, urgent = 0;

	stage_set(&s, ends.receiver, &sock_recvtos, 1, "The receiver wants to know the class of each datagram.");
	stage_sendto(&s, ends.sender, "usual", &ends.at, "Of the usual class.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IP, IP_TOS, &usual, sizeof usual, "The class is 0.");
	stage_set(&s, ends.sender, &sock_tos, 0xb8, "Expedited forwarding: DSCP 46, as telephones use it.");
	stage_sendto(&s, ends.sender, "urgent", &ends.at, "The same again.");
	stage_receive_beside(&s, ends.receiver, IPPROTO_IP, IP_TOS, &urgent, sizeof urgent,
			     "The octet arrived; whether routers heed it is up to them.");
	return stage_end(&s, usual == 0 && urgent == 0xb8, "the packets arrived with %u and %u", usual, urgent);
}

/* Octets 6 and 7 of the header hold the flags; the filter of a socket of UDP may look back at them. */
static void let_whole_pass(struct stage *s, int fd)
{
	struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)SKF_NET_OFF + 6),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, IP_DF, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { sizeof lines / sizeof *lines, lines };

	stage_set_octets(s, fd, &sock_attach_filter, &program, sizeof program,
			 "A filter at the receiver: only packets with the bit \"don't fragment\" pass.");
}

static int mtu_discover(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char text[256];

	let_whole_pass(&s, ends.receiver);
	stage_set(&s, ends.sender, &sock_mtu_discover, IP_PMTUDISC_DONT, "Routers may cut these.");
	stage_sendto(&s, ends.sender, "may be cut", &ends.at, "The bit is clear, and the filter drops it.");
	stage_set(&s, ends.sender, &sock_mtu_discover, IP_PMTUDISC_DO, "Routers may not cut these.");
	stage_sendto(&s, ends.sender, "is whole or lost", &ends.at, "The bit is set.");
	stage_receive(&s, ends.receiver, text, NULL, "Which of the two has come?");
	return stage_end(&s, !strcmp(text, "is whole or lost"), "the datagram '%s' came first", text);
}

struct written {
	struct iphdr ip;
	struct udphdr udp;
	char text[8];
} __attribute__((packed));

/* The kernel fills in what is missing of the header of IP: its length, its checksum, its identification. */
static struct written write_packet(const struct address *to, const char *from)
{
	const struct address source = stage_address(from, 4242);
	const struct sockaddr_in *a = (const struct sockaddr_in *)&source.storage;
	const struct sockaddr_in *b = (const struct sockaddr_in *)&to->storage;

	return (struct written){
		.ip = { .version = 4,
			.ihl = 5,
			.ttl = 64,
			.protocol = IPPROTO_UDP,
			.saddr = a->sin_addr.s_addr,
			.daddr = b->sin_addr.s_addr },
		.udp = { .uh_sport = a->sin_port,
			 .uh_dport = b->sin_port,
			 .uh_ulen = htons(sizeof(struct udphdr) + sizeof "forged" - 1) },
		.text = "forged",
	};
}

static int hdrincl(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	int receiver = stage_open(&s, AF_INET, SOCK_DGRAM, "An ordinary receiver of UDP.");
	struct address at = stage_bind(&s, receiver, "127.0.0.1", "It needs an address."), from = { 0 };
	struct address claimed = stage_address("127.9.9.9", 4242);
	struct written packet = write_packet(&at, "127.9.9.9");
	int raw = stage_open_protocol(&s, AF_INET, SOCK_RAW, IPPROTO_UDP, "A raw socket needs CAP_NET_RAW.");
	char text[256], name[ADDRESS_TEXT];

	stage_set(&s, raw, &sock_hdrincl, 1, "The program writes the header of IP.");
	if (!s.failed && sock_sendto(n, raw, &packet, offsetof(struct written, text) + 6, 0, &at,
				     "A header with a sender that does not exist, a header of UDP, and the text.") < 0)
		stage_fail(&s, "sendto");
	stage_receive(&s, receiver, text, &from, "Who has sent it?");
	return stage_end(&s, !strcmp(text, "forged") && address_equal(&from, &claimed), "'%s' came from %s", text,
			 address_text(&from, name));
}

const struct demo demo_ip_rows[] = {
	{ "IP_TTL", "two datagrams arrive with what they began with", NULL, ttl },
	{ "IP_TOS", "the class of service arrives in the header", NULL, tos },
	{ "IP_MTU_DISCOVER", "the bit \"don't fragment\" is set or clear, and a filter sees it", NULL, mtu_discover },
	{ "IP_HDRINCL", "a datagram arrives from an address that has sent nothing", "CAP_NET_RAW", hdrincl },
	{ "IP_PKTINFO", "a server for all addresses learns which was asked, and answers from that one", NULL,
	  demo_pktinfo },
	{ "IP_RECVERR", "a socket hears that nobody listens, and who said so", NULL, demo_recverr },
	{ "IP_FREEBIND", "bind() takes an address that this machine does not have", NULL, demo_freebind },
	{ "IP_TRANSPARENT", "without the right it is refused; with it, a foreign address can be used", NULL,
	  demo_transparent },
	{ "IP_ADD_MEMBERSHIP", "only a member of the group gets what is sent to it", NULL, demo_add_membership },
	{ "IP_MULTICAST_LOOP", "a machine hears what it sends to a group itself, or does not", NULL,
	  demo_multicast_loop },
	{ "IPV6_V6ONLY", "one socket of IPv6 takes IPv4 as well, another leaves it alone", NULL, demo_v6only },
	{ "IPV6_UNICAST_HOPS", "two datagrams arrive with what they began with", NULL, demo_unicast_hops },
	{ "IPV6_RECVPKTINFO", "the address and the interface of a datagram are told beside it", NULL,
	  demo_recvpktinfo },
	{ .option = NULL },
};
