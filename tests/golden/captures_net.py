# SPDX-License-Identifier: BSD-2-Clause
"""Captures of the transport and network layers: udp, tcp, ip, ipv6, icmp, icmpv6, igmp."""
from files import Packet, Pcapng, pcap
from wire import *

QUESTION = Udp(40000, 5555, b"date")


def with_flags(*packets):
    file = Pcapng().section().interface()
    for i, (data, flags) in enumerate(packets):
        file.packet(data, i * 10**6, options=[(2, file.number("I", flags))])
    return file.out


def quoted(octets=28, **more):
    """The question as an ICMP error quotes it: the IP header and 8 octets of what it carries."""
    return ip4(CLIENT, SERVER, QUESTION, **more)[:octets]


def quoted6(octets=56):
    return ip6(CLIENT6, SERVER6, QUESTION)[:octets]


def error(type, code, rest, **more):
    return to_client(Icmp(type, code, rest), **more)


def up6(upper, **more):
    return ether6(ip6(CLIENT6, SERVER6, upper, **more))


def back6(upper):
    return ether6(ip6(SERVER6, CLIENT6, upper, hops=255), SERVER_MAC, CLIENT_MAC)


def local6(upper, src="fe80::2", dst="ff02::1", hops=255):
    return ether6(ip6(src, dst, upper, hops=hops), dst="33:33:" + ":".join(f"{b:02x}" for b in a6(dst)[12:]))


def group(upper, dst="239.1.2.3", **more):
    """IGMP: TTL 1 and the router alert option, RFC 3376 section 4."""
    return ether(ip4(CLIENT, dst, upper, ttl=1, flags=0, options=u8(148, 4, 0, 0), **more),
                 dst="01:00:5e:" + ":".join(f"{b:02x}" for b in u8(a4(dst)[1] & 127) + a4(dst)[2:]))


def extension(*objects):
    body = b"".join(u16(4 + len(data)) + u8(*kind) + data for kind, data in objects)
    head = u16(0x2000, 0) + body
    return put16(head, 2, checksum(head))


def extended(extension, length=32, **more):
    """A time exceeded whose header tells the length of what is quoted, in words of 4 octets, or does not."""
    return error(11, 0, u8(0, length, 0, 0) + quoted().ljust(128, b"\0") + extension, **more)


def extended6(extension, length=8):
    return up6(Icmp6(3, 0, u8(length, 0, 0, 0) + quoted6(52).ljust(8 * length or 128, b"\0") + extension))


def lying(length, content=b""):
    """An extension with one object that is not as long as it says, or cannot be."""
    return sealed(u16(length) + u8(1, 1) + u32(0x103F) + content)


def sealed(body, version=0x2000):
    head = u16(version, 0) + body
    return put16(head, 2, checksum(head))


def record(type, address, sources, size=4):
    return u8(type, 0) + u16(len(sources)) + address + b"".join(sources)


SERVER_LINK = tlv(1, mac(SERVER_MAC))
BIG = b"x" * 2000
ROUTERS = u8(2, 2) + u16(1800) + a4("10.0.0.254") + u32(0) + a4("10.0.0.253") + u32(0xFFFFFFFE)
# Link address, MTU, prefix, name servers, search list, route, prefix for NAT64.
ROUTER_OPTIONS = (SERVER_LINK + tlv(5, u16(0), u32(1500)) + tlv(3, u8(64, 0xE0), u32(86400, 14400, 0), a6("fd00::")) +
                  tlv(25, u16(0), u32(1800), a6("fd00::53")) + tlv(31, u16(0), u32(1800), b"\x03lab\x04test\0") +
                  tlv(24, u8(48, 0x08), u32(1800), a6("fd01::")[:8]) + tlv(38, u16(225 << 3), a6("64:ff9b::")[:12]))
