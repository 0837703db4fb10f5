/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets as ss(8) and netstat(8) print them, and as JSON. */
#pragma once

#include "render/names.h"
#include "render/sheet.h"
#include "sockets/columns.h"

enum sockets_style { STYLE_SS, STYLE_NETSTAT };

/* What is shown, and how. */
struct sockets_look {
	enum sockets_style style;
	bool netid, state; /* STYLE_SS: these columns */
	bool processes, extended, information, timers, memory;
	bool one_line;                /* STYLE_SS: what does not fit beside the socket stands behind it, not below */
	const struct names *services; /* NULL: ports are numbers */
	/* The name of the address, to be escaped; NULL: it has none. host NULL: addresses are numbers. */
	const char *(*host)(void *context, const struct address *address);
	void *context;
};

/*
 * As ss: one sheet for all. As netstat: sockets of unix, and all others. Columns that are not asked for are hidden.
 * Release them with sheet_release().
 */
void sockets_ss_sheet(struct sheet *sheet, const struct sockets_look *look);
void sockets_netstat_sheet(struct sheet *sheet, const struct sockets_look *look, bool unix_sockets);

/* The socket becomes the sheet's next row. Packet sockets have no place in those of netstat. */
void sockets_ss_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row);
void sockets_netstat_row(struct sheet *sheet, const struct sockets_look *look, const struct socket_row *row);

/* Behind the titles of the columns. */
#define SOCKETS_SS_TAIL " Process"

/* An object and a newline: its members are the columns. */
void sockets_json(const struct packet *fields, struct text *out);
/* The members alone, for an object that somebody else began. */
void sockets_json_members(const struct packet *fields, struct text *out);
