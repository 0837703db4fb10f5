/* SPDX-License-Identifier: BSD-2-Clause */
#include "io/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "io/tap.h"

static struct tpacket_block_desc *block_number(const struct ring *ring, uint32_t number)
{
	return (void *)(ring->map + (size_t)number * ring->block_size);
}

static struct tpacket_block_desc *block_at(const struct ring *ring)
{
	return block_number(ring, ring->block);
}

/* Whether the block that the kernel is filling has packets already; it counts them where we can see it. */
static bool kernel_holds(const struct ring *ring)
{
	struct tpacket_hdr_v1 *header;

	if (!ring->map)
		return false;
	header = &block_at(ring)->hdr.bh1;
	return __atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER ||
	       __atomic_load_n(&header->num_pkts, __ATOMIC_ACQUIRE);
}

/*
 * How many blocks the kernel has closed from here on before it lost anything. What was lost until now comes after them.
 * A block that it marks tells by itself.
 */
static uint32_t closed_ahead(const struct ring *ring)
{
	uint32_t ahead = 0;

	while (ahead < ring->block_count) {
		const struct tpacket_block_desc *block = block_number(ring, (ring->block + ahead) % ring->block_count);
		uint32_t status = __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE);

		if (block == ring->held || !(status & TP_STATUS_USER) || status & TP_STATUS_LOSING)
			break;
		ahead++;
	}
	return ahead;
}

/*
 * PACKET_STATISTICS begins at 0 again whenever it is read; what it calls packets has the dropped ones in it. The kernel
 * marks no block for what was read: where that belongs is remembered here.
 */
static void count(struct ring *ring)
{
	struct tpacket_stats_v3 since = { 0 };
	socklen_t length = sizeof since;

	if (getsockopt(ring->fd, SOL_PACKET, PACKET_STATISTICS, &since, &length) < 0)
		return;
	ring->received += since.tp_packets;
	ring->dropped += since.tp_drops;
	ring->unplaced += since.tp_drops;
	if (since.tp_drops)
		ring->ahead = closed_ahead(ring);
}

static void give_back(struct ring *ring)
{
	if (!ring->held)
		return;
	ring->held->hdr.bh1.num_pkts = 0;
	__atomic_store_n(&ring->held->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	ring->held = NULL;
}

void ring_shut_in_time(struct ring *ring)
{
	if (ring->phase != RING_LAST || tap_clock() - ring->phase_since < ring->wait)
		return;
	if (!tap_shut(ring->fd))
		bug("a packet socket refused the filter that rejects all");
	ring->phase = RING_SHUT;
	ring->phase_since = tap_clock();
}

/* Whatever was lost was lost before the packet that comes next. */
static void place_drops(struct ring *ring)
{
	if (ring->index)
		ring->lost += ring->unplaced;
	ring->unplaced = 0;
}

/* On to the next block, if the kernel has handed it over. */
static bool turn(struct ring *ring)
{
	struct tpacket_block_desc *block;
	uint32_t status;

	give_back(ring);
	ring_shut_in_time(ring);
	block = block_at(ring);
	status = __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE);
	if (!(status & TP_STATUS_USER))
		return false;
	ring->held = block;
	ring->left = block->hdr.bh1.num_pkts;
	ring->at = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
	/* Packets are lost while all blocks are full, so between two; the kernel marks the one after that. */
	if (status & TP_STATUS_LOSING) {
		count(ring);
		place_drops(ring);
	} else if (!ring->ahead) {
		place_drops(ring);
	} else {
		ring->ahead--;
	}
	if (++ring->block == ring->block_count) {
		ring->block = 0;
		count(ring);
	}
	return true;
}

static bool interface_is_gone(const struct ring *ring)
{
	struct sockaddr_ll bound;
	socklen_t length = sizeof bound;

	return !getsockname(ring->fd, (struct sockaddr *)&bound, &length) && bound.sll_ifindex < 0;
}

/* Nothing at hand. An interface that is down may come up again; one that was removed does not. */
enum source_answer ring_idle(struct ring *ring, struct error *err)
{
	int problem = 0;
	socklen_t length = sizeof problem;

