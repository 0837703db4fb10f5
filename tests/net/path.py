# SPDX-License-Identifier: BSD-2-Clause
"""A path of hops that play tricks: a packet in; out the answers and how late they are. No clock, no sockets.

    path = Path([{"addr": "10.9.1.1", "rtt_ms": 5}, {"addr": "10.9.2.1", "mpls": [[16, 0, 1, 1]]}, {"addr":
    "10.9.3.1"}]) path.answers(packet, now)    # [(0.005, octets), ...]

The last hop is the destination, whatever address was asked for; so is a hop whose own address is asked for. What is
kept from packet to packet (counts, buckets, turns) makes the same sequence of packets get the same answers again.
"""
import hashlib
import random

import packets
import wire
from packets import Packet

# What a hop may say of itself, and what it is when it does not.
DEFAULTS = {
    "addr": None, "addr6": None,     # without one, it is silent in that version of IP
    # when
    "rtt_ms": 0,                     # or a list: one after the other, and again
    "answer_late_ms": 0,             # more than that, on top
    "reorder": 0,                    # every second answer is so many milliseconds later
    # whether
    "silent": False,                 # it never answers
    "loss": 0,                       # of its answers each k-th is lost; a fraction is a probability
    "drop": 0,                       # of all packets that come by; the same
    "rate": None,                    # [answers a second, burst]
    "dup": False,                    # it answers twice
    "blackhole": False,              # nothing passes
    # how
    "ttl": None,                     # the answer's on arrival; else 255 (of the destination 64) less the hops
    "tos": 0xC0,                     # the answer's
    "code": None, "code6": None,     # the code of unreachable that it says to all that comes by; code6 is made of code
    "quote": None,                   # octets behind the IP header; "full": 1500 in all; else 576 or 1280 in all
    "short": None,                   # octets of the quotation in all
    "quoted_ttl": None,              # else as it came
    "misquote": None,                # its quotations are changed as a translator would
    "stranger": False,               # before each error one about a packet that nobody sent; "only": instead
    # extensions
    "mpls": None,                    # [[label, experimental, bottom, ttl], ...]
    "interface_info": None,          # {role, ifindex, address, name, mtu}, or a list of such
    "objects": (),                   # [[class, type, content in hex], ...]
    "lie": None,                     # one more object, which says that it has this length (it has 8)
    "bad_extension_checksum": False,
    "tells_length": True,            # of the quotation before an extension; False: as before RFC 4884, 128 octets
    # what it does to those that pass; the next hop sees it
    "mtu": None, "mtu_said": None,   # of the next link; mtu_said: what it says of it, in IPv4 0 for nothing
    "blackhole_mtu": None,           # larger ones are lost
    "nat": None,                     # {source, destination, source6, destination6, sport, dport}, also quoted
    "dscp": None, "ecn_bleach": False,
    # which of several it is; an alternative has what it says and the rest of the hop
    "ecmp": None,                    # [{...}, ...], by flow
    "per_packet": False,             # True: in turn; "random"
    "switch": 0,                     # each alternative for so many packets, the last one for ever
    "salt": None,                    # hops of equal salt choose alike; else each for itself
    "flow_label": False,             # is a part of the flow
    "absent": False,                 # an alternative that is no hop at all: the path is shorter
    # the destination
    "udp": "refuse",                 # or "silent", or "echo"
    "tcp": "refuse",                 # or "silent", or "open"
    "listen": (),                    # ports that are open however others are
    "ecn": False,                    # it takes up an offer of explicit congestion notification
    "echo": True,                    # it answers echo requests
}
CODES6 = {0: 0, 1: 3, 2: 4, 3: 4, 9: 1, 10: 1, 13: 1}  # unreachable: of IPv4 to IPv6
UNREACHABLE = {4: 3, 6: 1}
EXCEEDED = {4: 11, 6: 3}
SEQUENCE = 1000


