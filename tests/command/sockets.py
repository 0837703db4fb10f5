#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes sockets of every kind in this network namespace, and runs a command while they are there: sockets.py COMMAND..."""
import socket
import subprocess
import sys
import tempfile

kept = []


def keep(*sockets):
    kept.extend(sockets)
    return sockets[0]


def listener(family, host, port, backlog, only_six=None):
    server = keep(socket.socket(family))
    if only_six is not None:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_six)
    server.bind((host, port))
    server.listen(backlog)
    return server


def connected(server, host, port):
    client = keep(socket.create_connection((host, port)))
    return client, keep(server.accept()[0])


def tcp():
    server = listener(socket.AF_INET, "127.0.0.1", 5555, 7)
    client, _ = connected(server, "127.0.0.1", 5555)
    client.sendall(b"hello")  # nobody reads it
    _, closing = connected(server, "127.0.0.1", 5555)
    closing.close()  # CLOSE-WAIT here, FIN-WAIT-2 there
    keep(socket.create_connection(("127.0.0.1", 5555)))  # not accepted
    six = listener(socket.AF_INET6, "::1", 80, 5)
    idle, _ = connected(six, "::1", 80)
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    both = listener(socket.AF_INET6, "::", 5556, 5, 0)
    connected(both, "127.0.0.1", 5556)
    listener(socket.AF_INET6, "::", 5557, 5, 1)
    listener(socket.AF_INET, "0.0.0.0", 22, 5)


def udp():
    server = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    server.bind(("0.0.0.0", 5555))
    client = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    client.connect(("127.0.0.1", 5555))
    client.send(b"x" * 100)
    bound = keep(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
    bound.bind(("0.0.0.0", 68))
    six = keep(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
    six.bind(("::", 5556))


def others(folder):
    keep(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
    packets = keep(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x800)))
    packets.bind(("lo", 0x800))
    server = keep(socket.socket(socket.AF_UNIX))
    server.bind(folder + "/server")
    server.listen(3)
    client = keep(socket.socket(socket.AF_UNIX))
    client.connect(folder + "/server")
    keep(server.accept()[0])
    named = keep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    named.bind("\0sonde-test")
    keep(*socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))


with tempfile.TemporaryDirectory() as made:
    tcp()
    udp()
    others(made)
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
