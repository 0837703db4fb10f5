# SPDX-License-Identifier: BSD-2-Clause
"""Networks with routers, made of network namespaces, for whatever asks which way a packet takes.

    with routed.Chain(5, {3: Hop(silent=True)}) as net:
        done = net.run("traceroute", "-n", net.target[4], user=True)
        net.hops[4]    # [{"10.0.1.2"}, {"10.0.2.2"}, {"10.0.3.2"}, {"10.0.4.2"}, {"10.0.5.2"}]

Every host is the kernel itself. Nothing leaves the namespaces, nobody asks for a neighbour's address, and errors are
sent as often as they are caused, unless a hop was asked to be otherwise. IPv4 and IPv6 at once, where the machine has
IPv6. A path whose hops play tricks that no kernel plays is in played.py.
"""
import array
import dataclasses
import fcntl
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "play")]
import hosts

FAMILIES = (4, 6) if hosts.IPV6 else (4,)
EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}
BACK = {4: "10.0.1.0/24", 6: "fd00:1::/64"}  # to the source
LOOPBACK = {4: "127.0.0.1", 6: "::1"}
# An ordinary user without any right, not even one that a file's capabilities could give back.
USER = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all",
        "--"]
EXCEEDED = ("icmp type time-exceeded", "icmpv6 type time-exceeded")
ERRORS = ("icmp type { destination-unreachable, time-exceeded, parameter-problem }",
          "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }")
REQUESTS = ("icmp type echo-request", "icmpv6 type echo-request")
ROUTER = {"net/ipv4/ip_forward": 1, "net/ipv6/conf/all/forwarding": 1}
# The last two are the whole machine's before Linux 6.13, and not in a namespace's reach: an empty mask passes them by.
GENEROUS = {"net/ipv4/icmp_ratelimit": 0, "net/ipv4/icmp_ratemask": 0,
            "net/ipv6/icmp/ratelimit": 0, "net/ipv6/icmp/ratemask": "",
            "net/ipv4/icmp_msgs_per_sec": 65536, "net/ipv4/icmp_msgs_burst": 65536}
SIOCETHTOOL, ETHTOOL_STXCSUM = 0x8946, 0x17
USUAL_MASKS = {"net/ipv4/icmp_ratemask": 6168, "net/ipv6/icmp/ratemask": "0-1,3-127"}


