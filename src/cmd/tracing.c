/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/tracing.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/command.h"

/* ------------------------------------------------------------------------------------------------ probes, answers */

static int send_probe(struct tracing *tracing, struct probe *probe, struct error *err)
{
	const struct trace_view *view = tracing->view;

	if (wire_send(tracing->wire, probe) < 0) {
		tracing->unsent++;
		trace_failed(tracing->trace, probe, errno, clock_monotonic());
	} else {
		tracing->sent++;
		trace_sent(tracing->trace, probe, probe->sent);
	}
	return view->sent ? view->sent(tracing, probe, err) : 0;
}

static void note_left(void *context, uint16_t key, int64_t time)
{
	struct tracing *tracing = context;
	struct probe *probe = match_key(tracing->match, key);

	if (probe)
		probe->sent_time = time;
}

/* All that is there. */
static int receive(struct tracing *tracing, struct error *err)
{
	const struct trace_view *view = tracing->view;
	struct answer answer;
	int status;

	while ((status = wire_receive(tracing->wire, &answer, note_left, tracing, err)) > 0) {
		struct probe *probe = NULL;
		enum match_answer what = match_take(tracing->match, &answer, &probe);

		if (what == MATCH_STRANGER)
			continue;
		trace_answered(tracing->trace, probe, what, answer.seen);
		if (tracing->reverse)
			reverse_ask(tracing->reverse, &answer.from);
		if (view->answered && view->answered(tracing, probe, &answer, what, err) < 0)
			return -1;
	}
	return status;
}

/* ------------------------------------------------------------------------------------------------ the loop */

static int flush(struct tracing *tracing, struct error *err)
{
	int status = tracing->out.length ? command_print(&tracing->out, err) : 0;

	text_clear(&tracing->out);
	return status;
}

static int look(struct tracing *tracing, int64_t *again, struct error *err)
{
	*again = INT64_MAX;
	return tracing->view->look ? tracing->view->look(tracing, clock_monotonic(), again, err) : 0;
}

static int read_key(struct tracing *tracing, struct error *err)
{
	char key;
	ssize_t got = read(tracing->keys, &key, 1);

	if (got <= 0)
		tracing->keys = -1;
	return got > 0 && tracing->view->key ? tracing->view->key(tracing, key, err) : 0;
}

enum { WAIT_WIRE, WAIT_SIGNALS, WAIT_NAMES, WAIT_KEYS, WAITS };

