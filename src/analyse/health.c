/* SPDX-License-Identifier: BSD-2-Clause */
/* What went wrong, in words: the findings, and the table of them. */
#include "analyse/health.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/ends.h"
#include "base/mem.h"

/*
 * How a finding is told. %A: the first address; %P: its port; %E: both; %F: the second end; %D: the dissector's title,
 * %R: a request of it, %S: a sentence of our own, all three in key.number; %L: the dissector of a problem; %U: a user;
 * %N: the amount.
 */
static const struct {
	enum health_severity severity;
	bool greatest; /* the amount is the greatest one, not the sum */
	const char *words;
} kinds[HEALTH_KINDS] = {
	[HEALTH_NOBODY_LISTENS] = { HEALTH_ERROR, false, "nobody listens on %D port %P at %A" },
	[HEALTH_REFUSED] = { HEALTH_ERROR, false,
			     "nobody listens on TCP port %P at %A: the connection was refused" },
	[HEALTH_SYN_UNANSWERED] = { HEALTH_ERROR, false, "no answer from %E when a connection was asked for" },
	[HEALTH_HANDSHAKE] = { HEALTH_WARNING, false,
			       "%E agreed to a connection that the other side never finished opening" },
	[HEALTH_UNREACHABLE] = { HEALTH_ERROR, false, "%A cannot be reached: there is no way, or no such host" },
	[HEALTH_FORBIDDEN] = { HEALTH_ERROR, false, "a firewall forbids to talk with %A" },
	[HEALTH_TOO_BIG] = { HEALTH_WARNING, false, "packets to %A are too big for a network on their way" },
	[HEALTH_FRAGMENTS_LOST] = { HEALTH_WARNING, false, "fragments of a packet to %A did not arrive in time" },
	[HEALTH_HOPS] = { HEALTH_NOTE, false,
			  "packets to %A went over more hops than they may (traceroute does that on purpose)" },
	[HEALTH_PARAMETER] = { HEALTH_WARNING, false, "the header of packets to %A was not accepted" },
	[HEALTH_UNANSWERED] = { HEALTH_ERROR, false, "no answer from %E to %R" },
	[HEALTH_UNANSWERED_END] = { HEALTH_WARNING, false,
				    "no answer from %E to %R; the capture ends within a second" },
	[HEALTH_UNANSWERED_ALL] = { HEALTH_ERROR, false, "nobody answered %R that was sent to all, to %E" },
	[HEALTH_UNANSWERED_EMPTY] = { HEALTH_NOTE, false,
				      "no answer from %E to an empty request: some servers do not answer those" },
	[HEALTH_LATE] = { HEALTH_WARNING, false, "%E took more than a second to answer %R" },
	[HEALTH_AGAIN] = { HEALTH_WARNING, false, "%E answered %R more than once" },
	[HEALTH_ECHO_DIFFERS] = { HEALTH_ERROR, false, "%E sent back something else than it was sent" },
	[HEALTH_ECHO_CHANGED] = { HEALTH_NOTE, false, "%E does not send back what it was sent: %S" },
	[HEALTH_LEAK] = { HEALTH_ERROR, true,
			  "a private line of %U was heard by others than whom it was for (copies: %N)" },
	[HEALTH_CHECKSUM] = { HEALTH_ERROR, false, "wrong %D checksum in what %A sent" },
	[HEALTH_MALFORMED] = { HEALTH_ERROR, false, "malformed %L: %S" },
	[HEALTH_CUT] = { HEALTH_NOTE, false, "the capture cut packets short: what is behind cannot be seen" },
	[HEALTH_PROBLEM] = { HEALTH_WARNING, false, "%L: %S" },
	[HEALTH_RESET] = { HEALTH_WARNING, false, "%E broke off the connection with %F (reset)" },
	[HEALTH_RETRANSMISSION] = { HEALTH_WARNING, false,
				    "%E sent data to %F again: it, or the acknowledgment, was lost or too late" },
	[HEALTH_SPURIOUS] = { HEALTH_NOTE, false, "%E sent data to %F again that had been acknowledged" },
	[HEALTH_LOST] = { HEALTH_WARNING, false,
			  "data from %E to %F is missing: lost on its way, or not seen by the capture" },
	[HEALTH_MISSED] = { HEALTH_NOTE, false,
			    "%E acknowledged data of %F that is not here: the capture missed packets" },
	[HEALTH_OUT_OF_ORDER] = { HEALTH_NOTE, false, "segments from %E to %F came out of order" },
	[HEALTH_ZERO_WINDOW] = { HEALTH_WARNING, false, "the program at %E does not read: %F must wait (zero window)" },
	[HEALTH_SERVER_CLOSED] = { HEALTH_NOTE, false,
				   "the server %E closed first: its port stays busy a while (TIME_WAIT)" },
	[HEALTH_LONG_BROADCAST] = { HEALTH_WARNING, true,
				    "%A broadcast %N octets to port 6666: a listener that reads 128, as in the "
				    "exercise, loses the rest (a guess)" },
	[HEALTH_LONG_DATAGRAM] = { HEALTH_WARNING, true,
				   "a datagram of %N octets to %E: a program that reads 1024, as many do, loses "
				   "the rest (a guess)" },
	[HEALTH_DIRECTED] = { HEALTH_NOTE, false,
			      "broadcast to %E: a listener bound to 255.255.255.255, as in the exercise, does not hear "
			      "it (a guess)" },
	[HEALTH_OVERLAP] = { HEALTH_WARNING, false, "fragments of packets from %A overlap" },
	[HEALTH_DROPS] = { HEALTH_WARNING, false, "the capture lost %N packets right before these" },
	[HEALTH_DROPS_ALL] = { HEALTH_WARNING, false, "the capture lost %N packets in all, says the file" },
	[HEALTH_CLOCK] = { HEALTH_NOTE, false, "the clock of the capture went back: times and order do not agree" },
};

