/* SPDX-License-Identifier: BSD-2-Clause */
#include "base/address.h"

#include <net/if.h>
#include <string.h>

#include "base/text.h"

static const struct sockaddr_in *v4(const struct address *address)
{
	return &address->storage.v4;
}

static const struct sockaddr_in6 *v6(const struct address *address)
{
	return &address->storage.v6;
}

static sa_family_t family(const struct address *address)
{
	return address && address->length >= sizeof(sa_family_t) ? address->storage.ss_family : AF_UNSPEC;
}

/* The address in host order when it is one of IPv4, also inside IPv6. */
static bool is_v4(const struct address *address, uint32_t *host)
{
	const uint8_t *octets = v6(address)->sin6_addr.s6_addr;

	if (family(address) == AF_INET)
		*host = ntohl(v4(address)->sin_addr.s_addr);
	else if (family(address) == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6(address)->sin6_addr))
		*host = (uint32_t)octets[12] << 24 | octets[13] << 16 | octets[14] << 8 | octets[15];
	else
		return false;
	return true;
}

/* The kernel lets an interface be called almost anything, so its name is escaped: IF_NAMESIZE times \xNN at most. */
static char *put_scope(char *at, uint32_t scope)
{
	char name[IF_NAMESIZE];
	struct text escaped = { 0 };

	*at++ = '%';
	if (!if_indextoname(scope, name))
		return put_uint(at, scope);
	text_escaped(&escaped, name, strlen(name));
	memcpy(at, escaped.data, escaped.length);
	at += escaped.length;
	text_release(&escaped);
	return at;
}

static char *put_host(char *at, const struct address *address)
{
	uint32_t host;

	if (is_v4(address, &host))
		return put_ipv4(at, host);
	at = put_ipv6(at, v6(address)->sin6_addr.s6_addr);
	return v6(address)->sin6_scope_id ? put_scope(at, v6(address)->sin6_scope_id) : at;
}

static bool known(const struct address *address)
{
	return family(address) == AF_INET || family(address) == AF_INET6;
}

const char *address_host_text(const struct address *address, char out[ADDRESS_TEXT])
{
	char *at = out;

	if (known(address))
		at = put_host(at, address);
	else
		*at++ = '-';
	*at = '\0';
	return out;
}

const char *address_text(const struct address *address, char out[ADDRESS_TEXT])
{
	char *at = out;
	uint32_t host;
	bool brackets;

	if (!known(address))
		return address_host_text(address, out);
	brackets = !is_v4(address, &host);
	if (brackets)
		*at++ = '[';
	at = put_host(at, address);
	if (brackets)
		*at++ = ']';
	*at++ = ':';
	at = put_uint(at, address_port(address));
	*at = '\0';
	return out;
}

uint16_t address_port(const struct address *address)
{
	if (family(address) == AF_INET)
		return ntohs(v4(address)->sin_port);
	return family(address) == AF_INET6 ? ntohs(v6(address)->sin6_port) : 0;
}

void address_set_port(struct address *address, uint16_t port)
{
	if (family(address) == AF_INET)
		address->storage.v4.sin_port = htons(port);
	else if (family(address) == AF_INET6)
		address->storage.v6.sin6_port = htons(port);
}

bool address_equal(const struct address *a, const struct address *b)
{
	uint32_t host_a = 0, host_b = 0;
	bool a_is_v4, b_is_v4;

	if (!known(a) || !known(b))
		return !known(a) && !known(b);
	a_is_v4 = is_v4(a, &host_a);
	b_is_v4 = is_v4(b, &host_b);
	if (address_port(a) != address_port(b) || a_is_v4 != b_is_v4)
		return false;
	if (a_is_v4)
		return host_a == host_b;
	return IN6_ARE_ADDR_EQUAL(&v6(a)->sin6_addr, &v6(b)->sin6_addr) && v6(a)->sin6_scope_id == v6(b)->sin6_scope_id;
}

bool address_same_host(const struct address *a, const struct address *b)
{
	uint32_t host_a = 0, host_b = 0;

	if (!known(a) || !known(b))
		return false;
	if (is_v4(a, &host_a) != is_v4(b, &host_b) || host_a != host_b)
		return false;
	return family(a) == AF_INET || family(b) == AF_INET || IN6_ARE_ADDR_EQUAL(&v6(a)->sin6_addr, &v6(b)->sin6_addr);
}

bool address_is_any(const struct address *address)
{
	uint32_t host;

	if (!known(address))
		return false;
	return is_v4(address, &host) ? host == INADDR_ANY : IN6_IS_ADDR_UNSPECIFIED(&v6(address)->sin6_addr);
}
