/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands beside a packet within the machine, and what is told of the peer. */
#include <errno.h>
#include <linux/filter.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "play/demo_rows.h"
#include "play/stage.h"

int demo_priority(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	uint32_t usual = UINT32_MAX, urgent = UINT32_MAX;

	stage_set(&s, ends.receiver, &sock_rcvpriority, 1, "The receiver wants to know, for the packet does not say.");
	stage_sendto(&s, ends.sender, "usual", &ends.at, "A datagram.");
	stage_receive_beside(&s, ends.receiver, SOL_SOCKET, SO_PRIORITY, &usual, sizeof usual, "It has priority 0.");
	stage_set(&s, ends.sender, &sock_priority, 6, "0 to 6 are for everybody; it chooses the queue to the network.");
	stage_sendto(&s, ends.sender, "urgent", &ends.at, "The same again.");
	stage_receive_beside(&s, ends.receiver, SOL_SOCKET, SO_PRIORITY, &urgent, sizeof urgent,
			     "It came with it, as this machine is sender and receiver.");
	return stage_end(&s, usual == 0 && urgent == 6, "the datagrams came with %u and %u", usual, urgent);
}

static void attach(struct stage *s, int fd, struct sock_filter *lines, unsigned short count, const char *why)
{
	struct sock_fprog program = { count, lines };

	stage_set_octets(s, fd, &sock_attach_filter, &program, sizeof program, why);
}

#define MARK 42

int demo_mark(const struct narrator *n, struct error *err)
{
	struct sock_filter only_marked[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_MARK)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char text[256] = "";
	int refused, value;

	attach(&s, ends.receiver, only_marked, 4, "A filter at the receiver: only packets with mark 42 pass.");
	stage_sendto(&s, ends.sender, "not marked", &ends.at, "The filter drops it.");
	refused = stage_try_set(&s, ends.sender, &sock_mark, MARK, "It needs CAP_NET_ADMIN or CAP_NET_RAW.");
	value = stage_get(&s, ends.sender, &sock_mark, "And now?");
	if (value == MARK) {
		stage_sendto(&s, ends.sender, "marked", &ends.at, "Routes and firewalls can tell it from others.");
		stage_receive(&s, ends.receiver, text, NULL, "Which of the two has come?");
	}
	if (refused)
		stage_say(&s, "This program does not have the right: refused, and nothing changed.");
	return stage_end(&s, refused ? refused == EPERM && !value : value == MARK && !strcmp(text, "marked"),
			 "it was %s, the mark is %d, and '%s' came", refused ? strerrorname_np(refused) : "taken",
			 value, text);
}

/* The filter of a socket of UDP sees the header of UDP first. */
int demo_attach_filter(const struct narrator *n, struct error *err)
{
	struct sock_filter only_y[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, sizeof(struct udphdr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'y', 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char with[256], without[256];

	attach(&s, ends.receiver, only_y, 4, "Four instructions: does the data begin with y?");
	stage_sendto(&s, ends.sender, "no", &ends.at, "The kernel drops it, and the receiver is not even woken.");
	stage_sendto(&s, ends.sender, "yes", &ends.at, "This one passes.");
	stage_receive(&s, ends.receiver, with, NULL, "Which of the two has come?");
	stage_set(&s, ends.receiver, &sock_detach_filter, 0, "The filter is taken off; the number means nothing.");
	stage_sendto(&s, ends.sender, "no", &ends.at, "The same again.");
	stage_receive(&s, ends.receiver, without, NULL, "It passes.");
	return stage_end(&s, !strcmp(with, "yes") && !strcmp(without, "no"),
			 "'%s' came with the filter and '%s' without", with, without);
}

int demo_passcred(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct ucred who = { 0 };
	bool before, after;
	int fds[2];

	stage_pair(&s, fds);
	stage_send(&s, fds[0], "it is me", "Anybody can say that.");
	before = stage_receive_beside(&s, fds[1], SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof who, "Who was it?");
	stage_set(&s, fds[1], &sock_passcred, 1, "The receiver wants to be told by the kernel.");
	stage_send(&s, fds[0], "it is me", "The same again.");
	after = stage_receive_beside(&s, fds[1], SOL_SOCKET, SCM_CREDENTIALS, &who, sizeof who,
				     "Process, user and group stand beside the data.");
	stage_say(&s, "This is process %d.", getpid());
	return stage_end(&s, !before && after && who.pid == getpid() && who.uid == getuid(),
			 "%s was told without the option; with it process %d", before ? "somebody" : "nobody", who.pid);
}

int demo_peercred(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int remote = stage_open(&s, AF_INET, SOCK_DGRAM, "A socket of UDP, whose peers are anywhere.");
	struct ucred who, nobody;
	int fds[2];

	stage_get_octets(&s, remote, &sock_peercred, &nobody, sizeof nobody, "The kernel knows nobody there.");
	stage_pair(&s, fds);
	stage_get_octets(&s, fds[0], &sock_peercred, &who, sizeof who, "The process that has made the other end.");
	stage_say(&s, "This is process %d.", getpid());
	return stage_end(&s, !nobody.pid && who.pid == getpid() && who.uid == geteuid(),
			 "the answers were process %d and process %d", nobody.pid, who.pid);
}
