/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/play_report.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/process.h"

#define PATIENCE_S 1 /* so long output may take before signals end the program in the middle of it */

struct play_output {
	pthread_mutex_t lock; /* a line that a pipe takes in two parts is not to have another process's within it */
	bool failed;
	struct error err;
};

int play_report_open(struct play_report *report, struct error *err)
{
	pthread_mutexattr_t attributes;
	struct play_output *output =
		mmap(NULL, sizeof *output, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (output == MAP_FAILED)
		return error_errno(err, "no memory to share");
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&output->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	report->output = output;
	report->process = getpid();
	return 0;
}

int play_report_close(struct play_report *report, struct error *err)
{
	struct play_output *output = report->output;
	int status = output->failed ? error_set(err, "%s", output->err.text) : 0;

	pthread_mutex_destroy(&output->lock);
	munmap(output, sizeof *output);
	report->output = NULL;
	return status;
}

/*
 * Who takes signals has them come through a descriptor, and looks at that when nothing holds it up. Output that nobody
 * reads may do so for ever: then they end the program as usual.
 */
static void interruptible(const struct play_report *report, bool yes)
{
	if (report->ends_when_told)
		process_interruptible(yes);
}

static void lock(const struct play_report *report)
{
	struct play_output *output = report->output;
	struct timespec until;
	int result;

	clock_gettime(CLOCK_REALTIME, &until); /* pthread_mutex_clocklock() is unknown to ThreadSanitizer */
	until.tv_sec += PATIENCE_S;
	result = pthread_mutex_timedlock(&output->lock, &until);
	if (result == ETIMEDOUT) {
		interruptible(report, true);
		result = pthread_mutex_lock(&output->lock);
		interruptible(report, false);
	}
	/* A process that was killed while it printed has left nothing behind that needs repair. */
	if (result == EOWNERDEAD)
		pthread_mutex_consistent(&output->lock);
}

/* In parts for which a pipe has room when it says so; all of them are written, however long that takes. */
static int write_line(const struct play_report *report, int fd, const struct text *line)
{
	int result = 0;

	for (size_t at = 0; at < line->length && !result; at += PIPE_BUF) {
		struct text part = { .data = line->data + at, .length = line->length - at };
		struct pollfd room = { fd, POLLOUT, 0 };
		bool stuck = poll(&room, 1, PATIENCE_S * 1000) != 1;

		if (part.length > PIPE_BUF)
			part.length = PIPE_BUF;
		if (stuck)
			interruptible(report, true);
		result = command_write(fd, &part);
		if (stuck)
			interruptible(report, false);
	}
	return result;
}

static void unlock(struct play_output *output)
{
	pthread_mutex_unlock(&output->lock);
}

/*
 * Nobody hears us: to go on would be to serve in silence for ever. A role that takes signals ends as with any other, so
 * that its peers see a clean end; the error is what it says then.
 */
static void end(const struct play_report *report)
{
	if (report->ends_when_told) {
		kill(report->process, SIGTERM);
		return;
	}
	command_complain(report->command, report->output->err.text);
	_exit(EXIT_USAGE);
}

static void print(const struct play_report *report, const struct text *line)
{
	struct play_output *output = report->output;
	bool fails = false;

	lock(report);
	if (!output->failed && write_line(report, STDOUT_FILENO, line) < 0) {
		error_errno(&output->err, "standard output");
		output->failed = fails = true;
	}
	unlock(output);
	if (fails)
		end(report);
}

static void tell_ready(struct play_report *report)
{
	struct play_output *output = report->output;
	bool fails = false;

	lock(report);
	if (process_ready(report->ready, &output->err) < 0)
		output->failed = fails = true;
	unlock(output);
	report->ready = -1;
	if (fails)
		end(report);
}

/* ------------------------------------------------------------------------------------------------ what is printed */

#define BIT(kind) (1u << EVENT_##kind)

/* Always said, on standard error. */
static const unsigned troubles = BIT(TROUBLE) | BIT(PROMPT) | BIT(DROPPED);

static const unsigned results[PLAY_KINDS] = {
	[PLAY_SERVER] = BIT(LISTENING) | BIT(DONE),
	[PLAY_LISTENER] = BIT(LISTENING) | BIT(DONE) | BIT(RECEIVED),
	[PLAY_ASKER] = BIT(ANSWER),
	[PLAY_TALKER] = BIT(RECEIVED),
};

unsigned play_report_wants(const struct play_report *report)
{
	if (report->json || report->verbose)
		return (1u << EVENT_KINDS) - 1;
	return troubles | results[report->kind] | (report->ready >= 0 ? BIT(LISTENING) : 0);
}

/* Prompts are for whoever sits at the terminal and need no name in front of them. */
static void complain(const struct play_report *report, const struct event *event)
{
	struct text line = { 0 };

	if (event->kind != EVENT_PROMPT) {
		text_string(&line, "sonde ");
		command_name(report->command, &line);
		text_string(&line, ": ");
	}
	play_event_text(report, event, &line);
	/* When standard error fails there is nobody left to tell. */
	write_line(report, STDERR_FILENO, &line);
	text_release(&line);
}

void play_report_event(void *context, const struct event *event)
{
	struct play_report *report = context;
	unsigned bit = 1u << event->kind;
	bool trouble = troubles & bit && !(event->kind == EVENT_DROPPED && report->verbose);
	struct text line = { 0 };

	if (trouble)
		complain(report, event);
	if (report->json)
		play_event_json(event, &line);
	else if (!trouble)
		play_event_text(report, event, &line);
	if (line.length)
		print(report, &line);
	text_release(&line);
	if (event->kind == EVENT_LISTENING && !event->more && report->ready >= 0)
		tell_ready(report);
}

void play_report_say(void *context, const char *text, size_t length)
{
	struct text line = { .data = (char *)text, .length = length };

	/* What cannot be told changes nothing about what is done. */
	write_line(context, STDERR_FILENO, &line);
}