/* Until something comes, or the time. */
static int wait_for(struct tracing *tracing, int64_t until, struct error *err)
{
	struct pollfd fds[WAITS] = {
		[WAIT_WIRE] = { wire_fd(tracing->wire), POLLIN, 0 },
		[WAIT_SIGNALS] = { tracing->signals, POLLIN, 0 },
		[WAIT_NAMES] = { tracing->reverse ? reverse_fd(tracing->reverse) : -1, POLLIN, 0 },
		[WAIT_KEYS] = { tracing->keys, POLLIN, 0 },
	};
	int64_t left = until == INT64_MAX ? INT64_MAX : until - clock_monotonic();
	struct timespec patience;

	if (left < 0)
		left = 0;
	patience = (struct timespec){ left / NS_PER_S, left % NS_PER_S };
	if (ppoll(fds, WAITS, left == INT64_MAX ? NULL : &patience, NULL) < 0 && errno != EINTR)
		return error_errno(err, "waiting for answers");
	if (fds[WAIT_SIGNALS].revents)
		tracing->interrupted = true;
	if (fds[WAIT_NAMES].revents)
		reverse_collect(tracing->reverse);
	return fds[WAIT_KEYS].revents ? read_key(tracing, err) : 0;
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static enum trace_step next(struct tracing *tracing, struct probe **probe, int64_t *until)
{
	*until = INT64_MAX;
	return tracing->paused ? TRACE_WAIT : trace_next(tracing->trace, clock_monotonic(), probe, until);
}

/* So many probes in a row are of one hop: what answers come meanwhile, all of them are needed. */
static unsigned row_length(const struct tracing *tracing)
{
	const struct trace_options *options = &tracing->options;

	return options->mode == TRACE_PATH && !options->mtu ? options->queries : 1;
}

/*
 * What has come in is taken in before anybody asks what to wait for, for it is no silence; and between the probes of
 * two hops, for the answer after which nothing more is to be sent may be among it.
 */
static int run(struct tracing *tracing, struct error *err)
{
	const unsigned length = row_length(tracing);
	struct probe *probe;
	int64_t until, again;
	enum trace_step step;
	unsigned row = 0;

	while (!tracing->interrupted) {
		if (!row && receive(tracing, err) < 0)
			return -1;
		step = next(tracing, &probe, &until);
		if (step == TRACE_SEND) {
			if (send_probe(tracing, probe, err) < 0)
				return -1;
			row = (row + 1) % length;
			continue;
		}
		if (row) {
			row = 0;
			continue;
		}
		if (look(tracing, &again, err) < 0 || flush(tracing, err) < 0)
			return -1;
		if (step == TRACE_DONE)
			return 0;
		if (wait_for(tracing, sooner(until, again), err) < 0)
			return -1;
	}
	return 0;
}

static int show_all(struct tracing *tracing, struct error *err)
{
	const struct trace_view *view = tracing->view;
	int status;

	if (view->begin && view->begin(tracing, err) < 0)
		return -1;
	status = run(tracing, err);
	if (status == 0 && view->end)
		status = view->end(tracing, err);
	return flush(tracing, err) < 0 ? -1 : status;
}

/* ------------------------------------------------------------------------------------------------ names */

const char *tracing_name(void *context, const struct address *address)
{
	const struct tracing *tracing = context;
	const char *name;

	if (!tracing->reverse)
		return NULL;
	return reverse_get(tracing->reverse, address, &name) == REVERSE_KNOWN ? name : NULL;
}

int tracing_names(struct tracing *tracing, int64_t patience, struct error *err)
{
	int64_t end = clock_monotonic() + patience;

	while (tracing->reverse && reverse_pending(tracing->reverse) && !tracing->interrupted &&
	       clock_monotonic() < end)
		if (wait_for(tracing, end, err) < 0)
			return -1;
	return 0;
}

/* ------------------------------------------------------------------------------------------------ from begin to end */

static void say_call(void *context, const char *text, size_t length)
{
	(void)context;
	fwrite(text, 1, length, stderr);
}

static const struct trace_view *view_of(const struct trace_arguments *arguments)
{
	if (arguments->json)
		return &trace_json_view;
	if (arguments->live)
		return &trace_live_view;
	return arguments->report ? &trace_report_view : &trace_text_view;
}

static int release(struct tracing *tracing, int status, struct error *err)
{
	if (tracing->view->release)
		tracing->view->release(tracing);
	if (tracing->sink && sink_close(tracing->sink, status < 0 ? &(struct error){ .text = "" } : err) < 0)
		status = -1;
	reverse_free(tracing->reverse);
	trace_free(tracing->trace);
	match_free(tracing->match);
	wire_close(tracing->wire);
	if (tracing->signals >= 0)
		close(tracing->signals);
	text_release(&tracing->out);
	return status;
}

int tracing_run(const struct trace_settings *settings, struct error *err)
{
	struct tracing tracing = {
		.settings = settings,
		.view = view_of(settings->arguments),
		.narrator = { .reasons = settings->arguments->explain, .say = say_call },
		.options = settings->trace,
		.signals = -1,
		.keys = -1,
	};
	int status = tracing_open(&tracing, err);

	if (status == 0)
		status = show_all(&tracing, err);
	if (status == 0)
		status = trace_reached(tracing.trace) ? EXIT_DONE : EXIT_NO;
	return release(&tracing, status, err);
}
