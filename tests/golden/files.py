# SPDX-License-Identifier: BSD-2-Clause
"""Capture files as octets: pcap in its dialects, and pcapng block by block (draft-ietf-opsawg-pcapng)."""
import struct

ETHERNET, RAW, NULL, LOOP, SLL, SLL2, IPV4, IPV6 = 1, 101, 0, 108, 113, 276, 228, 229
PPP, CHDLC, FRAME_RELAY = 9, 104, 107

# 2026-01-31 12:00:00 UTC; the packets of a capture follow each other a millisecond apart unless they say otherwise.
START = 1769860800 * 10**9
STEP = 10**6


class Packet:
    """An octet string with a time in ns after START and the length it had on the wire."""

    def __init__(self, data, at=None, wire=None, cut=None):
        self.wire = wire if wire is not None else len(data)
        self.data = data if cut is None else data[:cut]
        self.at = at


def timed(packets):
    """(ns since 1970, Packet) of a list in which plain octets are packets too."""
    now = START
    for packet in packets:
        packet = packet if isinstance(packet, Packet) else Packet(packet)
        now = now if packet.at is None else START + packet.at
        yield now, packet
        now += STEP


def pcap(packets, link=ETHERNET, order="<", magic=0xA1B2C3D4, snaplen=262144, extra=b""):
    """extra: octets behind each record's header, as the modified format (0xa1b2cd34) has 8."""
    unit = 1 if magic == 0xA1B23C4D else 1000
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link)
    for at, packet in timed(packets):
        out += struct.pack(order + "IIII", at // 10**9, at % 10**9 // unit, len(packet.data), packet.wire)
        out += extra + packet.data
    return out


def padded(data):
    return data + b"\0" * (-len(data) % 4)


class Pcapng:
    """Blocks in the order they are asked for. Options are (code, octets) pairs; numbers are packed by number()."""

    def __init__(self, order="<"):
        self.order, self.out, self.units = order, b"", []

    def pack(self, format, *values):
        return struct.pack(self.order + format, *values)

    def number(self, format, value):
        return self.pack(format, value)

    def options(self, options, end=True):
        out = b"".join(self.pack("HH", code, len(value)) + padded(value) for code, value in options)
        return out + (self.pack("HH", 0, 0) if options and end else b"")

    def block(self, type, body):
        body = padded(body)
        length = self.pack("I", 12 + len(body))
        self.out += self.pack("I", type) + length + body + length
        return self

    def section(self, options=(), length=-1, order=None):
        self.order, self.units = order or self.order, []
        return self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, length) + self.options(options))

    def interface(self, link=ETHERNET, snaplen=262144, options=(), per_second=10**6, end=True):
        """per_second must be what if_tsresol among the options says; 10**6 when it is not there."""
        self.units.append(per_second)
        return self.block(1, self.pack("HHI", link, 0, snaplen) + self.options(options, end))

    def stamp(self, interface, at):
        units = (START + at) * self.units[interface] // 10**9
        return self.pack("II", units >> 32, units & 0xFFFFFFFF)

    def packet(self, data, at=0, interface=0, options=(), wire=None, end=True):
        head = self.pack("I", interface) + self.stamp(interface, at) + \
            self.pack("II", len(data), len(data) if wire is None else wire)
        return self.block(6, head + padded(data) + self.options(options, end))

    def simple(self, data, wire=None):
        return self.block(3, self.pack("I", len(data) if wire is None else wire) + data)

    def old_packet(self, data, at=0, interface=0, drops=0xFFFF, options=(), wire=None):
        head = self.pack("HH", interface, drops) + self.stamp(interface, at) + \
            self.pack("II", len(data), len(data) if wire is None else wire)
        return self.block(2, head + padded(data) + self.options(options))

    def names(self, records, options=()):
        """records: (1 for IPv4 or 2 for IPv6, address and zero-ended names)."""
        return self.block(4, self.options(records) + self.options(options))

    def statistics(self, interface=0, at=0, options=()):
        return self.block(5, self.pack("I", interface) + self.stamp(interface, at) + self.options(options))

    def custom(self, number, data, copyable=True):
        return self.block(0x0BAD if copyable else 0x40000BAD, self.pack("I", number) + data)


def pcapng(packets, link=ETHERNET, options=(), per_second=10**6, order="<"):
    """The plain case: one section, one interface."""
    file = Pcapng(order).section().interface(link, options=options, per_second=per_second)
    for at, packet in timed(packets):
        file.packet(packet.data, at - START, wire=packet.wire)
    return file.out
