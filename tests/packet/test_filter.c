/* SPDX-License-Identifier: BSD-2-Clause */
/* Which packets filters let pass: the language, row by row. */
#include "filtering.h"

#define NONE 0
#define ALL (1u << CHAT | 1u << SYN | 1u << PING | 1u << GONE | 1u << ARP | 1u << SIX)
#define IP (1u << CHAT | 1u << SYN | 1u << PING | 1u << GONE)
#define UDP (1u << CHAT | 1u << GONE | 1u << SIX)
#define ONLY(n) (1u << (n))

struct row {
	const char *expression;
	unsigned passes; /* bits 1 << sample */
};

static void check_rows(struct filtering *f, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (unsigned n = 0; n < SAMPLES; n++)
			if (filtering_passes(f, rows[i].expression, (enum sample)n) != (rows[i].passes >> n & 1))
				fail_msg("%s: packet %u %s", rows[i].expression, n,
					 rows[i].passes >> n & 1 ? "does not pass" : "passes");
}

#define TABLE(name, ...)                                                      \
	static void test_##name(void **state)                                 \
	{                                                                     \
		static const struct row rows[] = { __VA_ARGS__ };             \
                                                                              \
		check_rows(*state, rows, sizeof rows / sizeof *rows);         \
	}

TABLE(nothing,
	{ "", ALL }, { "  \t\n", ALL })

TABLE(presence,
	{ "ip", IP }, { "udp", UDP }, { "frame", ALL }, { "eth", ALL }, { "arp", ONLY(ARP) }, { "ipv6", ONLY(SIX) },
	{ "tcp.flags", ONLY(SYN) }, { "udp.port", UDP }, { "icmp.ident", ONLY(PING) }, { "tcp.flags.syn", ONLY(SYN) },
	{ "gre", NONE }, { ".udp", UDP }, { ".udp.port", UDP }, { "(udp)", UDP },
	{ "data[0:1]", ONLY(PING) | ONLY(SIX) })

TABLE(logic,
	{ "ip and udp", ONLY(CHAT) | ONLY(GONE) }, { "ip && udp", ONLY(CHAT) | ONLY(GONE) },
	{ "arp or tcp", ONLY(ARP) | ONLY(SYN) }, { "arp || tcp", ONLY(ARP) | ONLY(SYN) },
	{ "not ip", ONLY(ARP) | ONLY(SIX) }, { "!ip", ONLY(ARP) | ONLY(SIX) }, { "not not ip", IP }, { "!!ip", IP },
	{ "ip xor udp", ONLY(SYN) | ONLY(PING) | ONLY(SIX) }, { "ip ^^ udp", ONLY(SYN) | ONLY(PING) | ONLY(SIX) },
	{ "ip xor udp xor tcp", ONLY(PING) | ONLY(SIX) }, { "(ip xor udp) and not (tcp xor icmp)", ONLY(SIX) },
	{ "not (ip xor udp)", ONLY(CHAT) | ONLY(GONE) | ONLY(ARP) },
	/* not, then and, then xor, then or */
	{ "arp or ip and tcp", ONLY(ARP) | ONLY(SYN) }, { "(arp or ip) and tcp", ONLY(SYN) },
	{ "not ip and udp", ONLY(SIX) }, { "not (ip and udp)", ALL & ~(ONLY(CHAT) | ONLY(GONE)) },
	{ "ip xor ip and udp", ONLY(SYN) | ONLY(PING) }, { "arp or ip xor ip", ONLY(ARP) },
	{ "ip or arp and not arp", IP })

