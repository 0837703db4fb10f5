/* SPDX-License-Identifier: BSD-2-Clause */
#include "play/together.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>

#define LONGEST 1200u /* octets of an answer that surely fits into a packet; the kernel refuses what does not */
#define CONTROL_ROOM (DATAGRAM_CONTROL + CMSG_SPACE(sizeof(uint16_t)))

static bool alike(const struct msghdr *a, const struct msghdr *b)
{
	return a->msg_iov->iov_len == b->msg_iov->iov_len && a->msg_namelen == b->msg_namelen &&
	       !memcmp(a->msg_name, b->msg_name, a->msg_namelen) && a->msg_controllen == b->msg_controllen &&
	       (!a->msg_controllen || !memcmp(a->msg_control, b->msg_control, a->msg_controllen));
}

unsigned together_count(const struct mmsghdr *messages, unsigned count)
{
	unsigned same = 0;

	if (!count || !messages->msg_hdr.msg_iov->iov_len || messages->msg_hdr.msg_iov->iov_len > LONGEST)
		return 0;
	while (same < count && alike(&messages->msg_hdr, &messages[same].msg_hdr))
		same++;
	return same;
}

/* The control data of the answers, and behind it how long each of them is. */
static void add_segment(struct msghdr *message, uint8_t *room, const struct msghdr *one)
{
	struct cmsghdr *header;
	uint16_t octets = (uint16_t)one->msg_iov->iov_len;
	size_t before = one->msg_controllen ? CMSG_ALIGN(one->msg_controllen) : 0;

	if (before)
		memcpy(room, one->msg_control, one->msg_controllen);
	message->msg_control = room;
	message->msg_controllen = before + CMSG_SPACE(sizeof octets);
	header = (struct cmsghdr *)(room + before);
	header->cmsg_level = SOL_UDP;
	header->cmsg_type = UDP_SEGMENT;
	header->cmsg_len = CMSG_LEN(sizeof octets);
	memcpy(CMSG_DATA(header), &octets, sizeof octets);
}

int together_send(const struct narrator *n, int fd, const struct mmsghdr *messages, unsigned count)
{
	_Alignas(struct cmsghdr) uint8_t room[CONTROL_ROOM] = { 0 };
	const struct msghdr *one = &messages->msg_hdr;
	struct msghdr message = { .msg_name = one->msg_name,
				  .msg_namelen = one->msg_namelen,
				  .msg_iov = one->msg_iov,
				  .msg_iovlen = count };

	add_segment(&message, room, one);
	return sock_sendmsg(n, fd, &message, MSG_DONTWAIT,
			    "So many wait that their answers go as one piece; the kernel cuts it apart.") < 0
		       ? -1
		       : 0;
}
