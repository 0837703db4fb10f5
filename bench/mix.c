/* SPDX-License-Identifier: BSD-2-Clause */
#include "mix.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "lab/date.h"

#define ETHERNET 14
#define IPV4 20
#define START 1795356000 /* 2026-11-22 14:00:00 UTC */
#define SERVERS 50
#define CLIENTS 2000

enum { FIN = 1, SYN = 2, PSH = 8, ACK = 16 };

/* What a packet of a dialogue carries. */
enum words {
	NOTHING, WORD_DATE, THE_DATE, ECHO_TEXT, CHAT_EVERYONE, CHAT_SAID, CHAT_HEARD, CHAT_WHISPERED, CHAT_WHISPER
};

struct step {
	bool from_server;
	uint8_t flags; /* TCP */
	enum words words;
};

struct talk {
	unsigned weight; /* how often, of 100 */
	uint8_t protocol;
	uint16_t port;
	bool everyone;   /* to 255.255.255.255, from the same port */
	unsigned count;
	struct step steps[12];
};

static const struct talk talks[] = {
	{ 30, 17, 5555, false, 2, { { false, 0, NOTHING }, { true, 0, THE_DATE } } },
	{ 15, 17, 5555, false, 2, { { false, 0, WORD_DATE }, { true, 0, THE_DATE } } },
	{ 30, 17, 3500, false, 2, { { false, 0, ECHO_TEXT }, { true, 0, ECHO_TEXT } } },
	{ 21, 17, 6666, true, 1, { { false, 0, CHAT_EVERYONE } } },
	{ 2, 6, 3500, false, 9,
	  { { false, SYN, NOTHING }, { true, SYN | ACK, NOTHING }, { false, ACK, NOTHING },
	    { false, PSH | ACK, ECHO_TEXT }, { true, PSH | ACK, ECHO_TEXT }, { false, ACK, NOTHING },
	    { false, FIN | ACK, NOTHING }, { true, FIN | ACK, NOTHING }, { false, ACK, NOTHING } } },
	{ 2, 6, 5000, false, 12,
	  { { false, SYN, NOTHING }, { true, SYN | ACK, NOTHING }, { false, ACK, NOTHING },
	    { false, PSH | ACK, CHAT_SAID }, { true, PSH | ACK, CHAT_HEARD }, { false, ACK, NOTHING },
	    { false, PSH | ACK, CHAT_WHISPERED }, { true, PSH | ACK, CHAT_WHISPER }, { false, ACK, NOTHING },
	    { false, FIN | ACK, NOTHING }, { true, FIN | ACK, NOTHING }, { false, ACK, NOTHING } } },
};

static const char *const nicks[] = { "alice", "bob", "carol", "dave", "eve", "mallory", "zo\xc3\xab", "j\xc3\xbcrgen" };
static const char *const lines[] = {
	"hello everybody", "who is on port 5000?", "it works now", "d\xc3\xa9j\xc3\xa0 vu", "ok",
	"the second exercise is the one with the empty datagram", "see you tomorrow", "can you see this line?",
};

