/* SPDX-License-Identifier: BSD-2-Clause */
/* What the conditions of ss(8)'s filters compare with. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "sockets/ss_filter_parts.h"

#define PORT_RANGE "/proc/sys/net/ipv4/ip_local_port_range"
#define CGROUPS "/sys/fs/cgroup"

static const char *const signs[] = { "==", "!=", "<", "<=", ">", ">=" };

/* The token as a string of its own, to be freed; NULL with err when it is none. */
static char *value(struct ss_parser *p, const char *what)
{
	char *word;

	if (p->token != SS_WORD) {
		ss_refuse(p, p->token == SS_END ? "the filter ends too early: %s is missing" : "%s is expected here",
			  what);
		return NULL;
	}
	word = mem_copy_bytes(p->expression + p->begin, p->length);
	return word;
}

/* What can only be equal or not: `not (` before it, and its end. */
static int begin_equal(struct ss_parser *p, enum ss_relation relation)
{
	if (relation > SS_NE)
		return ss_refuse(p, "this can be equal (=) or not (!=), and not smaller or larger");
	text_string(p->out, relation == SS_NE ? "not (" : "(");
	return 0;
}

static int end_equal(struct ss_parser *p)
{
	text_char(p->out, ')');
	ss_next(p);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ ports */

/* ":ssh", "22". */
static int port_number(const struct ss_parser *p, const char *word, uint16_t *port)
{
	const struct servent *service;
	unsigned long number;
	char *end;

	word += *word == ':';
	number = strtoul(word, &end, 10);
	if (isdigit((unsigned char)*word) && !*end && number <= UINT16_MAX) {
		*port = (uint16_t)number;
		return 0;
	}
	if (isdigit((unsigned char)*word))
		return ss_refuse(p, "this is no port: use 0 to 65535, or the name of a service");
	service = getservbyname(word, "tcp");
	if (!service)
		service = getservbyname(word, "udp");
	if (!service)
		return ss_refuse(p, "no service has this name; use a port, 0 to 65535");
	*port = ntohs((uint16_t)service->s_port);
	return 0;
}

int ss_port(struct ss_parser *p, const char *column, enum ss_relation relation)
{
	char *word = value(p, "a port");
	uint16_t port = 0;
	int status = word ? port_number(p, word, &port) : -1;

	free(word);
	if (status < 0)
		return -1;
	/* A socket without that port differs from it as well. */
	if (relation == SS_NE)
		text_format(p->out, "not %s == %u", column, port);
	else
		text_format(p->out, "%s %s %u", column, signs[relation], port);
	ss_next(p);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ hosts */

struct host {
	const char *name; /* NULL: any */
	const char *port; /* NULL: any */
};

/* "10.0.0.1:80", "[::1]:80", ":80", "*:80", "fe80::/10". */
static void split(char *word, struct host *host)
{
	char *colon = strrchr(word, ':'), *bracket = strchr(word, ']');

	*host = (struct host){ .name = word };
	if (*word == '[' && bracket) {
		host->name = word + 1;
		if (bracket[1] == ':')
			host->port = bracket + 2;
		/* The length of a prefix stands behind the bracket. */
		if (bracket[1] == '/')
			memmove(bracket, bracket + 1, strlen(bracket + 1) + 1);
		else
			*bracket = '\0';
	} else if (colon && strchr(word, ':') == colon) {
		*colon = '\0';
		host->port = colon + 1;
	}
	if (host->port && (!*host->port || !strcmp(host->port, "*")))
		host->port = NULL;
	if (!*host->name || !strcmp(host->name, "*"))
		host->name = NULL;
}

static bool is_number(const char *name, int family)
{
	char copy[INET6_ADDRSTRLEN];
	uint8_t octets[16];
	size_t length = strcspn(name, "/");

	if (length >= sizeof copy)
		return false;
	memcpy(copy, name, length);
	copy[length] = '\0';
	return inet_pton(family, copy, octets) == 1 &&
	       (!name[length] || strspn(name + length + 1, "0123456789") == strlen(name + length + 1));
}

static int prefix_length(const struct ss_parser *p, const char *name, unsigned long most)
{
	const char *slash = strchr(name, '/');

	if (slash && (!slash[1] || strtoul(slash + 1, NULL, 10) > most))
		return ss_refuse(p, "a prefix has 0 to %lu bits", most);
	return 0;
}

/* Every address of the name is meant. */
static int named(struct ss_parser *p, const char *name, const char *end)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list, *entry;
	unsigned count = 0;
	char number[NI_MAXHOST];

	if (getaddrinfo(name, NULL, &hints, &list))
		return ss_refuse(p,
				 "this is no address and no host has this name; use one as in 10.0.0.1 or 10.0.0.0/8");
	for (entry = list; entry && count < SS_FILTER_HOSTS; entry = entry->ai_next) {
		bool four = entry->ai_family == AF_INET;

		if (getnameinfo(entry->ai_addr, entry->ai_addrlen, number, sizeof number, NULL, 0, NI_NUMERICHOST))
			continue;
		number[strcspn(number, "%")] = '\0';
		text_format(p->out, "%s%s.%s == %s", count++ ? " or " : "(", four ? "ip" : "ipv6", end, number);
	}
	freeaddrinfo(list);
	text_string(p->out, count ? ")" : "(not socket)");
	return 0;
}

static int host(struct ss_parser *p, const struct host *host, bool source)
{
	const char *end = source ? "src" : "dst", *column = source ? "sport" : "dport";
	uint16_t port;

	if (host->name && is_number(host->name, AF_INET)) {
		if (prefix_length(p, host->name, 32) < 0)
			return -1;
		text_format(p->out, "ip.%s == %s", end, host->name);
	} else if (host->name && is_number(host->name, AF_INET6)) {
		if (prefix_length(p, host->name, 128) < 0)
			return -1;
		text_format(p->out, "ipv6.%s == %s", end, host->name);
	} else if (host->name) {
		if (named(p, host->name, end) < 0)
			return -1;
	} else {
		text_string(p->out, "socket");
	}
	if (!host->port)
		return 0;
	if (port_number(p, host->port, &port) < 0)
		return -1;
	text_format(p->out, " and %s == %u", column, port);
	return 0;
}

/* A name of unix with * and ? becomes a pattern. */
static void unix_name(struct ss_parser *p, const char *name, bool source)
{
	text_format(p->out, "kind == \"unix\" and %s matches \"(?-i)^", source ? "local" : "remote");
	for (; *name; name++) {
		if (*name == '*')
			text_string(p->out, ".*");
		else if (*name == '?')
			text_char(p->out, '.');
		else if (isalnum((unsigned char)*name) || *name == '/' || *name == '_' || (unsigned char)*name >= 0x80)
			text_char(p->out, *name);
		else if (*name == '"')
			text_string(p->out, "\\\"");
		else
			text_format(p->out, *name == '\\' ? "[\\\\%c%c]" : "[\\\\%c]", *name, *name);
	}
	text_string(p->out, "$\"");
}

static bool is_unix(const char *word)
{
	if (*word == '/' || *word == '@' || !strncmp(word, "unix:", 5))
		return true;
	return strchr(word, '/') && *word != '[' && !is_number(word, AF_INET) && !is_number(word, AF_INET6);
}

int ss_host(struct ss_parser *p, bool source, enum ss_relation relation)
{
	char *word = value(p, "a host");
	struct host found;
	int status = word ? begin_equal(p, relation) : -1;

	if (status == 0 && is_unix(word)) {
		unix_name(p, strncmp(word, "unix:", 5) ? word : word + 5, source);
	} else if (status == 0) {
		split(word, &found);
		status = host(p, &found, source);
	}
	free(word);
	return status < 0 ? -1 : end_equal(p);
}

/* ------------------------------------------------------------------------------------------------ others */

int ss_device(struct ss_parser *p, enum ss_relation relation)
{
	char *word = value(p, "the name of an interface");
	int status = word ? begin_equal(p, relation) : -1;

	if (status == 0) {
		text_string(p->out, "dev == \"");
		for (const char *at = word; *at; at++)
			text_format(p->out, strchr("\"\\", *at) ? "\\%c" : "%c", *at);
		text_char(p->out, '"');
	}
	free(word);
	return status < 0 ? -1 : end_equal(p);
}

int ss_mark(struct ss_parser *p, enum ss_relation relation)
{
	char *word = value(p, "a mark"), *end = word;
	unsigned long mark = 0, mask = UINT32_MAX;
	int status = word ? begin_equal(p, relation) : -1;

	if (status == 0) {
		mark = strtoul(word, &end, 0);
		if (end != word && *end == '/')
			mask = strtoul(end + 1, &end, 0);
		if (end == word || *end || !isdigit((unsigned char)*word) || mark > UINT32_MAX || mask > UINT32_MAX)
			status = ss_refuse(p, "this is no mark: use a number, perhaps with a mask, as in 0x10/0xf0");
	}
	free(word);
	if (status < 0)
		return -1;
	if (mask == UINT32_MAX)
		text_format(p->out, "mark == %lu", mark);
	else
		text_format(p->out, "mark & %lu == %lu", mask, mark & mask);
	return end_equal(p);
}

/* The number of a control group is that of its folder. */
int ss_cgroup(struct ss_parser *p, enum ss_relation relation)
{
	char *word = value(p, "a control group"), *path = NULL;
	struct stat found;
	int status = word ? begin_equal(p, relation) : -1;

	if (status == 0 && asprintf(&path, CGROUPS "%s%s", *word == '/' ? "" : "/", word) < 0)
		bug("no memory for a path");
	if (status == 0 && stat(path, &found) < 0)
		status = ss_refuse(p, "there is no such control group below " CGROUPS);
	if (status == 0)
		text_format(p->out, "cgroup == %llu", (unsigned long long)found.st_ino);
	free(path);
	free(word);
	return status < 0 ? -1 : end_equal(p);
}

/* A port that the kernel chose. */
int ss_autobound(struct ss_parser *p)
{
	FILE *in = fopen(PORT_RANGE, "re");
	unsigned from = 0, to = 0;
	bool read = in && fscanf(in, "%u %u", &from, &to) == 2;

	if (in)
		fclose(in);
	if (!read)
		return ss_refuse(p, "the range of ports that the kernel chooses from cannot be read (" PORT_RANGE ")");
	text_format(p->out, "sport in {%u..%u}", from, to);
	return 0;
}
