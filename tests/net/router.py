#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A whole path behind one TUN interface: whatever is routed there meets the hops of path.py.

usage: router.py INTERFACE HOPS [SEED]     HOPS: JSON, a list with an object for each hop

Makes the interface in the network namespace that it runs in, says "ready", and ends when its standard input does.
"""
import fcntl
import heapq
import itertools
import json
import os
import select
import struct
import sys
import time

sys.dont_write_bytecode = True
import path as paths

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
LARGEST = 65535
AT_ONCE = 64  # packets that are taken in before answers that are due go out


def open_tun(name):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def arrivals(tun):
    for _ in range(AT_ONCE):
        try:
            yield os.read(tun, LARGEST)
        except OSError:  # nothing more, or the interface is down
            return


def send(tun, octets):
    try:
        os.write(tun, octets)
    except OSError:  # lost, as on any way
        pass


def serve(tun, path, control, clock=time.monotonic):
    """Until the control ends. What is to be sent later waits in a heap: any number of packets is under way."""
    waiting, numbers = [], itertools.count()
    while True:
        while waiting and waiting[0][0] <= clock():
            send(tun, heapq.heappop(waiting)[2])
        left = max(0, waiting[0][0] - clock()) if waiting else None
        ready = select.select([tun, control], [], [], left)[0]
        if control in ready and not os.read(control, 4096):
            return
        if tun in ready:
            for octets in arrivals(tun):
                now = clock()
                for delay, answer in path.answers(octets, now):
                    heapq.heappush(waiting, (now + delay, next(numbers), answer))


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    path = paths.Path(json.loads(arguments[1]), *arguments[2:])
    tun = open_tun(arguments[0])
    print("ready", flush=True)
    serve(tun, path, sys.stdin.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
