/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether bytes on an unknown port are chat: a good form, and no sign of the protocols that write alike. */
#include <string.h>

#include "lab/ascii.h"
#include "lab/chat_forms.h"
#include "lab/plain.h"

#define SURE 40 /* what a lone `nick: text` is worth */
#define LINES_READ 16

/* How messages of other protocols begin, in small letters. */
static const char banners[][12] = {
	"http/",   "get ",   "post ",    "head ",     "put ",    "delete ",    "options ", "connect ",
	"patch ",  "trace ", "pri * ",   "m-search ", "notify ", "subscribe ", "invite ",  "register ",
	"sip/2.0", "rtsp/",  "ssh-",     "ehlo ",     "helo ",   "mail from:", "rcpt to:", "user ",
	"pass ",   "nick ",  "privmsg ", "ping ",     "join ",   "+ok",        "-err",     "* ok",
	"<?xml",   "<!",     "<html",    "<head",     "<body",   "<stream",
};

/* Header names of HTTP, mail, SIP and logs; one that ends with '-' begins a family. */
static const char headers[][16] = {
	"accept",  "accept-",    "access-",  "age",      "allow",   "authorization", "cache-",   "call-id",
	"cc",      "connection", "contact",  "content-", "cookie",  "cseq",          "date",     "debug",
	"error",   "etag",       "expires",  "ext",      "fatal",   "forwarded",     "from",     "host",
	"http",    "https",      "if-",      "info",     "keep-",   "last-",         "location", "login",
	"man",     "max-",       "message-", "mime-",    "mx",      "nickname",      "nt",       "nts",
	"origin",  "password",   "pragma",   "proxy-",   "range",   "received",      "referer",  "reply-",
	"retry-",  "return-",    "sec-",     "server",   "set-",    "sip",           "st",       "status",
	"subject", "te",         "time",     "to",       "trailer", "transfer-",     "upgrade",  "upgrade-",
	"usage",   "user-agent", "username", "usn",      "vary",    "via",           "warning",  "www-",
	"x-",
};

static bool has_banner(const uint8_t *data, size_t len)
{
	uint8_t first = ascii_lower(*data);

	for (size_t i = 0; i < sizeof(banners) / sizeof(banners[0]); i++) {
		if (first == (uint8_t)banners[i][0] && ascii_starts_with(data, len, banners[i]))
			return true;
	}
	/* 220 smtp, 250-SIZE: a reply code */
	return len >= 4 && ascii_is_digit(data[0]) && ascii_is_digit(data[1]) && ascii_is_digit(data[2]) &&
	       (data[3] == ' ' || data[3] == '-');
}

static bool is_header(struct chat_span name)
{
	uint8_t first = ascii_lower(*name.data);

	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		size_t n;

		if (first != (uint8_t)headers[i][0] || !ascii_starts_with(name.data, name.length, headers[i]))
			continue;
		n = strlen(headers[i]);
		if (n == name.length || headers[i][n - 1] == '-')
			return true;
	}
	return false;
}

static bool same(struct chat_span a, struct chat_span b)
{
	return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

/*
 * The lines after a first `name: text`, read as a header block: no name comes back, or an empty line ends it. A
 * chat repeats its speakers sooner or later; two voices alone are too few to claim a stranger's port.
 */
static bool is_header_block(const uint8_t *data, size_t len, struct chat_span first)
{
	struct chat_message m;
	size_t at = 0;

	for (int i = 0; i < LINES_READ && at < len; i++) {
		at += chat_parse(data + at, len - at, CHAT_UNKNOWN, &m);
		if (m.text.length == 0 && m.user.length == 0)
			return i > 0;
		if (m.user.length == 0 || same(m.user, first))
			return false;
	}
	return at > 0;
}

int chat_confidence(const uint8_t *data, size_t len)
{
	struct chat_message m;
	int sure;

	while (len > 0 && data[len - 1] == '\0')
		len--;
	if (len == 0 || !plain_is_text(data, len) || has_banner(data, len))
		return 0;
	sure = chat_recognise(data, len, CHAT_UNKNOWN, &m);
	if (sure > SURE || m.user.length == 0)
		return sure;
	if (is_header(m.user))
		return 0;
	if (sure == SURE && is_header_block(data + m.consumed, len - m.consumed, m.user))
		return 20;
	return sure;
}
