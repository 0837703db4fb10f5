/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every socket call that a player makes, told as it happens when somebody wants to hear it (--explain).
 *
 * Each function is the system call of its name: same arguments, same result, errno set on failure. In front of them
 * stands the narrator (NULL: silence, and then nothing is paid for it); behind them `why`: one sentence for a student
 * on why the call is there, said under the call. A call that may sleep is told before, ending in " ...", and its result
 * after, beginning with "... "; all others in one line: `setsockopt(3, SOL_SOCKET, SO_BROADCAST, 1) = 0`.
 *
 * In a told call an address stands for C's pointer and length, and what the call fills in stands in its place, or after
 * the result for poll() and select(). What may sleep: poll, select and epoll_wait unless their timeout is 0; connect of
 * a stream, accept and the receiving calls when the descriptor blocks. An out address has length 0 when there is none.
 *
 * Data in arguments is cut and escaped; no line holds anything that a terminal would obey. A narrator may be used by
 * many threads and, after fork(), by many processes at once.
 */
#pragma once

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

#include "base/address.h"

#define DATAGRAM_MOST 65535u    /* octets: no datagram has more */
#define DATAGRAM_PAYLOAD 65507u /* octets: what fits into one of IPv4 */

struct narrator {
	bool reasons; /* say the sentences as well */
	/* One call, its sentence on a line of its own; ends with a newline. Called from any thread. */
	void (*say)(void *context, const char *text, size_t length);
	void *context;
};

/* A name for setsockopt's constants: {SOL_SOCKET, SO_BROADCAST} prints as "SOL_SOCKET, SO_BROADCAST". */
struct sock_option {
	int level, option;
	const char *level_name, *option_name;
};
extern const struct sock_option sock_reuseaddr, sock_reuseport, sock_broadcast, sock_keepalive, sock_nodelay,
	sock_user_timeout, sock_keepidle, sock_keepintvl, sock_v6only, sock_pktinfo, sock_v6pktinfo, sock_recverr,
	sock_v6recverr, sock_error, sock_ttl, sock_tos, sock_hdrincl, sock_mtu_discover, sock_mtu, sock_recvttl,
	sock_recverr_rfc4884, sock_v6hops, sock_v6class, sock_v6hdrincl, sock_v6mtu_discover, sock_v6mtu,
	sock_v6recvhops, sock_v6recverr_rfc4884, sock_timestamping, sock_device, sock_syncnt, sock_icmp_filter,
	sock_icmp6_filter;
/* Of connections, of groups, and of addresses, for the demonstrations. */
extern const struct sock_option sock_cork, sock_quickack, sock_maxseg, sock_keepcnt, sock_linger2, sock_defer_accept,
	sock_congestion, sock_tcp_info, sock_fastopen, sock_fastopen_no_cookie, sock_recvtos, sock_freebind,
	sock_transparent, sock_multicast_if, sock_multicast_ttl, sock_multicast_loop, sock_add_membership,
	sock_attach_filter;
/* Of every socket and of UDP, for the demonstrations too. */
extern const struct sock_option sock_type, sock_domain, sock_protocol, sock_acceptconn, sock_cookie, sock_dontroute,
	sock_rcvbuf, sock_rcvbufforce, sock_sndbuf, sock_sndbufforce, sock_rcvlowat, sock_rcvtimeo, sock_sndtimeo,
	sock_rxq_ovfl, sock_peek_off, sock_oobinline, sock_zerocopy, sock_timestamp, sock_timestampns,
	sock_max_pacing_rate, sock_priority, sock_rcvpriority, sock_mark, sock_incoming_cpu, sock_detach_filter,
	sock_passcred, sock_peercred, sock_udp_cork, sock_udp_segment, sock_udp_gro, sock_udp_no_check6_tx,
	sock_udp_no_check6_rx;