REDIRECTED = tlv(4, b"\0" * 6, quoted6())
LABEL = extension(((1, 1), u32(0x103F)))
# RFC 5837: what is to be known of the interface that the packet came in by, and of the one that it was to go out by.
CAME_IN = (2, 0x0F), u32(7) + u16(1, 0) + a4("192.0.2.9") + u8(8) + b"eth0\0\0\0" + u32(1500)
GOING_OUT = (2, 0x8E), u32(9) + u16(2, 0) + a6("2001:db8::9") + u8(12) + b"tunnel \xc3\xa9\0\0"
RECORDS = (record(4, a4("239.1.2.3"), []) + record(1, a4("239.1.2.4"), [a4(SERVER), a4(OTHER)]) +
           u8(6, 1) + u16(0) + a4("239.1.2.5") + b"aux!")

UDP_TCP = {
    "udp/bad-checksum": lambda: pcap([to_server(Udp(40000, 5555, b"date", sum=0xBEEF)),
                                      up6(Udp(40000, 5555, b"date", sum=0xBEEF))]),
    # 0 means none over IPv4 (RFC 768) and is not allowed over IPv6 (RFC 8200 section 8.1).
    "udp/no-checksum": lambda: pcap([to_server(Udp(40000, 5555, b"date", sum=0)),
                                     up6(Udp(40000, 5555, b"date", sum=0))]),
    # What the kernel leaves for the card to finish: the sum of the pseudo header. First the capture does not say so.
    "udp/offload-checksum": lambda: with_flags((to_server(Udp(40000, 5555, b"date", sum="partial")), 0x002),
                                               (to_server(Udp(40000, 5555, b"date", sum="partial")), 0x202),
                                               (to_server(Udp(40000, 5555, b"date", sum=0xBEEF)), 0x202),
                                               (to_server(Udp(40000, 5555, b"date", sum=0xBEEF)), 0x401)),
    "udp/pseudo-header-sum": lambda: pcap([to_server(Udp(40000, 5555, b"date", sum="partial"))]),
    # The length contradicts the packet: longer than it, below 8, shorter than what IP says (the rest is padding).
    "udp/bad-length": lambda: pcap([to_server(Udp(40000, 5555, b"date", length=100)),
                                    to_server(Udp(40000, 5555, b"date", length=7)),
                                    to_server(Udp(40000, 5555, b"datexxxx", length=12, sum=0))]),
    "udp/data-on-unknown-port": lambda: pcap([to_server(Udp(40000, 40001, b"\x00\x01\x02\x03")),
                                              to_server(Udp(40000, 40001)),
                                              to_everyone(Udp(68, 67, b"\x01\x01\x06\x00"))]),

    "tcp/handshake": lambda: pcap(session(8080, [(True, b"get\n"), (False, b"val 3 \n")])),
    "tcp/refused": lambda: pcap([to_server(Tcp(40000, 5000, SYN, 1000)),
                                 to_client(Tcp(5000, 40000, RST | ACK, 0, 1001, window=0))]),
    # Every option that has fields, known and unknown, with and without room for it.
    "tcp/options": lambda: pcap([
        to_server(Tcp(40000, 8080, SYN,
                      options=u8(2, 4) + u16(1460) + u8(4, 2, 8, 10) + u32(100, 0) + u8(1, 3, 3, 7))),
        to_client(Tcp(8080, 40000, SYN | ACK, 5000, 1001,
                      options=u8(2, 4) + u16(1460) + u8(3, 3, 200, 34, 10) + b"cookiecc")),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(1, 1, 8, 10) + u32(101, 7))),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(1, 1, 5, 18) + u32(6000, 6100, 6200, 6300))),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(19, 18) + bytes(range(16)))),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(28, 4) + u16(0x800A) + u8(29, 8, 1, 2) + b"mac!")),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(253, 6) + u16(0xF989) + b"xy" + u8(254, 4) + u16(1))),
        to_server(Tcp(40000, 8080, ACK, 1001, 5001, options=u8(30, 4, 0x21, 0) + u8(99, 3, 5, 0))),
    ]),
    "tcp/every-flag": lambda: pcap([to_server(Tcp(40000, 8080, 0x1FF, reserved=5, urgent=1, data=b"!")),
                                    to_server(Tcp(40000, 8080, 0)),
                                    to_server(Tcp(40000, 8080, SYN | ECE | CWR)),
                                    to_server(Tcp(40000, 8080, SYN | AE | ECE | CWR))]),
    # Before the card cuts it into segments: length 0, checksum not computed. With the flag of the capture, and without.
    "tcp/tso-zero-length": lambda: with_flags(
        (to_server(Tcp(40000, 3500, PSH | ACK, 1001, 5001, BIG, sum="partial"), length=0, sum=0), 0xA02),
        (to_server(Tcp(40000, 3500, PSH | ACK, 1001, 5001, BIG, sum="partial"), length=0, sum=0), 0),
        (ether6(ip6(CLIENT6, SERVER6, Tcp(40000, 3500, PSH | ACK, 1001, 5001, BIG, sum="partial"), length=0)),
         0xA02)),
    "tcp/bad-checksum": lambda: pcap([to_server(Tcp(40000, 8080, SYN, sum=0xBEEF)),
                                      to_client(Tcp(8080, 40000, SYN | ACK, sum=0))]),
    "tcp/bad-header-length": lambda: pcap([to_server(Tcp(40000, 8080, SYN, header=4)),
                                           to_server(Tcp(40000, 8080, SYN, header=15))]),
    # An option of length 0, 1, beyond the header, and of a length that its kind cannot have.
    "tcp/bad-options": lambda: pcap([to_server(Tcp(40000, 8080, SYN, options=options)) for options in (
        u8(2, 0, 5, 180), u8(2, 1, 5, 180), u8(2, 40, 5, 180), u8(2, 3, 5, 1), u8(5, 9, 0, 0, 0, 0, 0, 0, 0),
        u8(1, 1, 1, 8))]),
    "tcp/cut-by-snaplen": lambda: pcap([Packet(to_server(Tcp(40000, 3500, PSH | ACK,
                                                             options=u8(1, 1, 8, 10) + u32(1, 2), data=b"hello\n")),
                                               cut=cut) for cut in (70, 66, 60, 50, 40)], snaplen=70),
}

