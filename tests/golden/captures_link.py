# SPDX-License-Identifier: BSD-2-Clause
"""Captures of link layers and of the capture files themselves."""
import struct

from files import ETHERNET, IPV4, IPV6, LOOP, NULL, RAW, SLL, SLL2, Packet, Pcapng, pcap, pcapng
from wire import *

QUESTION = Udp(40000, 5555, b"date")
ANSWER = Udp(5555, 40000, b"2026-01-31 12:00:00.123456\n")
ASK, REPLY = to_server(QUESTION), to_client(ANSWER)
PACKET, PACKET6 = ip4(CLIENT, SERVER, QUESTION), ip6(CLIENT6, SERVER6, QUESTION)
NOBODY, NO_MAC = "0.0.0.0", b"\0" * 6


def asks(sender, target, operation=1, sender_mac=mac(CLIENT_MAC), target_mac=NO_MAC):
    return arp(operation, sender_mac, a4(sender), target_mac, a4(target))


LINK = {
    "arp/who-has": lambda: pcap([everyone(asks(CLIENT, SERVER), 0x0806),
                                 ether_back(asks(SERVER, CLIENT, 2, mac(SERVER_MAC), mac(CLIENT_MAC)), 0x0806)]),
    # A host that tells its own address, in both usual ways, and one that asks whether somebody has it.
    "arp/gratuitous": lambda: pcap([everyone(asks(CLIENT, CLIENT), 0x0806), everyone(asks(CLIENT, CLIENT, 2), 0x0806),
                                    everyone(asks(NOBODY, CLIENT), 0x0806)]),
    "arp/reverse": lambda: pcap([everyone(asks(NOBODY, NOBODY, 3, mac(CLIENT_MAC), mac(CLIENT_MAC)), 0x8035),
                                 ether_back(asks(SERVER, CLIENT, 4, mac(SERVER_MAC), mac(CLIENT_MAC)), 0x8035)]),
    # Address sizes that are not Ethernet's and IPv4's; cut; an operation without a name; padded to 60 octets.
    "arp/odd-sizes": lambda: pcap([everyone(arp(1, b"\x01\x02", a6(CLIENT6), b"\0\0", a6(SERVER6), 6, 0x86DD),
                                            0x0806),
                                   Packet(everyone(asks(CLIENT, SERVER), 0x0806), cut=30),
                                   everyone(asks(CLIENT, SERVER, 99), 0x0806),
                                   ether(asks(CLIENT, SERVER), 0x0806, pad=60)]),

    "eth/unknown-type": lambda: pcap([ether(b"what is this", 0x88B5), ether(b"", 0x9000),
                                      ether(b"\x02\x07\x04", 0x88CC)]),
    # 802.3: a length with LLC behind it, one beyond the frame, and a number that is neither length nor type.
    "eth/length": lambda: pcap([ieee(llc(b"\0" * 35, 0x42, 0x42)), ieee(llc(b"abc", 0x42, 0x42), 100, pad=0),
                                ieee(b"abc", 1501)]),
    "eth/cut-by-snaplen": lambda: pcap([Packet(ASK, cut=cut) for cut in (14, 13, 12, 6, 1)], snaplen=14),

    "llc/frames": lambda: pcap([ieee(llc(b"unnumbered", 0x42, 0x43)),
                                ieee(llc(b"information", 0xF0, 0xF0, u8(0x02, 0x05))),
                                ieee(llc(b"", 0xF0, 0xF1, u8(0x01, 0x06))), ieee(llc(b"", 0x04, 0x05, b"\x73")),
                                ieee(llc(b"", 0xF0, 0xF0, b"\x7f")),
                                ieee(u16(0xFFFF, 30) + b"\0" * 28)]),
    "llc/snap": lambda: pcap([ieee(snap(PACKET), pad=0), ieee(snap(b"\x02\xb4", 0x2000, b"\x00\x00\x0c")),
                              Packet(ieee(snap(PACKET), pad=0), cut=18)]),

    "vlan/tagged": lambda: pcap([ether(tag(PACKET, 42, priority=5, dei=1), 0x8100),
                                 ether(tag(PACKET6, 1, 0x86DD), 0x8100),
                                 ether(tag(asks(CLIENT, SERVER), 0, 0x0806), 0x8100)]),
    "vlan/qinq": lambda: pcap([ether(tag(tag(PACKET, 42), 100, 0x8100), 0x88A8),
                               ether(tag(tag(PACKET, 42), 100, 0x8100), 0x9100)]),
    # 802.3 in a tag: a length again. And a frame that ends in the tag.
    "vlan/length-inside": lambda: pcap([ether(tag(llc(b"abc", 0x42, 0x42), 7, 6), 0x8100),
                                        Packet(ether(tag(PACKET, 42), 0x8100), cut=16),
                                        ether(tag(PACKET, 42)[:2], 0x8100)]),

    # What `any` gave before version 2: to us, broadcast, from us; no address; an address longer than the room.
    "sll/any": lambda: pcap([sll(PACKET), sll(PACKET, packet_type=1), sll(PACKET6, 0x86DD, packet_type=4),
                             sll(PACKET, address=b""),
                             sll(PACKET, hardware=772, address=b"\0" * 6), sll(b"what is this", 0x88B5),
                             sll(llc(b"abc", 0x42, 0x42), 4),
                             sll(PACKET, address=b"123456789")], SLL),
    # A tunnel's addresses are IPv4's; behind GRE the protocol is GRE's.
    "sll/tunnels": lambda: pcap([sll(PACKET, hardware=778, address=a4(CLIENT)),
                                 sll(PACKET6, 0x86DD, 0, 768, a4(CLIENT)),
                                 sll(PACKET, 0x88BE, 0, 778, a4(CLIENT))], SLL),
    "sll/cut-by-snaplen": lambda: pcap([Packet(sll(PACKET), cut=cut) for cut in (16, 15, 8, 1)], SLL),
    "sll2/any": lambda: pcap([sll2(PACKET), sll2(PACKET, packet_type=4, interface=3), sll2(PACKET6, 0x86DD),
                              sll2(PACKET, hardware=65534, address=b""),
                              sll2(tag(PACKET, 42), 0x8100), Packet(sll2(PACKET), cut=19)], SLL2),
    # The family in the order of the capturing host, either way, and in network order in LOOP; IPv6 has many numbers.
    "null/families": lambda: pcap([struct.pack("<I", 2) + PACKET, struct.pack(">I", 2) + PACKET] +
                                  [struct.pack("<I", family) + PACKET6 for family in (10, 24, 28, 30)] +
                                  [struct.pack("<I", 77) + b"what is this", b"\x02\x00\x00"], NULL),
    "null/loop": lambda: pcap([struct.pack(">I", 2) + PACKET, struct.pack(">I", 24) + PACKET6], LOOP),
    # The first four bits say which IP it is.
    "raw/ip": lambda: pcap([PACKET, PACKET6, b"\x55what is this", b""], RAW),
    "raw/ipv4": lambda: pcap([PACKET], IPV4),
    "raw/ipv6": lambda: pcap([PACKET6], IPV6),
}

