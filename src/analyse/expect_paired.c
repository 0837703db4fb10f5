/* SPDX-License-Identifier: BSD-2-Clause */
/* paired(PROTOCOL) within TIME: every request was answered, in time. analyse/dialogue.h tells which answer is whose. */
#include <stdio.h>
#include <stdlib.h>

#include "analyse/expect_judge.h"
#include "base/clock.h"
#include "base/mem.h"

/* A protocol has dialogues when its answers know their requests. */
static bool has_dialogues(const struct dissector *protocol)
{
	const struct dissector *unused;
	char name[64];

	snprintf(name, sizeof name, "%s.request_in", protocol->name);
	return protocols_field(name, &unused) != NULL;
}

static int parse_protocol(struct expect_paired *paired, struct expect_scan *scan, struct error *err)
{
	struct expect_slice word = expect_word(scan);
	struct expect_scan at = { scan->line, word.at };
	char *name = expect_copy(word);
	int status = 0;

	paired->protocol = protocols_find(name);
	if (!paired->protocol || !has_dialogues(paired->protocol))
		status = expect_wrong(&at, err, "paired() takes a protocol of requests and answers: date or echo");
	free(name);
	return status;
}

static int parse_paired(struct expectation *e, struct expect_scan *scan, struct error *err)
{
	struct expect_paired *paired = e->paired = mem_new(1, sizeof *paired);
	long double within;

	if (parse_protocol(paired, scan, err) < 0 || expect_need(e, scan, ')', err) < 0)
		return -1;
	if (!expect_take(scan, "within"))
		return 0;
	if (expect_limit(scan, FIELD_DURATION, &within, err) < 0)
		return -1;
	if (within < 1 || within > 9e18L)
		return expect_wrong(scan, err, "the time must be above 0");
	paired->within = (int64_t)within;
	return 0;
}

static void forget(struct expect_paired *paired, unsigned i)
{
	free(paired->open[i].line);
	free(paired->open[i].stray_line);
	paired->open[i] = paired->open[--paired->open_count];
}

static void release_paired(struct expectation *e)
{
	if (!e->paired)
		return;
	while (e->paired->open_count)
		forget(e->paired, 0);
	free(e->paired->stray);
	free(e->paired);
}

/* ------------------------------------------------------------------------------------------------ what is heard */

/* Many echo servers do not answer a datagram without octets: no answer to it is no fault. */
static bool may_be_silent(const struct dialogue *dialogue)
{
	return !dialogue->request_octets && !strcmp(dialogue->protocol->name, "echo") &&
	       !strcmp(dialogue->transport->name, "udp");
}

static struct expect_request *find(struct expect_paired *paired, uint64_t number)
{
	for (unsigned i = 0; i < paired->open_count; i++)
		if (paired->open[i].number == number)
			return &paired->open[i];
	return NULL;
}

static void watch(struct expect_paired *paired, const struct dialogue *dialogue)
{
	if (find(paired, dialogue->request) || may_be_silent(dialogue))
		return;
	/* Beyond that the verdict is the same; only the words on it know less. */
	if (paired->open_count == EXPECT_REQUESTS) {
		paired->not_watched++;
		return;
	}
	paired->open[paired->open_count++] = (struct expect_request){
		.number = dialogue->request,
		.time = dialogue->request_time,
		.stream = dialogue->stream,
		.client = dialogue->client,
		.server = dialogue->server,
		.transport = dialogue->transport,
		.address_length = dialogue->address_length,
		.broadcast = dialogue->broadcast,
	};
}

/* A connection whose beginning was not seen does not tell how long its answer took. */
static bool is_late(const struct expect_paired *paired, const struct dialogue *dialogue)
{
	return paired->within && dialogue->request_time &&
	       time_between(dialogue->request_time, dialogue->response_time) > paired->within;
}

/* Over TCP a date may come unasked: then the answer stands for both. */
static uint64_t named(const struct dialogue *dialogue)
{
	return dialogue->request ? dialogue->request : dialogue->response;
}

