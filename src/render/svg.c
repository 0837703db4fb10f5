/* SPDX-License-Identifier: BSD-2-Clause */
#include "render/svg.h"

#include <string.h>

#include "base/utf8.h"
#include "packet/dissector.h"

/* Dark on light, and light on dark. */
static const struct {
	const char *protocol, *light, *dark;
} inks[] = {
	{ "other", "#24292f", "#d0d7de" }, { "date", "#116329", "#7ee787" }, { "echo", "#0550ae", "#79c0ff" },
	{ "chat", "#8250df", "#d2a8ff" },  { "udp", "#1b6575", "#76d7e6" },  { "tcp", "#4d6b1f", "#b5d97a" },
	{ "arp", "#7d4e00", "#e3b341" },   { "icmp", "#99286e", "#ff9bce" }, { "icmpv6", "#99286e", "#ff9bce" },
	{ "igmp", "#3d4db7", "#a5b4fc" },
};

static const struct {
	const char *selector, *property, *light, *dark;
} paints[] = {
	{ ".back", "fill", "#ffffff", "#0d1117" },    { ".rung", "stroke", "#afb8c1", "#484f58" },
	{ ".name", "fill", "#f6f8fa", "#161b22" },    { ".name", "stroke", "#afb8c1", "#484f58" },
	{ "text", "fill", "#24292f", "#d0d7de" },     { ".faint", "fill", "#57606a", "#8b949e" },
	{ ".words", "stroke", "#ffffff", "#0d1117" }, { ".bad", "fill", "#cf222e", "#ff7b72" },
};

const char *svg_class(const struct dissector *protocol)
{
	for (unsigned i = 1; i < sizeof inks / sizeof *inks; i++)
		if (!strcmp(inks[i].protocol, protocol->name))
			return inks[i].protocol;
	return inks[0].protocol;
}

void svg_text(struct text *out, const char *bytes, size_t length)
{
	static const char *const entities[128] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
	};
	uint32_t code;

	for (size_t i = 0; i < length;) {
		unsigned n = utf8_next((const uint8_t *)bytes + i, length - i, &code);

		if (!n || utf8_unsafe(code) || code == 0xfffe || code == 0xffff)
			text_char(out, '?');
		else if (code < 128 && entities[code])
			text_string(out, entities[code]);
		else
			text_add(out, bytes + i, n);
		i += n ? n : 1;
	}
}

void svg_escaped(struct text *out, const char *string)
{
	struct text safe = { 0 };

	text_escaped(&safe, string, strlen(string));
	svg_text(out, safe.data, safe.length);
	text_release(&safe);
}

static void style(struct text *out, bool dark)
{
	for (unsigned i = 0; i < sizeof paints / sizeof *paints; i++)
		text_format(out, "%s{%s:%s}\n", paints[i].selector, paints[i].property,
			    dark ? paints[i].dark : paints[i].light);
	for (unsigned i = 0; i < sizeof inks / sizeof *inks; i++)
		text_format(out, ".%s{color:%s}\n", inks[i].protocol, dark ? inks[i].dark : inks[i].light);
}

void svg_styles(struct text *out)
{
	text_string(out, "<style>\n"
			 "text{font:12px ui-monospace,Menlo,Consolas,monospace;white-space:pre}\n"
			 ".rung,.packet line{stroke-width:1.5}\n"
			 ".packet line,.packet .loop{stroke:currentColor;fill:none}\n"
			 ".packet .head{fill:currentColor}\n"
			 ".packet .all{stroke-dasharray:6 4}\n"
			 ".packet .bad{font-weight:bold}\n"
			 ".words{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}\n"
			 ".title{font-weight:bold;font-size:13px}\n");
	style(out, false);
	text_string(out, ".packet .words{fill:currentColor}\n@media (prefers-color-scheme:dark){\n");
	style(out, true);
	text_string(out, "}\n</style>\n");
}
