/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for hosts, the same ones in both captures, whatever their addresses; and strings that stay where they are. */
#include <stdlib.h>
#include <string.h>

#include "analyse/compare_parts.h"
#include "base/mem.h"

#define CHUNK 65536

struct strings {
	struct strings *before;
	size_t used, size;
	char octets[];
};

const char *strings_keep(struct strings **strings, const struct text *text)
{
	struct strings *chunk = *strings;
	char *at;

	if (!chunk || chunk->size - chunk->used < text->length + 1) {
		size_t size = text->length + 1 > CHUNK ? text->length + 1 : CHUNK;

		chunk = mem_new(1, sizeof *chunk + size);
		chunk->before = *strings;
		chunk->size = size;
		*strings = chunk;
	}
	at = chunk->octets + chunk->used;
	if (text->length)
		memcpy(at, text->data, text->length);
	at[text->length] = '\0';
	chunk->used += text->length + 1;
	return at;
}

void strings_free(struct strings *strings)
{
	while (strings) {
		struct strings *before = strings->before;

		free(strings);
		strings = before;
	}
}

/* ------------------------------------------------------------------------------------------------ roles */

enum part { PART_CLIENT, PART_SERVER, PARTS };

struct role {
	const char *name;
	uint8_t part;
	uint32_t number; /* from 1; 0: none yet */
};

struct roles {
	struct role *golden, *student;
	uint32_t golden_count, student_count;
	uint32_t counts[PARTS];
	struct strings *strings;
};

/* What a host does first is what it is called by. */
static void give(struct roles *roles, struct role *list, uint32_t host, enum part part)
{
	if (host >= HOST_ALL || list[host].number)
		return;
	list[host].part = (uint8_t)part;
	list[host].number = ++roles->counts[part];
}

static void give_all(struct roles *roles, struct role *list, const struct transcript *transcript)
{
	for (uint32_t i = 0; i < transcript->conversation_count; i++) {
		const struct conversation *conversation = &transcript->conversations[i];

		give(roles, list, conversation->hosts[0], PART_CLIENT);
		give(roles, list, conversation->hosts[1], PART_SERVER);
		for (uint32_t n = 0; n < conversation->count; n++) {
			const struct said *said = &transcript->messages[conversation->first + n];

			give(roles, list, said->from, said->side ? PART_SERVER : PART_CLIENT);
		}
	}
}

/* The student's host that stands where the model's stands; each of the model's hosts once. */
static void carry_over(struct roles *roles, uint32_t golden, uint32_t student, bool *used)
{
	if (golden >= HOST_ALL || student >= HOST_ALL || roles->student[student].number || used[golden])
		return;
	roles->student[student] = roles->golden[golden];
	used[golden] = true;
}

static void carry_all(struct roles *roles, const struct transcript *golden, const struct transcript *student,
		      const uint32_t *partners)
{
	bool *used = mem_new((size_t)golden->host_count + 1, sizeof *used);

	for (uint32_t i = 0; i < golden->conversation_count; i++) {
		const struct conversation *a = &golden->conversations[i], *b;

		if (partners[i] == UNMATCHED)
			continue;
		b = &student->conversations[partners[i]];
		carry_over(roles, a->hosts[0], b->hosts[0], used);
		carry_over(roles, a->hosts[1], b->hosts[1], used);
		for (uint32_t n = 0; n < a->count && n < b->count; n++)
			carry_over(roles, golden->messages[a->first + n].from, student->messages[b->first + n].from,
				   used);
	}
	free(used);
}

/* A number is told only where there are several. */
static void write_names(struct roles *roles, struct role *list, uint32_t count)
{
	static const char *const words[PARTS] = { "client", "server" };
	struct text name = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		if (!list[i].number)
			continue;
		text_clear(&name);
		text_string(&name, words[list[i].part]);
		if (roles->counts[list[i].part] > 1)
			text_format(&name, " %u", list[i].number);
		list[i].name = strings_keep(&roles->strings, &name);
	}
	text_release(&name);
}

struct roles *roles_new(const struct transcript *golden, const struct transcript *student, const uint32_t *partners)
{
	struct roles *roles = mem_new(1, sizeof *roles);

	roles->golden_count = golden->host_count;
	roles->student_count = student->host_count;
	roles->golden = mem_new((size_t)golden->host_count + 1, sizeof *roles->golden);
	roles->student = mem_new((size_t)student->host_count + 1, sizeof *roles->student);
	give_all(roles, roles->golden, golden);
	carry_all(roles, golden, student, partners);
	give_all(roles, roles->student, student);
	write_names(roles, roles->golden, golden->host_count);
	write_names(roles, roles->student, student->host_count);
	return roles;
}

void roles_free(struct roles *roles)
{
	free(roles->golden);
	free(roles->student);
	strings_free(roles->strings);
	free(roles);
}

const char *role_name(const struct roles *roles, uint32_t host, bool student)
{
	const struct role *list = student ? roles->student : roles->golden;
	uint32_t count = student ? roles->student_count : roles->golden_count;

	if (host == HOST_ALL)
		return "all";
	return host < count && list[host].name ? list[host].name : "host";
}