/* xorshift64* */
static uint32_t draw(struct mix *mix, uint32_t below)
{
	mix->random ^= mix->random >> 12;
	mix->random ^= mix->random << 25;
	mix->random ^= mix->random >> 27;
	return (uint32_t)((mix->random * 0x2545f4914f6cdd1d >> 32) * below >> 32);
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

static uint64_t sum(uint64_t total, const uint8_t *data, size_t length)
{
	for (size_t i = 0; i + 1 < length; i += 2)
		total += (uint32_t)(data[i] << 8 | data[i + 1]);
	return length % 2 ? total + (uint32_t)(data[length - 1] << 8) : total;
}

static uint32_t complement(uint64_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~(uint32_t)total & 0xffff;
}

void mix_start(struct mix *mix, uint64_t seed)
{
	*mix = (struct mix){ .random = seed * 2 + 1, .time = START * INT64_C(1000000000), .talk = 0 };
	mix->step = talks[0].count;
}

/* The next dialogue, between hosts and ports of its own. */
static void choose(struct mix *mix)
{
	uint32_t at = draw(mix, 100), host = draw(mix, CLIENTS), server = draw(mix, SERVERS);
	const struct talk *talk;

	for (mix->talk = 0; at >= talks[mix->talk].weight; mix->talk++)
		at -= talks[mix->talk].weight;
	talk = &talks[mix->talk];
	mix->step = 0;
	memcpy(mix->client, (uint8_t[]){ 10, 1, (uint8_t)(host / 200), (uint8_t)(1 + host % 200) }, 4);
	memcpy(mix->server, (uint8_t[]){ 10, 0, 0, (uint8_t)(1 + server) }, 4);
	mix->server_port = talk->port;
	mix->client_port = (uint16_t)(32768 + draw(mix, 28000));
	if (talk->everyone) {
		memset(mix->server, 255, 4);
		mix->client_port = talk->port;
	}
	mix->client_sequence = draw(mix, UINT32_MAX);
	mix->server_sequence = draw(mix, UINT32_MAX);
	mix->clock = draw(mix, UINT32_MAX);
	mix->nick = draw(mix, sizeof nicks / sizeof *nicks);
	mix->line = draw(mix, sizeof lines / sizeof *lines);
}

static size_t the_date(const struct mix *mix, uint8_t *out, size_t size)
{
	size_t length = date_build(DATE_PYTHON, mix->time, 0, NULL, out, size - 1);

	if (!length)
		bug("no room for a date");
	out[length] = '\n';
	return length + 1;
}

/* Who speaks and what stay the same in a dialogue, so that a reply repeats what was asked. */
static size_t speak(const struct mix *mix, enum words words, uint8_t *out, size_t size)
{
	static const char *const forms[] = { /* %.0s: left out */
		[NOTHING] = "%.0s%.0s",          [WORD_DATE] = "date%.0s%.0s",    [ECHO_TEXT] = "%s says: %s",
		[CHAT_EVERYONE] = "%s: %s",      [CHAT_SAID] = "%.0s%s\n",        [CHAT_HEARD] = "%s: %s\n",
		[CHAT_WHISPERED] = "@%s %s\n",   [CHAT_WHISPER] = "[private] bob -> %s: %s\n",
	};
	const char *nick = nicks[mix->nick], *line = lines[mix->line];

	if (words == THE_DATE)
		return the_date(mix, out, size);
	return (size_t)snprintf((char *)out, size, forms[words], nick, line);
}

static void ethernet(const struct mix *mix, const struct step *step, uint8_t *frame)
{
	const uint8_t *to = step->from_server ? mix->client : mix->server;
	const uint8_t *from = step->from_server ? mix->server : mix->client;

	memcpy(frame, (uint8_t[]){ 2, 0 }, 2);
	memcpy(frame + 2, to, 4);
	if (talks[mix->talk].everyone)
		memset(frame, 255, 6);
	memcpy(frame + 6, (uint8_t[]){ 2, 0 }, 2);
	memcpy(frame + 8, from, 4);
	put16(frame + 12, 0x0800);
}

static void ipv4(struct mix *mix, const struct step *step, uint8_t *header, size_t length)
{
	memset(header, 0, IPV4);
	header[0] = 0x45;
	put16(header + 2, (uint32_t)(IPV4 + length));
	put16(header + 4, mix->id++);
	header[6] = 0x40;
	header[8] = 64;
	header[9] = talks[mix->talk].protocol;
	memcpy(header + 12, step->from_server ? mix->server : mix->client, 4);
	memcpy(header + 16, step->from_server ? mix->client : mix->server, 4);
	put16(header + 10, complement(sum(0, header, IPV4)));
}

/* RFC 768, 793: over the addresses, the protocol, the length and the octets. */
static void transport_checksum(const uint8_t *header, uint8_t *transport, size_t length, uint8_t *at)
{
	uint64_t total = sum(header[9] + length, header + 12, 8);
	uint32_t checksum;

	put16(at, 0);
	checksum = complement(sum(total, transport, length));
	put16(at, header[9] == 17 && !checksum ? 0xffff : checksum);
}

static void ports(const struct mix *mix, const struct step *step, uint8_t *transport)
{
	put16(transport, step->from_server ? mix->server_port : mix->client_port);
	put16(transport + 2, step->from_server ? mix->client_port : mix->server_port);
}

static size_t udp(struct mix *mix, const struct step *step, uint8_t *header)
{
	uint8_t *transport = header + IPV4;
	size_t length = 8 + speak(mix, step->words, transport + 8, MIX_FRAME - ETHERNET - IPV4 - 8);

	ports(mix, step, transport);
	put16(transport + 4, (uint32_t)length);
	ipv4(mix, step, header, length);
	transport_checksum(header, transport, length, transport + 6);
	return length;
}

static size_t tcp_options(const struct mix *mix, const struct step *step, uint8_t *at)
{
	static const uint8_t syn[] = { 2, 4, 5, 180, 4, 2, 8, 10 };
	static const uint8_t other[] = { 1, 1, 8, 10 }, scale[] = { 1, 3, 3, 10 };
	bool first = step->flags & SYN;
	size_t length = first ? sizeof syn : sizeof other;

	memcpy(at, first ? syn : other, length);
	put32(at + length, mix->clock + (step->from_server ? 1000000 : 0));
	put32(at + length + 4, step->flags & ACK ? mix->clock + (step->from_server ? 0 : 1000000) : 0);
	length += 8;
	if (first) {
		memcpy(at + length, scale, sizeof scale);
		length += sizeof scale;
	}
	return length;
}

static size_t tcp(struct mix *mix, const struct step *step, uint8_t *header)
{
	uint8_t *transport = header + IPV4;
	size_t start = 20 + tcp_options(mix, step, transport + 20);
	size_t data = speak(mix, step->words, transport + start, MIX_FRAME - ETHERNET - IPV4 - start);
	uint32_t *mine = step->from_server ? &mix->server_sequence : &mix->client_sequence;
	uint32_t theirs = step->from_server ? mix->client_sequence : mix->server_sequence;

	ports(mix, step, transport);
	put32(transport + 4, *mine);
	put32(transport + 8, step->flags & ACK ? theirs : 0);
	transport[12] = (uint8_t)(start / 4 << 4);
	transport[13] = step->flags;
	put16(transport + 14, 501);
	put32(transport + 16, 0);
	ipv4(mix, step, header, start + data);
	transport_checksum(header, transport, start + data, transport + 16);
	*mine += (uint32_t)data + ((step->flags & (SYN | FIN)) != 0);
	return start + data;
}

size_t mix_next(struct mix *mix, uint8_t frame[MIX_FRAME])
{
	const struct step *step;

	if (mix->step == talks[mix->talk].count)
		choose(mix);
	step = &talks[mix->talk].steps[mix->step++];
	mix->time += 1000 * (1 + draw(mix, 60));
	mix->sent++;
	ethernet(mix, step, frame);
	return ETHERNET + IPV4 + (talks[mix->talk].protocol == 17 ? udp : tcp)(mix, step, frame + ETHERNET);
}
