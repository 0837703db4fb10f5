#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The traceroute of lab 8, as short as one can be: pytraceroute.py HOST"""
import socket
import sys
import time

PORT = 33434  # nobody listens there
HOPS = 30


def main():
    target = socket.gethostbyname(sys.argv[1])
    errors = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    errors.settimeout(1)
    probes = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for ttl in range(1, HOPS + 1):
        probes.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        start = time.perf_counter()
        probes.sendto(b"", (target, PORT))
        try:
            router = errors.recvfrom(512)[1][0]
        except TimeoutError:
            print(f"{ttl:2}  *")
            continue
        print(f"{ttl:2}  {router}  {1000 * (time.perf_counter() - start):.3f} ms")
        if router == target:
            return


main()
