/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of sockets with processes and names, and what of it cannot be told. */
#include "cmd/command.h"
#include "cmd/sockets.h"

extern const struct command sockets_command;

int sockets_read(struct sockets *sockets, struct error *err)
{
	const struct sockets_settings *settings = sockets->settings;

	if (!sockets->names)
		sockets->names = socknames_new();
	if (socktable_read(&sockets->table, &settings->request, err) < 0)
		return -1;
	/* Sockets without their owners are better than none. */
	*sockets->unseen.text = '\0';
	if (settings->holders)
		holders_read(&sockets->holders, NULL, &sockets->unseen);
	if (settings->peers)
		peers_build(&sockets->peers, &sockets->table);
	return 0;
}

void sockets_release(struct sockets *sockets)
{
	peers_release(&sockets->peers);
	socktable_release(&sockets->table);
	holders_release(&sockets->holders);
	socknames_free(sockets->names);
}

/* ------------------------------------------------------------------------------------------------ limits */

static void add_kinds(struct text *out, unsigned kinds)
{
	bool several = false;

	for (unsigned kind = 0; kind < SOCKET_KINDS; kind++) {
		if (!(kinds & 1u << kind))
			continue;
		text_format(out, "%s%s", several ? ", " : "", socket_kind_name(kind));
		several = true;
	}
}

static void say(struct text *sentence)
{
	text_char(sentence, '\0');
	command_complain(&sockets_command, sentence->data);
	text_clear(sentence);
}

void sockets_say_limits(const struct sockets *sockets)
{
	const struct socktable *table = &sockets->table;
	const struct holders *holders = &sockets->holders;
	bool several = holders->hidden > 1;
	struct text out = { 0 };

	if (table->from_proc & ~table->unreadable) {
		text_string(&out, "sock_diag does not tell of ");
		add_kinds(&out, table->from_proc & ~table->unreadable);
		text_string(&out, " sockets: what is shown is from /proc/net, which tells less");
		say(&out);
	}
	if (table->unreadable) {
		text_string(&out, "neither sock_diag nor /proc/net tells of ");
		add_kinds(&out, table->unreadable);
		text_string(&out, " sockets: none of them is shown");
		say(&out);
	}
	if (table->cut) {
		text_format(&out, "there are more than %d sockets: the rest is not shown", SOCKTABLE_SOCKETS);
		say(&out);
	}
	if (table->interrupted) {
		text_string(&out, "the table changed while it was read: a socket may be missing, or be there twice");
		say(&out);
	}
	if (sockets->settings->holders && holders->hidden) {
		text_format(&out,
			    "%u process%s may not be looked into: sockets that only %s has are shown without an owner",
			    holders->hidden, several ? "es" : "", several ? "one of them" : "it");
		say(&out);
	}
	if (sockets->settings->holders && holders->cut) {
		text_format(&out, "there are more than %d descriptors: processes of some sockets are not shown",
			    HOLDERS_LINKS);
		say(&out);
	}
	if (*sockets->unseen.text)
		command_complain(&sockets_command, sockets->unseen.text);
	text_release(&out);
}

/* ------------------------------------------------------------------------------------------------ rows */

static void add_peer(const struct sockets *sockets, const struct socket *socket, struct socket_row *row)
{
	uintptr_t at = (uintptr_t)socket - (uintptr_t)sockets->table.list;
	size_t peer;

	if (at >= sockets->table.count * sizeof *socket)
		return; /* it is gone, and of an earlier table */
	peer = peers_of(&sockets->peers, at / sizeof *socket);
	if (peer != PEERS_NONE)
		row->peers = holders_of(&sockets->holders, sockets->table.list[peer].inode, &row->peer_count);
}

void sockets_row(const struct sockets *sockets, const struct socket *socket, struct socket_row *row)
{
	const struct sockets_settings *settings = sockets->settings;

	*row = (struct socket_row){ .socket = socket };
	if (socket->interface)
		row->interface = socknames_interface(sockets->names, socket->interface);
	if (settings->users && socket->has_uid)
		row->user = socknames_user(sockets->names, socket->uid);
	if (settings->holders && socket->inode)
		row->holders = holders_of(&sockets->holders, socket->inode, &row->holder_count);
	if (settings->peers)
		add_peer(sockets, socket, row);
}

bool sockets_chosen(const struct sockets *sockets, const struct socket_row *row)
{
	const struct sockets_settings *settings = sockets->settings;
	unsigned states = row->socket->kind == SOCKET_UNIX ? settings->unix_states : settings->states;

	if (!(states & SOCKET_STATE(row->socket->state)))
		return false;
	return !settings->filter || filter_run(settings->filter, socket_fields_of(settings->fields, row));
}
