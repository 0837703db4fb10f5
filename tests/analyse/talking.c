/* SPDX-License-Identifier: BSD-2-Clause */
#include "talking.h"

#include "base/mem.h"
#include "packet/dissect.h"

int talk_set_up(void **state)
{
	struct talk *talk = mem_new(1, sizeof *talk);

	talk->now = INT64_C(1769860800000000000);
	*state = talk;
	return 0;
}

int talk_tear_down(void **state)
{
	struct talk *talk = *state;

	for (unsigned i = 0; i < talk->count; i++)
		free(talk->packets[i].data);
	free(talk->packets);
	text_release(&talk->told);
	text_release(&talk->dialogues);
	text_release(&talk->lines);
	text_release(&talk->users);
	free(talk);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ packets */

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static void put_address(uint8_t *at, unsigned host)
{
	put32(at, host == EVERYBODY ? 0xffffffff : 0x0a000000 + host);
}

/* Raw IPv4 (link type 101) around `length` octets of upper layer; checksums are nobody's business here. */
static uint8_t *put_ip(struct talk *talk, unsigned from, unsigned to, uint8_t protocol, size_t length)
{
	struct put *put;
	uint8_t *ip;

	if (talk->count == talk->room) {
		talk->room = talk->room ? 2 * talk->room : 64;
		talk->packets = mem_resize(talk->packets, talk->room, sizeof *talk->packets);
	}
	put = &talk->packets[talk->count++];
	talk->now += 1000000;
	*put = (struct put){ .length = (uint32_t)length + 20, .cut = (uint32_t)length + 20, .time = talk->now };
	put->data = ip = mem_new(1, put->length);
	ip[0] = 0x45;
	put16(ip + 2, put->length);
	ip[8] = 64;
	ip[9] = protocol;
	put_address(ip + 12, from);
	put_address(ip + 16, to);
	return ip + 20;
}

void put_octets(struct talk *talk, unsigned from, uint16_t from_port, unsigned to, uint16_t to_port, const void *data,
		size_t length)
{
	uint8_t *udp = put_ip(talk, from, to, 17, 8 + length);

	put16(udp, from_port);
	put16(udp + 2, to_port);
	put16(udp + 4, (unsigned)length + 8);
	if (length)
		memcpy(udp + 8, data, length);
}

void put_udp(struct talk *talk, unsigned from, uint16_t from_port, unsigned to, uint16_t to_port, const char *words)
{
	put_octets(talk, from, from_port, to, to_port, words, strlen(words));
}

void put_refusal(struct talk *talk, unsigned about)
{
	const struct put *quoted = &talk->packets[about - 1];
	uint8_t copy[64];
	uint32_t length = quoted->length < sizeof copy ? quoted->length : sizeof copy;
	uint8_t *icmp;

	memcpy(copy, quoted->data, length);
	icmp = put_ip(talk, copy[19], copy[15], 1, 8 + length);
	icmp[0] = icmp[1] = 3;
	memcpy(icmp + 8, copy, length);
}

void wait_ms(struct talk *talk, int64_t ms)
{
	talk->now += ms * 1000000;
}

void cut_last(struct talk *talk, uint32_t length)
{
	talk->packets[talk->count - 1].cut = length;
}

/* ------------------------------------------------------------------------------------------------ TCP */

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

static void put_tcp(struct talk *talk, struct caller *caller, bool up, uint8_t flags, const void *data, size_t length)
{
	uint8_t *tcp = put_ip(talk, up ? caller->host : SERVER, up ? SERVER : caller->host, 6, 20 + length);

	put16(tcp, up ? caller->port : caller->server_port);
	put16(tcp + 2, up ? caller->server_port : caller->port);
	put32(tcp + 4, caller->seq[!up]);
	put32(tcp + 8, flags & ACK ? caller->seq[up] : 0);
	tcp[12] = 0x50;
	tcp[13] = flags;
	put16(tcp + 14, 64240);
	if (length)
		memcpy(tcp + 20, data, length);
	caller->seq[!up] += (uint32_t)length + !!(flags & (SYN | FIN));
}

struct caller call(struct talk *talk, unsigned host, uint16_t port, uint16_t server_port)
{
	struct caller caller = { .host = host, .port = port, .server_port = server_port, .seq = { 1000, 5000 } };

	put_tcp(talk, &caller, true, SYN, NULL, 0);
	put_tcp(talk, &caller, false, SYN | ACK, NULL, 0);
	put_tcp(talk, &caller, true, ACK, NULL, 0);
	return caller;
}

void put_segment(struct talk *talk, struct caller *caller, bool up, const void *data, size_t length)
{
	put_tcp(talk, caller, up, PSH | ACK, data, length);
}

void put_up(struct talk *talk, struct caller *caller, const char *words)
{
	put_segment(talk, caller, true, words, strlen(words));
}

void put_down(struct talk *talk, struct caller *caller, const char *words)
{
	put_segment(talk, caller, false, words, strlen(words));
}

void hang_up(struct talk *talk, struct caller *caller)
{
	put_tcp(talk, caller, true, FIN | ACK, NULL, 0);
	put_tcp(talk, caller, false, FIN | ACK, NULL, 0);
	put_tcp(talk, caller, true, ACK, NULL, 0);
}

void server_hangs_up(struct talk *talk, struct caller *caller)
{
	put_tcp(talk, caller, false, FIN | ACK, NULL, 0);
	put_tcp(talk, caller, true, FIN | ACK, NULL, 0);
	put_tcp(talk, caller, false, ACK, NULL, 0);
}

void put_reset(struct talk *talk, struct caller *caller)
{
	put_tcp(talk, caller, false, RST | ACK, NULL, 0);
}

/* ------------------------------------------------------------------------------------------------ what is heard */

static void tell_value(struct text *out, const struct field *field)
{
	switch (field->def->type) {
	case FIELD_STRING:
		text_char(out, '"');
		text_add(out, field->value.bytes, field->length);
		text_char(out, '"');
		break;
	case FIELD_DURATION:
		text_seconds(out, field->value.time * 1000, 0);
		text_string(out, "ms");
		break;
	default:
		text_uint(out, field->value.uint);
	}
}

static void tell_packet(struct talk *talk, const struct packet *packet)
{
	text_uint(&talk->told, packet->frame->number);
	for (unsigned i = 0; i < packet->field_count; i++) {
		const struct field *field = &packet->fields[i];
		const char *name = field->def->name;

		if (!(field->def->flags & FIELD_FOLLOWED) ||
		    (strncmp(name, "date.", 5) && strncmp(name, "echo.", 5) && strncmp(name, "chat.", 5)))
			continue;
		text_format(&talk->told, " %s=", name + 5);
		tell_value(&talk->told, field);
	}
	text_char(&talk->told, '\n');
}

static void on_dialogue(void *context, const struct dialogue *dialogue, bool over)
{
	static const char *const ends[] = { "open", "answered", "refused", "unanswered", "not expected" };
	struct talk *talk = context;

	if (talk->quiet && !over)
		return;
	text_format(&talk->dialogues, "%s %u>%u %s%s%s", dialogue->protocol->name, (unsigned)dialogue->request,
		    (unsigned)dialogue->response, over ? "over " : "", ends[dialogue->end],
		    dialogue->late ? " late" : "");
	if (dialogue->answers > 1)
		text_format(&talk->dialogues, " %u times", dialogue->answers);
	if (dialogue->broadcast)
		text_string(&talk->dialogues, dialogue->other_host ? " by another host" : " broadcast");
	if (dialogue->compared)
		text_format(&talk->dialogues, " %s", dialogue->identical ? "identical"
					    : dialogue->transform        ? dialogue->transform
									 : "different");
	text_char(&talk->dialogues, '\n');
}

static void tell_field(struct text *out, const struct field *field)
{
	if (field)
		text_add(out, field->value.bytes, field->length);
}

static void on_said(void *context, const struct chat_said *said)
{
	struct talk *talk = context;
	struct text *out = &talk->lines;

	text_format(out, "%u ", (unsigned)said->frame);
	if (said->kind->length == 4 && !memcmp(said->kind->value.bytes, "join", 4))
		text_string(out, "join ");
	tell_field(out, said->user);
	if (said->to)
		text_char(out, '>');
	tell_field(out, said->to);
	text_char(out, ':');
	tell_field(out, said->text);
	text_format(out, " heard by %u of %u", said->receivers, said->others);
	text_string(out, said->returned ? ", returned" : "");
	text_string(out, said->leaked ? ", leaked" : "");
	text_string(out, said->broadcast ? ", broadcast\n" : "\n");
}

static void on_user(void *context, const struct chat_user *user)
{
	struct talk *talk = context;

	text_add(&talk->users, user->name_length ? user->name : "?", user->name_length ? user->name_length : 1);
	text_format(&talk->users, " %u-%u said %u", (unsigned)user->joined, (unsigned)user->left, user->lines);
	text_format(&talk->users, " private %u heard %u\n", user->private_lines, user->heard);
}

static struct foresight *read_once(struct talk *talk, struct foresight *foresight, bool first)
{
	const struct dialogue_listener listener = {
		.dialogue = on_dialogue, .said = on_said, .user = on_user, .context = talk,
	};
	struct protocols *protocols = protocols_new();
	struct packet *packet = mem_new(1, sizeof *packet);
	struct track *track;
	struct foresight *ahead = NULL;

	protocols_want_all(protocols);
	track = track_new(protocols, TRACK_ALL, foresight);
	if (first) {
		track_look_ahead(track);
		track_listen(track, &listener);
	}
	for (unsigned i = 0; i < talk->count; i++) {
		const struct put *put = &talk->packets[i];
		struct frame frame = { .number = i + 1, .time = put->time, .has_time = true, .data = put->data,
				       .cap_length = put->cut, .wire_length = put->length, .link = 101 };

		dissect(protocols, &frame, packet);
		track_packet(track, packet);
		if (!first && !talk->quiet)
			tell_packet(talk, packet);
	}
	track_finish(track);
	if (first)
		ahead = track_foresight(track);
	track_free(track);
	protocols_free(protocols);
	free(packet);
	return ahead;
}

void listen_twice(struct talk *talk)
{
	struct foresight *ahead = read_once(talk, NULL, true);

	read_once(talk, ahead, false);
}

void assert_told(struct talk *talk, unsigned number, const char *fields)
{
	struct text head = { 0 };
	const char *at, *end;
	size_t length;

	text_format(&head, "%s%u", number > 1 ? "\n" : "", number);
	text_add(&head, "", 1);
	text_char(&talk->told, '\0');
	talk->told.length--;
	at = strstr(talk->told.data, head.data);
	assert_non_null(at);
	at += head.length - 1;
	text_release(&head);
	at += *at == ' ';
	end = strchr(at, '\n');
	length = (size_t)(end - at);
	if (length != strlen(fields) || memcmp(at, fields, length) != 0)
		fail_msg("packet %u: '%.*s' is not '%s'", number, (int)length, at, fields);
}

void assert_text(struct text *text, const char *expected)
{
	text_char(text, '\0');
	text->length--;
	assert_string_equal(text->data, expected);
}
