/* SPDX-License-Identifier: BSD-2-Clause */
#include "cmd/expression.h"

int expression_join(struct text *room, const char **filter, const struct words *words, size_t first, struct error *err)
{
	if (words->count <= first)
		return 0;
	if (*filter)
		return error_set(err, "a filter after -f and another as words ('%s'); use one", words->list[first]);
	for (size_t i = first; i < words->count; i++) {
		if (i > first)
			text_char(room, ' ');
		text_string(room, words->list[i]);
	}
	text_add(room, "", 1);
	*filter = room->data;
	return 0;
}
