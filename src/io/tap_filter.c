/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/tap_filter.h"

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <string.h>

#define SLL2_LENGTH 20

_Static_assert(sizeof(struct bpf_step) == sizeof(struct sock_filter), "bpf_step is not the kernel's");

static void emit(struct tap_filter *filter, uint16_t code, uint32_t operand, uint8_t jump_true, uint8_t jump_false)
{
	filter->steps[filter->count++] = (struct bpf_step){ code, jump_true, jump_false, operand };
}

static void emit_reject(struct tap_filter *filter)
{
	emit(filter, BPF_RET | BPF_K, 0, 0, 0);
}

static void emit_direction(struct tap_filter *filter, const struct tap_filter_options *options)
{
	bool once = options->only_loopback;

	if (options->direction == CAPTURE_INOUT && !options->loopback)
		return;
	emit(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE), 0, 0);
	if (options->direction == CAPTURE_OUT) {
		emit(filter, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 1, 0);
	} else if (options->direction == CAPTURE_IN || once) {
		emit(filter, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1);
	} else {
		emit(filter, BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 3);
		emit(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX), 0, 0);
		emit(filter, BPF_JMP | BPF_JEQ | BPF_K, options->loopback, 0, 1);
	}
	emit_reject(filter);
}

/* Where the kernel keeps what a cooked capture has in its header, which is not there yet when the filter runs. */
static const struct {
	uint32_t offset;
	uint16_t size;
	int32_t ancillary;
} cooked_fields[] = {
	{ 0, BPF_H, SKF_AD_PROTOCOL },
	{ 4, BPF_W, SKF_AD_IFINDEX },
	{ 8, BPF_H, SKF_AD_HATYPE },
	{ 10, BPF_B, SKF_AD_PKTTYPE },
};

static bool move_header_load(struct bpf_step *step)
{
	for (size_t i = 0; i < sizeof cooked_fields / sizeof *cooked_fields; i++) {
		if (cooked_fields[i].offset != step->operand || cooked_fields[i].size != BPF_SIZE(step->code))
			continue;
		step->code = BPF_LD | BPF_W | BPF_ABS;
		step->operand = (uint32_t)(SKF_AD_OFF + cooked_fields[i].ancillary);
		return true;
	}
	return false;
}

/* Rewrites an instruction for a packet that has no SLL2 header. False: there is no such instruction. */
static bool move_load(struct bpf_step *step)
{
	uint16_t class = BPF_CLASS(step->code), mode = BPF_MODE(step->code);

	if (class != BPF_LD && class != BPF_LDX)
		return true;
	if (mode == BPF_LEN)
		return false;
	if (mode != BPF_ABS && mode != BPF_IND && mode != BPF_MSH)
		return true;
	if (step->operand >= SLL2_LENGTH) {
		step->operand -= SLL2_LENGTH;
		return true;
	}
	return mode == BPF_ABS && move_header_load(step);
}

static bool emit_bpf(struct tap_filter *filter, const struct tap_filter_options *options)
{
	const struct bpf_step *steps;
	size_t count;

	steps = bpf_program_of(options->bpf, &count);
	if (count > TAP_FILTER_STEPS - filter->count)
		return false;
	memcpy(filter->steps + filter->count, steps, count * sizeof *steps);
	for (size_t i = 0; i < count && options->shape == TAP_COOKED; i++)
		if (!move_load(&filter->steps[filter->count + i]))
			return false;
	filter->count += count;
	return true;
}

bool tap_filter_make(struct tap_filter *filter, const struct tap_filter_options *options)
{
	filter->count = 0;
	emit_direction(filter, options);
	if (options->bpf && emit_bpf(filter, options))
		return true;
	emit(filter, BPF_RET | BPF_K, options->snaplen, 0, 0);
	return !options->bpf;
}
