/* SPDX-License-Identifier: BSD-2-Clause */
/* How a table looks in each of its forms: for table.c only. */
#pragma once

#include "base/table.h"

/* widths: one a column, for TABLE_PLAIN only. Rows are whole. */
struct table_printer {
	void (*names)(const struct table *table, const size_t *widths, struct text *out); /* NULL: there are none */
	void (*rows)(const struct table *table, const size_t *widths, struct text *out);
};

extern const struct table_printer table_printers[]; /* by enum table_form */
