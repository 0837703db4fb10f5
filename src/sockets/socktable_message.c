/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of sock_diag(7). Numbers are in the order of this machine, but for ports and addresses. */
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "base/error.h"
#include "sockets/socktable_parts.h"

static const uint8_t types[SOCKET_KINDS] = {
	[SOCKET_TCP] = SOCK_STREAM, [SOCKET_UDP] = SOCK_DGRAM, [SOCKET_RAW] = SOCK_RAW
};

/* ------------------------------------------------------------------------------------------------ attributes */

static uint8_t get_octet(const struct nlattr *attribute)
{
	return mnl_attr_get_payload_len(attribute) >= 1 ? mnl_attr_get_u8(attribute) : 0;
}

/* A number or a struct of this size; a shorter one is as if it went on with zeros. */
static void get(const struct nlattr *attribute, void *out, size_t size)
{
	size_t length = mnl_attr_get_payload_len(attribute);

	memset(out, 0, size);
	memcpy(out, mnl_attr_get_payload(attribute), length < size ? length : size);
}

static uint32_t get_number(const struct nlattr *attribute)
{
	uint32_t number;

	get(attribute, &number, sizeof number);
	return number;
}

static void get_memory(const struct nlattr *attribute, struct socket *out)
{
	_Static_assert(sizeof out->memory == SK_MEMINFO_VARS * sizeof(uint32_t), "the fields are the kernel's");
	get(attribute, &out->memory, sizeof out->memory);
	out->has_memory = true;
}

static const char *keep(struct socktable_strings **strings, const char *name, size_t length)
{
	char *copy;

	if (length >= STRINGS_MOST)
		return NULL;
	copy = strings_take(strings, length + 1);
	memcpy(copy, name, length);
	copy[length] = '\0';
	return copy;
}

/* ------------------------------------------------------------------------------------------------ IP */

static void get_info(const struct nlattr *attribute, struct socktable_strings **strings, struct socket *out)
{
	struct tcp_info *info = strings_take(strings, sizeof *info);

	get(attribute, info, sizeof *info);
	out->info = info;
}

static void inet_string(const struct nlattr *attribute, struct socktable_strings **strings, struct socket *out)
{
	const char *name = mnl_attr_get_payload(attribute);

	if (mnl_attr_get_type(attribute) == INET_DIAG_INFO)
		get_info(attribute, strings, out);
	else if (mnl_attr_get_type(attribute) == INET_DIAG_CONG)
		out->congestion = keep(strings, name, strnlen(name, mnl_attr_get_payload_len(attribute)));
}

static void inet_class(const struct nlattr *attribute, struct socket *out)
{
	out->has_class = true;
	if (mnl_attr_get_type(attribute) == INET_DIAG_TOS)
		out->tos = get_octet(attribute);
	else
		out->traffic_class = get_octet(attribute);
}

static void inet_attribute(const struct nlattr *attribute, struct socktable_strings **strings, struct socket *out)
{
	switch (mnl_attr_get_type(attribute)) {
	case INET_DIAG_SKV6ONLY:
		out->has_v6only = out->family == AF_INET6;
		out->v6only = out->has_v6only && get_octet(attribute);
		break;
	case INET_DIAG_SHUTDOWN:
		out->shutdown = get_octet(attribute) & 3;
		break;
	case INET_DIAG_PROTOCOL:
		out->protocol = get_octet(attribute);
		break;
	case INET_DIAG_SKMEMINFO:
		get_memory(attribute, out);
		break;
	case INET_DIAG_TOS:
	case INET_DIAG_TCLASS:
		inet_class(attribute, out);
		break;
	case INET_DIAG_MARK:
		out->mark = get_number(attribute);
		out->has_mark = true;
		break;
	case INET_DIAG_CGROUP_ID:
		get(attribute, &out->cgroup, sizeof out->cgroup);
		out->has_cgroup = true;
		break;
	default:
		if (strings)
			inet_string(attribute, strings, out);
	}
}

