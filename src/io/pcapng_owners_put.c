/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing whose a packet is. Making the words costs a microsecond or two, copying them little: they are kept. */
#include <stdlib.h>

#include "base/mem.h"
#include "io/pcapng_owners.h"
#include "io/pcapng_put.h"

#define SLOTS 8192u           /* a power of two */
#define SLOTS_USED 6144u      /* then all are forgotten */
#define KEPT_MOST (16u << 20) /* octets; the same */

struct slot {
	const struct owner *owners[OWNER_ENDS];
	struct text options; /* without data: the slot is free */
};

struct owner_writer {
	struct slot *slots;
	unsigned used;
	size_t kept;
	struct text comment;
};

struct owner_writer *owner_writer_new(void)
{
	struct owner_writer *writer = mem_new(1, sizeof *writer);

	writer->slots = mem_new(SLOTS, sizeof *writer->slots);
	return writer;
}

static void forget(struct owner_writer *writer)
{
	for (unsigned i = 0; i < SLOTS; i++)
		text_release(&writer->slots[i].options);
	writer->used = 0;
	writer->kept = 0;
}

void owner_writer_free(struct owner_writer *writer)
{
	if (!writer)
		return;
	forget(writer);
	text_release(&writer->comment);
	free(writer->slots);
	free(writer);
}

/* ------------------------------------------------------------------------------------------------ one process */

static void number_line(struct text *out, const char *key, uint32_t value)
{
	text_format(out, "\n%s: %u", key, value);
}

static void string_line(struct text *out, const char *key, const char *string, size_t most)
{
	size_t length = string ? strnlen(string, most + 1) : 0;

	text_format(out, "\n%s: ", key);
	if (!length)
		return;
	text_escaped(out, string, length > most ? most : length);
	if (length > most)
		text_string(out, "...");
}

static void describe(struct text *out, const struct process *process, const struct owner *owner, enum owner_end end)
{
	text_clear(out);
	text_format(out, "PID: %u", process->pid);
	string_line(out, "Cmd", process->path, OWNER_TEXT_MOST);
	string_line(out, "Args", process->arguments, OWNER_ARGUMENTS_MOST);
	if (process->thread)
		number_line(out, "ThreadId", process->thread);
	if (process->parent)
		number_line(out, "ParentPID", process->parent);
	if (process->has_uid)
		number_line(out, "UserId", process->uid);
	if (process->user)
		string_line(out, "UserName", process->user, OWNER_TEXT_MOST);
	if (process->name)
		string_line(out, "Name", process->name, OWNER_TEXT_MOST);
	text_format(out, "\nEnd: %s\nCertainty: %s", value_name(owner_end_names, end),
		    value_name(owner_certainty_names, owner->certainty));
	if (owner->more)
		text_string(out, "\nMore: yes");
}

/* ------------------------------------------------------------------------------------------------ the options */

static const struct process *first_known(const struct frame *frame)
{
	for (unsigned end = 0; end < OWNER_ENDS; end++)
		if (frame->owners[end] && frame->owners[end]->count)
			return frame->owners[end]->processes[0];
	return NULL;
}

static void put_all(struct owner_writer *writer, const struct frame *frame, struct text *out)
{
	const struct process *first = first_known(frame);

	/* Kept also where it stays empty. */
	text_grow(out, 1);
	if (!first)
		return;
	pcapng_put32(out, PACKET_PROCESS | 8u << 16, false);
	pcapng_put32(out, first->pid, false);
	pcapng_put32(out, first->thread, false);
	for (unsigned end = 0; end < OWNER_ENDS; end++)
		for (unsigned i = 0; frame->owners[end] && i < frame->owners[end]->count; i++) {
			describe(&writer->comment, frame->owners[end]->processes[i], frame->owners[end], end);
			pcapng_put_option(out, OPTION_COMMENT, writer->comment.data, writer->comment.length, false);
		}
}

static bool is_of(const struct slot *slot, const struct frame *frame)
{
	return slot->owners[OWNER_SOURCE] == frame->owners[OWNER_SOURCE] &&
	       slot->owners[OWNER_DESTINATION] == frame->owners[OWNER_DESTINATION];
}

static struct slot *find(struct owner_writer *writer, const struct frame *frame)
{
	uint64_t key =
		(uintptr_t)frame->owners[OWNER_SOURCE] + 3 * (uint64_t)(uintptr_t)frame->owners[OWNER_DESTINATION];
	unsigned at = (unsigned)(key * 0x9e3779b97f4a7c15 >> 32) % SLOTS;

	while (writer->slots[at].options.data && !is_of(&writer->slots[at], frame))
		at = (at + 1) % SLOTS;
	return &writer->slots[at];
}

const struct text *owner_writer_options(struct owner_writer *writer, const struct frame *frame)
{
	struct slot *slot = find(writer, frame);

	if (slot->options.data)
		return &slot->options;
	if (writer->used == SLOTS_USED || writer->kept > KEPT_MOST) {
		forget(writer);
		slot = find(writer, frame);
	}
	memcpy(slot->owners, frame->owners, sizeof slot->owners);
	put_all(writer, frame, &slot->options);
	writer->used++;
	writer->kept += slot->options.size;
	return &slot->options;
}
