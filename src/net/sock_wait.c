/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that wait for many descriptors. */
#include <errno.h>
#include <inttypes.h>

#include "net/narrate.h"

/* ------------------------------------------------------------------------------------------------ poll */

static const struct value_name poll_events[] = {
	{ POLLIN, "POLLIN" },
	{ POLLPRI, "POLLPRI" },
	{ POLLOUT, "POLLOUT" },
	{ POLLRDHUP, "POLLRDHUP" },
	{ POLLERR, "POLLERR" },
	{ POLLHUP, "POLLHUP" },
	{ POLLNVAL, "POLLNVAL" },
	{ 0, NULL },
};

/* What goes between the elements of a list; false: enough was said. */
static bool next_element(struct text *line, size_t index)
{
	if (index)
		text_string(line, ", ");
	if (index < NARRATE_LIST)
		return true;
	text_string(line, "...");
	return false;
}

/* Elements with a negative descriptor are places kept free: the kernel leaves them out, and so does the story. */
static void write_poll(struct call *call, const struct pollfd *fds, nfds_t count, int timeout_ms)
{
	size_t shown = 0, real = 0;

	for (nfds_t i = 0; i < count; i++)
		real += fds[i].fd >= 0;
	text_string(&call->line, "poll([");
	for (nfds_t i = 0; i < count; i++) {
		if (fds[i].fd < 0)
			continue;
		if (!next_element(&call->line, shown++))
			break;
		text_format(&call->line, "{%d, ", fds[i].fd);
		narrate_flags(&call->line, poll_events, (unsigned short)fds[i].events);
		text_char(&call->line, '}');
	}
	text_format(&call->line, "], %zu, %d)", real, timeout_ms);
}

static void write_polled(struct call *call, const struct pollfd *fds, nfds_t count)
{
	size_t said = 0;

	for (nfds_t i = 0; i < count; i++) {
		if (!fds[i].revents)
			continue;
		if (!said)
			text_string(&call->line, ": ");
		if (!next_element(&call->line, said++))
			return;
		text_format(&call->line, "{%d, ", fds[i].fd);
		narrate_flags(&call->line, poll_events, (unsigned short)fds[i].revents);
		text_char(&call->line, '}');
	}
}

static __attribute__((cold)) int poll_told(const struct narrator *n, struct pollfd *fds, nfds_t count, int timeout_ms,
					   const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	write_poll(&call, fds, count, timeout_ms);
	if (timeout_ms) {
		call_wait(&call);
		write_poll(&call, fds, count, timeout_ms);
	}
	result = poll(fds, count, timeout_ms);
	call_made(&call);
	call_result(&call, result);
	if (result > 0)
		write_polled(&call, fds, count);
	call_end(&call);
	return result;
}

int sock_poll(const struct narrator *n, struct pollfd *fds, nfds_t count, int timeout_ms, const char *why)
{
	return n ? poll_told(n, fds, count, timeout_ms, why) : poll(fds, count, timeout_ms);
}

/* ------------------------------------------------------------------------------------------------ select */

static int select_ms(int count, fd_set *readable, fd_set *writable, int timeout_ms)
{
	struct timeval timeout = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };

	return select(count, readable, writable, NULL, timeout_ms < 0 ? NULL : &timeout);
}

static void write_set(struct text *line, int count, const fd_set *set)
{
	size_t said = 0;

	if (!set) {
		text_string(line, "NULL");
		return;
	}
	text_char(line, '[');
	for (int fd = 0; fd < count && fd < FD_SETSIZE; fd++)
		if (FD_ISSET(fd, set)) {
			if (!next_element(line, said++))
				break;
			text_int(line, fd);
		}
	text_char(line, ']');
}

static void write_select(struct call *call, int count, const fd_set *readable, const fd_set *writable, int timeout_ms)
{
	text_format(&call->line, "select(%d, ", count);
	write_set(&call->line, count, readable);
	text_string(&call->line, ", ");
	write_set(&call->line, count, writable);
	if (timeout_ms < 0)
		text_string(&call->line, ", NULL, NULL)");
	else
		text_format(&call->line, ", NULL, {%d, %d})", timeout_ms / 1000, timeout_ms % 1000 * 1000);
}

