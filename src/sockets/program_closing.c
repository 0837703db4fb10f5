/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/program_closing.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "sockets/registrar.h"
#include "sockets/socktable.h"

#define PERIOD (2 * NS_PER_MS)
#define CLOSING                                                                                                        \
	(SOCKET_STATE(SOCKET_FIN_WAIT1) | SOCKET_STATE(SOCKET_FIN_WAIT2) | SOCKET_STATE(SOCKET_CLOSING) |              \
	 SOCKET_STATE(SOCKET_LAST_ACK))

struct closing {
	struct socktable table;
	uint8_t ports[65536 / 8]; /* of TCP: bits */
	bool any, done;
	int64_t next, limit;
};

struct closing *closing_new(void)
{
	struct closing *closing = mem_new(1, sizeof *closing);

	closing->next = CLOCK_NEVER;
	return closing;
}

void closing_open(struct closing *closing)
{
	struct error ignored; /* then /proc/net is read */

	socktable_open(&closing->table, &ignored);
}

void closing_free(struct closing *closing)
{
	socktable_release(&closing->table);
	free(closing);
}

void closing_note(struct closing *closing, const struct socket_ends *ends)
{
	uint16_t port = address_port(&ends->local);

	if (ends->kind != SOCKET_TCP)
		return;
	closing->ports[port / 8] |= (uint8_t)(1u << port % 8);
	closing->any = true;
}

void closing_begin(struct closing *closing, int64_t now)
{
	closing->limit = now + REGISTRAR_LINGER;
	closing->next = now;
	closing->done = !closing->any;
}

static bool is_ours(const struct closing *closing, const struct socket *socket)
{
	uint16_t port = address_port(&socket->local);

	return !socket->inode && (closing->ports[port / 8] & 1u << port % 8);
}

void closing_look(struct closing *closing, int64_t now)
{
	static const struct socktable_request request = { .kinds = 1u << SOCKET_TCP, .states = CLOSING };
	struct error ignored;

	if (closing->done || now < closing->next)
		return;
	closing->next = now + PERIOD;
	closing->done = now >= closing->limit || socktable_read(&closing->table, &request, &ignored) < 0 ||
			!closing->table.interrupted;
	for (size_t i = 0; now < closing->limit && i < closing->table.count; i++)
		if (is_ours(closing, &closing->table.list[i]))
			closing->done = false;
}

int64_t closing_deadline(const struct closing *closing)
{
	return closing->done ? CLOCK_NEVER : closing->next;
}

bool closing_done(const struct closing *closing)
{
	return closing->done;
}
