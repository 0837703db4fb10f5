/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockets: what is open on this machine, and whose it is. */
#include "cmd/command.h"
#include "cmd/sockets.h"
#include "render/sockets_explain.h"

static void print_json(const struct sockets *sockets, struct text *out)
{
	struct socket_row row;

	for (size_t i = 0; i < sockets->table.count; i++) {
		sockets_row(sockets, &sockets->table.list[i], &row);
		if (sockets_chosen(sockets, &row))
			sockets_json(socket_fields_of(sockets->settings->fields, &row), out);
	}
}

static void explain_table(const struct sockets *sockets, struct text *out)
{
	unsigned count = 0, states = 0;
	struct text notes = { 0 };
	struct socket_row row;

	for (size_t i = 0; i < sockets->table.count; i++) {
		sockets_row(sockets, &sockets->table.list[i], &row);
		if (!sockets_chosen(sockets, &row))
			continue;
		states |= SOCKET_STATE(row.socket->state);
		sockets_note(&notes, &row, &count);
	}
	text_char(out, '\n');
	sockets_explain_table(&sockets->settings->look, out);
	sockets_explain_states(states, out);
	if (count) {
		sockets_notes_end(&notes, count);
		text_char(out, '\n');
		text_add(out, notes.data, notes.length);
	}
	text_release(&notes);
}

static int explain_word(const char *word, struct error *err)
{
	struct text out = { 0 };
	int status = sockets_explain_word(word, &out, err);

	if (status == 0)
		status = command_print(&out, err);
	text_release(&out);
	return status;
}

static int print(const struct sockets *sockets, struct error *err)
{
	struct text out = { 0 };
	int status = 0;

	if (sockets->settings->arguments->summary)
		sockets_print_summary(sockets, &out);
	else if (sockets->settings->arguments->json)
		print_json(sockets, &out);
	else
		status = sockets_print_text(sockets, &out, err);
	if (status == 0 && sockets->settings->arguments->explain)
		explain_table(sockets, &out);
	if (status == 0)
		status = command_print(&out, err);
	text_release(&out);
	return status;
}

static int show_once(struct sockets *sockets, struct error *err)
{
	if (sockets_read(sockets, err) < 0)
		return -1;
	sockets_say_limits(sockets);
	return print(sockets, err);
}

static int show(const struct sockets_settings *settings, struct error *err)
{
	struct sockets sockets = { .settings = settings };
	int status = settings->arguments->netns ? socktable_enter(settings->arguments->netns, err) : 0;

	if (status == 0)
		status = settings->arguments->watch ? sockets_watch(&sockets, err) : show_once(&sockets, err);
	sockets_release(&sockets);
	return status;
}

static int sockets_run(void *arguments, const struct words *words, struct error *err)
{
	const struct sockets_arguments *a = arguments;
	struct sockets_settings settings;
	int status;

	if (a->word)
		return explain_word(a->word, err);
	status = sockets_settings_read(&settings, arguments, words, err);

	if (status == 0)
		status = show(&settings, err);
	sockets_settings_release(&settings);
	return status;
}

static const char *const examples[] = {
	"sonde sockets -tan",
	"connections and listeners of TCP, with numbers",
	"sudo sonde sockets -tulpn",
	"which program waits at which port",
	"sonde sockets -ua --style netstat",
	"sockets of UDP, in the columns of netstat",
	"sonde sockets -tan 'state == \"CLOSE-WAIT\" or recv_q > 0'",
	"connections that a program does not close or does not read",
	"sonde sockets -tn 'state established and dport = 5555'",
	"the same language as ss",
	"sonde sockets -tan --explain",
	"what the columns mean, and what is remarkable of these sockets",
	"sonde sockets --explain=CLOSE-WAIT",
	"what a word means",
	"sonde sockets --json -a 'process == \"python3\"'",
	"for programs: everything that is known of them",
	"sonde sockets -un --watch 'port == 5555'",
	"what appears, changes and goes at that port, until Ctrl-C",
	NULL,
};

const struct command sockets_command = {
	.name = "sockets",
	.summary = "the sockets of this machine, and whose they are (ss, netstat)",
	.synopsis = "[FILTER]",
	.complete = "",
	.description =
		"Shows the sockets of this machine, as ss(8) and netstat(8) do and with their letters. Without -a and "
		"-l "
		"only those that are connected; without a kind (-t, -u, ...) all kinds.\n\n"
		"FILTER is written as for ss (state established and dport = 5555, dst 10.0.0.0/8) or as a display "
		"filter over the columns (state == \"ESTAB\" && dport == 5555, ip.dst == 10.0.0.0/8, process == "
		"\"python3\", memory.drops > 0); sonde tells them apart. A filter that asks for states is shown all "
		"of them, without -a.\n\n"
		"Other users' processes are shown to root only.\n\n"
		"With --watch a line is printed for each event, with its time: + a new socket, ~ one that changed (its "
		"state, its addresses, its processes), - one that is gone; and first, when a kind or a filter is "
		"given, = what is there already. -a and -p are meant. The table is looked at every 50 ms (--period); "
		"when a look takes longer, the pause after it is as long. In addition the kernel tells of sockets of "
		"TCP and UDP that end: one that was open for less than the period is still told, when it is gone, but "
		"not whose it was. A unix, raw or packet socket that is open for less than the period may be missed. "
		"Ctrl-C ends it.",
	.examples = examples,
	.groups = sockets_groups,
	.size = sizeof(struct sockets_arguments),
	.run = sockets_run,
};
