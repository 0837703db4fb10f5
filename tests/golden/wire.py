# SPDX-License-Identifier: BSD-2-Clause
"""Packets as octets, built from the inside out: ether(ip4(A, B, Udp(40000, 5555, b"date"))).

A network layer takes what it carries as an object with a protocol number and octets(pseudo), so that checksums over the
pseudo header come out right. Every field has a default; a packet that is wrong says so where it is made.
"""
import socket
import struct


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def a4(text):
    return socket.inet_pton(socket.AF_INET, text)


def a6(text):
    return socket.inet_pton(socket.AF_INET6, text)


SERVER, CLIENT, OTHER = "10.0.0.1", "10.0.0.2", "10.0.0.3"
SERVER6, CLIENT6 = "fd00::1", "fd00::2"
SERVER_MAC, CLIENT_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"


def u8(*values):
    return bytes(values)


def u16(*values):
    return struct.pack(f">{len(values)}H", *values)


def u32(*values):
    return struct.pack(f">{len(values)}I", *values)


def checksum(data):
    """The Internet checksum, RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def put16(data, offset, value):
    return data[:offset] + u16(value) + data[offset + 2:]


# ------------------------------------------------------------------------------------------------ link layers

def ether(payload, type=0x0800, src=CLIENT_MAC, dst=SERVER_MAC, pad=0):
    frame = mac(dst) + mac(src) + u16(type) + payload
    return frame + b"\0" * max(0, pad - len(frame))


def ether_back(payload, type=0x0800):
    return ether(payload, type, SERVER_MAC, CLIENT_MAC)


def ether6(payload, src=CLIENT_MAC, dst=SERVER_MAC):
    return ether(payload, 0x86DD, src, dst)


def everyone(payload, type=0x0800):
    return ether(payload, type, dst=BROADCAST_MAC)


def ieee(payload, length=None, dst="01:80:c2:00:00:00", pad=60):
    """IEEE 802.3: a length where Ethernet II has its type."""
    return ether(payload, len(payload) if length is None else length, dst=dst, pad=pad)


def tag(payload, vlan, type=0x0800, priority=0, dei=0):
    """What stands behind the type 0x8100, 0x88a8 or 0x9100."""
    return u16(priority << 13 | dei << 12 | vlan, type) + payload


def llc(payload, dsap, ssap, control=b"\x03"):
    return u8(dsap, ssap) + control + payload


def snap(payload, type=0x0800, oui=b"\0\0\0"):
    return llc(oui + u16(type) + payload, 0xAA, 0xAA)


def sll(payload, type=0x0800, packet_type=0, hardware=1, address=mac(CLIENT_MAC)):
    return u16(packet_type, hardware, len(address)) + address[:8].ljust(8, b"\0") + u16(type) + payload


def sll2(payload, type=0x0800, packet_type=0, hardware=1, address=mac(CLIENT_MAC), interface=2):
    return u16(type, 0) + u32(interface) + u16(hardware) + u8(packet_type, len(address)) + \
        address[:8].ljust(8, b"\0") + payload


def arp(operation, sender_mac, sender, target_mac, target, hardware=1, protocol=0x0800):
    return u16(hardware, protocol) + u8(len(sender_mac), len(sender)) + u16(operation) + sender_mac + sender + \
        target_mac + target


# ------------------------------------------------------------------------------------------------ network layers

def ip4(src, dst, upper, ident=0x1234, flags=2, offset=0, ttl=64, tos=0, options=b"", length=None, version=4,
        header=None, sum=None, final=None):
    """offset counts octets; length and header override what the octets say; final: the end of a source route."""
    src, dst = a4(src), a4(dst)
    options += b"\0" * (-len(options) % 4)
    size = 20 + len(options)
    payload = upper.octets(src, a4(final) if final else dst)
    head = u8(version << 4 | (size // 4 if header is None else header), tos) + \
        u16(size + len(payload) if length is None else length, ident, flags << 13 | offset // 8) + \
        u8(ttl, upper.protocol) + u16(0) + src + dst + options
    return put16(head, 10, checksum(head) if sum is None else sum) + payload


def ip6(src, dst, upper, next=None, traffic=0, flow=0, hops=64, length=None, final=None, home=None):
    """final and home: the addresses that checksums go by when a routing header or a home address option holds them."""
    src, dst = a6(src), a6(dst)
    payload = upper.octets(a6(home) if home else src, a6(final) if final else dst)
    return u32(6 << 28 | traffic << 20 | flow) + u16(len(payload) if length is None else length) + \
        u8(upper.protocol if next is None else next, hops) + src + dst + payload


class Raw:
    """Octets as they are: fragments, unknown protocols, whole packets in packets."""

    def __init__(self, data, protocol=253):
        self.data, self.protocol = data, protocol

    def octets(self, src, dst):
        return self.data


class Extension:
    """An IPv6 extension header in front of another upper layer."""

    def __init__(self, protocol, body, upper):
        self.protocol, self.body, self.upper = protocol, body, upper

    def octets(self, src, dst):
        return u8(self.upper.protocol) + self.body + self.upper.octets(src, dst)


def options6(protocol, data, upper):
    """Hop-by-hop (0) or destination (60) options, padded to 8 octets with PadN."""
    missing = -(len(data) + 2) % 8
    data += b"" if not missing else b"\0" if missing == 1 else u8(1, missing - 2) + b"\0" * (missing - 2)
    return Extension(protocol, u8(len(data) // 8) + data, upper)


def routing(type, left, data, upper):
    return Extension(43, u8((len(data) + 4) // 8 - 1, type, left) + data, upper)


def fragment6(offset, more, ident, upper):
    return Extension(44, u8(0) + u16(offset | more) + u32(ident), upper)


# ------------------------------------------------------------------------------------------------ above IP

class Transport:
    """Header and data; the checksum stands at `at`. sum: another value, or "partial", as offload leaves it."""
    pseudo = True

    def __init__(self, protocol, data, at, sum=None):
        self.protocol, self.data, self.at, self.sum = protocol, data, at, sum

    def octets(self, src, dst):
        length = len(self.data)
        pseudo = src + dst + (u8(0, self.protocol) + u16(length) if len(src) == 4 else u32(length, self.protocol))
        if self.sum == "partial":
            value = ~checksum(pseudo) & 0xFFFF
        elif self.sum is not None:
            value = self.sum
        else:
            value = checksum((pseudo if self.pseudo else b"") + self.data)
            if self.protocol == 17:
                value = value or 0xFFFF
        return put16(self.data, self.at, value)


class Udp(Transport):
    def __init__(self, source, destination, data=b"", length=None, sum=None):
        length = 8 + len(data) if length is None else length
        super().__init__(17, u16(source, destination, length, 0) + data, 6, sum)


FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = (1 << bit for bit in range(9))


class Tcp(Transport):
    def __init__(self, source, destination, flags, seq=1000, ack=0, data=b"", window=64240, options=b"", header=None,
                 urgent=0, reserved=0, sum=None):
        options += b"\0" * (-len(options) % 4)
        words = 5 + len(options) // 4 if header is None else header
        head = u16(source, destination) + u32(seq, ack) + u16(words << 12 | reserved << 9 | flags, window, 0, urgent)
        super().__init__(6, head + options + data, 16, sum)


class Icmp(Transport):
    pseudo = False

    def __init__(self, type, code=0, rest=b"\0\0\0\0", sum=None):
        super().__init__(1, u8(type, code, 0, 0) + rest, 2, sum)


class Igmp(Transport):
    pseudo = False

    def __init__(self, type, wait, rest, sum=None):
        super().__init__(2, u8(type, wait, 0, 0) + rest, 2, sum)


class Icmp6(Transport):
    def __init__(self, type, code=0, rest=b"\0\0\0\0", sum=None):
        super().__init__(58, u8(type, code, 0, 0) + rest, 2, sum)


def tlv(type, *content):
    """A neighbour discovery option: its length counts 8 octets, itself included."""
    content = b"".join(content)
    content += b"\0" * (-(len(content) + 2) % 8)
    return u8(type, (len(content) + 2) // 8) + content


# ------------------------------------------------------------------------------------------------ pairs of hosts

def to_server(upper, **more):
    return ether(ip4(CLIENT, SERVER, upper, **more))


def to_client(upper, **more):
    return ether_back(ip4(SERVER, CLIENT, upper, **more))


def to_everyone(upper, src=CLIENT, **more):
    return everyone(ip4(src, "255.255.255.255", upper, **more))


def session(port, lines, client_port=40000):
    """A TCP connection: (to the server, data) pairs between a handshake and the close that the client begins."""
    frames, sent = [], {True: 1000, False: 5000}

    def segment(up, flags, data=b""):
        options = u8(2, 4) + u16(1460) if flags & SYN else b""
        ack = sent[not up] if flags & ACK else 0
        ports = (client_port, port) if up else (port, client_port)
        frames.append((to_server if up else to_client)(Tcp(*ports, flags, sent[up], ack, data, options=options)))
        sent[up] += len(data) + bool(flags & (SYN | FIN))

    segment(True, SYN)
    segment(False, SYN | ACK)
    segment(True, ACK)
    for up, data in lines:
        segment(up, PSH | ACK, data)
        segment(not up, ACK)
    segment(True, FIN | ACK)
    segment(False, FIN | ACK)
    segment(True, ACK)
    return frames
