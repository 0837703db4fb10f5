# SPDX-License-Identifier: BSD-2-Clause
"""Captures of what carries packets of others: gre, erspan, mpls, and the serial lines ppp, chdlc, fr."""
from files import CHDLC, FRAME_RELAY, PPP, Packet, pcap
from wire import *

QUESTION = Udp(40000, 5555, b"date")
PACKET, PACKET6 = ip4(CLIENT, SERVER, QUESTION), ip6(CLIENT6, SERVER6, QUESTION)
FRAME = ether(PACKET)


def gre(payload, type=0x0800, flags=0, parts=b""):
    return to_server(Raw(u16(flags, type) + parts + payload, 47))


def gre_sum(payload, wrong=0):
    head = u16(0x8000, 0x0800, 0, 0) + payload
    return to_server(Raw(put16(head, 4, checksum(head) ^ wrong), 47))


def label(number, bottom, payload, traffic=0, ttl=63):
    return u32(number << 12 | traffic << 9 | bottom << 8 | ttl) + payload


def erspan(version, parts, payload):
    return u32(version << 28 | 42 << 16 | 5 << 13 | 3 << 11 | 0x123) + parts + payload


TUNNEL = {
    # With nothing, with a checksum that is right and one that is not, with key and sequence number, with a frame in it.
    "gre/packets": lambda: pcap([gre(PACKET), gre_sum(PACKET), gre_sum(PACKET, 1),
                                 gre(PACKET6, 0x86DD, 0x3000, u32(77, 1)),
                                 gre(FRAME, 0x6558), gre(b"what is this", 0x88B5)]),
    # Version 1 carries PPP and acknowledges; versions beyond it, and source routes, are for nobody.
    "gre/versions": lambda: pcap([gre(b"\xff\x03\x00\x21" + PACKET, 0x880B, 0x3081, u16(36, 7) + u32(1, 0)),
                                  gre(b"what is this", 0x0800, 7), gre(b"what is this", 0x0800, 0x4000, u32(0, 0)),
                                  Packet(gre(PACKET, 0x0800, 0x2000, u32(77)), cut=40)]),
    # A mirrored frame: bare, type II, type III, type III with a subheader.
    "erspan/types": lambda: pcap([gre(FRAME, 0x88BE), gre(erspan(1, u32(9), FRAME), 0x88BE, 0x1000, u32(1)),
                                  gre(erspan(2, u32(1000) + u16(5, 0x8008), FRAME), 0x22EB, 0x1000, u32(1)),
                                  gre(erspan(2, u32(1000) + u16(5, 2 << 10 | 1) + b"subheadr", PACKET), 0x22EB,
                                      0x1000, u32(1)),
                                  gre(erspan(7, u32(9), FRAME), 0x88BE, 0x1000, u32(1))]),
    "mpls/labels": lambda: pcap([ether(label(16000, 0, label(16001, 1, PACKET, 3)), 0x8847),
                                 ether(label(2, 1, PACKET6), 0x8847),
                                 ether(label(16002, 1, b"\0\0\0\0pseudowire"), 0x8847),
                                 Packet(ether(label(16000, 0, b""), 0x8847), cut=16),
                                 to_server(Raw(label(16000, 1, PACKET), 137))]),
    # With the octets of HDLC-like framing and without, a protocol of one octet, and protocols that are not decoded.
    "ppp/packets": lambda: pcap([b"\xff\x03\x00\x21" + PACKET, b"\x00\x57" + PACKET6, b"\x21" + PACKET,
                                 b"\xff\x03\x02\x81" + label(16000, 1, PACKET), b"\xff\x03\xc0\x21\x01\x01\x00\x04",
                                 b"\xff\x03\x40\x01what is this", b"\xff"], PPP),
    "chdlc/packets": lambda: pcap([b"\x0f\x00" + u16(0x0800) + PACKET,
                                   b"\x8f\x00" + u16(0x8035) + u32(2, 1, 2) + u16(0xFFFF),
                                   b"\x0f\x00" + u16(0x86DD) + PACKET6, b"\x0f\x00" + u16(0x9999) + b"what is this",
                                   b"\x0f\x00\x08"], CHDLC),
    # RFC 2427 with an NLPID, with SNAP, with another organization; Cisco's way; an address of one octet.
    "fr/packets": lambda: pcap([b"\x18\x41\x03\xcc" + PACKET, b"\x1a\x4f\x03\x8e" + PACKET6,
                                b"\x18\x41\x03\x00\x80\0\0\0" + u16(0x0800) + PACKET,
                                b"\x18\x41\x03\x00\x80\x00\x80\xc2" + u16(7) + FRAME,
                                b"\x18\x41" + u16(0x0800) + PACKET, b"\x18\x41\x03\x99what",
                                b"\x19what is this", b"\x18"], FRAME_RELAY),
}
