# SPDX-License-Identifier: BSD-2-Clause
"""Routers in a row: all of them answer, some do not, some say no; and what other people's programs find there."""
import json
import os
import signal
import subprocess
import tempfile

import judging
import tap
from judging import METHODS, PATIENT, RIGHTS, Wrong, need, same, trace, whole
from routed import Chain, End, Hop

LENGTHS = (1, 4, 20)
PROHIBITED, END = "!X", "no answer from here on"
# scamper's methods: the checksum of ICMP and the ports are those of one flow.
SCAMPER = {"UDP": "udp-paris", "ICMP": "icmp-paris", "TCP": "tcp"}


# ------------------------------------------------------------------------------------------------ all answer

def straight(net, version, method, user):
    said = trace(net, version, *METHODS[method], *PATIENT, user=user)
    whole(said, net.hops[version])
    same("who is said to have no rights", "without CAP_NET_RAW" in said.errors, user)
    if method == "TCP":
        said.has(f"hop {len(net.hops[version])}: the port is closed")
    else:
        same("notes", said.behind, "")


def beside_traceroute(net, version, method):
    need("traceroute")
    done = net.run("traceroute", f"-{version}", "-n", "-w", 60, *METHODS[method], net.target[version])
    same("traceroute's hops", judging.Said(done).hops, trace(net, version, *METHODS[method], *PATIENT).hops)


def scamper_hops(net, version, method):
    """Now and then it sends no TCP at all, and over a TUN interface never: that says nothing of us."""
    need("scamper")
    words = f"trace -P {SCAMPER[method]} -q 5 -w 10 {net.target[version]}"
    for _ in range(3):
        done = net.run("scamper", "-p", 1000, "-O", "json", "-I", words)
        traces = [entry for entry in map(json.loads, done.stdout.splitlines()) if entry["type"] == "trace"]
        if not traces:
            raise Wrong(f"scamper: {done.stderr.strip() or done.stdout}")
        if traces[0]["probe_count"]:
            return [{hop["addr"]} for hop in traces[0]["hops"]]
    raise tap.Skip(f"scamper sent nothing: {traces[0]['stop_reason']}")


def beside_scamper(net, version, method):
    found = scamper_hops(net, version, method)
    same("scamper's hops", found, trace(net, version, *METHODS[method], *PATIENT).hops)


def numbers(net, version):
    """Options that choose hops and how often they are asked."""
    hops = net.hops[version]
    whole(trace(net, version, "-q", 1, *PATIENT), hops, 1)
    whole(trace(net, version, "-q", 7, "-N", 1, *PATIENT), hops, 7)
    whole(trace(net, version, "-N", 64, *PATIENT), hops)
    said = trace(net, version, "-f", 2, "-m", 3, *PATIENT, status=1)
    same("hops 2 and 3", [(row.ttl, row.addresses) for row in said.rows], [(2, hops[1]), (3, hops[2])])


# ------------------------------------------------------------------------------------------------ counting

COUNTED = {"UDP": "meta l4proto udp", "ICMP": ("icmp type echo-request", "icmpv6 type echo-request"), "TCP":
           "tcp flags & (syn | ack | rst) == syn"}


def counted(net, version, method, work):
    """So many probes leave the source while that is done."""
    what = COUNTED[method]
    what = what[version == 6] if isinstance(what, tuple) else f"meta nfproto ipv{version} {what}"
    net.run("nft", "table inet counting {\ncounter probes { }\nchain output { type filter hook output priority 10;\n"
            + what + " counter name probes\n}\n}")
    try:
        work()
        done = net.run("nft", "-j", "list counters table inet counting")
    finally:
        net.run("nft", "delete table inet counting")
    return next(entry["counter"]["packets"] for entry in json.loads(done.stdout)["nftables"] if "counter" in entry)


