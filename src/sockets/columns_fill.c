/* SPDX-License-Identifier: BSD-2-Clause */
/* One socket as a packet of fields. */
#include <netinet/in.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sockets/columns.h"
#include "sockets/columns_info.h"

#define NS_PER_MS 1000000

struct socket_fields {
	struct packet packet;
	bool *wanted;
	bool memory, info;
	char local[ADDRESS_TEXT], remote[ADDRESS_TEXT];
};

struct socket_fields *socket_fields_new(const struct filter *filter, bool all)
{
	struct socket_fields *fields = mem_new(1, sizeof *fields);

	fields->wanted = mem_new(socket_columns.field_count, sizeof *fields->wanted);
	for (unsigned i = 0; i < socket_columns.field_count; i++) {
		const struct field_def *def = &socket_columns.fields[i];

		fields->wanted[i] =
			!(def->flags & FIELD_EITHER) && (all || (filter && filter_reads_field(filter, def)));
		fields->memory |= fields->wanted[i] && i >= COLUMN_MEMORY && i < COLUMN_INFO_CONGESTION;
		fields->info |= fields->wanted[i] && i >= COLUMN_INFO;
	}
	return fields;
}

void socket_fields_free(struct socket_fields *fields)
{
	if (!fields)
		return;
	free(fields->wanted);
	free(fields);
}

bool socket_fields_want(const struct socket_fields *fields, enum socket_column column)
{
	if (column == COLUMN_MEMORY)
		return fields->memory;
	return column == COLUMN_INFO ? fields->info : fields->wanted[column];
}

/* The next field; NULL: nobody wants it, or there is no room for another process. */
static struct field *next(struct socket_fields *fields, unsigned column)
{
	struct packet *packet = &fields->packet;
	struct field *field;

	if (!fields->wanted[column] || packet->field_count == PACKET_MAX_FIELDS)
		return NULL;
	field = &packet->fields[packet->field_count++];
	field->def = &socket_columns.fields[column];
	field->offset = field->length = 0;
	return field;
}

static void number(struct socket_fields *fields, unsigned column, uint64_t value)
{
	struct field *field = next(fields, column);

	if (field)
		field->value.uint = value;
}

static void octets(struct socket_fields *fields, unsigned column, const void *bytes, size_t length)
{
	struct field *field = next(fields, column);

	if (field) {
		field->value.bytes = bytes;
		field->length = (uint32_t)length;
	}
}

static void string(struct socket_fields *fields, unsigned column, const char *string)
{
	if (string)
		octets(fields, column, string, strlen(string));
}

/* ------------------------------------------------------------------------------------------------ addresses */

static void host(struct socket_fields *fields, unsigned ipv4, unsigned ipv6, const struct address *address)
{
	const struct sockaddr_in6 *six = &address->storage.v6;
	uint32_t mapped;

	if (!address->length)
		return;
	if (address->storage.ss_family == AF_INET) {
		number(fields, ipv4, ntohl(address->storage.v4.sin_addr.s_addr));
	} else if (address->storage.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
		memcpy(&mapped, six->sin6_addr.s6_addr + 12, sizeof mapped);
		number(fields, ipv4, ntohl(mapped));
	} else if (address->storage.ss_family == AF_INET6) {
		octets(fields, ipv6, six->sin6_addr.s6_addr, sizeof six->sin6_addr.s6_addr);
	}
}

static void end(struct socket_fields *fields, unsigned column, const struct socket *socket,
		const struct address *address, char text[ADDRESS_TEXT])
{
	if (!address->length || !fields->wanted[column])
		return;
	string(fields, column,
	       socket->kind == SOCKET_RAW ? address_host_text(address, text) : address_text(address, text));
}

static void ends(struct socket_fields *fields, const struct socket *socket)
{
	bool ports = socket->kind == SOCKET_TCP || socket->kind == SOCKET_UDP;

	if (socket->kind == SOCKET_UNIX)
		string(fields, COLUMN_LOCAL, socket->name);
	end(fields, COLUMN_LOCAL, socket, &socket->local, fields->local);
	end(fields, COLUMN_REMOTE, socket, &socket->remote, fields->remote);
	host(fields, COLUMN_IP_SRC, COLUMN_IPV6_SRC, &socket->local);
	host(fields, COLUMN_IP_DST, COLUMN_IPV6_DST, &socket->remote);
	if (ports && socket->local.length)
		number(fields, COLUMN_SPORT, address_port(&socket->local));
	if (ports && socket->remote.length)
		number(fields, COLUMN_DPORT, address_port(&socket->remote));
	if (socket->kind == SOCKET_RAW || socket->kind == SOCKET_PACKET)
		number(fields, COLUMN_PROTOCOL, socket->protocol);
}

