/* SPDX-License-Identifier: BSD-2-Clause */
/* A date client for tests, and how it is run. */
#pragma once

#include "peers.h"
#include "play/client.h"

#define PYTHON_DATE "2024-03-01 12:30:45.123456\n"

static inline struct date_client asking(const struct hearing *h, int type, const char *port)
{
	return (struct date_client){ .client = peer_client(h, type, port), .request = "" };
}

static inline void run(const struct date_client *options, struct tally *tally, enum client_answer expected)
{
	struct error err = { "" };
	enum client_answer answer;

	*tally = (struct tally){ 0 };
	answer = date_client_run(options, tally, &err);
	if (answer != expected)
		fail_msg("%d %s", answer, err.text);
}
