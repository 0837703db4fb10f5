# SPDX-License-Identifier: BSD-2-Clause
"""Captures of requests and their answers, and of chats through a server: who answered what, who heard whom."""
from files import Packet, pcap
from wire import *

DATE, ECHO, CHAT = 5555, 7, 5000
PYTHON = b"2026-01-31 12:00:00.123456\n"
MS = 10**6
THIRD = "10.0.0.4"


def asked(data=b"", port=DATE, client=40000):
    return to_server(Udp(client, port, data))


def answered(data=PYTHON, port=DATE, client=40000, src=SERVER):
    return ether_back(ip4(src, CLIENT, Udp(port, client, data)))


def refused(packet, code=3):
    """An ICMP error that quotes the packet's IP header and 8 octets."""
    return to_client(Icmp(3, code, u32(0) + packet[14:14 + 28]))


class Line:
    """A client's TCP connection to the server, put into a list of packets that others share."""

    def __init__(self, packets, port, host=CLIENT, client_port=40000):
        self.packets, self.host, self.ports, self.next = packets, host, (client_port, port), [1000, 5000]
        self.segment(True, SYN)
        self.segment(False, SYN | ACK)
        self.segment(True, ACK)

    def segment(self, up, flags, data=b""):
        me, you = (0, 1) if up else (1, 0)
        segment = Tcp(self.ports[me], self.ports[you], flags, self.next[me], self.next[you] if flags & ACK else 0, data)
        src, dst = (self.host, SERVER) if up else (SERVER, self.host)
        self.packets.append((ether if up else ether_back)(ip4(src, dst, segment)))
        self.next[me] += len(data) + bool(flags & (SYN | FIN))

    def up(self, data):
        self.segment(True, PSH | ACK, data)

    def down(self, data):
        self.segment(False, PSH | ACK, data)

    def close(self):
        self.segment(True, FIN | ACK)
        self.segment(False, FIN | ACK)
        self.segment(True, ACK)


def chat(talk):
    """alice, bob and carol join; then talk(alice, bob, carol); then they hang up."""
    packets = []
    lines = [Line(packets, CHAT, host) for host in (CLIENT, OTHER, THIRD)]
    for line, name in zip(lines, (b"alice", b"bob", b"carol")):
        line.up(name + b"\n")
        for other in lines:
            other.down(b"* " + name + b" joined\n")
    talk(*lines)
    for line in lines:
        line.close()
    return pcap(packets)


def to_all(alice, bob, carol):
    alice.up(b"hello everybody\n")
    bob.down(b"alice: hello everybody\n")
    carol.down(b"alice: hello everybody\n")
    bob.up(b"hi\ncarol: are you there?\n")
    alice.down(b"bob: hi\nbob: carol: are you there?\n")
    carol.down(b"bob: hi\nbob: carol: are you there?\n")


def to_one(alice, bob, carol):
    alice.up(b"@bob psst\n")
    bob.down(b"[private] alice -> bob: psst\n")
    alice.down(b"[private] alice -> bob: psst\n")


def leaked(alice, bob, carol):
    alice.up(b"/msg bob psst\n")
    bob.down(b"alice: psst\n")
    carol.down(b"alice: psst\n")


def comings(alice, bob, carol):
    alice.up(b"/nick alicia\n")
    for line in (alice, bob, carol):
        line.down(b"* alice is now known as alicia\n")
    alice.up(b"a new name\n")
    bob.down(b"alicia: a new name\n")
    carol.down(b"alicia: a new name\n")
    bob.up(b"/quit\n")
    alice.down(b"* bob left\n")
    carol.down(b"* bob left\n")
    alice.up(b"who is still here?\n")
    carol.down(b"alicia: who is still here?\n")


def stream(port, *steps):
    """(up, data) pairs on one connection."""
    packets = []
    line = Line(packets, port)
    for up, data in steps:
        line.segment(up, PSH | ACK, data)
    line.close()
    return pcap(packets)


DIALOGUE = {
    # Nobody answered; then the host said why.
    "date/unanswered": lambda: pcap([asked(b"date"), Packet(asked(b"date"), 2000 * MS), Packet(answered(), 2001 * MS)]),
    "date/refused": lambda: pcap([asked(b"date"), refused(asked(b"date"))]),
    # A server that sends everything twice.
    "date/answered-twice": lambda: pcap([asked(b"date"), answered(), answered()]),
    # A second and a half.
    "date/late": lambda: pcap([asked(), Packet(answered(), 1500 * MS)]),
    # Asked for by broadcast, answered by two hosts from their own addresses.
    "date/broadcast-answered": lambda: pcap([
        everyone(ip4(CLIENT, "255.255.255.255", Udp(40000, DATE))), answered(), answered(src=OTHER)]),
    # What nobody knew was a request, as its answer shows; from then on the port is known.
    "date/stranger-words": lambda: pcap([asked(b"\1now", 9876), answered(port=9876), asked(b"\1again", 9876),
                                         answered(b"alice\n", port=9876)]),
    # Two words in one segment, and two dates.
    "date/tcp-two-requests": lambda: stream(DATE, (True, b"date\ndate\n"), (False, PYTHON + PYTHON)),

    # Of three one is lost, and the answers come in another order.
    "echo/out-of-order": lambda: pcap([
        asked(b"one", ECHO), asked(b"two", ECHO), asked(b"three", ECHO),
        answered(b"three", ECHO), answered(b"one", ECHO)]),
    "echo/answered-twice": lambda: pcap([asked(b"one", ECHO), answered(b"one", ECHO), answered(b"one", ECHO)]),
    # What servers of the lab make of a text.
    "echo/transforms": lambda: pcap([packet for sent, got in (
        (b"hello", b"HELLO"), (b"Hello", b"hello"), (b"hello\n", b"ECHO: hello\n"), (b"hello", b"hello!"),
        (b"hello", b"olleh"), (b"hello\n", b"hello"), (b"x" * 80, b"x" * 64), (b"hello", b"no"))
        for packet in (asked(sent, ECHO), answered(got, ECHO))]),
    "echo/late-and-refused": lambda: pcap([
        asked(b"one", ECHO), Packet(answered(b"one", ECHO), 1200 * MS),
        asked(b"two", ECHO), refused(asked(b"two", ECHO))]),
    "echo/broadcast-answered": lambda: pcap([
        everyone(ip4(CLIENT, "10.0.0.255", Udp(40000, ECHO, b"who is there?"))),
        answered(b"who is there?", ECHO), answered(b"who is there?", ECHO, src=OTHER)]),
    # The same octets in other segments; then a server that puts words before each message.
    "echo/tcp-cut-differently": lambda: stream(ECHO, (True, b"hello "), (True, b"world\n"), (False, b"hel"),
                                               (False, b"lo wor"), (False, b"ld\n")),
    "echo/tcp-prefix": lambda: stream(ECHO, (True, b"hello\n"), (False, b"10.0.0.2:40000> hello\n"), (True, b"world\n"),
                                      (False, b"10.0.0.2:400"), (False, b"00> world\n")),

    "chat/copies": lambda: chat(to_all),
    "chat/private": lambda: chat(to_one),
    "chat/leaked": lambda: chat(leaked),
    "chat/comings-and-goings": lambda: chat(comings),
}
