# SPDX-License-Identifier: BSD-2-Clause
"""Hops that play tricks: the path is found in spite of them, and what they do is said behind it."""
import os
import subprocess
import tempfile

import chains
import judging
import tap
from judging import METHODS, PATIENT, RIGHTS, WATCHFUL, Wrong, need, same, trace, whole
from played import Played

DAMAGED = "what is added to the answer is damaged"
REWRITTEN = "what is quoted is not what was sent: a translator (NAT) is on the way"
LABELS = "<MPLS:L=100,E=0,S=0,T=1/L=100000,E=5,S=1,T=9>"
OTHER = {"source": "10.99.0.1", "source6": "fd99::1"}


# ------------------------------------------------------------------------------------------------ time

def slow(net, version, method):
    """No time is shorter than it was."""
    said = trace(net, version, *METHODS[method], *PATIENT)
    whole(said, net.hops[version])
    same("hop 1 took 20 ms", min(said.row(1).times) >= 20, True)
    same("hop 2 took 30 and 5 ms", (max(said.row(2).times) >= 30, min(said.row(2).times) >= 5), (True, True))


def loss(net, version, method):
    """Answers of one hop are lost: later hops show that it is not the path."""
    said = trace(net, version, *METHODS[method], "-q", 10, *WATCHFUL)
    same("hops", said.hops, net.hops[version])
    same("hop 2", (len(said.row(2).times), said.row(2).stars), (5, 5))
    said.has("hop 2: rate limit: passes packets on")
    said.lacks("hop 1:", "hop 3:", "hop 4:")


def drop(net, version, method):
    """Packets are lost at hop 2: later hops lose as much."""
    said = trace(net, version, *METHODS[method], "-q", 10, *WATCHFUL)
    same("hops", said.hops, net.hops[version])
    same("stars", [row.stars > 0 for row in said.rows], [False, True, True, True, True])
    said.has(": loss: later hops lose as much, here or before", "hop 5: some loss")
    said.lacks("rate limit", "silent")


def late(net, version, method):
    """What comes when nobody waits any more is not forgotten, and takes no other probe's place."""
    said = trace(net, version, *METHODS[method], "-w", 0.2, "-q", 6, "-N", 1)
    whole_but_late = [addresses if ttl != 3 else set() for ttl, addresses in enumerate(net.hops[version], 1)]
    same("hops", said.hops, whole_but_late)
    said.has("came when nobody waited any more; -w waits longer")


# ------------------------------------------------------------------------------------------------ notes

def noted(net, version, method, words, notes, but=()):
    """All answer; notes: what is said behind the path, and nothing else."""
    said = trace(net, version, *METHODS[method], *words, *(WATCHFUL if but else PATIENT))
    whole(said, net.hops[version], but=but)
    notes = list(notes)
    if method == "TCP":
        notes.append("hop 5: the port is closed")
    same("notes", sorted(said.behind.splitlines()), sorted(notes))


def extensions(net, version, method, user):
    said = trace(net, version, *METHODS[method], "-e", *PATIENT, user=user)
    whole(said, net.hops[version])
    # An extension whose place is told by nobody, as before RFC 4884, does not get through an error queue.
    for ttl, shown in ((1, LABELS), (2, "<OUT:7,\"eth0\",mtu=9000>"), (4, "" if user else "<MPLS:L=16,E=0,S=0,T=255>")):
        same(f"hop {ttl} and {shown} in {said}", shown in said.row(ttl).rest, True)
    same("hop 3", "<" in said.row(3).rest, False)
    said.has(f"hop 5: {DAMAGED}")
    said.lacks("hop 1:", "hop 2:", "hop 4:")


def beside_traceroute(net, version):
    need("traceroute")
    done = net.run("traceroute", f"-{version}", "-n", "-e", "-w", 60, net.target[version])
    theirs, ours = judging.Said(done), trace(net, version, "-e", *PATIENT)
    same("hops", theirs.hops, ours.hops)
    same("labels", [word for row in theirs.rows[:1] for word in row.words if "MPLS" in word],
         [word for row in ours.rows[:1] for word in row.words if "MPLS" in word])


def short(net, version, method, v4, v6):
    """How much is quoted decides what can be known; nobody is taken for somebody else."""
    but = v4 if version == 4 else v6
    said = trace(net, version, *METHODS[method], *WATCHFUL)
    whole(said, net.hops[version], but=but)
    said.lacks(REWRITTEN)


def strange(net, version, method):
    """Answers to packets that nobody sent are nobody's."""
    said = trace(net, version, *METHODS[method], *WATCHFUL)
    whole(said, net.hops[version], but=[2])
    same("notes", said.behind, "hop 2: silent: passes packets on, does not answer itself")


def marked(net, version, method, user):
    said = trace(net, version, *METHODS[method], *PATIENT, user=user, status=1)
    mark = {4: "!V", 6: "!<5>"}[version]
    same("hops", said.hops, net.hops[version][:2])
    same("marks", said.row(2).words.count(mark), 3)
    said.has(f"hop 2: {mark}: ")


def answers(net, version, method, note):
    said = trace(net, version, *METHODS[method], *PATIENT)
    whole(said, net.hops[version])
    same("notes", said.behind, note)


# ------------------------------------------------------------------------------------------------ sizes

def sizes(said):
    return [word for row in said.rows for word in row.words if word.startswith("F=")]


def narrow(net, version, method):
    said = trace(net, version, *METHODS[method], "--mtu", *PATIENT)
    whole(said, net.hops[version])
    same("sizes", sizes(said), ["F=1500", "F=1400", "F=1300"])
    said.lacks("!F")


