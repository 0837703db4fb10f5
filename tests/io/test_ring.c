/* SPDX-License-Identifier: BSD-2-Clause */
/* The ring engine against the kernel: every packet once, whole, with its direction, tags, flags and counters. */
#include "net.h"

#include <linux/if_tun.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "io/interfaces.h"
#include "io/privilege.h"
#include "io/ring.h"

#define PORT 5555
#define PAYLOAD 42 /* where it begins behind Ethernet, IPv4 and UDP */

static struct source *open_ring(const char *interface, const struct source_live_options *options)
{
	struct error err = { "" };
	struct source *source = source_ring_open(interface, options, &err);

	if (!source)
		fail_msg("%s", err.text);
	return source;
}

/* A UDP socket that talks to itself on loopback. */
static int loopback_socket(struct sockaddr_in *self)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof *self;

	*self = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)self, sizeof *self), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)self, &length), 0);
	return fd;
}

static void talk(int fd, const struct sockaddr_in *to, uint32_t serial)
{
	char answer[64];

	assert_int_equal(sendto(fd, &serial, sizeof serial, 0, (const struct sockaddr *)to, sizeof *to), sizeof serial);
	assert_int_equal(recv(fd, answer, sizeof answer, 0), sizeof serial);
}

static void loopback_with(enum capture_direction direction, enum frame_direction expected)
{
	struct source_live_options options = { .direction = direction };
	struct source *source = open_ring("lo", &options);
	struct taken taken = { 0 };
	struct sockaddr_in self;
	int fd = loopback_socket(&self);

	for (uint32_t i = 0; i < 5; i++)
		talk(fd, &self, i);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 5);
	for (uint32_t i = 0; i < 5; i++) {
		const struct frame *frame = &taken.frames[i];

		assert_int_equal(serial_at(frame, PAYLOAD), i);
		assert_int_equal(frame->number, i + 1);
		assert_int_equal(frame->link, 1);
		assert_int_equal(frame->cap_length, PAYLOAD + 4);
		assert_int_equal(frame->wire_length, PAYLOAD + 4);
		assert_true(frame->has_flags && frame->has_time);
		assert_int_equal(FRAME_DIRECTION(frame->flags), expected);
		assert_true(frame->flags & FRAME_CHECKSUM_NOT_READY);
		assert_string_equal(frame->interface->name, "lo");
	}
	close(fd);
	taken_release(&taken);
	source_close(source);
}

static void loopback_is_seen_once(void **state)
{
	(void)state;
	net_need();
	loopback_with(CAPTURE_INOUT, FRAME_IN);
	loopback_with(CAPTURE_IN, FRAME_IN);
	loopback_with(CAPTURE_OUT, FRAME_OUT);
}

static void directions_are_told_apart(void **state)
{
	static const struct {
		enum capture_direction direction;
		size_t count;
	} rows[] = { { CAPTURE_INOUT, 5 }, { CAPTURE_IN, 2 }, { CAPTURE_OUT, 3 } };

	(void)state;
	net_need();
	for (size_t row = 0; row < COUNT(rows); row++) {
		struct source_live_options options = { .direction = rows[row].direction };
		struct source *source = open_ring("left", &options);
		int out = net_sender("left"), in = net_sender("right");
		struct taken taken = { 0 };

		for (uint32_t i = 0; i < 5; i++)
			net_send_udp(i < 3 ? out : in, PORT, i);
		take_rest(source, &taken);
		assert_int_equal(taken.count, rows[row].count);
		for (size_t i = 0; i < taken.count; i++)
			assert_int_equal(FRAME_DIRECTION(taken.frames[i].flags),
					 serial_at(&taken.frames[i], PAYLOAD) < 3 ? FRAME_OUT : FRAME_IN);
		close(out);
		close(in);
		taken_release(&taken);
		source_close(source);
	}
}

