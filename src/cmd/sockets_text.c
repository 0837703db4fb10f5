/* SPDX-License-Identifier: BSD-2-Clause */
/* The table as text, in the order and under the titles that ss(8) and netstat(8) have. */
#include "base/clock.h"
#include "cmd/sockets.h"

#define NAMES_NS (2 * NS_PER_S) /* so long names of hosts are waited for */

struct writer {
	const struct sockets *sockets;
	struct sockets_look look;
	struct names *services;
	struct reverse *reverse;
};

/* ------------------------------------------------------------------------------------------------ names */

static const char *host_name(void *context, const struct address *address)
{
	struct reverse *reverse = context;
	const char *name;

	return reverse_get(reverse, address, &name) == REVERSE_KNOWN ? name : NULL;
}

static void ask(struct reverse *reverse, const struct address *address)
{
	if (address->length && !address_is_any(address))
		reverse_ask(reverse, address);
}

static int find_names(struct writer *writer, struct error *err)
{
	const struct sockets *sockets = writer->sockets;
	struct socket_row row;

	writer->services = names_new();
	writer->look.services = writer->services;
	writer->reverse = reverse_new(err);
	if (!writer->reverse)
		return -1;
	for (size_t i = 0; i < sockets->table.count; i++) {
		sockets_row(sockets, &sockets->table.list[i], &row);
		if (!sockets_chosen(sockets, &row))
			continue;
		ask(writer->reverse, &row.socket->local);
		ask(writer->reverse, &row.socket->remote);
	}
	reverse_wait(writer->reverse, clock_monotonic() + NAMES_NS);
	writer->look.host = host_name;
	writer->look.context = writer->reverse;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ sheets */

typedef void add_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row);

static void add_rows(const struct writer *writer, struct sheet *sheet, enum socket_kind kind, add_row *add)
{
	const struct sockets *sockets = writer->sockets;
	struct socket_row row;

	for (size_t i = 0; i < sockets->table.count; i++) {
		if (sockets->table.list[i].kind != kind)
			continue;
		sockets_row(sockets, &sockets->table.list[i], &row);
		if (sockets_chosen(sockets, &row))
			add(sheet, &writer->look, &row);
	}
}

static void print_ss(const struct writer *writer, struct text *out)
{
	static const enum socket_kind order[] = { SOCKET_PACKET, SOCKET_UNIX, SOCKET_RAW, SOCKET_UDP, SOCKET_TCP };
	struct sheet sheet;

	sockets_ss_sheet(&sheet, &writer->look);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		add_rows(writer, &sheet, order[i], sockets_ss_row);
	if (!writer->sockets->settings->arguments->no_header)
		sheet_print_titles(&sheet, SOCKETS_SS_TAIL, out);
	sheet_print(&sheet, out);
	sheet_release(&sheet);
}

static void print_sheet(const struct writer *writer, const struct sheet *sheet, const char *what, struct text *out)
{
	const struct sockets_arguments *a = writer->sockets->settings->arguments;

	if (!a->no_header) {
		text_format(out, "Active %s (%s)\n", what,
			    a->all         ? "servers and established"
			    : a->listening ? "only servers"
					   : "w/o servers");
		sheet_print_titles(sheet, "", out);
	}
	sheet_print(sheet, out);
}

static void print_netstat(const struct writer *writer, struct text *out)
{
	unsigned kinds = writer->sockets->settings->request.kinds;
	struct sheet sheet;

	if (kinds & ~(1u << SOCKET_UNIX)) {
		sockets_netstat_sheet(&sheet, &writer->look, false);
		for (enum socket_kind kind = SOCKET_TCP; kind <= SOCKET_RAW; kind++)
			add_rows(writer, &sheet, kind, sockets_netstat_row);
		print_sheet(writer, &sheet, "Internet connections", out);
		sheet_release(&sheet);
	}
	if (kinds & 1u << SOCKET_UNIX) {
		sockets_netstat_sheet(&sheet, &writer->look, true);
		add_rows(writer, &sheet, SOCKET_UNIX, sockets_netstat_row);
		print_sheet(writer, &sheet, "UNIX domain sockets", out);
		sheet_release(&sheet);
	}
}

int sockets_print_text(const struct sockets *sockets, struct text *out, struct error *err)
{
	struct writer writer = { .sockets = sockets, .look = sockets->settings->look };
	int status = sockets->settings->arguments->numeric ? 0 : find_names(&writer, err);

	if (status == 0 && writer.look.style == STYLE_NETSTAT)
		print_netstat(&writer, out);
	else if (status == 0)
		print_ss(&writer, out);
	reverse_free(writer.reverse);
	names_free(writer.services);
	return status;
}
