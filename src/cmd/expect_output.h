/* SPDX-License-Identifier: BSD-2-Clause */
/* What `sonde expect` found, in the forms that people, shells, test harnesses and build servers read. */
#pragma once

#include "analyse/expect.h"

/* A line each, and what shows why behind those that fail. */
void expect_plain(const struct expectations *list, bool color, struct text *out);
/* TAP version 13. */
void expect_tap(const struct expectations *list, struct text *out);
/* A row each; json: an object a row, else CSV. */
void expect_rows(const struct expectations *list, bool json, struct text *out);
/* JUnit's XML, as build servers read it. name: what was judged. */
void expect_junit(const struct expectations *list, const char *name, struct text *out);
