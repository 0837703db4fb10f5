/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Live capture, packet by packet: a packet socket without a ring. The kernel wakes whoever waits with the first packet,
 * where a ring hands over blocks; that costs a call for each packet. Frames are built by the ring's own code, from the
 * header that the kernel would have put in front of the packet there.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "io/ring.h"

#define DATA_AT 128 /* in the room: behind what describes the packet, and 24 octets or more for what is put before it */
#define BUFFER (4 << 20)

_Static_assert(TPACKET_ALIGN(sizeof(struct tpacket3_hdr)) + sizeof(struct sockaddr_ll) + 24 <= DATA_AT, "no room");

/* Where the packet socket says what a ring's header has. */
union control {
	struct cmsghdr header;
	char octets[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(struct tpacket_auxdata))];
};

static void read_auxiliary(struct tpacket3_hdr *header, const struct cmsghdr *control)
{
	struct tpacket_auxdata auxiliary;

	memcpy(&auxiliary, CMSG_DATA(control), sizeof auxiliary);
	header->tp_status = auxiliary.tp_status;
	header->tp_len = auxiliary.tp_len;
	header->hv1.tp_vlan_tci = auxiliary.tp_vlan_tci;
	header->hv1.tp_vlan_tpid = auxiliary.tp_vlan_tpid;
}

static void read_time(struct tpacket3_hdr *header, const struct cmsghdr *control)
{
	struct timespec time;

	memcpy(&time, CMSG_DATA(control), sizeof time);
	header->tp_sec = (uint32_t)time.tv_sec;
	header->tp_nsec = (uint32_t)time.tv_nsec;
}

static void read_control(struct tpacket3_hdr *header, struct msghdr *message)
{
	for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at; at = CMSG_NXTHDR(message, at)) {
		if (at->cmsg_level == SOL_PACKET && at->cmsg_type == PACKET_AUXDATA)
			read_auxiliary(header, at);
		else if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS)
			read_time(header, at);
	}
}

/* The next packet into the room, described as in a ring. NULL with errno: there is none. */
static struct tpacket3_hdr *receive(struct ring *ring)
{
	struct tpacket3_hdr *header = (void *)ring->room;
	union control control;
	struct iovec part = { ring->room + DATA_AT, ring->snaplen };
	struct msghdr message = {
		.msg_name = ring->room + TPACKET_ALIGN(sizeof *header),
		.msg_namelen = sizeof(struct sockaddr_ll),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.octets,
		.msg_controllen = sizeof control,
	};
	ssize_t got;

	memset(header, 0, DATA_AT);
	do
		got = recvmsg(ring->fd, &message, MSG_DONTWAIT | MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return NULL;
	header->tp_mac = DATA_AT;
	header->tp_len = (uint32_t)got;
	header->tp_snaplen = (uint32_t)got < ring->snaplen ? (uint32_t)got : ring->snaplen;
	read_control(header, &message);
	return header;
}

static enum source_answer socket_next(struct source *source, struct frame *frame, struct error *err)
{
	struct ring *ring = (struct ring *)source;
	struct tpacket3_hdr *header;

	ring_shut_in_time(ring);
	do
		header = receive(ring);
	while (header && !ring_take(ring, header, frame));
	if (header)
		return SOURCE_FRAME;
	if (errno == ENETDOWN)
		ring->down = true;
	else if (errno != EAGAIN)
		return error_errno(err, "%s: the capture broke off", ring->name);
	return ring_idle(ring, err);
}

/* More than an ordinary user may have is taken where the kernel gives it. */
static void set_buffer(int fd, int octets)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
}

static int prepare(struct ring *ring, const struct interface_info *info, const struct source_live_options *options,
		   struct error *err)
{
	int on = 1;

	if (ring_attach(ring, info, options, err) < 0)
		return -1;
	if (setsockopt(ring->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0 ||
	    setsockopt(ring->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0)
		return error_errno(err, "%s: the kernel does not stamp packets", ring->name);
	/* Not to delay what leaves by looking at it; older kernels do, and the filter rejects it. */
	if (options->direction == CAPTURE_IN)
		setsockopt(ring->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
	set_buffer(ring->fd, options->buffer_bytes ? (int)options->buffer_bytes : BUFFER);
	ring->room = mem_new(1, DATA_AT + (size_t)ring->snaplen);
	return 0;
}

static const struct source_ops socket_ops = {
	.name = "socket",
	.next = socket_next,
	.fd = ring_fd,
	.stop = ring_stop,
	.counters = ring_counters,
	.close = ring_close,
};

struct source *source_socket_open(const char *name, const struct source_live_options *options, struct error *err)
{
	return ring_open(name, options, &socket_ops, prepare, err);
}
