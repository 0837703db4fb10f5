# SPDX-License-Identifier: BSD-2-Clause
"""Where sonde and tshark 4.0 differ about conversations, and why. Everything here must occur: see the script tcp."""
import fnmatch


def transports(row):
    return sum(name in ("udp", "tcp") for name in row["frame.protocols"].split(":"))


def quoted(field, tshark, sonde):
    before = tshark["frame.protocols"].split("udp")[0].split("tcp")[0]
    return "icmp" in before


def tunnel(field, tshark, sonde):
    return transports(tshark) > 1


def no_transport(field, tshark, sonde):
    return not tshark["udp.stream"] and not tshark["tcp.stream"]


def no_times(field, tshark, sonde):
    return field.startswith("udp.time_") and not tshark[field]


def broken_off(field, tshark, sonde):
    return field.startswith("tcp.") and not tshark[field] and not tshark["tcp.time_relative"]


# (name, reason, where it holds)
RULES = [
    ("quoted", "tshark follows the packet that an ICMP error quotes as if it had been sent; sonde does not", quoted),
    ("tunnel", "tshark knows tunnels over UDP that sonde does not; it says both conversations of such a packet", tunnel),
    ("no transport", "tshark shows no ports in fragments, nor behind what is cut or malformed", no_transport),
    ("no times", "tshark computes no times for datagrams without data", no_times),
    ("broken off", "tshark stops at the first thing that is cut or malformed in a header", broken_off),
]

TIMES = ["udp.time_relative", "udp.time_delta"]
NUMBERS = ["tcp.seq", "tcp.nxtseq", "tcp.ack", "tcp.window_size", "tcp.window_size_scalefactor", "tcp.completeness"]
REPEATED = ["tcp.analysis.flags", "tcp.analysis.retransmission", "tcp.analysis.rto", "tcp.analysis.rto_frame"]

ROUTED = "tshark takes the end of the source route, or the home address, as the other end of the conversation"
NOT_WHOLE = "sonde judges whole headers only"
FRAGMENT = "sonde does not judge a segment of which a fragment alone is there; tshark shows its numbers as they came"

# Pattern for captures (below their folder): [(fields, packets, reason)]; None: any packets, but some.
DIFFERENCES = {
    "fr/packets.pcap": [
        (["udp.stream"] + TIMES, {2, 3, 4, 5}, "tshark keys conversations behind Frame Relay by its circuit alone"),
    ],
    "ip/bad-options.pcap": [(["udp.stream"] + TIMES, {3}, "sonde reads nothing behind broken options")],
    "ip/options.pcap": [(["udp.stream"] + TIMES, {4, 5}, ROUTED)],
    "ipv6/extension-headers.pcap": [(["udp.stream"] + TIMES, {3, 4}, ROUTED)],
    "ipv6/rare-options.pcap": [(["udp.stream"] + TIMES, {3}, ROUTED)],
    "ipv6/rare-routing.pcap": [(["udp.stream"] + TIMES, {3, 4}, ROUTED)],
    "ipv6/jumbo.pcap": [(TIMES, {2}, "tshark does not know the length of packet 1, and shows no ports")],
    "null/families.pcap": [(TIMES, {4, 5, 6}, "tshark does not know the family of packet 3")],
    "proc/other-layers.pcapng": [(TIMES, {3}, "tshark begins the conversation with what an ICMP error quotes")],
    "udp/bad-length.pcap": [(TIMES, {3}, "tshark does not count a datagram whose length is wrong")],
    "tcp/bad-header-length.pcap": [(NUMBERS + ["tcp.len"], {1, 2}, NOT_WHOLE)],
    "tcp/cut-by-snaplen.pcap": [
        (NUMBERS, {4}, NOT_WHOLE),
        (REPEATED + ["tcp.analysis.bytes_in_flight", "tcp.analysis.push_bytes_sent"], {3},
         "tshark stops at the cut before it tells its analysis"),
    ],
    "tcp/bad-options.pcap": [(REPEATED, {5}, "tshark stops at the options before it tells its analysis")],
    "timestamp_invalid_micro.pcap": [
        (["tcp.time_relative", "tcp.time_delta", "tcp.analysis.initial_rtt", "tcp.analysis.ack_rtt"], {3},
         "the time has more microseconds than a second: sonde carries them over"),
    ],
    "bgp-bgp_capabilities_print-oobr-1.pcap": [(["tcp.seq", "tcp.ack", "tcp.window_size"], {1}, FRAGMENT)],
    "bgp_pmsi_tunnel-oobr.pcap": [
        (["tcp.seq", "tcp.ack", "tcp.window_size", "tcp.window_size_scalefactor"], {1}, FRAGMENT),
    ],
    "ssh.pcap": [
        (["tcp.analysis.bytes_in_flight"], {49}, "tshark takes off what a selective ACK says to have come"),
    ],
}


def rule(field, tshark, sonde):
    """The name of the rule that explains a difference, or None."""
    return next((name for name, _, holds in RULES if holds(field, tshark, sonde)), None)


def listed(name, field, number):
    """(pattern, index) of the entry for the packet, or None."""
    for pattern, entries in DIFFERENCES.items():
        for index, (fields, packets, _) in enumerate(entries):
            if fnmatch.fnmatchcase(name, pattern) and field in fields and (packets is None or number in packets):
                return pattern, index
    return None


def promised(names):
    """Every (pattern, index, packet or None) that must occur in captures of these names."""
    return {(pattern, index, packet) for pattern, entries in DIFFERENCES.items() if fnmatch.filter(names, pattern)
            for index, (_, packets, _) in enumerate(entries) for packet in (packets or {None})}