static __attribute__((cold)) int select_told(const struct narrator *n, int count, fd_set *readable, fd_set *writable,
					     int timeout_ms, const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	write_select(&call, count, readable, writable, timeout_ms);
	if (timeout_ms) {
		call_wait(&call);
		write_select(&call, count, readable, writable, timeout_ms);
	}
	result = select_ms(count, readable, writable, timeout_ms);
	call_made(&call);
	call_result(&call, result);
	if (result > 0) {
		text_string(&call.line, ": ");
		write_set(&call.line, count, readable);
		text_string(&call.line, ", ");
		write_set(&call.line, count, writable);
	}
	call_end(&call);
	return result;
}

int sock_select(const struct narrator *n, int count, fd_set *readable, fd_set *writable, int timeout_ms,
		const char *why)
{
	if (n)
		return select_told(n, count, readable, writable, timeout_ms, why);
	return select_ms(count, readable, writable, timeout_ms);
}

/* ------------------------------------------------------------------------------------------------ epoll */

static const struct value_name epoll_events[] = {
	{ EPOLLIN, "EPOLLIN" },
	{ EPOLLPRI, "EPOLLPRI" },
	{ EPOLLOUT, "EPOLLOUT" },
	{ EPOLLRDHUP, "EPOLLRDHUP" },
	{ EPOLLERR, "EPOLLERR" },
	{ EPOLLHUP, "EPOLLHUP" },
	{ EPOLLEXCLUSIVE, "EPOLLEXCLUSIVE" },
	{ EPOLLONESHOT, "EPOLLONESHOT" },
	{ EPOLLET, "EPOLLET" },
	{ 0, NULL },
};

static const struct value_name operations[] = {
	{ EPOLL_CTL_ADD, "EPOLL_CTL_ADD" },
	{ EPOLL_CTL_MOD, "EPOLL_CTL_MOD" },
	{ EPOLL_CTL_DEL, "EPOLL_CTL_DEL" },
	{ 0, NULL },
};

int sock_epoll_create(const struct narrator *n, const char *why)
{
	int result = epoll_create1(EPOLL_CLOEXEC);

	if (n)
		call_tell(n, why, result, "epoll_create1(EPOLL_CLOEXEC)");
	return result;
}

/* The data is the program's own: a descriptor, a number or a pointer. The same value is told where it comes back. */
static void write_event(struct text *line, const struct epoll_event *event)
{
	uint64_t data = event->data.u64;

	text_char(line, '{');
	narrate_flags(line, epoll_events, event->events);
	text_format(line, data < 1 << 20 ? ", %" PRIu64 "}" : ", 0x%" PRIx64 "}", data);
}

static __attribute__((cold)) int tell_ctl(const struct narrator *n, int epoll, int operation, int fd,
					  const struct epoll_event *event, const char *why, int result)
{
	struct call call;

	call_begin(&call, n, why);
	call_made(&call);
	text_format(&call.line, "epoll_ctl(%d, ", epoll);
	narrate_value(&call.line, operations, (unsigned)operation);
	text_format(&call.line, ", %d, ", fd);
	if (event)
		write_event(&call.line, event);
	else
		text_string(&call.line, "NULL");
	text_char(&call.line, ')');
	call_over(&call, result);
	return result;
}

int sock_epoll_ctl(const struct narrator *n, int epoll, int operation, int fd, struct epoll_event *event,
		   const char *why)
{
	int result = epoll_ctl(epoll, operation, fd, event);

	return n ? tell_ctl(n, epoll, operation, fd, event, why, result) : result;
}

static __attribute__((cold)) int epoll_wait_told(const struct narrator *n, int epoll, struct epoll_event *events,
						 int most, int timeout_ms, const char *why)
{
	struct call call;
	int result;

	call_begin(&call, n, why);
	if (timeout_ms) {
		text_format(&call.line, "epoll_wait(%d, events, %d, %d)", epoll, most, timeout_ms);
		call_wait(&call);
	}
	result = epoll_wait(epoll, events, most, timeout_ms);
	call_made(&call);
	text_format(&call.line, "epoll_wait(%d, [", epoll);
	for (int i = 0; i < result && next_element(&call.line, (size_t)i); i++)
		write_event(&call.line, &events[i]);
	text_format(&call.line, "], %d, %d)", most, timeout_ms);
	call_over(&call, result);
	return result;
}

int sock_epoll_wait(const struct narrator *n, int epoll, struct epoll_event *events, int most, int timeout_ms,
		    const char *why)
{
	if (n)
		return epoll_wait_told(n, epoll, events, most, timeout_ms, why);
	return epoll_wait(epoll, events, most, timeout_ms);
}
