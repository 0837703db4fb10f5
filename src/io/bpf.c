/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/bpf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/pcap_library.h"
#include "io/tap.h"

#define KERNEL_KNOWS 0xfffff000u /* from here on a load asks the kernel, not the packet (SKF_AD_OFF) */

struct bpf {
	struct bpf_program program;
	uint16_t link;
};

_Static_assert(sizeof(struct bpf_step) == sizeof(struct bpf_insn), "struct bpf_step is not laid out as libpcap's");
_Static_assert(offsetof(struct bpf_step, operand) == offsetof(struct bpf_insn, k), "operand is not where k is");

/* Files say LINKTYPE_, libpcap's functions DLT_; on Linux they differ for these. */
static const struct {
	uint16_t link;
	int dlt;
} differing[] = {
	{ 100, DLT_ATM_RFC1483 },
	{ 101, DLT_RAW },
	{ 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },
};

static int dlt_of(uint16_t link)
{
	for (size_t i = 0; i < sizeof differing / sizeof *differing; i++)
		if (differing[i].link == link)
			return differing[i].dlt;
	return link;
}

/* == and words with a dot, as in ip.src; a capture filter has dots in addresses and, after host, in names. */
static bool looks_like_display_filter(const char *expression)
{
	bool names_host = strstr(expression, "host") != NULL;

	for (const char *at = expression; *at; at++) {
		if (at > expression && *at == '.' && !names_host && isalpha((unsigned char)at[-1]) &&
		    isalpha((unsigned char)at[1]))
			return true;
		if (at[0] == '=' && at[1] == '=')
			return true;
	}
	return false;
}

/* A word behind the file that is the name of another one. */
static bool looks_like_file(const char *expression)
{
	const char *end = strrchr(expression, '.');

	return end && !strchr(expression, ' ') &&
	       (!strcmp(end, ".pcap") || !strcmp(end, ".pcapng") || !strcmp(end, ".cap"));
}

static void explain(const char *expression, const char *reason, struct error *err)
{
	if (looks_like_file(expression))
		error_set(err,
			  "capture filter '%s': %s; it looks like a second file, and one is read: merge them first",
			  expression, reason);
	else if (looks_like_display_filter(expression))
		error_set(err,
			  "capture filter '%s': %s; it looks like a display filter, which follows -Y; a capture "
			  "filter reads like 'udp port 5555' (pcap-filter(7))",
			  expression, reason);
	else
		error_set(err, "capture filter '%s': %s; see pcap-filter(7)", expression, reason);
}

struct bpf *bpf_new_live(const char *expression, uint16_t link, uint32_t snaplen, struct error *err)
{
	struct bpf *bpf;
	pcap_t *handle;

	if (pcap_load(err) < 0)
		return NULL;
	handle = pcap.open_dead(dlt_of(link), snaplen ? (int)snaplen : TAP_SNAPLEN);
	if (!handle)
		bug("pcap_open_dead failed for link type %u", link);
	bpf = mem_new(1, sizeof *bpf);
	bpf->link = link;
	if (pcap.compile(handle, &bpf->program, expression, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		explain(expression, pcap.geterr(handle), err);
		free(bpf);
		bpf = NULL;
	}
	pcap.close(handle);
	return bpf;
}

bool bpf_asks_kernel(const struct bpf *bpf)
{
	for (unsigned i = 0; i < bpf->program.bf_len; i++) {
		const struct bpf_insn *step = &bpf->program.bf_insns[i];

		if (BPF_CLASS(step->code) == BPF_LD && BPF_MODE(step->code) == BPF_ABS && step->k >= KERNEL_KNOWS)
			return true;
	}
	return false;
}

struct bpf *bpf_new(const char *expression, uint16_t link, uint32_t snaplen, struct error *err)
{
	struct bpf *bpf = bpf_new_live(expression, link, snaplen, err);

	if (!bpf || !bpf_asks_kernel(bpf))
		return bpf;
	explain(expression, "it asks what is known only while capturing (inbound, outbound, ifindex)", err);
	bpf_free(bpf);
	return NULL;
}

void bpf_free(struct bpf *bpf)
{
	if (!bpf)
		return;
	pcap.freecode(&bpf->program);
	free(bpf);
}

bool bpf_match(const struct bpf *bpf, const struct frame *frame)
{
	return frame->link == bpf->link &&
	       pcap.bpf_filter(bpf->program.bf_insns, frame->data, frame->wire_length, frame->cap_length);
}

bool bpf_mentions_vlan(const char *expression)
{
	static const char word[] = "vlan";

	for (const char *at = strcasestr(expression, word); at; at = strcasestr(at + 1, word))
		if ((at == expression || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[sizeof word - 1]))
			return true;
	return false;
}

const struct bpf_step *bpf_program_of(const struct bpf *bpf, size_t *count)
{
	*count = bpf->program.bf_len;
	return (const struct bpf_step *)(const void *)bpf->program.bf_insns;
}
