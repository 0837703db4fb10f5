/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of options in words, of the right length and of a wrong one. */
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sockets/socket.h"
#include "sockets/sockopt_words.h"

static void shown(sockopt_words *show, const void *value, size_t length, const char *expected)
{
	struct text text = { 0 };

	show(value, length, &text);
	text_char(&text, '\0');
	assert_string_equal(text.data, expected);
	text_release(&text);
}

static void number(sockopt_words *show, uint32_t value, const char *expected)
{
	shown(show, &value, sizeof value, expected);
}

static void numbers(void **state)
{
	(void)state;
	number(sockopt_show_class, 0, "0");
	number(sockopt_show_class, 0xb9, "185 (DSCP 46, ECN 1)");
	number(sockopt_show_discovery, IP_PMTUDISC_DO, "DO");
	number(sockopt_show_discovery, 9, "9");
	number(sockopt_show_range, 0, "not narrowed");
	number(sockopt_show_range, 20000 | 20999u << 16, "20000 to 20999");
	number(sockopt_show_range, 20000, "20000 to the highest");
	number(sockopt_show_range, 20999u << 16, "the lowest to 20999");
	number(sockopt_show_index, htonl(7), "interface 7");
	number(sockopt_show_index, 0, "any interface");
	number(sockopt_show_host, htonl(0xc0000201), "192.0.2.1");
	number(sockopt_show_preferences, 0x0500, "PUBTMP_DEFAULT, HOME");
	number(sockopt_show_preferences, 0, "0");
	number(sockopt_show_family, AF_INET6, "AF_INET6");
}

static void structs(void **state)
{
	const struct sockaddr_in peer = { .sin_family = AF_INET,
					  .sin_port = htons(80),
					  .sin_addr.s_addr = htonl(0xc0000201) };
	const struct ip6_mtuinfo path = { .ip6m_mtu = 1500 };

	(void)state;
	shown(sockopt_show_peer, &peer, sizeof peer, "192.0.2.1:80");
	shown(sockopt_show_path, &path, sizeof path, "1500 octets");
}

static void tcp_info(void **state)
{
	struct tcp_info info = { .tcpi_state = SOCKET_ESTABLISHED,
				 .tcpi_rtt = 1234,
				 .tcpi_snd_cwnd = 10,
				 .tcpi_snd_mss = 1448,
				 .tcpi_unacked = 2,
				 .tcpi_total_retrans = 3 };
	char newer[sizeof info + 8] = { 0 };
	const char *words = "ESTAB, round trip 1.234 ms, window 10 segments of 1448 octets, 2 unacknowledged, "
			    "3 sent again";

	(void)state;
	shown(sockopt_show_tcp_info, &info, sizeof info, words);
	shown(sockopt_show_tcp_info, &info, offsetof(struct tcp_info, tcpi_pacing_rate), words);
	memcpy(newer, &info, sizeof info);
	shown(sockopt_show_tcp_info, newer, sizeof newer, words);
	info.tcpi_state = SOCKET_LISTEN;
	info.tcpi_sacked = 128;
	shown(sockopt_show_tcp_info, &info, sizeof info, "LISTEN, 2 of 128 waiting");
	info.tcpi_state = 200;
	shown(sockopt_show_tcp_info, &info, 1, "c8");
}

/* A kernel may answer with fewer octets than were asked for. */
static void lengths(void **state)
{
	static sockopt_words *const all[] = {
		sockopt_show_class,  sockopt_show_discovery, sockopt_show_range, sockopt_show_index,
		sockopt_show_host,   sockopt_show_peer,      sockopt_show_path,  sockopt_show_preferences,
		sockopt_show_family, sockopt_show_tcp_info,
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		shown(all[i], "\x01\x02", 2, "0102");
		shown(all[i], "", 0, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(structs),
		cmocka_unit_test(tcp_info),
		cmocka_unit_test(lengths),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
