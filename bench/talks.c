/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes a pcap file of many conversations at once: talks flows COUNT >FILE (a datagram each way of so many, all open
 * at the same time), or talks streams OCTETS >FILE (about so many octets of file: 64 TCP connections whose
 * segments take turns, and are acknowledged).
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_UDP 42
#define HEADERS_TCP 54
#define SEGMENT 1448
#define STREAMS 64
#define ACKNOWLEDGED_EVERY 2 /* segments of a stream */

static void put(uint32_t value)
{
	fwrite(&value, sizeof value, 1, stdout);
}

static void put_file_header(void)
{
	put(0xa1b2c3d4);
	put(4 << 16 | 2);
	put(0);
	put(0);
	put(262144);
	put(1);
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

/* Checksums are 0: left to the hardware. */
static void put_network(uint8_t *frame, uint32_t from, uint32_t to, uint8_t protocol, uint32_t length)
{
	memset(frame, 0, HEADERS_TCP);
	frame[5] = 1;
	frame[11] = 2;
	put16(frame + 12, 0x0800);
	frame[14] = 0x45;
	put16(frame + 16, length - 14);
	frame[22] = 64;
	frame[23] = protocol;
	put32(frame + 26, from);
	put32(frame + 30, to);
}

static void put_frame(uint64_t number, const uint8_t *frame, uint32_t length)
{
	put((uint32_t)(1760000000 + number / 1000000));
	put((uint32_t)(number % 1000000));
	put(length);
	put(length);
	fwrite(frame, length, 1, stdout);
}

/* First everybody asks, then everybody is answered: all conversations are open at once. */
static void write_flows(uint64_t count)
{
	uint8_t frame[HEADERS_TCP + 16] = { 0 };
	uint32_t length = HEADERS_UDP + 16;

	for (uint64_t i = 0; i < 2 * count && !ferror(stdout); i++) {
		uint32_t client = 0x0a000000 | (uint32_t)(i % count & 0xffffff),
			 port = 40000 + (uint32_t)(i % count >> 24);
		int back = i >= count;

		put_network(frame, back ? 0x0aff0001 : client, back ? client : 0x0aff0001, 17, length);
		put16(frame + 34, back ? 7001 : port);
		put16(frame + 36, back ? port : 7001);
		put16(frame + 38, length - 34);
		memset(frame + HEADERS_UDP, 0, 16);
		put_frame(i, frame, length);
	}
}

/* acknowledged: by the receiver, who sends no data. */
static void put_segment(uint64_t number, uint32_t stream, uint32_t next, bool acknowledged)
{
	static uint8_t frame[HEADERS_TCP + SEGMENT];
	uint32_t length = acknowledged ? HEADERS_TCP : sizeof frame, client = 0x0a000001, server = 0x0a000002;

	put_network(frame, acknowledged ? server : client, acknowledged ? client : server, 6, length);
	put16(frame + 34, acknowledged ? 9001 : 40000 + stream);
	put16(frame + 36, acknowledged ? 40000 + stream : 9001);
	put32(frame + 38, acknowledged ? 5000 : 1000 + next);
	put32(frame + 42, acknowledged ? 1000 + next : 5000);
	put16(frame + 46, acknowledged ? 0x5010 : 0x5018);
	put16(frame + 48, 64240);
	memset(frame + HEADERS_TCP, 'a' + (int)(number % 26), SEGMENT);
	put_frame(number, frame, length);
}

static void write_streams(uint64_t octets)
{
	uint32_t next[STREAMS] = { 0 };
	uint64_t number = 0;

	for (uint64_t i = 0; i * (HEADERS_TCP + SEGMENT + 16) < octets && !ferror(stdout); i++) {
		uint32_t stream = (uint32_t)(i * 2654435761u >> 7) % STREAMS;

		put_segment(number++, stream, next[stream], false);
		next[stream] += SEGMENT;
		if (next[stream] / SEGMENT % ACKNOWLEDGED_EVERY == 0)
			put_segment(number++, stream, next[stream], true);
	}
}

int main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "flows") && strcmp(argv[1], "streams"))) {
		fputs("usage: talks flows COUNT | talks streams OCTETS >FILE\n", stderr);
		return 2;
	}
	put_file_header();
	if (argv[1][0] == 'f')
		write_flows(strtoull(argv[2], NULL, 10));
	else
		write_streams(strtoull(argv[2], NULL, 10));
	if (ferror(stdout) || fflush(stdout)) {
		fprintf(stderr, "talks: standard output: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
