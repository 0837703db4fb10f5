# SPDX-License-Identifier: BSD-2-Clause
"""Connections made up by lot: what tshark and sonde say of them must be the same. The same lot draws the same ones."""
import os
import random
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../golden"))
from captures_tcp import SCALE, Talk
from files import pcap
from wire import ACK, FIN, PSH, RST, SYN

WAITS = (0.1, 1, 1, 5, 10, 25, 100, 300) # ms: around the limits of the rules


class Connection:
    """Two sides that send, acknowledge, repeat, lose and close as the lot wants it."""

    def __init__(self, lot, port):
        self.lot = lot
        # No number comes near 0, which tshark takes for "not known".
        self.talk = Talk(lot.randrange(1 << 16, 1 << 31), lot.randrange(1 << 16, 1 << 31), port)
        self.next, self.acked, self.sent = {True: 1, False: 1}, {True: 1, False: 1}, {True: [], False: []}
        self.window = {side: lot.choice((1000, 3000, 64240)) for side in (True, False)}

    def put(self, up, flags, seq, data=b"", options=b""):
        ack = self.acked[up] if flags & ACK else 0
        self.talk.put(up, flags, seq, ack, data, self.window[up], options, self.lot.choice(WAITS))

    def open(self):
        options = {up: SCALE if self.lot.random() < 0.6 else b"" for up in (True, False)}
        for _ in range(self.lot.choice((1, 1, 1, 2))):
            self.put(True, SYN, 0, options=options[True])
        for _ in range(self.lot.choice((0, 1, 1, 1, 1, 2))):
            self.put(False, SYN | ACK, 0, options=options[False])
        if self.lot.random() < 0.9:
            self.put(True, ACK, 1)

    def send(self, up):
        length = self.lot.choice((1, 2, 10, 100, 1000))
        if self.lot.random() < 0.5:
            self.acked[up] = self.next[not up]
        if self.lot.random() < 0.9:
            self.put(up, self.lot.choice((ACK, ACK | PSH)), self.next[up], b"x" * length)
        self.sent[up].append((self.next[up], length))
        self.next[up] += length

    def acknowledge(self, up):
        if self.lot.random() < 0.7 or not self.sent[not up]:
            self.acked[up] = self.next[not up]
        else:
            self.acked[up] = sum(self.lot.choice(self.sent[not up]))
        for _ in range(self.lot.choice((1, 1, 1, 2, 3, 4))):
            self.put(up, ACK, self.next[up])

    def repeat(self, up):
        if self.sent[up]:
            seq, length = self.lot.choice(self.sent[up][-4:])
            skip = self.lot.choice((0, 0, 0, self.lot.randrange(length)))
            self.put(up, ACK | PSH, seq + skip, b"x" * (length - skip))

    def keep_alive(self, up):
        self.put(up, ACK, self.next[up] - 1, b"x" * self.lot.randrange(2))

    def open_window(self, up):
        self.window[up] = self.lot.choice((0, 0, 1000, 2000))
        self.put(up, ACK, self.next[up])

    def probe(self, up):
        self.put(up, ACK, self.next[up], b"x")

    def lose(self, up):
        self.next[up] += self.lot.choice((1, 10, 500))

    def claim(self, up):
        self.acked[up] = self.next[not up] + self.lot.choice((1, 10, 100))
        self.put(up, ACK, self.next[up])

    def end(self, up):
        data = b"x" * self.lot.choice((0, 0, 7))
        self.put(up, FIN | ACK, self.next[up], data)
        self.next[up] += len(data) + 1

    def give_up(self, up):
        self.put(up, RST | ACK, self.next[up])

    def run(self):
        self.open()
        acts = [self.send] * 8 + [self.acknowledge] * 6 + [self.repeat] * 4 + \
            [self.keep_alive, self.open_window, self.probe, self.lose, self.claim, self.end] + [self.give_up] * (self.lot.random() < 0.3)
        for _ in range(self.lot.randrange(5, 40)):
            self.lot.choice(acts)(self.lot.random() < 0.5)
        return self.talk.packets


def capture(count):
    lot, packets = random.Random(20), []
    for port in range(count):
        packets += Connection(lot, 10000 + port).run()
    return pcap(packets, magic=0xA1B23C4D)
