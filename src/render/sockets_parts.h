/* SPDX-License-Identifier: BSD-2-Clause */
/* Pieces that a socket is told in; for the sockets_*.c files only. Each begins with a blank where it is one of a row.
 */
#pragma once

#include "render/sockets.h"

/* "5555", "ssh", "*". */
void sockets_port(struct text *out, const struct sockets_look *look, const struct socket *socket,
		  const struct address *address);
/* Of a raw socket: "1", "icmp". */
void sockets_protocol(struct text *out, const struct sockets_look *look, unsigned protocol);
/* " users:((\"nc\",pid=4242,fd=3))"; nothing for nobody. */
void sockets_holders(struct text *out, const char *word, const struct holder *list, size_t count);
/* " ts sack cubic wscale:7,7 ..." and " skmem:(r0,...)" as ss(8) has them; the first words with -o only. */
void sockets_information(struct text *out, const struct sockets_look *look, const struct socket *socket);
void sockets_memory(struct text *out, const struct socket_memory *memory);
