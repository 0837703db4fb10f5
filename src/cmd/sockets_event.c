/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/sockets_event.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "render/members.h"
#include "render/time.h"

struct sockets_events {
	const struct sockets *sockets;
	struct sockets_look look;
	struct sheet sheet;
	struct names *services;
	struct time_cache times;
	struct text out, line;
	int64_t time;
	size_t chosen; /* sockets that were there at the first look */
	bool titles;   /* they are still to be printed */
};

static const struct {
	char mark;
	const char *word;
} changes[] = {
	[WATCH_THERE] = { '=', "there" }, [WATCH_NEW] = { '+', "new" },    [WATCH_CHANGED] = { '~', "changed" },
	[WATCH_GONE] = { '-', "gone" },   [WATCH_BRIEF] = { '-', "gone" },
};

struct sockets_events *sockets_events_new(const struct sockets *sockets)
{
	const struct sockets_arguments *a = sockets->settings->arguments;
	struct sockets_events *events = mem_new(1, sizeof *events);

	events->sockets = sockets;
	events->look = sockets->settings->look;
	if (!a->numeric)
		events->look.services = events->services = names_new();
	events->titles = !a->no_header && !a->json;
	sockets_ss_sheet(&events->sheet, &events->look);
	return events;
}

void sockets_events_free(struct sockets_events *events)
{
	sheet_release(&events->sheet);
	names_free(events->services);
	text_release(&events->out);
	text_release(&events->line);
	free(events);
}

void sockets_events_begin(struct sockets_events *events, int64_t time)
{
	events->time = time;
}

struct text *sockets_events_text(struct sockets_events *events)
{
	return &events->out;
}

/* ------------------------------------------------------------------------------------------------ a line */

#define CLOCK_AT 11     /* octets of the date, before the time of day */
#define CLOCK_OCTETS 12 /* to the millisecond */

static void print_titles(struct sockets_events *events)
{
	text_fill(&events->out, ' ', CLOCK_OCTETS + 3);
	sheet_print_titles(&events->sheet, SOCKETS_SS_TAIL, &events->out);
	events->titles = false;
}

static void print_was(struct text *out, const char *what, const struct address *address)
{
	char text[ADDRESS_TEXT];

	text_format(out, "; %s was %s", what, address_text(address, text));
}

static void print_notes(const struct sockets_events *events, const struct watch_event *event, struct text *out)
{
	size_t start = out->length;

	if (event->what & WATCH_STATE)
		text_format(out, "; was %s", socket_state_ss(event->before->state));
	if (event->what & WATCH_LOCAL)
		print_was(out, "local", &event->before->local);
	if (event->what & WATCH_REMOTE && event->socket->kind != SOCKET_UNIX)
		print_was(out, "remote", &event->before->remote);
	if (event->what & WATCH_REMOTE && event->socket->kind == SOCKET_UNIX)
		text_format(out, "; peer was %llu", (unsigned long long)event->before->peer_inode);
	if (event->what & WATCH_OWNER)
		text_string(out, "; its processes are others");
	if (event->change == WATCH_GONE && event->lived >= 0) {
		text_string(out, "; seen for ");
		text_seconds(out, event->lived, 3);
		text_string(out, " s");
	}
	if (event->change == WATCH_BRIEF) {
		text_string(out, "; open for less than ");
		text_seconds(out, events->sockets->settings->period_ns, 3);
		text_string(out, " s, its process was not seen");
	}
	if (out->length == start)
		return;
	memcpy(out->data + start, " (", 2);
	text_char(out, ')');
}

static void print_line(struct sockets_events *events, const struct watch_event *event, const struct socket_row *row)
{
	char time[TIME_ROOM];

	sheet_clear(&events->sheet);
	sockets_ss_row(&events->sheet, &events->look, row);
	if (events->titles)
		print_titles(events);
	text_clear(&events->line);
	sheet_print(&events->sheet, &events->line);
	while (events->line.length && events->line.data[events->line.length - 1] == '\n')
		events->line.length--;
	time_date(&events->times, events->time, time);
	text_add(&events->out, time + CLOCK_AT, CLOCK_OCTETS);
	text_format(&events->out, " %c ", changes[event->change].mark);
	text_add(&events->out, events->line.data, events->line.length);
	print_notes(events, event, &events->out);
	text_char(&events->out, '\n');
}

/* ------------------------------------------------------------------------------------------------ an object */

static void print_before(struct text *out, const struct watch_event *event)
{
	const struct socket *before = event->before;

	member_open(out, "was", '{');
	if (event->what & WATCH_STATE)
		member_string(out, "state", socket_state_ss(before->state));
	if (event->what & WATCH_LOCAL)
		member_address(out, "local", &before->local);
	if (event->what & WATCH_REMOTE)
		member_address(out, "remote", &before->remote);
	if (event->what & WATCH_REMOTE && before->peer_inode)
		member_number(out, "peer_inode", before->peer_inode);
	member_close(out, '{');
}

static void print_object(struct sockets_events *events, const struct watch_event *event, const struct socket_row *row)
{
	struct text *out = &events->out;

	member_open(out, NULL, '{');
	member_string(out, "event", changes[event->change].word);
	member_seconds(out, "time", events->time);
	member_true(out, "brief", event->change == WATCH_BRIEF);
	member_true(out, "owner_changed", event->what & WATCH_OWNER);
	if (event->change == WATCH_GONE && event->lived >= 0)
		member_seconds(out, "seen_for", event->lived);
	if (event->what & ~(unsigned)WATCH_OWNER)
		print_before(out, event);
	sockets_json_members(socket_fields_of(events->sockets->settings->fields, row), out);
	member_close(out, '{');
	text_char(out, '\n');
}

/* ------------------------------------------------------------------------------------------------ which */

/* What is there at first is shown when somebody has said which sockets he means: all of a machine are too many. */
static bool is_shown(const struct sockets_events *events, const struct watch_event *event)
{
	const struct sockets_settings *settings = events->sockets->settings;
	const struct sockets_arguments *a = settings->arguments;

	return event->change != WATCH_THERE || settings->filter || a->listening || a->tcp || a->udp || a->raw ||
	       a->packet || a->unix_sockets || a->ipv4 || a->ipv6;
}

bool sockets_event(void *context, const struct watch_event *event)
{
	struct sockets_events *events = context;
	struct socket_row row;

	sockets_row(events->sockets, event->socket, &row);
	row.holders = event->holders;
	row.holder_count = event->holder_count;
	if (!event->told && !sockets_chosen(events->sockets, &row))
		return false;
	events->chosen += event->change == WATCH_THERE;
	if (!is_shown(events, event))
		return true;
	if (events->sockets->settings->arguments->json)
		print_object(events, event, &row);
	else
		print_line(events, event, &row);
	return true;
}

void sockets_events_announce(const struct sockets_events *events)
{
	struct text line = { 0 };

	text_format(&line, "watching %zu socket%s, a look every ", events->chosen, events->chosen == 1 ? "" : "s");
	text_seconds(&line, events->sockets->settings->period_ns, 3);
	text_string(&line, " s (= there, + new, ~ changed, - gone)\n");
	fwrite(line.data, 1, line.length, stderr);
	text_release(&line);
}
