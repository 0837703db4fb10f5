# SPDX-License-Identifier: BSD-2-Clause
"""A network whose hops play tricks that no kernel plays: a source, and behind its interface the path of router.py.

    with played.Played(5, {3: {"mpls": [[16, 0, 1, 1]]}, 5: {"udp": "silent"}}) as net:
        done = net.run("traceroute", "-n", "-e", net.target[6])

What a hop can do is in path.py. All that the networks of routed.py offer is here as well.
"""
import json
import os
import subprocess
import sys

import routed
from routed import FAMILIES

ROUTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "router.py")
OWN = {4: "10.9.0.1", 6: "fd09::1"}


def addresses(hop, branch=1):
    """Of hop number `hop`, as its options name them."""
    return {"addr": f"10.9.{hop}.{branch}", "addr6": f"fd09:{hop:x}::{branch:x}"}


def branches(hop, width):
    """So many routers beside each other, for the option ecmp of a hop."""
    return [addresses(hop, branch) for branch in range(1, width + 1)]


def hops(n, changes=None):
    """A list of n hops; changes: {number of the hop: options}."""
    return [{**addresses(hop), **(changes or {}).get(hop, {})} for hop in range(1, n + 1)]


class Router:
    """The process."""

    def __init__(self, host, interface, path, seed):
        words = [sys.executable, ROUTER, interface, json.dumps(path), str(seed)]
        self.process = subprocess.Popen(host.command(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            self.close()
            raise RuntimeError("router.py is not ready")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Played(routed.Network):
    """
    path: a list of hops, or their number and what is special about some of them. Hop i has 10.9.i.1 and fd09:i::1
    unless it says otherwise; the source has 10.9.0.1 and fd09::1.
    """
    interface = "tun0"

    def offload(self, wanted):
        """Its interface never fills in checksums."""

    def __init__(self, path, changes=None, seed=0, mtu=1500):
        super().__init__(None, None)
        self.path, self.seed, self.mtu = hops(path, changes) if isinstance(path, int) else path, seed, mtu

    def build(self):
        self.own = OWN
        node = self.node(router=False)
        self.open.append(Router(node.host, self.interface, self.path, self.seed))
        node.lines += [f"link set {self.interface} mtu {self.mtu} up"]
        if 6 in FAMILIES:
            node.lines.insert(0, f"link set {self.interface} addrgenmode none")
        node.addresses = list(OWN.values()) if 6 in FAMILIES else []
        for family in FAMILIES:
            own = f"{OWN[4]}/24" if family == 4 else f"{OWN[6]}/64 nodad"
            node.lines += [f"address add dev {self.interface} {own}",
                           f"route add {routed.EVERYWHERE[family]} dev {self.interface}"]
            name = "addr" if family == 4 else "addr6"
            for hop in self.path:
                ways = [{**hop, **way} for way in hop.get("ecmp") or [{}]]
                self.hops[family].append({way[name] for way in ways if way.get(name) and not way.get("absent")})