FLAGS = [0x001, 0x002, 0x005, 0x009, 0x00D, 0x011, 0x081, 0x201, 0x401, 0xE02, 0x0000F001, 0xFF000001, 0xFFFFFFFF]


def every_flag():
    file = Pcapng().section().interface()
    for i, flags in enumerate(FLAGS):
        check = b"\xde\xad\xbe\xef" if flags & 0x1E0 == 0x80 else b""
        file.packet(ASK + check, i * 10**6, options=[(2, file.number("I", flags))])
    return file.out


def every_option():
    """Every option of a packet; frame.* shows those that have a field."""
    file = Pcapng().section()
    file.interface(options=[(2, b"eth0"), (3, b"the lab's wire"), (9, b"\x06")])
    file.packet(ASK,
                options=[(1, b"the question"), (1, "deuxième".encode()), (2, file.number("I", 1)),
                         (3, b"\x02" + b"\xde\xad\xbe\xef"),
                              (4, file.number("Q", 3)), (5, file.number("Q", 0x123456789)), (6, file.number("I", 2)),
                              (7, b"\x00abcd"),
                              (8, file.pack("II", 1234, 1234)), (2988, file.number("I", 32473) + b"custom text")])
    file.packet(REPLY, 123456, options=[(1, b"the answer\nin two lines \x1b[31mwith an escape"), (1, b"")])
    return file.out


