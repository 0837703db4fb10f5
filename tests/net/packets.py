# SPDX-License-Identifier: BSD-2-Clause
"""Packets as a router on their way sees them: read, changed, quoted in errors. Octets in, octets out."""
import os
import socket
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "golden")]
import wire

ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58
EXTENSION_HEADERS = (0, 43, 60)
FRAGMENT = 44
CHECKSUM_AT = {ICMP: 2, TCP: 16, UDP: 6, ICMP6: 2}
PORTS = {ICMP: {"sport": 4}, ICMP6: {"sport": 4}, TCP: {"sport": 0, "dport": 2}, UDP: {"sport": 0, "dport": 2}}
QUOTED_BEFORE_EXTENSION = 128  # RFC 4884
MPLS, INTERFACE = (1, 1), 2    # RFC 4950; RFC 5837, whose type says what there is


def address(text):
    return socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)


def text(octets):
    return socket.inet_ntop(socket.AF_INET6 if len(octets) == 16 else socket.AF_INET, octets)


class Packet:
    """Where things are in a packet. Raises ValueError when it is none, or cut."""

    def __init__(self, octets):
        self.octets = octets
        self.version = octets[0] >> 4 if octets else 0
        if len(octets) < {4: 20, 6: 40}.get(self.version, sys.maxsize):
            raise ValueError("no IP packet")
        (self.read4 if self.version == 4 else self.read6)()
        if len(octets) < self.head:
            raise ValueError("a packet is cut")
        self.transport = octets[self.head:]

    def read4(self):
        octets = self.octets
        self.head, self.traffic, self.ttl, self.protocol = (octets[0] & 15) * 4, octets[1], octets[8], octets[9]
        self.source, self.destination = octets[12:16], octets[16:20]
        flags, = struct.unpack_from(">H", octets, 6)
        self.whole = bool(flags & 0x4000)  # may not be fragmented
        self.more, self.later = bool(flags & 0x2000), bool(flags & 0x1FFF)

    def read6(self):
        octets = self.octets
        first, = struct.unpack_from(">I", octets)
        self.traffic, self.label = first >> 20 & 255, first & 0xFFFFF
        self.head, self.protocol, self.ttl = 40, octets[6], octets[7]
        self.source, self.destination = octets[8:24], octets[24:40]
        self.whole, self.more, self.later = True, False, False
        while self.protocol in (*EXTENSION_HEADERS, FRAGMENT) and len(octets) >= self.head + 8:
            if self.protocol == FRAGMENT:
                place, = struct.unpack_from(">H", octets, self.head + 2)
                self.more, self.later = bool(place & 1), bool(place & 0xFFF8)
            size = 8 if self.protocol == FRAGMENT else (octets[self.head + 1] + 1) * 8
            self.protocol, self.head = octets[self.head], self.head + size

    def pseudo(self):
        """What stands before the octets that the checksum counts."""
        if self.protocol == ICMP:
            return b""
        size, ends = len(self.transport), self.source + self.destination
        return ends + (wire.u32(size, self.protocol) if self.version == 6 else wire.u16(self.protocol, size))

    def sound(self):
        """Whether a destination takes it for undamaged."""
        at = CHECKSUM_AT.get(self.protocol)
        if at is None or self.more:
            return True
        if len(self.transport) < at + 2:
            return False
        if self.protocol == UDP and self.version == 4 and self.transport[at:at + 2] == b"\0\0":
            return True
        return wire.checksum(self.pseudo() + self.transport) == 0

    def flow(self, label=False):
        """What balancers go by: addresses, protocol, and the first four octets above: ports, or ICMP's checksum."""
        return self.source + self.destination + bytes([self.protocol]) + self.transport[:4] + \
            (struct.pack(">I", self.label) if label and self.version == 6 else b"")


# ------------------------------------------------------------------------------------------------ changed on the way

def summed(packet):
    """Again with a right header checksum."""
    if packet[0] >> 4 == 6:
        return packet
    head = (packet[0] & 15) * 4
    return wire.put16(packet, 10, wire.checksum(wire.put16(packet[:head], 10, 0)))


def with_ttl(packet, ttl):
    at = 8 if packet[0] >> 4 == 4 else 7
    return summed(packet[:at] + bytes([ttl]) + packet[at + 1:])


def with_traffic(packet, traffic):
    """Another type of service or traffic class."""
    if packet[0] >> 4 == 4:
        return summed(packet[:1] + bytes([traffic]) + packet[2:])
    return bytes([0x60 | traffic >> 4, (traffic & 15) << 4 | packet[1] & 15]) + packet[2:]


