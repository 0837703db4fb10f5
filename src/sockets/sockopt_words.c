/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/sockopt_words.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include "base/address.h"
#include "sockets/socket.h"

struct word {
	int value;
	const char *name;
};

static void show_octets(const void *value, size_t length, struct text *out)
{
	text_hex_bytes(out, value, length < 32 ? length : 32);
}

/* Copies what has the size of its type; anything else is shown as it is. */
static bool taken(const void *value, size_t length, void *into, size_t size, struct text *out)
{
	if (length != size) {
		show_octets(value, length, out);
		return false;
	}
	memcpy(into, value, size);
	return true;
}

static void say(const struct word *words, int value, struct text *out)
{
	while (words->name && words->value != value)
		words++;
	if (words->name)
		text_string(out, words->name);
	else
		text_int(out, value);
}

void sockopt_show_class(const void *value, size_t length, struct text *out)
{
	int class;

	if (!taken(value, length, &class, sizeof class, out))
		return;
	text_int(out, class);
	if (class)
		text_format(out, " (DSCP %d, ECN %d)", class >> 2, class & 3);
}

void sockopt_show_discovery(const void *value, size_t length, struct text *out)
{
	static const struct word words[] = {
		{ IP_PMTUDISC_DONT, "DONT" },
		{ IP_PMTUDISC_WANT, "WANT" },
		{ IP_PMTUDISC_DO, "DO" },
		{ IP_PMTUDISC_PROBE, "PROBE" },
		{ IP_PMTUDISC_INTERFACE, "INTERFACE" },
		{ IP_PMTUDISC_OMIT, "OMIT" },
		{ 0, NULL },
	};
	int how;

	if (taken(value, length, &how, sizeof how, out))
		say(words, how, out);
}

void sockopt_show_range(const void *value, size_t length, struct text *out)
{
	uint32_t range;

	if (!taken(value, length, &range, sizeof range, out))
		return;
	if (!range) {
		text_string(out, "not narrowed");
		return;
	}
	if (range & 0xffff)
		text_format(out, "%u", range & 0xffff);
	else
		text_string(out, "the lowest");
	if (range >> 16)
		text_format(out, " to %u", range >> 16);
	else
		text_string(out, " to the highest");
}

void sockopt_show_index(const void *value, size_t length, struct text *out)
{
	uint32_t index;

	if (!taken(value, length, &index, sizeof index, out))
		return;
	if (index)
		text_format(out, "interface %u", ntohl(index));
	else
		text_string(out, "any interface");
}

void sockopt_show_host(const void *value, size_t length, struct text *out)
{
	struct in_addr host;

	if (taken(value, length, &host, sizeof host, out))
		text_wrote(out, put_ipv4(text_room(out, 15), ntohl(host.s_addr)));
}

void sockopt_show_peer(const void *value, size_t length, struct text *out)
{
	struct address address = { .length = (socklen_t)length };
	char name[ADDRESS_TEXT];

	if (length != sizeof(struct sockaddr_in) && length != sizeof(struct sockaddr_in6)) {
		show_octets(value, length, out);
		return;
	}
	memcpy(&address.storage, value, length);
	text_string(out, address_text(&address, name));
}

void sockopt_show_path(const void *value, size_t length, struct text *out)
{
	struct ip6_mtuinfo path;

	if (taken(value, length, &path, sizeof path, out))
		text_format(out, "%u octets", path.ip6m_mtu);
}

/* Of linux/in6.h, which does not agree with netinet/in.h. */
void sockopt_show_preferences(const void *value, size_t length, struct text *out)
{
	static const struct word words[] = {
		{ 0x0001, "TMP" },  { 0x0002, "PUBLIC" }, { 0x0100, "PUBTMP_DEFAULT" }, { 0x0004, "COA" },
		{ 0x0400, "HOME" }, { 0x0008, "CGA" },    { 0x0800, "NONCGA" },         { 0, NULL },
	};
	bool first = true;
	int set;

	if (!taken(value, length, &set, sizeof set, out))
		return;
	for (const struct word *word = words; word->name; word++) {
		if (!(set & word->value))
			continue;
		text_format(out, "%s%s", first ? "" : ", ", word->name);
		first = false;
	}
	if (first)
		text_int(out, set);
}

void sockopt_show_family(const void *value, size_t length, struct text *out)
{
	static const struct word words[] = { { AF_INET, "AF_INET" }, { AF_INET6, "AF_INET6" }, { 0, NULL } };
	int family;

	if (taken(value, length, &family, sizeof family, out))
		say(words, family, out);
}

/* An older kernel's struct is shorter, a newer one's longer: what is said here has been there since Linux 2.6. */
void sockopt_show_tcp_info(const void *value, size_t length, struct text *out)
{
	struct tcp_info info = { .tcpi_state = 0 };

	if (length < offsetof(struct tcp_info, tcpi_total_retrans) + sizeof info.tcpi_total_retrans) {
		show_octets(value, length, out);
		return;
	}
	memcpy(&info, value, length < sizeof info ? length : sizeof info);
	if (info.tcpi_state < SOCKET_STATES)
		text_string(out, socket_state_ss(info.tcpi_state));
	else
		text_format(out, "state %u", info.tcpi_state);
	/* Of a listener these two are its queue. */
	if (info.tcpi_state == SOCKET_LISTEN) {
		text_format(out, ", %u of %u waiting", info.tcpi_unacked, info.tcpi_sacked);
		return;
	}
	text_format(out, ", round trip %u.%03u ms, window %u segments of %u octets, %u unacknowledged, %u sent again",
		    info.tcpi_rtt / 1000, info.tcpi_rtt % 1000, info.tcpi_snd_cwnd, info.tcpi_snd_mss,
		    info.tcpi_unacked, info.tcpi_total_retrans);
}
