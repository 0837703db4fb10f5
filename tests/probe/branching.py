# SPDX-License-Identifier: BSD-2-Clause
"""Routers beside each other: one way for a flow, all of them for several; and others' programs on the same paths."""
import re

import chains
import judging
import played
from judging import METHODS, PATIENT, RIGHTS, Wrong, need, same, trace, whole
from played import Played
from routed import Diamond

FLOWS = 8
TURNS = 40  # runs of so many flows: that one of three ways is still unseen has a chance of 10^-56
# Flows that have to be tried when so many next hops were seen (Veitch and others, table I).
NEEDED = {95: {1: 6, 2: 11, 3: 16}, 99: {1: 8, 2: 15, 3: 21}}


class Paths:
    """What is said of flows: a table, and a list of paths."""

    def __init__(self, said):
        self.said = said
        self.table = re.findall(r"^ +([0-9]+)  (\S+) +([0-9]+) +([0-9]+) +([0-9]+) .*?  (\S+)$", said.output, re.M)
        self.paths = re.findall(r"^path [0-9]+: (.*?)  \(flows? (.*)\)$", said.output, re.M)

    def flows(self, text):
        """ "0-3, 5" as numbers."""
        numbers = []
        for part in text.replace(" ", "").replace("?", "").split(","):
            if part != "...":
                first, _, last = part.partition("-")
                numbers += range(int(first), int(last or first) + 1)
        return numbers

    def at(self, ttl):
        """{address: flows}."""
        return {address: self.flows(which) for number, address, _, _, _, which in self.table if int(number) == ttl}


def consistent(net, version, said, flows):
    """Each flow has one way, through routers that are there; the same in the table and in the list."""
    paths, hops, ways = Paths(said), net.hops[version], {}
    for text, which in paths.paths:
        ways |= {flow: text.split() for flow in paths.flows(which)}
    same(f"flows with a path in {said}", sorted(ways), list(range(flows)))
    for ttl, addresses in enumerate(hops, 1):
        met = {flow: address for address, numbers in paths.at(ttl).items() for flow in numbers}
        if not set(met.values()) <= addresses:
            raise Wrong(f"hop {ttl}: {sorted(set(met.values()))} are not all of {sorted(addresses)}")
        same(f"hop {ttl} of each flow in {said}", met, {flow: way[ttl - 1] for flow, way in ways.items()})
    same("path lengths", {len(way) for way in ways.values()}, {len(hops)})
    return paths


def flows(net, version, method):
    """Each of a few flows has one way, and all flows of several runs have all ways."""
    fork = next(ttl for ttl, addresses in enumerate(net.hops[version], 1) if len(addresses) > 1)
    seen = set()
    for _ in range(TURNS):
        said = trace(net, version, *METHODS[method], "--flows", FLOWS, *PATIENT)
        seen |= set(consistent(net, version, said, FLOWS).at(fork))
        if seen == net.hops[version][fork - 1]:
            return
    raise Wrong(f"hop {fork}: of {net.hops[version][fork - 1]} only {seen} were seen")


def one_flow(net, version, method):
    """An address a hop, and not always the same one: each run has a flow of its own."""
    for _ in range(3):
        said = trace(net, version, *METHODS[method], *PATIENT)
        same(f"addresses of each hop in {said}", [len(row.named) for row in said.rows], [1] * len(net.hops[version]))
        within(said, net, version)
        same("answers", {len(row.times) for row in said.rows}, {3})
        said.lacks("hop 3:", "hop 2:")


def within(said, net, version):
    for row, addresses in zip(said.rows, net.hops[version]):
        if not row.addresses or not row.addresses <= addresses:
            raise Wrong(f"hop {row.ttl}: not one of {sorted(addresses)}: {said}")
    same("hops", len(said.rows), len(net.hops[version]))


def every_probe(net, version, words, user):
    """A flow for each probe: any of the routers beside each other may answer, and none else."""
    said = trace(net, version, *words, "-q", 10, *PATIENT, user=user)
    within(said, net, version)
    same("answers", {len(row.times) for row in said.rows}, {10})


def others(net, version, method):
    """Others find no more than there is, and each flow of theirs is one of those that are possible."""
    need("traceroute")
    done = net.run("traceroute", f"-{version}", "-n", "-w", 60, *METHODS[method], net.target[version])
    within(judging.Said(done), net, version)


def scamper(net, version, method):
    for found, addresses in zip(chains.scamper_hops(net, version, method), net.hops[version], strict=True):
        same(f"{found} is one of {addresses}", found <= addresses, True)


def detected(net, version, method, confidence):
    """Every way is found, sooner or later, and as many flows were tried as the certainty asks for."""
    fork = next(ttl for ttl, addresses in enumerate(net.hops[version], 1) if len(addresses) > 1)
    for _ in range(TURNS):
        said = trace(net, version, *METHODS[method], "--mda", confidence, *PATIENT)
        found = Paths(said)
        for ttl, addresses in enumerate(net.hops[version], 1):
            same(f"responders of hop {ttl} that are not there", set(found.at(ttl)) - addresses, set())
        for number, tried in re.findall(r"^hops? .*: (\d+) responders?; (\d+) flows tried", said.output, re.M):
            if int(tried) < NEEDED[confidence][int(number)]:
                raise Wrong(f"{number} next hops and {tried} flows are no {confidence} %: {said}")
        same("sentences", said.output.count(f"; {confidence} % sure"), said.output.count(" tried"))
        if set(found.at(fork)) == net.hops[version][fork - 1]:
            return
    raise Wrong(f"not all of hop {fork} were found: {said}")


def spread(net, version):
    """A router that sends each packet any way: one flow meets several, and that is said."""
    said = trace(net, version, "-q", 30, *PATIENT)
    same("hops", said.hops, net.hops[version])
    said.has("hop 2: 2 responders for one flow: each packet may go another way, or the path has changed")
    said = trace(net, version, "--flows", 4, "-q", 20, *PATIENT)
    if "hop 2: 4 flows met several responders" not in said.output:
        raise Wrong(f"flows that are spread are not told: {said}")


# ------------------------------------------------------------------------------------------------ stages

def rows(what, methods):
    """methods: those whose flows are spread here."""
    listed = []
    for method in METHODS:
        listed += [(f"{what}: one flow, {method}", one_flow, method),
                   (f"{what}: traceroute, {method}", others, method), (f"{what}: scamper, {method}", scamper, method)]
    for method in methods:
        listed += [(f"{what}: eight flows, {method}", flows, method),
                   (f"{what}: detected, {method}", detected, method, 95),
                   (f"{what}: detected with more certainty, {method}", detected, method, 99)]
    for right, user in RIGHTS.items():
        for method in ("UDP", "TCP"):
            words = METHODS[method] if user else (*METHODS[method], "--classic")
            listed.append((f"{what}: a flow for each probe, {method}, {right}", every_probe, words, user))
    return listed


STAGES = [judging.Stage(lambda width=width: Diamond(width), rows(f"a diamond of {width}", ["UDP", "TCP"]))
          for width in (2, 3)] + [
    judging.Stage(lambda: Played(5, {3: {"ecmp": played.branches(3, 3)}}), rows("played branches", METHODS), tun=True),
    judging.Stage(lambda: Played(4, {2: {"ecmp": played.branches(2, 2), "per_packet": "random"}}),
                  [("a router that spreads packets", spread)], tun=True),
]
