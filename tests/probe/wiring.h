/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A wire between two namespaces: probes from ours end at theirs (10.9.0.2, fd00:9::2), or run out of TTL there on their
 * way to a network behind it (10.7.0.0/24, fd00:7::/64).
 */
#pragma once

#include <errno.h>

#include "../play/networks.h"

#include "base/clock.h"
#include "io/privilege.h"
#include "packet/dissect.h"
#include "probe/wire.h"

#define KEY 7
#define OPEN_PORT 9
#define CLOSED_PORT 33434
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static inline void wiring_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	if (fd >= 0)
		close(fd);
}

/* Routers limit how often they answer; these do not. */
static inline bool wiring_theirs(void)
{
	wiring_write("/proc/sys/net/ipv4/icmp_ratemask", "0");
	wiring_write("/proc/sys/net/ipv6/icmp/ratelimit", "0");
	wiring_write("/proc/sys/net/ipv4/ip_forward", "1");
	wiring_write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
	return networks_run("ip address add fd00:9::2/64 dev right nodad && "
			    "ip address add fd00:8::2/64 dev far nodad && "
			    "ip route add 10.7.0.0/24 dev far && ip route add fd00:7::/64 dev far");
}

static inline int wiring_setup(void **state)
{
	networks_setup(state);
	if (nets.missing)
		return 0;
	networks_enter(nets.theirs);
	if (!wiring_theirs())
		nets.missing = "ip(8) cannot give addresses of IPv6";
	networks_enter(nets.ours);
	if (!networks_run("ip address add fd00:9::1/64 dev left nodad && ip route add 10.7.0.0/24 via 10.9.0.2 && "
			  "ip route add fd00:7::/64 via fd00:9::2"))
		nets.missing = "ip(8) cannot give addresses of IPv6";
	wiring_write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647");
	return 0;
}

/* The process that answers in theirs; 0: none was started. */
static pid_t wiring_peer;

/* wiring_setup(), and serve() runs in theirs: it stops itself when it is ready, and never returns. */
static inline int wiring_setup_peer(void **state, void (*serve)(void))
{
	int status;

	wiring_setup(state);
	if (nets.missing)
		return 0;
	networks_enter(nets.theirs);
	wiring_peer = fork();
	if (!wiring_peer)
		serve();
	networks_enter(nets.ours);
	if (waitpid(wiring_peer, &status, WUNTRACED) != wiring_peer || !WIFSTOPPED(status))
		return -1;
	return kill(wiring_peer, SIGCONT);
}

static inline int wiring_teardown_peer(void **state)
{
	if (wiring_peer) {
		kill(wiring_peer, SIGKILL);
		waitpid(wiring_peer, NULL, 0);
	}
	return networks_teardown(state);
}

static inline struct address wiring_address(const char *host)
{
	struct address address = { .length = 0 };
	struct sockaddr_in *v4 = (void *)&address.storage;
	struct sockaddr_in6 *v6 = (void *)&address.storage;

	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		address.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		address.length = sizeof *v6;
	}
	return address;
}

static inline struct probe_base wiring_base(enum probe_method method, const char *target)
{
	struct probe_base base = { .method = method, .target = wiring_address(target), .dont_fragment = true };

	base.family = base.target.storage.ss_family;
	return base;
}

/* One probe and what came of it. */
struct wiring {
	struct probe_base base;
	struct wire *wire;
	uint16_t source_port;
	struct probe probe;
	struct answer answer;
	bool stamped_first; /* its stamp was told before its answer */
};

static inline void wiring_left(void *context, uint16_t key, int64_t time)
{
	struct wiring *w = context;

	if (key != w->probe.packet.key)
		return;
	w->probe.sent_time = time;
}

static inline void wiring_plan(struct wiring *w, uint16_t key, uint8_t ttl, uint16_t port)
{
	w->probe = (struct probe){ .packet = { .ttl = ttl, .key = key, .source_port = w->source_port,
					       .target_port = port, .checksum = 0x1234, .flow_label = 0x1234,
					       .size = (uint16_t)(probe_least(&w->base) + 8) } };
	if (w->base.method == PROBE_TCP)
		w->probe.packet.size = probe_least(&w->base);
}

/* NULL, or what went wrong. Waits for the answer. */
static inline const char *wiring_ask(struct wiring *w, struct error *err)
{
	struct pollfd wait = { .fd = wire_fd(w->wire), .events = POLLIN };
	int got;

	if (wire_send(w->wire, &w->probe) < 0)
		return strerror(errno);
	while ((got = wire_receive(w->wire, &w->answer, wiring_left, w, err)) == 0)
		if (poll(&wait, 1, 5000) == 0)
			return "no answer";
	return got < 0 ? err->text : NULL;
}
