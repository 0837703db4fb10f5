/* SPDX-License-Identifier: BSD-2-Clause */
/* An echo client for tests, and how it is run. */
#pragma once

#include <ctype.h>

#include "peers.h"
#include "play/echoing.h"

static inline struct echo_client asking(const struct hearing *h, int type, const char *port, const char *const *texts)
{
	return (struct echo_client){ .client = peer_client(h, type, port), .texts = texts };
}

static inline void run(const struct echo_client *options, struct tally *tally, enum client_answer expected)
{
	struct error err = { "" };
	enum client_answer answer;

	*tally = (struct tally){ 0 };
	answer = echo_client_run(options, tally, &err);
	if (answer != expected)
		fail_msg("%d %s", answer, err.text);
}
