/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde sockopts --pid: the options of a live process's sockets. */
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/table.h"
#include "cmd/sockopts.h"
#include "render/members.h"
#include "sockets/inspect.h"

#define SHOWN 40 /* columns of a value, for people */

static const char *const sources[] = { [INSPECT_GETSOCKOPT] = "getsockopt", [INSPECT_SOCK_DIAG] = "sock_diag" };

/* What is being told. */
struct report {
	const struct sockopts_arguments *args;
	struct inspector inspector;
	struct text out;
	struct table records; /* of CSV */
	bool refused;         /* it was said that descriptors may not be copied */
};

static bool is_shown(const struct report *report, const struct inspect_value *value)
{
	return report->args->all || value->differs;
}

/* ------------------------------------------------------------------------------------------------ a socket's name */

static const char *protocol_name(const struct inspected *socket)
{
	if (socket->domain == AF_UNIX)
		return "unix";
	if (socket->domain == AF_PACKET)
		return "packet";
	if (socket->domain != AF_INET && socket->domain != AF_INET6)
		return "other";
	if (socket->type == SOCK_RAW)
		return "raw";
	return socket->protocol == IPPROTO_UDP ? "UDP" : socket->type == SOCK_STREAM ? "TCP" : "other";
}

/* What it is not bound to is not told; a raw socket has a protocol where others have a port. */
static void name_ends(const struct inspected *socket, struct text *out)
{
	char end[ADDRESS_TEXT];

	if (socket->domain != AF_UNIX && socket->type == SOCK_RAW) {
		if (socket->local.length)
			text_format(out, " %s, protocol %d", address_host_text(&socket->local, end), socket->protocol);
		return;
	}
	if (socket->local.length && (address_port(&socket->local) || !address_is_any(&socket->local)))
		text_format(out, " %s", address_text(&socket->local, end));
	if (socket->remote.length)
		text_format(out, " - %s", address_text(&socket->remote, end));
}

/* Names of unix sockets are left to whoever prints: a terminal, or a table that escapes. */
static void name_socket(const struct inspected *socket, bool escapes, struct text *out)
{
	text_string(out, protocol_name(socket));
	name_ends(socket, out);
	if (socket->name)
		text_char(out, ' ');
	if (socket->name && escapes)
		text_escaped(out, socket->name, socket->name_length);
	else if (socket->name)
		text_add(out, socket->name, strnlen(socket->name, socket->name_length));
	if (socket->listens)
		text_string(out, ", listening");
}

/* ------------------------------------------------------------------------------------------------ for people */

static const struct table_column columns[] = {
	{ "option", CELL_TEXT, false },  { "value", CELL_TEXT, false },  { "new_socket", CELL_TEXT, false },
	{ "differs", CELL_TEXT, false }, { "source", CELL_TEXT, false },
};

static void indented(const struct text *from, struct text *out)
{
	for (size_t at = 0; at < from->length;) {
		const char *end = memchr(from->data + at, '\n', from->length - at);
		size_t length = end ? (size_t)(end - from->data) - at + 1 : from->length - at;

		text_string(out, "  ");
		text_add(out, from->data + at, length);
		at += length;
	}
}

/* Words were escaped when they were made, and what is longer than a line can bear is told by --json. */
static void table_words(struct table *table, const char *words)
{
	if (!words || strlen(words) <= SHOWN) {
		table_word(table, words);
		return;
	}
	text_add(&table->strings, words, SHOWN - 3);
	text_string(&table->strings, "...");
	table_word_from(table, table->strings.length - SHOWN);
}

static void tell_people(struct report *report, const struct inspected *socket)
{
	struct text rows = { 0 };
	struct table table;

	table_init(&table, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < socket->count; i++) {
		const struct inspect_value *value = &socket->list[i];

		if (!is_shown(report, value))
			continue;
		table_word(&table, value->option->name);
		table_words(&table, value->value);
		table_words(&table, value->initial);
		table_word(&table, value->differs ? "yes" : NULL);
		table_word(&table, sources[socket->source]);
	}
	text_format(&report->out, "%sdescriptor %d: ", report->out.length ? "\n" : "", socket->fd);
	name_socket(socket, true, &report->out);
	text_char(&report->out, '\n');
	table_print(&table, TABLE_PLAIN, &rows);
	if (table.count)
		indented(&rows, &report->out);
	else if (socket->count)
		text_string(&report->out, "  as a new socket\n");
	else
		text_string(&report->out, "  sock_diag(7) does not know it: it has no address yet\n");
	table_release(&table);
	text_release(&rows);
}

/* ------------------------------------------------------------------------------------------------ for programs */

static const struct table_column record_columns[] = {
	{ "pid", CELL_UINT, false },     { "fd", CELL_UINT, false },     { "socket", CELL_TEXT, false },
	{ "option", CELL_TEXT, false },  { "value", CELL_TEXT, false },  { "initial", CELL_TEXT, false },
	{ "differs", CELL_BOOL, false }, { "source", CELL_TEXT, false },
};

static void tell_records(struct report *report, const struct inspected *socket)
{
	struct text name = { 0 };

	name_socket(socket, false, &name);
	text_char(&name, '\0');
	for (size_t i = 0; i < socket->count; i++) {
		const struct inspect_value *value = &socket->list[i];

		if (!is_shown(report, value))
			continue;
		table_uint(&report->records, report->inspector.pid);
		table_uint(&report->records, (uint64_t)socket->fd);
		table_text(&report->records, name.data);
		table_word(&report->records, value->option->name);
		table_text(&report->records, value->value);
		table_text(&report->records, value->initial);
		table_bool(&report->records, value->differs);
		table_word(&report->records, sources[socket->source]);
	}
	text_release(&name);
}

