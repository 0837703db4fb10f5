# SPDX-License-Identifier: BSD-2-Clause
"""The sockets of a machine as ss(8), /proc/net and sonde tell them, all in one form: a dict for each socket, by a key."""
import ipaddress
import json
import re
import socket
import struct

STATES = ["", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN", "CLOSE-WAIT",
          "LAST-ACK", "LISTEN", "CLOSING", "SYN-RECV"]
MEMORY = {"r": "receive", "rb": "receive_most", "t": "send", "tb": "send_most", "f": "forward", "w": "queued",
          "o": "option", "bl": "backlog", "d": "drops"}
# What ss says in one word a number: its name in struct tcp_info, and how many of those are one of ss.
INFO = {"rto": ("rto", 1000), "ato": ("ato", 1000), "mss": ("snd_mss", 1), "pmtu": ("pmtu", 1), "rcvmss": ("rcv_mss", 1),
        "advmss": ("advmss", 1), "cwnd": ("snd_cwnd", 1), "ssthresh": ("snd_ssthresh", 1), "backoff": ("backoff", 1),
        "bytes_sent": ("bytes_sent", 1), "bytes_retrans": ("bytes_retrans", 1), "bytes_acked": ("bytes_acked", 1),
        "bytes_received": ("bytes_received", 1), "segs_out": ("segs_out", 1), "segs_in": ("segs_in", 1),
        "data_segs_out": ("data_segs_out", 1), "data_segs_in": ("data_segs_in", 1), "lastsnd": ("last_data_sent", 1),
        "lastrcv": ("last_data_recv", 1), "lastack": ("last_ack_recv", 1), "delivered": ("delivered", 1),
        "unacked": ("unacked", 1), "lost": ("lost", 1), "sacked": ("sacked", 1), "rcv_space": ("rcv_space", 1),
        "rcv_ssthresh": ("rcv_ssthresh", 1), "notsent": ("notsent_bytes", 1), "minrtt": ("min_rtt", 1000),
        "snd_wnd": ("snd_wnd", 1), "busy": ("busy_time", 1000), "rcv_rtt": ("rcv_rtt", 1000)}
# These are left out by ss when they are 0.
ABSENT = ["bytes_sent", "bytes_retrans", "bytes_acked", "bytes_received", "segs_out", "segs_in", "data_segs_out",
          "data_segs_in", "unacked", "lost", "notsent_bytes", "rcv_space", "backoff"]


