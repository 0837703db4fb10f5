/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/sockets_explain.h"

#include <strings.h>

#include "base/nearest.h"

#define WIDTH 100
#define INDENT 16

struct meaning {
	const char *word, *text;
	unsigned shown; /* bits of enum in which table it is a title */
};

enum { IN_SS = 1, IN_NETSTAT = 2, IN_PROCESSES = 4, IN_EXTENDED = 8, IN_TIMERS = 16, IN_MEMORY = 32, IN_INFO = 64 };

static const struct meaning meanings[] = {
	{ "Netid", "Kind of socket: tcp, udp, raw, p_raw and p_dgr (packet), u_str, u_dgr and u_seq (unix).", IN_SS },
	{ "Proto", "Kind of socket: tcp, udp, raw, unix; with a 6 when the program asked for IPv6.", IN_NETSTAT },
	{ "State",
	  "What the connection waits for; sockets without connections are UNCONN (no peer) or ESTAB "
	  "(connect() was called).",
	  IN_SS | IN_NETSTAT },
	{ "Recv-Q",
	  "Of a connection: octets that came and that the program has not read. Of a LISTEN socket: "
	  "connections that wait for accept(). Of UDP: memory of the datagrams that wait to be read (more than "
	  "their data).",
	  IN_SS | IN_NETSTAT },
	{ "Send-Q",
	  "Of a connection: octets that were sent and are not acknowledged, or not sent yet. Of a LISTEN socket: "
	  "the backlog, which is how many connections may wait for accept() (netstat shows 0). Of UDP: memory of "
	  "datagrams that wait to be sent.",
	  IN_SS | IN_NETSTAT },
	{ "Local Address:Port",
	  "This end. 0.0.0.0, [::] and * stand for every address of this machine: [::] takes IPv6 "
	  "alone, * takes IPv4 too. %NAME: bound to that interface. Of unix: a path, or a name that "
	  "begins with @, and the inode.",
	  IN_SS | IN_NETSTAT },
	{ "Peer Address:Port", "The other end; * as port: there is none.", IN_SS },
	{ "Foreign Address", "The other end; * as port: there is none.", IN_NETSTAT },
	{ "Process", "users: who has the socket open: name, process id, descriptor. After fork() there are several.",
	  IN_SS | IN_PROCESSES },
	{ "PID/Program name", "Who has the socket open; several processes are parted by commas.",
	  IN_NETSTAT | IN_PROCESSES },
	{ "timer",
	  "What TCP waits for, until when, and how often it had no answer: on (an acknowledgement; then it sends "
	  "again), keepalive (time to ask an idle peer), timewait (the end of TIME-WAIT), persist (the peer's "
	  "window is closed; then it asks).",
	  IN_TIMERS },
	{ "extended",
	  "uid: the user, when it is not root; ino: the inode; sk: a number of the socket alone; v6only: 0 when "
	  "a socket of IPv6 takes IPv4 too; <-> open in both directions, --> only to the peer, <-- only from it; "
	  "peer: who has the other end.",
	  IN_SS | IN_EXTENDED },
	{ "skmem",
	  "Memory in octets: r received and waiting, rb the most of it (SO_RCVBUF), t on its way out, tb the most "
	  "of it (SO_SNDBUF), f reserved, w waiting to be sent, o options, bl came while the socket was busy; d "
	  "packets that were dropped.",
	  IN_MEMORY },
	{ "TCP_INFO",
	  "What TCP knows of the connection: rto timeout and rtt round trip in ms, mss data in a segment, cwnd "
	  "segments that may be on their way, ssthresh where slow start ends. Each word is explained by "
	  "--explain=WORD.",
	  IN_INFO },
	{ "backlog",
	  "The second argument of listen(): how many connections may wait for accept(), at most the sysctl "
	  "net.core.somaxconn. When the queue is full, the kernel drops what completes a handshake, and the "
	  "client tries again and again.",
	  0 },
	{ "LISTEN", "A server waits for clients: listen() was called.", 0 },
	{ "SYN-SENT",
	  "connect() has sent its SYN and has no answer. When it stays, nobody answers: a wrong address, or a "
	  "firewall.",
	  0 },
	{ "SYN-RECV", "A client's SYN was answered, and the third segment of the handshake is awaited.", 0 },
	{ "ESTAB", "The connection stands, and both sides may send.", 0 },
	{ "FIN-WAIT-1", "This side has closed first, and its FIN is not acknowledged yet.", 0 },
	{ "FIN-WAIT-2",
	  "This side has closed, the peer knows it and has not closed. It ends when the peer does, or after a "
	  "minute.",
	  0 },
	{ "CLOSE-WAIT",
	  "The peer has closed, and the program here has not called close() yet. It stays as long as the "
	  "program lets it.",
	  0 },
	{ "LAST-ACK", "The peer closed first, then this side, whose FIN is not acknowledged yet.", 0 },
	{ "CLOSING", "Both sides closed at the same time, and the peer's acknowledgement is awaited.", 0 },
	{ "TIME-WAIT",
	  "The connection is over. The side that closed first keeps its ports for a minute, so that late "
	  "segments harm no new connection. No process has it.",
	  0 },
	{ "UNCONN",
	  "Not connected: a socket of UDP that takes datagrams from anybody, or one that has only been bound.", 0 },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Words of -i and -m, and the column that each of them is. */
static const struct {
	const char *word, *column;
} aliases[] = {
	{ "cwnd", "tcp_info.snd_cwnd" },
	{ "ssthresh", "tcp_info.snd_ssthresh" },
	{ "mss", "tcp_info.snd_mss" },
	{ "rcvmss", "tcp_info.rcv_mss" },
	{ "wscale", "tcp_info.snd_wscale" },
	{ "lastsnd", "tcp_info.last_data_sent" },
	{ "lastrcv", "tcp_info.last_data_recv" },
	{ "lastack", "tcp_info.last_ack_recv" },
	{ "app_limited", "tcp_info.delivery_rate_app_limited" },
	{ "busy", "tcp_info.busy_time" },
	{ "notsent", "tcp_info.notsent_bytes" },
	{ "minrtt", "tcp_info.min_rtt" },
	{ "bytes_retrans", "tcp_info.bytes_retrans" },
	{ "rb", "memory.receive_most" },
	{ "tb", "memory.send_most" },
	{ "bl", "memory.backlog" },
	{ "d", "memory.drops" },
	{ "r", "memory.receive" },
	{ "t", "memory.send" },
	{ "f", "memory.forward" },
	{ "w", "memory.queued" },
	{ "o", "memory.option" },
	{ "sk", "cookie" },
	{ "ino", "inode" },
};

/* ------------------------------------------------------------------------------------------------ lines */

/* The word, then its meaning, broken into lines. */
static void explain(struct text *out, const char *word, const char *meaning)
{
	size_t start = out->length, line = start;

	text_string(out, word);
	text_string(out, ": ");
	text_pad(out, start, INDENT);
	while (*meaning) {
		size_t length = strcspn(meaning, " ");

		if (out->length - line + length > WIDTH) {
			out->length--; /* the blank */
			text_char(out, '\n');
			line = out->length;
			text_fill(out, ' ', INDENT);
		}
		text_add(out, meaning, length);
		meaning += length;
		if (*meaning == ' ') {
			meaning++;
			text_char(out, ' ');
		}
	}
	text_char(out, '\n');
}

static unsigned shown_bits(const struct sockets_look *look)
{
	return (look->processes ? IN_PROCESSES : 0) | (look->extended ? IN_EXTENDED : 0) |
	       (look->timers ? IN_TIMERS : 0) | (look->memory ? IN_MEMORY : 0) | (look->information ? IN_INFO : 0);
}

void sockets_explain_table(const struct sockets_look *look, struct text *out)
{
	const unsigned styles = IN_SS | IN_NETSTAT;
	unsigned style = look->style == STYLE_NETSTAT ? IN_NETSTAT : IN_SS, bits = shown_bits(look);

	for (size_t i = 0; i < COUNT(meanings); i++) {
		unsigned shown = meanings[i].shown;

		if (!shown || (shown & styles && !(shown & style)) || (shown & ~styles && !(shown & ~styles & bits)))
			continue;
		explain(out, meanings[i].word, meanings[i].text);
	}
}

void sockets_explain_states(unsigned states, struct text *out)
{
	for (unsigned i = 1; i < SOCKET_NEW_SYN_RECV; i++)
		for (size_t k = 0; states & SOCKET_STATE(i) && k < COUNT(meanings); k++)
			if (!strcmp(socket_state_ss(i), meanings[k].word))
				explain(out, meanings[k].word, meanings[k].text);
}

/* ------------------------------------------------------------------------------------------------ one word */

static void explain_column(struct text *out, const struct field_def *def)
{
	struct text both = { 0 };

	text_format(&both, "%s: %s.", def->label, def->help);
	text_char(&both, '\0');
	explain(out, def->name, both.data);
	text_release(&both);
}

static bool column_matches(const struct field_def *def, const char *word)
{
	const char *dot = strchr(def->name, '.');

	for (size_t i = 0; i < COUNT(aliases); i++)
		if (!strcmp(word, aliases[i].word))
			word = aliases[i].column;
	return !strcasecmp(def->name, word) || !strcasecmp(def->label, word) ||
	       (dot && !strncmp(def->name, "tcp_info.", 9) && !strcmp(dot + 1, word));
}

static bool meaning_matches(const struct meaning *meaning, const char *word)
{
	const char *netstat = NULL;

	/* "CLOSE_WAIT" is the same as "CLOSE-WAIT". */
	for (unsigned i = 1; i < SOCKET_STATES && !netstat; i++)
		if (!strcmp(socket_state_ss(i), meaning->word))
			netstat = socket_state_netstat(i);
	return !strcasecmp(meaning->word, word) || (netstat && !strcasecmp(netstat, word));
}

static int unknown(const char *word, struct error *err)
{
	const char *names[COUNT(meanings) + COUNT(aliases) + 256] = { NULL }, *near;
	size_t count = 0;

	for (size_t i = 0; i < COUNT(meanings); i++)
		names[count++] = meanings[i].word;
	for (size_t i = 0; i < COUNT(aliases); i++)
		names[count++] = aliases[i].word;
	for (unsigned i = 0; i < socket_columns.field_count && i < 255; i++)
		names[count++] = socket_columns.fields[i].name;
	near = nearest(word, names);
	if (near)
		return error_set(err, "--explain %s: no such word; did you mean %s?", word, near);
	return error_set(
		err, "--explain %s: no such word; titles, states, columns and the words of -i and -m are known", word);
}

int sockets_explain_word(const char *word, struct text *out, struct error *err)
{
	size_t start = out->length;

	for (size_t i = 0; i < COUNT(meanings); i++)
		if (meaning_matches(&meanings[i], word))
			explain(out, meanings[i].word, meanings[i].text);
	/* A column with the same title says the same. */
	if (out->length > start)
		return 0;
	for (unsigned i = 0; i < socket_columns.field_count; i++)
		if (column_matches(&socket_columns.fields[i], word))
			explain_column(out, &socket_columns.fields[i]);
	return out->length > start ? 0 : unknown(word, err);
}