	place_drops(ring);
	if (ring->phase == RING_SHUT && tap_clock() - ring->phase_since >= ring->wait && !kernel_holds(ring))
		return SOURCE_END;
	if (ring->phase != RING_OPEN)
		return SOURCE_AGAIN;
	getsockopt(ring->fd, SOL_SOCKET, SO_ERROR, &problem, &length);
	if (problem == ENETDOWN)
		ring->down = true;
	else if (problem)
		return errno = problem, error_errno(err, "%s: the capture broke off", ring->name);
	if (ring->down && interface_is_gone(ring) && !kernel_holds(ring))
		return error_set(err, "%s: the interface was removed; the capture ends here", ring->name);
	return SOURCE_AGAIN;
}

static enum source_answer ring_next(struct source *source, struct frame *frame, struct error *err)
{
	struct ring *ring = (struct ring *)source;
	struct tpacket3_hdr *header;
	uint32_t blocks = 0;

	for (;;) {
		while (!ring->left) {
			/* What nobody wants must not keep us here for ever. */
			if (++blocks > ring->block_count)
				return SOURCE_AGAIN;
			if (!turn(ring))
				return ring_idle(ring, err);
		}
		header = (void *)ring->at;
		ring->at += header->tp_next_offset;
		ring->left--;
		__builtin_prefetch(ring->at);
		if (ring_take(ring, header, frame))
			return SOURCE_FRAME;
	}
}

int ring_fd(const struct source *source)
{
	return ((const struct ring *)source)->fd;
}

void ring_stop(struct source *source)
{
	struct ring *ring = (struct ring *)source;

	if (ring->phase != RING_OPEN)
		return;
	ring->phase = RING_LAST;
	ring->phase_since = tap_clock();
}

/* On "any" the kernel counts for all interfaces together: what it says stands with "any" itself. */
void ring_counters(struct source *source, uint32_t interface, struct source_counters *out)
{
	struct ring *ring = (struct ring *)source;
	uint64_t missed;

	if (interface)
		return;
	count(ring);
	out->received = ring->received - ring->rejected;
	out->dropped = ring->dropped;
	missed = ring->index ? interface_missed(ring->index) : COUNTER_UNKNOWN;
	if (missed != COUNTER_UNKNOWN && ring->missed_before != COUNTER_UNKNOWN)
		out->interface_dropped = missed - ring->missed_before;
}

void ring_close(struct source *source)
{
	ring_release((struct ring *)source);
	free(source);
}

static void describe(struct ring *ring, const struct interface_info *info, const struct source_live_options *options)
{
	struct interface *interface = source_add_interface(&ring->head);

	interface->name = mem_copy_string(info->name);
	interface->filter = options->filter && *options->filter ? mem_copy_string(options->filter) : NULL;
	interface->link = info->link;
	interface->snaplen = ring->snaplen;
	interface->tsresol = 9;
	if (!ring->index)
		ring->indexes = mem_new(1, sizeof *ring->indexes);
}

struct source *ring_open(const char *name, const struct source_live_options *options, const struct source_ops *ops,
			 ring_preparer *prepare, struct error *err)
{
	struct ring *ring = mem_new(1, sizeof *ring);
	const struct interface_info *info;
	struct interfaces interfaces;

	ring->head.ops = ops;
	ring->head.nanoseconds = true;
	ring->fd = -1;
	if (interfaces_read(&interfaces, err) < 0) {
		free(ring);
		return NULL;
	}
	info = interfaces_find(&interfaces, name, err);
	if (!info || prepare(ring, info, options, err) < 0)
		goto fail;
	describe(ring, info, options);
	if (ring_bind(ring, options, err) < 0)
		goto fail;
	interfaces_release(&interfaces);
	return &ring->head;
fail:
	interfaces_release(&interfaces);
	source_close(&ring->head);
	return NULL;
}

static const struct source_ops ring_ops = {
	.name = "ring",
	.next = ring_next,
	.fd = ring_fd,
	.stop = ring_stop,
	.counters = ring_counters,
	.close = ring_close,
};

struct source *source_ring_open(const char *name, const struct source_live_options *options, struct error *err)
{
	return ring_open(name, options, &ring_ops, ring_prepare, err);
}
