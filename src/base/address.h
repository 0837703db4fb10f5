/* SPDX-License-Identifier: BSD-2-Clause */
/* A socket address: of IPv4 or of IPv6, with its port. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Zeroed (length 0): no address. Room for these two families and no more, for tables hold many of them. */
struct address {
	union {
		sa_family_t ss_family;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} storage;
	socklen_t length;
};

#define ADDRESS_TEXT 128

/* "192.0.2.1:5555", "[2001:db8::1]:5555", "[fe80::1%eth0]:5555"; IPv4 in IPv6 as IPv4; "-" when there is none. */
const char *address_text(const struct address *address, char out[ADDRESS_TEXT]);
/* The same without port and brackets. */
const char *address_host_text(const struct address *address, char out[ADDRESS_TEXT]);

uint16_t address_port(const struct address *address);
void address_set_port(struct address *address, uint16_t port);
bool address_equal(const struct address *a, const struct address *b); /* ports as well */
/* The same, whatever their ports and interfaces are; two that are none are not. */
bool address_same_host(const struct address *a, const struct address *b);
bool address_is_any(const struct address *address); /* 0.0.0.0 or :: */
