/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libpcap, loaded when something of it is needed. It brings seven libraries along, for adapters that a lab does not
 * have (D-Bus, Bluetooth, ...), and they cost every start of the program more than half a millisecond, capture or not.
 */
#pragma once

#include <pcap/pcap.h>

#include "base/error.h"

#define PCAP_FUNCTIONS(_)                                                                                              \
	_(activate) _(close) _(compile) _(create) _(datalink) _(fileno) _(freecode) _(get_selectable_fd)               \
	_(get_tstamp_precision) _(geterr) _(next_ex) _(open_dead) _(set_buffer_size) _(set_datalink) _(set_promisc)    \
	_(set_snaplen) _(set_timeout) _(set_tstamp_precision) _(setdirection) _(setfilter) _(setnonblock) _(snapshot)  \
	_(stats) _(statustostr)

/* Its functions, each under its name without pcap_. */
struct pcap_library {
#define PCAP_MEMBER(name) __typeof__(pcap_##name) *name;
	PCAP_FUNCTIONS(PCAP_MEMBER)
#undef PCAP_MEMBER
	__typeof__(bpf_filter) *bpf_filter;
};

/* Loads it, once. -1 with err: it is not there. From any thread. */
int pcap_load(struct error *err);
/* Only behind a pcap_load() that went well. */
extern struct pcap_library pcap;
