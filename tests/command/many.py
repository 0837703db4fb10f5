#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The packets of many captures one after the other, several times over: many.py TIMES TO.pcap FROM.pcap... Captures that
are not of Ethernet are left out. Times go on from capture to capture."""
import struct
import sys

from rewrite import read, write

ETHERNET = 1


def main():
    times, to, names = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    header, second, packets = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, ETHERNET), 1760000000, []
    for name in names * times:
        start, order, own = read(name)
        if struct.unpack_from(order + "I", start, 20)[0] != ETHERNET:
            continue
        packets += [(second + i // 1000, i % 1000 * 1000, wire, octets) for i, (_, _, wire, octets) in enumerate(own)]
        second += 1 + len(own) // 1000
    write(to, header, "<", packets)


if __name__ == "__main__":
    main()
