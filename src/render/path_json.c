/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/path_json.h"

#include "probe/answer.h"
#include "render/members.h"

static const char *const types[PROBE_METHODS] = { [PROBE_UDP] = "udp", [PROBE_ICMP] = "icmp", [PROBE_TCP] = "tcp" };

static const char *const kinds[ANSWER_KINDS] = {
	[ANSWER_EXCEEDED] = "exceeded", [ANSWER_UNREACHABLE] = "unreachable", [ANSWER_ECHO] = "echo",
	[ANSWER_TCP_OPEN] = "open",     [ANSWER_TCP_CLOSED] = "closed",       [ANSWER_UDP] = "datagram",
};

static const char *const roles[] = { "in", "part of in", "out", "next hop" };

static void begin(struct text *out, int64_t time, const char *event)
{
	member_open(out, NULL, '{');
	member_seconds(out, "time", time);
	member_string(out, "event", event);
}

static void end_object(struct text *out)
{
	member_close(out, '{');
	text_char(out, '\n');
}

/* Which probe it is: the same in the event of a probe and in those of its answers. */
static void add_identity(struct text *out, const struct probe *probe)
{
	member_number(out, "number", probe->number);
	member_number(out, "ttl", probe->packet.ttl);
	member_number(out, "flow", probe->flow);
	member_number(out, "round", probe->round);
}

/* ------------------------------------------------------------------------------------------------ probes */

static struct address with_port(const struct address *address, uint16_t port)
{
	struct address ported = *address;

	address_set_port(&ported, port);
	return ported;
}

void path_json_probe(struct text *out, const struct path_json *json, int64_t time, const struct probe *probe)
{
	const struct probe_packet *packet = &probe->packet;
	bool ports = json->base->method != PROBE_ICMP;
	struct address local = with_port(&json->base->source, ports ? packet->source_port : 0);
	struct address peer = with_port(&json->base->target, ports ? packet->target_port : 0);

	begin(out, time, "probe");
	member_string(out, "type", types[json->base->method]);
	add_identity(out, probe);
	member_address(out, "local", &local);
	member_address(out, "peer", &peer);
	member_number(out, "octets", packet->size);
	if (!ports)
		member_number(out, "checksum", packet->checksum);
	if (json->base->family == AF_INET6)
		member_number(out, "flow_label", packet->flow_label);
	if (probe->state == PROBE_FAILED)
		member_string(out, "note", strerror(probe->error));
	end_object(out);
}

/* ------------------------------------------------------------------------------------------------ answers */

static void add_labels(struct text *out, const struct answer *answer)
{
	if (!answer->label_count)
		return;
	member_open(out, "labels", '[');
	for (unsigned i = 0; i < answer->label_count; i++) {
		member_open(out, NULL, '{');
		member_number(out, "label", answer->labels[i].label);
		member_number(out, "class", answer->labels[i].exp);
		member_bool(out, "bottom", answer->labels[i].bottom);
		member_number(out, "ttl", answer->labels[i].ttl);
		member_close(out, '{');
	}
	member_close(out, '[');
}

static void add_interface(struct text *out, const struct answer_interface *interface)
{
	member_open(out, NULL, '{');
	member_string(out, "role", roles[interface->role % (sizeof roles / sizeof *roles)]);
	if (interface->has_index)
		member_number(out, "index", interface->index);
	member_address(out, "address", &interface->address);
	if (interface->name[0])
		member_string(out, "name", interface->name);
	if (interface->has_mtu)
		member_number(out, "mtu", interface->mtu);
	member_close(out, '{');
}

static void add_interfaces(struct text *out, const struct answer *answer)
{
	if (!answer->interface_count)
		return;
	member_open(out, "interfaces", '[');
	for (unsigned i = 0; i < answer->interface_count; i++)
		add_interface(out, &answer->interfaces[i]);
	member_close(out, '[');
}

void path_json_answer_members(struct text *out, const struct path_json *json, const struct answer *answer)
{
	const struct path *path = json->path;
	char mark[16];

	member_address(out, "peer", &answer->from);
	if (!path->numeric && path->name)
		member_string(out, "name", path->name(path->context, &answer->from));
	member_string(out, "kind", kinds[answer->kind]);
	if (answer->kind <= ANSWER_ECHO) {
		member_number(out, "icmp_type", answer->type);
		member_number(out, "icmp_code", answer->code);
	}
	if (*answer_mark(answer, json->base->method, mark))
		member_string(out, "mark", mark);
	member_string(out, "note", answer_words(answer, json->base->method));
	if (answer->ttl)
		member_number(out, "answer_ttl", answer->ttl);
	if (answer->mtu)
		member_number(out, "mtu", answer->mtu);
	add_labels(out, answer);
	add_interfaces(out, answer);
	member_true(out, "damaged", answer->bad_extension);
}

