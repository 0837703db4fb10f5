/* SPDX-License-Identifier: BSD-2-Clause */
/* The pcap file format (draft-ietf-opsawg-pcap), and limits that hold for both file formats. */
#pragma once

#include <stdint.h>

#define PCAP_MAGIC 0xa1b2c3d4u             /* times in microseconds */
#define PCAP_MAGIC_NANOSECONDS 0xa1b23c4du
#define PCAP_MAGIC_MODIFIED 0xa1b2cd34u    /* microseconds; 8 octets more in each record, from old Linux patches */
#define PCAP_FILE_HEADER 24u
#define PCAP_RECORD_HEADER 16u
#define PCAP_RECORD_HEADER_MODIFIED 24u
#define PCAP_LINK_MASK 0xffffu             /* above it: the length of a frame check sequence, and classes */

/* No packet is longer, nor a block with its options; a file that says so is damaged. */
#define CAPTURE_MAX_PACKET (1u << 24)
#define CAPTURE_MAX_BLOCK (CAPTURE_MAX_PACKET + (1u << 20))
#define CAPTURE_SNAPLEN 262144u            /* what is written as "no limit": the most that libpcap reads */