def modest(net, version, method):
    """No more probes are sent than traceroute sends."""
    need("nft", "traceroute")
    ours = counted(net, version, method, lambda: trace(net, version, *METHODS[method], *PATIENT))
    theirs = counted(net, version, method, lambda: net.run("traceroute", f"-{version}", "-n", "-w", 60,
                                                           *METHODS[method], net.target[version]))
    least = 3 * len(net.hops[version])
    if not least <= ours <= max(theirs, least):
        raise Wrong(f"{ours} probes; traceroute sent {theirs}; {least} are asked for")


# ------------------------------------------------------------------------------------------------ saving

BAD = ("ip.checksum.status == \"Bad\" || udp.checksum.status == \"Bad\" || tcp.checksum.status == "
       "\"Bad\" || icmp.checksum.status == \"Bad\" || icmpv6.checksum.status == \"Bad\"")


def saved(net, version, method):
    """What -w saves is what --json tells, and is sound."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.pcapng")
        found = judging.events(net, version, *METHODS[method], *PATIENT, "-w", path)
        packets = len(found["probe"]) + len(found["answer"])
        same("probes answered", (len(found["answer"]), len(found["probe"])), (3 * len(net.hops[version]),) * 2)
        same("packets read", len(tap.sonde("read", "-n", path, "-T", "fields", "-e", "frame.number").splitlines()),
             packets)
        same("checksums that are bad", tap.sonde("read", "-n", path, "-Y", BAD), "")
        same("malformed packets", "malformed" in tap.sonde("read", "-n", path), False)
        need("tshark")
        done = subprocess.run(["tshark", "-n", "-r", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        same("packets that tshark reads", len(done.stdout.splitlines()), packets)


def powerless(net, version):
    """When probes are on their way, no right is left, and Ctrl-C ends it."""
    words = net.command([tap.SONDE, "trace", "-n", "--live", "--interval", "20ms", net.target[version]])
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout:
                if net.target[version] in line and "HOST" not in line and "to " not in line:
                    break
            with open(f"/proc/{process.pid}/status", encoding="utf-8") as file:
                status = dict(line.split(":\t") for line in file.read().splitlines() if ":\t" in line)
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            same("status", process.wait(judging.GUARD), 0)
        finally:
            process.kill()
    same("rights", {status[name].strip() for name in status if name.startswith("Cap")}, {"0" * 16})
    same("NoNewPrivs", status["NoNewPrivs"], "1")


# ------------------------------------------------------------------------------------------------ some do not answer

def silent(net, version, method, user):
    said = trace(net, version, *METHODS[method], user=user)
    whole(said, net.hops[version], but=[7])
    said.has("hop 7: silent: passes packets on, does not answer itself")


def limits(net, version, method):
    said = trace(net, version, *METHODS[method], "-q", 10)
    same("hops", said.hops, net.hops[version])
    same("answers of hop 2", (len(said.row(2).times), said.row(2).stars), (5, 5))
    said.has("hop 2: rate limit: passes packets on, does not answer each")
    said.lacks("hop 1:", "hop 3:", "hop 4: r")


def report(net, version, method):
    words = [*METHODS[method], "--report", "--interval", "5ms"]
    said = judging.sonde(net, "trace", "-n", *words, net.target[version]).stdout
    lines = [line.split()[1:4] for line in said.splitlines() if ".|--" in line]
    same("hops, loss, probes", lines, [[max(addresses), "50.0%" if ttl == 2 else "0.0%", "10"]
                                       for ttl, addresses in enumerate(net.hops[version], 1)])
    same("the verdict", "hop 2: rate limit" in said, True)


def kernel_limits(net, version):
    """The kernel's own bucket: a few are let out at once, then one a second."""
    said = trace(net, version, "-q", 20)
    same("hops", said.hops, net.hops[version])
    same("stars at hop 2", said.row(2).stars > 0, True)
    said.has("hop 2: rate limit")


def swallowed(net, version, method, user, last):
    """Nobody answers behind hop `last`."""
    said = trace(net, version, *METHODS[method], "-m", 6, user=user, status=1)
    whole(said, net.hops[version][:last] + [set()] * (6 - last), but=range(last + 1, 7))
    said.has(f"hops {last + 1}-6: {END}")