static void note_answer(struct expect_paired *paired, const struct dialogue *dialogue)
{
	int64_t time = dialogue->request_time ? time_between(dialogue->request_time, dialogue->response_time) : 0;

	if (is_late(paired, dialogue)) {
		if (!paired->late.count) {
			paired->latest = time;
			paired->latest_number = dialogue->response;
		}
		expect_number(&paired->late, named(dialogue));
		return;
	}
	if (!paired->answered.count || time > paired->slowest) {
		paired->slowest = time;
		paired->slowest_number = dialogue->response;
	}
	expect_number(&paired->answered, named(dialogue));
}

/* Its end: counted once. */
static void note_end(struct expectation *e, const struct dialogue *dialogue)
{
	struct expect_paired *paired = e->paired;
	struct expect_request *request = find(paired, dialogue->request);

	expect_number(&paired->asked, named(dialogue));
	if (dialogue->end == DIALOGUE_ANSWERED)
		note_answer(paired, dialogue);
	else if (dialogue->end == DIALOGUE_REFUSED)
		expect_number(&paired->refused, dialogue->request);
	else if (dialogue->end == DIALOGUE_NOT_EXPECTED)
		expect_number(&paired->empty, dialogue->request);
	else
		expect_number(&paired->unanswered, dialogue->request);
	if (dialogue->end != DIALOGUE_ANSWERED && request && request->line) {
		expect_show_line(e, request->number, request->line);
		if (request->stray)
			expect_show_line(e, request->stray, request->stray_line);
	}
	if (request)
		forget(paired, (unsigned)(request - paired->open));
}

static void dialogue_paired(struct expectation *e, const struct dialogue *dialogue, bool over)
{
	struct expect_paired *paired = e->paired;
	struct expect_request *request;

	if (dialogue->protocol != paired->protocol)
		return;
	if (over) {
		note_end(e, dialogue);
		return;
	}
	if (!dialogue->response && dialogue->end == DIALOGUE_OPEN) {
		watch(paired, dialogue);
		return;
	}
	if (dialogue->end == DIALOGUE_REFUSED)
		e->verdict = EXPECT_NO;
	request = find(paired, dialogue->request);
	if (!dialogue->response || !request)
		return;
	if (is_late(paired, dialogue)) {
		e->verdict = EXPECT_NO;
		if (request->line)
			expect_show_line(e, request->number, request->line);
	}
	forget(paired, (unsigned)(request - paired->open));
}

/* ------------------------------------------------------------------------------------------------ what is seen */

static bool same_end(const struct flow_end *a, const struct flow_end *b, uint8_t length)
{
	return a->port == b->port && !memcmp(a->address, b->address, length);
}

static void say_from(const struct expect_request *request, const struct flow_end *from, uint64_t number,
		     struct text *out)
{
	text_format(out, "packet %llu goes to the port that asked, but from ", (unsigned long long)number);
	flow_end_text(from, request->address_length, out);
	text_string(out, ", and ");
	flow_end_text(&request->server, request->address_length, out);
	text_string(out, " was asked");
}

static void say_to(const struct expect_request *request, const struct flow_end *to, uint64_t number, struct text *out)
{
	text_format(out, "packet %llu comes from the port that was asked, but goes to ", (unsigned long long)number);
	flow_end_text(to, request->address_length, out);
	text_string(out, ", and ");
	flow_end_text(&request->client, request->address_length, out);
	text_string(out, " had asked");
}

/* A datagram that nobody asked for there: an answer that misses its asker in one point. */
static bool goes_astray(const struct expect_request *request, const struct tracked *tracked, uint64_t number,
			struct text *out)
{
	const struct flow *flow = tracked->flow;
	const struct flow_end *from = &flow->ends[tracked->side], *to = &flow->ends[!tracked->side];
	uint8_t length = request->address_length;

	if (request->stray || request->broadcast || number <= request->number || tracked->side != 0 ||
	    flow->protocol != request->transport || flow->address_length != length)
		return false;
	if (same_end(to, &request->client, length) && !same_end(from, &request->server, length))
		say_from(request, from, number, out);
	else if (same_end(from, &request->server, length) && !same_end(to, &request->client, length))
		say_to(request, to, number, out);
	return out->length > 0;
}

