/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of interfaces and users, asked for once each. NOT escaped: the system lets them be almost anything. */
#pragma once

#include <stdint.h>

#define SOCKNAMES_MOST 1024 /* of either; of those behind it no name is told */

struct socknames;

struct socknames *socknames_new(void);
void socknames_free(struct socknames *names); /* NULL is allowed */

/* Of this thread's network namespace. NULL: there is none of that number (0: any), or it is gone. */
const char *socknames_interface(struct socknames *names, uint32_t index);
const char *socknames_user(struct socknames *names, uint32_t uid);