static void reception_and_offload_become_flags(void **state)
{
	static const struct {
		uint8_t type;
		uint32_t status, flags;
	} rows[] = {
		{ PACKET_HOST, 0, 1 | 1 << 2 },
		{ PACKET_MULTICAST, 0, 1 | 2 << 2 },
		{ PACKET_BROADCAST, 0, 1 | 3 << 2 },
		{ PACKET_OTHERHOST, 0, 1 | 4 << 2 },
		{ PACKET_OUTGOING, 0, 2 },
		{ PACKET_HOST, TP_STATUS_USER | TP_STATUS_CSUMNOTREADY, 1 | 1 << 2 | 1 << 9 },
		{ PACKET_HOST, TP_STATUS_CSUM_VALID | TP_STATUS_LOSING, 1 | 1 << 2 | 1 << 10 },
		{ PACKET_OUTGOING, TP_STATUS_VLAN_VALID | 1 << 8, 2 | 1 << 11 },
		{ 200, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(ring_flags(rows[i].type, rows[i].status), rows[i].flags);
}

static void nothing_comes_before_the_filter(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct ring *ring = mem_new(1, sizeof *ring);
	struct error err = { "" };
	struct interfaces interfaces;
	struct sockaddr_ll bound;
	socklen_t length = sizeof bound, steps = 0;
	int sender;

	(void)state;
	net_need();
	sender = net_sender("left");
	assert_int_equal(interfaces_read(&interfaces, &err), 0);
	assert_int_equal(ring_prepare(ring, interfaces_find(&interfaces, "right", &err), &options, &err), 0);
	assert_int_equal(getsockname(ring->fd, (struct sockaddr *)&bound, &length), 0);
	assert_int_equal(bound.sll_protocol, 0);
	assert_int_equal(getsockopt(ring->fd, SOL_SOCKET, SO_GET_FILTER, NULL, &steps), 0);
	assert_true(steps > 0);
	net_send_udp(sender, PORT, 1);
	assert_int_equal(((struct tpacket_block_desc *)(void *)ring->map)->hdr.bh1.num_pkts, 0);
	close(sender);
	ring_release(ring);
	free(ring);
	interfaces_release(&interfaces);
}

static void *flood(void *argument)
{
	atomic_bool *go = argument;
	int fd = net_sender("left");

	while (atomic_load(go))
		net_send_udp(fd, 9, 0);
	close(fd);
	return NULL;
}

static void strangers_never_leak_in(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct taken taken = { 0 };
	atomic_bool go = true;
	pthread_t thread;

	(void)state;
	net_need();
	assert_int_equal(pthread_create(&thread, NULL, flood, &go), 0);
	for (int i = 0; i < 20; i++) {
		struct source *source = open_ring("right", &options);

		take_rest(source, &taken);
		source_close(source);
	}
	atomic_store(&go, false);
	pthread_join(thread, NULL);
	assert_int_equal(taken.count, 0);
}

/* "any" sees a packet leave and arrive; on loopback the copy that leaves is left out. */
static void stopping_drains_what_was_sent(void **state)
{
	static const struct {
		const char *interface;
		uint32_t copies;
	} rows[] = { { "right", 1 }, { "any", 2 }, { "lo", 1 }, { "right", 1 } };
	struct source_live_options options = { .filter = "udp", .buffer_bytes = 1 << 20 };
	struct sockaddr_in self;
	int fd, sender;

	(void)state;
	net_need();
	fd = loopback_socket(&self);
	sender = net_sender("left");
	for (uint32_t turn = 0; turn < 100; turn++) {
		bool loopback = !strcmp(rows[turn % 4].interface, "lo");
		struct source *source = open_ring(rows[turn % 4].interface, &options);
		struct taken taken = { 0 };
		uint32_t sent = 1 + turn % 40;

		for (uint32_t i = 0; i < sent; i++) {
			if (loopback)
				talk(fd, &self, i);
			else
				net_send_udp(sender, PORT, i);
		}
		take_rest(source, &taken);
		assert_int_equal(taken.count, rows[turn % 4].copies * sent);
		taken_release(&taken);
		source_close(source);
	}
	close(fd);
	close(sender);
}

static const uint8_t customer_tag[] = { 0x81, 0x00, 0x60, 0x05 };
static const uint8_t service_tag[] = { 0x88, 0xa8, 0x00, 0x07 };
static const uint8_t both_tags[] = { 0x88, 0xa8, 0x00, 0x07, 0x81, 0x00, 0x60, 0x05 };

static const struct {
	const uint8_t *tags;
	size_t count;
} tagged[] = { { customer_tag, 1 }, { service_tag, 1 }, { both_tags, 2 }, { NULL, 0 } };

static void send_tagged(int fd)
{
	uint8_t frame[128];

	for (uint32_t i = 0; i < COUNT(tagged); i++)
		net_send(fd, frame, net_udp(frame, tagged[i].tags, tagged[i].count, PORT, i, 32));
}

static void tags_are_put_back(void **state)
{
	struct source_live_options options = { 0 };
	struct taken taken = { 0 };
	struct source *source;
	uint8_t frame[128];
	int sender;

	(void)state;
	net_need();
	source = open_ring("right", &options);
	sender = net_sender("left");
	send_tagged(sender);
	take_rest(source, &taken);
	assert_int_equal(taken.count, COUNT(tagged));
	for (uint32_t i = 0; i < COUNT(tagged); i++) {
		size_t length = net_udp(frame, tagged[i].tags, tagged[i].count, PORT, i, 32);

		assert_int_equal(taken.frames[i].cap_length, length);
		assert_int_equal(taken.frames[i].wire_length, length);
		assert_memory_equal(taken.frames[i].data, frame, length);
	}
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void tags_and_filters(void **state)
{
	static const struct {
		const char *interface, *filter;
		uint32_t snaplen;
		size_t count;
	} rows[] = {
		{ "right", "vlan", 0, 3 },
		{ "right", "vlan 5", 0, 1 },
		{ "right", "vlan 7 and vlan 5", 0, 1 },
		{ "right", "not vlan", 0, 1 },
		{ "right", "udp port 5555 or (vlan and udp port 5555)", 0, 3 },
		{ "right", "udp port 5555", 0, 3 },  /* inside one tag, as tcpdump; the kernel takes off one */
		{ "right", "ether[14:2] = 0x6005", 0, 1 }, /* the inner one of two */
		{ "right", "ether[14:2] = 0x6005 or vlan 4000", 0, 1 },
		{ "right", "vlan", 40, 3 },
		{ "right", "not udp", 10, 1 },
	};

	(void)state;
	net_need();
	for (size_t row = 0; row < COUNT(rows); row++) {
		struct source_live_options options = { .filter = rows[row].filter, .snaplen = rows[row].snaplen };
		struct source *source = open_ring(rows[row].interface, &options);
		struct source_counters counters;
		struct taken taken = { 0 };
		int sender = net_sender("left");

		send_tagged(sender);
		take_rest(source, &taken);
		if (taken.count != rows[row].count)
			fail_msg("%s: %zu", rows[row].filter, taken.count);
		for (size_t i = 0; i < taken.count && rows[row].snaplen; i++) {
			assert_in_range(taken.frames[i].cap_length, 1, rows[row].snaplen);
			assert_true(taken.frames[i].wire_length > 70);
		}
		source_counters(source, 0, &counters);
		assert_int_equal(counters.received, taken.count);
		close(sender);
		taken_release(&taken);
		source_close(source);
	}
}

static void a_snapshot_is_cut_by_the_kernel(void **state)
{
	struct source_live_options options = { .snaplen = 50 };
	struct taken taken = { 0 };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	source = open_ring("right", &options);
	sender = net_sender("left");
	net_send_udp(sender, PORT, 77);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.frames[0].cap_length, 50);
	assert_int_equal(taken.frames[0].wire_length, PAYLOAD + 32);
	assert_int_equal(serial_at(&taken.frames[0], PAYLOAD), 77);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

/* Segmentation is left to the interface; loopback has none, so the whole super-packet passes the tap. */
static void super_packets_are_whole(void **state)
{
	struct source_live_options options = { .filter = "udp" };
	struct taken taken = { 0 };
	struct sockaddr_in self;
	struct source *source;
	int fd, segment = 1000;
	char *data = mem_new(60000, 1);

	(void)state;
	net_need();
	source = open_ring("lo", &options);
	fd = loopback_socket(&self);
	if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment) < 0) {
		print_message("skipped: the kernel has no UDP_SEGMENT\n");
		skip();
	}
	data[59999] = 'z';
	assert_int_equal(sendto(fd, data, 60000, 0, (struct sockaddr *)&self, sizeof self), 60000);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.frames[0].cap_length, PAYLOAD + 60000);
	assert_int_equal(taken.frames[0].wire_length, PAYLOAD + 60000);
	assert_int_equal(taken.frames[0].data[PAYLOAD + 59999], 'z');
	close(fd);
	free(data);
	taken_release(&taken);
	source_close(source);
}