/* domain: AF_INET, AF_INET6; type: SOCK_DGRAM, SOCK_STREAM, perhaps with SOCK_NONBLOCK. SOCK_CLOEXEC is added. */
int sock_open(const struct narrator *n, int domain, int type, const char *why);
/* The same of a protocol: IPPROTO_RAW with SOCK_RAW, IPPROTO_ICMP with SOCK_DGRAM. */
int sock_open_protocol(const struct narrator *n, int domain, int type, int protocol, const char *why);
/* Two sockets of this machine (AF_UNIX) that are connected to each other, without a name. */
int sock_pair(const struct narrator *n, int type, int fds[2], const char *why);
int sock_set(const struct narrator *n, int fd, const struct sock_option *option, int value, const char *why);
/*
 * Options whose value is a text (SO_BINDTODEVICE), a struct of its own (told as its length), a struct linger that is on
 * (SO_LINGER), or a struct timeval (SO_RCVTIMEO, told in seconds and microseconds).
 */
int sock_set_text(const struct narrator *n, int fd, const struct sock_option *option, const char *value,
		  const char *why);
int sock_set_octets(const struct narrator *n, int fd, const struct sock_option *option, const void *value,
		    size_t length, const char *why);
int sock_set_linger(const struct narrator *n, int fd, int seconds, const char *why);
int sock_set_time(const struct narrator *n, int fd, const struct sock_option *option, int ms, const char *why);
int sock_get(const struct narrator *n, int fd, const struct sock_option *option, int *value, const char *why);
/* Of options whose value is a text; it ends with a NUL whatever came. size: at least 1. */
int sock_get_text(const struct narrator *n, int fd, const struct sock_option *option, char *value, size_t size,
		  const char *why);
/* Of options whose value is neither, told in the words of the table of options. What the kernel does not fill is zero.
 */
int sock_get_octets(const struct narrator *n, int fd, const struct sock_option *option, void *value, size_t size,
		    const char *why);
/* TCP_INFO, told in a few words. What an older kernel does not know is zero. */
struct tcp_info;
int sock_get_info(const struct narrator *n, int fd, struct tcp_info *info, const char *why);
int sock_bind(const struct narrator *n, int fd, const struct address *address, const char *why);
int sock_listen(const struct narrator *n, int fd, int backlog, const char *why);
int sock_connect(const struct narrator *n, int fd, const struct address *address, const char *why);
/* flags as accept4(2); SOCK_CLOEXEC is added. */
int sock_accept(const struct narrator *n, int fd, struct address *peer, int flags, const char *why);
int sock_name(const struct narrator *n, int fd, struct address *local, const char *why); /* getsockname */
int sock_peer(const struct narrator *n, int fd, struct address *peer, const char *why);  /* getpeername */

/* MSG_NOSIGNAL is added to the flags of every sending call. */
ssize_t sock_send(const struct narrator *n, int fd, const void *data, size_t length, int flags, const char *why);
ssize_t sock_sendto(const struct narrator *n, int fd, const void *data, size_t length, int flags,
		    const struct address *to, const char *why);
ssize_t sock_sendmsg(const struct narrator *n, int fd, const struct msghdr *message, int flags, const char *why);
int sock_sendmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why);
ssize_t sock_recv(const struct narrator *n, int fd, void *data, size_t size, int flags, const char *why);
ssize_t sock_recvfrom(const struct narrator *n, int fd, void *data, size_t size, int flags, struct address *from,
		      const char *why);
ssize_t sock_recvmsg(const struct narrator *n, int fd, struct msghdr *message, int flags, const char *why);
int sock_recvmmsg(const struct narrator *n, int fd, struct mmsghdr *messages, unsigned count, int flags,
		  const char *why);
int sock_shutdown(const struct narrator *n, int fd, int how, const char *why);
int sock_close(const struct narrator *n, int fd, const char *why);

int sock_poll(const struct narrator *n, struct pollfd *fds, nfds_t count, int timeout_ms, const char *why);
int sock_select(const struct narrator *n, int count, fd_set *readable, fd_set *writable, int timeout_ms,
		const char *why);
int sock_epoll_create(const struct narrator *n, const char *why);
int sock_epoll_ctl(const struct narrator *n, int epoll, int operation, int fd, struct epoll_event *event,
		   const char *why);
int sock_epoll_wait(const struct narrator *n, int epoll, struct epoll_event *events, int most, int timeout_ms,
		    const char *why);

/*
 * For what is no socket call of ours but belongs into the story: getaddrinfo, fork, pthread_create, the requests and
 * completions of an io_uring. `call` is the whole line, escaped here; why may be NULL.
 */
void sock_tell(const struct narrator *n, const char *why, const char *call, ...) __attribute__((format(printf, 3, 4)));
