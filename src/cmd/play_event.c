/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as lines: for people, and as JSON objects. */
#include <sys/socket.h>

#include "base/utf8.h"
#include "cmd/play_report.h"
#include "render/members.h"

/* So many octets of a message stand in the line of an event; a result is always whole. */
#define EVENT_SHOWN 512

static const char *type_name(int type)
{
	return type == SOCK_DGRAM ? "udp" : type == SOCK_STREAM ? "tcp" : NULL;
}

static void add_string(struct text *out, const char *string)
{
	text_escaped(out, string, strlen(string));
}

static void add_address(struct text *out, const struct address *address)
{
	char name[ADDRESS_TEXT];

	add_string(out, address_text(address, name));
}

static void add_note(struct text *out, const struct event *event)
{
	if (!event->note)
		return;
	text_string(out, " (");
	add_string(out, event->note);
	text_char(out, ')');
}

static void add_count(struct text *out, uint64_t count, const char *one, const char *many)
{
	text_format(out, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
}

/* ------------------------------------------------------------------------------------------------ for people */

/* "#1 127.0.0.1:40000", or what there is of it. */
static void add_who(struct text *out, const struct event *event)
{
	if (event->connection)
		text_format(out, "#%llu", (unsigned long long)event->connection);
	if (event->connection && event->peer)
		text_char(out, ' ');
	if (event->peer)
		add_address(out, event->peer);
}

static void add_quoted(struct text *out, const struct event *event, size_t most)
{
	size_t shown = event->length < most ? event->length : most;

	text_char(out, '"');
	text_escaped(out, event->data, shown);
	text_string(out, shown < event->length ? "\"... " : "\"");
}

static void add_message(struct text *out, const struct event *event, char direction, size_t most)
{
	size_t start = out->length;

	add_who(out, event);
	text_format(out, "%s%c ", out->length > start ? " " : "", direction);
	add_quoted(out, event, most);
	text_string(out, " (");
	add_count(out, event->length, "octet", "octets");
	text_char(out, ')');
	add_note(out, event);
}

/* The message itself; the end of the line is ours. */
static void add_result(struct text *out, const struct event *event)
{
	const char *data = event->data;
	size_t length = event->length;

	if (length && data[length - 1] == '\n')
		length--;
	if (length && data[length - 1] == '\r')
		length--;
	text_escaped(out, data, length);
}

static void say_listening(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	text_string(out, "listening on ");
	add_address(out, event->local);
	text_format(out, " %s", type_name(event->type));
}

static void say_connected(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	add_who(out, event);
	text_string(out, " connected");
	add_note(out, event);
}

static void say_received(const struct play_report *report, const struct event *event, struct text *out)
{
	bool result = report->kind == PLAY_LISTENER || report->kind == PLAY_TALKER;

	if (report->verbose) {
		add_message(out, event, '>', result ? event->length : EVENT_SHOWN);
		return;
	}
	add_result(out, event);
	add_note(out, event);
}

static void say_sent(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	add_message(out, event, '<', EVENT_SHOWN);
}

static void say_relayed(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	text_format(out, "#%llu -> #%llu ", (unsigned long long)event->connection,
		    (unsigned long long)event->to_connection);
	add_quoted(out, event, EVENT_SHOWN);
	add_note(out, event);
}

static void say_named(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	text_format(out, "#%llu is ", (unsigned long long)event->connection);
	add_string(out, event->user);
}

static void say_answer(const struct play_report *report, const struct event *event, struct text *out)
{
	if (report->verbose && !event->length)
		text_string(out, "no octets");
	add_result(out, event);
	if (report->verbose && event->peer) {
		text_string(out, " from ");
		add_address(out, event->peer);
	}
	if (report->verbose && event->rtt_ns) {
		text_string(out, " in ");
		text_seconds(out, event->rtt_ns * 1000, 3);
		text_string(out, " ms");
	}
	add_note(out, event);
}

static void say_end(struct text *out, const struct event *event, const char *what)
{
	add_who(out, event);
	text_format(out, "%s%s", event->connection || event->peer ? " " : "", what);
	if (!event->note)
		return;
	text_string(out, ": ");
	add_string(out, event->note);
}

static void say_closed(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	say_end(out, event, "closed");
}

static void say_dropped(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	say_end(out, event, "dropped");
}

static void say_note(const struct play_report *report, const struct event *event, struct text *out)
{
	(void)report;
	add_string(out, event->note);
}

static void add_octets(struct text *out, const struct tally *tally)
{
	add_count(out, tally->octets_in, "octet in", "octets in");
	text_string(out, ", ");
	add_count(out, tally->octets_out, "octet out", "octets out");
}

static void sum_served(const struct tally *tally, struct text *out)
{
	text_string(out, "served ");
	add_count(out, tally->datagrams, "datagram", "datagrams");
	text_string(out, ", ");
	add_count(out, tally->connections, "connection", "connections");
	text_string(out, ", ");
	add_octets(out, tally);
	if (tally->dropped)
		text_format(out, ", %llu dropped", (unsigned long long)tally->dropped);
}

static void sum_heard(const struct tally *tally, struct text *out)
{
	text_string(out, "heard ");
	add_count(out, tally->datagrams, "datagram", "datagrams");
	text_string(out, ", ");
	add_count(out, tally->octets_in, "octet", "octets");
}

static void sum_asked(const struct tally *tally, struct text *out)
{
	uint64_t answers = tally->equal + tally->altered;

	add_count(out, answers, "answer", "answers");
	if (tally->altered)
		text_format(out, " (%llu altered)", (unsigned long long)tally->altered);
	text_format(out, ", %llu lost, ", (unsigned long long)tally->lost);
	add_octets(out, tally);
	if (!answers)
		return;
	text_string(out, "; rtt ");
	text_seconds(out, tally->rtt_min_ns * 1000, 3);
	text_char(out, '/');
	text_seconds(out, tally->rtt_sum_ns / (int64_t)answers * 1000, 3);
	text_char(out, '/');
	text_seconds(out, tally->rtt_max_ns * 1000, 3);
	text_string(out, " ms (least/mean/most)");
}

static void sum_talked(const struct tally *tally, struct text *out)
{
	add_count(out, tally->messages_in, "message in", "messages in");
	text_string(out, ", ");
	add_count(out, tally->messages_out, "message out", "messages out");
	text_string(out, ", ");
	add_octets(out, tally);
}

static void say_done(const struct play_report *report, const struct event *event, struct text *out)
{
	static void (*const sums[PLAY_KINDS])(const struct tally *tally, struct text *out) = {
		[PLAY_SERVER] = sum_served, [PLAY_LISTENER] = sum_heard, [PLAY_ASKER] = sum_asked,
		[PLAY_TALKER] = sum_talked, [PLAY_SENDER] = sum_talked,
	};

	sums[report->kind](event->tally, out);
}

/* ------------------------------------------------------------------------------------------------ the kinds */

static const struct {
	const char *name; /* in JSON */
	bool data;        /* it speaks of a message, even of an empty one */
	void (*say)(const struct play_report *report, const struct event *event, struct text *out);
} kinds[EVENT_KINDS] = {
	[EVENT_LISTENING] = { "listening", false, say_listening },
	[EVENT_CONNECTED] = { "connected", false, say_connected },
	[EVENT_RECEIVED] = { "received", true, say_received },
	[EVENT_SENT] = { "sent", true, say_sent },
	[EVENT_RELAYED] = { "relayed", true, say_relayed },
	[EVENT_NAMED] = { "named", false, say_named },
	[EVENT_ANSWER] = { "answer", true, say_answer },
	[EVENT_CLOSED] = { "closed", false, say_closed },
	[EVENT_DROPPED] = { "dropped", false, say_dropped },
	[EVENT_TROUBLE] = { "trouble", false, say_note },
	[EVENT_PROMPT] = { "prompt", false, say_note },
	[EVENT_DONE] = { "done", false, say_done },
};

void play_event_text(const struct play_report *report, const struct event *event, struct text *out)
{
	kinds[event->kind].say(report, event, out);
	text_char(out, '\n');
}

/* ------------------------------------------------------------------------------------------------ JSON */

static void json_address(struct text *out, const char *key, const struct address *address)
{
	char name[ADDRESS_TEXT];

	if (address)
		member_string(out, key, address_text(address, name));
}

/* Text that is no UTF-8 cannot be had back from a JSON string: then the octets stand beside it. */
static void json_data(struct text *out, const struct event *event)
{
	member_number(out, "octets", event->length);
	member_bytes(out, "text", event->data, event->length);
	if (utf8_valid(event->data, event->length))
		return;
	member_key(out, "hex");
	text_char(out, '"');
	text_hex_bytes(out, event->data, event->length);
	text_char(out, '"');
}

static void json_tally(struct text *out, const struct tally *tally)
{
	const struct {
		const char *key;
		uint64_t value;
	} members[] = {
		{ "datagrams", tally->datagrams },
		{ "connections", tally->connections },
		{ "octets_in", tally->octets_in },
		{ "octets_out", tally->octets_out },
		{ "messages_in", tally->messages_in },
		{ "messages_out", tally->messages_out },
		{ "equal", tally->equal },
		{ "altered", tally->altered },
		{ "lost", tally->lost },
		{ "dropped", tally->dropped },
	};

	for (unsigned i = 0; i < sizeof members / sizeof *members; i++)
		member_number(out, members[i].key, members[i].value);
	if (!tally->rtt_max_ns)
		return;
	member_seconds(out, "rtt_min", tally->rtt_min_ns);
	member_seconds(out, "rtt_max", tally->rtt_max_ns);
	member_seconds(out, "rtt_sum", tally->rtt_sum_ns);
}

void play_event_json(const struct event *event, struct text *out)
{
	member_open(out, NULL, '{');
	member_seconds(out, "time", event->time_ns);
	member_string(out, "event", kinds[event->kind].name);
	member_string(out, "type", type_name(event->type));
	if (event->connection)
		member_number(out, "connection", event->connection);
	if (event->to_connection)
		member_number(out, "to_connection", event->to_connection);
	json_address(out, "local", event->local);
	json_address(out, "peer", event->peer);
	if (kinds[event->kind].data || event->data)
		json_data(out, event);
	member_string(out, "user", event->user);
	member_string(out, "to", event->to);
	member_string(out, "note", event->note);
	if (event->rtt_ns)
		member_seconds(out, "rtt", event->rtt_ns);
	if (event->tally)
		json_tally(out, event->tally);
	member_close(out, '{');
	text_char(out, '\n');
}
