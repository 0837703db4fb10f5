/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde trace --live: the report, drawn again and again; with keys when it is a terminal. */
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cmd/trace_rounds.h"

#define REDRAW_NS (100 * NS_PER_MS) /* a terminal over ssh is not drawn more often */

#define REPORT_ORDER_JITTER "SRD JMXI"

#define SCREEN_ENTER "\033[?1049h\033[?25l"
#define SCREEN_LEAVE "\033[?25h\033[?1049l"
#define SCREEN_HOME "\033[H"
#define LINE_REST "\033[K"
#define SCREEN_REST "\033[J"

struct live {
	struct trace_rounds rounds;
	bool terminal; /* what is shown is drawn over, and keys are looked at */
	bool changed;
	int64_t drawn; /* ns of CLOCK_MONOTONIC */
	struct termios before;
	bool raw; /* the terminal gives each key at once: `before` is to be restored */
};

/* ------------------------------------------------------------------------------------------------ the terminal */

static void take_keys(struct tracing *tracing, struct live *live)
{
	struct termios now;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &live->before) < 0)
		return;
	now = live->before;
	now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &now) < 0)
		return;
	live->raw = true;
	tracing->keys = STDIN_FILENO;
}

static int live_begin(struct tracing *tracing, struct error *err)
{
	struct live *live = mem_new(1, sizeof *live);

	tracing->state = live;
	live->changed = true;
	live->terminal = isatty(STDOUT_FILENO);
	if (trace_rounds_open(&live->rounds, tracing, REPORT_ORDER_LIVE, REPORT_ORDER_JITTER, err) < 0)
		return -1;
	if (live->terminal) {
		take_keys(tracing, live);
		text_string(&tracing->out, SCREEN_ENTER);
	}
	return 0;
}

static void live_release(struct tracing *tracing)
{
	struct live *live = tracing->state;
	struct text leave = { 0 };

	if (!live)
		return;
	if (live->raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &live->before);
	if (live->terminal) {
		text_string(&leave, SCREEN_LEAVE);
		/* The screen is gone, or it can be told nothing. */
		if (write(STDOUT_FILENO, leave.data, leave.length) < 0)
			live->terminal = false;
		text_release(&leave);
	}
	trace_rounds_release(&live->rounds);
	free(live);
	tracing->state = NULL;
}

/* ------------------------------------------------------------------------------------------------ drawing */

static const char keys_help[] = "q quit  p pause  r restart statistics  n names  j jitter";

/* Every line takes the place of the one that stood there. */
static void draw_over(const struct text *lines, struct text *out)
{
	text_string(out, SCREEN_HOME);
	for (size_t at = 0; at < lines->length; at++) {
		if (lines->data[at] == '\n')
			text_string(out, LINE_REST "\r");
		text_char(out, lines->data[at]);
	}
	text_string(out, SCREEN_REST);
}

static void draw(struct tracing *tracing, struct live *live)
{
	struct text lines = { 0 };

	trace_rounds_table(&live->rounds, &lines);
	text_format(&lines, "\n%s%s\n", tracing->paused ? "paused; " : "", keys_help);
	draw_over(&lines, &tracing->out);
	text_release(&lines);
}

/* Without a screen a table stands below the other: not more often than a round goes. */
static int64_t pause_between(const struct tracing *tracing, const struct live *live)
{
	return live->terminal ? REDRAW_NS : tracing->options.interval;
}

static int live_look(struct tracing *tracing, int64_t now, int64_t *again, struct error *err)
{
	struct live *live = tracing->state;
	int64_t next = live->drawn + pause_between(tracing, live);

	(void)err;
	if (!live->changed)
		return 0;
	if (now < next) {
		*again = next;
		return 0;
	}
	live->drawn = now;
	live->changed = false;
	if (live->terminal)
		draw(tracing, live);
	else
		trace_rounds_table(&live->rounds, &tracing->out);
	return 0;
}

/* ------------------------------------------------------------------------------------------------ what comes */

static int live_sent(struct tracing *tracing, const struct probe *probe, struct error *err)
{
	(void)err;
	(void)probe;
	((struct live *)tracing->state)->changed = true;
	return 0;
}

static int live_answered(struct tracing *tracing, const struct probe *probe, const struct answer *answer,
			 enum match_answer what, struct error *err)
{
	(void)answer;
	trace_rounds_answered(&((struct live *)tracing->state)->rounds, probe, what);
	return live_sent(tracing, probe, err);
}

static void quit(struct tracing *tracing)
{
	tracing->interrupted = true;
}

static void pause_or_go_on(struct tracing *tracing)
{
	tracing->paused = !tracing->paused;
}

static void restart(struct tracing *tracing)
{
	trace_rounds_restart(&((struct live *)tracing->state)->rounds);
}

static void names_or_numbers(struct tracing *tracing)
{
	struct path *path = &((struct live *)tracing->state)->rounds.path;

	path->numeric = !path->numeric;
}

static void other_columns(struct tracing *tracing)
{
	struct trace_rounds *rounds = &((struct live *)tracing->state)->rounds;

	rounds->order = !rounds->order;
}

static const struct {
	char key;
	void (*act)(struct tracing *tracing);
} keys[] = {
	{ 'q', quit },    { 'p', pause_or_go_on },   { ' ', pause_or_go_on },
	{ 'r', restart }, { 'n', names_or_numbers }, { 'j', other_columns },
};

static int live_key(struct tracing *tracing, char key, struct error *err)
{
	(void)err;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].key == key)
			keys[i].act(tracing);
	((struct live *)tracing->state)->changed = true;
	return 0;
}

/* The last state stays on the screen that the shell goes on with. */
static int live_end(struct tracing *tracing, struct error *err)
{
	struct live *live = tracing->state;

	(void)err;
	if (live->terminal)
		text_string(&tracing->out, SCREEN_LEAVE);
	live->terminal = false;
	trace_rounds_table(&live->rounds, &tracing->out);
	trace_rounds_notes(&live->rounds, &tracing->out);
	return 0;
}

const struct trace_view trace_live_view = {
	.name = "live",
	.begin = live_begin,
	.sent = live_sent,
	.answered = live_answered,
	.look = live_look,
	.key = live_key,
	.end = live_end,
	.release = live_release,
};