TABLE(numbers,
	{ "udp.dstport == 5555", ONLY(GONE) }, { "udp.dstport eq 5555", ONLY(GONE) },
	{ "udp.dstport == 0x15b3", ONLY(GONE) }, { "udp.dstport == 0b1010110110011", ONLY(GONE) },
	{ "udp.dstport == 012663", ONLY(GONE) },
	{ "ip.ttl == '@'", ONLY(CHAT) | ONLY(SYN) | ONLY(PING) | ONLY(GONE) },
	{ "ip.ttl == '\\x40' and tcp", ONLY(SYN) }, { "ip.ttl == '\\100' and tcp", ONLY(SYN) },
	{ "udp.dstport > 5555", ONLY(CHAT) | ONLY(SIX) }, { "udp.dstport gt 6666", ONLY(SIX) },
	{ "udp.dstport >= 6666", ONLY(CHAT) | ONLY(SIX) }, { "udp.dstport ge 6667", ONLY(SIX) },
	{ "udp.dstport < 6666", ONLY(GONE) }, { "udp.dstport lt 5555", NONE },
	{ "udp.dstport <= 6666", ONLY(CHAT) | ONLY(GONE) }, { "udp.dstport le 5555", ONLY(GONE) },
	{ "udp.dstport != 5555", ONLY(CHAT) | ONLY(SIX) }, { "udp.dstport ne 5555", ONLY(CHAT) | ONLY(SIX) },
	{ "6666 == udp.port", ONLY(CHAT) }, { "6666 < udp.dstport", ONLY(SIX) },
	{ "5555 < udp.dstport <= 6666", ONLY(CHAT) }, { "5555 <= udp.dstport < 6666", ONLY(GONE) },
	{ "udp.dstport < udp.srcport < 50000", ONLY(GONE) }, { "frame.len >= 0", ALL }, { "frame.len < 0", NONE },
	{ "frame.len > 18446744073709551615", NONE }, { "frame.number in {2, 4}", ONLY(SYN) | ONLY(GONE) })

TABLE(any_and_all,
	{ "ip.ttl == 255", ONLY(GONE) }, { "ip.ttl === 255", NONE }, { "ip.ttl all_eq 255", NONE },
	{ "ip.ttl != 255", IP & ~ONLY(GONE) }, { "ip.ttl all_ne 255", IP & ~ONLY(GONE) }, { "ip.ttl !== 255", IP },
	{ "ip.ttl any_ne 255", IP }, { "not ip.ttl == 255", ALL & ~ONLY(GONE) }, { "any ip.ttl != 255", IP },
	{ "all ip.ttl == 255", NONE }, { "all ip.ttl == 64", IP & ~ONLY(GONE) }, { "any ip.ttl === 255", ONLY(GONE) },
	{ "all ip.ttl any_ne 3", IP }, { "all ip.ttl > 64", NONE }, { "all ip.ttl > 63", IP },
	{ "ip.addr == 10.0.0.2", IP }, { "ip.addr != 10.0.0.2", NONE }, { "ip.addr === 10.0.0.2", NONE },
	{ "ip.addr !== 10.0.0.2", IP }, { "all ip.addr == 10.0.0.0/8", IP & ~ONLY(CHAT) },
	{ "udp.port == 5555", ONLY(GONE) }, { "all udp.port in {40000..50000}", ONLY(SIX) },
	{ "eth.addr == 02:00:00:00:00:01", ONLY(SYN) | ONLY(PING) | ONLY(GONE) },
	{ "all 10 < ip.ttl < 70", IP & ~ONLY(GONE) })

TABLE(absent,
	{ "tcp.port == 1", NONE }, { "tcp.port != 1", ONLY(SYN) }, { "not tcp.port == 80", ALL & ~ONLY(SYN) },
	{ "tcp.port < 60000 or arp", ONLY(SYN) | ONLY(ARP) }, { "count(tcp.port) == 0", NONE },
	{ "tcp.port not in {80}", ALL & ~ONLY(SYN) }, { "tcp.srcport not in {80}", ALL },
	{ "len(udp.payload) >= 0", UDP & ~ONLY(GONE) })

TABLE(sets,
	{ "udp.dstport in {5555, 6666}", ONLY(CHAT) | ONLY(GONE) }, { "udp.dstport in {5000..6000}", ONLY(GONE) },
	{ "udp.dstport in {1, 5000 .. 6000,6666}", ONLY(CHAT) | ONLY(GONE) },
	{ "udp.dstport in {6000..7000, 5000..6500}", ONLY(CHAT) | ONLY(GONE) },
	{ "udp.dstport in {5556..6665}", NONE }, { "udp and udp.dstport not in {6666}", ONLY(GONE) | ONLY(SIX) },
	{ "ip.src in {10.0.0.1}", ONLY(GONE) }, { "ip.dst in {10.0.0.0/8}", IP & ~ONLY(CHAT) },
	{ "ip.dst in {10.0.0.1 .. 10.0.0.9, 255.255.255.255}", IP }, { "ipv6.dst in {ff02::/16}", ONLY(SIX) },
	{ "ipv6.src in {fe80::1..fe80::3}", ONLY(SIX) }, { "chat.user in {\"bob\", \"alice\"}", ONLY(CHAT) },
	{ "chat.user in {\"b\"..\"c\"}", NONE }, { "chat.user in {\"a\"..\"b\"}", ONLY(CHAT) },
	{ "eth.dst in {ff:ff:ff:ff:ff:ff}", ONLY(CHAT) | ONLY(ARP) },
	{ "icmp.type in {\"echo request\", 99}", ONLY(PING) },
	{ "frame.time_delta in {0.1..0.3}", ALL & ~ONLY(CHAT) }, { "udp.dstport + 1 in {5556}", ONLY(GONE) })

