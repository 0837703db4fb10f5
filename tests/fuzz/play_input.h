/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What fuzz_play reads: letters that say what happens, each followed by its arguments, so that seeds can be written
 * by hand. Octets for a peer come in four ways: > a line through its LF, - a line without it, # a count and so many
 * octets, * a count and an octet, 16 times the count of that octet.
 */
#pragma once

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"
#include "play/event.h"

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			bug("%s:%d: not so: %s", __FILE__, __LINE__, #truth);                                          \
	} while (0)

struct play_input {
	const uint8_t *data;
	size_t length;
};

/* What the input says next; 0 at its end. */
static inline uint8_t play_octet(struct play_input *in)
{
	if (!in->length)
		return 0;
	in->length--;
	return *in->data++;
}

/* At most so many octets; returns how many there were. */
static inline size_t play_octets(struct play_input *in, size_t most, const uint8_t **data)
{
	size_t length = most < in->length ? most : in->length;

	*data = in->data;
	in->data += length;
	in->length -= length;
	return length;
}

/* Up to an LF, which is taken as well; without `end` it is not part of what is returned. */
static inline size_t play_line(struct play_input *in, bool end, const uint8_t **data)
{
	const uint8_t *lf = in->length ? memchr(in->data, '\n', in->length) : NULL;
	size_t length = play_octets(in, lf ? (size_t)(lf - in->data) + 1 : in->length, data);

	return length - (lf && !end);
}

/* The octets that a letter stands for, in an allocation of their own length; NULL when it is none of the four. */
static inline uint8_t *play_piece(struct play_input *in, uint8_t letter, size_t *length)
{
	const uint8_t *data = NULL;
	uint8_t *piece;

	if (letter == '*')
		*length = (size_t)play_octet(in) * 16;
	else if (letter == '#')
		*length = play_octets(in, play_octet(in), &data);
	else if (letter == '>' || letter == '-')
		*length = play_line(in, letter == '>', &data);
	else
		return NULL;
	piece = malloc(*length ? *length : 1);
	if (!piece)
		abort();
	if (letter == '*')
		memset(piece, play_octet(in), *length);
	else if (*length)
		memcpy(piece, data, *length);
	return piece;
}

/* ------------------------------------------------------------------------------------------------ what is checked */

/* One line: its only LF is its end, it is UTF-8, and there is no other control character in it but the tab. */
void play_check_line(const void *line, size_t length);
/* As play_check_line(), and not more than a line of the chat may have. */
void play_check_chat_line(const void *line, size_t length);
/* Renders an event as the commands do: what is for people must be a line, whatever came from outside. */
void play_check_event(const struct event *event);

/* ------------------------------------------------------------------------------------------------ what is played */

void play_chat(struct play_input *in);          /* the chat server: play_chat.c */
void play_chat_input(struct play_input *in);    /* its lines, in any segmentation */
void play_echo_stream(struct play_input *in);   /* play_services.c */
void play_echo_datagram(struct play_input *in);
void play_date_stream(struct play_input *in);
void play_date_datagram(struct play_input *in);
void play_chat_client(struct play_input *in);   /* play_clients.c */
void play_chat_peer(struct play_input *in);
void play_answers(struct play_input *in);       /* what clients make of answers */
void play_echo_compare(struct play_input *in);
void play_lines(struct play_input *in);
