/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/event.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

void report(const struct reporter *reporter, struct event event)
{
	if (!reporter_wants(reporter, event.kind))
		return;
	event.time_ns = clock_utc();
	reporter->event(reporter->context, &event);
}

void report_trouble(const struct reporter *reporter, const char *format, ...)
{
	char note[512];
	va_list args;

	if (!reporter_wants(reporter, EVENT_TROUBLE))
		return;
	va_start(args, format);
	vsnprintf(note, sizeof note, format, args);
	va_end(args);
	report(reporter, (struct event){ .kind = EVENT_TROUBLE, .note = note });
}
