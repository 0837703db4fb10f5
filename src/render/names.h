/* SPDX-License-Identifier: BSD-2-Clause */
/* The services of /etc/services by port: read once, then an array. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/field.h"

struct service {
	uint8_t length;
	char name[31]; /* ends with NUL */
};

struct names;

struct names *names_new(void);
void names_free(struct names *names); /* NULL is allowed */

/* The service on the port, or NULL; belongs to names. */
const struct service *names_service(const struct names *names, uint16_t port, bool tcp);
/* The service of the port that the field holds; NULL when it is no port, or names is NULL. */
const struct service *names_of_port(const struct names *names, const struct field_def *def, uint64_t port);
