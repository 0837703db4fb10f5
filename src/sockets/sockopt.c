/* SPDX-License-Identifier: BSD-2-Clause */
#include "sockets/sockopt.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/nearest.h"
#include "sockets/sockopt_rows.h"
#include "sockets/sockopt_tell.h"

const struct sockopt_level sockopt_levels[] = {
	{ "SOL_SOCKET",
	  "sockets of every kind",
	  SOL_SOCKET,
	  { sockopt_socket_rows, sockopt_socket_flow_rows, sockopt_socket_mark_rows, sockopt_socket_peer_rows } },
	{ "IPPROTO_IP",
	  "what travels over IPv4",
	  IPPROTO_IP,
	  { sockopt_ip_rows, sockopt_ip_receive_rows, sockopt_ip_group_rows } },
	{ "IPPROTO_IPV6",
	  "what travels over IPv6",
	  IPPROTO_IPV6,
	  { sockopt_ipv6_rows, sockopt_ipv6_receive_rows, sockopt_ipv6_group_rows, sockopt_ipv6_rare_rows } },
	{ "IPPROTO_TCP",
	  "connections of TCP",
	  IPPROTO_TCP,
	  { sockopt_tcp_rows, sockopt_tcp_time_rows, sockopt_tcp_open_rows, sockopt_tcp_rare_rows } },
	{ "IPPROTO_UDP", "datagrams of UDP", IPPROTO_UDP, { sockopt_udp_rows } },
	{ .name = NULL },
};

const struct sockopt *sockopt_at(const struct sockopt_level *level, size_t place)
{
	for (unsigned i = 0; i < SOCKOPT_PIECES && level->pieces[i]; i++)
		for (const struct sockopt *row = level->pieces[i]; row->name; row++)
			if (place-- == 0)
				return row;
	return NULL;
}

/* ------------------------------------------------------------------------------------------------ by its name */

const struct sockopt_level *sockopt_level_find(const char *word)
{
	size_t letters = strlen(word);

	if (letters && word[letters - 1] == '_')
		letters--;
	for (const struct sockopt_level *level = sockopt_levels; level->name; level++) {
		const char *bare = strchr(level->name, '_') + 1, *row = level->pieces[0]->name;

		if (!strcasecmp(word, level->name) || (strlen(bare) == letters && !strncasecmp(word, bare, letters)) ||
		    (strcspn(row, "_") == letters && !strncasecmp(word, row, letters)))
			return level;
	}
	return NULL;
}

/* Of words parted by blanks. */
static bool is_among(const char *name, const char *words)
{
	size_t letters = strlen(name);

	for (; words && *words; words += strcspn(words, " "), words += strspn(words, " "))
		if (strcspn(words, " ") == letters && !strncasecmp(words, name, letters))
			return true;
	return false;
}

/* In any case; or without what stands before its first underscore, as "nodelay" for TCP_NODELAY. */
static bool is_named(const struct sockopt *row, const char *name, bool whole)
{
	const char *underscore = strchr(row->name, '_');

	if (!whole)
		return underscore && !strcasecmp(name, underscore + 1);
	return !strcasecmp(name, row->name) || is_among(name, row->alias);
}

static const struct sockopt *look(const char *name, bool whole, const struct sockopt **other)
{
	const struct sockopt *row, *found = NULL;

	*other = NULL;
	for (const struct sockopt_level *level = sockopt_levels; level->name; level++)
		for (size_t i = 0; (row = sockopt_at(level, i)); i++)
			if (is_named(row, name, whole)) {
				/* The multicast options have one name at two levels: that of IPv4 is found. */
				if (found && !*other && strcmp(found->name, row->name))
					*other = row;
				found = found ? found : row;
			}
	return found;
}

#define NAMES 1024 /* that a mistyped one is compared with */

static int unknown(const char *name, struct error *err)
{
	const char *names[NAMES + 1], *near;
	const struct sockopt *row;
	size_t count = 0;

	for (const struct sockopt_level *level = sockopt_levels; level->name; level++)
		for (size_t i = 0; (row = sockopt_at(level, i)) && count + 2 <= NAMES; i++) {
			names[count++] = row->name;
			names[count++] = strchr(row->name, '_') + 1;
		}
	names[count] = NULL;
	near = nearest(name, names);
	if (near)
		return error_set(err, "no option '%s'; did you mean %s?", name, near);
	return error_set(err, "no option '%s'; sonde sockopts lists all of them", name);
}