def two_sections():
    """Little-endian, big-endian, little-endian: interface numbers begin anew in each section."""
    file = Pcapng("<").section().interface(options=[(2, b"eth0")]).packet(ASK)
    file.section(order=">").interface(options=[(2, b"eth1"), (9, b"\x09")], per_second=10**9).packet(REPLY, 1234567)
    file.section(order="<").interface(RAW, options=[(2, b"tun0")]).packet(PACKET, 2000000)
    return file.out


def comments():
    file = Pcapng().section(options=[(1, b"a comment on the section"), (2, b"an old computer"), (3, b"Linux"),
                                     (4, b"sonde")])
    file.interface(options=[(1, b"a comment on the interface"), (2, b"eth0"), (11, b"\0udp port 5555")])
    file.packet(ASK, options=[(1, b"nobody answers this one")])
    file.packet(REPLY, 10**6, options=[(1, b"first"), (1, b"second")])
    return file.out


def all_blocks():
    """Every block there is; an interface described between packets; what sonde does not know is stepped over."""
    file = Pcapng().section(options=[(2988, b"\0\0\x7e\xd9text")])
    file.interface(options=[(2, b"eth0"), (3, b"the wire"), (4, a4(CLIENT) + a4("255.255.255.0")),
                            (5, a6(CLIENT6) + b"\x40"), (6, mac(CLIENT_MAC)),
                            (8, file.number("Q", 10**9)), (9, b"\x06"), (11, b"\0udp"), (12, b"Linux"), (13, b"\0"),
                            (15, b"a card"), (60000, b"unknown")])
    file.packet(ASK).simple(ASK).old_packet(REPLY, 10**6, drops=7,
                                            options=[(1, b"an old block"), (2, file.number("I", 1))])
    file.interface(options=[(2, b"eth1"), (9, b"\x09")], per_second=10**9)
    file.packet(REPLY, 2000001, 1).custom(32473, b"copy me").custom(32473, b"but not me", False).block(0x0000BAD0,
                                                                                                       b"unknown block")
    file.names([(1, a4(SERVER) + b"server\0server.lab\0"), (2, a6(SERVER6) + b"server6\0")], [(2, b"a resolver")])
    file.block(10, file.pack("II", 0x544C534B, 5) + b"keys\n").packet(ASK, 3000000)
    file.statistics(0, 4000000,
                    [(2, file.stamp(0, 0)), (3, file.stamp(0, 4000000)), (4, file.number("Q", 10)),
                     (5, file.number("Q", 1)),
                                 (6, file.number("Q", 9)), (7, file.number("Q", 2)), (8, file.number("Q", 4))])
    return file.statistics(1, 4000000).out


def several_link_types():
    file = Pcapng().section().interface(ETHERNET, options=[(2, b"eth0")]).interface(RAW, options=[(2, b"tun0")])
    file.interface(NULL).interface(SLL2)
    file.packet(ASK).packet(PACKET, 10**6, 1).packet(struct.pack("<I", 2) + PACKET, 2 * 10**6,
                                                     2).packet(sll2(PACKET), 3 * 10**6, 3)
    return file.interface(147).packet(b"not for us", 4 * 10**6, 4).out


def resolutions():
    """Units of time: powers of ten from 1 s to 0.1 ns, powers of two, and a clock moved by if_tsoffset."""
    file = Pcapng().section()
    for exponent in (0, 3, 6, 9, 10):
        file.interface(options=[(9, u8(exponent))], per_second=10**exponent)
    for exponent in (10, 30):
        file.interface(options=[(9, u8(0x80 | exponent))], per_second=2**exponent)
    file.interface(options=[(14, file.number("q", 3600))])
    for i in range(8):
        file.packet(ASK, 123456789, i)
    return file.out