static void look_for_stray(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	struct expect_paired *paired = e->paired;
	struct text words = { 0 };

	for (unsigned i = 0; i < paired->open_count; i++) {
		struct expect_request *request = &paired->open[i];

		text_clear(&words);
		if (!goes_astray(request, tracked, packet->frame->number, &words))
			continue;
		request->stray = packet->frame->number;
		request->stray_line = expect_line(e->words, packet);
		if (!paired->stray)
			paired->stray = mem_copy_bytes(words.data, words.length);
	}
	text_release(&words);
}

static void look_at_time(struct expectation *e, int64_t now)
{
	struct expect_paired *paired = e->paired;

	paired->last_time = now;
	for (unsigned i = 0; paired->within && i < paired->open_count; i++)
		if (time_between(paired->open[i].time, now) > paired->within) {
			paired->open[i].expired = true;
			e->verdict = EXPECT_NO;
		}
}

static void packet_paired(struct expectation *e, const struct packet *packet, const struct tracked *tracked)
{
	struct expect_request *request = find(e->paired, packet->frame->number);

	if (packet->frame->has_time)
		look_at_time(e, packet->frame->time);
	if (request && !request->line)
		request->line = expect_line(e->words, packet);
	if (tracked->flow && e->paired->open_count)
		look_for_stray(e, packet, tracked);
}

/* ------------------------------------------------------------------------------------------------ the end */

static uint64_t failures(const struct expect_paired *paired)
{
	return paired->late.count + paired->refused.count + paired->unanswered.count;
}

static enum expect_verdict finish_paired(struct expectation *e)
{
	return failures(e->paired) || !e->paired->answered.count ? EXPECT_NO : EXPECT_YES;
}

static bool paired_missing(const struct expectation *e)
{
	return !e->paired->answered.count || e->paired->refused.count || e->paired->unanswered.count;
}

struct failure {
	const struct expect_numbers *numbers;
	const char *one, *more;
};

static void say_late(const struct expect_paired *paired, struct text *out)
{
	text_string(out, paired->late.count == 1 ? ": after " : ": the first after ");
	expect_say_limit(FIELD_DURATION, (long double)paired->latest, out);
	text_format(out, ", by packet %llu", (unsigned long long)paired->latest_number);
}

static void say_failures(const struct expect_paired *paired, struct text *out)
{
	const struct failure all[] = {
		{ &paired->unanswered, "was not answered", "were not answered" },
		{ &paired->refused, "was refused", "were refused" },
		{ &paired->late, "was answered late", "were answered late" },
	};
	size_t start = out->length;

	for (unsigned i = 0; i < 3; i++) {
		uint64_t count = all[i].numbers->count;

		if (!count)
			continue;
		if (paired->asked.count == 1)
			text_string(out, "the only request");
		else if (out->length == start)
			text_format(out, "%llu of %llu requests", (unsigned long long)count,
				    (unsigned long long)paired->asked.count);
		else
			text_format(out, ", %llu", (unsigned long long)count);
		text_format(out, " %s (", count == 1 ? all[i].one : all[i].more);
		expect_numbers_text(all[i].numbers, out);
		text_char(out, ')');
	}
	if (paired->late.count)
		say_late(paired, out);
	if (paired->stray && paired->unanswered.count) {
		text_string(out, "; ");
		text_string(out, paired->stray);
	}
}

static void say_paired(const struct expectation *e, struct text *out)
{
	const struct expect_paired *paired = e->paired;

	if (failures(paired)) {
		say_failures(paired, out);
	} else if (!paired->answered.count) {
		text_format(out, "nothing to judge, no request of %s was seen", paired->protocol->name);
		if (paired->empty.count)
			text_string(out, " but empty ones, which need no answer");
	} else {
		text_format(out, "%llu request%s answered, ", (unsigned long long)paired->answered.count,
			    paired->answered.count == 1 ? "" : "s");
		text_string(out, paired->answered.count == 1 ? "after " : "the slowest after ");
		expect_say_limit(FIELD_DURATION, (long double)paired->slowest, out);
		text_format(out, " (packet %llu)", (unsigned long long)paired->slowest_number);
	}
}

const struct expect_kind expect_kind_paired = {
	.name = "paired",
	.form = "paired(PROTOCOL) within TIME",
	.parse = parse_paired,
	.packet = packet_paired,
	.dialogue = dialogue_paired,
	.finish = finish_paired,
	.say = say_paired,
	.missing = paired_missing,
	.release = release_paired,
};
