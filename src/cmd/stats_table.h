/* SPDX-License-Identifier: BSD-2-Clause */
/* What an analyser found, sorted, cut and printed: a piece at a time, so that a million rows cost no memory. */
#pragma once

#include "analyse/analyser.h"
#include "base/error.h"
#include "base/table.h"

struct stats_table {
	const struct analyser *analyser;
	void *state;
	const struct analysis_result *result;
	enum table_form form;
	bool named;           /* JSON: every object has the name of its table */
	uint64_t top;         /* rows at most; 0: all */
	const char *sort;     /* a column; NULL: as the analyser has them */
};

/* Prints rows to standard output. -1 with err: no such column, or standard output fails. */
int stats_table_print(const struct stats_table *shown, struct error *err);
