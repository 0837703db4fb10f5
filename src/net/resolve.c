/* SPDX-License-Identifier: BSD-2-Clause */
/* From names of hosts and services to addresses. */
#include "net/endpoint.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/narrate.h"

void addresses_release(struct addresses *addresses)
{
	free(addresses->list);
	*addresses = (struct addresses){ 0 };
}

static void add(struct addresses *addresses, const struct address *address)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (address_equal(&addresses->list[i], address))
			return;
	if (addresses->count == ADDRESSES_MOST)
		return;
	addresses->list = mem_resize(addresses->list, addresses->count + 1, sizeof *addresses->list);
	addresses->list[addresses->count++] = *address;
}

/* ------------------------------------------------------------------------------------------------ services */

/* A name that is registered for one of UDP and TCP only is good for the other as well. */
static int service_port(const struct narrator *n, const char *service, int type, uint16_t *port, struct error *err)
{
	const char *protocols[] = { type == SOCK_STREAM ? "tcp" : "udp", NULL };
	struct servent entry, *found = NULL;
	char room[4096];

	for (size_t i = 0; i < sizeof protocols / sizeof *protocols && !found; i++)
		if (getservbyname_r(service, protocols[i], &entry, room, sizeof room, &found))
			found = NULL;
	if (!found)
		return error_set(err, "port '%s': neither a number nor a name in /etc/services; give the number",
				 service);
	*port = ntohs((uint16_t)entry.s_port);
	sock_tell(n, "A name from /etc/services, for people: in the packets there is only the number.",
		  "getservbyname(\"%s\") = %u", service, *port);
	return 0;
}

static int parse_port(const struct narrator *n, const char *service, int type, uint16_t *port, struct error *err)
{
	const char *digits = service + (*service == '-' || *service == '+');
	size_t count = strspn(digits, "0123456789");
	unsigned long value = strtoul(digits, NULL, 10);

	if (!count || digits[count])
		return service_port(n, service, type, port, err);
	if (digits != service || value > UINT16_MAX)
		return error_set(err, "port '%s': not from 0 to 65535; choose another", service);
	*port = (uint16_t)value;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ any address */

/* A kernel may have been started without IPv6, or a container may forbid it; only trying tells. */
static bool have_ipv6(const struct narrator *n)
{
	struct address any = { .storage.ss_family = AF_INET6, .length = sizeof(struct sockaddr_in6) };
	bool works;
	int fd;

	if (access("/proc/net/if_inet6", F_OK))
		return false;
	fd = sock_open(n, AF_INET6, SOCK_DGRAM, "A trial: can this machine make sockets of IPv6?");
	if (fd < 0)
		return false;
	works = !sock_bind(n, fd, &any, "And bind them to [::], every address of IPv6 that it has?");
	sock_close(n, fd, "The trial is over.");
	return works;
}

static int any_address(const struct narrator *n, uint16_t port, int family, struct addresses *out, struct error *err)
{
	struct address v4 = { .storage.ss_family = AF_INET, .length = sizeof(struct sockaddr_in) };
	struct address v6 = { .storage.ss_family = AF_INET6, .length = sizeof(struct sockaddr_in6) };

	address_set_port(&v4, port);
	address_set_port(&v6, port);
	if (family != AF_INET6)
		add(out, &v4);
	if (family != AF_INET && have_ipv6(n))
		add(out, &v6);
	return out->count ? 0 : error_set(err, "IPv6: this machine has none; use IPv4 (-4)");
}

/* ------------------------------------------------------------------------------------------------ names of hosts */

static const struct {
	int code;
	const char *name;
} answers[] = {
	{ EAI_ADDRFAMILY, "EAI_ADDRFAMILY" }, { EAI_AGAIN, "EAI_AGAIN" },   { EAI_FAIL, "EAI_FAIL" },
	{ EAI_FAMILY, "EAI_FAMILY" },         { EAI_MEMORY, "EAI_MEMORY" }, { EAI_NODATA, "EAI_NODATA" },
	{ EAI_NONAME, "EAI_NONAME" },         { EAI_SYSTEM, "EAI_SYSTEM" }, { EAI_IDN_ENCODE, "EAI_IDN_ENCODE" },
};

static const char *answer_name(int code)
{
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].code == code)
			return answers[i].name;
	return "EAI_?";
}