TABLE(addresses,
	{ "ip.src == 10.0.0.1", ONLY(GONE) }, { "ip.src == 10.0.0.0/8", IP }, { "ip.src == 10.0.0.0/31", ONLY(GONE) },
	{ "ip.src != 10.0.0.0/31", IP & ~ONLY(GONE) }, { "ip.dst > 10.0.0.0/8", ONLY(CHAT) },
	{ "ip.dst >= 10.0.0.0/8", IP }, { "ip.dst < 255.0.0.0/8", IP & ~ONLY(CHAT) }, { "ip.src == 1.2.3.4/0", IP },
	{ "ip.src < ip.dst", ONLY(CHAT) | ONLY(GONE) }, { "ip.src == ip.dst", ONLY(GONE) },
	{ "arp.src.proto_ipv4 == 10.0.0.2", ONLY(ARP) }, { "ipv6.src == fe80::2", ONLY(SIX) },
	{ "ipv6.src == fe80::/10", ONLY(SIX) }, { "ipv6.addr == ff02::/16", ONLY(SIX) },
	{ "ipv6.src == fe80:0:0::0002", ONLY(SIX) }, { "ipv6.src > fe80::/10", NONE },
	{ "ipv6.dst > fe80::/10", ONLY(SIX) }, { "eth.dst == ff:ff:ff:ff:ff:ff", ONLY(CHAT) | ONLY(ARP) },
	{ "eth.dst == ff-ff-ff-ff-ff-ff", ONLY(CHAT) | ONLY(ARP) },
	{ "eth.dst == ffff.ffff.ffff", ONLY(CHAT) | ONLY(ARP) },
	{ "eth.src < eth.dst", ONLY(CHAT) | ONLY(GONE) | ONLY(ARP) | ONLY(SIX) }, { "ip.src[0] == 0a", IP },
	{ "ip.src[-1:] == 02", IP }, { "ip.src & 0.0.0.255 == 0.0.0.2", IP })

TABLE(booleans,
	{ "ip.flags.df", IP }, { "ip.flags.df == 1", ONLY(CHAT) | ONLY(SYN) },
	{ "ip.flags.df == true", ONLY(CHAT) | ONLY(SYN) }, { "ip.flags.df == TRUE", ONLY(CHAT) | ONLY(SYN) },
	{ "ip.flags.df == True", ONLY(CHAT) | ONLY(SYN) }, { "ip.flags.df == 7", ONLY(CHAT) | ONLY(SYN) },
	{ "ip.flags.df == false", ONLY(PING) | ONLY(GONE) },
	{ "ip.flags.df == False and ip.flags.df == FALSE", ONLY(PING) | ONLY(GONE) },
	{ "ip.flags.df != 1", ONLY(PING) | ONLY(GONE) }, { "ip.flags.df == \"Set\"", ONLY(CHAT) | ONLY(SYN) },
	{ "ip.flags.df == \"Not set\"", ONLY(PING) | ONLY(GONE) }, { "tcp.flags.syn == tcp.flags.ack", NONE },
	{ "tcp.flags.syn > tcp.flags.ack", ONLY(SYN) })

TABLE(names,
	{ "icmp.type == \"Echo request\"", ONLY(PING) }, { "icmp.type == \"echo request\"", ONLY(PING) },
	{ "icmp.type != \"Echo request\"", ONLY(GONE) }, { "ip.proto == \"UDP\"", ONLY(CHAT) | ONLY(GONE) },
	{ "vals(icmp.type) contains \"unreachable\"", ONLY(GONE) }, { "vals(ip.proto) == \"TCP\"", ONLY(SYN) })

