/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that the roles of date, echo and chat share, and what their values mean. */
#include "cmd/play.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/chat.h"

/* ------------------------------------------------------------------------------------------------ rows */

static int set_explain(void *group, const char *value, struct error *err)
{
	static const char *const words[] = { "calls", NULL };
	struct play_options *options = group;

	if (value && option_word("--explain", value, words, err) < 0)
		return -1;
	options->explain = value ? PLAY_EXPLAIN_CALLS : PLAY_EXPLAIN;
	return 0;
}

#define MEMBER(name) offsetof(struct play_options, name)
const struct option_row play_transport_rows[] = {
	{ 'u', "udp", NULL, OPTION_FLAG, MEMBER(udp), "over UDP", NULL, NULL },
	{ 't', "tcp", NULL, OPTION_FLAG, MEMBER(tcp), "over TCP", NULL, NULL },
	PLAY_ROWS_END,
};

const struct option_row play_broadcast_rows[] = {
	PLAY_TO_ROW("broadcast to this address instead of 255.255.255.255: a network's own, such as 192.0.2.255"),
	PLAY_INTERFACE_ROW("send out of this interface only, instead of all that are up"),
	PLAY_BIND_ROW("send from this address of this machine"),
	PLAY_ROWS_END,
};

const struct option_row play_server_rows[] = {
	{ 0, "model", "MODEL", OPTION_STRING, MEMBER(model),
	  "who serves whom, and what is waited for: iterative, fork, threads, select, poll, epoll (the default) or "
	  "uring; sonde list models explains them",
	  NULL, "model" },
	PLAY_COUNT_ROWS("stop after N datagrams and ended connections"),
	PLAY_TIMEOUT_ROW("stop when nothing has come for so long: 30s, 5min"),
	PLAY_ROWS_END,
};

static const struct option_row listener_where_rows[] = {
	PLAY_BOUND_PORT_ROW(PLAY_BROADCAST_PORT, ""),
	PLAY_ADDRESS_ROWS,
	PLAY_ROWS_END,
};

static const struct option_row listener_stop_rows[] = {
	PLAY_COUNT_ROWS("stop after N datagrams"),
	PLAY_TIMEOUT_ROW("stop when nothing has come for so long; exit status 1 when nothing came at all"),
	PLAY_ROWS_END,
};

const struct option_row play_asker_rows[] = {
	PLAY_COUNT_ROWS("ask N times"),
	PLAY_EVERY_ROW("so long between two requests"),
	PLAY_TIMEOUT_ROW("wait so long for an answer (3s)"),
	PLAY_ROWS_END,
};

const struct option_row play_output_rows[] = {
	{ 'v', "verbose", NULL, OPTION_FLAG, MEMBER(verbose), "print every event: who came, what was said, who went",
	  NULL, NULL },
	{ 0, "json", NULL, OPTION_FLAG, MEMBER(json), "print every event as a JSON object, one a line", NULL, NULL },
	{ 0, "explain", "[=calls]", OPTION_SET, 0,
	  "tell each socket call as it is made, on standard error, with a sentence on why it is there; =calls: without "
	  "the sentences",
	  set_explain, NULL },
	PLAY_ROWS_END,
};

const struct option_row play_ready_rows[] = {
	{ 0, "ready-fd", "FD", OPTION_STRING, MEMBER(ready),
	  "write a newline to this descriptor and close it as soon as nothing that is sent here is lost", NULL, "" },
	PLAY_ROWS_END,
};
#undef MEMBER

const struct option_group play_listener_groups[] = {
	{ "Where it listens", listener_where_rows, 0 },
	{ "When it stops", listener_stop_rows, 0 },
	PLAY_OUTPUT_GROUP,
	PLAY_READY_GROUP,
	{ NULL, NULL, 0 },
};

const char play_listener_description[] =
	"Prints each datagram that comes to port " PLAY_BROADCAST_PORT ", a line each. Several listeners share the "
	"port, and all of them hear a broadcast. IPv6, which has groups instead of broadcasts, is listened to with -6.";

/* ------------------------------------------------------------------------------------------------ values */

int play_user(const struct play_options *options, const char **user, struct error *err)
{
	const char *environment = getenv("USER");
	const struct passwd *login;

	if (options->user) {
		*user = options->user;
	} else if (environment && *environment) {
		*user = environment;
	} else {
		login = getpwuid(getuid());
		if (!login)
			return error_set(err, "no user name: USER is not set and user %u has no login name; use --user",
					 (unsigned)getuid());
		*user = login->pw_name;
	}
	if (!**user)
		return error_set(err, "--user is empty: give a name");
	if (!chat_text_is_valid((const uint8_t *)*user, strlen(*user)))
		return error_set(err, "the user name has characters that cannot be shown: use one of printable UTF-8");
	return 0;
}

int play_terminator(const struct play_options *options, const char *otherwise, const char **terminator,
		    struct error *err)
{
	static const char *const names[] = { "none", "lf", "crlf", NULL };
	static const char *const octets[] = { "", "\n", "\r\n" };
	int i = options->terminator ? option_word("--terminator", options->terminator, names, err) : 0;

	if (i < 0)
		return -1;
	*terminator = options->terminator ? octets[i] : otherwise;
	return 0;
}

int play_date_format(const char *name, enum date_format *format, struct error *err)
{
	const char *names[DATE_FORMAT_COUNT + 1] = { NULL };
	int i;

	for (i = 0; i < DATE_FORMAT_COUNT; i++)
		names[i] = date_formats[i].name;
	i = name ? option_word("--format", name, names, err) : DATE_PYTHON;
	if (i < 0)
		return -1;
	*format = (enum date_format)i;
	return 0;
}

int play_transport(const struct play_options *options, struct error *err)
{
	if (options->udp && options->tcp)
		return error_set(err, "-u and -t: a client uses one of them");
	return options->tcp ? SOCK_STREAM : SOCK_DGRAM;
}
