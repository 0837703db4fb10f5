/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/ring.h"
#include "io/tap.h"
#include "io/tap_filter.h"

#define BLOCK (512u << 10)    /* holds the longest frame there is, TAP_SNAPLEN, and its headers */
#define BLOCK_LEAST 4096u
#define FRAME_OVERHEAD 256u   /* block and packet headers, and the room before the packet */
#define RESERVE 24            /* room before a packet for an SLL2 header or a VLAN tag */
#define LEAST_BLOCKS 2u

/* Blocks that hold a frame of snaplen octets, in a buffer of about the size asked for. */
static void choose_size(struct ring *ring, uint32_t buffer)
{
	uint32_t needed = ring->snaplen + FRAME_OVERHEAD, size = BLOCK;

	while (size > BLOCK_LEAST && size / 2 >= needed && buffer / size < 2 * LEAST_BLOCKS)
		size /= 2;
	ring->block_size = size;
	ring->block_count = buffer / size < LEAST_BLOCKS ? LEAST_BLOCKS : buffer / size;
}

static int set(struct ring *ring, int option, const void *value, size_t length, const char *what, struct error *err)
{
	if (setsockopt(ring->fd, SOL_PACKET, option, value, (socklen_t)length) < 0)
		return error_errno(err, "%s: the kernel refused %s", ring->name, what);
	return 0;
}

static int map_ring(struct ring *ring, struct error *err)
{
	int version = TPACKET_V3, reserve = RESERVE;
	struct tpacket_req3 request = {
		.tp_block_size = ring->block_size,
		.tp_block_nr = ring->block_count,
		.tp_frame_size = BLOCK_LEAST,
		.tp_frame_nr = ring->block_size / BLOCK_LEAST * ring->block_count,
		.tp_retire_blk_tov = (unsigned)(ring->wait / 1000000),
	};
	void *map;

	if (set(ring, PACKET_VERSION, &version, sizeof version, "TPACKET_V3", err) < 0 ||
	    set(ring, PACKET_RESERVE, &reserve, sizeof reserve, "room before packets", err) < 0 ||
	    set(ring, PACKET_RX_RING, &request, sizeof request, "a buffer of this size", err) < 0)
		return -1;
	map = mmap(NULL, (size_t)ring->block_size * ring->block_count, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (map == MAP_FAILED)
		return error_errno(err, "%s: the kernel's buffer cannot be mapped", ring->name);
	ring->map = map;
	return 0;
}

static unsigned find_loopback(void)
{
	struct interfaces interfaces;
	struct error ignored;
	unsigned index = 0;

	if (interfaces_read(&interfaces, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < interfaces.count && !index; i++)
		if (interfaces.list[i].flags & IFF_LOOPBACK)
			index = interfaces.list[i].index;
	interfaces_release(&interfaces);
	return index;
}

/*
 * The kernel runs the filter on a packet whose VLAN tag it has already taken off. A filter that is about tags is
 * therefore asked about the frames with their tags put back, exactly as it would be when the saved file is read. Other
 * filters see what is inside the tag, as tcpdump's do.
 */
static int attach_filter(struct ring *ring, const struct interface_info *info,
			 const struct source_live_options *options, struct error *err)
{
	bool apart = options->filter && bpf_mentions_vlan(options->filter);
	struct tap_filter_options wanted = {
		.bpf = apart ? NULL : ring->bpf,
		.shape = ring->shape,
		.direction = options->direction,
		.loopback = options->both || (info->index && !(info->flags & IFF_LOOPBACK)) ? 0 : find_loopback(),
		.only_loopback = info->index != 0,
		.snaplen = ring->snaplen,
	};
	struct tap_filter *filter = mem_new(1, sizeof *filter);
	bool decides = tap_filter_make(filter, &wanted) && !apart;
	struct sock_fprog program = { .len = (unsigned short)filter->count, .filter = (void *)filter->steps };
	int answer = setsockopt(ring->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);

	free(filter);
	if (answer < 0)
		return error_errno(err, "%s: the kernel refused the filter '%s'", ring->name,
				   options->filter ? options->filter : "");
	if (decides) {
		bpf_free(ring->bpf);
		ring->bpf = NULL;
	} else if (bpf_asks_kernel(ring->bpf)) {
		return error_set(err, "capture filter '%s': vlan does not go together with inbound, outbound or "
				      "ifindex; -Q tells the direction", options->filter);
	}
	return 0;
}

static int open_socket(struct ring *ring, struct error *err)
{
	int type = ring->shape == TAP_ETHERNET ? SOCK_RAW : SOCK_DGRAM;

	/* Protocol 0: no packet may come before the filter is there. */
	ring->fd = socket(AF_PACKET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return ring->fd < 0 ? tap_refused(err, ring->name) : 0;
}

int ring_attach(struct ring *ring, const struct interface_info *info, const struct source_live_options *options,
		struct error *err)
{
	memcpy(ring->name, info->name, sizeof ring->name);
	ring->index = info->index;
	ring->shape = info->shape;
	ring->fd = -1;
	ring->build = ring_builder(info->shape);
	ring->snaplen = options->snaplen && options->snaplen < TAP_SNAPLEN ? options->snaplen : TAP_SNAPLEN;
	ring->wait = (options->wait_ms ? options->wait_ms : TAP_WAIT_MS) * INT64_C(1000000);
	if (options->filter && *options->filter) {
		ring->bpf = bpf_new_live(options->filter, info->link, ring->snaplen, err);
		if (!ring->bpf)
			return -1;
	}
	return open_socket(ring, err) < 0 ? -1 : attach_filter(ring, info, options, err);
}

int ring_prepare(struct ring *ring, const struct interface_info *info, const struct source_live_options *options,
		 struct error *err)
{
	if (ring_attach(ring, info, options, err) < 0)
		return -1;
	choose_size(ring, options->buffer_bytes ? options->buffer_bytes : TAP_BUFFER);
	return map_ring(ring, err);
}

static int set_promiscuous(struct ring *ring, struct error *err)
{
	struct packet_mreq membership = { .mr_ifindex = (int)ring->index, .mr_type = PACKET_MR_PROMISC };

	return set(ring, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership, "promiscuous mode (try without it)",
		   err);
}

int ring_bind(struct ring *ring, const struct source_live_options *options, struct error *err)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)ring->index,
	};
	int problem = 0;
	socklen_t length = sizeof problem;

	if (ring->index && !options->no_promiscuous && set_promiscuous(ring, err) < 0)
		return -1;
	ring->missed_before = ring->index ? interface_missed(ring->index) : COUNTER_UNKNOWN;
	if (bind(ring->fd, (struct sockaddr *)&address, sizeof address) < 0)
		return error_errno(err, "%s: cannot bind to the interface", ring->name);
	/* Bound to an interface that is down, the socket says so and waits for it to come up. */
	getsockopt(ring->fd, SOL_SOCKET, SO_ERROR, &problem, &length);
	ring->down = problem == ENETDOWN;
	return 0;
}

void ring_release(struct ring *ring)
{
	if (ring->map)
		munmap(ring->map, (size_t)ring->block_size * ring->block_count);
	if (ring->fd >= 0)
		close(ring->fd);
	bpf_free(ring->bpf);
	free(ring->indexes);
	free(ring->room);
}
