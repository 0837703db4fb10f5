# SPDX-License-Identifier: BSD-2-Clause
"""Captures of streams that did not come in order, or not whole, and of datagrams in fragments."""
from files import Packet, pcap
from wire import *

PORT = 8080


class Talk:
    """Segments between a client and a server, built by sequence numbers; numbers of data count from 1 as octets do."""

    def __init__(self, client=1000, server=9000):
        self.base = {True: client, False: server}
        self.frames = []

    def put(self, up, flags, at, ack, data=b"", **more):
        seq = (self.base[up] + at) & 0xFFFFFFFF
        number = (self.base[not up] + ack) & 0xFFFFFFFF if flags & ACK else 0
        ports = (40000, PORT) if up else (PORT, 40000)
        frame = (to_server if up else to_client)(Tcp(*ports, flags, seq, number, data))
        self.frames.append(Packet(frame, **more) if more else frame)
        return self

    def open(self):
        return self.put(True, SYN, 0, 0).put(False, SYN | ACK, 0, 1).put(True, ACK, 1, 1)

    def up(self, at, data, flags=PSH | ACK, ack=1, **more):
        return self.put(True, flags, at, ack, data, **more)

    def down(self, at, data=b"", flags=ACK, ack=1, **more):
        return self.put(False, flags | (PSH if data else 0), at, ack, data, **more)


def stream(talk, **more):
    return pcap(talk.frames, **more)


def fragments(ident, *parts, upper=17, wrap=None, **more):
    """parts: (offset, more follow, octets)."""
    return [(wrap or to_server)(Raw(data, upper), flags=int(follow), offset=offset, ident=ident, **more)
            for offset, follow, data in parts]


def fragments6(ident, *parts):
    return [ether6(ip6(CLIENT6, SERVER6, fragment6(offset, int(follow), ident, Raw(data, 17))))
            for offset, follow, data in parts]


def datagram(data, port=PORT, v6=False):
    """A UDP header and data, with the checksum of the whole."""
    if v6:
        return ip6(CLIENT6, SERVER6, Udp(40000, port, data))[40:]
    return ip4(CLIENT, SERVER, Udp(40000, port, data))[20:]


def tunnelled(upper, **more):
    return ip4("10.9.0.1", "10.9.0.2", upper, **more)


def cut(octets, *at):
    """(offset, more follow, octets) of a datagram cut in these places."""
    edges = [0, *at, len(octets)]
    return [(a, b != len(octets), octets[a:b]) for a, b in zip(edges, edges[1:])]


LETTERS = datagram(bytes(range(97, 123)) * 2)  # 60 octets
LETTERS6 = datagram(bytes(range(97, 123)) * 2, v6=True)
SEGMENT = Tcp(40000, PORT, PSH | ACK, 1001, 9001, b"a segment in parts\n").octets(a4(CLIENT), a4(SERVER))
LYING = put16(datagram(b"one more date, please", 9999), 4, 60000)
INNER = tunnelled(Udp(40000, PORT, bytes(range(97, 123)) * 2))[20:]


def overlapping(make, octets):
    """Equal, then other octets; then a second end, and a fragment that reaches behind it."""
    a, b, c = cut(octets, 24, 48)
    return (make(1, a, (16, True, octets[16:32]), b, c) +
            make(2, a, (16, True, b"?" * 8 + octets[24:32]), b, c) +
            make(3, a, c, (48, False, octets[48:56]), (40, True, octets[40:] + b"!" * 4 + b"?" * 8), b))