def refusal(*programs):
    """Why no network can be made here, or which of these programs is missing; None when all is well."""
    for program in ("unshare", "nsenter", "setpriv", "ip", *programs):
        if not shutil.which(program):
            return f"{program} is not installed"
    if "nft" in programs and not hosts.refusal():
        done = subprocess.run(["unshare", "--net", "nft", "add table inet test"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return "nft: " + done.stdout.strip().split("\n")[0] if done.returncode else None
    return hosts.refusal()


@dataclasses.dataclass
class Hop:
    """How a router is not as others are."""
    silent: bool = False     # it never says that time is exceeded
    mute: bool = False       # it sends no error at all: with a smaller MTU behind it, a black hole for large packets
    loses: int = 0           # each of so many time exceeded is lost
    every_ms: int = 0        # icmp_ratelimit: the kernel's own bucket lets one error out in so many milliseconds
    per_second: int = 0      # so many time exceeded a second for each family, after a burst
    burst: int = 1
    blackhole: bool = False  # it forwards nothing, and says nothing of it; time exceeded it does say
    rejects: str = ""        # what it says instead of forwarding: admin-prohibited, host-unreachable, net-prohibited
    rejects6: str = ""       # the same in IPv6, when it has another name: admin-prohibited, no-route, addr-unreachable
    only: str = ""           # blackhole and rejects are for these packets: an expression of nft, "meta l4proto udp"
    route: str = ""          # prohibit, unreachable, blackhole: its way to the destination; that is before time exceeds
    sysctls: dict = dataclasses.field(default_factory=dict)  # {"net/ipv4/ip_default_ttl": 255}

    def rules(self):
        """(chain, rule) for nft."""
        rules = [("output", what + " drop") for what in (ERRORS if self.mute else EXCEEDED if self.silent else ())]
        for what in EXCEEDED:
            if self.loses:
                rules.append(("output", f"{what} numgen inc mod {self.loses} {self.loses - 1} drop"))
            if self.per_second:
                limit = f"limit rate over {self.per_second}/second burst {self.burst} packets"
                rules.append(("output", f"{what} {limit} drop"))
        if self.blackhole:
            rules.append(("forward", self.only + " drop"))
        if self.rejects:
            for family, protocol, code in ((4, "icmp", self.rejects), (6, "icmpv6", self.rejects6 or self.rejects)):
                rules.append(("forward", f"{self.only} meta nfproto ipv{family} reject with {protocol} type {code}"))
        return rules

    def settings(self):
        limits = ("net/ipv4/icmp_ratelimit", "net/ipv6/icmp/ratelimit")
        return {**({**dict.fromkeys(limits, self.every_ms), **USUAL_MASKS} if self.every_ms else {}), **self.sysctls}


@dataclasses.dataclass
class End:
    """What the destination does with packets for it. It refuses what it has no service for, as any host."""
    drops_udp: bool = False
    drops_tcp: bool = False
    drops_echo: bool = False
    listens: tuple = ()      # TCP ports
    sysctls: dict = dataclasses.field(default_factory=dict)

    def rules(self):
        drops = ["meta l4proto udp"] * self.drops_udp + ["meta l4proto tcp"] * self.drops_tcp
        return [("input", what + " drop") for what in drops + list(REQUESTS) * self.drops_echo]

    def settings(self):
        return self.sysctls


class Node:
    """A host and what is still to be done on it: all of it happens in one process."""

    def __init__(self, settings, rules=()):
        self.host = hosts.Host()
        self.settings, self.rules = settings, rules
        self.interfaces, self.addresses, self.lines = 0, [], []

    def interface(self):
        self.interfaces += 1
        return f"eth{self.interfaces - 1}"

    def route(self, to, *gateways, kind=""):
        """to: prefixes by family; gateways: addresses by family, several for packets to be shared out among."""
        for family in FAMILIES:
            hop = " nexthop" if len(gateways) > 1 else ""
            ways = "".join(f"{hop} via {gateway[family]}" for gateway in gateways)
            self.lines.append(f"route add {kind} {to[family]}{ways}")

    def script(self):
        """sysctl -w would say it aloud, and is not everywhere."""
        lines = ["for all in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$all; done"]
        for name, value in self.settings.items():
            lines.append(f"[ ! -e /proc/sys/{name} ] || echo '{value}' >/proc/sys/{name}")
        lines += ["ip -batch - <<END", *self.lines, "END"]
        if self.rules:
            lines += ["nft -f - <<END", "table inet test {"]
            for chain in dict.fromkeys(chain for chain, _ in self.rules):
                lines += [f"chain {chain} {{ type filter hook {chain} priority 0;"]
                lines += [rule for of, rule in self.rules if of == chain] + ["}"]
            lines += ["}", "END"]
        return "\n".join(lines) + "\n"


class Network:
    """
    Made by `with`. Afterwards: source and destination (hosts), interface (the source's), and by family own (the
    source's address), target (the destination's) and hops (a set of addresses for each hop, the destination's last).
    """
    interface = "eth0"

    def __init__(self, options, end):
        self.options, self.end = options or {}, end or End()
        self.nodes, self.wires, self.open = [], [], []
        self.hops = {family: [] for family in FAMILIES}

    def node(self, options=None, router=True):
        options = options or Hop()
        settings = {**GENEROUS, **(ROUTER if router else {}), **options.settings()}
        self.nodes.append(Node(settings, options.rules()))
        return self.nodes[-1]

    def link(self, near, far, prefix, mtu=1500):
        """A wire; prefix: (x, y) for 10.x.y.0/24 and fdx:y::/64. Returns the addresses of both ends, by family."""
        x, y = prefix
        ends = [{4: f"10.{x}.{y}.{own}", 6: str(ipaddress.ip_address(f"fd{x:02x}:{y:x}::{own}"))} for own in (1, 2)]
        own, peer = [[f"{end[family]}/{24 if family == 4 else 64}" for family in FAMILIES] for end in ends]
        interfaces = near.interface(), far.interface()
        macs = hosts.mac(2 * len(self.wires) + 1), hosts.mac(2 * len(self.wires) + 2)
        self.wires.append(hosts.wire((near.host, far.host), interfaces, macs))
        near.lines += hosts.end(interfaces[0], own, peer, macs[1], mtu=mtu)
        far.lines += hosts.end(interfaces[1], peer, own, macs[0], mtu=mtu)
        near.addresses += own
        far.addresses += peer
        return ends

    def hop(self, *ends):
        for family in FAMILIES:
            self.hops[family].append({end[family] for end in ends})

    def build(self):
        """The hosts and what is to be done on each; every sort of network has its own."""
        raise NotImplementedError

    def finish(self):
        """All wires by one process, then each host by one of its own, all at once."""
        self.source, self.destination = self.nodes[0].host, self.nodes[-1].host
        self.target = {family: max(self.hops[family][-1]) for family in FAMILIES}
        self.source.batch(self.wires)
        started = []
        for node in self.nodes:
            started.append(subprocess.Popen(node.host.command(["sh", "-e"]), stdin=subprocess.PIPE))
            started[-1].stdin.write(node.script().encode())
            started[-1].stdin.close()
        if any([process.wait() for process in started]):
            raise RuntimeError("a network could not be made: " + type(self).__name__)
        for node in self.nodes:
            node.host.settle(node.addresses)
        self.offload(False)
        self.serve()

    def __enter__(self):
        try:
            self.build()
            self.finish()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for thing in self.open + [node.host for node in self.nodes]:
            thing.close()

    def command(self, words, user=False, host=None):
        """The words that run a command on the source or another host; user: by somebody without any right."""
        return (host or self.source).command([*(USER if user else []), *(str(word) for word in words)])

    def run(self, *words, user=False, host=None, **more):
        """A command that ends by itself; its status, stdout and stderr."""
        return subprocess.run(self.command(words, user, host), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, **more)

    def sysctl(self, name, value=None, host=None):
        """Its value, after it was set when one is given: net.sysctl("net/ipv4/ping_group_range", "0 65534")."""
        def work():
            with open("/proc/sys/" + name, "w+" if value is not None else "r", encoding="utf-8") as file:
                return file.write(str(value)) if value is not None else file.read().strip()
        return (host or self.source).inside(work)

    def offload(self, wanted):
        """
        Whether the source leaves checksums to its interface. A wire of ours has none that would fill them in, so that
        routers quote half a checksum; as a wire is elsewhere, it is not wanted.
        """
        def work():
            value = array.array("I", [ETHTOOL_STXCSUM, wanted])
            request = struct.pack("16sP16x", self.interface.encode(), value.buffer_info()[0])
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
                fcntl.ioctl(any_socket, SIOCETHTOOL, request)
        self.source.inside(work)

    def ping_sockets(self, allowed=True):
        """Whether ordinary users on the source may send echo requests."""
        self.sysctl("net/ipv4/ping_group_range", "0 65534" if allowed else "1 0")

    def serve(self):
        """The services of the destination: connections are made by its kernel, and nobody accepts them."""
        for port in self.end.listens:
            def listen(port=port):
                family = socket.AF_INET6 if 6 in FAMILIES else socket.AF_INET
                return socket.create_server(("", port), family=family, dualstack_ipv6=family == socket.AF_INET6)
            self.open.append(self.destination.inside(listen))


class Chain(Network):
    """
    A source, routers and a destination in a row: the destination is hop n. With n = 1 there is no router between
    them. options: {number of the hop: Hop(...)}; end: what the destination does; mtu: {number of the link: its MTU},
    link i being the one before hop i. Hop i has 10.0.i.2 and fd00:i::2 on the side of the source, 10.0.i+1.1 on the
    other.
    """

    def __init__(self, n, options=None, end=None, mtu=None):
        super().__init__(options, end)
        self.n, self.mtu = n, mtu or {}

    def build(self):
        for i in range(self.n + 1):
            self.node(self.end if i == self.n else self.options.get(i), router=0 < i < self.n)
        links = [self.link(*self.nodes[i - 1:i + 1], (0, i), self.mtu.get(i, 1500)) for i in range(1, self.n + 1)]
        self.own = links[0][0]
        for i, node in enumerate(self.nodes):
            options = self.options.get(i, Hop())
            if i < self.n:
                node.route(EVERYWHERE, links[i][1])
            if i > 0:
                self.hop(links[i - 1][1])
            if i == self.n > 1:
                node.route(EVERYWHERE, links[i - 1][0])
            elif i > 1:
                node.route(BACK, links[i - 1][0])
            if options.route:  # the last, for a gateway must not be behind it
                node.route({4: f"10.0.{self.n}.2/32", 6: f"fd00:{self.n:x}::2/128"}, kind=options.route)


class Diamond(Network):
    """
    source - routers - several routers beside each other - a router - destination. The last of `before` routers shares
    flows out (addresses, protocol and ports; ICMP has none) among the branches, so hop before + 1 has `width`
    addresses; what comes back takes the first branch. options: {number of the hop: Hop(...)}; branches: {number from
    0: Hop(...)}, for one of them. Branch b has 10.1.b.2 and fd01:b::2 on the side of the source.
    """

    def __init__(self, width, before=2, options=None, branches=None, end=None):
        super().__init__(options, end)
        self.width, self.before, self.branches = width, before, branches or {}

    def build(self):
        before = self.before
        nodes = [self.node(self.options.get(i), router=i > 0) for i in range(before + 1)]
        branches = [self.node(self.branches.get(b, self.options.get(before + 1))) for b in range(self.width)]
        last, end = self.node(self.options.get(before + 2)), self.node(self.end, router=False)
        links = [self.link(nodes[i - 1], nodes[i], (0, i)) for i in range(1, before + 1)]
        out = [self.link(nodes[before], node, (1, b)) for b, node in enumerate(branches)]
        joined = [self.link(node, last, (2, b)) for b, node in enumerate(branches)]
        final = self.link(last, end, (3, 0))
        self.own = links[0][0]
        self.to_fork(nodes, links, [link[1] for link in out])
        for b, node in enumerate(branches):
            node.route(EVERYWHERE, joined[b][1])
            node.route(BACK, out[b][0])
        self.to_end(last, joined)
        end.route(EVERYWHERE, final[0])
        self.hop(final[1])

    def to_fork(self, nodes, links, branches):
        for i, node in enumerate(nodes[:-1]):
            node.route(EVERYWHERE, links[i][1])
        for i, node in enumerate(nodes[2:], 1):
            node.route(BACK, links[i][0])
        nodes[-1].route(EVERYWHERE, *branches)
        nodes[-1].settings |= {"net/ipv4/fib_multipath_hash_policy": 1, "net/ipv6/fib_multipath_hash_policy": 1}
        for link in links:
            self.hop(link[1])
        self.hop(*branches)

    def to_end(self, last, joined):
        """
        The router that all branches lead to answers with the address of the way back in IPv4, but in IPv6 with that
        of the way that the packet came: these interfaces get one address in common, and the others are deprecated.
        """
        last.route(BACK, joined[0][0])
        only = {**joined[0][1], 6: "fd02:ff::2"}
        for b, link in enumerate(joined) if 6 in FAMILIES else ():
            last.lines += [f"address change {link[1][6]}/64 dev eth{b} nodad valid_lft forever preferred_lft 0",
                           f"address add {only[6]}/128 dev eth{b} nodad"]
        self.hop(only)
