/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that only demonstrations need, and those whose values are no numbers. */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <netinet/udp.h>

#include "net/narrate.h"
#include "sockets/sockopt.h"

/* glibc and the kernel's headers may be older than the kernel. */
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#endif

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
const struct sock_option sock_type = OPTION(SOL_SOCKET, SO_TYPE);
const struct sock_option sock_domain = OPTION(SOL_SOCKET, SO_DOMAIN);
const struct sock_option sock_protocol = OPTION(SOL_SOCKET, SO_PROTOCOL);
const struct sock_option sock_acceptconn = OPTION(SOL_SOCKET, SO_ACCEPTCONN);
const struct sock_option sock_cookie = OPTION(SOL_SOCKET, SO_COOKIE);
const struct sock_option sock_dontroute = OPTION(SOL_SOCKET, SO_DONTROUTE);
const struct sock_option sock_rcvbuf = OPTION(SOL_SOCKET, SO_RCVBUF);
const struct sock_option sock_rcvbufforce = OPTION(SOL_SOCKET, SO_RCVBUFFORCE);
const struct sock_option sock_sndbuf = OPTION(SOL_SOCKET, SO_SNDBUF);
const struct sock_option sock_sndbufforce = OPTION(SOL_SOCKET, SO_SNDBUFFORCE);
const struct sock_option sock_rcvlowat = OPTION(SOL_SOCKET, SO_RCVLOWAT);
const struct sock_option sock_rcvtimeo = OPTION(SOL_SOCKET, SO_RCVTIMEO);
const struct sock_option sock_sndtimeo = OPTION(SOL_SOCKET, SO_SNDTIMEO);
const struct sock_option sock_rxq_ovfl = OPTION(SOL_SOCKET, SO_RXQ_OVFL);
const struct sock_option sock_peek_off = OPTION(SOL_SOCKET, SO_PEEK_OFF);
const struct sock_option sock_oobinline = OPTION(SOL_SOCKET, SO_OOBINLINE);
const struct sock_option sock_zerocopy = OPTION(SOL_SOCKET, SO_ZEROCOPY);
const struct sock_option sock_timestamp = OPTION(SOL_SOCKET, SO_TIMESTAMP);
const struct sock_option sock_timestampns = OPTION(SOL_SOCKET, SO_TIMESTAMPNS);
const struct sock_option sock_max_pacing_rate = OPTION(SOL_SOCKET, SO_MAX_PACING_RATE);
const struct sock_option sock_priority = OPTION(SOL_SOCKET, SO_PRIORITY);
const struct sock_option sock_rcvpriority = OPTION(SOL_SOCKET, SO_RCVPRIORITY);
const struct sock_option sock_mark = OPTION(SOL_SOCKET, SO_MARK);
const struct sock_option sock_incoming_cpu = OPTION(SOL_SOCKET, SO_INCOMING_CPU);
const struct sock_option sock_detach_filter = OPTION(SOL_SOCKET, SO_DETACH_FILTER);
const struct sock_option sock_passcred = OPTION(SOL_SOCKET, SO_PASSCRED);
const struct sock_option sock_peercred = OPTION(SOL_SOCKET, SO_PEERCRED);
const struct sock_option sock_udp_cork = OPTION(IPPROTO_UDP, UDP_CORK);
const struct sock_option sock_udp_segment = OPTION(IPPROTO_UDP, UDP_SEGMENT);
const struct sock_option sock_udp_gro = OPTION(IPPROTO_UDP, UDP_GRO);
const struct sock_option sock_udp_no_check6_tx = OPTION(IPPROTO_UDP, UDP_NO_CHECK6_TX);
const struct sock_option sock_udp_no_check6_rx = OPTION(IPPROTO_UDP, UDP_NO_CHECK6_RX);
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

/* As the list of options shows it; a struct in braces. */
static void show(const struct sock_option *option, const void *value, size_t length, struct text *told)
{
	struct error err;
	const struct sockopt *row = sockopt_find(option->option_name, &err);

	if (!row)
		bug("%s is not in the table of options", option->option_name);
	if (row->type != SOCKOPT_STRUCT) {
		sockopt_show(row, value, length, told);
		return;
	}
	text_char(told, '{');
	sockopt_show(row, value, length, told);
	text_char(told, '}');
}

int sock_get_octets(const struct narrator *n, int fd, const struct sock_option *option, void *value, size_t size,
		    const char *why)
{
	socklen_t length = (socklen_t)size;
	struct text told = { 0 };
	int result, error;

	memset(value, 0, size);
	result = getsockopt(fd, option->level, option->option, value, &length);
	error = errno;
	if (n) {
		if (result == 0)
			show(option, value, length, &told);
		errno = error;
		tell(n, fd, option, &told, why, result);
		text_release(&told);
	}
	return result;
}

int sock_get_info(const struct narrator *n, int fd, struct tcp_info *info, const char *why)
{
	return sock_get_octets(n, fd, &sock_tcp_info, info, sizeof *info, why);
}
