/* SPDX-License-Identifier: BSD-2-Clause */
/* Many answers to one peer, sent as one piece that the kernel cuts apart (UDP_SEGMENT, udp(7)); for src/play only. */
#pragma once

#include "play/serving.h"

/*
 * How many of messages[0..count) are alike: to the same peer, from the same address, of the same length, so that they
 * can go as one piece; 1 or 0: not worth it.
 */
unsigned together_count(const struct mmsghdr *messages, unsigned count);

/*
 * Sends them so, non-blocking. `messages` have one iovec each, and these lie in a row. 0, or -1 with errno: none was
 * sent, because the kernel or the device cannot do it or because there is no room.
 */
int together_send(const struct narrator *n, int fd, const struct mmsghdr *messages, unsigned count);
