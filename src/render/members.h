/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of JSON objects (RFC 8259), one after the other: the commas are theirs. */
#pragma once

#include "base/text.h"
#include "base/address.h"

/* An object or a list, as a member or (key NULL) as an element; bracket is '{' or '['. */
void member_open(struct text *out, const char *key, char bracket);
void member_close(struct text *out, char bracket);

void member_key(struct text *out, const char *key);
void member_bytes(struct text *out, const char *key, const void *bytes, size_t length);
void member_string(struct text *out, const char *key, const char *string); /* NULL: left out */
void member_number(struct text *out, const char *key, uint64_t number);
void member_true(struct text *out, const char *key, bool value); /* false: left out */
void member_bool(struct text *out, const char *key, bool value);
void member_seconds(struct text *out, const char *key, int64_t ns); /* with nine decimals */
/* With the port where there is one, "10.0.0.1:80"; NULL or no address: left out. */
void member_address(struct text *out, const char *key, const struct address *address);
