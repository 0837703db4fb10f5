/* SPDX-License-Identifier: BSD-2-Clause */
/* How a connection begins. */
#include <netinet/in.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

int demo_defer_accept(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct address at, deferred_at;
	int usual = stage_listen(&s, &at), deferred = stage_listen(&s, &deferred_at), client;
	bool first, second, third;

	stage_set(&s, deferred, &sock_defer_accept, 30, "accept() is to wait for data, for thirty seconds or so.");
	stage_connect(&s, &at);
	first = stage_readable(&s, usual, STAGE_PATIENCE, "After the handshake a usual server can accept.");
	client = stage_connect(&s, &deferred_at);
	second = stage_readable(&s, deferred, 0, "The client is connected as well, but this server has nothing to do.");
	stage_send(&s, client, "GET /", "The client speaks first.");
	third = stage_readable(&s, deferred, STAGE_PATIENCE, "Now the server can accept, and has something to read.");
	return stage_end(&s, first && !second && third,
			 "acceptable: %s without the option; with it %s before data, %s after", first ? "yes" : "no",
			 second ? "yes" : "no", third ? "yes" : "no");
}

int demo_fastopen(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct address at;
	struct tcp_info after;
	char text[256];
	const long allowed = stage_setting("/proc/sys/net/ipv4/tcp_fastopen"); /* bits: 1 clients, 2 servers */
	int listener, client;
	ssize_t sent;

	if (allowed < 0 || (allowed & 3) != 3)
		return stage_refuse(&s, "TCP_FASTOPEN: net.ipv4.tcp_fastopen does not allow it to clients and servers; "
					"set it to 3 with sysctl");
	listener = stage_listen(&s, &at);
	stage_set(&s, listener, &sock_fastopen, 5, "Five such connections may wait.");
	stage_set(&s, listener, &sock_fastopen_no_cookie, 1,
		  "Without a cookie, which would need an earlier connection.");
	client = stage_open(&s, AF_INET, SOCK_STREAM, "A client that does not call connect().");
	stage_set(&s, client, &sock_fastopen_no_cookie, 1, "It sends data without a cookie, too.");
	sent = s.failed ? -1 : sock_sendto(n, client, "hello", 5, MSG_FASTOPEN, &at, "Data and SYN in one segment.");
	if (!s.failed && sent < 0)
		stage_fail(&s, "sendto");
	stage_receive(&s, stage_accept(&s, listener), text, NULL, "The server has the data with the connection.");
	after = stage_info(&s, client, "Was it acknowledged with the SYN?");
	return stage_end(&s, !strcmp(text, "hello") && after.tcpi_options & TCPI_OPT_SYN_DATA,
			 "the server got '%s', and the SYN's data was not acknowledged with it", text);
}
