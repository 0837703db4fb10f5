/* SPDX-License-Identifier: BSD-2-Clause */
/* Any octets as what the peers of the players send; the first octet says who plays. */
#include "play_input.h"

#include "base/utf8.h"
#include "cmd/play_report.h"
#include "lab/chat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	uint8_t letter;
	void (*play)(struct play_input *in);
} players[] = {
	{ 'c', play_chat },         { 'i', play_chat_input },    { 'e', play_echo_stream },
	{ 'E', play_echo_datagram }, { 'd', play_date_stream },  { 'D', play_date_datagram },
	{ 'h', play_chat_client },  { 'p', play_chat_peer },     { 'a', play_answers },
	{ '=', play_echo_compare }, { 'l', play_lines },
};
#define PLAYERS (sizeof players / sizeof *players)

void play_check_line(const void *line, size_t length)
{
	const uint8_t *at = line;

	CHECK(length > 0 && at[length - 1] == '\n');
	for (size_t i = 0; i < length - 1;) {
		uint32_t code = 0;
		unsigned octets = utf8_next(at + i, length - 1 - i, &code);

		CHECK(octets);
		CHECK(code == '\t' || (code >= 0x20 && code != 0x7f && (code < 0x80 || code > 0x9f)));
		i += octets;
	}
}

void play_check_chat_line(const void *line, size_t length)
{
	play_check_line(line, length);
	CHECK(length <= CHAT_LINE_MAX);
}

void play_check_event(const struct event *event)
{
	static const struct play_report reports[] = { { .kind = PLAY_SERVER, .verbose = true },
						      { .kind = PLAY_TALKER } };
	struct text out = { 0 };

	for (unsigned i = 0; i < sizeof reports / sizeof *reports; i++) {
		text_clear(&out);
		play_event_text(&reports[i], event, &out);
		play_check_line(out.data, out.length);
	}
	text_clear(&out);
	play_event_json(event, &out);
	play_check_line(out.data, out.length);
	CHECK(!memchr(out.data, '\t', out.length));
	text_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play_input in = { data, size };
	uint8_t letter = play_octet(&in);
	size_t player = 0;

	if (!size || size > 1 << 15)
		return 0;
	while (player < PLAYERS && players[player].letter != letter)
		player++;
	players[player < PLAYERS ? player : letter % PLAYERS].play(&in);
	return 0;
}
