/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as what the kernel answers about its sockets: netlink messages of sock_diag(7), or a file of /proc/net.
 *
 *    0       1
 *   +-------+---------
 *   | what  | a datagram of netlink, whose question had the number 1; or the file
 *   +-------+---------
 */
#include <stdlib.h>
#include <string.h>

#include "../sockets/sound.h"
#include "base/mem.h"
#include "sockets/socktable_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES 8

/* A message is padded to four octets, which may be read as well. */
static void messages(struct socktable *table, enum socket_kind kind, const uint8_t *data, size_t size)
{
	struct answers answers = { .kind = kind, .states = ~0u, .sequence = 1, .table = table };
	char *copy = mem_new((size + 3) / 4, 4);

	memcpy(copy, data, size);
	answers_take(&answers, copy, size);
	free(copy);
}

static void lines(struct socktable *table, const struct proc_file *file, const uint8_t *data, size_t size)
{
	char *copy = mem_copy_bytes(data, size);
	FILE *in = size ? fmemopen(copy, size, "r") : NULL;

	if (in) {
		proc_take(table, file, in, ~0u);
		fclose(in);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct socktable table = { 0 };
	unsigned what = size ? data[0] % (SOCKET_KINDS + FILES) : 0;
	enum socket_kind kind = what < SOCKET_KINDS ? (enum socket_kind)what : proc_files[what - SOCKET_KINDS].kind;

	if (!size)
		return 0;
	if (what < SOCKET_KINDS)
		messages(&table, kind, data + 1, size - 1);
	else
		lines(&table, &proc_files[what - SOCKET_KINDS], data + 1, size - 1);
	for (size_t i = 0; i < table.count; i++)
		sound_socket(&table.list[i], kind);
	socktable_release(&table);
	return 0;
}
