# SPDX-License-Identifier: BSD-2-Clause
"""Why sonde and tshark 4.0 choose different packets. filters.txt says for each filter which reasons it meets."""
import collections

# Captures that cannot be compared -> why.
LEFT_OUT = {
    "pcapng/all-blocks.pcapng": "tshark numbers custom blocks as if they were packets",
}

# Listeners are not told of packets whose quotation breaks off; these are not compared.
NOT_HEARD = {("icmp/unknown-type.pcap", 3), ("extract_read2_asan.pcap", 1)}


class Reason(collections.namedtuple("Reason", "text filter captures")):
    """Holds for packets that a filter of tshark's chooses, or that are listed; without both for all."""

    @property
    def everywhere(self):
        return not self.filter and not self.captures

    def lists(self, capture, packet):
        return packet in self.captures.get(capture, ())


def reason(text, filter_=None, **more):
    return Reason(text, filter_, more.get("captures", {}))


REASONS = {
    # -------------------------------------------------------------------------------------- what is decoded at all
    "inside": reason(
        "what is inside this link layer or tunnel is not decoded by sonde",
        'frame.protocols matches "(arcnet|atm|cmd|geneve|infiniband|ipoib|juniper|macsec|nsh|pim|pktap|sflow|'
        'udpencap|vxlan|wlan|wpan)"',
        captures={"wccp_redirect_gre.pcap": {1}, "DTP.pcap": {2, 4, 6, 8, 10}}),
    "cut": reason(
        "the packet is cut or contradicts itself: tshark stops there or leaves the whole layer out, sonde tells what "
        "can be read",
        "_ws.malformed || _ws.short || frame.cap_len < frame.len",
        captures={"icmpv6/errors.pcap": {4}}),
    "fragment": reason(
        "sonde decodes the ports in the first fragment; tshark decodes whole datagrams only, in the last fragment",
        "ip.flags.mf == 1 || ip.frag_offset > 0 || ipv6.fraghdr"),
    "lengths": reason(
        "a version or length that cannot be: sonde shows the header, tshark leaves the rest of it out",
        captures={"ip/bad-header.pcap": {2, 3}, "ip/bad-length.pcap": {2}, "ipv4_invalid_total_length_2.pcap": {1}}),
    "broken-options": reason(
        "options with a wrong length: sonde names their kind and believes nothing behind them",
        captures={"ip/bad-options.pcap": {1, 2, 3}, "tcp/bad-options.pcap": {1, 2, 3},
                  "tcp/bad-header-length.pcap": {1}}),
    "frame-relay": reason(
        "bridged frames, and addresses that are not two octets long, are not decoded by sonde in Frame Relay", "fr"),
    "guess": reason(
        "what follows is not what the number before it says: one of the two decodes it all the same",
        captures={"kday1.pcap": {1}, "kday3.pcap": {2}, "sll/tunnels.pcap": {3}, "gre/versions.pcap": {2, 3},
                  "erspan/types.pcap": {4}, "null/families.pcap": {3}}),
    # -------------------------------------------------------------------------------------- fields
    "lab": reason(
        "what the lab's programs say is a protocol to sonde and data, or nothing, to tshark; of others it is the other "
        "way round",
        "udp || icmp"),
    "protocol-names": reason("tshark's frame.protocols has the word 'ethertype' between Ethernet and what follows"),
    "offloaded": reason(
        "the length in the header is 0, for the network card to fill in: sonde shows the 0, tshark what it presumes",
        captures={"tcp/tso-zero-length.pcapng": {1, 2}, "bigtcp-ipv4.pcap": {1}, "icmp-length-zero.pcapng": {1},
                  "ipv4_tcp_http_xml_tso.pcap": {1}}),
    "one-header": reason(
        "a stack of labels is one layer to tshark, to sonde each label is one",
        "mpls"),
    "reset-cause": reason("data of a reset is tcp.reset_cause to tshark alone", "tcp.reset_cause"),
    "padding": reason(
        "behind the end of the options tshark takes each octet for one more end",
        "tcp.option_kind == 0"),
    "old-extension": reason(
        "where the header tells of no ICMP extension (RFC 4884), sonde believes its checksum, in IPv4 and in IPv6; "
        "tshark takes whatever is behind 128 octets for one, and only in IPv4",
        "icmp.ext || icmpv6.type in {1, 3}"),
    "routed": reason(
        "with a source route tshark shows the last address of the route as ip.dst, sonde the one in the header",
        "ip.opt.type in {131, 137}"),
    "dvmrp": reason("IGMP of these types is shown by tshark as DVMRP or PIM instead", "dvmrp || pim"),
    "no-times": reason("tshark tells no times of datagrams without data", "udp && !udp.time_relative"),
    "ahead": reason(
        "known from later packets: sonde reads the file twice for it, tshark only with -2",
        "ip.flags.mf == 1"),
    "numbers": reason(
        "conversations that only one of them sees shift the numbers of those behind them",
        "udp.stream || tcp.stream"),
    # -------------------------------------------------------------------------------------- times
    "far-apart": reason(
        "tshark compares times by the 32 low bits of their difference: what is 68 years apart is taken for earlier",
        captures={"time_2039.pcap": {1}, "time_2106_max.pcap": {1}, "time_2107.pcapng": {1},
                  "bgp_vpn_rt-oobr.pcap": {19, 20}, "olsr-oobr-2.pcap": {1, 2}}),
    "timeless": reason(
        "the packet before it has no time: for tshark that is 1970, sonde goes back to the last one that has a time",
        captures={"pcapng/nanoseconds.pcapng": {1}}),
    "carried": reason(
        "the time has more microseconds than a second: sonde carries them over",
        captures={"timestamp_invalid_micro.pcap": {1}}),
    # -------------------------------------------------------------------------------------- the language
    "beyond": reason("a slice of a protocol reaches into what it carries; in tshark it ends with the header"),
    "each": reason("sonde asks each value whether it is in the set; tshark 4.0 whether all are the same member of it"),
    "protocol-ff": reason("ff is the name of a protocol to tshark, where 0xff or ff: would be octets"),
}
