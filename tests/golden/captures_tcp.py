# SPDX-License-Identifier: BSD-2-Clause
"""Captures of what goes wrong on TCP connections: one thing each, and what its sender does about it."""
from files import Packet, pcap
from wire import *

PORT, MS = 8080, 1000000
SCALE = u8(3, 3, 7)


class Talk:
    """Segments with times. Numbers are relative to those that the two sides begin with."""

    def __init__(self, client=1000, server=5000, port=40000):
        self.bases, self.port, self.at, self.packets = {True: client, False: server}, port, 0, []

    def put(self, up, flags, seq, ack=0, data=b"", window=64240, options=b"", after=10):
        """after: ms since the segment before."""
        self.at += int(after * MS)
        ports = (self.port, PORT) if up else (PORT, self.port)
        number = (self.bases[not up] + ack) & 0xFFFFFFFF if flags & ACK else 0
        segment = Tcp(*ports, flags, (self.bases[up] + seq) & 0xFFFFFFFF, number, data, window, options)
        self.packets.append(Packet((to_server if up else to_client)(segment), self.at))
        return self

    def up(self, seq, data=b"", ack=1, flags=None, **more):
        return self.put(True, flags or (PSH | ACK if data else ACK), seq, ack, data, **more)

    def down(self, seq, data=b"", ack=1, flags=None, **more):
        return self.put(False, flags or (PSH | ACK if data else ACK), seq, ack, data, **more)

    def open(self, options=b""):
        return self.put(True, SYN, 0, options=options).put(False, SYN | ACK, 0, 1, options=options).up(1)

    def again(self, client, server):
        """The same ports, other numbers."""
        self.bases = {True: client, False: server}
        return self

    def file(self):
        return pcap(self.packets)


TEN = b"ten octets"

TCP = {
    # No answer: the same octets come again when the sender's patience ends, and once more although they were received.
    "tcp/retransmission": lambda: Talk().open().up(1, TEN).up(1, TEN, after=300).down(1, ack=11)
    .up(1, TEN, after=300).file(),
    # Segment 2 of 4 is lost on the way to the server; three duplicate ACKs ask for it.
    "tcp/fast-retransmission": lambda: Talk().open().up(1, TEN).up(21, TEN, after=1).up(31, TEN, after=1)
    .down(1, ack=11).down(1, ack=11, after=1).down(1, ack=11, after=1).down(1, ack=11, after=1).up(11, TEN, after=5)
    .down(1, ack=41).file(),
    # Two segments overtake a third one.
    "tcp/out-of-order": lambda: Talk().open().up(11, TEN).up(21, TEN, after=0.1).up(1, TEN, after=0.5)
    .down(1, ack=31).file(),
    # The capture lacks what the ACKs speak of: a segment, the answer's beginning, and more than was ever sent.
    "tcp/lost-segment": lambda: Talk().open().up(1, TEN).up(21, TEN).down(1, ack=31).down(11, TEN, ack=31)
    .up(31, ack=21).up(31, ack=31).up(31, ack=41).file(),
    # The server's window fills, closes, is asked about twice with one octet, and opens again.
    "tcp/zero-window": lambda: Talk().open().down(1, window=10).up(1, TEN).down(1, ack=11, window=0).up(11, b"x")
    .down(1, ack=11, window=0).up(11, b"x").down(1, ack=11, window=0).down(1, ack=11, window=20).up(11, TEN)
    .down(1, ack=21, window=20).file(),
    # A connection that is silent for hours asks whether the other side is still there, with one old octet and without.
    "tcp/keep-alive": lambda: Talk().open().up(1, TEN).down(1, ack=11).up(10, b"s", flags=ACK, after=7200000)
    .down(1, ack=11).up(10, after=75000).down(1, ack=11).file(),
    # Closed by both, then opened again from the same port; a third attempt has its SYN sent twice.
    "tcp/reused-ports": lambda: Talk().open().up(1, flags=FIN | ACK).down(1, ack=2, flags=FIN | ACK).up(2, ack=2)
    .again(70000, 90000).open().up(1, TEN).down(1, ack=11, flags=RST | ACK)
    .again(200000, 300000).put(True, SYN, 0).put(True, SYN, 0, after=1000).down(0, ack=1, flags=SYN | ACK).file(),
    # The numbers pass 2^32 in the middle of the data.
    "tcp/wrapped-numbers": lambda: Talk(client=0xFFFFFFF0, server=0xFFFFFFFA).open().up(1, TEN).down(1, TEN, ack=11)
    .up(11, TEN, ack=11).up(21, TEN, ack=11).down(11, ack=31).up(31, ack=11, flags=FIN | ACK)
    .down(11, ack=32, flags=FIN | ACK).up(32, ack=12).file(),
    # Only what the client sent was captured.
    "tcp/one-sided": lambda: Talk().put(True, SYN, 0).up(1).up(1, TEN).up(11, TEN, ack=101).up(21, ack=201)
    .up(21, ack=201, flags=FIN | ACK).up(22, ack=202).file(),
    # Met in its middle: neither numbers nor window scales are known.
    "tcp/middle": lambda: Talk().up(500, TEN, ack=700).down(700, ack=510, window=229).down(700, TEN, ack=510)
    .up(510, ack=710).file(),
    # Both windows are scaled.
    "tcp/window-scale": lambda: Talk().open(SCALE).up(1, TEN, window=502).down(1, ack=11, window=509)
    .up(11, ack=1, flags=FIN | ACK, window=502).down(1, ack=12, window=509).file(),
    # The server gives up in the middle; a second attempt is refused, and a third.
    "tcp/reset": lambda: Talk().open().up(1, TEN).down(1, ack=11, flags=RST | ACK)
    .again(9000, -1).put(True, SYN, 0).down(1, ack=1, flags=RST | ACK, window=0)
    .put(True, SYN, 0, after=1000).down(1, ack=1, flags=RST | ACK, window=0).file(),
}
