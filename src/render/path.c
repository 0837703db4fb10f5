/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/path.h"

#include <ctype.h>
#include <errno.h>

#include "probe/answer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ------------------------------------------------------------------------------------------------ parts */

void path_header(struct text *out, const char *host, const struct address *target, unsigned last, unsigned size)
{
	char number[ADDRESS_TEXT];

	text_string(out, "traceroute to ");
	text_visible(out, host, strlen(host));
	text_format(out, " (%s), %u hops max, %u byte packets\n", address_host_text(target, number), last, size);
}

void path_address(struct text *out, const struct path *path, const struct address *address)
{
	char number[ADDRESS_TEXT];
	const char *name = !path->numeric && path->name ? path->name(path->context, address) : NULL;

	address_host_text(address, number);
	text_char(out, ' ');
	if (path->numeric) {
		text_string(out, number);
		return;
	}
	if (!name)
		name = number;
	text_escaped(out, name, strlen(name));
	text_format(out, " (%s)", number);
}

/* What is cut is less than a microsecond: it is rounded before. */
void path_time(struct text *out, int64_t ns)
{
	text_seconds(out, (ns < 0 ? ns - 500 : ns + 500) * 1000, 3);
}

/* ------------------------------------------------------------------------------------------------ extensions */

/* A router chooses the name of its interface: what is not plainly visible stands as %XX, which traceroute does too. */
static void add_interface_name(struct text *out, const char *name)
{
	text_char(out, '"');
	for (; *name; name++)
		if (isascii(*name) && isgraph((unsigned char)*name) && *name != '%' && *name != '"')
			text_char(out, *name);
		else
			text_format(out, "%%%02X", (unsigned char)*name);
	text_char(out, '"');
}

static void part(struct text *out, size_t start)
{
	if (out->length > start)
		text_char(out, ',');
}

static void add_interface(struct text *out, const struct answer_interface *interface)
{
	static const char roles[][5] = { "INC:", "SUB:", "OUT:", "NXT:" };
	char number[ADDRESS_TEXT];
	size_t start;

	text_string(out, roles[interface->role % COUNT(roles)]);
	start = out->length;
	if (interface->has_index)
		text_uint(out, interface->index);
	if (interface->address.length) {
		part(out, start);
		text_string(out, address_host_text(&interface->address, number));
	}
	if (interface->name[0]) {
		part(out, start);
		add_interface_name(out, interface->name);
	}
	if (interface->has_mtu) {
		part(out, start);
		text_format(out, "mtu=%u", interface->mtu);
	}
}

static void add_label(struct text *out, const struct answer_label *label)
{
	text_format(out, "L=%u,E=%u,S=%u,T=%u", label->label, label->exp, label->bottom, label->ttl);
}

void path_extensions(struct text *out, const struct answer *answer)
{
	for (unsigned i = 0; i < answer->label_count; i++) {
		text_string(out, i ? "/" : "MPLS:");
		add_label(out, &answer->labels[i]);
	}
	for (unsigned i = 0; i < answer->interface_count; i++) {
		if (i || answer->label_count)
			text_char(out, ';');
		add_interface(out, &answer->interfaces[i]);
	}
}

static bool same_extensions(const struct answer *a, const struct answer *b)
{
	struct text first = { 0 }, second = { 0 };
	bool same;

	path_extensions(&first, a);
	path_extensions(&second, b);
	same = first.length == second.length && (!first.length || !memcmp(first.data, second.data, first.length));
	text_release(&first);
	text_release(&second);
	return same;
}

/* ------------------------------------------------------------------------------------------------ a hop */

/* Who answers begins to count with 64, 128 or 255: the least of them that is possible. */
static unsigned hops_back(uint8_t ttl)
{
	return (ttl <= 64 ? 65 : ttl <= 128 ? 129 : 256) - ttl;
}

static bool says_too_big(const struct answer *answer)
{
	return answer->kind == ANSWER_UNREACHABLE &&
	       (answer->family == AF_INET6 ? answer->type == 2 : answer->type == 3 && answer->code == 4);
}

/* It was too large for the path and was sent again: not this hop's answer, but an earlier one's. */
static bool is_superseded(const struct path *path, const struct probe *probe)
{
	if (!path->mtu)
		return false;
	return probe->state == PROBE_FAILED ? probe->error == EMSGSIZE
					    : probe->state == PROBE_ANSWERED && says_too_big(probe->answer);
}

/* Whether the same responder says the same as at the last time: then its time is enough. */
static bool is_same(const struct path *path, const struct answer *before, const struct answer *answer)
{
	return address_same_host(&before->from, &answer->from) && (!path->back || before->ttl == answer->ttl) &&
	       (!path->extensions || same_extensions(before, answer));
}

static void add_responder(struct text *out, const struct path *path, unsigned ttl, const struct answer *answer)
{
	path_address(out, path, &answer->from);
	if (path->extensions && answer->label_count + answer->interface_count > 0) {
		text_string(out, " <");
		path_extensions(out, answer);
		text_char(out, '>');
	}
	if (path->back && answer->ttl && hops_back(answer->ttl) != ttl)
		text_format(out, " '-%u'", hops_back(answer->ttl));
}

static void add_answer(struct text *out, struct path *path, const struct probe *probe)
{
	char mark[16];

	text_string(out, "  ");
	path_time(out, probe_round_trip(probe));
	text_string(out, " ms");
	if (path->mtu && probe->packet.size != path->size) {
		text_format(out, " F=%u", probe->packet.size);
		path->size = probe->packet.size;
	}
	if (*answer_mark(probe->answer, path->method, mark))
		text_format(out, " %s", mark);
}

void path_hop(struct text *out, struct path *path, unsigned ttl, const struct probe *const *probes, size_t count)
{
	const struct answer *before = NULL;

	text_format(out, "%2u ", ttl);
	for (size_t i = 0; i < count; i++) {
		const struct probe *probe = probes[i];

		if (probe->state == PROBE_PLANNED || is_superseded(path, probe))
			continue;
		if (probe->state != PROBE_ANSWERED) {
			text_string(out, " *");
			continue;
		}
		if (!before || !is_same(path, before, probe->answer))
			add_responder(out, path, ttl, probe->answer);
		add_answer(out, path, probe);
		before = probe->answer;
	}
	text_char(out, '\n');
}