IP = {
    # Record route, timestamp, router alert, source routes, no operation, one that nobody knows.
    "ip/options": lambda: pcap([
        to_server(QUESTION, options=u8(7, 11, 4) + a4(SERVER) + a4("0.0.0.0")),
        to_server(QUESTION, options=u8(68, 12, 5, 0) + u32(1000, 0)),
        to_server(QUESTION, options=u8(148, 4, 0, 0)),
        to_server(QUESTION, options=u8(1, 1, 131, 7, 4) + a4(OTHER), final=OTHER),
        to_server(QUESTION, options=u8(137, 7, 8) + a4(OTHER) + u8(0)),
        to_server(QUESTION, options=u8(1, 30, 3, 9)),
        to_server(QUESTION, options=u8(68, 12, 13, 1) + a4(CLIENT) + u32(1000) + u8(136, 4, 0, 7))]),
    "ip/bad-options": lambda: pcap([to_server(QUESTION, options=options) for options in (
        u8(7, 0, 0, 0), u8(7, 1, 0, 0), u8(7, 40, 4, 0))]),
    # A datagram of 28 octets in two parts: only the first one has ports.
    "ip/fragments": lambda: pcap([
        to_server(Raw(ip4(CLIENT, SERVER, Udp(40000, 5555, b"x" * 24))[20:36], 17), flags=1),
        to_server(Raw(ip4(CLIENT, SERVER, Udp(40000, 5555, b"x" * 24))[36:], 17), flags=0, offset=16)]),
    # Ethernet's minimum of 60 octets: zeros behind the packet are padding, never data.
    "ip/padding": lambda: pcap([ether(ip4(CLIENT, SERVER, Udp(40000, 5555)), pad=60),
                                ether(ip4(CLIENT, SERVER, Tcp(40000, 8080, SYN)), pad=60),
                                ether(ip4(CLIENT, SERVER, QUESTION), pad=60)]),
    # Total length beyond the packet, and shorter than its own header.
    "ip/bad-length": lambda: pcap([to_server(QUESTION, length=100), to_server(QUESTION, length=19),
                                   to_server(QUESTION, length=20)]),
    "ip/bad-header": lambda: pcap([to_server(QUESTION, header=4), to_server(QUESTION, header=15),
                                   to_server(QUESTION, version=5)]),
    "ip/bad-checksum": lambda: pcap([to_server(QUESTION, sum=0xBEEF)]),
    "ip/service-and-flags": lambda: pcap([to_server(QUESTION, tos=0xB8 | 3, flags=4),
                                          to_server(QUESTION, tos=1, flags=0, ttl=1, ident=0)]),
    # A packet in a packet, and protocols that nobody here decodes.
    "ip/tunnel-and-unknown": lambda: pcap([to_server(Raw(ip4("192.0.2.1", "192.0.2.2", QUESTION), 4)),
                                           to_server(Raw(ip6(CLIENT6, SERVER6, QUESTION), 41)),
                                           to_server(Raw(b"\x00\x00\x08\x00data", 47)),
                                           to_server(Raw(b"what is this", 253))]),
    "ip/cut-by-snaplen": lambda: pcap([Packet(to_server(QUESTION, options=u8(148, 4, 0, 0)), cut=cut)
                                       for cut in (36, 33, 24, 15, 14)], snaplen=36),

    "ipv6/echo-and-udp": lambda: pcap([up6(Icmp6(128, 0, u16(7, 1) + b"ping"), traffic=0xB8 | 1, flow=0x12345),
                                       up6(QUESTION),
                                       up6(Tcp(40000, 8080, SYN))]),
    # Options that nobody meets in a lab: quick start, path MTU, RPL, home address, one octet of padding.
    "ipv6/rare-options": lambda: pcap([
        up6(options6(0, u8(0x26, 6, 0x10, 9) + u32(7) + u8(0x30, 4) + u16(1400, 1401), QUESTION)),
        up6(options6(0, u8(0, 0x63, 4, 0x80, 0, 1, 2, 0, 0x3E, 1, 9), QUESTION)),
        ether6(ip6(CLIENT6, SERVER6, options6(60, u8(1, 2, 0, 0, 0xC9, 16) + a6("fd00::77"), QUESTION),
                   home="fd00::77"))]),
    # Types that routers no longer follow, and segment routing with an option of its own.
    "ipv6/rare-routing": lambda: pcap([
        up6(routing(0, 0, u32(0) + a6(SERVER6), QUESTION)), up6(routing(3, 0, u32(0) + a6(SERVER6), QUESTION)),
        up6(routing(4, 1, u8(0, 0, 0, 7) + a6("fd00::99") + u8(5, 6) + b"hmac:)", QUESTION), final="fd00::99"),
        up6(routing(77, 0, u32(7), QUESTION))]),
    # Hop-by-hop, destination options, routing and fragment headers in their recommended order.
    "ipv6/extension-headers": lambda: pcap([
        up6(options6(0, u8(5, 2, 0, 0), QUESTION)), up6(options6(60, u8(4, 1, 3, 0xC3, 2, 1, 2), QUESTION)),
        up6(routing(2, 1, u32(0) + a6("fd00::99"), QUESTION), final="fd00::99"),
        up6(options6(0, u8(1, 0), routing(4, 0, u8(0, 0, 0, 7) + a6(SERVER6), fragment6(0, 0, 99, QUESTION)))),
        up6(Extension(51, u8(4) + u16(0) + u32(0x100, 1) + b"123456789012", QUESTION)),
        up6(Raw(u32(0x100, 1) + b"secret octets", 50)),
        up6(Raw(b"", 59)), up6(Raw(b"ignored", 59))]),
    "ipv6/fragments": lambda: pcap([
        up6(fragment6(0, 1, 99, Raw(ip6(CLIENT6, SERVER6, Udp(40000, 5555, b"x" * 24))[40:56], 17))),
        up6(fragment6(16, 0, 99, Raw(ip6(CLIENT6, SERVER6, Udp(40000, 5555, b"x" * 24))[56:], 17)))]),
    # RFC 2675: the length of a jumbogram stands in an option; here the option lies about a small packet.
    "ipv6/jumbo": lambda: pcap([up6(options6(0, u8(0xC2, 4) + u32(20), Udp(40000, 5555, b"date")), length=0),
                                up6(options6(0, u8(0xC2, 4) + u32(100000), Udp(40000, 5555, b"date")), length=0),
                                Packet(up6(options6(0, u8(0xC2, 4) + u32(100000),
                                                    Udp(40000, 3500, b"x" * 50, length=0)), length=0),
                                       wire=14 + 40 + 100000)]),
    "ipv6/bad-length": lambda: pcap([up6(QUESTION, length=100), up6(QUESTION, length=4),
                                     up6(options6(0, u8(5, 40, 0, 0), QUESTION))]),
    "ipv6/cut-by-snaplen": lambda: pcap([Packet(up6(options6(0, u8(5, 2, 0, 0), QUESTION)), cut=cut)
                                         for cut in (63, 60, 56, 40, 20)], snaplen=63),
}

