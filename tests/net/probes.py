# SPDX-License-Identifier: BSD-2-Clause
"""Probes of Python's own, to look at a network without the program that is tested in it. No rights are needed."""
import select
import socket
import struct

PATIENCE = 60  # seconds; only a network that is broken needs them
IP_RECVERR, IPV6_RECVERR = 11, 25
# PROBE: it may not be fragmented, and what is known of MTUs is ignored.
IP_MTU_DISCOVER, IPV6_MTU_DISCOVER, PROBE = 10, 23, 3
HEADERS = {4: 28, 6: 48}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}


def wait_for(probes, seconds=PATIENCE):
    """Whether something was said about one of them."""
    poll = select.poll()
    for probe in probes:
        poll.register(probe.socket, 0)  # errors come unasked
    return bool(poll.poll(seconds * 1000))


class Probe:
    """A UDP datagram that was sent, and what is said about it."""

    def __init__(self, net, version, ttl, port=33434, own_port=0, size=60):
        """size: of the packet."""
        six = version == 6
        self.version = version
        self.socket = net.source.inside(lambda: socket.socket(FAMILY[version], socket.SOCK_DGRAM))
        level = socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP
        self.socket.setsockopt(level, IPV6_RECVERR if six else IP_RECVERR, 1)
        self.socket.setsockopt(level, IPV6_MTU_DISCOVER if six else IP_MTU_DISCOVER, PROBE)
        self.socket.setsockopt(level, socket.IPV6_UNICAST_HOPS if six else socket.IP_TTL, ttl)
        self.socket.bind(("", own_port))
        self.socket.sendto(bytes(size - HEADERS[version]), (net.target[version], port))

    def said(self, wait=True):
        """(who, type, code, information such as an MTU); None: nothing yet."""
        if not wait_for([self], PATIENCE if wait else 0):
            return None
        _, ancillary, _, _ = self.socket.recvmsg(65536, 512, socket.MSG_ERRQUEUE)
        content = next(content for level, kind, content in ancillary
                       if (level, kind) in ((socket.IPPROTO_IP, IP_RECVERR), (socket.IPPROTO_IPV6, IPV6_RECVERR)))
        _, _, kind, code, _, info, _ = struct.unpack_from("=IBBBBII", content)
        at, size = (20, 4) if self.version == 4 else (24, 16)  # in the address behind it
        return socket.inet_ntop(FAMILY[self.version], content[at:at + size]), kind, code, info

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def ask(net, version, ttl, **more):
    """Sends one and waits for the answer."""
    with Probe(net, version, ttl, **more) as probe:
        return probe.said()


def ask_all(net, version, ttls, fence, count=0, **more):
    """
    What is said about several that are sent at once; None where nothing is. count: so many answers are waited for.
    fence: the TTL of one more probe, which is answered; what else was to come has come before that.
    """
    sent = [Probe(net, version, ttl, **more) for ttl in ttls]
    try:
        said = [probe.said(wait=False) for probe in sent]
        while len(said) - said.count(None) < count and wait_for([p for p, found in zip(sent, said) if not found]):
            said = [found or probe.said(wait=False) for found, probe in zip(said, sent)]
        if ask(net, version, fence) is None:
            raise RuntimeError(f"nobody answers at hop {fence}")
        return [found or probe.said(wait=False) for found, probe in zip(said, sent)]
    finally:
        for probe in sent:
            probe.socket.close()


def connects(net, version, port):
    """Whether the destination accepts a TCP connection."""
    with net.source.inside(lambda: socket.socket(FAMILY[version], socket.SOCK_STREAM)) as tcp:
        tcp.settimeout(PATIENCE)
        return tcp.connect_ex((net.target[version], port)) == 0


def echoed(net, version, data=b"echo"):
    """What an echo request brings back; an ordinary user's, so the network allows ping sockets first."""
    net.ping_sockets()
    protocol, request = (socket.IPPROTO_ICMP, 8) if version == 4 else (socket.IPPROTO_ICMPV6, 128)
    with net.source.inside(lambda: socket.socket(FAMILY[version], socket.SOCK_DGRAM, protocol)) as ping:
        ping.settimeout(PATIENCE)
        ping.sendto(struct.pack(">BBHHH", request, 0, 0, 0, 1) + data, (net.target[version], 0))
        return ping.recv(65536)[8:]