static void tcp_segmentation_is_told(void **state)
{
	struct source_live_options options = { .filter = "tcp" };
	struct sockaddr_in self = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof self;
	struct taken taken = { 0 };
	struct source *source;
	char *data = mem_new(200000, 1);
	int server, client, peer;
	size_t large = 0;

	(void)state;
	net_need();
	assert_true(net_run("ip link set dev lo mtu 1500"));
	source = open_ring("lo", &options);
	server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server, (struct sockaddr *)&self, sizeof self), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&self, &length), 0);
	assert_int_equal(listen(server, 1), 0);
	client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&self, sizeof self), 0);
	peer = accept(server, NULL, NULL);
	for (size_t sent = 0, got = 0; got < 200000;) {
		ssize_t n = sent < 200000 ? send(client, data, 200000 - sent, MSG_DONTWAIT) : 0;

		sent += n > 0 ? (size_t)n : 0;
		n = recv(peer, data, 200000, 0);
		assert_true(n > 0);
		got += (size_t)n;
	}
	take_rest(source, &taken);
	for (size_t i = 0; i < taken.count; i++) {
		assert_int_equal(taken.frames[i].cap_length, taken.frames[i].wire_length);
		if (taken.frames[i].wire_length <= 1514)
			continue;
		large++;
#ifdef TP_STATUS_GSO_TCP
		assert_true(taken.frames[i].flags & FRAME_TCP_SEGMENTATION);
#endif
	}
	assert_true(large > 0);
	assert_true(net_run("ip link set dev lo mtu 65536"));
	close(server);
	close(client);
	close(peer);
	free(data);
	taken_release(&taken);
	source_close(source);
}

