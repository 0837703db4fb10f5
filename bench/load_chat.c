/* SPDX-License-Identifier: BSD-2-Clause */
/* A full chat room: one speaks at a rate, all others hear, and every line of every listener is checked. */
#include "load.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define ROOM 262144
#define QUIET INT64_C(5000000000)        /* the end: nothing has come for so long */

/* A listener: the start of a line that is not whole yet, and the number that the next line must have. */
struct member {
	int fd;
	unsigned next;
	size_t length;
	char line[256];
};

struct chat {
	struct member *members;
	unsigned count;
	int epoll;
	uint64_t delivered, joined, disorder;
	int64_t *due; /* of each line */
	unsigned sent, lines;
	int64_t *delays; /* until the last member heard each line */
	unsigned delay_count;
	int64_t heard;
	char *room;
};

/* Lines of the speaker read "m0: line N"; the join notices of the others tell that everyone is in. */
static void hear(struct chat *chat, struct member *m)
{
	unsigned number;

	m->line[m->length] = '\0';
	if (sscanf(m->line, "m0: line %u", &number) == 1) {
		chat->disorder += number != m->next;
		m->next = number + 1;
		chat->delivered++;
		if (m == &chat->members[chat->count - 1] && number < chat->lines && chat->delay_count < chat->lines)
			chat->delays[chat->delay_count++] = load_now() - chat->due[number];
	} else if (strstr(m->line, " joined")) {
		chat->joined++;
	}
	m->length = 0;
}

static int take(struct chat *chat, struct member *m)
{
	ssize_t got = recv(m->fd, chat->room, ROOM, MSG_DONTWAIT);

	if (got <= 0)
		return load_fail("load: a member was dropped");
	for (ssize_t i = 0; i < got; i++)
		if (chat->room[i] == '\n')
			hear(chat, m);
		else if (m->length + 1 < sizeof m->line)
			m->line[m->length++] = chat->room[i];
	chat->heard = load_now();
	return 0;
}

static int wait_and_take(struct chat *chat, int timeout_ms)
{
	struct epoll_event events[64];
	int ready = epoll_wait(chat->epoll, events, 64, timeout_ms);

	for (int i = 0; i < ready; i++)
		if (take(chat, events[i].data.ptr) < 0)
			return -1;
	return ready;
}

static int say(int fd, const char *line, int length)
{
	return send(fd, line, (size_t)length, MSG_NOSIGNAL) == length ? 0 : load_fail("load: send");
}

static int enter(struct chat *chat, const struct load *load, unsigned i)
{
	struct member *m = &chat->members[i];
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = m };
	char line[64];

	m->fd = load_connect(load);
	if (m->fd < 0 || epoll_ctl(chat->epoll, EPOLL_CTL_ADD, m->fd, &event) < 0)
		return -1;
	return say(m->fd, line, snprintf(line, sizeof line, "/nick m%u\n", i));
}

/* All have heard of the one who came last; how many notices that makes depends on the order of arrival. */
static int enter_all(struct chat *chat, const struct load *load)
{
	for (unsigned i = 0; i < chat->count; i++) {
		uint64_t before = chat->joined;

		if (enter(chat, load, i) < 0)
			return -1;
		while (chat->joined < before + i) /* everyone before hears of it */
			if (wait_and_take(chat, 10000) <= 0)
				return load_fail("load: nobody hears of a new member");
	}
	return 0;
}

static int speak(struct chat *chat, double rate)
{
	int64_t start = load_now();
	char line[64];

	while (chat->sent < chat->lines) {
		int64_t now = load_now(), due = start + (int64_t)((double)chat->sent * 1e9 / rate);

		if (now >= due) {
			chat->due[chat->sent] = due;
			if (say(chat->members[0].fd, line, snprintf(line, sizeof line, "line %u\n", chat->sent)) < 0)
				return -1;
			chat->sent++;
		} else if (wait_and_take(chat, 0) < 0) {
			return -1;
		}
	}
	return 0;
}

int load_chat(const struct load *load)
{
	struct chat chat = { .count = (unsigned)load_number(load, 0), .epoll = epoll_create1(EPOLL_CLOEXEC) };
	double rate = load_number(load, 1);
	uint64_t expected;
	int64_t start;

	chat.lines = (unsigned)(rate * load_number(load, 2));
	chat.members = calloc(chat.count, sizeof *chat.members);
	chat.due = calloc(chat.lines, sizeof *chat.due);
	chat.delays = calloc(chat.lines, sizeof *chat.delays);
	chat.room = malloc(ROOM);
	if (!chat.members || !chat.due || !chat.delays || !chat.room || chat.epoll < 0)
		return load_fail("load");
	if (enter_all(&chat, load) < 0)
		return -1;
	start = chat.heard = load_now();
	if (speak(&chat, rate) < 0)
		return -1;
	expected = (uint64_t)chat.lines * (chat.count - 1);
	while (chat.delivered < expected && load_now() - chat.heard < QUIET)
		if (wait_and_take(&chat, 100) < 0)
			return -1;
	printf("%u %llu %llu %llu %.2f %.1f\n", chat.sent, (unsigned long long)chat.delivered,
	       (unsigned long long)expected, (unsigned long long)chat.disorder, (double)(chat.heard - start) / 1e9,
	       (double)load_quantile(chat.delays, chat.delay_count, 0.99) / 1e6);
	return 0;
}
