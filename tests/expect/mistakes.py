# SPDX-License-Identifier: BSD-2-Clause
"""Captures of the labs' exercises, done right and done wrong in one way each.

A row of MISTAKES: what the mistake is, the expectations' file, the packets, and {title of each expectation that must
fail: words that its sentence must have}. All others of the file must hold.
"""
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden"))
from files import STEP, Packet
from wire import *

SECOND = 10**9
DATE = b"2026-01-31 12:00:00.123456\n"
DATE_PORT, ECHO_PORT, CHAT_PORT, ROOM_PORT = 5555, 3500, 6666, 5000


# ------------------------------------------------------------------------------------------------ datagrams

def up(data, port, client=40000, source=CLIENT):
    return ether(ip4(source, SERVER, Udp(client, port, data)))


def down(data, port, client=40000, server=SERVER, source=CLIENT):
    return ether_back(ip4(server, source, Udp(port, client, data)))


def unreachable(datagram):
    """What the server's kernel says of a datagram that nobody wants: ICMP quotes it."""
    return ether_back(ip4(SERVER, CLIENT, Icmp(3, 3, b"\0\0\0\0" + datagram[14:])))


def later(data, seconds):
    """A packet so long after the beginning."""
    return Packet(data, int(seconds * SECOND))


def speak(data, port=CHAT_PORT, to="255.255.255.255", to_mac=BROADCAST_MAC):
    return ether(ip4(CLIENT, to, Udp(40000, port, data)), dst=to_mac)


# ------------------------------------------------------------------------------------------------ connections

class Wire:
    """Packets of several TCP connections to one server, in the order in which they are sent."""

    def __init__(self, port):
        self.port, self.packets, self.now = port, [], 0

    def add(self, frame, after=0):
        self.now += after or STEP
        self.packets.append(Packet(frame, self.now))


class Connection:
    def __init__(self, wire, client_port=40000):
        self.wire, self.client = wire, client_port
        self.sent = {True: 1000 * client_port, False: 5000 * client_port}
        self.segment(True, SYN)
        self.segment(False, SYN | ACK)
        self.segment(True, ACK)

    def segment(self, to_server_, flags, data=b"", after=0):
        ports = (self.client, self.wire.port) if to_server_ else (self.wire.port, self.client)
        sequence = self.sent[to_server_] & 0xFFFFFFFF
        acknowledged = self.sent[not to_server_] & 0xFFFFFFFF if flags & ACK else 0
        options = u8(2, 4) + u16(1460) if flags & SYN else b""
        self.wire.add((to_server if to_server_ else to_client)(
            Tcp(*ports, flags, sequence, acknowledged, data, options=options)), after)
        self.sent[to_server_] += len(data) + bool(flags & (SYN | FIN))

    def ask(self, data, after=0):
        self.segment(True, PSH | ACK, data, after)
        self.segment(False, ACK)

    def answer(self, data, after=0):
        self.segment(False, PSH | ACK, data, after)
        self.segment(True, ACK)

    def close(self, client_first=True):
        self.segment(client_first, FIN | ACK)
        self.segment(not client_first, FIN | ACK)
        self.segment(client_first, ACK)


def refused(port):
    return [to_server(Tcp(40000, port, SYN, 1000, options=u8(2, 4) + u16(1460))),
            to_client(Tcp(port, 40000, RST | ACK, 0, 1001))]


def echo(*turns, end=Connection.close, client_port=40000):
    """A connection whose client says the first of each pair and hears the second."""
    wire = Wire(ECHO_PORT)
    connection = Connection(wire, client_port)
    for said, heard in turns:
        connection.ask(said)
        if heard:
            connection.answer(heard)
    end(connection)
    return wire.packets


def reset(connection):
    connection.segment(False, RST | ACK)


def late_fin(connection):
    """The server's FIN comes twice, as on a machine that stalled: the second is acknowledged when the server has forgotten."""
    connection.close()
    connection.segment(False, FIN | ACK)
    connection.sent[False] -= 1
    connection.segment(True, ACK)
    connection.segment(False, RST)


