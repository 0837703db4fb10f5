/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses a socket may have, and which it reaches. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

/* A server that closes its connection before the client does. */
static struct address serve_and_end(struct stage *s, bool reuse)
{
	const int listener = stage_open(s, AF_INET, SOCK_STREAM, "The listener of a server.");
	struct address at;
	int client, server;
	char text[256];

	if (reuse)
		stage_set(s, listener, &sock_reuseaddr, 1, "Before bind(); its connections inherit it.");
	at = stage_bind(s, listener, "127.0.0.1", "A server needs an address.");
	stage_begin_listening(s, listener, 8, "From now on connections are taken.");
	client = stage_connect(s, &at);
	server = stage_accept(s, listener);
	stage_close(s, listener, "The server ends.");
	stage_close(s, server, "It closes first: the kernel keeps this end for a minute more, in TIME_WAIT.");
	stage_receive(s, client, text, NULL, "The client reads the end,");
	stage_close(s, client, "and closes as well.");
	return at;
}

static int start_again(struct stage *s, const struct address *at, bool reuse, const char *why)
{
	const int fd = stage_open(s, AF_INET, SOCK_STREAM, "The server is started again.");

	if (reuse)
		stage_set(s, fd, &sock_reuseaddr, 1, "Before bind().");
	return stage_try_bind(s, fd, at, why);
}

int demo_reuseaddr(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct address at = serve_and_end(&s, false);
	int without = start_again(&s, &at, false, "The old connection still occupies the port."), with;

	stage_say(&s, "The same with the option. It must have been set at the first start already.");
	at = serve_and_end(&s, true);
	with = start_again(&s, &at, true, "Connections in TIME_WAIT are no hindrance any more.");
	return stage_end(&s, without == EADDRINUSE && !with, "bind() got %s without the option and %s with it",
			 without ? strerrorname_np(without) : "the port", with ? strerrorname_np(with) : "the port");
}

/* An interface that is not loopback; false: there is none. */
static bool find_interface(char name[IF_NAMESIZE])
{
	struct if_nameindex *all = if_nameindex();
	bool found = false;

	for (const struct if_nameindex *at = all; at && at->if_index && !found; at++)
		if (strcmp(at->if_name, "lo") != 0 && strlen(at->if_name) < IF_NAMESIZE) {
			memcpy(name, at->if_name, strlen(at->if_name) + 1);
			found = true;
		}
	if (all)
		if_freenameindex(all);
	return found;
}

/* A receiver for all addresses that hears only this interface, and a sender that is connected to it by loopback. */
static struct stage_datagrams on_interface(struct stage *s, const char *name, const char *why)
{
	const struct stage_datagrams ends = stage_datagrams(s, "0.0.0.0");
	const struct address to = stage_address("127.0.0.1", address_port(&ends.at));

	if (!s->failed && sock_set_text(s->n, ends.receiver, &sock_device, name, why) < 0)
		stage_fail(s, "SO_BINDTODEVICE");
	stage_join(s, ends.sender, &to, "Who is connected hears when nobody takes a datagram.");
	return ends;
}

int demo_bindtodevice(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	struct stage_datagrams near, far;
	char name[IF_NAMESIZE], text[256];
	int refused;

	if (!find_interface(name))
		return stage_refuse(&s, "SO_BINDTODEVICE: there is no interface besides loopback; "
					"connect to a network");
	near = on_interface(&s, "lo", "This one hears only what comes by loopback.");
	stage_send(&s, near.sender, "by loopback", "It comes by loopback.");
	stage_receive(&s, near.receiver, text, NULL, "It is heard.");
	far = on_interface(&s, name, "This one hears only what comes by another interface.");
	stage_send(&s, far.sender, "by loopback", "By loopback again.");
	refused = stage_await_end(&s, far.sender, "For this datagram the port is closed: ICMP says so.");
	return stage_end(&s, !strcmp(text, "by loopback") && refused == ECONNREFUSED,
			 "'%s' came on loopback, and %s from the other one", text,
			 refused ? strerrorname_np(refused) : "no refusal");
}

int demo_broadcast(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "0.0.0.0");
	const struct address all = stage_address("127.255.255.255", address_port(&ends.at));
	int without =
		stage_try_sendto(&s, ends.sender, "hello all", &all, "To everybody, by mistake perhaps: refused.");
	char text[256];

	stage_set(&s, ends.sender, &sock_broadcast, 1, "This program means it.");
	stage_sendto(&s, ends.sender, "hello all", &all, "The same again.");
	stage_receive(&s, ends.receiver, text, NULL, "A receiver must be bound to all addresses to hear it.");
	return stage_end(&s, without == EACCES && !strcmp(text, "hello all"), "sendto() got %s without it; '%s' came",
			 without ? strerrorname_np(without) : "no error", text);
}

#define FAR_AWAY "192.0.2.1" /* for documents only (RFC 5737) */

/* connect() of UDP looks for a route and sends nothing. */
int demo_dontroute(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const int usual = stage_open(&s, AF_INET, SOCK_DGRAM, "Two sockets of UDP:");
	const int direct = stage_open(&s, AF_INET, SOCK_DGRAM, "their connect() sends nothing, but needs a route.");
	const struct address far = stage_address(FAR_AWAY, 9), here = stage_address("127.0.0.1", 9);
	int without = stage_try_connect(&s, usual, &far, "Far away; a router knows the way."), with, near;

	if (without)
		return stage_refuse(&s, "SO_DONTROUTE: this machine has no route by a router; connect to a network");
	stage_set(&s, direct, &sock_dontroute, 1, "Without routers: only what is joined to this machine.");
	with = stage_try_connect(&s, direct, &far, "Not joined to this machine: unreachable.");
	near = stage_try_connect(&s, direct, &here, "What is near is reached all the same.");
	return stage_end(&s, with == ENETUNREACH && !near, "far away got %s, near %s",
			 with ? strerrorname_np(with) : "a route", near ? strerrorname_np(near) : "a route");
}
