# SPDX-License-Identifier: BSD-2-Clause
"""Hosts for tests: network namespaces that a test makes for itself, joined by wires.

A host is kept by a process of its own, which ends when its input does: nothing outlives the test, however it ends.
"""
import concurrent.futures
import ctypes
import os
import socket
import subprocess
import time

CLONE_NEWNET, RTF_LOCAL = 0x40000000, 0x80000000
PATIENCE = 60  # seconds; only a machine that is broken needs them
IPV6 = os.path.exists("/proc/net/if_inet6")


def refusal():
    """Why no host can be made here; None when one can."""
    try:
        done = subprocess.run(["unshare", "--net", "ip", "link", "add", "client", "type", "veth", "peer",
                               "name", "server"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    except FileNotFoundError as error:
        return f"{error.filename} is not installed"
    return None if done.returncode == 0 else "network namespaces need root: " + done.stdout.strip().split("\n")[-1]


class Host:
    """One machine; its loopback interface is up."""

    def __init__(self):
        self.keeper = subprocess.Popen(["unshare", "--net", "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.keeper.stdin.write(b"\n")
        self.keeper.stdin.flush()
        self.keeper.stdout.read(1)  # cat runs, so the namespace is there
        self.run("ip", "link", "set", "lo", "up")

    def command(self, words):
        return ["nsenter", f"--net=/proc/{self.keeper.pid}/ns/net", "--", *words]

    def run(self, *words):
        subprocess.run(self.command(words), check=True, stdin=subprocess.DEVNULL)

    def batch(self, lines):
        """What `ip` is to do, a line each."""
        subprocess.run(self.command(["ip", "-batch", "-"]), check=True, input="\n".join(lines), text=True)

    def inside(self, function):
        """
        What the function returns, called by a thread that is on this host. A socket that it makes belongs to this
        host wherever it is used; /proc/sys/net is this host's. The function starts no process that outlives it.
        """
        def there():
            with open(f"/proc/{self.keeper.pid}/ns/net", encoding="utf-8") as space:
                if ctypes.CDLL(None, use_errno=True).setns(space.fileno(), CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns")
            return function()
        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            return thread.submit(there).result()

    def settle(self, addresses):
        """
        Waits until packets to these addresses are taken in. To one of IPv6 that was just added they are not at once,
        not even without duplicate address detection: its route is made by another thread of the kernel.
        """
        six = [address.split("/")[0] for address in addresses if ":" in address]
        wanted = {socket.inet_pton(socket.AF_INET6, address).hex() for address in six}
        deadline = time.monotonic() + PATIENCE

        def look():
            while True:
                with open("/proc/thread-self/net/ipv6_route", encoding="utf-8") as file:
                    routes = [line.split() for line in file]
                if wanted <= {route[0] for route in routes if int(route[8], 16) & RTF_LOCAL}:
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError(f"no packets to {six} are taken in")
                os.sched_yield()
        if wanted:
            self.inside(look)

    def close(self):
        self.keeper.stdin.close()
        self.keeper.wait()
        self.keeper.stdout.close()


def mac(number):
    return f"02:00:00:00:{number >> 8:02x}:{number & 255:02x}"


def wire(hosts, interfaces, macs):
    """The line that lays a wire between two hosts."""
    ends = [f"name {interface} address {address} netns {host.keeper.pid}"
            for host, interface, address in zip(hosts, interfaces, macs)]
    return f"link add {ends[0]} type veth peer {ends[1]}"


def end(interface, own, peer, peer_mac, acquainted=True, mtu=1500):
    """The lines that put a host to its end of a wire. own, peer: addresses with the length of their prefix."""
    lines = [f"link set {interface} mtu {mtu}"] + ([f"link set {interface} addrgenmode none"] if IPV6 else [])
    lines += [f"address add {address} dev {interface}{' nodad' if ':' in address else ''}" for address in own]
    lines.append(f"link set {interface} up")
    return lines + [f"neighbour replace {address.split('/')[0]} lladdr {peer_mac} dev {interface} nud permanent"
                    for address in peer if acquainted]


def join(hosts, interfaces, addresses, acquainted=True):
    """
    A wire between two hosts. addresses: for each of them a list such as ["10.0.0.1/24", "fd00::1/64"]. Nothing but
    what programs send goes over it: no router solicitations, no duplicate address detection, and, when the hosts are
    acquainted, no questions for the neighbour's address.
    """
    macs = mac(1), mac(2)
    hosts[0].batch([wire(hosts, interfaces, macs)])
    for one, other in ((0, 1), (1, 0)):
        hosts[one].batch(end(interfaces[one], addresses[one], addresses[other], macs[other], acquainted))
        hosts[one].settle(addresses[one])
