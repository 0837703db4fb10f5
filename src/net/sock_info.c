/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of connections and of IP that only demonstrations need, and those whose values are no numbers. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include "net/narrate.h"
#include "sockets/sockopt_words.h"

#define OPTION(level, option)                                                                                          \
	{                                                                                                              \
		level, option, #level, #option                                                                         \
	}
const struct sock_option sock_cork = OPTION(IPPROTO_TCP, TCP_CORK);
const struct sock_option sock_quickack = OPTION(IPPROTO_TCP, TCP_QUICKACK);
const struct sock_option sock_maxseg = OPTION(IPPROTO_TCP, TCP_MAXSEG);
const struct sock_option sock_keepcnt = OPTION(IPPROTO_TCP, TCP_KEEPCNT);
const struct sock_option sock_linger2 = OPTION(IPPROTO_TCP, TCP_LINGER2);
const struct sock_option sock_defer_accept = OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT);
const struct sock_option sock_congestion = OPTION(IPPROTO_TCP, TCP_CONGESTION);
const struct sock_option sock_tcp_info = OPTION(IPPROTO_TCP, TCP_INFO);
const struct sock_option sock_fastopen = OPTION(IPPROTO_TCP, TCP_FASTOPEN);
const struct sock_option sock_fastopen_no_cookie = OPTION(IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE);
const struct sock_option sock_recvtos = OPTION(IPPROTO_IP, IP_RECVTOS);
const struct sock_option sock_freebind = OPTION(IPPROTO_IP, IP_FREEBIND);
const struct sock_option sock_transparent = OPTION(IPPROTO_IP, IP_TRANSPARENT);
const struct sock_option sock_multicast_if = OPTION(IPPROTO_IP, IP_MULTICAST_IF);
const struct sock_option sock_multicast_ttl = OPTION(IPPROTO_IP, IP_MULTICAST_TTL);
const struct sock_option sock_multicast_loop = OPTION(IPPROTO_IP, IP_MULTICAST_LOOP);
const struct sock_option sock_add_membership = OPTION(IPPROTO_IP, IP_ADD_MEMBERSHIP);
const struct sock_option sock_attach_filter = OPTION(SOL_SOCKET, SO_ATTACH_FILTER);
#undef OPTION

static __attribute__((cold)) void tell(const struct narrator *n, int fd, const struct sock_option *option,
				       const struct text *value, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "getsockopt(%d, %s, %s, ", fd, option->level_name, option->option_name);
	if (result < 0)
		text_string(&call.line, "value");
	else
		text_add(&call.line, value->data, value->length);
	text_char(&call.line, ')');
	call_over(&call, result);
}

int sock_get_text(const struct narrator *n, int fd, const struct sock_option *option, char *value, size_t size,
		  const char *why)
{
	socklen_t length = (socklen_t)size - 1;
	int result = getsockopt(fd, option->level, option->option, value, &length), error = errno;
	struct text told = { 0 };

	value[result < 0 ? 0 : length] = '\0';
	if (n) {
		narrate_quoted(&told, value, strlen(value));
		errno = error;
		tell(n, fd, option, &told, why, result);
		text_release(&told);
	}
	return result;
}

int sock_get_info(const struct narrator *n, int fd, struct tcp_info *info, const char *why)
{
	socklen_t length = sizeof *info;
	struct text told = { 0 };
	int result, error;

	*info = (struct tcp_info){ .tcpi_state = 0 };
	result = getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &length);
	error = errno;
	if (n) {
		text_char(&told, '{');
		if (result == 0)
			sockopt_show_tcp_info(info, length, &told);
		text_char(&told, '}');
		errno = error;
		tell(n, fd, &sock_tcp_info, &told, why, result);
		text_release(&told);
	}
	return result;
}
