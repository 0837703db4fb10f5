/* SPDX-License-Identifier: BSD-2-Clause */
/* How datagrams are put together and cut; and the list of what is shown of UDP. */
#include <netinet/udp.h>
#include <string.h>

#include "play/demo_rows.h"
#include "play/stage.h"

static void in_two_calls(struct stage *s, const struct stage_datagrams *ends)
{
	stage_sendto(s, ends->sender, "first, ", &ends->at, "Two calls:");
	stage_sendto(s, ends->sender, "second", &ends->at, "the second one.");
}

static int cork(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char first[256], second[256], whole[256];

	in_two_calls(&s, &ends);
	stage_receive(&s, ends.receiver, first, NULL, "Two datagrams: one");
	stage_receive(&s, ends.receiver, second, NULL, "for each call.");
	stage_set(&s, ends.sender, &sock_udp_cork, 1, "The cork goes in: what is sent gathers.");
	in_two_calls(&s, &ends);
	stage_set(&s, ends.sender, &sock_udp_cork, 0, "The cork comes out: it leaves.");
	stage_receive(&s, ends.receiver, whole, NULL, "One datagram of two calls.");
	return stage_end(&s, !strcmp(first, "first, ") && !strcmp(second, "second") && !strcmp(whole, "first, second"),
			 "'%s' and '%s' came without the cork, '%s' with it", first, second, whole);
}

#define TEXT "one two six " /* three words of four octets */
#define WORD 4

static int segment(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	char whole[256], pieces[3][256];

	stage_sendto(&s, ends.sender, TEXT, &ends.at, "A call, a datagram.");
	stage_receive(&s, ends.receiver, whole, NULL, "It came whole.");
	stage_set(&s, ends.sender, &sock_udp_segment, WORD, "What is sent is to be cut every four octets.");
	stage_sendto(&s, ends.sender, TEXT, &ends.at, "One call again, and the kernel cuts.");
	for (size_t i = 0; i < 3; i++)
		stage_receive(&s, ends.receiver, pieces[i], NULL, i ? NULL : "Each piece is a datagram of its own.");
	return stage_end(&s,
			 !strcmp(whole, TEXT) && !strcmp(pieces[0], "one ") && !strcmp(pieces[1], "two ") &&
				 !strcmp(pieces[2], "six "),
			 "'%s' came without the option, '%s', '%s' and '%s' with it", whole, pieces[0], pieces[1],
			 pieces[2]);
}

/* On loopback what the sender gave to be cut arrives in one piece, as it does from a network card that gathers. */
static int gro(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "127.0.0.1");
	int word = 0;
	bool before = false, after, more;

	stage_set(&s, ends.sender, &sock_udp_segment, WORD, "The sender gives three datagrams in one call.");
	stage_sendto(&s, ends.sender, TEXT, &ends.at, "Four octets each.");
	for (int i = 0; i < 3; i++)
		before |= stage_receive_beside(&s, ends.receiver, IPPROTO_UDP, UDP_GRO, &word, sizeof word,
					       i ? NULL : "The receiver needs a call for each of them.");
	stage_set(&s, ends.receiver, &sock_udp_gro, 1, "The receiver, too, takes several at once.");
	stage_sendto(&s, ends.sender, TEXT, &ends.at, "The same again.");
	after = stage_receive_beside(&s, ends.receiver, IPPROTO_UDP, UDP_GRO, &word, sizeof word,
				     "One call; beside the data stands where to cut.");
	more = stage_readable(&s, ends.receiver, 0, "Nothing is left.");
	return stage_end(&s, !before && after && word == WORD && !more,
			 "%s came in one piece without the option; with it %s of %d octets%s",
			 before ? "several" : "nothing", after ? "several" : "nothing", word,
			 more ? ", and more was left" : "");
}

static int no_check6(const struct narrator *n, struct error *err)
{
	struct stage s = { .n = n, .err = err };
	const struct stage_datagrams ends = stage_datagrams(&s, "::1");
	char first[256], second[256];

	stage_set(&s, ends.sender, &sock_udp_no_check6_tx, 1, "Without a checksum: 0 stands there.");
	stage_sendto(&s, ends.sender, "without", &ends.at, "Over IPv6 a receiver drops this.");
	stage_set(&s, ends.sender, &sock_udp_no_check6_tx, 0, "With a checksum again.");
	stage_sendto(&s, ends.sender, "with", &ends.at, "This one is good.");
	stage_receive(&s, ends.receiver, first, NULL, "Which of the two has come?");
	stage_set(&s, ends.receiver, &sock_udp_no_check6_rx, 1, "The receiver does not insist on a checksum.");
	stage_set(&s, ends.sender, &sock_udp_no_check6_tx, 1, "Without one again.");
	stage_sendto(&s, ends.sender, "without", &ends.at, "The same as at first.");
	stage_receive(&s, ends.receiver, second, NULL, "It is taken.");
	return stage_end(&s, !strcmp(first, "with") && !strcmp(second, "without"),
			 "'%s' came first, and '%s' when the receiver did not insist", first, second);
}

const struct demo demo_udp_rows[] = {
	{ "UDP_CORK", "two calls make two datagrams, or one", NULL, cork },
	{ "UDP_SEGMENT", "one call makes one datagram, or three", NULL, segment },
	{ "UDP_GRO", "three datagrams are read with three calls, or with one", NULL, gro },
	{ "UDP_NO_CHECK6_TX", "a datagram of IPv6 without checksum is dropped", NULL, no_check6 },
	{ "UDP_NO_CHECK6_RX", "a datagram of IPv6 without checksum is dropped, or taken", NULL, no_check6 },
	{ .option = NULL },
};