def refused(net, version, method, user, at, marks):
    """The router at hop 2 says no: in the place of what comes behind it, or of what time exceeded."""
    said = trace(net, version, *METHODS[method], *PATIENT, user=user, status=1)
    mark = marks[version == 6]
    same("hops", said.hops, [*net.hops[version][:at - 1], net.hops[version][1]])
    same("marks", (said.row(at).words.count(mark), said.row(at).stars), (3, 0))
    said.has(f"hop {at}: {mark}: ")


def reached(net, version, words, note, user):
    said = trace(net, version, *words, *PATIENT, user=user)
    whole(said, net.hops[version])
    if note:
        said.has(note)
    else:
        same("notes", said.behind, "")


# ------------------------------------------------------------------------------------------------ stages

def each(title, function, *arguments, methods=METHODS, rights=RIGHTS):
    return [(f"{title}, {method}, {right}", function, method, rights[right], *arguments)
            for method in methods for right in rights]


def beside(n):
    return [(f"{n} hops and {name}, {method}", function, method) for method in METHODS for name, function in (
        ("traceroute", beside_traceroute), ("scamper", beside_scamper), ("no more probes than traceroute's", modest),
        ("saved packets", saved))]


def ends():
    """What the destination does with probes."""
    open_port, closed = "hop 4: the port is open", "hop 4: the port is closed"
    rows = []
    for right, user in RIGHTS.items():
        rows += [(f"a port that listens, {right}", reached, ("-T",), open_port, user),
                 (f"a port that is closed, {right}", reached, ("-T", "-p", 81), closed, user),
                 (f"an echo where UDP is dropped, {right}", reached, ("-I",), "", user)]
    return rows + each("a destination that drops UDP", swallowed, 3, methods=["UDP"])


STAGES = [judging.Stage(lambda n=n: Chain(n), each(f"{n} hops", straight) + beside(n)) for n in LENGTHS] + [
    judging.Stage(lambda: Chain(5), [("hops and probes that are asked for", numbers),
                                     ("no right is left once probes are sent", powerless)]),
    judging.Stage(lambda: Chain(9, {7: Hop(silent=True)}), each("a silent hop", silent), "nft"),
    judging.Stage(lambda: Chain(4, {2: Hop(loses=2)}), [
        *((f"a hop that answers every second probe, {method}", limits, method) for method in METHODS),
        *((f"ten rounds and a hop that answers every second, {method}", report, method) for method in METHODS)], "nft"),
    judging.Stage(lambda: Chain(4, {2: Hop(every_ms=1000)}), [("a hop that the kernel limits", kernel_limits)]),
    judging.Stage(lambda: Chain(4, {2: Hop(blackhole=True)}),
                  each("a black hole", swallowed, 2, methods=["UDP"]), "nft"),
    judging.Stage(lambda: Chain(4, {2: Hop(rejects="admin-prohibited")}),
                  each("a router that prohibits", refused, 3, ("!X", "!X")), "nft"),
    judging.Stage(lambda: Chain(4, {2: Hop(rejects="host-unreachable", rejects6="addr-unreachable")}),
                  each("a host that cannot be reached", refused, 3, ("!H", "!H")), "nft"),
    judging.Stage(lambda: Chain(4, {2: Hop(route="prohibit")}),
                  [("a route that prohibits", refused, "UDP", False, 2, ("!X", "!X"))]),
    judging.Stage(lambda: Chain(4, {2: Hop(route="unreachable")}),
                  [("a route that leads nowhere", refused, "UDP", False, 2, ("!H", "!N"))]),
    judging.Stage(lambda: Chain(4, end=End(drops_udp=True, listens=(80,))), ends(), "nft"),
    judging.Stage(lambda: Chain(4, end=End(drops_tcp=True, drops_echo=True)),
                  each("a destination that drops TCP", swallowed, 3, methods=["TCP"])
                  + each("a destination that drops echoes", swallowed, 3, methods=["ICMP"],
                         rights={"with rights": False}), "nft"),
]
