/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/loss.h"

#define MOST_DECIMAL 9  /* nanoseconds */
#define MOST_BINARY 29  /* the last power of two that is not finer */

static void add(struct text *out, uint64_t count, const char *one, const char *many)
{
	if (count)
		text_format(out, "%s%llu %s", out->length ? ", " : "", (unsigned long long)count,
			    count == 1 ? one : many);
}

static bool is_fine(uint8_t resolution)
{
	return resolution & 0x80 ? (resolution & 0x7f) > MOST_BINARY : resolution > MOST_DECIMAL;
}

static uint64_t other_blocks(const struct census *census)
{
	uint64_t sum = census->others.more;

	for (unsigned i = 0; i < census->others.count; i++)
		sum += census->others.list[i].count;
	return sum;
}

static void list_losses(const struct census *c, struct text *out)
{
	uint64_t told = 0, fine = 0;

	for (uint32_t i = 0; i < c->interface_count; i++) {
		told += c->interfaces[i].told;
		fine += is_fine(c->interfaces[i].resolution);
	}
	add(out, census_comments(c), "comment", "comments");
	add(out, told ? c->interface_count : 0, "interface with what is known of it",
	    "interfaces with what is known of them");
	add(out, c->with_options, "packet's options (direction, drops, comments ...)",
	    "packets' options (directions, drops, comments ...)");
	add(out, c->owned, "packet's processes", "packets' processes");
	add(out, c->timeless, "packet without a time, which has the time 0 now",
	    "packets without a time, which have the time 0 now");
	add(out, fine, "interface's digits below a nanosecond", "interfaces' digits below a nanosecond");
	add(out, c->names, "host name", "host names");
	add(out, c->statistics, "block of interface statistics", "blocks of interface statistics");
	add(out, c->secrets, "block of decryption secrets", "blocks of decryption secrets");
	add(out, c->custom, "custom block", "custom blocks");
	add(out, other_blocks(c), "block of another kind", "blocks of other kinds");
	if (c->hardware || c->system || c->application)
		text_format(out, "%swhat it was captured with", out->length ? ", " : "");
}

void loss_tell(const struct command *command, const char *path, const struct census *census)
{
	struct text losses = { 0 }, sentence = { 0 };

	list_losses(census, &losses);
	if (losses.length) {
		text_format(&sentence, "%s: a pcap file has no room for all of it; lost: %.*s; write pcapng to keep "
			    "that", path, (int)losses.length, losses.data);
		text_char(&sentence, '\0');
		command_complain(command, sentence.data);
	}
	text_release(&losses);
	text_release(&sentence);
}