TABLE(texts,
	{ "chat.user == \"alice\"", ONLY(CHAT) }, { "chat.user == \"ALICE\"", NONE },
	{ "chat.user == r\"alice\"", ONLY(CHAT) }, { "chat.user == \"\\x61\\154ice\"", ONLY(CHAT) },
	{ "chat.text contains \"World\"", ONLY(CHAT) }, { "chat.text contains \"h\\u00e9llo\"", ONLY(CHAT) },
	{ "chat.text contains \"h\\xc3\\xa9llo\"", ONLY(CHAT) }, { "chat.text contains \"world\"", NONE },
	{ "lower(chat.text) contains \"world\"", ONLY(CHAT) }, { "upper(chat.user) == \"ALICE\"", ONLY(CHAT) },
	{ "chat.text matches \"world \\\\d+$\"", ONLY(CHAT) }, { "chat.text ~ r\"WORLD \\d+$\"", ONLY(CHAT) },
	{ "chat.text matches \"(?-i)world\"", NONE }, { "chat.text matches \"^world\"", NONE },
	{ "chat.user > \"alic\"", ONLY(CHAT) }, { "chat.user < \"alicf\"", ONLY(CHAT) },
	{ "chat.text[1] == \"\\u00e9\"", ONLY(CHAT) }, { "chat.text[-2:] == \"42\"", ONLY(CHAT) },
	{ "chat.user[0:3] == 61:6c:69", ONLY(CHAT) }, { "len(chat.user) == 5", ONLY(CHAT) },
	{ "len(chat.text) == 15", ONLY(CHAT) }, { "chat.user contains 'l'", ONLY(CHAT) },
	{ "frame.protocols contains \"ip:udp\"", ONLY(CHAT) | ONLY(GONE) },
	{ "frame.protocols[0:3] == \"eth\"", ALL })

TABLE(octets,
	{ "udp.payload == \"hi\"", ONLY(SIX) }, { "udp.payload == 68:69", ONLY(SIX) },
	{ "udp.payload == 6869", ONLY(SIX) }, { "udp.payload == 68.69", ONLY(SIX) },
	{ "udp.payload == 68-69", ONLY(SIX) }, { "udp.payload == :68:69", ONLY(SIX) },
	{ "udp.payload[0] == 68", ONLY(SIX) }, { "udp.payload[0] == 0x68", ONLY(SIX) },
	{ "udp.payload[0] == 'h'", ONLY(SIX) }, { "udp.payload > \"ha\"", ONLY(SIX) },
	{ "udp.payload contains \"World\"", ONLY(CHAT) }, { "udp.payload contains 0x69", ONLY(CHAT) | ONLY(SIX) },
	{ "udp contains \"hi\"", ONLY(SIX) }, { "frame contains \"World\"", ONLY(CHAT) },
	{ "ip contains 0a:00:00:02:0a:00:00:01", IP & ~ONLY(CHAT) },
	{ "frame contains ff:ff:ff:ff:ff:ff:02", ONLY(CHAT) | ONLY(ARP) }, { "udp matches \"WORLD\"", ONLY(CHAT) },
	{ "udp contains udp.payload", ONLY(CHAT) | ONLY(SIX) }, { "frame == 00", NONE })

TABLE(slices,
	{ "eth[0:3] == ff:ff:ff", ONLY(CHAT) | ONLY(ARP) }, { "eth[0-2] == ff:ff:ff", ONLY(CHAT) | ONLY(ARP) },
	{ "eth[:3] == ff:ff:ff", ONLY(CHAT) | ONLY(ARP) }, { "eth[12:2] == 08:06", ONLY(ARP) },
	{ "eth[12,13] == 08:06", ONLY(ARP) }, { "eth[0-1,12:2] == ff:ff:08:06", ONLY(ARP) },
	{ "eth.src[5] == 01", ONLY(GONE) }, { "eth.src[-1] == 01", ONLY(GONE) },
	{ "eth.src[-2:2] == 00:01", ONLY(GONE) }, { "eth.src[4:] == 00:01", ONLY(GONE) }, { "eth.src[6]", NONE },
	{ "eth.src[6:]", NONE }, { "eth.src[4:3]", NONE }, { "eth.src[-7]", NONE },
	{ "udp[8:2] == \"hi\"", ONLY(SIX) }, { "udp[8:2] == 61:6c", ONLY(CHAT) }, { "udp[2:2] == 15:b3", ONLY(GONE) },
	{ "frame[-1] == 0a", ONLY(CHAT) }, { "frame[59]", ONLY(CHAT) | ONLY(SIX) | ONLY(GONE) | ONLY(ARP) },
	{ "arp[27] == 01", ONLY(ARP) }, { "arp[28]", NONE }, { "arp and eth[59] == 00", ONLY(ARP) },
	{ "frame[0:6][0:1] == ff", ONLY(CHAT) | ONLY(ARP) }, { "eth.dst[0] & 1", ONLY(CHAT) | ONLY(ARP) | ONLY(SIX) },
	{ "eth.dst[0] & 0x01 == 1", ONLY(CHAT) | ONLY(ARP) | ONLY(SIX) }, { "ip[0] & 0f == 5", IP },
	{ "ip[6:2] & 40:00 == 40:00", ONLY(CHAT) | ONLY(SYN) })

