# SPDX-License-Identifier: BSD-2-Clause
"""Hosts for tests: network namespaces that a test makes for itself, joined by one wire.

A host is kept by a process of its own, which ends when its input does: nothing outlives the test, however it ends.
"""
import os
import subprocess


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

    def close(self):
        self.keeper.stdin.close()
        self.keeper.wait()
        self.keeper.stdout.close()


def mac(number):
    return f"02:00:00:00:00:{number:02x}"


def join(hosts, interfaces, addresses, acquainted=True):
    """
    A wire between two hosts. addresses: for each of them a list such as ["10.0.0.1/24", "fd00::1/64"]. Nothing but what
    programs send goes over it: no router solicitations, no duplicate address detection, and, when the hosts are
    acquainted, no questions for the neighbour's address.
    """
    first, second = hosts
    first.run("ip", "link", "add", interfaces[0], "address", mac(1), "type", "veth", "peer", "name", interfaces[1],
              "address", mac(2), "netns", str(second.keeper.pid))
    for host, interface, own, peer, peer_mac in ((first, interfaces[0], addresses[0], addresses[1], mac(2)),
                                                 (second, interfaces[1], addresses[1], addresses[0], mac(1))):
        if os.path.exists("/proc/net/if_inet6"):
            host.run("ip", "link", "set", interface, "addrgenmode", "none")
        for address in own:
            host.run("ip", "address", "add", address, "dev", interface, *(["nodad"] if ":" in address else []))
        host.run("ip", "link", "set", interface, "up")
        for address in peer if acquainted else []:
            host.run("ip", "neighbour", "replace", address.split("/")[0], "lladdr", peer_mac, "dev", interface,
                     "nud", "permanent")