const struct sockopt *sockopt_find(const char *name, struct error *err)
{
	const struct sockopt *other, *row = look(name, true, &other);

	if (!row)
		row = look(name, false, &other);
	if (row && other) {
		error_set(err, "'%s' may be %s or %s; write its whole name", name, row->name, other->name);
		return NULL;
	}
	if (!row)
		unknown(name, err);
	return row;
}

/* ------------------------------------------------------------------------------------------------ its value */

static void show_number(const struct sockopt *option, long long value, struct text *out)
{
	size_t letters = option->unit ? strlen(option->unit) : 0;

	text_int(out, value);
	/* All units are plurals. */
	if (letters)
		text_format(out, " %.*s", (int)(value == 1 ? letters - 1 : letters), option->unit);
}

static void show_linger(const struct linger *linger, struct text *out)
{
	if (linger->l_onoff)
		text_format(out, "on, %d seconds", linger->l_linger);
	else
		text_string(out, "off");
}

static void show_octets(const void *value, size_t length, struct text *out)
{
	if (!length)
		text_string(out, "empty");
	text_hex_bytes(out, value, length < 32 ? length : 32);
	if (length > 32)
		text_format(out, "... (%zu octets)", length);
}

static void show_text(const char *value, size_t length, struct text *out)
{
	length = strnlen(value, length);
	if (length)
		text_escaped(out, value, length);
	else
		text_string(out, "empty");
}

/* Of the length that its type has; false: it has another. */
static bool show_typed(const struct sockopt *option, const void *value, size_t length, struct text *out)
{
	union {
		int32_t number;
		uint32_t bits;
		uint64_t large;
		struct timeval time;
		struct linger linger;
	} v;

	if (length > sizeof v)
		return false;
	memcpy(&v, value, length);
	if (length == 1 && option->type <= SOCKOPT_OCTET)
		show_number(option, *(const uint8_t *)value, out);
	else if (length == sizeof v.number && option->type <= SOCKOPT_OCTET)
		show_number(option, v.number, out);
	else if (length == sizeof v.large && option->type == SOCKOPT_UINT64)
		show_number(option, (long long)v.large, out);
	else if (length == sizeof v.time && option->type == SOCKOPT_TIMEVAL)
		sockopt_tell_limit(v.time.tv_sec, v.time.tv_usec, out);
	else if (length == sizeof v.linger && option->type == SOCKOPT_LINGER)
		show_linger(&v.linger, out);
	else
		return false;
	return true;
}

void sockopt_show(const struct sockopt *option, const void *value, size_t length, struct text *out)
{
	if (option->show)
		option->show(value, length, out);
	else if (option->type == SOCKOPT_TEXT)
		show_text(value, length, out);
	else if (option->type >= SOCKOPT_STRUCT || !show_typed(option, value, length, out))
		show_octets(value, length, out);
}

int sockopt_get(int fd, const struct sockopt *option, void *value, size_t *length)
{
	static const socklen_t sizes[] = {
		[SOCKOPT_INT] = sizeof(int),
		[SOCKOPT_BOOL] = sizeof(int),
		[SOCKOPT_OCTET] = sizeof(int),
		[SOCKOPT_UINT64] = sizeof(uint64_t),
		[SOCKOPT_TIMEVAL] = sizeof(struct timeval),
		[SOCKOPT_LINGER] = sizeof(struct linger),
		[SOCKOPT_TEXT] = SOCKOPT_VALUE,
		[SOCKOPT_STRUCT] = SOCKOPT_VALUE,
		[SOCKOPT_BYTES] = SOCKOPT_VALUE,
	};
	socklen_t size = option->size ? (socklen_t)option->size : sizes[option->type];

	if (option->flags & SOCKOPT_COUNT)
		size = 0;
	memset(value, 0, SOCKOPT_VALUE);
	if (getsockopt(fd, option->level, option->option, value, &size) < 0)
		return -1;
	*length = option->flags & SOCKOPT_COUNT || size < SOCKOPT_VALUE ? size : SOCKOPT_VALUE;
	return 0;
}

bool sockopt_fits(const struct sockopt *option, unsigned on)
{
	static const unsigned groups[] = {
		ON_TCP | ON_UDP | ON_RAW | ON_UNIX | ON_PACKET,
		ON_IPV4 | ON_IPV6,
		ON_LISTENER | ON_CONNECTED,
	};

	for (unsigned i = 0; i < sizeof groups / sizeof *groups; i++)
		if (option->on & groups[i] && !(option->on & groups[i] & on))
			return false;
	return true;
}
