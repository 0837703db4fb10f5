/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of a packet, read without dissecting it. */
#pragma once

#include "packet/frame.h"
#include "sockets/registrar.h"

/*
 * Of TCP and UDP in IPv4 or IPv6, in what interfaces of this machine deliver: Ethernet with VLAN tags, cooked, or IP
 * alone. What is inside a tunnel is not looked for: it comes again, on the tunnel's own interface. False: it has no
 * such ends, as a later fragment. tests/golden/ends compares it with the dissectors.
 */
bool frame_ends(const struct frame *frame, struct registrar_packet *out);
