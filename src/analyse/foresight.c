/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyse/foresight.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct fact {
	uint64_t frame;
	const struct dissector *dissector;
	const struct field_def *def;
	uint64_t value;
	uint32_t nth;
	uint32_t order; /* of coming: the later one counts */
};

struct server {
	const struct dissector *transport, *protocol;
	uint8_t address[16];
	uint16_t port;
};

struct foresight {
	struct fact *facts;
	size_t count, room, cursor;
	uint64_t lost;
	struct server *servers;
	size_t server_count, server_room;
	uint64_t *lines; /* stream << 1 | side, sorted when settled */
	size_t line_count, line_room;
};

struct foresight *foresight_new(void)
{
	return mem_new(1, sizeof(struct foresight));
}

void foresight_free(struct foresight *foresight)
{
	if (!foresight)
		return;
	free(foresight->facts);
	free(foresight->servers);
	free(foresight->lines);
	free(foresight);
}

/* Room for one more of `count` elements; false at the limit. */
static bool grow(void *list, size_t count, size_t *room, size_t size, size_t max)
{
	void **at = list;

	if (count == max)
		return false;
	if (count < *room)
		return true;
	*room = *room ? 2 * *room : 64;
	*at = mem_resize(*at, *room, size);
	return true;
}

void foresight_add(struct foresight *foresight, uint64_t frame, const struct dissector *dissector, unsigned nth,
		   const struct field_def *def, uint64_t value)
{
	if (!grow(&foresight->facts, foresight->count, &foresight->room, sizeof *foresight->facts, FORESIGHT_MAX)) {
		foresight->lost++;
		return;
	}
	foresight->facts[foresight->count] = (struct fact){
		.frame = frame,
		.dissector = dissector,
		.def = def,
		.value = value,
		.nth = nth,
		.order = (uint32_t)foresight->count,
	};
	foresight->count++;
}

uint64_t foresight_lost(const struct foresight *foresight)
{
	return foresight->lost;
}

static bool is_server(const struct server *server, const struct dissector *transport, const uint8_t address[16],
		      uint16_t port)
{
	return server->transport == transport && server->port == port && !memcmp(server->address, address, 16);
}

const struct dissector *foresight_protocol(const struct foresight *foresight, const struct dissector *transport,
					   const uint8_t address[16], uint16_t port)
{
	for (size_t i = 0; i < foresight->server_count; i++)
		if (is_server(&foresight->servers[i], transport, address, port))
			return foresight->servers[i].protocol;
	return NULL;
}

void foresight_learned(struct foresight *foresight, const struct dissector *transport, const uint8_t address[16],
		       uint16_t port, const struct dissector *protocol)
{
	struct server *server;

	if (foresight_protocol(foresight, transport, address, port) ||
	    !grow(&foresight->servers, foresight->server_count, &foresight->server_room, sizeof *server,
		  FORESIGHT_SERVERS_MAX))
		return;
	server = &foresight->servers[foresight->server_count++];
	*server = (struct server){ .transport = transport, .protocol = protocol, .port = port };
	memcpy(server->address, address, 16);
}

void foresight_lines(struct foresight *foresight, uint32_t stream, unsigned side)
{
	if (grow(&foresight->lines, foresight->line_count, &foresight->line_room, sizeof *foresight->lines,
		 FORESIGHT_LINES_MAX))
		foresight->lines[foresight->line_count++] = (uint64_t)stream << 1 | side;
}

/* ------------------------------------------------------------------------------------------------ the second reading
 */

#define ORDER(a, b) ((a) < (b) ? -1 : (a) > (b))

static int by_place(const void *left, const void *right)
{
	const struct fact *a = left, *b = right;

	if (a->frame != b->frame)
		return ORDER(a->frame, b->frame);
	if (a->nth != b->nth)
		return ORDER(a->nth, b->nth);
	if (a->def != b->def)
		return ORDER(a->def, b->def);
	return ORDER(a->order, b->order);
}

static int by_number(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return ORDER(*a, *b);
}

static bool is_same_place(const struct fact *a, const struct fact *b)
{
	return a->frame == b->frame && a->nth == b->nth && a->def == b->def;
}

void foresight_settle(struct foresight *foresight, const struct protocols *protocols)
{
	size_t kept = 0;

	if (foresight->count)
		qsort(foresight->facts, foresight->count, sizeof *foresight->facts, by_place);
	for (size_t i = 0; i < foresight->count; i++) {
		const struct fact *fact = &foresight->facts[i];
		bool superseded = i + 1 < foresight->count && is_same_place(fact, fact + 1);

		if (!superseded && protocols_wants(protocols, fact->def))
			foresight->facts[kept++] = *fact;
	}
	foresight->count = kept;
	foresight->cursor = 0;
	if (foresight->line_count)
		qsort(foresight->lines, foresight->line_count, sizeof *foresight->lines, by_number);
}

static void tell(struct packet *packet, const struct fact *fact)
{
	struct note note = { .def = fact->def, .value.uint = fact->value };
	unsigned nth = 0;

	for (unsigned i = 0; i < packet->layer_count; i++)
		if (packet->layers[i].dissector == fact->dissector && !packet->layers[i].quoted && nth++ == fact->nth) {
			packet_note(packet, i, &note, 1);
			return;
		}
}

void foresight_notes(struct foresight *foresight, struct packet *packet)
{
	uint64_t number = packet->frame->number;
	size_t at = foresight->cursor;

	while (at < foresight->count && foresight->facts[at].frame < number)
		at++;
	for (; at < foresight->count && foresight->facts[at].frame == number; at++)
		tell(packet, &foresight->facts[at]);
	foresight->cursor = at;
}

bool foresight_has_lines(const struct foresight *foresight, uint32_t stream, unsigned side)
{
	uint64_t key = (uint64_t)stream << 1 | side;

	return foresight->line_count && bsearch(&key, foresight->lines, foresight->line_count, sizeof key, by_number);
}
