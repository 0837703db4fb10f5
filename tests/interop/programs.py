# SPDX-License-Identifier: BSD-2-Clause
"""Running programs that talk to each other, without ever waiting for time: for lines, for ends, or for nothing."""
import ctypes
import fcntl
import os
import queue
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../check"))
import tap
from peers import HOST, PATIENCE

CLONE_NEWNET, IFF_UP, SIOCSIFFLAGS = 0x40000000, 1, 0x8914


own = False  # whether the network is the test's


def own_network():
    """A namespace with nothing but loopback, when this user may have one; else all happens on the machine's loopback."""
    global own
    own = ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) == 0
    if own:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


class Unexpected(Exception):
    """What came is not what should have come."""


def matches(got, wanted):
    if isinstance(wanted, re.Pattern):
        return got is not None and wanted.fullmatch(got) is not None
    return got == wanted


def expect(what, got, wanted):
    if not matches(got, wanted):
        raise Unexpected(f"{what}: got {got!r}, not {wanted!r}")


class Speaker:
    """Whoever sends octets and is answered with lines: what is heard is read by a thread, line by line."""

    def __init__(self, file, stray=()):
        self.lines = queue.Queue()
        self.stray = stray
        threading.Thread(target=self.read, args=(file,), daemon=True).start()

    def read(self, file):
        """Without its end, LF or CRLF; None is the end."""
        with file:
            try:
                for line in file:
                    line = line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="backslashreplace")
                    if not line.startswith(tuple(self.stray)):
                        self.lines.put(line)
            except OSError as error:
                self.lines.put(f"({error})")
        self.lines.put(None)

    def hears(self, *wanted):
        """The next lines are these: strings, patterns, or None for the end."""
        for line in wanted:
            try:
                got = self.lines.get(timeout=PATIENCE)
            except queue.Empty:
                raise Unexpected(f"{self}: nothing came in {PATIENCE} s, not {line!r}") from None
            if not matches(got, line):
                raise Unexpected(f"{self}: got {got!r}, not {line!r}{self.trouble()}")

    def trouble(self):
        return ""


class Program(Speaker):
    # What telnet says itself.
    STRAY = {"telnet": ("Trying ", "Connected to ", "Escape character is ")}
    started = []

    def __init__(self, *words, stray=()):
        self.words = [str(word) for word in words]
        if not shutil.which(self.words[0]):
            raise tap.Skip(f"{self.words[0]} is not installed")
        self.errors = []
        self.process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        Program.started.append(self)
        super().__init__(self.process.stdout, (*stray, *self.STRAY.get(self.words[0], ())))
        self.grumble = threading.Thread(target=self.read_errors, daemon=True)
        self.grumble.start()

    def __str__(self):
        return " ".join(os.path.basename(word) for word in self.words)

    def read_errors(self):
        with self.process.stderr as file:
            self.errors += file.read().decode(errors="backslashreplace").splitlines()

    def trouble(self):
        if self.process.poll() is None:
            return ""
        self.grumble.join(PATIENCE)
        return "".join(f"; {line}" for line in self.errors)

    def says(self, octets):
        self.process.stdin.write(octets)

    def ends(self):
        """Says no more."""
        self.process.stdin.close()

    def status(self):
        """Its exit status, once it has ended by itself."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Unexpected(f"{self}: does not end") from None
        self.grumble.join(PATIENCE)
        return status

    def leaves(self):
        """However it feels about it."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        if not self.process.stdin.closed:
            self.process.stdin.close()


def end_all():
    """Whatever a row that failed has left."""
    while Program.started:
        Program.started.pop().leaves()


class Guest(Speaker):
    """A few lines of Python with a connection."""

    def __init__(self, port, stray=()):
        self.socket = connected(port, socket.SOCK_STREAM)
        super().__init__(self.socket.makefile("rb"), stray)

    def __str__(self):
        return "python"

    def says(self, octets):
        self.socket.sendall(octets)

    def leaves(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)  # the reading thread still holds the socket
        except OSError:
            pass  # the server was first
        self.socket.close()


def connected(port, kind):
    s = socket.socket(socket.AF_INET, kind)
    s.settimeout(PATIENCE)
    s.connect((HOST, port))
    if kind == socket.SOCK_STREAM:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def sonde(*words):
    return Program(tap.SONDE, *words)


class SondeServer:
    """`with SondeServer("date", "--answer", "word") as port:` and it has ended well afterwards."""

    def __init__(self, service, *options):
        self.words = (service, "server", "--bind", HOST, "-p", 0, *options)

    def __enter__(self):
        self.program = sonde(*self.words)
        line = self.program.lines.get(timeout=PATIENCE) or ""
        if not line.startswith(f"listening on {HOST}:"):
            raise Unexpected(f"{self.program}: got {line!r}{self.program.trouble()}")
        return int(line.removeprefix(f"listening on {HOST}:").split()[0])

    def __exit__(self, kind, *_):
        if kind is None and self.program.process.poll() is not None:
            raise Unexpected(f"{self.program}: ended{self.program.trouble()}")
        self.program.process.terminate()
        status = self.program.status()
        if kind is None and status:
            raise Unexpected(f"{self.program}: ended with {status}{self.program.trouble()}")
