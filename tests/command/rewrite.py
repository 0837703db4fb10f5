#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A run of an exercise made into another: rewrite.py FROM.pcap TO.pcap [drop=N] [again=N] [text=OLD/NEW] [port=OLD/NEW]
[elsewhere]. Packets count from 1; texts are of equal length; checksums stay as they are. Ethernet and IPv4."""
import re
import struct
import sys


def read(path):
    data = open(path, "rb").read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    packets, at = [], 24
    while at < len(data):
        seconds, part, length, wire = struct.unpack_from(order + "IIII", data, at)
        packets.append((seconds, part, wire, data[at + 16:at + 16 + length]))
        at += 16 + length
    return data[:24], order, packets


def write(path, header, order, packets):
    with open(path, "wb") as out:
        out.write(header)
        for seconds, part, wire, octets in packets:
            out.write(struct.pack(order + "IIII", seconds, part, len(octets), wire) + octets)


def each(packets, change):
    return [(seconds, part, wire, change(octets)) for seconds, part, wire, octets in packets]


def port(octets, old, new):
    for at in (34, 36):
        if octets[at:at + 2] == struct.pack(">H", old):
            octets = octets[:at] + struct.pack(">H", new) + octets[at + 2:]
    return octets


def elsewhere(packets):
    """Other machines, an hour later, from another port, with other identifications."""
    high = max(struct.unpack_from(">H", octets, at)[0] for *_, octets in packets for at in (34, 36))
    moved = [(seconds + 3600, part, wire, octets[:18] + b"\x12\x34" + octets[20:26] +
              octets[26:34].replace(b"\x0a\x00\x00", b"\xc0\xa8\x07") + octets[34:]) for seconds, part, wire, octets in packets]
    return each(moved, lambda octets: port(octets, high, high - 1))


def main(source, target, *changes):
    header, order, packets = read(source)
    for change in changes:
        what, _, how = change.partition("=")
        old, _, new = how.partition("/")
        if what == "drop":
            del packets[int(old) - 1]
        elif what == "again":
            seconds, part, wire, octets = packets[int(old) - 1]
            packets.append((seconds + 1, part, wire, octets))
        elif what == "text":
            assert len(old) == len(new) and re.search(re.escape(old.encode()), b"".join(p[3] for p in packets)), change
            packets = each(packets, lambda octets: octets.replace(old.encode(), new.encode()))
        elif what == "port":
            packets = each(packets, lambda octets: port(octets, int(old), int(new)))
        else:
            packets = elsewhere(packets)
    write(target, header, order, packets)


if __name__ == "__main__":
    main(*sys.argv[1:])
