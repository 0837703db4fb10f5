/* SPDX-License-Identifier: BSD-2-Clause */
/* Where chat messages end in a stream of octets. */
#include <string.h>

#include "lab/ascii.h"
#include "lab/chat.h"

static bool is_form(const struct chat_message *message, const char *name)
{
	return !strcmp(message->form, name);
}

/* Whole as they come: an LF inside ends nothing, and the programs that send these put none behind. */
static bool is_contained(const uint8_t *data, size_t len)
{
	static const uint8_t beginnings[] = { '{', 0xac, 0x80, 'm', 'l' };
	static const char *const forms[] = {
		"JSON", "Java serialization", "pickle", "msg;from;to;text", "login;nick", "logout;nick",
	};
	struct chat_message message;

	if (!len || !memchr(beginnings, ascii_lower(*data), sizeof beginnings))
		return false;
	chat_parse(data, len, CHAT_UNKNOWN, &message);
	for (size_t i = 0; i < sizeof forms / sizeof *forms && message.consumed == len; i++)
		if (is_form(&message, forms[i]))
			return true;
	return false;
}

static bool block_has_ended(const uint8_t *data, size_t len)
{
	return len > 1 && data[len - 1] == '\n' &&
	       (data[len - 2] == '\n' || (len > 2 && data[len - 2] == '\r' && data[len - 3] == '\n'));
}

/* Blocks have lines inside: they must be walked through. */
static size_t whole_blocks(const uint8_t *data, size_t len)
{
	struct chat_message message;
	size_t at = 0, end = 0;

	while (at < len) {
		at += chat_parse(data + at, len - at, CHAT_UNKNOWN, &message);
		if (is_form(&message, "command block") ? !block_has_ended(data, at) : data[at - 1] != '\n')
			break;
		end = at;
	}
	return end;
}

static bool begins_block(const uint8_t *data, size_t len)
{
	struct chat_message message;

	if (!ascii_starts_with(data, len, "user:"))
		return false;
	chat_parse(data, len, CHAT_UNKNOWN, &message);
	return is_form(&message, "command block");
}

size_t chat_whole(const uint8_t *data, size_t len)
{
	const uint8_t *lf = len ? memrchr(data, '\n', len) : NULL;
	size_t end = lf ? (size_t)(lf - data) + 1 : 0;

	if (!len)
		return 0;
	if (begins_block(data, len))
		return whole_blocks(data, len);
	while (end && end < len && !data[end])
		end++;
	return is_contained(data, len) || is_contained(data + end, len - end) ? len : end;
}
