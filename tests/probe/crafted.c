/* SPDX-License-Identifier: BSD-2-Clause */
/* Probes of every kind, as a capture on standard output: for other programs to look at. */
#include <stdio.h>

#include "crafting.h"

static void put(const void *octets, size_t length)
{
	if (fwrite(octets, 1, length, stdout) != length)
		bug("standard output takes no more");
}

static void put_probe(int version, enum probe_method method, uint16_t key, uint16_t size)
{
	struct probe_base base = base_of(version, method);
	struct probe_packet packet = packet_of(key, 0xbeef, size ? size : probe_least(&base));
	struct error err;
	struct craft *craft = craft_new(&base, &err);
	struct crafted out;
	uint32_t header[4] = { key };

	if (!craft || craft_probe(craft, &packet, &out, &err) < 0)
		bug("%s", err.text);
	header[2] = header[3] = (uint32_t)out.length;
	put(header, sizeof header);
	put(out.data, out.length);
	craft_free(craft);
}

int main(void)
{
	static const uint32_t file[6] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, 101 };
	static const uint16_t keys[] = { 1, 2, 0x1234, 0xfffe, 0xffff }, sizes[] = { 0, 101, 1500, 65535 };

	put(file, sizeof file);
	for (int version = 4; version <= 6; version += 2)
		for (int method = 0; method < PROBE_METHODS; method++)
			for (size_t i = 0; i < COUNT(keys) * COUNT(sizes); i++)
				put_probe(version, (enum probe_method)method, keys[i % COUNT(keys)],
					  sizes[i / COUNT(keys)]);
	return fflush(stdout) != 0;
}