def loose_ends():
    """Option lists that just end, options of length 0, a snap length, a block without options."""
    file = Pcapng().section().interface(options=[(2, b"eth0")], end=False)
    file.packet(ASK, options=[(1, b"no end of options")], end=False)
    file.packet(ASK, 10**6, options=[(1, b""), (1, b"")]).packet(ASK[:20], 2 * 10**6, wire=len(ASK))
    return file.section().interface(snaplen=20).simple(ASK[:20], len(ASK)).simple(ASK[:10], 10).out


def section_lengths():
    """A section that says how long it is, with another one behind it."""
    body = Pcapng().section().interface().packet(ASK).out
    first = Pcapng().section(length=len(body) - 28).interface().packet(ASK).out
    return first + Pcapng().section().interface().packet(REPLY, 10**6).out


PAIR = [ASK, Packet(REPLY, 123456789)]

FILES = {
    "frame/every-flag": every_flag,
    "frame/every-option": every_option,
    "frame/unknown-link-type": lambda: pcap([b"what is this", b""], 147),
    # Times that go back, stand still, jump; and one long before.
    "frame/times": lambda: pcap([Packet(ASK, at) for at in (0, 0, 10**9, 500 * 10**6, 86400 * 10**9, 1000,
                                                            -1769860800 * 10**9)]),

    "pcap/microseconds": lambda: pcap(PAIR),
    "pcap/microseconds-big-endian": lambda: pcap(PAIR, order=">"),
    "pcap/nanoseconds": lambda: pcap(PAIR, magic=0xA1B23C4D),
    "pcap/nanoseconds-big-endian": lambda: pcap(PAIR, order=">", magic=0xA1B23C4D),
    "pcap/modified": lambda: pcap(PAIR, magic=0xA1B2CD34, extra=struct.pack("<IHBB", 2, 0x0800, 0, 0)),
    "pcap/empty": lambda: pcap([]),
    # The link type's upper bits tell of a frame check sequence; they are not part of the number.
    "pcap/link-type-bits": lambda: pcap([ASK + b"\xde\xad\xbe\xef"], 0x24000001),
    "pcap/snaplen": lambda: pcap([Packet(ASK, cut=40), Packet(REPLY, cut=40)], snaplen=40),
    # The file ends in the second packet, in its record header, and a record says that it is longer than anything.
    "pcap/cut-in-packet": lambda: pcap(PAIR)[:-10],
    "pcap/cut-in-record-header": lambda: pcap(PAIR)[:-len(REPLY) - 5],
    "pcap/absurd-length": lambda: pcap([ASK]) + struct.pack("<IIII", 1769860800, 0, 0x7FFFFFFF, 0x7FFFFFFF) + ASK,

    "pcapng/plain": lambda: pcapng(PAIR),
    "pcapng/big-endian": lambda: pcapng(PAIR, order=">"),
    "pcapng/nanoseconds": lambda: pcapng(PAIR, options=[(2, b"eth0"), (9, b"\x09")], per_second=10**9),
    "pcapng/two-sections-two-endians": two_sections,
    "pcapng/comments": comments,
    "pcapng/all-blocks": all_blocks,
    "pcapng/several-link-types": several_link_types,
    "pcapng/resolutions": resolutions,
    "pcapng/loose-ends": loose_ends,
    "pcapng/section-lengths": section_lengths,
    "pcapng/cut-in-block": lambda: pcapng(PAIR)[:-10],
    # A block of length 0; one whose two lengths differ; an interface that was never described.
    "pcapng/zero-length-block": lambda: pcapng([ASK]) + struct.pack("<II", 6, 0) + b"\0" * 24,
    "pcapng/lengths-differ": lambda: pcapng(PAIR)[:-4] + struct.pack("<I", 64),
    "pcapng/unknown-interface": lambda: Pcapng().section().interface().packet(ASK).block(6,
                                                                                         struct.pack("<IIIII", 5, 0,
                                                                                                     0, 4,
                                                                                                     4) + b"abcd").out,
}
