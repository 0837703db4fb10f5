# SPDX-License-Identifier: BSD-2-Clause
"""The labs' exercises done right by sonde's own players, in network namespaces, with sonde capture watching."""
import contextlib
import os
import signal
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "play")]
import hosts
from roles import PATIENCE, SERVER, Player


class Room:
    """Two machines on one wire that have never talked; most exercises need the first one only."""

    def __init__(self, folder):
        self.folder, self.players = folder, []
        self.hosts = [hosts.Host(), hosts.Host()]
        hosts.join(self.hosts, ["eth0"] * 2, [["10.0.0.1/24"], ["10.0.0.2/24"]], acquainted=False)

    def start(self, words, ready=False, machine=0):
        words = words if isinstance(words, list) else words.split()
        self.players.append(Player(self.hosts[machine], words, self.folder, ready))
        return self.players[-1]

    def close(self):
        for player in self.players:
            player.close()
        for host in self.hosts:
            host.close()


def two_clients(room):
    server = room.start("echo server -t", ready=True)
    silent = room.start("echo client -t 127.0.0.1")
    silent.type("here I am\n")
    silent.says("here I am\n")
    other = room.start(["echo", "client", "-t", "127.0.0.1", "is anybody there?"])
    other.says("is anybody there?")
    other.ends()
    silent.ends()
    server.ends(signal.SIGTERM)


def chat(room):
    server = room.start("chat server", ready=True)
    members = {}
    for name in ("alice", "bob", "carol"):
        members[name] = room.start(f"chat client 127.0.0.1 --user {name}")
        for member in members.values():
            member.says(f"{name} joined\n")
    members["alice"].type("hello all\n")
    for name in ("bob", "carol"):
        members[name].says("alice: hello all\n")
    members["alice"].type("@bob lunch at noon?\n")
    members["bob"].says("lunch at noon?\n")
    members["bob"].type("carol, do you hear me?\n")
    for name in ("alice", "carol"):
        members[name].says("bob: carol, do you hear me?\n")
    for member in members.values():
        member.ends()
    server.ends(signal.SIGTERM)


def two_machines(room):
    server = room.start("date server", ready=True)
    client = room.start(f"date client {SERVER[0]}", machine=1)
    client.says("20")
    client.ends()
    server.ends(signal.SIGTERM)


# what, expectations, interface, capture filter, play
PLAYS = [
    ("two clients at a time", "5-servers", "lo", "tcp port 3500", two_clients),
    ("chat over TCP", "6-chat", "lo", "tcp port 5000", chat),
    ("the date between two machines", "7-two-machines", "eth0", "arp or udp or icmp", two_machines),
]


@contextlib.contextmanager
def played(interface, wire, play):
    """The path of a capture of the play."""
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Room(folder)) as room:
        path = os.path.join(folder, "play.pcapng")
        capture = room.start(["capture", "-q", "-i", interface, "-f", wire, "-w", path], ready=True)
        play(room)
        capture.ends(signal.SIGTERM)
        yield path


def patient(text):
    """Expectations for a machine that is busy: what takes a second may take as long as a test waits."""
    return text.replace("within 1s", f"within {PATIENCE}s")
