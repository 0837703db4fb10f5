/* SPDX-License-Identifier: BSD-2-Clause */
/* Documents made from the option tables. */
#pragma once

#include "base/text.h"

void document_manual(struct text *out);     /* sonde(1), mdoc(7) */
void document_completion(struct text *out); /* for bash */
