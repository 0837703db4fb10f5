/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processes whose sockets are at the ends of a packet: a layer without octets behind the frame's, where the capture
 * tells of them. Several processes may hold one socket: each then has its fields.
 */
#include "packet/dissector.h"

/* The rows of one end, and another name for both ends' rows behind them. */
enum {
	CERTAINTY, PID, NAME, USER, UID, PATH, ARGUMENTS, PARENT, THREAD, MORE, END_ROWS,
	SOURCE = 0, DESTINATION = END_ROWS, EITHER = 2 * END_ROWS
};

#define BOTH(part) static const uint8_t either_##part[] = { SOURCE + part, DESTINATION + part, 0xff }
BOTH(CERTAINTY);
BOTH(PID);
BOTH(NAME);
BOTH(USER);
BOTH(UID);
BOTH(PATH);
BOTH(ARGUMENTS);
BOTH(PARENT);
BOTH(THREAD);
BOTH(MORE);

#define PART(at, name, label, type, ...) \
	[at] = { "proc." name, label, type, 0, .depth = 1, .flags = FIELD_GENERATED, __VA_ARGS__ }
#define ROWS(end, word, title) \
	[(end) + CERTAINTY] = { "proc." word ".certainty", title ": how certain", FIELD_UINT, 0, \
		.flags = FIELD_GENERATED, .names = owner_certainty_names, \
		.help = "1: it held the port before or after; 2: it has the port; 3: its socket has both ends" }, \
	[(end) + PID] = { "proc." word ".pid", title " process", FIELD_UINT, 0, .flags = FIELD_GENERATED }, \
	PART((end) + NAME, word ".name", "Name", FIELD_STRING, .help = "As in /proc/PID/comm: 15 octets at most"), \
	PART((end) + USER, word ".user", "User", FIELD_STRING, .help = NULL), \
	PART((end) + UID, word ".uid", "User ID", FIELD_UINT, .help = NULL), \
	PART((end) + PATH, word ".path", "Executable", FIELD_STRING, .help = NULL), \
	PART((end) + ARGUMENTS, word ".arguments", "Arguments", FIELD_STRING, .help = "The command line"), \
	PART((end) + PARENT, word ".parent", "Parent", FIELD_UINT, .help = "Its process ID"), \
	PART((end) + THREAD, word ".thread", "Thread", FIELD_UINT, .help = NULL), \
	[(end) + MORE] = { "proc." word ".more", title ": there may be more processes", FIELD_NONE, 0, \
		.flags = FIELD_GENERATED, .help = "More than are told, or some that may not be looked into" }
#define EITHER_ROW(part, word, label, type, ...) \
	[EITHER + (part)] = { "proc." word, label, type, 0, .flags = FIELD_EITHER, .either = either_##part, \
			      __VA_ARGS__ }

static const struct field_def fields[] = {
	ROWS(SOURCE, "src", "Source"),
	ROWS(DESTINATION, "dst", "Destination"),
	EITHER_ROW(CERTAINTY, "certainty", "Certainty of source or destination", FIELD_UINT,
		   .names = owner_certainty_names),
	EITHER_ROW(PID, "pid", "Source or destination process", FIELD_UINT, .help = NULL),
	EITHER_ROW(NAME, "name", "Name of source or destination process", FIELD_STRING, .help = NULL),
	EITHER_ROW(USER, "user", "User of source or destination process", FIELD_STRING, .help = NULL),
	EITHER_ROW(UID, "uid", "User ID of source or destination process", FIELD_UINT, .help = NULL),
	EITHER_ROW(PATH, "path", "Executable of source or destination process", FIELD_STRING, .help = NULL),
	EITHER_ROW(ARGUMENTS, "arguments", "Arguments of source or destination process", FIELD_STRING, .help = NULL),
	EITHER_ROW(PARENT, "parent", "Parent of source or destination process", FIELD_UINT, .help = NULL),
	EITHER_ROW(THREAD, "thread", "Thread of source or destination process", FIELD_UINT, .help = NULL),
	EITHER_ROW(MORE, "more", "There may be more processes of source or destination", FIELD_NONE, .help = NULL),
};

static void add_text(struct parse *p, unsigned row, const char *text)
{
	if (text && parse_wants(p, row))
		parse_add_outside(p, row, text, (uint32_t)strlen(text));
}

static void add_number(struct parse *p, unsigned row, uint64_t value)
{
	parse_add(p, row, value, 0, 0);
}

static void process_fields(struct parse *p, unsigned end, const struct process *process)
{
	add_number(p, end + PID, process->pid);
	add_text(p, end + NAME, process->name);
	add_text(p, end + USER, process->user);
	if (process->has_uid)
		add_number(p, end + UID, process->uid);
	add_text(p, end + PATH, process->path);
	add_text(p, end + ARGUMENTS, process->arguments);
	if (process->parent)
		add_number(p, end + PARENT, process->parent);
	if (process->thread)
		add_number(p, end + THREAD, process->thread);
}

static void end_fields(struct parse *p, unsigned end, const struct owner *owner)
{
	add_number(p, end + CERTAINTY, owner->certainty);
	for (unsigned i = 0; i < owner->count; i++)
		process_fields(p, end, owner->processes[i]);
	if (owner->more)
		add_number(p, end + MORE, 1);
}

static void proc_dissect(struct parse *p)
{
	static const unsigned ends[OWNER_ENDS] = { [OWNER_SOURCE] = SOURCE, [OWNER_DESTINATION] = DESTINATION };

	for (unsigned i = 0; i < OWNER_ENDS; i++)
		if (p->frame->owners[i])
			end_fields(p, ends[i], p->frame->owners[i]);
}

static void proc_summary(const struct packet *packet, const struct layer *layer, struct text *out)
{
	(void)layer;
	summary_owners(packet->frame, out);
}

const struct dissector proc_dissector = {
	.name = "proc",
	.title = "Process",
	.full_name = "Processes",
	.reference = "draft-ietf-opsawg-pcapng",
	.fields = fields,
	.field_count = sizeof fields / sizeof *fields,
	.dissect = proc_dissect,
	.summary = proc_summary,
};