TABLE(layers,
	{ "ip#1", IP }, { "ip#2", ONLY(GONE) }, { "ip.src#2 == 10.0.0.2", ONLY(GONE) },
	{ "ip.src#1 == 10.0.0.1", ONLY(GONE) }, { "ip.src#1 == 10.0.0.2", IP & ~ONLY(GONE) },
	{ "ip.src#[-1] == 10.0.0.2", IP }, { "ip.ttl#[1-2] == 255", ONLY(GONE) }, { "ip.ttl#[2-9]", ONLY(GONE) },
	{ "ip.ttl#[2:] == 64", ONLY(GONE) }, { "ip.ttl#[1,3] == 64", IP & ~ONLY(GONE) },
	{ "ip.addr#2 == 10.0.0.1", ONLY(GONE) }, { "udp.port#2", NONE }, { "ip.src#2[3] == 02", ONLY(GONE) })

TABLE(arithmetic,
	{ "udp.length - 8 == 2", ONLY(GONE) | ONLY(SIX) }, { "udp.length -8 == 2", ONLY(GONE) | ONLY(SIX) },
	{ "ip.len + 14 == frame.len", IP }, { "udp.dstport == udp.srcport + 1", ONLY(SIX) },
	{ "udp.dstport == {udp.srcport + 1}", ONLY(SIX) }, { "2 * udp.length == 20", ONLY(GONE) | ONLY(SIX) },
	{ "udp.length * 2 + 1 == 21", ONLY(GONE) | ONLY(SIX) },
	{ "1 + udp.length * 2 == 21", ONLY(GONE) | ONLY(SIX) },
	{ "{1 + udp.length} * 2 == 22", ONLY(GONE) | ONLY(SIX) }, { "udp.length / 3 == 3", ONLY(GONE) | ONLY(SIX) },
	{ "udp.length % 3 == 1", UDP }, { "udp.length / 0 == 1", NONE }, { "udp.length % {5 - 5} >= 0", NONE },
	{ "udp.length - 20 < 0", ONLY(GONE) | ONLY(SIX) }, { "udp.length - 20 == -10", ONLY(GONE) | ONLY(SIX) },
	{ "-udp.length == -10", ONLY(GONE) | ONLY(SIX) },
	{ "abs(udp.length - 20) == 10", ONLY(GONE) | ONLY(SIX) }, { "tcp.flags & 2", ONLY(SYN) },
	{ "tcp.flags & 0x10", NONE }, { "tcp.flags & 2 == 2", ONLY(SYN) },
	{ "tcp.flags bitwise_and 6 == 2", ONLY(SYN) }, { "not tcp.flags & 0x10", ALL },
	{ "frame.number % 2", ONLY(CHAT) | ONLY(PING) | ONLY(ARP) }, { "frame.number + 0", ALL },
	{ "frame.number * frame.number == 4", ONLY(SYN) },
	{ "frame.len & 1 + 1 == 2", ONLY(SYN) | ONLY(PING) | ONLY(GONE) })

