/* SPDX-License-Identifier: BSD-2-Clause */
/* Capture filters in the language of pcap-filter(7). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

struct bpf;

/*
 * A filter for packets of one link type; snaplen 0: the longest there is. NULL with err when the expression is none, or
 * can say nothing about the link.
 */
struct bpf *bpf_new(const char *expression, uint16_t link, uint32_t snaplen, struct error *err);
/* The same for a live capture: may ask what only the kernel knows (inbound on Ethernet), unfit for bpf_match. */
struct bpf *bpf_new_live(const char *expression, uint16_t link, uint32_t snaplen, struct error *err);
bool bpf_asks_kernel(const struct bpf *bpf);
/* NULL is allowed. */
void bpf_free(struct bpf *bpf);

/* Whether the frame passes. A frame of another link type than the filter's never does. */
bool bpf_match(const struct bpf *bpf, const struct frame *frame);

/* True when the expression is about VLAN tags. */
bool bpf_mentions_vlan(const char *expression);

/* An instruction, laid out as libpcap and the kernel have it. */
struct bpf_step {
	uint16_t code;
	uint8_t jump_true, jump_false;
	uint32_t operand;
};

/* The program; it belongs to the filter. */
const struct bpf_step *bpf_program_of(const struct bpf *bpf, size_t *count);
