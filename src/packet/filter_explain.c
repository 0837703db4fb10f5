/* SPDX-License-Identifier: BSD-2-Clause */
/* A filter in words, and its steps. */
#include "packet/filter_parts.h"

void filter_explain(const struct filter *filter, struct text *out)
{
	(void)filter;
	text_string(out, "\n");
}