static void drops_are_counted(void **state)
{
	struct source_live_options options = { .snaplen = 96, .buffer_bytes = 16384 };
	struct source_counters counters;
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	uint64_t told = 0;
	int sender;

	(void)state;
	net_need();
	source = open_ring("right", &options);
	sender = net_sender("left");
	for (uint32_t i = 0; i < 2000; i++)
		net_send_udp(sender, PORT, i);
	/* One block has room again: the next packet comes in, and says how many did not. */
	take_until(source, &taken, 60, &err);
	net_send_udp(sender, PORT, 2000);
	take_rest(source, &taken);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 2001);
	assert_true(counters.dropped > 0);
	assert_int_equal(taken.count + counters.dropped, counters.received);
	assert_int_equal(counters.interface_dropped, 0);
	for (size_t i = 0; i < taken.count; i++)
		if (taken.frames[i].has_drops)
			told += taken.frames[i].drops_before;
	assert_int_equal(told, counters.dropped);
	assert_int_equal(serial_at(&taken.frames[taken.count - 1], PAYLOAD), 2000);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 2001);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void down_and_up_again(void **state)
{
	struct source_live_options options = { 0 };
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	assert_true(net_run("ip link set dev right down"));
	source = open_ring("right", &options); /* bound while it is down */
	assert_true(net_run("ip link set dev right up"));
	sender = net_sender("left");
	net_send_udp(sender, PORT, 1);
	take_until(source, &taken, 1, &err);
	assert_true(net_run("ip link set dev right down"));
	for (int i = 0; i < 3; i++)
		assert_int_equal(source_next(source, &(struct frame){ 0 }, &err), SOURCE_AGAIN);
	assert_true(net_run("ip link set dev right up"));
	net_send_udp(sender, PORT, 2);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 2);
	assert_int_equal(serial_at(&taken.frames[1], PAYLOAD), 2);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void removed(void **state)
{
	struct source_live_options options = { 0 };
	struct taken taken = { 0 };
	struct error err = { "" };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	assert_true(net_run("ip link add name here type veth peer name there && ip link set dev here up && "
			    "ip link set dev there up"));
	source = open_ring("there", &options);
	sender = net_sender("here");
	net_send_udp(sender, PORT, 1);
	assert_true(net_run("ip link del dev here"));
	assert_int_equal(take_until(source, &taken, SIZE_MAX, &err), SOURCE_ERROR);
	assert_int_equal(taken.count, 1);
	assert_non_null(strstr(err.text, "there: the interface was removed"));
	close(sender);
	taken_release(&taken);
	source_close(source);
}

