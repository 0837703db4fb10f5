/* SPDX-License-Identifier: BSD-2-Clause */
/* date and echo servers: what comes back is what should. */
#include "play_input.h"

#include "lab/date.h"
#include "play/serving.h"

static const uint32_t queue_limits[] = { 0, 64, 1000, 70000 };
#define QUEUE_LIMITS (sizeof queue_limits / sizeof *queue_limits)

static void note(void *context, const struct event *event)
{
	(void)context;
	play_check_event(event);
}

static const struct reporter reporter = { (1u << EVENT_KINDS) - 1, note, NULL };

static void give_back(struct server *server, struct connection *c)
{
	server_forget(server, c);
	CHECK(!server->connections && !server->dirty && server->finished == 1);
	server_release(server);
}

/* ------------------------------------------------------------------------------------------------ streams */

static void take(struct connection *c, size_t most, struct text *out)
{
	size_t length;
	const uint8_t *data = connection_pending(c, &length);

	if (!data)
		return;
	length = length < most ? length : most;
	text_add(out, data, length);
	connection_sent(c, length);
}

/* What has come back is how what went in begins. */
static void check_echo(const struct text *sent, const struct text *back)
{
	CHECK(back->length <= sent->length);
	CHECK(!back->length || !memcmp(sent->data, back->data, back->length));
}

void play_echo_stream(struct play_input *in)
{
	uint32_t limit = queue_limits[play_octet(in) % QUEUE_LIMITS];
	struct server_options options = { .service = &echo_service, .queue_limit = limit, .reporter = &reporter,
					  .signals = -1 };
	struct text sent = { 0 }, back = { 0 };
	struct server server;
	struct connection *c;

	server_init(&server, &options);
	c = server_admit(&server, -1, &(struct address){ 0 });
	while (in->length && c->phase != CONNECTION_DEAD) {
		uint8_t letter = play_octet(in);
		size_t length, most = limit ? limit : SERVER_QUEUE_LIMIT, queued = c->queue.length - c->queue_sent;
		uint8_t *piece = play_piece(in, letter, &length);

		if (piece && connection_reads(c)) {
			text_add(&sent, piece, length);
			connection_received(c, piece, length);
			CHECK((c->phase == CONNECTION_DEAD) == (length > most - queued));
		} else if (letter == 't') {
			take(c, (size_t)play_octet(in) * 4, &back);
		} else if (letter == 'e') {
			connection_ended(c);
		}
		free(piece);
		check_echo(&sent, &back);
		CHECK(c->queue.length - c->queue_sent <= most && c->queue.length <= 2 * (size_t)most);
	}
	if (c->phase != CONNECTION_DEAD) {
		take(c, SIZE_MAX, &back);
		CHECK(back.length == sent.length);
		check_echo(&sent, &back);
	}
	CHECK(server.tally->octets_in == sent.length && server.tally->octets_out == back.length);
	give_back(&server, c);
	text_release(&sent);
	text_release(&back);
}

/* ------------------------------------------------------------------------------------------------ dates */

#define EPOCH_END (INT64_C(2208988800) * 1000000000) /* from here on ten digits are read as seconds since 1900 */

static int64_t clock_says; /* date_service asks a function without context */

static int64_t now(void)
{
	return clock_says;
}

struct date_case {
	struct date_service service;
	char *user;
};

static struct date_case date_case(struct play_input *in)
{
	static const char *const terminators[] = { "", "\n", "\r\n" };
	struct date_case one = { .service.now = now };
	const uint8_t *user;
	size_t length;

	one.service.format = (enum date_format)(play_octet(in) % DATE_FORMAT_COUNT);
	one.service.answer = play_octet(in) & 1 ? DATE_ANSWER_WORD : DATE_ANSWER_ANY;
	one.service.terminator = terminators[play_octet(in) % 3];
	clock_says = 0;
	for (unsigned i = 0; i < 8; i++)
		clock_says = (int64_t)((uint64_t)clock_says << 8 | play_octet(in));
	length = play_line(in, false, &user);
	one.user = malloc(length + 1);
	if (!one.user)
		abort();
	memcpy(one.user, user, length);
	one.user[length] = '\0';
	one.service.user = one.user;
	return one;
}

/* Seconds since a year, of which four octets or ten digits hold only some. */
static bool counts(enum date_format format)
{
	return format == DATE_RFC868 || format == DATE_RFC868_ASCII || format == DATE_EPOCH;
}

