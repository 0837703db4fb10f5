/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockets -s: how many there are. */
#include "cmd/sockets.h"
#include "render/members.h"

struct counts {
	size_t total, ipv4, ipv6;
	size_t states[SOCKET_STATES];
};

static void count(const struct sockets *sockets, struct counts counts[SOCKET_KINDS])
{
	struct socket_row row;

	for (size_t i = 0; i < sockets->table.count; i++) {
		const struct socket *socket = &sockets->table.list[i];

		sockets_row(sockets, socket, &row);
		if (!sockets_chosen(sockets, &row))
			continue;
		counts[socket->kind].total++;
		counts[socket->kind].ipv4 += socket->family == AF_INET;
		counts[socket->kind].ipv6 += socket->family == AF_INET6;
		counts[socket->kind].states[socket->state]++;
	}
}

static void print_json(const struct sockets *sockets, const struct counts counts[SOCKET_KINDS], struct text *out)
{
	member_open(out, NULL, '{');
	for (unsigned kind = 0; kind < SOCKET_KINDS; kind++) {
		if (!(sockets->settings->request.kinds & 1u << kind))
			continue;
		member_open(out, socket_kind_name(kind), '{');
		member_number(out, "total", counts[kind].total);
		if (kind <= SOCKET_RAW) {
			member_number(out, "ipv4", counts[kind].ipv4);
			member_number(out, "ipv6", counts[kind].ipv6);
		}
		member_open(out, "states", '{');
		for (unsigned state = 1; state < SOCKET_NEW_SYN_RECV; state++)
			if (counts[kind].states[state])
				member_number(out, socket_state_ss(state), counts[kind].states[state]);
		member_close(out, '{');
		member_close(out, '{');
	}
	member_close(out, '{');
	text_char(out, '\n');
}

static const struct sheet_column columns[] = {
	{ "Transport", false, 0, 0 }, { "Total", false, 1, 9 },  { "IP", false, 1, 9 },
	{ "IPv6", false, 1, 9 },      { "States", false, 1, 0 },
};

static void add_states(struct text *out, const struct counts *counts)
{
	const char *between = "";

	for (unsigned state = 1; state < SOCKET_NEW_SYN_RECV; state++) {
		if (!counts->states[state])
			continue;
		text_format(out, "%s%s %zu", between, socket_state_ss(state), counts->states[state]);
		between = ", ";
	}
}

static void print_text(const struct sockets *sockets, const struct counts counts[SOCKET_KINDS], struct text *out)
{
	static const char *const titles[SOCKET_KINDS] = { "TCP", "UDP", "RAW", "PACKET", "UNIX" };
	struct sheet sheet;
	size_t total = 0;

	sheet_init(&sheet, columns, sizeof columns / sizeof *columns);
	for (unsigned kind = 0; kind < SOCKET_KINDS; kind++) {
		if (!(sockets->settings->request.kinds & 1u << kind))
			continue;
		total += counts[kind].total;
		sheet_word(&sheet, titles[kind]);
		sheet_uint(&sheet, counts[kind].total);
		for (unsigned family = 0; family < 2; family++) {
			if (kind <= SOCKET_RAW)
				text_uint(&sheet.cells, family ? counts[kind].ipv6 : counts[kind].ipv4);
			sheet_cell(&sheet);
		}
		add_states(&sheet.cells, &counts[kind]);
		sheet_cell(&sheet);
		sheet_cell(&sheet);
	}
	text_format(out, "Total: %zu\n\n", total);
	sheet_print_titles(&sheet, "", out);
	sheet_print(&sheet, out);
	sheet_release(&sheet);
}

void sockets_print_summary(const struct sockets *sockets, struct text *out)
{
	struct counts counts[SOCKET_KINDS] = { 0 };

	count(sockets, counts);
	if (sockets->settings->arguments->json)
		print_json(sockets, counts, out);
	else
		print_text(sockets, counts, out);
}
