/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remarkable about a path, in sentences behind it. */
#include <string.h>

#include "probe/answer.h"
#include "render/path.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void add_count(struct text *out, uint64_t count, const char *one, const char *many)
{
	text_format(out, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
}

/* ------------------------------------------------------------------------------------------------ of one hop */

static void note_silence(struct text *out, const struct path *path, const struct hop *hop)
{
	const char *words = hop_silence_words(hop->silence);

	(void)path;
	if (words && hop->silence != HOP_UNSENT)
		text_string(out, words);
}

static void note_failed(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	if (!hop->failed)
		return;
	add_count(out, hop->failed, "probe", "probes");
	text_format(out, " could not be sent: %s", strerror(hop->error));
}

/* "!H: host unreachable", "the port is open": once for each mark. With --mtu !F is how sizes are found, not remarkable.
 */
static void note_marks(struct text *out, const struct path *path, const struct hop *hop)
{
	char mark[16], before[16] = "?";
	size_t start = out->length;

	for (size_t i = 0; i < hop->responder_count; i++) {
		const struct answer *answer = hop->responders[i].answer;
		const char *words = answer_words(answer, path->method);

		answer_mark(answer, path->method, mark);
		if (!words || !strcmp(mark, before) || (path->mtu && !strncmp(mark, "!F", 2)))
			continue;
		text_format(out, "%s%s%s%s", out->length > start ? "; " : "", mark, *mark ? ": " : "", words);
		memcpy(before, mark, sizeof before);
	}
}

static void note_responders(struct text *out, const struct path *path, const struct hop *hop)
{
	if (path->one_flow && !path->mtu && hop->responder_count > 1)
		text_format(out, "%zu responders for one flow: each packet may go another way, or the path has changed",
			    hop->responder_count);
}

static void note_rewritten(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	if (hop->rewritten)
		text_string(out, "what is quoted is not what was sent: a translator (NAT) is on the way");
}

static void note_tos(struct text *out, const struct path *path, const struct hop *hop)
{
	if (hop->tos_changed)
		text_format(out, "packets arrive with DSCP %u, ECN %u; sent were %u and %u", hop->tos >> 2,
			    hop->tos & 3, path->tos >> 2, path->tos & 3);
}

static void note_late(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	if (!hop->late)
		return;
	add_count(out, hop->late, "answer", "answers");
	text_string(out, " came when nobody waited any more; -w waits longer");
}

static void note_again(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	if (!hop->again)
		return;
	add_count(out, hop->again, "answer", "answers");
	text_string(out, " came more than once");
}

static void note_damaged(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	for (size_t i = 0; i < hop->responder_count; i++)
		if (hop->responders[i].answer->bad_extension) {
			text_string(out, "what is added to the answer is damaged");
			return;
		}
}

static void note_vanished(struct text *out, const struct path *path, const struct hop *hop)
{
	(void)path;
	if (hop->vanished)
		text_format(out, "a black hole: packets of more than %u octets are lost on the way, and nobody says so",
			    hop->vanished);
}

static void (*const rules[])(struct text *out, const struct path *path, const struct hop *hop) = {
	note_silence, note_failed, note_marks, note_responders, note_rewritten,
	note_tos,     note_late,   note_again, note_damaged,    note_vanished,
};

/* ------------------------------------------------------------------------------------------------ of all */

static bool same_text(const struct text *a, const struct text *b)
{
	return a->length == b->length && !memcmp(a->data, b->data, a->length);
}

/* So many hops in a row, from list[0] on, of which the same is to be said. */
static size_t alike(const struct path *path, const struct hop *list, size_t count, size_t rule, const struct text *said)
{
	struct text other = { 0 };
	size_t run = 1;

	for (; run < count; run++) {
		text_clear(&other);
		rules[rule](&other, path, &list[run]);
		if (!same_text(said, &other))
			break;
	}
	text_release(&other);
	return run;
}

static void add_note(struct text *out, const struct hop *first, const struct hop *last, const struct text *said)
{
	if (first == last)
		text_format(out, "hop %u: ", first->ttl);
	else
		text_format(out, "hops %u-%u: ", first->ttl, last->ttl);
	text_add(out, said->data, said->length);
	text_char(out, '\n');
}

void path_notes(struct text *out, const struct path *path, const struct hops *hops)
{
	size_t told[COUNT(rules)] = { 0 }, start = out->length;
	struct text said = { 0 };

	for (size_t i = 0; i < hops->count; i++)
		for (size_t rule = 0; rule < COUNT(rules); rule++) {
			text_clear(&said);
			if (i >= told[rule])
				rules[rule](&said, path, &hops->list[i]);
			if (!said.length)
				continue;
			told[rule] = i + alike(path, &hops->list[i], hops->count - i, rule, &said);
			if (out->length == start)
				text_char(out, '\n');
			add_note(out, &hops->list[i], &hops->list[told[rule] - 1], &said);
		}
	text_release(&said);
}