static void check_date(const struct date_case *one, const uint8_t *data, size_t length)
{
	struct date_value value;
	size_t end = strlen(one->service.terminator);

	if (one->service.format == DATE_RFC868) {
		CHECK(length == 4 && date_parse_binary(data, length, &value));
		return;
	}
	CHECK(length > end && !memcmp(data + length - end, one->service.terminator, end));
	for (size_t i = 0; i < length - end; i++)
		CHECK(data[i] >= ' ' && data[i] < 0x7f);
	if (clock_says >= 0 && (one->service.format != DATE_EPOCH || clock_says < EPOCH_END))
		CHECK(date_parse(data, length, &value));
}

void play_date_stream(struct play_input *in)
{
	struct date_case one = date_case(in);
	struct server_options options = { .service = &date_service, .self = &one.service, .reporter = &reporter,
					  .signals = -1 };
	struct text out = { 0 };
	struct server server;
	struct connection *c;
	const uint8_t *data;
	size_t length = play_octets(in, SIZE_MAX, &data);

	server_init(&server, &options);
	c = server_admit(&server, -1, &(struct address){ 0 });
	CHECK(c->phase == CONNECTION_CLOSING && server_news(&server) == c && !connection_reads(c));
	connection_received(c, data, length);
	connection_ended(c);
	take(c, SIZE_MAX, &out);
	CHECK(connection_over(c) && (out.length || clock_says < 0 || counts(one.service.format)));
	if (out.length)
		check_date(&one, (const uint8_t *)out.data, out.length);
	give_back(&server, c);
	text_release(&out);
	free(one.user);
}

static bool is_date(const uint8_t *data, size_t length)
{
	struct text line = { 0 };
	bool is;

	text_add(&line, data, length);
	if (line.length && (line.data[line.length - 1] == '\n' || !line.data[line.length - 1])) {
		bool lf = line.data[--line.length] == '\n';

		line.length -= lf && line.length && line.data[line.length - 1] == '\r';
	}
	is = line.length == 4 && !memcmp(line.data, "date", 4);
	text_release(&line);
	return is;
}

static void check_user(const struct date_case *one, const struct datagram *datagram)
{
	size_t user = strlen(one->user), end = strlen(one->service.terminator);
	size_t length = user < sizeof datagram->room - end ? user : sizeof datagram->room - end;

	CHECK(datagram->answer && datagram->answer_length == length + end);
	CHECK(!memcmp(datagram->answer, one->user, length));
	CHECK(!memcmp(datagram->answer + length, one->service.terminator, end));
}

void play_date_datagram(struct play_input *in)
{
	struct date_case one = date_case(in);
	struct server_options options = { .service = &date_service, .self = &one.service, .reporter = &reporter,
					  .signals = -1 };
	struct datagram *datagram = malloc(sizeof *datagram);
	size_t length;
	uint8_t *request = play_piece(in, '#', &length);
	struct server server;

	if (!datagram)
		abort();
	*datagram = (struct datagram){ .data = request, .length = length };
	server_init(&server, &options);
	server_ask(&server, NULL, datagram);
	if (one.service.answer == DATE_ANSWER_WORD && !is_date(request, length))
		check_user(&one, datagram);
	else if (datagram->answer)
		check_date(&one, datagram->answer, datagram->answer_length);
	if (datagram->answer)
		server_answered(&server, NULL, datagram, 0);
	server_release(&server);
	free(request);
	free(datagram);
	free(one.user);
}

void play_echo_datagram(struct play_input *in)
{
	struct server_options options = { .service = &echo_service, .reporter = &reporter, .signals = -1 };
	struct datagram *datagram = malloc(sizeof *datagram);
	size_t length;
	uint8_t *request = play_piece(in, play_octet(in) & 1 ? '*' : '#', &length);
	struct server server;

	if (!datagram)
		abort();
	*datagram = (struct datagram){ .data = request, .length = length };
	server_init(&server, &options);
	server_ask(&server, NULL, datagram);
	CHECK(datagram->answer && datagram->answer_length == length && !memcmp(datagram->answer, request, length));
	server_answered(&server, NULL, datagram, 0);
	CHECK(server.tally->octets_in == length && server.tally->octets_out == length);
	server_release(&server);
	free(request);
	free(datagram);
}
