/* SPDX-License-Identifier: BSD-2-Clause */
/* sonde trace --explain: what is sent, and why each hop answers, in sentences for a student. */
#pragma once

#include "cmd/tracing.h"

/* What all probes have in common, what tells them apart, and the first of them as `sonde read -V` shows it. */
int trace_explain_probe(struct tracing *tracing, struct error *err);
/* The same of the answers of a hop, under its line; appends to tracing->out. */
void trace_explain_hop(struct tracing *tracing, unsigned ttl);
