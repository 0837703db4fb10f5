/* SPDX-License-Identifier: BSD-2-Clause */
/* Link types that are known by name, with or without a dissector: the LINKTYPE_ numbers of capture files. */
#include "packet/dissector.h"

const struct value_name link_type_names[] = {
	{ 0, "BSD loopback" }, { 1, "Ethernet" }, { 6, "token ring" }, { 7, "ARCNET" }, { 8, "SLIP" }, { 9, "PPP" },
	{ 10, "FDDI" }, { 12, "raw IP" }, { 14, "raw IP" }, { 50, "PPP in HDLC framing" },
	{ 51, "PPP over Ethernet" }, { 100, "ATM" }, { 101, "raw IP" }, { 104, "Cisco HDLC" }, { 105, "IEEE 802.11" },
	{ 107, "frame relay" }, { 108, "OpenBSD loopback" }, { 113, "Linux cooked v1" }, { 114, "LocalTalk" },
	{ 117, "OpenBSD pflog" }, { 119, "IEEE 802.11 with Prism header" }, { 122, "IP over Fibre Channel" },
	{ 123, "ATM with pseudo header" }, { 127, "IEEE 802.11 with radiotap header" }, { 129, "ARCNET of Linux" },
	{ 137, "Juniper ATM" }, { 138, "IP over IEEE 1394" }, { 143, "DOCSIS" }, { 144, "IrDA" }, { 147, "user 0" },
	{ 160, "user 13" }, { 163, "IEEE 802.11 with AVS header" }, { 166, "PPP of pppd" },
	{ 178, "Juniper Ethernet" }, { 187, "Bluetooth HCI" }, { 189, "USB" }, { 192, "PPI" },
	{ 195, "IEEE 802.15.4 with FCS" }, { 201, "Bluetooth HCI with direction" }, { 204, "PPP with direction" },
	{ 220, "USB" }, { 224, "Fibre Channel" }, { 227, "CAN" }, { 228, "raw IPv4" }, { 229, "raw IPv6" },
	{ 230, "IEEE 802.15.4" }, { 239, "netfilter log" }, { 242, "IP over InfiniBand" }, { 247, "InfiniBand" },
	{ 249, "USB of Windows" }, { 251, "Bluetooth Low Energy" }, { 253, "netlink" }, { 258, "Apple PKTAP" },
	{ 276, "Linux cooked v2" }, { 283, "IEEE 802.15.4 TAP" },
	{ 0, NULL },
};
