/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections that are on their way to close when the program that had them has ended: the kernel still sends and takes
 * in what belongs to them. For program.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "sockets/owners.h"

struct closing;

struct closing *closing_new(void);
/* In the network namespace whose connections they are. */
void closing_open(struct closing *closing);
void closing_free(struct closing *closing);
/* The program has or had a socket there. */
void closing_note(struct closing *closing, const struct socket_ends *ends);
/* The program has ended; times are clock_monotonic(). */
void closing_begin(struct closing *closing, int64_t now);
/* Looks when it is time to; closing_deadline(): that time. */
void closing_look(struct closing *closing, int64_t now);
int64_t closing_deadline(const struct closing *closing);
/* All are closed, or have waited for REGISTRAR_LINGER, or nobody can tell. */
bool closing_done(const struct closing *closing);
