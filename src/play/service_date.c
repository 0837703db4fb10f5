/* SPDX-License-Identifier: BSD-2-Clause */
/* date: the clock of this machine, to whoever asks, in one of the formats of lab/date.h. */
#include <string.h>

#include "base/clock.h"
#include "play/local_date.h"
#include "play/service.h"

static size_t add_terminator(const struct date_service *service, uint8_t *room, size_t length)
{
	size_t more = strlen(service->terminator);

	memcpy(room + length, service->terminator, more);
	return length + more;
}

/* 0: the clock shows a time that this format cannot say. */
static size_t answer_date(const struct date_service *service, uint8_t *room, size_t size)
{
	int64_t now = service->now ? service->now() : clock_utc();
	size_t length = local_date_build(service->format, now, room, size - strlen(service->terminator));

	return length == 0 || service->format == DATE_RFC868 ? length : add_terminator(service, room, length);
}

static size_t answer_user(const struct date_service *service, uint8_t *room, size_t size)
{
	size_t length = strlen(service->user), most = size - strlen(service->terminator);

	if (length > most)
		length = most;
	memcpy(room, service->user, length);
	return add_terminator(service, room, length);
}

/* The word alone or with one end of a line, as nc, telnet and C programs send it: nothing else is exact. */
static bool is_the_word(const uint8_t *data, size_t length)
{
	static const struct {
		const char *octets;
		size_t length;
	} forms[] = { { "date", 4 }, { "date\n", 5 }, { "date\r\n", 6 }, { "date\0", 5 } };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (length == forms[i].length && memcmp(data, forms[i].octets, length) == 0)
			return true;
	}
	return false;
}

static void date_datagram(void *self, struct datagram *datagram)
{
	const struct date_service *service = self;
	bool date = service->answer == DATE_ANSWER_ANY || is_the_word(datagram->data, datagram->length);

	datagram->answer_length = date ? answer_date(service, datagram->room, sizeof datagram->room)
				       : answer_user(service, datagram->room, sizeof datagram->room);
	datagram->answer = date && datagram->answer_length == 0 ? NULL : datagram->room;
}

static void date_connect(void *self, struct connection *c)
{
	uint8_t room[512];
	size_t length = answer_date(self, room, sizeof room);

	if (length == 0) {
		connection_close(c, "the clock shows a time that the format cannot say");
		return;
	}
	connection_send(c, room, length);
	connection_count(c, 0, 1);
	connection_close(c, "the date was sent");
}

const struct service date_service = {
	.name = "date",
	.title = "Date: the time of this machine (the lab's, RFC 867, RFC 868)",
	.on_connect = date_connect,
	.on_datagram = date_datagram,
};
