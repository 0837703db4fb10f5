/* SPDX-License-Identifier: BSD-2-Clause */
/* echo (RFC 862): what comes goes back. */
#include "play/service.h"

/* An empty datagram has an empty answer: its data is a pointer, and so is the answer. */
static void echo_datagram(void *self, struct datagram *datagram)
{
	(void)self;
	datagram->answer = datagram->data ? datagram->data : datagram->room;
	datagram->answer_length = datagram->length;
}

/* A stream has no messages to count: how its octets are cut into reads means nothing. */
static size_t echo_data(void *self, struct connection *c, const uint8_t *data, size_t length)
{
	(void)self;
	connection_send(c, data, length);
	return length;
}

const struct service echo_service = {
	.name = "echo",
	.title = "Echo: what comes goes back (RFC 862)",
	.on_data = echo_data,
	.on_datagram = echo_datagram,
};