/* Written as an address: nobody has to be asked, so nothing sleeps. */
static bool is_numeric(const char *host)
{
	return strchr(host, ':') || !host[strspn(host, "0123456789.")];
}

static void write_question(struct call *call, const char *host, uint16_t port, const struct addrinfo *hints)
{
	text_string(&call->line, "getaddrinfo(");
	narrate_quoted(&call->line, host, strlen(host));
	text_format(&call->line, ", \"%u\", {", port);
	narrate_family(&call->line, hints->ai_family);
	text_format(&call->line, ", %s})", hints->ai_socktype == SOCK_STREAM ? "SOCK_STREAM" : "SOCK_DGRAM");
}

static void write_answer(struct call *call, int code, const struct addresses *found)
{
	if (code)
		text_format(&call->line, " = %s (%s)", answer_name(code), gai_strerror(code));
	else
		text_string(&call->line, " = 0: ");
	for (size_t i = 0; i < found->count; i++) {
		text_string(&call->line, i ? ", " : "");
		narrate_address(&call->line, &found->list[i]);
	}
}

static int look_up(const char *host, uint16_t port, const struct addrinfo *hints, struct addresses *out)
{
	struct addrinfo *list = NULL;
	char service[8];
	int code;

	*put_uint(service, port) = '\0';
	code = getaddrinfo(host, service, hints, &list);
	for (struct addrinfo *at = list; !code && at; at = at->ai_next) {
		struct address address = { .length = at->ai_addrlen };

		if (at->ai_addrlen > sizeof address.storage)
			continue;
		memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
		add(out, &address);
	}
	if (list)
		freeaddrinfo(list);
	return code;
}

static int look_up_told(const struct narrator *n, const char *host, uint16_t port, const struct addrinfo *hints,
			struct addresses *out)
{
	static const char *const whys[] = {
		"Turns the written address and the port into the structure that socket calls take.",
		"Asks /etc/hosts and the name servers for the addresses of the name; they are tried in this order.",
	};
	bool sleeps = !is_numeric(host);
	struct call call;
	int code;

	call_begin(&call, n, whys[sleeps]);
	write_question(&call, host, port, hints);
	if (sleeps) {
		call_wait(&call);
		write_question(&call, host, port, hints);
	}
	code = look_up(host, port, hints, out);
	call_made(&call);
	write_answer(&call, code, out);
	call_end(&call);
	return code;
}

static int refuse_name(const char *host, int family, int code, struct error *err)
{
	const char *version = family == AF_INET6 ? "IPv6" : "IPv4", *option = family == AF_INET6 ? "-6" : "-4";

	if (family != AF_UNSPEC && (code == EAI_ADDRFAMILY || code == EAI_NODATA))
		return error_set(err, "%s: has no address of %s, which %s or --bind asks for; use another", host,
				 version, option);
	if (code == EAI_SYSTEM)
		return error_errno(err, "%s: name does not resolve", host);
	return error_set(err, "%s: name does not resolve: %s; check the spelling or use an address", host,
			 gai_strerror(code));
}

int endpoint_resolve(const struct narrator *n, const char *host, const char *service, int family, int type,
		     struct addresses *out, struct error *err)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = type, .ai_flags = AI_NUMERICSERV };
	uint16_t port;
	int code;

	*out = (struct addresses){ 0 };
	if (parse_port(n, service, type, &port, err) < 0)
		return -1;
	if (host && !*host)
		return error_set(err, "an empty word is no host; give a name or an address");
	if (!host)
		return any_address(n, port, family, out, err);
	code = n ? look_up_told(n, host, port, &hints, out) : look_up(host, port, &hints, out);
	if (code)
		return refuse_name(host, family, code, err);
	return out->count ? 0 : error_set(err, "%s: name has no address; use another", host);
}