static const char *const severities[] = {
	[HEALTH_ERROR] = "error", [HEALTH_WARNING] = "warning", [HEALTH_NOTE] = "note",
};

/* ------------------------------------------------------------------------------------------------ subjects */

struct talk_key health_end(const struct flow_end *end, uint8_t address_length, const void *what)
{
	struct talk_key key;

	memset(&key, 0, sizeof key);
	memcpy(key.address[0], end->address, sizeof key.address[0]);
	key.port[0] = end->port;
	key.length = address_length;
	key.number = (uintptr_t)what;
	return key;
}

struct talk_key health_flow(const struct flow *flow, unsigned side)
{
	struct talk_key key = health_end(&flow->ends[side], flow->address_length, NULL);

	memcpy(key.address[1], flow->ends[!side].address, sizeof key.address[1]);
	key.port[1] = flow->ends[!side].port;
	return key;
}

struct talk_key health_address(const struct field *address, const struct field *port, const void *what)
{
	struct flow_end end = { .port = 0 };
	uint8_t length = 0;

	if (!address || !flow_end_from(&end, &length, address, port))
		length = 0;
	return health_end(&end, length, what);
}

struct talk_key health_problem(const struct dissector *protocol, const char *problem)
{
	struct talk_key key;

	memset(&key, 0, sizeof key);
	memcpy(key.address[0], &protocol, sizeof protocol);
	key.number = (uintptr_t)problem;
	return key;
}

struct talk_key health_user(const struct field *user)
{
	struct talk_key key;

	memset(&key, 0, sizeof key);
	key.port[0] = user && user->length < sizeof key.address ? (uint16_t)user->length : sizeof key.address;
	if (user)
		memcpy(key.address, user->value.bytes, key.port[0]);
	else
		key.port[0] = 0;
	return key;
}

/* ------------------------------------------------------------------------------------------------ findings */

static struct talk *take(struct health *health, enum health_kind kind, const struct talk_key *subject)
{
	uint32_t known = health->talks.count;
	struct talk *talk;

	if (health->rows[kind] == HEALTH_ROWS)
		return talks_find(&health->talks, subject);
	talk = talks_take(&health->talks, subject);
	if (!talk || health->talks.count == known)
		return talk;
	health->rows[kind]++;
	if (known == health->room) {
		health->room = health->room ? 2 * health->room : 64;
		health->findings = mem_resize(health->findings, health->room, sizeof *health->findings);
	}
	health->findings[known] = (struct finding){ .frame_count = 0 };
	return talk;
}

void health_add(struct health *health, enum health_kind kind, struct talk_key *subject, uint64_t frame,
		uint64_t amount)
{
	struct finding *finding;
	struct talk *talk;

	subject->kind = (uint8_t)kind;
	talk = take(health, kind, subject);
	if (!talk) {
		health->others[kind]++;
		return;
	}
	finding = &health->findings[talk - health->talks.list];
	talk->sent[0].packets++;
	if (!kinds[kind].greatest)
		talk->sent[0].octets += amount;
	else if (amount > talk->sent[0].octets)
		talk->sent[0].octets = amount;
	if (frame && finding->frame_count < HEALTH_FRAMES)
		finding->frames[finding->frame_count++] = frame;
}

/* ------------------------------------------------------------------------------------------------ words */

static void add_end(const struct talk_key *key, unsigned side, struct text *out)
{
	struct flow_end end = { .port = key->port[side] };

	memcpy(end.address, key->address[side], sizeof end.address);
	flow_end_text(&end, key->length, out);
}

static void add_word(char what, const struct talk *talk, struct text *out)
{
	const struct talk_key *key = &talk->key;
	const struct dissector *protocol;

	switch (what) {
	case 'A':
		ends_address(key, 0, out);
		break;
	case 'P':
		text_uint(out, key->port[0]);
		break;
	case 'E':
	case 'F':
		add_end(key, what == 'F', out);
		break;
	case 'D':
		text_string(out, ((const struct dissector *)(uintptr_t)key->number)->title);
		break;
	case 'R':
		protocol = (const struct dissector *)(uintptr_t)key->number;
		text_format(out, "%s %s request", strchr("aeiou", *protocol->name) ? "an" : "a", protocol->name);
		break;
	case 'S':
		text_string(out, (const char *)(uintptr_t)key->number);
		break;
	case 'L':
		memcpy(&protocol, key->address[0], sizeof protocol);
		text_string(out, protocol->title);
		break;
	case 'U':
		if (key->port[0])
			text_add(out, key->address, key->port[0]);
		else
			text_string(out, "somebody");
		break;
	default:
		text_uint(out, talk->sent[0].octets);
	}
}

