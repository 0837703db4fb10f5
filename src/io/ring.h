/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the AF_PACKET engine; for ring*.c, for source_socket.c, which takes packets one by one out of the same
 * kind of socket, and for their tests.
 */
#pragma once

#include <linux/if_packet.h>
#include <stdbool.h>
#include <stdint.h>

#include "io/bpf.h"
#include "io/interfaces.h"
#include "io/source.h"

enum ring_phase {
	RING_OPEN,
	RING_LAST,  /* told to stop: a moment for packets that are already on their way through the kernel */
	RING_SHUT   /* nothing more comes in; waiting for the kernel to hand over the block it was filling */
};

struct ring {
	struct source head;
	char name[IF_NAMESIZE];
	unsigned index;              /* 0: all interfaces */
	enum tap_shape shape;
	int fd;
	uint32_t snaplen;

	uint8_t *map;                /* NULL: no ring, packets come one by one into the room */
	uint8_t *room;
	uint32_t block_size;
	uint32_t block_count;
	uint32_t block;              /* the one to be read next */
	struct tpacket_block_desc *held; /* handed over by the kernel, not given back yet */
	uint8_t *at;                 /* next packet in it */
	uint32_t left;               /* packets from there on */

	/* Sets data, lengths and interface of the frame; the rest of it is the same for all shapes. */
	void (*build)(struct ring *ring, struct tpacket3_hdr *header, struct frame *frame);
	struct bpf *bpf;             /* what the kernel could not decide; NULL: nothing */
	uint64_t rejected;           /* by it */

	enum ring_phase phase;
	int64_t phase_since;
	int64_t wait;                /* ns that the kernel may hold a packet back */
	bool down;                   /* the interface was, at least once */

	uint64_t received, dropped;  /* as the kernel counted them */
	uint64_t unplaced;           /* of the dropped ones, those of which it is open before which packet it was */
	uint32_t ahead;              /* so many blocks come before the place of the unplaced */
	uint64_t lost;               /* before the packet that comes next */
	uint64_t missed_before;      /* what the interface had lost when we came */

	int *indexes;                /* "any": of the interfaces, in the order of head.interfaces; 0 for "any" */
	uint32_t last;               /* the one that was seen last */
};

/* Everything but the ring and binding: the socket has its filter and takes in nothing. */
int ring_attach(struct ring *ring, const struct interface_info *info, const struct source_live_options *options,
		struct error *err);
/* Everything but binding. */
int ring_prepare(struct ring *ring, const struct interface_info *info, const struct source_live_options *options,
		 struct error *err);
/* From now on packets come. */
int ring_bind(struct ring *ring, const struct source_live_options *options, struct error *err);
void ring_release(struct ring *ring);

typedef int ring_preparer(struct ring *, const struct interface_info *, const struct source_live_options *,
			  struct error *);
/* A source of the type `ops` whose socket `prepare` has made ready, bound. */
struct source *ring_open(const char *name, const struct source_live_options *options, const struct source_ops *ops,
			 ring_preparer *prepare, struct error *err);
/* Of a source that was told to stop: lets nothing more in once the time is over for what is on its way. */
void ring_shut_in_time(struct ring *ring);
/* What next() says when nothing is at hand. */
enum source_answer ring_idle(struct ring *ring, struct error *err);
/* Members of struct source_ops. */
int ring_fd(const struct source *source);
void ring_stop(struct source *source);
void ring_counters(struct source *source, uint32_t interface, struct source_counters *out);
void ring_close(struct source *source);

/* The function that builds frames of that shape. */
void (*ring_builder(enum tap_shape shape))(struct ring *, struct tpacket3_hdr *, struct frame *);
/* What the kernel says about where a packet came from. */
static inline const struct sockaddr_ll *ring_address(const struct tpacket3_hdr *header)
{
	return (const void *)((const uint8_t *)header + TPACKET_ALIGN(sizeof *header));
}

/* The flags of struct frame for what the kernel says about a packet. */
uint32_t ring_flags(uint8_t packet_type, uint32_t status);

/* The whole frame. False: the filter does not want it. */
static inline bool ring_take(struct ring *ring, struct tpacket3_hdr *header, struct frame *frame)
{
	ring->build(ring, header, frame);
	frame->link = frame->interface->link;
	if (ring->bpf && !bpf_match(ring->bpf, frame)) {
		ring->rejected++;
		return false;
	}
	frame->number = ++ring->head.frames;
	frame->time = header->tp_sec * INT64_C(1000000000) + header->tp_nsec;
	frame->has_time = true;
	frame->has_flags = true;
	frame->flags = ring_flags(ring_address(header)->sll_pkttype, header->tp_status);
	frame->has_drops = ring->lost != 0;
	frame->drops_before = ring->lost;
	ring->lost = 0;
	frame->options = NULL;
	frame->options_length = 0;
	frame->block = NULL;
	frame->block_length = 0;
	frame_without_owners(frame);
	return true;
}
