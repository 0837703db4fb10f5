/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a pcap file of lab traffic: generate PACKETS [SEED] >FILE */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mix.h"

static void put(uint32_t value)
{
	fwrite(&value, sizeof value, 1, stdout);
}

static void put_header(void)
{
	put(0xa1b2c3d4);
	put(4 << 16 | 2); /* version 2.4, little-endian machines; others swap it with the magic */
	put(0);
	put(0);
	put(262144);
	put(1);
}

static int write_packets(unsigned long long count, uint64_t seed)
{
	uint8_t frame[MIX_FRAME];
	struct mix mix;

	put_header();
	mix_start(&mix, seed);
	while (count-- && !ferror(stdout)) {
		uint32_t length = (uint32_t)mix_next(&mix, frame);

		put((uint32_t)(mix.time / 1000000000));
		put((uint32_t)(mix.time % 1000000000 / 1000));
		put(length);
		put(length);
		fwrite(frame, length, 1, stdout);
	}
	return ferror(stdout) || fflush(stdout) ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 3) {
		fputs("usage: generate PACKETS [SEED] >FILE\n", stderr);
		return 2;
	}
	if (write_packets(strtoull(argv[1], NULL, 10), argc > 2 ? strtoull(argv[2], NULL, 10) : 1) < 0) {
		fprintf(stderr, "generate: standard output: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}