static void add_words(const struct talk *talk, struct text *out)
{
	for (const char *at = kinds[talk->key.kind].words; *at; at++) {
		if (*at == '%')
			add_word(*++at, talk, out);
		else
			text_char(out, *at);
	}
}

static void add_packets(const struct finding *finding, uint64_t count, struct text *out)
{
	for (unsigned i = 0; i < finding->frame_count; i++)
		text_format(out, "%s%llu", i ? ", " : "", (unsigned long long)finding->frames[i]);
	if (count > finding->frame_count && finding->frame_count)
		text_format(out, " and %llu more", (unsigned long long)(count - finding->frame_count));
}

/* ------------------------------------------------------------------------------------------------ the analyser */

static void health_start(void *state, const struct analysis_options *options)
{
	struct health *health = state;

	health->filtered = options->filtered;
	health->passing.all = !options->filtered;
	talks_init(&health->talks, HEALTH_KINDS * HEALTH_ROWS);
	health_prepare(health);
}

static const struct table_column columns[] = {
	{ "severity", CELL_TEXT, false }, { "count", CELL_UINT, true }, { "what", CELL_TEXT, false },
	{ "packets", CELL_TEXT, false },
};

/* Errors first, then in the order in which things were found. */
static void order_rows(struct health *health)
{
	uint32_t used = 0;

	health->order = mem_new((size_t)health->talks.count + 1, sizeof *health->order);
	for (unsigned severity = HEALTH_ERROR; severity <= HEALTH_NOTE; severity++)
		for (uint32_t i = 0; i < health->talks.count; i++)
			if (kinds[health->talks.list[i].key.kind].severity == severity)
				health->order[used++] = i;
}

static void add_others(const struct health *health, struct text *notes)
{
	struct text sentence = { 0 };

	for (unsigned kind = 0; kind < HEALTH_KINDS; kind++) {
		if (!health->others[kind])
			continue;
		text_clear(&sentence);
		for (const char *at = kinds[kind].words; *at; at++)
			if (*at == '%')
				text_string(&sentence, (at++, "..."));
			else
				text_char(&sentence, *at);
		text_format(notes, "and %llu more, elsewhere: ", (unsigned long long)health->others[kind]);
		text_add(notes, sentence.data, sentence.length);
		text_char(notes, '\n');
	}
	text_release(&sentence);
}

static void health_finish(void *state, const struct analysis_end *end, struct analysis_result *result)
{
	struct health *health = state;
	struct talk_key nothing;

	memset(&nothing, 0, sizeof nothing);
	health->packets = end->packets;
	health_connections(health, track_flows(end->track));
	if (end->dropped)
		health_add(health, HEALTH_DROPS_ALL, &nothing, 0, end->dropped);
	order_rows(health);
	result->columns = columns;
	result->column_count = sizeof columns / sizeof *columns;
	result->rows = health->talks.count ? health->talks.count : 1;
	for (uint32_t i = 0; i < health->talks.count; i++)
		result->errors += kinds[health->talks.list[i].key.kind].severity == HEALTH_ERROR;
	add_others(health, &result->notes);
	if (health->passing.lost)
		text_format(&result->notes,
			    "%llu packets were too many to be remembered: of their dialogues nothing is told\n",
			    (unsigned long long)health->passing.lost);
}

static void nothing_row(struct health *health, struct table *table)
{
	table_text(table, "ok");
	table_absent(table);
	text_format(&health->text, "nothing wrong was found in %llu packet%s", (unsigned long long)health->packets,
		    health->packets == 1 ? "" : "s");
	ends_cell(table, &health->text);
	table_absent(table);
}

static void health_row(void *state, size_t row, struct table *table)
{
	struct health *health = state;
	const struct talk *talk;

	if (!health->talks.count) {
		nothing_row(health, table);
		return;
	}
	talk = &health->talks.list[health->order[row]];
	table_text(table, severities[kinds[talk->key.kind].severity]);
	table_uint(table, talk->sent[0].packets);
	add_words(talk, &health->text);
	ends_cell(table, &health->text);
	add_packets(&health->findings[health->order[row]], talk->sent[0].packets, &health->text);
	ends_cell(table, &health->text);
}

static void health_release(void *state)
{
	struct health *health = state;

	talks_release(&health->talks);
	passing_release(&health->passing);
	free(health->findings);
	free(health->order);
	text_release(&health->text);
}

const struct analyser health_analyser = {
	.name = "health",
	.heading = "Health",
	.help = "what went wrong, in words, with the packets that show it",
	.state_size = sizeof(struct health),
	.parts = TRACK_ALL,
	.want = health_want,
	.start = health_start,
	.packet = health_packet,
	.dialogue = health_dialogue,
	.said = health_said,
	.finish = health_finish,
	.row = health_row,
	.release = health_release,
};