static void inet_ends(const struct inet_diag_sockid *id, struct socket *out)
{
	uint16_t from = ntohs(id->idiag_sport), to = ntohs(id->idiag_dport);

	/* The port of a raw socket is its protocol. */
	if (out->kind == SOCKET_RAW) {
		out->protocol = from;
		from = to = 0;
	}
	socket_address(&out->local, out->family, id->idiag_src, from, id->idiag_if);
	socket_remote(&out->remote, out->family, id->idiag_dst, to, id->idiag_if);
}

static bool inet_read(const struct nlmsghdr *message, struct socktable_strings **strings, struct socket *out)
{
	const struct inet_diag_msg *m = mnl_nlmsg_get_payload(message);
	const struct nlattr *attribute;

	if (mnl_nlmsg_get_payload_len(message) < sizeof *m ||
	    (m->idiag_family != AF_INET && m->idiag_family != AF_INET6))
		return false;
	out->state = m->idiag_state == SOCKET_NEW_SYN_RECV ? SOCKET_SYN_RECV : m->idiag_state;
	out->family = m->idiag_family;
	out->timer = m->idiag_timer;
	out->retransmits = m->idiag_retrans;
	out->expires = m->idiag_expires;
	out->receive_queue = m->idiag_rqueue;
	out->send_queue = m->idiag_wqueue;
	out->uid = m->idiag_uid;
	out->inode = m->idiag_inode;
	out->has_uid = out->inode != 0;
	out->interface = m->id.idiag_if;
	out->cookie = (uint64_t)m->id.idiag_cookie[1] << 32 | m->id.idiag_cookie[0];
	inet_ends(&m->id, out);
	mnl_attr_for_each(attribute, message, sizeof *m) inet_attribute(attribute, strings, out);
	return true;
}

/* ------------------------------------------------------------------------------------------------ packet */

static void packet_attribute(const struct nlattr *attribute, struct socket *out)
{
	struct packet_diag_info info;

	switch (mnl_attr_get_type(attribute)) {
	case PACKET_DIAG_INFO:
		get(attribute, &info, sizeof info);
		out->interface = info.pdi_index;
		break;
	case PACKET_DIAG_UID:
		out->uid = get_number(attribute);
		out->has_uid = true;
		break;
	case PACKET_DIAG_MEMINFO:
		get_memory(attribute, out);
		out->receive_queue = out->memory.receive;
		out->send_queue = out->memory.send;
		break;
	default:
		break;
	}
}

static bool packet_read(const struct nlmsghdr *message, struct socktable_strings **strings, struct socket *out)
{
	const struct packet_diag_msg *m = mnl_nlmsg_get_payload(message);
	const struct nlattr *attribute;

	(void)strings;
	if (mnl_nlmsg_get_payload_len(message) < sizeof *m || m->pdiag_family != AF_PACKET)
		return false;
	out->state = SOCKET_CLOSE;
	out->family = m->pdiag_family;
	out->type = m->pdiag_type;
	out->protocol = m->pdiag_num;
	out->inode = m->pdiag_ino;
	out->cookie = (uint64_t)m->pdiag_cookie[1] << 32 | m->pdiag_cookie[0];
	mnl_attr_for_each(attribute, message, sizeof *m) packet_attribute(attribute, out);
	return true;
}

/* ------------------------------------------------------------------------------------------------ unix */

/* An abstract name begins with NUL and may have more of them: all are shown as '@', as the kernel does in /proc. */
static const char *unix_name(const struct nlattr *attribute, struct socktable_strings **strings)
{
	const char *name = mnl_attr_get_payload(attribute);
	size_t length = mnl_attr_get_payload_len(attribute);
	char *copy;

	if (!length || length >= STRINGS_MOST)
		return NULL;
	if (name[0])
		return keep(strings, name, strnlen(name, length));
	copy = strings_take(strings, length + 1);
	for (size_t i = 0; i < length; i++)
		copy[i] = name[i] ? name[i] : '@';
	copy[length] = '\0';
	return copy;
}

