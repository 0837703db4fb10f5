/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/socknames.h"

#include <net/if.h>
#include <pwd.h>
#include <stdlib.h>

#include "base/mem.h"

#define PASSWD 16384 /* octets of a user's line */

struct known {
	struct name {
		uint32_t number;
		char *name; /* NULL: there is none */
	} * list;
	unsigned count;
};

struct socknames {
	struct known interfaces, users;
};

struct socknames *socknames_new(void)
{
	return mem_new(1, sizeof(struct socknames));
}

static void release(struct known *known)
{
	for (unsigned i = 0; i < known->count; i++)
		free(known->list[i].name);
	free(known->list);
}

void socknames_free(struct socknames *names)
{
	if (!names)
		return;
	release(&names->interfaces);
	release(&names->users);
	free(names);
}

static char *ask_interface(uint32_t index)
{
	char name[IF_NAMESIZE];

	return if_indextoname(index, name) ? mem_copy_string(name) : NULL;
}

static char *ask_user(uint32_t uid)
{
	char *room = mem_new(PASSWD, 1), *name = NULL;
	struct passwd space, *found;

	if (!getpwuid_r(uid, &space, room, PASSWD, &found) && found)
		name = mem_copy_string(found->pw_name);
	free(room);
	return name;
}

static const char *look_up(struct known *known, uint32_t number, char *(*ask)(uint32_t number))
{
	for (unsigned i = 0; i < known->count; i++)
		if (known->list[i].number == number)
			return known->list[i].name;
	if (known->count == SOCKNAMES_MOST)
		return NULL;
	known->list = mem_resize(known->list, known->count + 1, sizeof *known->list);
	known->list[known->count] = (struct name){ number, ask(number) };
	return known->list[known->count++].name;
}

const char *socknames_interface(struct socknames *names, uint32_t index)
{
	return index ? look_up(&names->interfaces, index, ask_interface) : NULL;
}

const char *socknames_user(struct socknames *names, uint32_t uid)
{
	return look_up(&names->users, uid, ask_user);
}