def two_clients(iterative):
    """The first client is silent while the second wants something."""
    wire = Wire(ECHO_PORT)
    silent = Connection(wire)
    other = Connection(wire, 40001)
    other.ask(b"is anybody there?\n")
    if iterative:
        silent.segment(True, FIN | ACK, after=3 * SECOND)
        silent.segment(False, FIN | ACK)
        silent.segment(True, ACK)
    other.answer(b"is anybody there?\n")
    other.close()
    if not iterative:
        silent.close()
    return wire.packets


class Room:
    """A chat of alice, bob and carol through a server."""

    def __init__(self, welcome):
        self.wire, self.members = Wire(ROOM_PORT), {}
        for number, name in enumerate(("alice", "bob", "carol")):
            member = Connection(self.wire, 40000 + number)
            member.answer(b"* welcome: what is your name? It is your first line\n")
            member.ask(b"/nick " + name.encode() + b"\n")
            self.members[name] = member
            if welcome:
                self.write(f"* {name} joined\n", *self.members)

    def write(self, line, *names):
        for name in names:
            self.members[name].answer(line.encode())

    def say(self, speaker, line, heard, *names):
        self.members[speaker].ask(line.encode())
        self.write(heard, *names)

    def end(self, close=Connection.close):
        for member in self.members.values():
            close(member)
        return self.wire.packets


def chat(lines, close=Connection.close, welcome=True):
    """lines: (speaker, what he says, what is heard, *by whom); welcome: who joins is announced"""
    room = Room(welcome)
    for line in lines:
        room.say(*line)
    return room.end(close)


HELLO = ("alice", "hello all\n", "alice: hello all\n", "bob", "carol")
PSST = ("alice", "@bob lunch at noon?\n", "[private] alice -> bob: lunch at noon?\n", "bob", "alice")
BACK = ("bob", "hi alice\n", "bob: hi alice\n", "alice", "carol")

# ------------------------------------------------------------------------------------------------ a path

TARGET, ROUTERS = "10.0.3.2", ("10.0.1.2", "10.0.2.2")


def probe(ttl, target=TARGET):
    return ip4("10.0.1.1", target, Udp(40000, 33434, b""), ttl=ttl)


def traced(ttls, target=TARGET, quiet=False):
    """Probes with these TTLs and what comes back: from the host itself when it is far enough, unless that is quiet."""
    frames = []
    for ttl in ttls:
        arrives = ttl > len(ROUTERS)
        source, type, code = (target, 3, 3) if arrives else (ROUTERS[ttl - 1], 11, 0)
        quoted = probe(1 if not arrives else ttl - len(ROUTERS), target)
        frames.append(ether(probe(ttl, target)))
        if not (arrives and quiet):
            frames.append(ether_back(ip4(source, "10.0.1.1", Icmp(type, code, b"\0\0\0\0" + quoted))))
    return frames

# ------------------------------------------------------------------------------------------------ done right

ARP = [everyone(arp(1, mac(CLIENT_MAC), a4(CLIENT), bytes(6), a4(SERVER)), 0x0806),
       ether_back(arp(2, mac(SERVER_MAC), a4(SERVER), mac(CLIENT_MAC), a4(CLIENT)), 0x0806)]
SHEET = [up(b"", DATE_PORT), down(DATE, DATE_PORT)]

RIGHT = [
    ("the date over UDP", "1-date", SHEET),
    ("one question and its answer", "2-observe", SHEET),
    ("chat by broadcast", "3-broadcast", [speak(b"alice: hello everybody"), speak(b"alice: " + 120 * b"x")]),
    ("echo over UDP", "4-echo-udp", [up(b"one", ECHO_PORT), down(b"one", ECHO_PORT), up(b"two", ECHO_PORT),
                                     down(b"two", ECHO_PORT)]),
    ("an empty datagram that is not echoed", "4-echo-udp", [up(b"", ECHO_PORT), up(b"x", ECHO_PORT), down(b"x", ECHO_PORT)]),
    ("echo over TCP", "4-echo-tcp", echo((b"one\n", b"one\n"), (b"two\n", b"two\n"))),
    ("echo over TCP, the answer in other pieces", "4-echo-tcp", echo((b"on", b"o"), (b"e\ntw", b"ne\nt"), (b"o\n", b"wo\n"))),
    ("echo over TCP, a late FIN is answered by a reset", "4-echo-tcp", echo((b"one\n", b"one\n"), end=late_fin)),
    ("two clients at a time", "5-servers", two_clients(iterative=False)),
    ("chat over TCP", "6-chat", chat([HELLO, PSST, BACK])),
    ("chat over TCP, a late FIN is answered by a reset", "6-chat", chat([HELLO, PSST, BACK], late_fin)),
    ("the date between two machines", "7-two-machines", ARP + SHEET),
    ("a traceroute", "8-traceroute", traced((1, 2, 3))),
]