def adjusted(checksum, old, new):
    """A checksum after the octets `old` became `new`: RFC 1624. What was wrong before stays wrong."""
    total = (~checksum & 0xFFFF) + wire.checksum(old) + (~wire.checksum(new) & 0xFFFF)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def translated(packet, change):
    """
    As after a translator. change: source, destination (source6, destination6 in IPv6), sport, dport; an echo
    request's identifier counts as its source port.
    """
    p, suffix = Packet(packet), "6" if packet[0] >> 4 == 6 else ""
    ends = [address(change[name + suffix]) if name + suffix in change else old
            for name, old in (("source", p.source), ("destination", p.destination))]
    upper = bytearray(p.transport)
    for name, at in PORTS.get(p.protocol, {}).items():
        if name in change and len(upper) >= at + 2:
            upper[at:at + 2] = struct.pack(">H", change[name])
    at = CHECKSUM_AT.get(p.protocol, sys.maxsize)
    if len(upper) >= at + 2 and (p.protocol != UDP or any(upper[at:at + 2])):
        before, after = (b"", b"") if p.protocol == ICMP else (p.source + p.destination, b"".join(ends))
        checksum = adjusted(int.from_bytes(upper[at:at + 2]), before + p.transport[:6], after + bytes(upper[:6]))
        upper[at:at + 2] = struct.pack(">H", checksum or (0xFFFF if p.protocol == UDP else 0))
    place = 12 if p.version == 4 else 8
    return summed(packet[:place] + b"".join(ends) + packet[place + 2 * len(p.source):p.head] + bytes(upper))


# ------------------------------------------------------------------------------------------------ errors

def mpls(entries):
    return b"".join(wire.u32(label << 12 | experimental << 9 | bottom << 8 | ttl)
                    for label, experimental, bottom, ttl in entries)


def interface(info):
    """(type, content) of interface information. info: role (0 to 3), ifindex, address, name, mtu."""
    kind, content = info.get("role", 0) << 6, b""
    if "ifindex" in info:
        kind, content = kind | 8, content + wire.u32(info["ifindex"])
    if "address" in info:
        octets = address(info["address"])
        kind, content = kind | 4, content + wire.u16(1 if len(octets) == 4 else 2, 0) + octets
    if "name" in info:
        name = info["name"].encode()
        name += b"\0" * (-(len(name) + 1) % 4)
        kind, content = kind | 2, content + bytes([len(name) + 1]) + name
    if "mtu" in info:
        kind, content = kind | 1, content + wire.u32(info["mtu"])
    return kind, content


def thing(number, kind, content, length=None):
    """An extension object; length: what it says of itself."""
    return wire.u16(len(content) + 4 if length is None else length) + wire.u8(number, kind) + content


def extension(objects, bad_checksum=False):
    """RFC 4884's structure: a header, then the objects."""
    octets = b"\x20\0\0\0" + b"".join(objects)
    return wire.put16(octets, 2, wire.checksum(octets) ^ (0x5A5A if bad_checksum else 0))


def quoted(packet, quote, room):
    """As much of a packet as an error quotes: its header and `quote` octets, or all that there is room for."""
    head = (packet[0] & 15) * 4 if packet[0] >> 4 == 4 else 40
    return packet[:room if quote is None else min(room, head + quote)]


def extended(quote, octets, unit, tells_length=True):
    """(quote and extension, the quote's length in units for the header). unit: 4 octets in IPv4, 8 in IPv6."""
    if not tells_length:
        return quote[:QUOTED_BEFORE_EXTENSION].ljust(QUOTED_BEFORE_EXTENSION, b"\0") + octets, 0
    quote = quote.ljust(QUOTED_BEFORE_EXTENSION, b"\0")
    quote += b"\0" * (-len(quote) % unit)
    return quote + octets, len(quote) // unit


def sent(source, destination, upper, ttl=64, traffic=0, ident=0):
    """source and destination: octets; upper: of wire.py."""
    if len(source) == 4:
        return wire.ip4(text(source), text(destination), upper, ident=ident, flags=0, ttl=ttl, tos=traffic)
    return wire.ip6(text(source), text(destination), upper, hops=ttl, traffic=traffic)


def icmp(version, kind, code, rest):
    return wire.Icmp(kind, code, rest) if version == 4 else wire.Icmp6(kind, code, rest)
