/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of `sonde sockets`, and what they mean together. */
#include <string.h>

#include "cmd/sockets.h"
#include "sockets/ss_filter.h"

/* ------------------------------------------------------------------------------------------------ rows */

static int set_explain(void *group, const char *value, struct error *err)
{
	struct sockets_arguments *arguments = group;

	(void)err;
	arguments->explain = true;
	arguments->word = value;
	return 0;
}

#define ROW(letter, name, argument, type, member, help, complete)                                                      \
	{                                                                                                              \
		letter, name, argument, type, offsetof(struct sockets_arguments, member), help, NULL, complete         \
	}
#define FLAG(letter, name, member, help) ROW(letter, name, NULL, OPTION_FLAG, member, help, NULL)
#define ROWS_END                                                                                                       \
	{                                                                                                              \
		0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL                                                        \
	}

static const struct option_row which_rows[] = {
	FLAG('t', "tcp", tcp, "sockets of TCP"),
	FLAG('u', "udp", udp, "sockets of UDP"),
	FLAG('w', "raw", raw, "raw sockets, as ping and trace have"),
	FLAG('x', "unix", unix_sockets, "sockets of this machine alone (AF_UNIX)"),
	FLAG('0', "packet", packet, "packet sockets, as captures have"),
	FLAG('4', "ipv4", ipv4, "sockets of IPv4 only"),
	FLAG('6', "ipv6", ipv6, "sockets of IPv6 only"),
	FLAG('l', "listening", listening, "those that wait for somebody, and no others"),
	FLAG('a', "all", all, "those that wait for somebody too, and those that are about to vanish"),
	ROW(0, "netns", "NAME|PATH|PID", OPTION_STRING, netns,
	    "of another network namespace: its name, its file, or a process in it", ""),
	ROWS_END,
};

static const struct option_row what_rows[] = {
	FLAG('n', "numeric", numeric, "addresses and ports as numbers, no names"),
	FLAG('p', "processes", processes, "the processes that have the socket open, all of them"),
	FLAG('e', "extended", extended,
	     "user, inode, cookie, whether IPv6 takes IPv4, and the process at the other end when it is on this "
	     "machine"),
	FLAG('i', "info", information, "what TCP knows of the connection (TCP_INFO)"),
	FLAG('o', "options", timers, "the timer that runs"),
	FLAG('m', "memory", memory, "memory, buffers, and packets that were dropped"),
	FLAG('s', "summary", summary, "how many there are, and nothing else"),
	ROWS_END,
};

static const struct option_row how_rows[] = {
	ROW(0, "style", "ss|netstat", OPTION_STRING, style, "columns and words of that program (ss)", "ss netstat"),
	FLAG('H', "no-header", no_header, "leave out the titles"),
	FLAG('O', "oneline", one_line, "one line a socket: what -i and -m show stands behind it"),
	{ 0, "explain", "[=WORD]", OPTION_SET, 0,
	  "tell below the table what its columns mean and what is remarkable in it; =WORD: only what a title, a "
	  "column, a "
	  "state, or a word of -i and -m means",
	  set_explain, NULL },
	FLAG(0, "json", json, "print an object for each socket, with all that is known"),
	ROWS_END,
};

static const struct option_row watch_rows[] = {
	FLAG(0, "watch", watch, "print what appears, changes and goes, until Ctrl-C"),
	ROW(0, "period", "TIME", OPTION_TIME, period_ns, "between two looks: 20ms, 1s (50ms)", ""),
	ROW(0, "ready-fd", "FD", OPTION_STRING, ready,
	    "write a newline to this descriptor once the first look is over", ""),
	ROWS_END,
};

const struct option_group sockets_groups[] = {
	{ "Which sockets", which_rows, 0 },
	{ "What is shown of them", what_rows, 0 },
	{ "How it is shown", how_rows, 0 },
	{ "As time goes by", watch_rows, 0 },
	{ NULL, NULL, 0 },
};

/* ------------------------------------------------------------------------------------------------ kinds, states */

#define KIND(kind) (1u << (kind))
#define KINDS_OF_IP (KIND(SOCKET_TCP) | KIND(SOCKET_UDP) | KIND(SOCKET_RAW))
#define STATES_ALL (SOCKET_STATE(SOCKET_STATES) - 2)
#define STATES_LISTENING (SOCKET_STATE(SOCKET_LISTEN) | SOCKET_STATE(SOCKET_CLOSE))
#define STATES_SYN_RECV (SOCKET_STATE(SOCKET_SYN_RECV) | SOCKET_STATE(SOCKET_NEW_SYN_RECV))