static void unix_attribute(const struct nlattr *attribute, struct socktable_strings **strings, struct socket *out)
{
	struct unix_diag_rqlen queues;

	switch (mnl_attr_get_type(attribute)) {
	case UNIX_DIAG_NAME:
		out->name = strings ? unix_name(attribute, strings) : NULL;
		break;
	case UNIX_DIAG_PEER:
		out->peer_inode = get_number(attribute);
		break;
	case UNIX_DIAG_RQLEN:
		get(attribute, &queues, sizeof queues);
		out->receive_queue = queues.udiag_rqueue;
		out->send_queue = queues.udiag_wqueue;
		break;
	case UNIX_DIAG_MEMINFO:
		get_memory(attribute, out);
		break;
	case UNIX_DIAG_SHUTDOWN:
		out->shutdown = get_octet(attribute) & 3;
		break;
	case UNIX_DIAG_UID:
		out->uid = get_number(attribute);
		out->has_uid = true;
		break;
	default:
		break;
	}
}

static bool unix_read(const struct nlmsghdr *message, struct socktable_strings **strings, struct socket *out)
{
	const struct unix_diag_msg *m = mnl_nlmsg_get_payload(message);
	const struct nlattr *attribute;

	if (mnl_nlmsg_get_payload_len(message) < sizeof *m || m->udiag_family != AF_UNIX)
		return false;
	out->state = m->udiag_state;
	out->family = m->udiag_family;
	out->type = m->udiag_type;
	out->inode = m->udiag_ino;
	out->cookie = (uint64_t)m->udiag_cookie[1] << 32 | m->udiag_cookie[0];
	mnl_attr_for_each(attribute, message, sizeof *m) unix_attribute(attribute, strings, out);
	return true;
}

/* ------------------------------------------------------------------------------------------------ messages */

bool message_read(const struct nlmsghdr *message, enum socket_kind kind, struct socktable_strings **strings,
		  struct socket *out)
{
	static bool (*const readers[SOCKET_KINDS])(const struct nlmsghdr *, struct socktable_strings **,
						   struct socket *) = { inet_read, inet_read, inet_read, packet_read,
									unix_read };

	if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return false;
	out->kind = (uint8_t)kind;
	out->source = FROM_DIAG;
	out->type = types[kind];
	return readers[kind](message, strings, out) && out->state && out->state < SOCKET_STATES;
}

static void take_socket(struct answers *answers, const struct nlmsghdr *message)
{
	struct socket *out = answers->table ? socktable_add(answers->table) : NULL;

	if (!out)
		return;
	/* A state is asked of the kernel by its number in /proc, where a request has one of its own. */
	if (!message_read(message, answers->kind, &answers->table->strings, out) ||
	    !(answers->states &
	      (SOCKET_STATE(out->state) | (out->state == SOCKET_SYN_RECV ? SOCKET_STATE(SOCKET_NEW_SYN_RECV) : 0))))
		socktable_drop(answers->table);
}

/* Both the end and a refusal carry a number: 0, or a negative errno. */
static bool end(struct answers *answers, const struct nlmsghdr *message)
{
	int error = 0;

	if (mnl_nlmsg_get_payload_len(message) >= sizeof error)
		memcpy(&error, mnl_nlmsg_get_payload(message), sizeof error);
	answers->error = error < 0 ? -error : 0;
	return true;
}

/* mnl_nlmsg_ok() takes a length above INT_MAX for a negative one, and lets it pass. */
bool message_whole(const struct nlmsghdr *message, size_t left)
{
	return left >= sizeof *message && message->nlmsg_len >= sizeof *message && message->nlmsg_len <= left;
}

bool answers_take(struct answers *answers, const void *bytes, size_t length)
{
	const struct nlmsghdr *message = bytes;
	int left = (int)length;

	for (; left > 0 && message_whole(message, (size_t)left); message = mnl_nlmsg_next(message, &left)) {
		if (message->nlmsg_seq != answers->sequence)
			continue;
		if (message->nlmsg_flags & NLM_F_DUMP_INTR && answers->table)
			answers->table->interrupted = true;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return end(answers, message);
		take_socket(answers, message);
	}
	return false;
}
