/* SPDX-License-Identifier: BSD-2-Clause */
/* The network interfaces of this machine. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* How an interface is tapped. */
enum tap_shape {
	TAP_ETHERNET, /* frames as they are */
	TAP_RAW,      /* no link header: the packet begins with IP */
	TAP_COOKED    /* the kernel describes the link header, we build one from that: LINKTYPE_LINUX_SLL2 */
};

struct interface_info {
	char name[IF_NAMESIZE];
	unsigned index;          /* 0: "any" */
	unsigned flags;          /* IFF_ bits; 0: "any" */
	uint16_t hardware;       /* ARPHRD_ number */
	uint16_t link;           /* LINKTYPE_ number of what a capture on it delivers */
	enum tap_shape shape;
	uint32_t mtu;            /* 0: not known */
	char **addresses;        /* as text, the hardware's first; IP addresses with their prefix length */
	size_t address_count;
};

struct interfaces {
	struct interface_info *list; /* by index; "any" is the last */
	size_t count;
};

/* Release it with interfaces_release(), which takes a zeroed one as well. */
int interfaces_read(struct interfaces *interfaces, struct error *err);
void interfaces_release(struct interfaces *interfaces);

/* NULL with err when there is none of that name. */
const struct interface_info *interfaces_find(const struct interfaces *interfaces, const char *name, struct error *err);

/* Packets that the interface has lost since it exists, before the kernel saw them; COUNTER_UNKNOWN when nobody says. */
uint64_t interface_missed(unsigned index);
