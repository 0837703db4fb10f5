# SPDX-License-Identifier: BSD-2-Clause
"""This machine's own refusals, and whoever is tired of waiting."""
import signal
import subprocess

import judging
import tap
from judging import METHODS, RIGHTS, Wrong, same, trace
from played import Played
from routed import Chain

NO_ROUTE = "no route"


def no_way(net, version, method, user):
    """Without a route there is nothing to be sent: one line says so."""
    said = judging.sonde(net, "trace", "-n", *METHODS[method], {4: "192.0.2.1", 6: "2001:db8::1"}[version], user=user)
    same("status", said.returncode, 2)
    same("output", said.stdout, "")
    if NO_ROUTE not in said.stderr or len(said.stderr.splitlines()) != 1:
        raise Wrong(f"errors: {said.stderr!r}")


def down(net, version, method, user):
    """An interface that is down, with -i and without."""
    for words in ([], ["-i", "spare0"]):
        said = judging.sonde(net, "trace", "-n", *METHODS[method], *words,
                             {4: "10.77.0.9", 6: "fd77::9"}[version], user=user)
        same(f"status with {words}: {said.stdout}{said.stderr}", said.returncode, 2)
        same("lines", (said.stdout, len(said.stderr.splitlines())), ("", 1))


def forbidden(net, version, method, user):
    """
    A filter of this machine drops the probes: the kernel says so when they are sent. It does not when it makes them
    itself, SYNs and echo requests of IPv6: then it is silence.
    """
    rules = "table inet refusing {\nchain output { type filter hook output priority 0; drop\n}\n}"
    net.run("nft", rules)
    try:
        said = trace(net, version, *METHODS[method], "-m", 2, "-w", 0.2, user=user, status=1)
    finally:
        net.run("nft", "delete table inet refusing")
    if user and (method == "TCP" or method == "ICMP" and version == 6):
        said.has("no answer from here on")
        return
    same("hops", said.hops, [set()])
    said.has("hop 1: 3 probes could not be sent: Operation not permitted")


def interrupted(net, version, method, user):
    """Ctrl-C: what is known is printed, and that the destination was not reached."""
    words = [tap.SONDE, "trace", "-n", "-w", "3600,0,0", *METHODS[method], net.target[version]]
    with subprocess.Popen(net.command(words, user=user), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        try:
            lines = []
            while not lines or not lines[-1].startswith(" 2 "):
                lines.append(process.stdout.readline())
                if not lines[-1]:
                    raise Wrong(f"it ended: {''.join(lines)} {process.stderr.read()}")
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=judging.GUARD)
        finally:
            process.kill()
    said = judging.Said(subprocess.CompletedProcess(words, process.returncode, "".join(lines) + rest, ""))
    same("status", said.status, 1)
    same("hops", said.hops[:2], net.hops[version][:2])
    same("hops that nobody answered for", [hop for hop in said.hops[2:] if hop], [])


class Spared(Chain):
    """A route over an interface that is down, and no default route."""

    def finish(self):
        super().finish()
        self.run("sh", "-c", "ip route del default; ip -6 route del default; ip link add spare0 type dummy; "
                 "ip address add 10.77.0.1/24 dev spare0; ip address add fd77::1/64 dev spare0 nodad")


def each(title, function):
    return [(f"{title}, {method}, {right}", function, method, RIGHTS[right]) for method in METHODS for right in RIGHTS]


STAGES = [
    judging.Stage(lambda: Spared(1), each("no route", no_way) + each("an interface that is down", down)),
    judging.Stage(lambda: Chain(3), each("a filter that forbids to send", forbidden), "nft"),
    judging.Stage(lambda: Played(5, {2: {"blackhole": True}}), each("Ctrl-C", interrupted), tun=True),
]
