# SPDX-License-Identifier: BSD-2-Clause
"""The roles that sonde plays, each between two hosts with sonde capture watching the wire between them."""
import contextlib
import difflib
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "check")]
import hosts
import tap

PATIENCE = 60  # seconds; only a program that hangs needs them
CLIENT, SERVER = ("10.0.0.2", "fd00::2"), ("10.0.0.1", "fd00::1")
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "USER": "student"}
# Pure acknowledgements say nothing about a chat, and there are many: a segment is wanted that has SYN, FIN or a payload.
CHAT_FILTER = ("tcp port 5000 and (tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 or "
               "ip[2:2] - ((ip[0] & 15) << 2) - ((tcp[12] & 240) >> 2) != 0)")
CHAT_FILTER_V6 = "tcp port 5000 and (ip6[53] & 3 != 0 or ip6[4:2] - ((ip6[52] & 240) >> 2) != 0)"


class Failed(Exception):
    pass


class Player:
    """A process of sonde on a host. Its standard error goes to a file, which is shown when it fails."""

    def __init__(self, host, words, folder, ready):
        self.words = " ".join(words)
        self.output = b""
        self.errors = tempfile.NamedTemporaryFile(dir=folder)
        ours, theirs = os.pipe()
        words = [tap.SONDE, *words] + (["--ready-fd", str(theirs)] if ready else [])
        self.process = subprocess.Popen(host.command(words), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
                                        stderr=self.errors, pass_fds=[theirs] if ready else [], env=ENVIRONMENT)
        os.close(theirs)
        with open(ours, "rb", buffering=0) as end:
            if ready and not (select.select([end], [], [], PATIENCE)[0] and end.read(1)):
                raise self.failed("was not ready")

    def failed(self, why):
        with open(self.errors.name, encoding="utf-8", errors="backslashreplace") as file:
            return Failed(f"sonde {self.words}: {why}\nstandard output: {self.output!r}\nstandard error: {file.read()}")

    def says(self, text):
        """Waits until standard output has had this, and forgets what was up to it."""
        wanted, deadline = text.encode(), time.monotonic() + PATIENCE
        while wanted not in self.output:
            left = deadline - time.monotonic()
            octets = b""
            if left > 0 and select.select([self.process.stdout], [], [], left)[0]:
                octets = os.read(self.process.stdout.fileno(), 65536)
            if not octets:
                raise self.failed(f"did not say {text!r}")
            self.output += octets
        self.output = self.output.partition(wanted)[2]

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def ends(self, number=None, wanted=0):
        """Ends by itself, or when a signal tells it to, with that status."""
        if number is not None:
            self.process.send_signal(number)
        self.process.stdin.close()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise self.failed("did not end") from None
        if status != wanted:
            raise self.failed(f"ended with status {status}")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for file in (self.process.stdin, self.process.stdout, self.errors):
            with contextlib.suppress(BrokenPipeError):
                file.close()


class Stage:
    """Two hosts, `client` and `server`, and who plays on them."""

    def __init__(self, folder):
        self.folder = folder
        self.players = []
        self.hosts = {"client": hosts.Host(), "server": hosts.Host()}
        hosts.join(list(self.hosts.values()), ["eth0"] * 2,
                   [[f"{address[0]}/24", f"{address[1]}/64"] for address in (CLIENT, SERVER)])

    def start(self, host, words, ready=False):
        words = words if isinstance(words, list) else words.split()
        self.players.append(Player(self.hosts[host], words, self.folder, ready))
        return self.players[-1]

    def close(self):
        for player in self.players:
            player.close()
        for host in self.hosts.values():
            host.close()


# ------------------------------------------------------------------------------------------------ plays

def ask(stage, server, client, says):
    """A server, and a client that gets its answers and ends."""
    serving = stage.start("server", server, ready=True)
    asking = stage.start("client", client)
    for text in says:
        asking.says(text)
    asking.ends()
    serving.ends(signal.SIGTERM)


def ask_everybody(stage, server, client, says):
    """The client does not know how many answer, and waits until it is told to end."""
    serving = stage.start("server", server, ready=True)
    asking = stage.start("client", client)
    for text in says:
        asking.says(text)
    asking.ends(signal.SIGTERM, -signal.SIGTERM)
    serving.ends(signal.SIGTERM)


def broadcast(stage, speaker, listeners, lines, says):
    """One speaks, all listen."""
    listening = [stage.start("server", listener, ready=True) for listener in listeners]
    speaking = stage.start("client", speaker)
    speaking.type(lines)
    speaking.ends()
    for listener in listening:
        for text in says:
            listener.says(text)
        listener.ends()


def chat(stage, option, address, local):
    """bob sits beside the server, so that only what alice sends and gets is on the wire."""
    server = stage.start("server", f"chat server {option}", ready=True)
    bob = stage.start("server", f"chat client {local} --user bob")
    bob.says("bob joined\n")
    alice = stage.start("client", f"chat client {address} --user alice")
    alice.says("alice joined\n")
    bob.says("alice joined\n")
    alice.type("hello bob\n")
    bob.says("alice: hello bob\n")
    bob.type("@alice meet me at noon\n")
    alice.says("bob -> alice: meet me at noon\n")
    alice.ends()
    bob.says("alice left\n")
    bob.ends()
    server.ends(signal.SIGTERM)