class Hop:
    """One of them, and what it remembers."""

    def __init__(self, options, number, seed):
        strangers = options.keys() - DEFAULTS.keys()
        if strangers:
            raise ValueError(f"hop {number} has options that nobody knows: {', '.join(sorted(strangers))}")
        for name, value in {**DEFAULTS, **options}.items():
            setattr(self, name, value)
        rest = {name: value for name, value in options.items() if name not in ("ecmp", "per_packet", "switch")}
        self.ways = [Hop({**rest, **way}, number, f"{seed} {at}") for at, way in enumerate(self.ecmp or ())]
        self.key = str(number if self.salt is None else self.salt).encode()
        self.random = random.Random(f"{seed} {number}")
        self.addresses = [packets.address(own) for own in (self.addr, self.addr6) if own]
        self.counts, self.tokens, self.since = {}, None, None

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def unlucky(self, what):
        """Whether this is one of those that are lost."""
        k = getattr(self, what)
        if isinstance(k, float):
            return self.random.random() < k
        return k > 0 and self.count(what) % k == 0

    def allowed(self, now):
        """Whether there is a token for an answer."""
        if self.rate is None:
            return True
        a_second, burst = self.rate
        self.tokens = burst if self.since is None else min(burst, self.tokens + (now - self.since) * a_second)
        self.since = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def way(self, packet):
        """Which of several hops this one is for a packet."""
        if not self.ways:
            return self
        if self.switch:
            return self.ways[min((self.count("switch") - 1) // self.switch, len(self.ways) - 1)]
        if self.per_packet == "random":
            return self.random.choice(self.ways)
        if self.per_packet:
            return self.ways[(self.count("turn") - 1) % len(self.ways)]
        digest = hashlib.blake2b(packet.flow(self.flow_label), key=self.key, digest_size=8).digest()
        return self.ways[int.from_bytes(digest) % len(self.ways)]

    def delay(self):
        rtt = self.rtt_ms[(self.count("rtt") - 1) % len(self.rtt_ms)] if isinstance(self.rtt_ms, list) else self.rtt_ms
        late = self.reorder if self.reorder and self.count("order") % 2 else 0
        return (rtt + self.answer_late_ms + late) / 1000

    def changed(self, octets):
        """A packet as the next hop gets it, but for its TTL."""
        traffic = Packet(octets).traffic
        new = traffic if self.dscp is None else self.dscp << 2 | traffic & 3
        new = new & ~3 if self.ecn_bleach else new
        if new != traffic:
            octets = packets.with_traffic(octets, new)
        return packets.translated(octets, self.nat) if self.nat else octets


class Path:
    def __init__(self, hops, seed=0):
        self.hops = [Hop(options, number, seed) for number, options in enumerate(hops, 1)]
        self.ident = 0

    def answers(self, octets, now):
        """[(seconds from now, packet), ...]; a packet that is none gets no answer."""
        try:
            packet = Packet(octets)
        except ValueError:
            return []
        if packet.later or packet.destination[0] == (255 if packet.version == 6 else 224):
            return []
        seen, passed = octets, 0
        for hop in self.hops:
            way = hop.way(packet)
            if way.absent:
                continue
            if way.unlucky("drop"):
                return []
            visit = Visit(self, way, packet, packets.with_ttl(seen, max(packet.ttl - passed, 1)), passed)
            answer = visit.answer(hop is self.hops[-1] or packet.destination in way.addresses)
            if answer is not None:
                return self.on_time(way, answer, now)
            seen, passed = way.changed(seen), passed + 1
        return []

    @staticmethod
    def on_time(hop, answer, now):
        answer = [] if hop.silent or not answer else answer
        if not answer or not hop.allowed(now) or hop.unlucky("loss"):
            return []
        return [(hop.delay(), octets) for octets in answer * (2 if hop.dup else 1)]

    def next_ident(self):
        self.ident = (self.ident + 1) & 0xFFFF
        return self.ident


class Visit:
    """A packet at a hop. packet: as it was sent; seen: as it is now; passed: hops before this one."""

    def __init__(self, path, hop, packet, seen, passed):
        self.path, self.hop, self.packet, self.seen, self.passed = path, hop, packet, seen, passed
        self.version = packet.version
        self.own, self.start = None, 255  # where answers come from, and the TTL they set out with

    def answer(self, arrived):
        """A list of packets, empty when it is lost here; None: it goes on."""
        hop, size = self.hop, len(self.seen)
        own = hop.addr if self.version == 4 else hop.addr6
        self.own = packets.address(own) if own else None
        if hop.code is not None:
            return self.error(UNREACHABLE[self.version], self.code())
        if arrived:
            self.own, self.start = self.packet.destination, 64
            return self.arrived()
        if self.packet.ttl - self.passed <= 1:
            return self.error(EXCEEDED[self.version], 0)
        if hop.blackhole or hop.blackhole_mtu is not None and size > hop.blackhole_mtu:
            return []
        if hop.mtu is not None and size > hop.mtu and self.packet.whole:
            return self.too_big()
        return None

    def code(self):
        if self.version == 4:
            return self.hop.code
        return CODES6.get(self.hop.code, self.hop.code) if self.hop.code6 is None else self.hop.code6

    def ttl(self):
        """An answer's, when it arrives."""
        return max(self.start - self.passed, 1) if self.hop.ttl is None else self.hop.ttl

    # -------------------------------------------------------------------------------------------- errors

    def too_big(self):
        mtu = self.hop.mtu if self.hop.mtu_said is None else self.hop.mtu_said
        return self.error(3, 4, wire.u16(0, mtu)) if self.version == 4 else self.error(2, 0, wire.u32(mtu))

    def error(self, kind, code, rest=b"\0\0\0\0"):
        """rest: the four octets before the quotation."""
        if self.own is None:
            return []
        seen = self.seen if self.hop.quoted_ttl is None else packets.with_ttl(self.seen, self.hop.quoted_ttl)
        seen = packets.translated(seen, self.hop.misquote) if self.hop.misquote else seen
        errors = [] if self.hop.stranger == "only" else [self.made(kind, code, rest, seen)]
        if self.hop.stranger:
            p = Packet(seen)
            ports = {name: int.from_bytes(p.transport[at:at + 2]) ^ 0x5555
                     for name, at in packets.PORTS.get(p.protocol, {}).items()}
            errors.insert(0, self.made(kind, code, rest, packets.translated(seen, ports)))
        return errors

    def made(self, kind, code, rest, seen):
        """One error, with as much of the packet and as many extensions as this hop adds."""
        hop, four = self.hop, self.version == 4
        objects = self.objects() if four or kind in (UNREACHABLE[6], EXCEEDED[6]) else []
        added = packets.extension(objects, hop.bad_extension_checksum) if objects else b""
        room = (1500 if hop.quote == "full" else 576 if four else 1280) - (28 if four else 48) - len(added)
        if added and hop.quote is None:
            room = packets.QUOTED_BEFORE_EXTENSION
        quote = packets.quoted(seen, hop.quote if isinstance(hop.quote, int) else None, room & ~7 if added else room)
        quote = quote if hop.short is None else quote[:hop.short]
        if added:
            quote, length = packets.extended(quote, added, 4 if four else 8, hop.tells_length)
            rest = rest[:1] + bytes([length]) + rest[2:] if four else bytes([length]) + rest[1:]
        return packets.sent(self.own, self.packet.source, packets.icmp(self.version, kind, code, rest + quote),
                            self.ttl(), hop.tos, self.path.next_ident())

    def objects(self):
        hop, objects = self.hop, []
        if hop.mpls:
            objects.append(packets.thing(*packets.MPLS, packets.mpls(hop.mpls)))
        infos = hop.interface_info or []
        for info in infos if isinstance(infos, list) else [infos]:
            objects.append(packets.thing(packets.INTERFACE, *packets.interface(info)))
        objects += [packets.thing(number, kind, bytes.fromhex(content)) for number, kind, content in hop.objects]
        if hop.lie is not None:
            objects.append(packets.thing(*packets.MPLS, packets.mpls([[16, 0, 1, 1]]), hop.lie))
        return objects

    # -------------------------------------------------------------------------------------------- the destination

    def arrived(self):
        if not self.packet.sound():
            return []
        return {packets.UDP: self.udp, packets.TCP: self.tcp, packets.ICMP: self.echo,
                packets.ICMP6: self.echo}.get(self.packet.protocol, self.unknown)()

    def unknown(self):
        """A protocol that it does not speak."""
        return self.error(3, 2) if self.version == 4 else self.error(4, 1, wire.u32(6))

    def back(self, upper):
        packet = self.packet
        return [packets.sent(packet.destination, packet.source, upper, self.ttl(), 0, self.path.next_ident())]

    def echo(self):
        data, (request, reply) = self.packet.transport, ((8, 0) if self.version == 4 else (128, 129))
        if len(data) < 8 or data[0] != request or not self.hop.echo:
            return []
        return self.back(packets.icmp(self.version, reply, 0, data[4:]))

    def udp(self):
        data = self.packet.transport
        if self.hop.udp == "refuse":
            return self.error(UNREACHABLE[self.version], 3 if self.version == 4 else 4)
        if self.hop.udp == "silent" or len(data) < 8:
            return []
        return self.back(wire.Udp(int.from_bytes(data[2:4]), int.from_bytes(data[:2]), data[8:]))

    def tcp(self):
        """Answers to what begins a connection, or belongs to none; it keeps no connections."""
        data, hop = self.packet.transport, self.hop
        if len(data) < 20 or data[13] & wire.RST:
            return []
        near, far = int.from_bytes(data[2:4]), int.from_bytes(data[:2])
        seq, ack = int.from_bytes(data[4:8]), int.from_bytes(data[8:12])
        flags, size = data[13], len(data) - (data[12] >> 4) * 4
        is_open = near in hop.listen or hop.tcp == "open"
        if hop.tcp == "silent" and not is_open or is_open and not flags & (wire.SYN | wire.FIN) and not size:
            return []
        if flags & wire.ACK:
            return self.back(wire.Tcp(near, far, wire.RST, ack))
        after = seq + size + bool(flags & wire.SYN) + bool(flags & wire.FIN) & 0xFFFFFFFF
        if not is_open or not flags & wire.SYN:
            return self.back(wire.Tcp(near, far, wire.RST | wire.ACK, 0, after, window=0))
        offered = flags & (wire.ECE | wire.CWR) == wire.ECE | wire.CWR
        answer = wire.SYN | wire.ACK | (wire.ECE if hop.ecn and offered else 0)
        return self.back(wire.Tcp(near, far, answer, SEQUENCE, after, options=wire.u8(2, 4) + wire.u16(1460)))