static void member_value_number(struct text *out, const struct inspect_value *value)
{
	if (!value->has_number)
		return;
	if (value->option->type == SOCKOPT_UINT64) {
		member_number(out, "number", value->number);
		return;
	}
	member_key(out, "number");
	text_int(out, (int64_t)value->number);
}

static void tell_object(const struct report *report, const struct inspected *socket, const struct inspect_value *value,
			struct text *out)
{
	member_open(out, NULL, '{');
	member_number(out, "pid", report->inspector.pid);
	member_number(out, "fd", (uint64_t)socket->fd);
	member_number(out, "inode", socket->inode);
	member_string(out, "protocol", protocol_name(socket));
	member_address(out, "local", &socket->local);
	member_address(out, "remote", &socket->remote);
	if (socket->name)
		member_bytes(out, "path", socket->name, socket->name_length);
	member_true(out, "listens", socket->listens);
	member_string(out, "option", value->option->name);
	member_string(out, "value", value->value);
	member_value_number(out, value);
	member_string(out, "initial", value->initial);
	member_bool(out, "differs", value->differs);
	member_string(out, "source", sources[socket->source]);
	member_close(out, '{');
	text_char(out, '\n');
}

static void tell_objects(struct report *report, const struct inspected *socket)
{
	for (size_t i = 0; i < socket->count; i++)
		if (is_shown(report, &socket->list[i]))
			tell_object(report, socket, &socket->list[i], &report->out);
}

/* ------------------------------------------------------------------------------------------------ all of them */

static void complain(const char *format, uint32_t pid, const char *why)
{
	struct error sentence;

	error_set(&sentence, format, pid, why);
	command_complain(&sockopts_command, sentence.text);
}

static int tell_one(struct report *report, const struct holder *holder, struct error *err)
{
	struct inspected socket = { 0 };
	int status = inspect(&report->inspector, holder, &socket, err);

	if (status > 0) {
		if (socket.refused && !report->refused)
			complain("process %u: %s; what sock_diag(7) tells of its sockets is shown",
				 report->inspector.pid, socket.refused);
		report->refused = report->refused || socket.refused;
		if (report->args->json)
			tell_objects(report, &socket);
		else if (report->args->csv)
			tell_records(report, &socket);
		else
			tell_people(report, &socket);
	}
	inspected_release(&socket);
	return status < 0 ? -1 : 0;
}

static int read_descriptor(const char *word, int *fd, struct error *err)
{
	uint64_t number;

	*fd = -1;
	if (!word)
		return 0;
	if (option_number(word, &number) < 0 || number > INT_MAX)
		return error_set(err, "--fd %s: this is no descriptor; use a number", word);
	*fd = (int)number;
	return 0;
}

static int no_such_descriptor(const struct holders *holders, uint32_t pid, int fd, struct error *err)
{
	struct text list = { 0 };

	for (size_t i = 0; i < holders->count && i < 16; i++)
		text_format(&list, "%s%d", i ? ", " : "", holders->list[i].fd);
	if (holders->count > 16)
		text_string(&list, "...");
	text_char(&list, '\0');
	error_set(err, "descriptor %d of process %u is no socket, or not open; its sockets are %s", fd, pid, list.data);
	text_release(&list);
	return -1;
}

static int by_descriptor(const void *a, const void *b)
{
	const struct holder *left = a, *right = b;

	return left->fd < right->fd ? -1 : left->fd > right->fd;
}

static int tell_all(struct report *report, int fd, struct error *err)
{
	struct holders *holders = &report->inspector.holders;
	bool any = false;

	if (!holders->count) {
		complain("process %u has no sockets%s", report->inspector.pid, "");
		return EXIT_NO;
	}
	qsort(holders->list, holders->count, sizeof *holders->list, by_descriptor);
	if (report->inspector.elsewhere)
		complain("process %u is in a network namespace that may not be entered; what a new socket has%s",
			 report->inspector.pid, " is told of ours");
	for (size_t i = 0; i < holders->count; i++) {
		if (fd >= 0 && holders->list[i].fd != fd)
			continue;
		any = true;
		if (tell_one(report, &holders->list[i], err) < 0)
			return -1;
	}
	return any ? EXIT_DONE : no_such_descriptor(holders, report->inspector.pid, fd, err);
}

int sockopts_process(const struct sockopts_arguments *args, struct error *err)
{
	struct report report = { .args = args, .inspector = { .pidfd = -1 } };
	int fd, status = read_descriptor(args->fd, &fd, err);

	if (status == 0 && args->pid > INT_MAX)
		status = error_set(err, "--pid %llu: no process has so large an id", (unsigned long long)args->pid);
	if (status < 0)
		return -1;
	table_init(&report.records, record_columns, sizeof record_columns / sizeof *record_columns);
	status = inspector_open(&report.inspector, (uint32_t)args->pid, err);
	if (status == 0)
		status = tell_all(&report, fd, err);
	if (status == EXIT_DONE && args->csv)
		table_print(&report.records, TABLE_CSV, &report.out);
	if (status == EXIT_DONE && command_print(&report.out, err) < 0)
		status = -1;
	inspector_close(&report.inspector);
	table_release(&report.records);
	text_release(&report.out);
	return status;
}