# name of the golden, capture filter, play, its arguments
ROLES = [
    ("date/role-udp-v4", "udp port 5555", ask, "date server", "date client 10.0.0.1", ["20"]),
    ("date/role-udp-v6", "udp port 5555", ask, "date server", "date client fd00::1", ["20"]),
    ("date/role-tcp-v4", "tcp port 5555", ask, "date server -t", "date client -t 10.0.0.1", ["20"]),
    ("date/role-tcp-v6", "tcp port 5555", ask, "date server -t", "date client -t fd00::1", ["20"]),
    ("date/role-words", "udp port 5555", ask, "date server --answer word --user alice",
     "date client 10.0.0.1 --request user", ["alice"]),
    ("date/role-broadcast", "udp port 5555", ask_everybody, "date server",
     f"date client --broadcast --timeout {PATIENCE}s", ["20"]),
    ("date/role-announce", "udp port 6666", broadcast, "date announce --user alice --count 2 --every 100ms",
     ["date listen --count 2"], "", ["alice 20", "alice 20"]),
    ("echo/role-udp-v4", "udp port 3500", ask, "echo server", ["echo", "client", "10.0.0.1", "hello echo", "again"],
     ["hello echo", "again"]),
    ("echo/role-udp-v6", "udp port 3500", ask, "echo server", ["echo", "client", "fd00::1", "hello echo", "again"],
     ["hello echo", "again"]),
    ("echo/role-tcp-v4", "tcp port 3500", ask, "echo server", ["echo", "client", "-t", "10.0.0.1", "hello stream"],
     ["hello stream"]),
    ("echo/role-tcp-v6", "tcp port 3500", ask, "echo server", ["echo", "client", "-t", "fd00::1", "hello stream"],
     ["hello stream"]),
    ("chat/role-broadcast", "udp port 6666", broadcast, "chat speak --user alice", ["chat listen --count 2"] * 2,
     "hello everybody\nand hello again\n", ["alice: hello everybody", "alice: and hello again"]),
    ("chat/role-tcp-v4", CHAT_FILTER, chat, "-4", SERVER[0], "127.0.0.1"),
    ("chat/role-tcp-v6", CHAT_FILTER_V6, chat, "-6", SERVER[1], "::1"),
]
NAMES = [role[0] for role in ROLES]


def run(role, path):
    """Plays a role and leaves its capture in the file; raises Failed."""
    _, wire, play, *arguments = role
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Stage(folder)) as stage:
        capture = stage.start("client", ["capture", "-q", "-i", "eth0", "-f", wire, "-w", path], ready=True)
        play(stage, *arguments)
        capture.ends(signal.SIGTERM)


# ------------------------------------------------------------------------------------------------ what was said

DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?")
MOMENTS = ("date.time", "date.clock_offset")
# Numbers of frames, how long it took and who came first: chance.
CHANCE = ("request_in", "response_time", "late", "line_in", "receiver", "peer")


def packets(path):
    done = subprocess.run([tap.SONDE, "read", "-n", "-T", "json", path], stdout=subprocess.PIPE, check=True,
                          env=ENVIRONMENT)
    return [packet for packet in map(json.loads, done.stdout.splitlines()) if "frame" in packet]


def lab(packet):
    """The fields of each layer of date, echo and chat, without what differs from run to run."""
    found = []
    for protocol in ("date", "echo", "chat"):
        layers = packet.get(protocol, [])
        for layer in layers if isinstance(layers, list) else [layers]:
            found.append(" ".join(f"{name}={'*' if name in MOMENTS else plain(value)}" for name, value in layer.items()
                                  if name.split(".")[-1] not in CHANCE))
    return found


def plain(value):
    return DATE.sub("<date>", json.dumps(value, ensure_ascii=False))


class View:
    """
    The dialogue of a capture as lines that are the same in every run, on the slowest machine too: datagrams in the order
    in which they came, then each direction of each connection. Which way of a connection was first is left to chance
    where neither side waits for the other, and so is how many messages are in a segment.
    """

    def __init__(self, path):
        self.ports = {}  # those that the kernel chose, by the order in which they appear
        self.flows = {}  # lines of each direction of a connection; of all datagrams: None
        self.seen = set()
        for packet in packets(path):
            self.add(packet)

    def port(self, number):
        return f"P{self.ports.setdefault(number, len(self.ports) + 1)}" if number >= 32768 else str(number)

    def add(self, packet):
        version, protocol = "ip" if "ip" in packet else "ipv6", "udp" if "udp" in packet else "tcp"
        transport = packet[protocol]
        source, destination = (f"{packet[version][f'{version}.{end}']} port {self.port(transport[f'{protocol}.{end}port'])}"
                               for end in ("src", "dst"))
        flow = f"{source} > {destination}"
        line = f"{packet['frame']['frame.protocols']} {flow}"
        if protocol == "udp":
            self.flows.setdefault(None, []).append(" ".join([line] + lab(packet)))
            return
        lines = self.flows.setdefault(flow, [])
        for what, said in (("SYN", [f"{flow} SYN"] if transport["tcp.flags.syn"] else []),
                           (transport["tcp.seq_raw"], [f"{line} {words}" for words in lab(packet)]),
                           ("FIN", [f"{flow} FIN"] if transport["tcp.flags.fin"] else [])):
            if said and (flow, what) not in self.seen:  # what was sent again counts once
                self.seen.add((flow, what))
                lines += said

    def lines(self):
        return [line + "\n" for flow in self.flows.values() for line in flow]


def difference(expected, actual):
    return list(difflib.unified_diff(View(expected).lines(), View(actual).lines(), "golden", "captured now"))


def golden(name):
    return os.path.join(tap.SOURCE, "pcaps", name + ".pcapng")
