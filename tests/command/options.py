#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A program with sockets, for tests of `sonde sockopts --pid`: options.py KIND; says "ready" and holds them to the end of its input.

Each line of its input is an order: error (tells what SO_ERROR was), thread (tells the id of one of its threads)."""
import select
import socket
import struct
import sys
import threading

HELD = []


def hold(*sockets):
    HELD.extend(sockets)


def setting():
    """A UDP socket on which some options are set, and one on which none is."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 12345)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 3, 0))
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
    udp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 7)
    hold(udp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM))


def talking():
    """A connection with nothing set on it, over which much has gone both ways."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    server = listener.accept()[0]
    for _ in range(20):
        for sender, receiver in ((client, server), (server, client)):
            sender.sendall(b"x" * 50000)
            left = 50000
            while left:
                left -= len(receiver.recv(left))
    hold(listener, client, server)


def failing():
    """A UDP socket at which ECONNREFUSED waits."""
    nobody = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    nobody.bind(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect(nobody.getsockname())
    nobody.close()
    udp.send(b"x")
    waiting = select.poll()
    waiting.register(udp, select.POLLERR)
    assert waiting.poll(60000)
    hold(udp)


def named():
    """A unix socket whose name a terminal would obey."""
    unix = socket.socket(socket.AF_UNIX)
    unix.bind("\0a\x1b[2Jb")
    unix.listen()
    hold(unix)


def listening():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 20000)
    listener.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0x10)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    hold(listener)


def nothing():
    pass


def main():
    {each.__name__: each for each in (setting, talking, failing, named, listening, nothing)}[sys.argv[1]]()
    print("ready", flush=True)
    for order in sys.stdin:
        if order.strip() == "error":
            print(HELD[0].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), flush=True)
        if order.strip() == "thread":
            thread = threading.Thread(target=threading.Event().wait, daemon=True)
            thread.start()
            print(thread.native_id, flush=True)


main()