def host(text):
    """IPv4 in IPv6 is IPv4, without brackets and interface."""
    address = ipaddress.ip_address(text.strip("[]").split("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address)


def end(text, wildcard):
    """(host, port) of "HOST:PORT"; a wildcard's host is 0.0.0.0 or ::."""
    where, port = text.rsplit(":", 1)
    where = where.split("%")[0]
    return (wildcard if where == "*" else host(where)), (0 if port == "*" else int(port))


def remote(found):
    return None if found[1] == 0 and ipaddress.ip_address(found[0]).is_unspecified else found


def key(row):
    """What tells a socket from all others: the cookie, the inode, or, as ss has neither of raw ones, its descriptors."""
    if row["kind"] in ("tcp", "udp"):
        return row["kind"], row["cookie"]
    return row["kind"], row["inode"] if row["kind"] != "raw" else frozenset(row["process"])


# ----------------------------------------------------------------------------------------------- ss

NETIDS = {"tcp": "tcp", "udp": "udp", "raw": "raw", "p_raw": "packet", "p_dgr": "packet",
          "u_str": "unix", "u_dgr": "unix", "u_seq": "unix"}
TYPES = {"p_raw": "raw", "p_dgr": "dgram", "u_str": "stream", "u_dgr": "dgram", "u_seq": "seqpacket"}


def milliseconds(text):
    """(at least, less than) of what ss makes of a number of milliseconds: 119min, 1min59sec, 59sec, 1.204ms."""
    minutes, seconds, rest = (int(part or 0) for part in
                              re.fullmatch(r"(?:(\d+)min)?(?:(\d+)(?:sec|\.))?(?:(\d+)ms)?", text).groups())
    step = 1 if rest else 60000 if minutes > 9 else 1000 if seconds > 9 or minutes else 1
    low = minutes * 60000 + seconds * 1000 + rest
    return low, low + step


def ss_timer(rest):
    found = re.search(r"timer:\((\w+),(\w[\w.]*|),(\d+)\)", rest)
    if not found:
        return None
    return {"name": found[1], "expires": milliseconds(found[2]), "retransmits": int(found[3])}


def ss_info(rest, congestions):
    words = rest.split()
    if "cwnd" not in rest:
        return None
    info = {}
    for word in words:
        name, _, value = word.partition(":")
        if name in INFO and re.fullmatch(r"[\d.e+]+(ms)?", value):
            member, scale = INFO[name]
            info[member] = float(value.removesuffix("ms")) * scale
    rtt = re.search(r" rtt:([\d.e+-]+)/([\d.e+-]+)", rest)
    scales = re.search(r" wscale:(\d+),(\d+)", rest)
    retrans = re.search(r" retrans:(\d+)/(\d+)", rest)
    for found, members, scale in ((rtt, ("rtt", "rttvar"), 1000), (scales, ("snd_wscale", "rcv_wscale"), 1),
                                  (retrans, ("retrans", "total_retrans"), 1)):
        if found:
            info.update(zip(members, (float(part) * scale for part in found.groups())))
    info["congestion"] = next((word for word in words if word in congestions), None)
    return info


def ss_extended(row, rest):
    for name, pattern, base in (("inode", r" ino:(\d+)", 10), ("cookie", r" sk:([0-9a-f]+)", 16),
                                ("mark", r" fwmark:0x([0-9a-f]+)", 16), ("uid", r" uid:(\d+)", 10),
                                ("v6only", r" v6only:(\d)", 10)):
        found = re.search(pattern, rest)
        row[name] = int(found[1], base) if found else row.get(name)


def ss_ends(row, local, peer):
    six = "[" in local or local.startswith("*")
    wildcard = "::" if six else "0.0.0.0"
    where, port = end(local, wildcard)
    row["family"] = "IPv6" if six else "IPv4"
    row["dev"] = local.rsplit(":", 1)[0].partition("%")[2] or None
    row["remote"] = remote(end(peer, wildcard))
    row["protocol"], row["local"] = (port, (where, 0)) if row["kind"] == "raw" else (None, (where, port))


def ss_row(line, congestions):
    netid, state, received, sent, rest = line.split(None, 4)
    row = {"kind": NETIDS[netid], "type": TYPES.get(netid), "state": state, "recv_q": int(received), "send_q": int(sent)}
    if row["kind"] == "unix":
        found = re.match(r"(.*?) (\d+) +(\S+) (\d+) ", rest + " ")
        row.update(name=None if found[1] == "*" else found[1], inode=int(found[2]), peer_inode=int(found[4]))
    elif row["kind"] == "packet":
        protocol, row["dev"] = re.match(r"\[?(\d+|\*)\]?:(\S+)", rest).groups()
        row["protocol"] = 3 if protocol == "*" else int(protocol)
        row["dev"] = None if row["dev"] == "*" else row["dev"]
    else:
        local, peer, *_ = rest.split(None, 2)
        ss_ends(row, local, peer)
    row["process"] = sorted((name, int(pid), int(fd)) for name, pid, fd in
                            re.findall(r'\("([^"]*)",pid=(\d+),fd=(\d+)\)', rest))
    row["timer"] = ss_timer(rest)
    if row["kind"] != "unix":
        ss_extended(row, rest)
    memory = re.search(r"skmem:\(([^)]*)\)", rest)
    row["memory"] = memory and {MEMORY[name]: int(value) for name, value in
                                re.findall(r"([a-z]+)(\d+)", memory[1])}
    row["info"] = ss_info(rest, congestions) if row["kind"] == "tcp" else None
    return row


def ss(text, congestions):
    rows = [ss_row(line, congestions) for line in text.splitlines() if line.strip()]
    return {key(row): row for row in rows}


# ----------------------------------------------------------------------------------------------- sonde

def ours_row(said):
    row = {"kind": said["kind"], "type": said["type"], "state": said["state"], "recv_q": said["recv_q"],
           "send_q": said["send_q"], "family": said["family"], "inode": said["inode"], "cookie": said.get("cookie"),
           "uid": said.get("uid"), "dev": said.get("dev"), "mark": said.get("mark"), "protocol": said.get("protocol"),
           "peer_inode": said.get("peer_inode", 0), "memory": said.get("memory"), "info": said.get("tcp_info"),
           "v6only": said.get("v6only"), "source": said["source"],
           "process": sorted((one["name"], one["pid"], one["fd"]) for one in said.get("process", []))}
    if row["kind"] == "unix":
        row["name"] = said.get("local")
    elif row["kind"] != "packet":
        read = (lambda text: (host(text), 0)) if row["kind"] == "raw" else (lambda text: end(text, None))
        row["local"], row["remote"] = (read(said[side]) if side in said else None for side in ("local", "remote"))
    timer = said.get("timer")
    row["timer"] = timer and {"name": timer["name"], "retransmits": timer["retransmits"],
                              "expires": round(float(timer["expires"]) * 1000)}
    return row


def ours(text):
    rows = [ours_row(json.loads(line)) for line in text.splitlines()]
    return {key(row): row for row in rows}


# ----------------------------------------------------------------------------------------------- /proc/net

TIMERS = [None, "on", "keepalive", "timewait", "persist"]


def proc_address(text):
    digits, port = text.split(":")
    octets = b"".join(struct.pack("=I", int(digits[i:i + 8], 16)) for i in range(0, len(digits), 8))
    family = socket.AF_INET if len(octets) == 4 else socket.AF_INET6
    return host(socket.inet_ntop(family, octets)), int(port, 16)


def proc_ip(kind, line):
    words = line.split()
    sent, received = (int(part, 16) for part in words[4].split(":"))
    timer, ticks = (int(part, 16) for part in words[5].split(":"))
    local, peer = proc_address(words[1]), remote(proc_address(words[2]))
    row = {"kind": kind, "family": "IPv4" if len(words[1]) < 20 else "IPv6", "state": STATES[int(words[3], 16)],
           "recv_q": received, "send_q": sent, "uid": int(words[7]), "inode": int(words[9]), "local": local,
           "remote": peer, "timer": TIMERS[timer] and {"name": TIMERS[timer], "expires": (ticks * 10 - 10, ticks * 10 + 10),
                                                       "retransmits": int(words[6] if timer == 1 else words[8], 16)}}
    if kind == "raw":
        row.update(protocol=local[1], local=(local[0], 0))
    return row


def proc_packet(_, line):
    words = line.split()
    return {"kind": "packet", "type": {3: "raw", 2: "dgram"}[int(words[2])], "protocol": int(words[3], 16),
            "recv_q": int(words[6]), "uid": int(words[7]), "inode": int(words[8]), "state": "UNCONN"}


def proc_unix(_, line):
    found = re.match(r"\S+: \S+ \S+ (\S+) (\S+) (\S+) +(\d+)(?: (.*))?", line)
    listens = int(found[1], 16) & 0x10000
    return {"kind": "unix", "type": {1: "stream", 2: "dgram", 5: "seqpacket"}[int(found[2], 16)],
            "state": "LISTEN" if listens else "ESTAB" if int(found[3], 16) in (2, 3) else "UNCONN",
            "inode": int(found[4]), "name": found[5] or None}


FILES = {"tcp": ("tcp", proc_ip), "tcp6": ("tcp", proc_ip), "udp": ("udp", proc_ip), "udp6": ("udp", proc_ip),
         "raw": ("raw", proc_ip), "raw6": ("raw", proc_ip), "packet": ("packet", proc_packet), "unix": ("unix", proc_unix)}


def proc_key(row):
    """There are no cookies: the inode, or the ends of what has none."""
    return row["kind"], row["inode"] or (row["local"], row["remote"])


def proc():
    """To be called on the host. A socket of unix that waits for accept() is here without inode, elsewhere not at all."""
    rows = []
    for name, (kind, read) in FILES.items():
        with open(f"/proc/thread-self/net/{name}", encoding="utf-8") as file:
            rows += [read(kind, line) for line in file.readlines()[1:]]
    return {proc_key(row): row for row in rows if row["inode"] or row["kind"] != "unix"}
