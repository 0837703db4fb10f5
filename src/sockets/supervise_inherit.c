/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets that a program has from the start: it may use them with calls that nobody sees. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockets/socket.h"
#include "sockets/supervise_parts.h"

#define DESCRIPTORS 4096 /* that are looked at */

/* Whether the program still has it when it is executed. */
static bool survives(uint32_t pid, unsigned long number)
{
	char path[64], text[512];
	const char *flags;
	ssize_t got;
	int fd;

	snprintf(path, sizeof path, "/proc/%u/fdinfo/%lu", pid, number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	flags = strstr(text, "flags:");
	return flags && !(strtoul(flags + strlen("flags:"), NULL, 8) & O_CLOEXEC);
}

static void look(uint32_t pid, unsigned long number, uint64_t network, supervise_born *born, void *context)
{
	const __u64 args[6] = { number };
	struct seen_call call = { .thread = pid, .args = args };
	struct address remote;
	struct socket_ends ends;

	if (seen_call_open(&call, -1, network) != SEEN)
		return;
	if (address_port(&call.local)) {
		seen_call_peer(&call, &remote);
		ends = port_ends(&call, &remote);
		born(context, &ends, call.cookie, pid, pid);
	}
	seen_call_close(&call);
}

void supervise_inherited(uint32_t pid, supervise_born *born, void *context)
{
	uint64_t network = own_network();
	const struct dirent *entry;
	char path[64], *end;
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%u/fd", pid);
	folder = opendir(path);
	for (unsigned i = 0; folder && i < DESCRIPTORS && (entry = readdir(folder)); i++) {
		unsigned long number = strtoul(entry->d_name, &end, 10);

		if (end != entry->d_name && !*end && survives(pid, number))
			look(pid, number, network, born, context);
	}
	if (folder)
		closedir(folder);
}