/* The IP header of the probe as it was when it got there. */
static void add_quote(struct text *out, const struct answer_quote *quote)
{
	if (!quote->there || !quote->seen)
		return;
	member_open(out, "quoted", '{');
	member_address(out, "local", &quote->source);
	member_address(out, "peer", &quote->target);
	member_number(out, "ttl", quote->ttl);
	member_number(out, "tos", quote->tos);
	member_number(out, "octets", quote->length);
	member_close(out, '{');
}

static void add_time(struct text *out, const char *key, int64_t ns)
{
	if (ns != PROBE_NO_TIME)
		member_seconds(out, key, ns);
}

/* The probe may have another answer than this one. */
static void add_times(struct text *out, const struct probe *probe, const struct answer *answer)
{
	struct answer own = *answer;
	struct probe same = *probe;

	same.answer = &own;
	if (probe->sent_time)
		member_seconds(out, "sent_time", probe->sent_time);
	add_time(out, "rtt", probe_round_trip(&same));
	add_time(out, "rtt_kernel", probe_kernel_time(&same));
	add_time(out, "rtt_program", probe_program_time(&same));
}

void path_json_answer(struct text *out, const struct path_json *json, int64_t time, const struct probe *probe,
		      const struct answer *answer, enum match_answer what)
{
	begin(out, answer->time ? answer->time : time, "answer");
	add_identity(out, probe);
	path_json_answer_members(out, json, answer);
	add_times(out, probe, answer);
	add_quote(out, &answer->quote);
	member_true(out, "arrived", answer_arrived(answer, json->base));
	member_true(out, "late", what == MATCH_LATE);
	member_true(out, "again", what == MATCH_AGAIN);
	member_true(out, "rewritten", probe->rewritten);
	member_true(out, "guessed", probe->guessed);
	end_object(out);
}

/* ------------------------------------------------------------------------------------------------ hops, the end */

void path_json_hop(struct text *out, const struct path_json *json, int64_t time, const struct hop *hop)
{
	begin(out, time, "hop");
	path_json_hop_members(out, json, hop);
	end_object(out);
}

static void add_limits(struct text *out, const struct wire_limits *limits)
{
	if (!limits)
		return;
	member_string(out, "way", limits->name);
	member_string(out, "note", limits->missing);
}

static void add_counts(struct text *out, const struct path_json_end *end)
{
	const struct match_counts *counts = end->counts;

	member_number(out, "probes", end->sent);
	member_number(out, "unsent", end->unsent);
	member_number(out, "answers", counts->answers);
	member_number(out, "late", counts->late);
	member_number(out, "again", counts->again);
	member_number(out, "rewritten", counts->rewritten);
	member_number(out, "strangers", counts->strangers);
}

static uint32_t path_mtu(const struct path_json *json, const struct hops *hops)
{
	return json->trace && json->path->mtu && hops->count
		       ? trace_path_mtu(json->trace, hops->list[hops->count - 1].ttl)
		       : 0;
}

void path_json_trace(struct text *out, const struct path_json *json, int64_t time, const struct path_json_end *end)
{
	uint32_t mtu = path_mtu(json, end->hops);

	begin(out, time, "trace");
	member_string(out, "type", types[json->base->method]);
	member_string(out, "host", end->host);
	member_address(out, "local", &json->base->source);
	member_address(out, "peer", &json->base->target);
	member_bool(out, "reached", end->reached);
	member_true(out, "interrupted", end->interrupted);
	add_limits(out, end->limits);
	if (json->confidence)
		member_number(out, "confidence", json->confidence);
	if (mtu)
		member_number(out, "path_mtu", mtu);
	add_counts(out, end);
	member_open(out, "hops", '[');
	for (size_t i = 0; i < end->hops->count; i++) {
		member_open(out, NULL, '{');
		path_json_hop_members(out, json, &end->hops->list[i]);
		member_close(out, '{');
	}
	member_close(out, '[');
	end_object(out);
}