def swallows(net, version, method):
    """Large packets are lost, and nobody says so: what passes is found by trying."""
    said = trace(net, version, *METHODS[method], "--mtu", "-w", "60,50,50")
    same(f"hops in {said}", said.hops, net.hops[version])
    same("the first and the last size", sizes(said)[::len(sizes(said)) - 1], ["F=1500", "F=1400"])
    said.has("hop 3: a black hole: packets of more than 1400 octets")
    said.lacks("rate limit", "some loss")


def small(net, version, method):
    """Probes of the usual size do not notice it."""
    whole(trace(net, version, *METHODS[method], *PATIENT), net.hops[version])


# ------------------------------------------------------------------------------------------------ saving

def saved(net, version, method):
    """Whatever is quoted and added, the capture has it as it came, and others read as many packets."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "trace.pcapng")
        found = judging.events(net, version, *METHODS[method], "-e", *PATIENT, "-w", path)
        packets = len(tap.sonde("read", "-n", path, "-T", "fields", "-e", "frame.number").splitlines())
        if packets < len(found["probe"]) + len(found["answer"]):
            raise Wrong(f"{packets} packets of {len(found['probe'])} probes and {len(found['answer'])} answers")
        tap.sonde("read", "-n", path, "-V")
        need("tshark")
        done = subprocess.run(["tshark", "-n", "-r", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        same("packets that tshark reads", len(done.stdout.splitlines()), packets)


# ------------------------------------------------------------------------------------------------ stages

def played(changes, *rows, n=5):
    return judging.Stage(lambda: Played(n, changes), list(rows), tun=True)


def every(title, function, *arguments, methods=METHODS):
    return [(f"{title}, {method}", function, method, *arguments) for method in methods]


def translated(words, changes, last):
    """last: by method, the last hop whose answers quote: a destination that answers itself quotes nothing."""
    return [played({2: {"nat": changes}}, *[
        (f"a translator of {words}, {method}", noted, method, (), [f"hops 3-{last[method]}: {REWRITTEN}"])
        for method in last])]


def remarked():
    """Ports, and the identifier of ICMP, are not translated where nothing else would be left to know IPv6 by."""
    dscp = "packets arrive with DSCP 0, ECN 0; sent were 46 and 0"
    quoting = {"UDP": 5, "ICMP": 4, "TCP": 4}
    stages = translated("sources", OTHER, quoting)
    stages += translated("sources and their ports", {**OTHER, "sport": 4444}, {"UDP": 5, "TCP": 4})
    stages += translated("destinations", {"destination": "10.99.0.1", "destination6": "fd99::1"}, {"UDP": 5, "TCP": 4})
    stages += [played({2: {"dscp": 0}}, *[(f"a changed DSCP, {method}", noted, method, ("-t", "0xb8"),
                                           [f"hops 3-{quoting[method]}: {dscp}"]) for method in METHODS]),
               played({2: {"dup": True}}, *every("answers that come twice", noted, (),
                                                 ["hop 2: 3 answers came more than once"])),
               played({2: {"misquote": OTHER}}, *every("a wrong source in the quotation", noted, (),
                                                       [f"hop 2: {REWRITTEN}"])),
               played({2: {"quoted_ttl": 9}, 3: {"ttl": 3}, 1: {"reorder": 20}, 4: {"reorder": 10}},
                      *every("answers in another order", noted, (), [])),
               played({1: {"lie": 4}, 2: {"lie": 3}, 3: {"lie": 400}},
                      *every("lengths that lie", noted, ("-e",), [f"hops 1-3: {DAMAGED}"]),
                      *every("lengths that lie, saved", saved))]
    return stages


INFO = {"role": 2, "ifindex": 7, "name": "eth0", "mtu": 9000}
EXTENDED = {1: {"mpls": [[100, 0, 0, 1], [100000, 5, 1, 9]]}, 2: {"interface_info": INFO},
            4: {"mpls": [[16, 0, 0, 255]], "tells_length": False},
            5: {"mpls": [[100, 0, 1, 1]], "bad_extension_checksum": True}}
STAGES = [
    played({1: {"rtt_ms": 20}, 2: {"rtt_ms": [30, 5]}}, *every("slow hops", slow)),
    played({2: {"loss": 2}}, *every("lost answers", loss)),
    played({2: {"drop": 3}}, *every("lost packets", drop)),
    played({3: {"answer_late_ms": 300}}, *every("late answers", late), n=4),
    played(EXTENDED, *[(f"labels and interfaces, {method}, {right}", extensions, method, RIGHTS[right])
                       for right in RIGHTS for method in METHODS],
           ("labels and traceroute", beside_traceroute), *every("labels, saved", saved), n=6),
    played({1: {"mtu": 1400}, 3: {"mtu": 1300}}, *every("narrow links", narrow)),
    played({2: {"blackhole_mtu": 1400}}, *every("a hop that swallows large packets", swallows, methods=["UDP", "TCP"]),
           *every("a hop that swallows large packets only", small)),
    *remarked(),
    played({1: {"quote": 8}, 2: {"quote": 0}, 3: {"quote": 4}},
           *every("quotations of 8, 0 and 4 octets", short, (), (2, 3))),
    played({1: {"short": 0}, 2: {"short": 8}, 3: {"short": 27}},
           *every("quotations that end in the header", short, (1, 2), (1, 2, 3))),
    # Of TCP it cannot be told from a translator of ports: the sequence number is right.
    played({1: {"stranger": True}, 2: {"stranger": "only"}},
           *every("answers to strangers", strange, methods=["UDP", "ICMP"])),
    played({2: {"code": 14, "code6": 5}}, *chains.each("another code", marked)),
    played({5: {"udp": "echo", "tcp": "open"}}, ("a port that answers", answers, "UDP", "hop 5: the port answers"),
           ("a port that is open", answers, "TCP", "hop 5: the port is open")),
]
