/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/decode.h"

#include <stdio.h>
#include <time.h>

const struct option_row decode_rows[] = {
	{ 'd', "decode-as", "RULE", OPTION_WORDS, offsetof(struct decode_options, decode_as),
	  "decode as, for example udp.port==9999,date or tcp.port==7000-7009,chat; may be given many times", NULL,
	  "udp.port== tcp.port==" },
	{ 0, "zone", "+HH:MM", OPTION_STRING, offsetof(struct decode_options, zone),
	  "the time zone of dates in packets that name none; default: this machine's", NULL, NULL },
	{ 0, NULL, NULL, OPTION_FLAG, 0, NULL, NULL, NULL },
};

/* The machine's zone at this moment: what a date server in the same room uses. */
static int local_zone(void)
{
	time_t now = time(NULL);
	struct tm tm;

	return localtime_r(&now, &tm) ? (int)tm.tm_gmtoff : 0;
}

static int choose_zone(struct protocols *protocols, const char *zone, struct error *err)
{
	unsigned hours, minutes;
	char sign, rest;

	if (!zone) {
		protocols_set_zone(protocols, local_zone());
		return 0;
	}
	if (sscanf(zone, "%c%2u:%2u%c", &sign, &hours, &minutes, &rest) != 3 || (sign != '+' && sign != '-') ||
	    hours > 14 || minutes > 59)
		return error_set(err, "--zone %s: not a zone; write it as +01:00", zone);
	protocols_set_zone(protocols, (sign == '-' ? -1 : 1) * (int)(hours * 3600 + minutes * 60));
	return 0;
}

int decode_choose(struct protocols *protocols, const struct decode_options *options, struct error *err)
{
	for (size_t i = 0; i < options->decode_as.count; i++)
		if (protocols_decode_as(protocols, options->decode_as.list[i], err) < 0)
			return -1;
	return choose_zone(protocols, options->zone, err);
}