STREAM = {
    # Nobody captured "two "; the server has it. Then one that nobody acknowledges, before the end.
    "tcp/stream-hole": lambda: stream(Talk().open().up(1, b"one ").up(9, b"three\n").down(1, ack=5).down(1, ack=15)
                                      .down(1, b"thank you\n", ack=15).up(15, b"fo", ack=11).up(19, b"r\n", ack=11)
                                      .up(21, b"", FIN | ACK, ack=11)),
    "tcp/stream-out-of-order": lambda: stream(Talk().open().up(10, b"ho\n").up(1, b"hey ").up(5, b"hey, ")
                                              .up(5, b"hey, ").down(1, ack=13).up(13, b"", FIN | ACK)
                                              .down(1, b"", FIN | ACK, ack=14)),
    # PcapPlusPlus lost "de\n", as others did, because the end was there already.
    "tcp/stream-fin-early": lambda: stream(Talk().open().up(1, b"abc").up(7, b"", FIN | ACK).up(4, b"de\n")
                                           .down(1, ack=8)),
    "tcp/stream-overlap": lambda: stream(Talk().open().up(1, b"abcdef").up(4, b"defghi").up(7, b"GHIjkl")
                                         .up(16, b"pqr\n").up(14, b"no??").up(13, b"mno").down(1, ack=20)),
    "tcp/stream-wrapped": lambda: stream(Talk(client=0xFFFFFFFA).open().up(1, b"abc").up(7, b"ghi\n").up(4, b"def")
                                         .down(1, ack=11).up(11, b"", FIN | ACK)),
    "tcp/stream-snaplen": lambda: stream(Talk().open().up(1, b"sixteen octets. ", cut=54 + 8).down(1, ack=17)
                                         .up(17, b"and six.", cut=54 + 8).up(25, b"more", cut=54).down(1, ack=29)
                                         .up(29, b"", FIN | ACK), snaplen=62),
    "tcp/stream-one-side": lambda: stream(Talk().put(True, SYN, 0, 0).up(1, b"first\n").up(12, b"third\n")
                                          .up(18, b"", FIN | ACK)),
    # From the middle on: a keep-alive probe first, then its octet's successor.
    "tcp/stream-middle": lambda: stream(Talk().up(99, b"", ACK, ack=200).up(100, b"still ", ack=200)
                                        .up(94, b"older still ", ack=200).down(200, b"here\n", ack=106)
                                        .up(105, b"?", ack=205).put(True, RST | ACK, 106, 205, b"bye")),
    "tcp/stream-behind-the-end": lambda: stream(Talk().open().up(1, b"bye\n", FIN | PSH | ACK).up(6, b"more")
                                                .up(5, b"\0more").down(1, ack=6)),
    "ip/fragments-reversed": lambda: pcap(fragments(7, *reversed(cut(LETTERS, 24, 48)))),
    "ip/fragments-overlap": lambda: pcap(overlapping(fragments, LETTERS)),
    # Two datagrams at once; of the second one the middle never comes.
    "ip/fragments-never-whole": lambda: pcap(fragments(8, *cut(LETTERS, 24, 48)[:1]) +
                                             fragments(9, *cut(LETTERS, 24)[:1]) +
                                             fragments(8, *cut(LETTERS, 24, 48)[2:]) +
                                             fragments(9, *cut(LETTERS, 24)[1:])),
    "ip/fragments-of-a-lab": lambda: pcap(fragments(10, *cut(datagram(b"bob: " + b"word " * 11 + b"words\n", 5000), 32))),
    "ip/fragments-of-tcp": lambda: pcap(Talk().open().frames + fragments(11, *cut(SEGMENT, 24), upper=6)),
    # A tunnel whose packets are cut, and the cut packet in it is a fragment itself.
    "ip/fragments-in-fragments": lambda: pcap(
        [frame for inner in fragments(13, *cut(INNER, 24), wrap=tunnelled)
         for frame in fragments(inner[5] + inner[7] + 20, *cut(inner, 24), upper=4)]),
    "ip/fragments-too-long": lambda: pcap(fragments(14, (0, True, LETTERS[:24]), (65528, False, b"x" * 16))),
    # An ICMP error quotes the first fragment: nothing is put together with that.
    "ip/fragments-quoted": lambda: pcap(
        fragments(15, *cut(LETTERS, 24)[:1]) +
        [to_client(Icmp(3, 3, u32(0) + ip4(CLIENT, SERVER, Raw(LETTERS[24:], 17), flags=0, offset=24, ident=15)))]),
    # UDP says more octets than the fragments have, in a conversation whose protocol was learned.
    "ip/fragments-lying": lambda: pcap(
        [to_server(Udp(40000, 9999, b"")), to_client(Udp(9999, 40000, b"2026-01-31 12:00:00.123456\n"))] +
        fragments(17, *cut(LYING, 24))),
    "ip/fragments-cut": lambda: pcap([Packet(frame, cut=50) for frame in fragments(16, *cut(LETTERS, 24))], snaplen=50),
    "ipv6/fragments-reversed": lambda: pcap(fragments6(7, *reversed(cut(LETTERS6, 24, 48)))),
    "ipv6/fragments-overlap": lambda: pcap(overlapping(fragments6, LETTERS6)),
    "ipv6/fragments-too-long": lambda: pcap(fragments6(14, (0, True, LETTERS6[:24]), (65528, False, b"x" * 16))),
}
