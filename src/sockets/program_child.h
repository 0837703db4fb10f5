/* SPDX-License-Identifier: BSD-2-Clause */
/* The program's process before its exec; for program.c. */
#pragma once

#include <stdint.h>
#include <stdnoreturn.h>

#include "sockets/registrar.h"

enum program_order { ORDER_INSTALL = 1, ORDER_EXECUTE };

/* A message of the child. With REPORT_LISTENER a descriptor comes along. The end of the line: it was executed. */
enum program_report_kind { REPORT_LISTENER = 1, REPORT_NO_FILTER, REPORT_NO_USER, REPORT_NOT_EXECUTED };
struct program_report {
	uint8_t kind;
	bool no_new_privs;
	int32_t error; /* errno; 0 with REPORT_NO_USER: there is no such account */
};

/* Takes orders (enum program_order) from the line, a SOCK_SEQPACKET socket, and reports. */
noreturn void program_child(const struct registrar_options *options, int line);