TABLE(functions,
	{ "len(udp) == 8", UDP }, { "len(ip) == 20", IP }, { "len(frame) == 60", ONLY(ARP) },
	{ "len(udp.payload) == 2", ONLY(SIX) }, { "len(ip.src) == 4", IP }, { "count(ip.src) == 2", ONLY(GONE) },
	{ "count(ip.addr) == 2", IP & ~ONLY(GONE) }, { "count(ip) > 1", ONLY(GONE) },
	{ "max(udp.srcport, udp.dstport) == 40000", ONLY(GONE) }, { "min(udp.port) == 5555", ONLY(GONE) },
	{ "max(udp.srcport, tcp.srcport) == 40000", ONLY(SYN) | ONLY(GONE) | ONLY(SIX) },
	{ "min(ip.src) == 10.0.0.1", ONLY(GONE) },
	{ "max(udp.dstport, 6000) == 6000", ALL & ~(ONLY(CHAT) | ONLY(SIX)) },
	{ "string(udp.dstport) matches \"^55\"", ONLY(GONE) }, { "string(ip.src) == \"10.0.0.1\"", ONLY(GONE) },
	{ "string(ipv6.src) == \"fe80::2\"", ONLY(SIX) },
	{ "string(eth.dst) == \"ff:ff:ff:ff:ff:ff\"", ONLY(CHAT) | ONLY(ARP) },
	{ "string(ip.flags.df) == \"True\"", ONLY(CHAT) | ONLY(SYN) },
	{ "string(frame.time_delta) contains \"0.25\"", ALL & ~ONLY(CHAT) },
	{ "string(udp.payload) == \"68:69\"", ONLY(SIX) }, { "string(chat.user) == \"alice\"", ONLY(CHAT) },
	{ "string(ip.ttl) == \"255\"", ONLY(GONE) }, { "dec(udp.dstport) == \"5555\"", ONLY(GONE) },
	{ "hex(udp.dstport) == \"0x15b3\"", ONLY(GONE) },
	{ "string(udp.length - 20) == \"-10\"", ONLY(GONE) | ONLY(SIX) }, { "len(chat.user)", ONLY(CHAT) },
	{ "udp.length and abs(udp.length - 10)", ONLY(CHAT) }, { "len(upper(chat.user)) == 5", ONLY(CHAT) },
	{ "upper(lower(chat.user)) == \"ALICE\"", ONLY(CHAT) })

TABLE(times,
	{ "frame.time_delta == 0", ONLY(CHAT) }, { "frame.time_delta == 0.25", ALL & ~ONLY(CHAT) },
	{ "frame.time_delta > 0.249999999", ALL & ~ONLY(CHAT) },
	{ "frame.time_relative >= 1", ONLY(ARP) | ONLY(SIX) }, { "frame.time_relative < .5", ONLY(CHAT) | ONLY(SYN) },
	{ "frame.time_relative > -1", ALL }, { "frame.time_delta + 1 == 1.25", ALL & ~ONLY(CHAT) },
	{ "frame.time_delta * 4 == 1", ALL & ~ONLY(CHAT) }, { "frame.time_relative / 2 == 0.5", ONLY(ARP) },
	{ "frame.time - frame.time_relative == \"2026-01-31 12:00:00Z\"", ALL },
	{ "frame.time_delta - 0.3 < 0", ALL }, { "abs(frame.time_delta - 0.3) < 0.1", ALL & ~ONLY(CHAT) },
	{ "frame.time == \"2026-01-31 12:00:00\"", ONLY(CHAT) },
	{ "frame.time == \"2026-01-31T12:00:00Z\"", ONLY(CHAT) },
	{ "frame.time == \"2026-01-31 14:00:00+02:00\"", ONLY(CHAT) },
	{ "frame.time == \"2026-01-31T07:00:00.0-0500\"", ONLY(CHAT) },
	{ "frame.time == \"Jan 31, 2026 12:00:00\"", ONLY(CHAT) },
	{ "frame.time == \"Jan 31, 2026 12:00:00.25 UTC\"", ONLY(SYN) }, { "frame.time > \"2026-01-31\"", ALL },
	{ "frame.time > 2026-02-01", NONE }, { "frame.time >= \"2026-01-31 12:00:01.25\"", ONLY(SIX) },
	{ "frame.time < \"2026-01-31 12:00\"", NONE }, { "frame.time_epoch == 1769860800", ONLY(CHAT) },
	{ "frame.time_epoch > 1769860801.1", ONLY(SIX) },
	{ "frame.time in {\"2026-01-31 12:00:00.2\"..\"2026-01-31 12:00:00.3\"}", ONLY(SYN) })

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_presence), cmocka_unit_test(test_logic),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_any_and_all), cmocka_unit_test(test_absent),
		cmocka_unit_test(test_sets), cmocka_unit_test(test_addresses), cmocka_unit_test(test_booleans),
		cmocka_unit_test(test_names), cmocka_unit_test(test_texts), cmocka_unit_test(test_octets),
		cmocka_unit_test(test_slices), cmocka_unit_test(test_layers), cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_functions), cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, filtering_start, filtering_end);
}
