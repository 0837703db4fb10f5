/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd/options.h"

int terminal_color(const char *when, bool *color, struct error *err)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	*color = false;
	if (!when || !strcmp(when, "auto"))
		*color = isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
	else if (!strcmp(when, "always"))
		*color = true;
	else if (strcmp(when, "never"))
		return error_set(err, "--color %s: use auto, always or never", when);
	return 0;
}

unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t number;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	if (columns && option_number(columns, &number) == 0 && number && number < 10000)
		return (unsigned)number;
	return 80;
}

/* The first of these that is set counts (POSIX, Base Definitions section 8.2). */
bool terminal_is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;

	for (unsigned i = 0; i < sizeof variables / sizeof *variables && !(value && *value); i++)
		value = getenv(variables[i]);
	return value && (strcasestr(value, "UTF-8") || strcasestr(value, "utf8"));
}
