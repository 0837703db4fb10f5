# SPDX-License-Identifier: BSD-2-Clause
"""sonde trace in a test network: what it says, taken apart, and the tests of a network one after the other."""
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "net")]
import checking
import routed
import tap
from checking import Wrong, same

METHODS = {"UDP": (), "ICMP": ("-I",), "TCP": ("-T",)}
RIGHTS = {"with rights": False, "without rights": True}
GUARD = 120  # seconds; only what is broken needs them
ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}|[0-9a-f]+(::?[0-9a-f]+)+|[0-9a-f]+::")
# How long is waited. Where all answer: as long as it takes. Where somebody is silent: much longer than all others take.
PATIENT = ("-w", "60,0,0")
WATCHFUL = ("-w", "60,300,300")


class Row:
    """A line: "3  10.0.3.2  0.010 ms *  0.009 ms !X"."""

    def __init__(self, line):
        number, *self.words = line.split()
        self.ttl = int(number)
        self.named = [word for word in self.words if ADDRESS.fullmatch(word)]  # again where it changes
        self.addresses = set(self.named)
        self.times = [float(self.words[at - 1]) for at, word in enumerate(self.words) if word == "ms"]
        self.stars = self.words.count("*")
        self.rest = " ".join(self.words)


class Said:
    """All that one run said."""

    def __init__(self, done):
        self.status, self.errors, self.output = done.returncode, done.stderr, done.stdout
        lines = done.stdout.splitlines()
        self.header = lines[0] if lines else ""
        end = lines.index("") if "" in lines else len(lines)
        self.rows = [Row(line) for line in lines[1:end]]
        self.behind = "\n".join(lines[end + 1:])
        self.hops = [row.addresses for row in self.rows]

    def __str__(self):
        return (self.output + self.errors).replace("\n", " | ")

    def row(self, ttl):
        return next((row for row in self.rows if row.ttl == ttl), None) or Row(str(ttl))

    def has(self, *notes):
        """Lines behind the path."""
        for note in notes:
            if note not in self.behind:
                raise Wrong(f"no note {note!r}: {self}")

    def lacks(self, *words):
        for word in words:
            if word in self.behind:
                raise Wrong(f"a note that does not belong there, {word!r}: {self}")


def need(*programs):
    reason = routed.refusal(*programs)
    if reason:
        raise tap.Skip(reason)


def need_tun():
    need()
    if not os.path.exists("/dev/net/tun"):
        raise tap.Skip("/dev/net/tun is not there")


def sonde(net, *words, user=False):
    return net.run(tap.SONDE, *words, user=user, timeout=GUARD)


def trace(net, version, *words, user=False, status=0):
    said = Said(sonde(net, "trace", "-n", *words, net.target[version], user=user))
    if said.status != status:
        raise Wrong(f"{' '.join(map(str, words))}: status {said.status}, not {status}: {said}")
    return said


def events(net, version, *words):
    """The objects of --json, by event."""
    done = sonde(net, "trace", "-n", "--json", *words, net.target[version])
    found = {}
    for line in done.stdout.splitlines():
        value = json.loads(line)
        found.setdefault(value["event"], []).append(value)
    if done.returncode not in (0, 1) or "trace" not in found:
        raise Wrong(f"--json: status {done.returncode}: {done.stderr}")
    return found


def whole(said, hops, probes=3, but=()):
    """Each hop is there, each probe of it was answered, by whom it should be; but: hops that nobody hears of."""
    wanted = [set() if ttl in but else addresses for ttl, addresses in enumerate(hops, 1)]
    if said.hops != wanted:
        raise Wrong(f"hops: {said.hops!r}, not {wanted!r}: {said}")
    for row in said.rows:
        expected = (0, probes) if row.ttl in but else (probes, 0)
        if (len(row.times), row.stars) != expected:
            raise Wrong(f"hop {row.ttl}: {len(row.times)} answers and {row.stars} stars, not {expected}: {said}")


class Stage:
    """A network that is made when the first test needs it, and is gone after the last. rows: as of checking.run()."""

    def __init__(self, make, rows, *programs, tun=False):
        self.make, self.rows, self.programs, self.tun = make, rows, programs, tun
        self.network, self.left = None, 0

    def net(self):
        need(*self.programs)
        if self.tun:
            need_tun()
        if self.network is None:
            self.network = self.make().__enter__()
            self.network.ping_sockets()
        return self.network

    def test(self, function, version, arguments):
        def run():
            self.left -= 1
            try:
                function(self.net(), version, *arguments)
            except Wrong as what:
                return [str(what)]
            finally:
                if not self.left and self.network is not None:
                    self.network.close()
            return []
        self.left += 1
        return run


def run(stages):
    tests = []
    for stage in stages:
        for title, function, *arguments in stage.rows:
            for version in routed.FAMILIES:
                name = f"{title}, IPv{version}"
                if not sys.argv[1:] or any(word in name for word in sys.argv[1:]):
                    tests.append((name, stage.test(function, version, arguments)))
    tap.run(tests)
