/* SPDX-License-Identifier: BSD-2-Clause */
/* What the ring engine makes of packets: tags put back, headers built, super-packets whole; and filters over it. */
#include "net.h"

#include <linux/if_tun.h>
#include <netinet/udp.h>

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
		{ "right", "inbound", 0, 4 },
		{ "right", "outbound", 0, 0 },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_put_back),
		cmocka_unit_test(tags_and_filters),
		cmocka_unit_test(super_packets_are_whole),
		cmocka_unit_test(tcp_segmentation_is_told),
		cmocka_unit_test(any_interface),
		cmocka_unit_test(any_with_a_tag),
		cmocka_unit_test(filters_on_any),
		cmocka_unit_test(a_tunnel_begins_with_ip),
	};

	return cmocka_run_group_tests_name("ring frames", tests, net_setup, NULL);
}
