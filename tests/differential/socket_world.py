# SPDX-License-Identifier: BSD-2-Clause
"""A machine full of sockets, in every state, that nobody moves while they are looked at."""
import contextlib
import os
import socket
import struct
import subprocess
import tempfile

FIN, SYN, ACK = 1, 2, 16
ANY = {4: "0.0.0.0", 6: "::"}
LOOPBACK = {4: "127.0.0.1", 6: "::1"}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
OURS = {4: "10.98.0.1", 6: "fd98::1"}
THEIRS = {4: "10.98.9.9", 6: "fd98:9::9"}
NEAR, FAR = "02:00:00:00:98:01", "02:00:00:00:98:02"
# Both ends of the cable are on the machine; who is at the far end is nobody but a socket of packets.
NETWORK = [f"link add near address {NEAR} type veth peer name far address {FAR}",
           "link set near up", "link set far up", "address add 10.98.0.1/32 dev lo", "address add fd98::1/128 dev lo",
           "route add 10.98.9.0/24 dev near", "route add fd98:9::/64 dev near",
           *(f"neighbour add {host} lladdr {FAR} dev near nud permanent" for host in THEIRS.values())]
ETHERTYPE = {4: 0x0800, 6: 0x86dd}
EACH = 4  # connections of a stranger in each state


def checksum(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Stranger:
    """
    A host that says only what it is told to, so that a connection stays in whatever state it was brought to.
    """

    def __init__(self, version):
        self.version = version
        self.link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
        self.link.bind(("far", ETHERTYPE[version]))
        self.link.settimeout(60)
        self.to = ("far", ETHERTYPE[version], 0, 0, bytes.fromhex(NEAR.replace(":", "")))
        self.pack = [socket.inet_pton(FAMILY[version], host[version]) for host in (THEIRS, OURS)]

    def header(self, length):
        if self.version == 6:
            return struct.pack("!IHBB", 6 << 28, length, 6, 64) + b"".join(self.pack)
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, 64, 6, 0)
        return head[:10] + struct.pack("!H", checksum(head + b"".join(self.pack))) + b"".join(self.pack)

    def say(self, port, ours, flags, sent, got):
        segment = struct.pack("!HHIIBBHHH", port, ours, sent, got, 5 << 4, flags, 8192, 0, 0)
        total = checksum(b"".join(self.pack) + struct.pack("!II", len(segment), 6) + segment)
        segment = segment[:16] + struct.pack("!H", total) + segment[18:]
        self.link.sendto(self.header(len(segment)) + segment, self.to)

    def hear(self, port, ours, flags):
        """The sequence number behind our next segment with these flags."""
        start = 20 if self.version == 4 else 40
        while True:
            segment = self.link.recv(65536)[start:]
            source, target, sequence, _, _, said = struct.unpack_from("!HHIIBB", segment)
            if (source, target) == (ours, port) and said & flags == flags:
                return sequence + 1


