/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Octets into chat lines. Telnet's sequences (RFC 854) begin with an octet that no UTF-8 contains, so that dropping
 * them harms no text, whoever sends it.
 */
#include "play/chat_input.h"

#include <string.h>

enum { TELNET_TEXT, TELNET_COMMAND, TELNET_OPTION, TELNET_INSIDE, TELNET_INSIDE_COMMAND };

#define IAC 255u
#define DONT 254u
#define WILL 251u
#define SB 250u
#define SE 240u

static void keep(struct chat_input *input, uint8_t octet)
{
	input->line[input->length++] = octet;
}

/* What follows an IAC; false when it belongs to no command: then the two were text, though not of UTF-8. */
static bool telnet_command(struct chat_input *input, uint8_t octet)
{
	input->telnet = TELNET_TEXT;
	if (octet < SE || octet == IAC)
		keep(input, IAC);
	if (octet >= WILL && octet <= DONT)
		input->telnet = TELNET_OPTION;
	else if (octet == SB)
		input->telnet = TELNET_INSIDE;
	return octet >= SE;
}

/* True when the octet is telnet's and not the line's. */
static bool telnet_takes(struct chat_input *input, uint8_t octet)
{
	switch (input->telnet) {
	case TELNET_COMMAND:
		return telnet_command(input, octet);
	case TELNET_OPTION:
		input->telnet = TELNET_TEXT;
		return true;
	case TELNET_INSIDE:
		input->telnet = octet == IAC ? TELNET_INSIDE_COMMAND : TELNET_INSIDE;
		return true;
	case TELNET_INSIDE_COMMAND:
		input->telnet = octet == SE ? TELNET_TEXT : TELNET_INSIDE;
		return true;
	default:
		if (octet == IAC)
			input->telnet = TELNET_COMMAND;
		return octet == IAC;
	}
}

static void forget(struct chat_input *input)
{
	input->length = 0;
	input->given = false;
}

static void skip(struct chat_input *input, const uint8_t **data, size_t *length)
{
	const uint8_t *end = memchr(*data, '\n', *length);
	size_t n = end ? (size_t)(end - *data) + 1 : *length;

	*data += n;
	*length -= n;
	if (end)
		input->skipping = false;
	input->ends_lines = input->ends_lines || end;
}

/* A line has room for its LF; a sequence of telnet's that goes on for longer than a line is none. */
static enum chat_arrival arrives(struct chat_input *input, uint8_t octet)
{
	bool telnet = telnet_takes(input, octet);

	input->sequence = input->telnet == TELNET_TEXT ? 0 : input->sequence + 1;
	if (!telnet && octet == '\n') {
		input->ends_lines = input->given = true;
		return CHAT_ARRIVED_LINE;
	}
	if (!telnet && input->length < CHAT_LINE_MAX)
		keep(input, octet);
	if (input->length < CHAT_LINE_MAX && input->sequence < CHAT_LINE_MAX)
		return CHAT_ARRIVED_NOTHING;
	forget(input);
	input->telnet = TELNET_TEXT;
	input->sequence = 0;
	input->skipping = true;
	return CHAT_ARRIVED_TOO_LONG;
}

enum chat_arrival chat_input_next(struct chat_input *input, const uint8_t **data, size_t *length)
{
	enum chat_arrival arrival = CHAT_ARRIVED_NOTHING;

	if (input->given)
		forget(input);
	while (*length > 0 && arrival == CHAT_ARRIVED_NOTHING) {
		if (input->skipping) {
			skip(input, data, length);
			continue;
		}
		arrival = arrives(input, **data);
		++*data;
		--*length;
	}
	return arrival;
}

bool chat_input_rest(struct chat_input *input)
{
	if (input->given)
		forget(input);
	input->skipping = false;
	input->given = true;
	return input->length > 0;
}

bool chat_input_unended(const struct chat_input *input)
{
	return !input->ends_lines && !input->given && (input->length > 0 || input->skipping);
}