/* LINKTYPE_LINUX_SLL2: protocol, 0, interface index, hardware type, packet type, address length, address. */
static void check_cooked(const struct frame *frame, const char *name)
{
	uint32_t index = htonl(if_nametoindex(name));

	assert_int_equal(frame->link, 276);
	assert_int_equal(frame->interface->link, 276);
	assert_string_equal(frame->interface->name, name);
	assert_true(frame->interface->id > 0);
	assert_memory_equal(frame->data, "\x08\x00\0", 4);
	assert_memory_equal(frame->data + 4, &index, 4);
	assert_int_equal(frame->data[11], 6);
	assert_int_equal(frame->data[20], 0x45);
	assert_int_equal(frame->cap_length, 20 + 28 + 4);
	assert_int_equal(frame->wire_length, frame->cap_length);
}

static void any_interface(void **state)
{
	struct source_live_options options = { 0 };
	struct source_counters counters;
	struct taken taken = { 0 };
	struct sockaddr_in self;
	struct source *source;
	uint8_t frame[128];
	int fd, sender;

	(void)state;
	net_need();
	source = open_ring("any", &options);
	fd = loopback_socket(&self);
	sender = net_sender("left");
	talk(fd, &self, 1);
	net_send(sender, frame, net_udp(frame, NULL, 0, PORT, 2, 4));
	take_rest(source, &taken);
	assert_int_equal(taken.count, 3);
	check_cooked(&taken.frames[0], "lo");
	assert_memory_equal(taken.frames[0].data + 8, "\x03\x04\x00", 3);
	assert_int_equal(FRAME_DIRECTION(taken.frames[0].flags), FRAME_IN);
	check_cooked(&taken.frames[1], "left");
	assert_memory_equal(taken.frames[1].data + 8, "\x00\x01\x04", 3);
	assert_int_equal(FRAME_DIRECTION(taken.frames[1].flags), FRAME_OUT);
	check_cooked(&taken.frames[2], "right");
	assert_memory_equal(taken.frames[2].data + 8, "\x00\x01\x03\x06\x02\0\0\0\0\x08", 10);
	assert_int_equal(serial_at(&taken.frames[2], 48), 2);
	assert_int_equal(source->interface_count, 4);
	source_counters(source, 0, &counters);
	assert_int_equal(counters.received, 3);
	source_counters(source, 1, &counters);
	assert_true(counters.received == COUNTER_UNKNOWN);
	close(fd);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

static void any_with_a_tag(void **state)
{
	struct source_live_options options = { .direction = CAPTURE_IN };
	struct taken taken = { 0 };
	struct source *source;
	int sender;

	(void)state;
	net_need();
	source = open_ring("any", &options);
	sender = net_sender("left");
	send_tagged(sender);
	take_rest(source, &taken);
	assert_int_equal(taken.count, COUNT(tagged));
	assert_memory_equal(taken.frames[0].data, "\x81\x00\0", 4);
	assert_memory_equal(taken.frames[0].data + 20, "\x60\x05\x08\x00\x45", 5);
	assert_int_equal(taken.frames[0].wire_length, 24 + 28 + 32);
	assert_memory_equal(taken.frames[1].data, "\x88\xa8\0", 4);
	assert_memory_equal(taken.frames[1].data + 20, "\x00\x07\x08\x00\x45", 5);
	close(sender);
	taken_release(&taken);
	source_close(source);
}

/* What the kernel decides about a packet without its header is what the filter says of the frame with it. */
static void filters_on_any(void **state)
{
	static const struct {
		const char *filter;
		size_t count; /* of: one packet to each of two ports, seen leaving and arriving */
	} rows[] = {
		{ "udp port 5555", 2 },
		{ "udp dst port 5555 and inbound", 1 },
		{ "outbound", 2 },
		{ "ip", 4 },
		{ "not ip", 0 },
		{ "ip host 10.0.0.2", 4 },
		{ "udp[8:4] != 0", 2 },
		{ "len > 1000", 0 },
		{ "len <= 80", 4 },      /* with the header; only user space knows that length */
		{ "ether[0:1] = 8", 4 }, /* an octet of the protocol */
		{ "tcp", 0 },
	};

	(void)state;
	net_need();
	for (size_t row = 0; row < COUNT(rows); row++) {
		struct source_live_options options = { .filter = rows[row].filter };
		struct source *source = open_ring("any", &options);
		int sender = net_sender("left");
		struct taken taken = { 0 };

		net_send_udp(sender, PORT, 1);
		net_send_udp(sender, 9, 0);
		take_rest(source, &taken);
		if (taken.count != rows[row].count)
			fail_msg("%s: %zu", rows[row].filter, taken.count);
		close(sender);
		taken_release(&taken);
		source_close(source);
	}
}

static void a_tunnel_begins_with_ip(void **state)
{
	struct source_live_options options = { .filter = "udp port 5555" };
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	struct taken taken = { 0 };
	struct source *source;
	uint8_t frame[128];
	size_t length;
	int tunnel = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	(void)state;
	net_need();
	memcpy(request.ifr_name, "tunnel", 7);
	if (tunnel < 0 || ioctl(tunnel, TUNSETIFF, &request) < 0) {
		print_message("skipped: no tunnel device\n");
		skip();
	}
	assert_true(net_run("ip link set dev tunnel up"));
	source = open_ring("tunnel", &options);
	length = net_udp(frame, NULL, 0, PORT, 3, 32) - 14;
	assert_int_equal(write(tunnel, frame + 14, length), length);
	take_rest(source, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.frames[0].link, 101);
	assert_int_equal(taken.frames[0].wire_length, length);
	assert_memory_equal(taken.frames[0].data, frame + 14, length);
	close(tunnel);
	taken_release(&taken);
	source_close(source);
}

static void refusals_are_sentences(void **state)
{
	static const struct {
		const char *interface, *filter, *sentence;
	} rows[] = {
		{ "rigth", NULL, "rigth: no such interface; did you mean right?" },
		{ "zzzzzzzz", NULL, "zzzzzzzz: no such interface; sonde list interfaces" },
		{ "right", "udp.port == 5555", "looks like a display filter" },
		{ "any", "vlan 5", "capture filter 'vlan 5': no VLAN support" },
		{ "right", "portt 5", "capture filter 'portt 5'" },
	};

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct source_live_options options = { .filter = rows[i].filter };
		struct error err = { "" };

		assert_null(source_ring_open(rows[i].interface, &options, &err));
		if (!strstr(err.text, rows[i].sentence))
			fail_msg("%s", err.text);
	}
}