class World:
    """To be made on the host that it is about (hosts.Host.inside)."""

    def __init__(self):
        self.open = contextlib.ExitStack()
        self.folder = self.open.enter_context(tempfile.TemporaryDirectory())
        self.bound = []  # of TCP, neither listening nor connected
        self.shared, self.sharer = [], None  # a process has these as well
        self.port = 7000

    def close(self):
        self.open.close()

    def socket(self, family, kind, protocol=0):
        return self.open.enter_context(socket.socket(family, kind, protocol))

    def next_port(self):
        self.port += 1
        return self.port

    def at(self, family, kind, host, v6only=None, port=None):
        made = self.socket(family, kind)
        if v6only is not None:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
        made.bind((host, self.next_port() if port is None else port))
        return made

    def wide(self, kind):
        """One of each way to be bound; those of one port stand beside each other."""
        port = self.next_port()
        yield self.at(socket.AF_INET, kind, "0.0.0.0", port=port)
        yield self.at(socket.AF_INET6, kind, "::", True, port)
        yield self.at(socket.AF_INET6, kind, "::", False)
        yield self.at(socket.AF_INET6, kind, "::1")
        yield self.at(socket.AF_INET6, kind, "::ffff:127.0.0.1", False)
        yield self.at(socket.AF_INET, kind, "127.0.0.1")

    def make(self):
        for part in (self.tcp, self.udp, self.raw, self.packet, self.unix):
            part()
        for version in (4, 6):
            self.strange(version, ANY[version], FAMILY[version])
        self.strange(4, "::", socket.AF_INET6)
        self.share()
        return self

    def share(self):
        self.shared = [*self.wide(socket.SOCK_DGRAM), *(self.open.enter_context(end) for end in socket.socketpair())]
        self.sharer = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       pass_fds=[one.fileno() for one in self.shared])
        self.open.callback(self.sharer.wait)
        self.open.callback(self.sharer.stdin.close)
        self.sharer.stdin.write(b"\n")
        self.sharer.stdin.flush()
        self.sharer.stdout.read(1)  # it runs

    # ------------------------------------------------------------------------------------------- TCP

    def tcp(self):
        for number, listener in enumerate(self.wide(socket.SOCK_STREAM)):
            listener.listen(number)
        for host, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6), ("::", socket.AF_INET6)):
            listener = self.at(family, socket.SOCK_STREAM, host)
            listener.listen(64)
            to = ("127.0.0.1", listener.getsockname()[1]) if host == "::" else (host, listener.getsockname()[1])
            for number in range(16):
                self.connection(listener, to, number)
            for waiting in range(3):
                self.client(to).send(b"x" * waiting)
        self.bound = list(self.wide(socket.SOCK_STREAM))

    def client(self, to):
        made = self.socket(socket.AF_INET6 if ":" in to[0] else socket.AF_INET, socket.SOCK_STREAM)
        made.connect(to)
        return made

    def connection(self, listener, to, number):
        """Each different: what was sent and is not read, the size of buffers, a timer, a mark, an interface."""
        client = self.client(to)
        server = self.open.enter_context(listener.accept()[0])
        client.send(b"x" * (100 * number))
        if number % 3 == 1:
            server.recv(50)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 5000 + 1000 * number)
        if number % 4 == 2:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, number)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        if number % 4 == 3:
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b"reno")
            os.fchown(server.fileno(), 1000 + number, -1)

    # ------------------------------------------------------------------------------------------- a stranger's

    def strange(self, version, host, family):
        stranger = Stranger(version)
        self.open.callback(stranger.link.close)
        listener = self.at(family, socket.SOCK_STREAM, host, None if family == socket.AF_INET else False)
        listener.listen(256)
        ours = listener.getsockname()[1]
        port = 20000
        for goal in ("SYN-RECV", "ESTAB", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING"):
            for number in range(EACH):
                port += 1
                self.bring(stranger, listener, (port, ours), goal, number)
        for number in range(EACH):
            asking = self.socket(FAMILY[version], socket.SOCK_STREAM)
            asking.setblocking(False)
            asking.connect_ex((THEIRS[version], self.next_port()))

    def bring(self, stranger, listener, ports, goal, number):
        """A connection to that state. None of our segments is acknowledged but where the state asks for it."""
        stranger.say(*ports, SYN, 1000, 0)
        got = stranger.hear(*ports, SYN | ACK)
        if goal == "SYN-RECV":
            return
        stranger.say(*ports, ACK, 1001, got)
        server = self.open.enter_context(listener.accept()[0])
        if goal in ("CLOSE-WAIT", "LAST-ACK"):
            stranger.say(*ports, FIN | ACK, 1001, got)
        if goal in ("ESTAB", "CLOSE-WAIT") and number:
            server.send(b"x" * number)
        elif goal not in ("ESTAB", "CLOSE-WAIT"):
            server.shutdown(socket.SHUT_WR)
            end = stranger.hear(*ports, FIN)
            if goal in ("FIN-WAIT-2", "TIME-WAIT"):
                stranger.say(*ports, ACK, 1001, end)
            if goal in ("CLOSING", "TIME-WAIT"):
                stranger.say(*ports, FIN | ACK, 1001, end if goal == "TIME-WAIT" else got)

    # ------------------------------------------------------------------------------------------- the others

    def udp(self):
        for _ in range(4):
            for ear in self.wide(socket.SOCK_DGRAM):
                name = ear.getsockname()
                mouth = self.socket(ear.family, socket.SOCK_DGRAM)
                if ear.family == socket.AF_INET6 and name[0].startswith("::ffff:"):
                    mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(name[0], name[0])
                mouth.connect((host, name[1]))
                for length in range(name[1] % 4):
                    mouth.send(b"x" * length)

    def raw(self):
        for protocol in (1, 2, 89, 255):
            self.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
            self.socket(socket.AF_INET6, socket.SOCK_RAW, protocol)
        self.socket(socket.AF_INET, socket.SOCK_RAW, 89).bind(("127.0.0.1", 0))
        self.socket(socket.AF_INET, socket.SOCK_RAW, 89).connect(("127.0.0.1", 0))
        self.socket(socket.AF_INET6, socket.SOCK_RAW, 58).connect(("::1", 0))

    def packet(self):
        for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
            for protocol in (0, 3, 0x0806):
                self.socket(socket.AF_PACKET, kind, socket.htons(protocol))
            self.socket(socket.AF_PACKET, kind, 0).bind(("lo", 0x88cc))

    def unix(self):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            for number in range(8):
                one, other = (self.open.enter_context(end) for end in socket.socketpair(socket.AF_UNIX, kind))
                one.send(b"x" * (number + 1))
                if number == 3:
                    other.shutdown(socket.SHUT_RD)
            for name in (os.path.join(self.folder, f"path{kind}"), os.path.join(self.folder, f"with a blank{kind}"),
                         f"\0abstract{kind}", f"\0with\0zeros{kind}"):
                self.named(kind, name)
            self.socket(socket.AF_UNIX, kind)

    def named(self, kind, name):
        ear = self.socket(socket.AF_UNIX, kind)
        ear.bind(name)
        if kind != socket.SOCK_DGRAM:
            ear.listen(5)
        for number in range(3):
            mouth = self.socket(socket.AF_UNIX, kind)
            mouth.connect(name)
            mouth.send(b"x" * (number + 1))
            if number == 1 and kind != socket.SOCK_DGRAM:
                self.open.enter_context(ear.accept()[0])
