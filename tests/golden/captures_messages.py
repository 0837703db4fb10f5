# SPDX-License-Identifier: BSD-2-Clause
"""Captures of messages that do not keep to the segments they travel in."""
from files import pcap
from wire import *

CHAT, DAYTIME, ECHO = 5000, 13, 3500


class Talk:
    """A TCP connection, segment by segment; numbers go on by themselves."""

    def __init__(self, port, client_port=40000, at=(1000, 5000), opened=True):
        self.ports, self.next, self.packets = (client_port, port), list(at), []
        if opened:
            self.segment(True, SYN)
            self.segment(False, SYN | ACK)
            self.segment(True, ACK)

    def segment(self, up, flags, data=b"", back=0):
        """back: how far before the next number it begins (it was sent before)."""
        me, you = (0, 1) if up else (1, 0)
        seq = self.next[me] - back & 0xFFFFFFFF
        acked = self.next[you] if flags & ACK else 0
        segment = Tcp(self.ports[me], self.ports[you], flags, seq, acked, data)
        self.packets.append((to_server if up else to_client)(segment))
        if not back:
            self.next[me] = self.next[me] + len(data) + bool(flags & (SYN | FIN)) & 0xFFFFFFFF

    def up(self, data, flags=PSH | ACK):
        self.segment(True, flags, data)

    def down(self, data, flags=PSH | ACK):
        self.segment(False, flags, data)

    def acked(self, up):
        self.segment(up, ACK)

    def close(self):
        for up in (True, False):
            self.segment(up, FIN | ACK)
            self.segment(not up, ACK)


def talk(port, *steps, **more):
    """Steps: (up, data) or a function of the Talk."""
    made = Talk(port, **more)
    for step in steps:
        if callable(step):
            step(made)
        else:
            made.segment(step[0], PSH | ACK, step[1])
    made.close()
    return pcap(made.packets)


def swapped(port, *steps, at, **more):
    """The packets `at` and `at` + 1 (from 0) came in the wrong order."""
    made = Talk(port, **more)
    for up, data in steps:
        made.segment(up, PSH | ACK, data)
    made.close()
    made.packets[at], made.packets[at + 1] = made.packets[at + 1], made.packets[at]
    return pcap(made.packets)


def without(port, *steps, lost, **more):
    """The packet `lost` was not captured."""
    made = Talk(port, **more)
    for up, data in steps:
        made.segment(up, PSH | ACK, data)
        made.acked(not up)
    made.close()
    del made.packets[lost]
    return pcap(made.packets)


MESSAGES = {
    # The first line shows that lines end with LF; the second one comes in three pieces, the last with a third line.
    "chat/line-in-pieces": lambda: talk(
        CHAT, (True, b"alice\n"), (False, b"* alice joined\n"), (True, b"hel"), (True, b"lo wor"),
        (True, b"ld\nbye\n"), (False, b"bob: h"), (False, b"i alice\n")),
    # Not even the first line came whole, and nobody spoke between its pieces.
    "chat/first-line-in-pieces": lambda: talk(CHAT, (True, b"alice: hel"), lambda t: t.acked(False), (True, b"lo\n")),
    # Nobody ever sends LF: each segment is a message.
    "chat/no-line-ends": lambda: talk(CHAT, (True, b"alice"), (False, b"welcome"), (True, b"hello"), (True, b"again")),
    # Several lines in one segment, the last one goes on in the next.
    "chat/lines-share-segment": lambda: talk(
        CHAT, (True, b"alice\n"), (False, b"bob: one\nbob: two\nbob: th"), (False, b"ree\n")),
    # The second piece came first.
    "chat/pieces-out-of-order": lambda: swapped(
        CHAT, (True, b"alice\n"), (True, b"good eve"), (True, b"ning\n"), at=4),
    # A line came twice: it was said once.
    "chat/line-sent-again": lambda: talk(
        CHAT, (True, b"alice\n"), (True, b"hello\n"), lambda t: t.segment(True, PSH | ACK, b"hello\n", back=6),
        (False, b"bob: hi\n")),
    # The middle piece was not captured, but acknowledged: what is behind it is a line of its own.
    "chat/piece-not-captured": lambda: without(
        CHAT, (True, b"alice\n"), (True, b"good "), (True, b"eve"), (True, b"ning\n"), (True, b"bye\n"), lost=7),
    # The sender left in the middle of a line.
    "chat/unfinished-at-end": lambda: talk(CHAT, (True, b"alice\n"), (True, b"hello\n"), (True, b"good by")),
    # Numbers pass 2^32 within a line.
    "chat/numbers-wrap": lambda: talk(
        CHAT, (True, b"alice\n"), (True, b"good eve"), (True, b"ning\n"), at=(0xFFFFFFF0, 5000)),
    # Met in the middle: no handshake, and the first octets end a line whose beginning nobody has.
    "chat/met-in-the-middle": lambda: talk(
        CHAT, (True, b"ning\n"), (True, b"how are"), (True, b" you\n"), opened=False),
    # A date over TCP in two segments.
    "date/tcp-in-pieces": lambda: talk(DAYTIME, (False, b"Sat Jan 31 12:0"), (False, b"0:00 2026\r\n")),
    # In three, ended by nothing; and one whose end comes when it was shown already.
    "date/tcp-in-three": lambda: talk(DAYTIME, (False, b"2026-01-"), (False, b"31 12:0"), (False, b"0:00.123456")),
    "date/tcp-end-later": lambda: talk(DAYTIME, (False, b"Sat Jan 31 12:00:00 2026"), (False, b"\r\n")),
    # A server on a port that nobody knows: what it answers says what is asked there, later by others too.
    "date/learned-port": lambda: pcap([
        to_server(Udp(40000, 9876, b"what time is it")), to_client(Udp(9876, 40000, b"2026-01-31 12:00:00.123456\n")),
        to_server(Udp(40000, 9876, b"and now")), to_client(Udp(9876, 40000, b"2026-01-31 12:00:01.123456\n")),
        to_server(Udp(40001, 9876, b"")), to_client(Udp(9876, 40001, b"2026-01-31 12:00:02.123456\n")),
    ]),
}