# ------------------------------------------------------------------------------------------------ done wrong

ASKS, PAIRED = "a client asks on port 5555", "every request is answered within a second"
FROM, HAS_DATE, PYTHON = "answers come from port 5555", "an answer has a date in it", "the date is written as Python writes it"
REFUSED = "nobody is refused"
SENDS, BACK_SOON, SAME = "a client sends to port 3500", "every message comes back within a second", "what comes back is what was sent"
STREAM_SOON, HANDSHAKE = "everything comes back within a second", "first the handshake, then data"
NEAR, GROWS = "the first probe gets no farther than the first router", "the TTL grows, and routers answer"
AT_THE_END, ONE_HOST = "the host itself answers at the end", "the probes of one trace go to one host"
CLIENT_ENDS, NO_RESET = "the client ends the connection", "nobody breaks the connection off"
NO_ANSWERS = {FROM: "no packet passes date.reply", HAS_DATE: "no packet passes date.reply", PYTHON: "no packet has date.format"}

MISTAKES = [
    ("the client and the server use another port", "1-date", [up(b"", 5556), down(DATE, 5556)],
     {ASKS: "udp.dstport is 5556 (packet 1)", FROM: "udp.srcport is 5556"}),
    ("nobody listens where the client asks", "1-date", [up(b"", DATE_PORT), unreachable(up(b"", DATE_PORT))],
     {PAIRED: "was refused (packet 1); packet 2 says: nobody listens on 10.0.0.1:5555 (ICMP port unreachable)",
      REFUSED: "packet 2 passes", **NO_ANSWERS}),
    ("the server does not answer", "1-date", [up(b"", DATE_PORT)],
     {PAIRED: "the only request was not answered (packet 1)", **NO_ANSWERS}),
    ("the server answers every other request", "1-date",
     [up(b"", DATE_PORT), down(DATE, DATE_PORT), later(up(b"", DATE_PORT, 40001), 1), later(up(b"", DATE_PORT, 40002), 2),
      down(DATE, DATE_PORT, 40002)],
     {PAIRED: "1 of 3 requests was not answered (packet 3)"}),
    ("the answer is too late", "1-date", [up(b"", DATE_PORT), later(down(DATE, DATE_PORT), 1.5)],
     {PAIRED: "the only request was answered late (packet 1): after 1.5 s, by packet 2"}),
    ("the answer comes from another port", "1-date", [up(b"", DATE_PORT), down(DATE, 41000)],
     {PAIRED: "packet 2 goes to the port that asked, but from 10.0.0.1:41000, and 10.0.0.1:5555 was asked",
      FROM: "packet 2 fails udp.srcport == 5555: udp.srcport is 41000"}),
    ("another host answers", "1-date", [up(b"", DATE_PORT), down(DATE, DATE_PORT, server=OTHER)],
     {PAIRED: "packet 2 goes to the port that asked, but from 10.0.0.3:5555, and 10.0.0.1:5555 was asked"}),
    ("the answer goes to another client's port", "1-date", [up(b"", DATE_PORT), down(DATE, DATE_PORT, 40007)],
     {PAIRED: "packet 2 comes from the port that was asked, but goes to 10.0.0.2:40007, and 10.0.0.2:40000 had asked"}),
    ("the answer is no date", "1-date", [up(b"", DATE_PORT), down(b"it is late\n", DATE_PORT)],
     {HAS_DATE: "packet 2 fails date.time", PYTHON: "packet 2 says: a reply without a date"}),
    ("the date is written as C writes it", "1-date", [up(b"", DATE_PORT), down(b"Sat Jan 31 12:00:00 2026\n", DATE_PORT)],
     {PYTHON: 'date.format is "ctime" (packet 2)'}),
    ("the request's checksum is wrong", "1-date", [ether(ip4(CLIENT, SERVER, Udp(40000, DATE_PORT, b"date", sum=0x1234)))],
     {PAIRED: "packet 1 says: the UDP checksum is wrong, so that the receiver drops it", **NO_ANSWERS}),
    ("the answer was captured in part", "1-date", [up(b"", DATE_PORT), Packet(down(DATE, DATE_PORT), cut=50)],
     {HAS_DATE: "packet 2 fails date.time", PYTHON: "packet 2 says: only 50 of its 69 octets were captured"}),
    ("the question was not captured", "2-observe", [down(DATE, DATE_PORT), up(b"", DATE_PORT)],
     {"first the question, then the answer": "packet 1 passes it, but is not later",
      "they belong together": "was not answered (packet 2)"}),
    ("another datagram came in between", "2-observe", [up(b"", DATE_PORT), up(b"x", 7777), down(DATE, DATE_PORT)],
     {"there are two packets of UDP": "3 packets (1, 2 and 3) pass"}),
    ("packets were cut when they were captured", "2-observe", [up(b"", DATE_PORT), Packet(down(DATE, DATE_PORT), cut=50)],
     {"both were captured whole": "packet 2 passes"}),
    ("a line does not name its speaker", "3-broadcast", [speak(b"hello everybody")],
     {"a line names its speaker": "packet 1 fails chat.user"}),
    ("lines go to one host only", "3-broadcast", [speak(b"alice: hello", to=SERVER, to_mac=SERVER_MAC)],
     {"lines go to everybody": "ip.dst is 10.0.0.1"}),
    ("lines go to another broadcast address", "3-broadcast", [speak(b"alice: hello", to="10.0.0.255")],
     {"lines go to everybody": "ip.dst is 10.0.0.255"}),
    ("the speaker uses another port than the listeners", "3-broadcast", [speak(b"alice: hello", port=6667)],
     {"somebody speaks on port 6666": "udp.dstport is 6667 (packet 1)",
      "lines go to everybody": "nothing to judge", "a line names its speaker": "nothing to judge",
      "lines fit into the listener's buffer": "nothing to measure"}),
    ("a line is longer than the listener's buffer", "3-broadcast", [speak(b"alice: " + 130 * b"x")],
     {"lines fit into the listener's buffer": "it is 145 (packet 1)"}),
    ("the client sends to another port", "4-echo-udp", [up(b"hello", 3501), unreachable(up(b"hello", 3501))],
     {SENDS: "udp.dstport is 3501", BACK_SOON: "nobody listens on 10.0.0.1:3501", SAME: "nothing to judge",
      REFUSED: "packet 2 passes"}),
    ("the echo is cut", "4-echo-udp", [up(b"hello echo", ECHO_PORT), down(b"hello", ECHO_PORT)],
     {SAME: "echo.identical is "}),
    ("the echo is in capitals", "4-echo-udp", [up(b"hello echo", ECHO_PORT), down(b"HELLO ECHO", ECHO_PORT)],
     {SAME: "echo.identical is "}),
    ("the echo has words in front", "4-echo-udp", [up(b"hello", ECHO_PORT), down(b"ECHO: hello", ECHO_PORT)],
     {SAME: "echo.identical is "}),
    ("the second message is not echoed", "4-echo-udp", [up(b"one", ECHO_PORT), down(b"one", ECHO_PORT), up(b"two", ECHO_PORT)],
     {BACK_SOON: "1 of 2 requests was not answered (packet 3)"}),
    ("nobody listens on TCP", "4-echo-tcp", refused(ECHO_PORT),
     {HANDSHAKE: "packet 2 says: nobody listens on 10.0.0.1:3500 (TCP reset)", STREAM_SOON: "no request of echo was seen",
      SAME: "nothing to judge", CLIENT_ENDS: "step 1 is missing", NO_RESET: "packet 2 passes"}),
    ("the server breaks the connection off", "4-echo-tcp", echo((b"one\n", b"one\n"), end=reset),
     {CLIENT_ENDS: "10.0.0.1:3500 resets the connection", NO_RESET: "packet 8 passes"}),
    ("the server closes after one answer", "4-echo-tcp",
     echo((b"one\n", b"one\n"), end=lambda connection: connection.close(client_first=False)),
     {CLIENT_ENDS: "packet 8 passes it, but is not later"}),
    ("the stream's end does not come back", "4-echo-tcp", echo((b"one\n", b"one\n"), (b"two\n", b"tw")),
     {STREAM_SOON: "1 of 2 requests was not answered"}),
    ("the stream comes back changed", "4-echo-tcp", echo((b"hello\n", b"HELLO\n")), {SAME: "echo.identical is "}),
    ("the server serves one after the other", "5-servers", two_clients(iterative=True),
     {"the second is answered while the first is silent": "step 2 is missing", "nobody waits longer than a second": "answered late"}),
    ("the second client comes when the first has gone", "5-servers",
     echo((b"one\n", b"one\n")) + [later(packet.data, 1 + packet.at / SECOND) for packet in
                                   echo((b"two\n", b"TWO\n"), client_port=40001)],
     {"two clients are connected at the same time": "step 3 is missing", SAME: "packet 16 fails echo.identical == 1",
      "the second is answered while the first is silent": "are not later"}),
    ("the server tells nobody who has joined", "6-chat", chat([HELLO, PSST, BACK], welcome=False),
     {"three join": "no packet passes"}),
    ("a private line goes to all", "6-chat",
     chat([HELLO, ("alice", "@bob lunch at noon?\n", "[private] alice -> bob: lunch at noon?\n", "bob", "carol"), BACK]),
     {"a private line is heard by one": "chat.receivers is 2", "and by nobody else": "pass"}),
    ("a private line does not arrive", "6-chat", chat([HELLO, ("alice", "@bob lunch?\n", "", *()), BACK]),
     {"a private line is heard by one": "chat.receivers is 0"}),
    ("a line is not heard by somebody", "6-chat", chat([("alice", "hello all\n", "alice: hello all\n", "bob"), PSST]),
     {"a line is heard by the two others": "chat.receivers is 1"}),
    ("the server does not say who speaks", "6-chat", chat([("alice", "hello all\n", "hello all\n", "bob", "carol"), PSST]),
     {"the server says who speaks": "2 packets (36 and 38) fail, the first chat.user"}),
    ("the chat's server breaks connections off", "6-chat", chat([HELLO, PSST, BACK], reset),
     {"nobody breaks a connection off": "3 packets"}),
    ("the client asks its own machine", "7-two-machines",
     [ether(ip4("127.0.0.1", "127.0.0.1", Udp(40000, DATE_PORT, b""))),
      ether(ip4("127.0.0.1", "127.0.0.1", Udp(DATE_PORT, 40000, DATE)))],
     {"first an address of Ethernet is asked for": "step 1 is missing: arp.opcode == 1; no packet is arp",
      "both are on the wire": "2 packets (1 and 2) pass"}),
    ("the server listens for its own machine only", "7-two-machines", ARP + [up(b"", DATE_PORT), unreachable(up(b"", DATE_PORT))],
     {"first an address of Ethernet is asked for": "nobody listens on 10.0.0.1:5555", PAIRED: "was refused",
      REFUSED: "packet 4 passes"}),
    ("the TTL is not set", "8-traceroute", traced((64,)), {NEAR: "no packet passes", GROWS: "step 1 is missing"}),
    ("the TTL stays what it was", "8-traceroute", traced((1, 1, 3)), {GROWS: "step 3 is missing"}),
    ("it stops before the host has answered", "8-traceroute", traced((1, 2)), {AT_THE_END: "no packet passes"}),
    ("the host's answers do not come", "8-traceroute", traced((1, 2, 3, 4), quiet=True), {AT_THE_END: "no packet passes"}),
    ("another host is traced as well", "8-traceroute", traced((1, 2, 3)) + traced((1, 2, 3), "10.0.3.9"),
     {ONE_HOST: "3 packets"}),
]
