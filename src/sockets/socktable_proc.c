/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables of /proc/net. */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "sockets/socktable_parts.h"

#define FOLDER "/proc/thread-self/net/" /* /proc/net is that of the first thread */
#define LINE 1024                       /* octets of a line; none that the kernel writes is longer */
#define TICK 10                         /* milliseconds of a clock tick, USER_HZ */
#define ACCEPTING 0x10000               /* a flag of unix: __SO_ACCEPTCON */

/* ------------------------------------------------------------------------------------------------ IP */

/* Numbers of four octets in the order of this machine, in hex. */
static bool read_octets(const char *hex, int family, uint32_t out[4])
{
	size_t length = family == AF_INET ? 8 : 32;

	return strlen(hex) == length && sscanf(hex, "%8" SCNx32 "%8" SCNx32 "%8" SCNx32 "%8" SCNx32, &out[0], &out[1],
					       &out[2], &out[3]) == (int)(length / 8);
}

static bool inet_line(const struct proc_file *file, const char *line, struct socktable_strings **strings,
		      struct socket *out)
{
	char from[33], to[33];
	uint32_t source[4], destination[4];
	unsigned from_port, to_port, state, timer, retransmits, probes;
	uint32_t expires;

	(void)strings;
	if (sscanf(line,
		   " %*u: %32[0-9A-Fa-f]:%4x %32[0-9A-Fa-f]:%4x %2x %8" SCNx32 ":%8" SCNx32 " %2x:%8" SCNx32
		   " %8x %" SCNu32 " %u %" SCNu64,
		   from, &from_port, to, &to_port, &state, &out->send_queue, &out->receive_queue, &timer, &expires,
		   &retransmits, &out->uid, &probes, &out->inode) != 13 ||
	    !read_octets(from, file->family, source) || !read_octets(to, file->family, destination))
		return false;
	out->state = (uint8_t)(state == SOCKET_NEW_SYN_RECV ? SOCKET_SYN_RECV : state);
	out->has_uid = out->inode != 0;
	out->timer = (uint8_t)timer;
	out->retransmits = (uint8_t)(timer == TIMER_KEEPALIVE || timer == TIMER_PERSIST ? probes : retransmits);
	out->expires = timer ? expires * TICK : 0;
	if (file->kind == SOCKET_RAW) {
		out->protocol = (uint16_t)from_port;
		from_port = to_port = 0;
	}
	socket_address(&out->local, file->family, source, (uint16_t)from_port, 0);
	socket_remote(&out->remote, file->family, destination, (uint16_t)to_port, 0);
	return true;
}

/* ------------------------------------------------------------------------------------------------ the others */

static bool packet_line(const struct proc_file *file, const char *line, struct socktable_strings **strings,
			struct socket *out)
{
	unsigned type, protocol;

	(void)file;
	(void)strings;
	if (sscanf(line, "%*s %*d %u %4x %" SCNu32 " %*d %" SCNu32 " %" SCNu32 " %" SCNu64, &type, &protocol,
		   &out->interface, &out->receive_queue, &out->uid, &out->inode) != 6)
		return false;
	out->has_uid = true;
	out->state = SOCKET_CLOSE;
	out->type = (uint8_t)type;
	out->protocol = (uint16_t)protocol;
	return true;
}

/* SS_CONNECTING and SS_CONNECTED of linux/net.h; a listener is told by a flag. */
static uint8_t unix_state(unsigned flags, unsigned state)
{
	if (flags & ACCEPTING)
		return SOCKET_LISTEN;
	return state == 2 || state == 3 ? SOCKET_ESTABLISHED : SOCKET_CLOSE;
}

/*
 * A name with a newline in it ends there, for what comes after it might be anything. What has no inode waits for
 * accept(), and sock_diag does not tell it either.
 */
static bool unix_line(const struct proc_file *file, const char *line, struct socktable_strings **strings,
		      struct socket *out)
{
	unsigned flags, type, state;
	int end = 0;
	size_t length;
	char *name;

	(void)file;
	if (sscanf(line, "%*[0-9a-fA-F]: %*x %*x %8x %4x %2x %" SCNu64 "%n", &flags, &type, &state, &out->inode,
		   &end) != 4 ||
	    !end || !out->inode)
		return false;
	out->state = unix_state(flags, state);
	out->type = (uint8_t)type;
	length = strcspn(line + end, "\n");
	if (length < 2)
		return true;
	name = strings_take(strings, length);
	memcpy(name, line + end + 1, length - 1);
	name[length - 1] = '\0';
	out->name = name;
	return true;
}

/* ------------------------------------------------------------------------------------------------ files */

const struct proc_file proc_files[] = {
	{ "tcp", SOCKET_TCP, AF_INET, inet_line },
	{ "tcp6", SOCKET_TCP, AF_INET6, inet_line },
	{ "udp", SOCKET_UDP, AF_INET, inet_line },
	{ "udp6", SOCKET_UDP, AF_INET6, inet_line },
	{ "raw", SOCKET_RAW, AF_INET, inet_line },
	{ "raw6", SOCKET_RAW, AF_INET6, inet_line },
	{ "packet", SOCKET_PACKET, AF_PACKET, packet_line },
	{ "unix", SOCKET_UNIX, AF_UNIX, unix_line },
	{ NULL, 0, 0, NULL },
};

/* The rest of a line that is too long is no line, and one that does not end has lost a part of its numbers. */
static bool next_line(FILE *in, char line[LINE])
{
	bool whole = true;

	while (fgets(line, LINE, in)) {
		bool ends = strchr(line, '\n') != NULL;

		if (whole && ends)
			return true;
		whole = ends;
	}
	return false;
}

static const uint8_t types[SOCKET_KINDS] = {
	[SOCKET_TCP] = SOCK_STREAM, [SOCKET_UDP] = SOCK_DGRAM, [SOCKET_RAW] = SOCK_RAW
};

void proc_take(struct socktable *table, const struct proc_file *file, FILE *in, uint32_t states)
{
	struct socket *out = NULL;
	char line[LINE];

	while (next_line(in, line) && (out = socktable_add(table))) {
		out->kind = (uint8_t)file->kind;
		out->family = (uint8_t)file->family;
		out->type = types[file->kind];
		out->source = FROM_PROC;
		if (!file->line(file, line, &table->strings, out) || !out->state || out->state >= SOCKET_STATES ||
		    !(states & SOCKET_STATE(out->state)))
			socktable_drop(table);
	}
}

static bool read_file(struct socktable *table, const struct proc_file *file, uint32_t states)
{
	char path[64];
	FILE *in;

	snprintf(path, sizeof path, FOLDER "%s", file->name);
	in = fopen(path, "re");
	if (!in)
		return false;
	proc_take(table, file, in, states);
	fclose(in);
	return true;
}

/* A kernel without IPv6 lacks its files, which is no refusal. */
int proc_read(struct socktable *table, enum socket_kind kind, const struct socktable_request *request)
{
	uint32_t states = request->states ? request->states : ~0u;
	bool ip = kind <= SOCKET_RAW, readable = false;

	for (const struct proc_file *file = proc_files; file->name; file++) {
		if (file->kind != kind)
			continue;
		if (ip && request->family && file->family != request->family)
			readable |= !access(FOLDER "tcp", R_OK);
		else
			readable |= read_file(table, file, states);
	}
	return readable ? 0 : -1;
}