/* In a child, which gives its rights up for good. */
static int without_rights(struct source *(*open)(const char *, const struct source_live_options *, struct error *))
{
	struct source_live_options options = { 0 };
	struct error err = { "" };

	if (privilege_drop(NULL, &err) < 0 || open("lo", &options, &err))
		return 1;
	return !strstr(err.text, "lo: no right to capture (CAP_NET_RAW); use sudo") || !strstr(err.text, "setcap");
}

static void without_rights_it_says_so(void **state)
{
	struct source *(*openers[])(const char *, const struct source_live_options *, struct error *) = {
		source_ring_open, source_live_open,
	};

	(void)state;
	net_need();
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t child = fork();
		int status;

		if (!child)
			_exit(without_rights(openers[i]));
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reception_and_offload_become_flags),
		cmocka_unit_test(loopback_is_seen_once),
		cmocka_unit_test(directions_are_told_apart),
		cmocka_unit_test(nothing_comes_before_the_filter),
		cmocka_unit_test(strangers_never_leak_in),
		cmocka_unit_test(stopping_drains_what_was_sent),
		cmocka_unit_test(tags_are_put_back),
		cmocka_unit_test(tags_and_filters),
		cmocka_unit_test(a_snapshot_is_cut_by_the_kernel),
		cmocka_unit_test(super_packets_are_whole),
		cmocka_unit_test(tcp_segmentation_is_told),
		cmocka_unit_test(drops_are_counted),
		cmocka_unit_test(down_and_up_again),
		cmocka_unit_test(removed),
		cmocka_unit_test(any_interface),
		cmocka_unit_test(any_with_a_tag),
		cmocka_unit_test(filters_on_any),
		cmocka_unit_test(a_tunnel_begins_with_ip),
		cmocka_unit_test(refusals_are_sentences),
		cmocka_unit_test(without_rights_it_says_so),
	};

	return cmocka_run_group_tests_name("ring", tests, net_setup, NULL);
}