static unsigned kinds_of(const struct sockets_arguments *a, enum sockets_style style)
{
	unsigned kinds = (a->tcp ? KIND(SOCKET_TCP) : 0) | (a->udp ? KIND(SOCKET_UDP) : 0) |
			 (a->raw ? KIND(SOCKET_RAW) : 0) | (a->packet ? KIND(SOCKET_PACKET) : 0) |
			 (a->unix_sockets ? KIND(SOCKET_UNIX) : 0);

	if (kinds)
		return kinds;
	if (a->ipv4 || a->ipv6)
		return KINDS_OF_IP;
	return style == STYLE_NETSTAT ? KINDS_OF_IP | KIND(SOCKET_UNIX) : KIND(SOCKET_KINDS) - 1;
}

/* What neither -a nor -l means is another thing in each style; a filter that looks at states sees all of them. */
static void choose_states(struct sockets_settings *settings)
{
	const struct sockets_arguments *a = settings->arguments;
	bool netstat = settings->look.style == STYLE_NETSTAT;
	const struct field_def *state = &socket_columns.fields[COLUMN_STATE];
	bool filtered = settings->filter && filter_reads_field(settings->filter, state);

	if (a->all || a->summary || (filtered && !a->listening) || (a->watch && !a->listening))
		settings->states = STATES_ALL;
	else if (a->listening)
		settings->states = STATES_LISTENING;
	else
		settings->states = netstat ? STATES_ALL & ~STATES_LISTENING : STATES_ALL & SOCKET_CONNECTED;
	for (unsigned i = 1; settings->filter && i < SOCKET_STATES; i++)
		if (!filter_may_pass(settings->filter, state, i == SOCKET_NEW_SYN_RECV ? SOCKET_SYN_RECV : i))
			settings->states &= ~SOCKET_STATE(i);
	settings->unix_states = settings->states;
	if (netstat && !a->all && !a->summary && !filtered)
		settings->unix_states =
			a->listening ? SOCKET_STATE(SOCKET_LISTEN) : STATES_ALL & ~SOCKET_STATE(SOCKET_LISTEN);
	settings->request.states = settings->states;
	if (settings->request.kinds & KIND(SOCKET_UNIX))
		settings->request.states |= settings->unix_states;
}

/* ------------------------------------------------------------------------------------------------ what is wanted */

static bool reads(const struct sockets_settings *settings, enum socket_column column)
{
	return socket_fields_want(settings->fields, column);
}

static bool reads_any(const struct sockets_settings *settings, enum socket_column from, enum socket_column to)
{
	for (enum socket_column column = from; column <= to; column++)
		if (reads(settings, column))
			return true;
	return false;
}

static void choose_wants(struct sockets_settings *settings)
{
	const struct sockets_arguments *a = settings->arguments;
	unsigned wants = 0;

	if (a->memory || a->explain || reads(settings, COLUMN_MEMORY))
		wants |= WANT_MEMORY;
	if (a->information || reads_any(settings, COLUMN_INFO_CONGESTION, COLUMN_INFO))
		wants |= WANT_INFO;
	if (reads_any(settings, COLUMN_TOS, COLUMN_MARK))
		wants |= WANT_CLASS;
	if (reads(settings, COLUMN_CGROUP))
		wants |= WANT_CGROUP;
	settings->request.wants = wants;
	settings->peers = a->extended || reads_any(settings, COLUMN_PEER_NAME, COLUMN_PEER_FD);
	settings->holders = a->processes || a->watch || a->explain || settings->peers ||
			    reads_any(settings, COLUMN_PROCESS_NAME, COLUMN_PROCESS_FD);
	/* The other end may be in a state that is not shown. */
	if (settings->peers)
		settings->request.states = STATES_ALL;
	settings->users = reads(settings, COLUMN_USER) || (a->extended && settings->look.style == STYLE_NETSTAT);
}

