#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A datagram in each of so many conversations: flows.py COUNT TO.pcap"""
import os
import struct
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../golden"))
from wire import Udp, ether, ip4
from rewrite import write


def main():
    count, to = int(sys.argv[1]), sys.argv[2]
    header, packets = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1), []
    for i in range(count):
        frame = ether(ip4(f"10.1.{i >> 8}.{i & 255}", "10.0.0.1", Udp(40000 + i % 7, 5555, b"date")))
        packets.append((1760000000 + i, 0, len(frame), frame))
    write(to, header, "<", packets)


if __name__ == "__main__":
    main()
