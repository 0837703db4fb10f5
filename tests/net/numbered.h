/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses for tests, from their numbers. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/error.h"
#include "base/address.h"

static inline struct address numbered(const char *number, uint16_t port)
{
	struct address address = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address.storage;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address.storage;

	if (inet_pton(AF_INET, number, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		address.length = sizeof *v4;
	} else if (inet_pton(AF_INET6, number, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		address.length = sizeof *v6;
	} else {
		bug("%s is no address", number);
	}
	address_set_port(&address, port);
	return address;
}