static void choose_look(struct sockets_settings *settings)
{
	const struct sockets_arguments *a = settings->arguments;
	unsigned kinds = settings->request.kinds, states = settings->states;
	struct sockets_look *look = &settings->look;

	if (states & STATES_SYN_RECV)
		states = (states & ~STATES_SYN_RECV) | SOCKET_STATE(SOCKET_SYN_RECV);
	if (kinds & KIND(SOCKET_UNIX))
		states |= settings->unix_states;
	if (!a->listening && !(kinds & (KIND(SOCKET_TCP) | KIND(SOCKET_UNIX))))
		states &= SOCKET_STATE(SOCKET_ESTABLISHED) | SOCKET_STATE(SOCKET_CLOSE); /* they have no others */
	look->netid = __builtin_popcount(kinds) > 1 || kinds & (KIND(SOCKET_PACKET) | KIND(SOCKET_UNIX));
	look->state = __builtin_popcount(states) > 1;
	look->processes = a->processes || a->watch;
	look->extended = a->extended;
	look->information = a->information;
	look->timers = a->timers;
	look->memory = a->memory;
	look->one_line = a->one_line || a->watch;
}

static int read_style(struct sockets_settings *settings, struct error *err)
{
	static const char *const styles[] = { [STYLE_SS] = "ss", [STYLE_NETSTAT] = "netstat", NULL };
	const struct sockets_arguments *a = settings->arguments;
	int style = a->style ? option_word("--style", a->style, styles, err) : STYLE_SS;

	if (style < 0)
		return -1;
	if (style == STYLE_NETSTAT && a->packet)
		return error_set(
			err, "--style netstat: netstat has no columns for packet sockets; leave out -0, or --style");
	if (a->explain && (a->json || a->summary))
		return error_set(err,
				 "--explain: it explains a table; leave out %s, or name a word, as in --explain=Recv-Q",
				 a->json ? "--json" : "-s");
	settings->look.style = (enum sockets_style)style;
	return 0;
}

static int check_watch(const struct sockets_arguments *a, struct error *err)
{
	if (!a->watch && (a->period_ns || a->ready))
		return error_set(err, "--period and --ready-fd are for watching; add --watch");
	if (a->watch && a->summary)
		return error_set(err, "--watch tells events, -s counts; leave out one of them");
	if (a->watch && a->style)
		return error_set(err, "--watch has the columns of ss; leave out --style");
	return 0;
}

/* In either language: what is no filter over the columns may be one of ss, and then becomes one. */
static struct filter *compile(const char *expression, struct error *err)
{
	struct filter *filter = filter_compile_for(&socket_names, expression, err);
	struct text translated = { 0 };

	if (filter || !ss_filter_is(expression))
		return filter;
	if (ss_filter_translate(expression, &translated, err) == 0) {
		text_char(&translated, '\0');
		filter = filter_compile_for(&socket_names, translated.data, err);
	}
	text_release(&translated);
	return filter;
}

static int read_filter(struct sockets_settings *settings, const struct words *words, struct error *err)
{
	struct text expression = { 0 };

	if (!words->count)
		return 0;
	for (size_t i = 0; i < words->count; i++) {
		text_string(&expression, i ? " " : "");
		text_string(&expression, words->list[i]);
	}
	text_char(&expression, '\0');
	settings->filter = compile(expression.data, err);
	text_release(&expression);
	return settings->filter ? 0 : -1;
}

int sockets_settings_read(struct sockets_settings *settings, const struct sockets_arguments *arguments,
			  const struct words *words, struct error *err)
{
	*settings = (struct sockets_settings){ .arguments = arguments, .period_ns = arguments->period_ns };
	if (!settings->period_ns)
		settings->period_ns = SOCKETS_PERIOD_NS;
	if (check_watch(arguments, err) < 0 || read_style(settings, err) < 0 || read_filter(settings, words, err) < 0)
		return -1;
	settings->fields = socket_fields_new(settings->filter, arguments->json && !arguments->summary);
	settings->request.kinds = kinds_of(arguments, settings->look.style);
	if (arguments->ipv4 != arguments->ipv6)
		settings->request.family = arguments->ipv4 ? AF_INET : AF_INET6;
	choose_states(settings);
	choose_wants(settings);
	choose_look(settings);
	return 0;
}

void sockets_settings_release(struct sockets_settings *settings)
{
	filter_free(settings->filter);
	socket_fields_free(settings->fields);
}