static void serving(struct socket_fields *fields, const struct socket *socket, const struct socket_row *row)
{
	string(fields, COLUMN_DEV, row->interface);
	if (socket->has_v6only)
		number(fields, COLUMN_V6ONLY, socket->v6only);
	if (socket->kind > SOCKET_RAW)
		return;
	number(fields, COLUMN_SERVES_IPV4, socket_serves(socket, AF_INET));
	number(fields, COLUMN_SERVES_IPV6, socket_serves(socket, AF_INET6));
}

/* ------------------------------------------------------------------------------------------------ the rest */

static void holders(struct socket_fields *fields, unsigned column, const struct holder *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		string(fields, column, list[i].process->name);
		number(fields, column + 1, list[i].process->pid);
		number(fields, column + 2, (uint64_t)list[i].fd);
	}
}

static void timer(struct socket_fields *fields, const struct socket *socket)
{
	if (socket->timer == TIMER_NONE)
		return;
	number(fields, COLUMN_TIMER_NAME, socket->timer);
	number(fields, COLUMN_TIMER_EXPIRES, (uint64_t)socket->expires * NS_PER_MS);
	number(fields, COLUMN_TIMER_RETRANSMITS, socket->retransmits);
}

static void memory(struct socket_fields *fields, const struct socket_memory *memory)
{
	const uint32_t values[SOCKET_MEMORY] = { memory->receive,   memory->receive_most, memory->send,
						 memory->send_most, memory->forward,      memory->queued,
						 memory->option,    memory->backlog,      memory->drops };

	for (unsigned i = 0; i < SOCKET_MEMORY; i++)
		number(fields, COLUMN_MEMORY + i, values[i]);
}

static void info(struct socket_fields *fields, const struct tcp_info *info)
{
	unsigned column = COLUMN_INFO;

#define MEMBER(member, label, help) number(fields, column++, info->tcpi_##member);
	SOCKET_INFO(MEMBER, MEMBER)
#undef MEMBER
}

static void owner(struct socket_fields *fields, const struct socket *socket, const struct socket_row *row)
{
	if (socket->has_uid)
		number(fields, COLUMN_UID, socket->uid);
	string(fields, COLUMN_USER, row->user);
	number(fields, COLUMN_INODE, socket->inode);
	if (socket->cookie)
		number(fields, COLUMN_COOKIE, socket->cookie);
	if (socket->peer_inode)
		number(fields, COLUMN_PEER_INODE, socket->peer_inode);
	number(fields, COLUMN_SHUTDOWN, socket->shutdown);
	if (socket->has_class) {
		number(fields, COLUMN_TOS, socket->tos);
		if (socket->family == AF_INET6)
			number(fields, COLUMN_TCLASS, socket->traffic_class);
	}
	if (socket->has_mark)
		number(fields, COLUMN_MARK, socket->mark);
	if (socket->has_cgroup)
		number(fields, COLUMN_CGROUP, socket->cgroup);
	number(fields, COLUMN_SOURCE, socket->source);
}

const struct packet *socket_fields_of(struct socket_fields *fields, const struct socket_row *row)
{
	const struct socket *socket = row->socket;
	struct packet *packet = &fields->packet;

	packet->field_count = 0;
	number(fields, COLUMN_KIND, socket->kind);
	number(fields, COLUMN_FAMILY, socket->family);
	number(fields, COLUMN_TYPE, socket->type);
	number(fields, COLUMN_STATE, socket->state);
	number(fields, COLUMN_RECV_Q, socket->receive_queue);
	number(fields, COLUMN_SEND_Q, socket->send_queue);
	ends(fields, socket);
	serving(fields, socket, row);
	owner(fields, socket, row);
	holders(fields, COLUMN_PROCESS_NAME, row->holders, row->holder_count);
	holders(fields, COLUMN_PEER_NAME, row->peers, row->peer_count);
	timer(fields, socket);
	if (fields->memory && socket->has_memory)
		memory(fields, &socket->memory);
	if (fields->wanted[COLUMN_INFO_CONGESTION])
		string(fields, COLUMN_INFO_CONGESTION, socket->congestion);
	if (fields->info && socket->info)
		info(fields, socket->info);
	packet->layer_count = 1;
	packet->layers[0] =
		(struct layer){ .dissector = &socket_columns, .field_count = (uint16_t)packet->field_count };
	return packet;
}