ICMP = {
    "icmp/echo": lambda: pcap([to_server(Icmp(8, 0, u16(77, 1) + b"abcdefgh")),
                               to_client(Icmp(0, 0, u16(77, 1) + b"abcdefgh")),
                               to_server(Icmp(8, 0, u16(77, 2) + b"abcdefgh", sum=0xBEEF))]),
    # Nobody listens on the port: the date request comes back in an error.
    "icmp/port-unreachable": lambda: pcap([to_server(QUESTION), error(3, 3, u32(0) + ip4(CLIENT, SERVER, QUESTION))]),
    # Eight octets are all that a router must quote: lengths beyond it are not malformed.
    "icmp/short-quotation": lambda: pcap([error(3, 1, u32(0) + quoted()),
                                          error(3, 13, u32(0) + ip4(CLIENT, SERVER, Tcp(40000, 8080, SYN))[:28]),
                                          error(3, 0, u32(0) + quoted(20)), error(3, 2, u32(0) + quoted(10)),
                                          error(3, 15, u32(0))]),
    # A traceroute's first hop.
    "icmp/time-exceeded": lambda: pcap([ether(ip4(CLIENT, SERVER, Udp(40000, 33434), ttl=1)),
                                        ether_back(ip4("10.0.0.254", CLIENT,
                                                       Icmp(11, 0,
                                                            u32(0) + ip4(CLIENT, SERVER, Udp(40000, 33434), ttl=1)))),
                                        ether_back(ip4("10.0.0.254", CLIENT,
                                                       Icmp(11, 1, u32(0) + quoted(flags=1))))]),
    # RFC 4884 and 4950: the label stack behind a quotation of 128 octets, and an object of another class.
    "icmp/mpls-extension": lambda: pcap([error(11, 0, u8(0, 32, 0, 0) + quoted().ljust(128, b"\0") +
                                               extension(((1, 1), u32(16000 << 12 | 3 << 9 | 1 << 8 | 63)),
                                                         ((2, 2), b"\x08eth0\0\0\0")))]),
    "icmp/interface-information": lambda: pcap([
        extended(extension(CAME_IN, GOING_OUT)),
        # A part of the one it came in by, and the next hop; an address of a family that nobody knows.
        extended(extension(((2, 0x48), u32(12)), ((2, 0xC1), u32(9000)),
                           ((2, 0x34), u16(6, 0) + mac(SERVER_MAC) + b"\0\0")))]),
    # From before RFC 4884: behind 128 octets, and only the checksum tells that it is no part of what is quoted.
    "icmp/old-extension": lambda: pcap([extended(LABEL, 0), extended(put16(LABEL, 2, 0xBEEF), 0),
                                        extended(put16(LABEL, 2, 0), 0)]),
    "icmp/bad-extension": lambda: pcap(
        [extended(lying(length)) for length in (0, 3, 65535)] +
        # Checksums: wrong, and none. A version that nobody knows.
        [extended(put16(LABEL, 2, 0xBEEF)), extended(put16(LABEL, 2, 0)), extended(sealed(LABEL[4:], 0x3000))] +
        # A stack that ends within a label. A name shorter and longer than it says; less than is announced.
        [extended(extension(((1, 1), b"\0\0\x10"))),
         extended(extension(((2, 0x03), u8(0) + b"eth0\0\0\0" + u32(1500)))),
         extended(extension(((2, 0x02), u8(16) + b"eth0\0\0\0"))), extended(extension(((2, 0x09), u32(7)))),
         extended(extension(((2, 0x0C), u32(7) + u16(2, 0) + b"short"))),
         extended(extension(CAME_IN, ((1, 1), u32(0x103F)))[:-2]), extended(b"\x20\0"),
         Packet(extended(extension(CAME_IN)), cut=200), Packet(extended(extension(CAME_IN)), cut=160)]),
    "icmp/other-errors": lambda: pcap([error(3, 4, u16(0, 1400) + quoted()), error(4, 0, u32(0) + quoted()),
                                       error(5, 1, a4("10.0.0.254") + quoted()),
                                       error(12, 0, u8(20, 0, 0, 0) + quoted()),
                                       error(12, 1, u32(0) + quoted())]),
    "icmp/questions": lambda: pcap([to_server(Icmp(13, 0, u16(7, 1) + u32(43200000, 0, 0))),
                                    to_client(Icmp(14, 0, u16(7, 1) + u32(43200000, 43200001, 43200001))),
                                    to_server(Icmp(17, 0, u16(7, 1) + u32(0))),
                                    to_client(Icmp(18, 0, u16(7, 1) + a4("255.255.255.0"))),
                                    to_server(Icmp(15, 0, u16(7, 1))), to_server(Icmp(10, 0, u32(0))),
                                    to_client(Icmp(9, 0, ROUTERS))]),
    # RFC 8335: asks a host about one of its interfaces.
    "icmp/extended-echo": lambda: pcap([to_server(Icmp(42, 0, u16(7) + u8(1, 1) + extension(((3, 1), b"eth0")))),
                                        to_client(Icmp(43, 0, u16(7) + u8(1, 0x47)))]),
    "icmp/unknown-type": lambda: pcap([to_server(Icmp(200, 9, b"abcdefgh")),
                                       Packet(to_server(Icmp(8, 0, u16(7, 1))), cut=37),
                                       Packet(to_server(Icmp(3, 3, u32(0) + quoted())), cut=60)]),

    # Routers and neighbours with every option that there is, and one that there is not.
    "icmpv6/neighbour-discovery": lambda: pcap([
        local6(Icmp6(133, 0, u32(0) + tlv(1, mac(CLIENT_MAC))), dst="ff02::2"),
        local6(Icmp6(134, 0, u8(64, 0xC8) + u16(1800) + u32(30000, 1000) + ROUTER_OPTIONS), "fe80::1"),
        local6(Icmp6(135, 0, u32(0) + a6(SERVER6) + tlv(1, mac(CLIENT_MAC)) + tlv(14, b"nonce!")), CLIENT6,
               "ff02::1:ff00:1"),
        back6(Icmp6(136, 0, u32(0xE0000000) + a6(SERVER6) + tlv(2, mac(SERVER_MAC)))),
        local6(Icmp6(135, 0, u32(0) + a6("fe80::2")), "::", "ff02::1:ff00:2"),
        back6(Icmp6(137, 0, u32(0) + a6("fe80::9") + a6("fd00::7") + tlv(2, mac(SERVER_MAC)) + REDIRECTED)),
        local6(Icmp6(135, 0, u32(0) + a6(SERVER6) + tlv(200, b"???"))),
        back6(Icmp6(137, 0, u32(0) + a6("fe80::9") + a6("fd00::7") + REDIRECTED + tlv(2, mac(SERVER_MAC))))]),
    # An option of length 0 must not be looked for again and again.
    "icmpv6/bad-options": lambda: pcap([local6(Icmp6(135, 0, u32(0) + a6(SERVER6) + u8(1, 0) + mac(CLIENT_MAC))),
                                        local6(Icmp6(135, 0, u32(0) + a6(SERVER6) + u8(1, 9) + mac(CLIENT_MAC)))]),
    "icmpv6/echo": lambda: pcap([up6(Icmp6(128, 0, u16(77, 1) + b"abcdefgh")),
                                 back6(Icmp6(129, 0, u16(77, 1) + b"abcdefgh")),
                                 up6(Icmp6(128, 0, u16(77, 2), sum=0xBEEF)), up6(Icmp6(200, 1, b"abcd"))]),
    "icmpv6/errors": lambda: pcap([up6(Icmp6(1, 4, u32(0) + quoted6())), up6(Icmp6(2, 0, u32(1280) + quoted6())),
                                   up6(Icmp6(3, 0, u32(0) + quoted6())),
                                   up6(Icmp6(4, 1, u32(40) + quoted6(44))),
                                   up6(Icmp6(1, 4, u8(8, 0, 0, 0) + quoted6(52).ljust(64, b"\0") + LABEL))]),
    # Multicast listeners, version 1 and 2.
    # The same extensions as in IPv4; the length counts words of 8 octets.
    "icmpv6/extension": lambda: pcap([
        extended6(extension(((1, 1), u32(16000 << 12 | 63, 5 << 12 | 0x101)), CAME_IN, GOING_OUT)),
        extended6(LABEL, 0), extended6(put16(LABEL, 2, 0xBEEF)), extended6(lying(3))]),
    "icmpv6/listeners": lambda: pcap([local6(options6(0, u8(5, 2, 0, 0), Icmp6(*message)), hops=1) for message in (
        (130, 0, u16(1000, 0) + a6("::")), (131, 0, u32(0) + a6("ff02::123")), (132, 0, u32(0) + a6("ff02::123")),
        (130, 0, u16(1000, 0) + a6("ff02::123") + u8(0x0A, 125) + u16(1) + a6(CLIENT6)),
        (143, 0, u16(0, 3) + record(4, a6("ff02::123"), []) + record(1, a6("ff02::124"), [a6(CLIENT6)]) +
         u8(6, 1) + u16(0) + a6("ff02::125") + b"aux!"))]),

    "igmp/v2-join": lambda: pcap([group(Igmp(0x11, 100, a4("0.0.0.0")), "224.0.0.1"),
                                  group(Igmp(0x16, 0, a4("239.1.2.3"))),
                                  group(Igmp(0x17, 0, a4("239.1.2.3")), "224.0.0.2"),
                                  group(Igmp(0x16, 0, a4("239.1.2.3"), sum=0xBEEF))]),
    "igmp/v1-report": lambda: pcap([group(Igmp(0x11, 0, a4("0.0.0.0")), "224.0.0.1"),
                                    group(Igmp(0x12, 0, a4("239.1.2.3")))]),
    "igmp/v3-report": lambda: pcap([
        group(Igmp(0x11, 100, a4("239.1.2.3") + u8(0x0A, 125) + u16(1) + a4(SERVER)), "224.0.0.1"),
        group(Igmp(0x22, 0, u16(0, 3) + RECORDS), "224.0.0.22"),
        group(Igmp(0x22, 0, u16(0, 2) + record(4, a4("239.1.2.3"), [])), "224.0.0.22"),
        group(Igmp(0x99, 0, a4("0.0.0.0")))]),
}
