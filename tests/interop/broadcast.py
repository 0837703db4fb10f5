# SPDX-License-Identifier: BSD-2-Clause
"""The broadcast programs of both sides, in a network of the test's own: rows of (title, function, arguments)."""
import functools
import re
import socket
import subprocess

import tap
import programs
from peers import MOMENT, PATIENCE
from programs import expect, sonde
from served import FORMATS

PORT, ADDRESS, DIRECTED, LIMITED = 6666, "10.9.0.1", "10.9.0.255", "255.255.255.255"
LISTENER_READS = 128  # octets: what the course's listener asks for
LINKS = f"""link add lab0 type veth peer name lab1
link set lab1 up
address add {ADDRESS}/24 broadcast {DIRECTED} dev lab0
link set lab0 up
route add default dev lab0
"""


@functools.cache
def network():
    """An interface that can broadcast; what is sent there is heard here as well."""
    if not programs.own:
        return "a network namespace needs CAP_SYS_ADMIN"
    try:
        done = subprocess.run(["ip", "-batch", "-"], input=LINKS, text=True, stderr=subprocess.PIPE, check=False)
    except FileNotFoundError:
        return "ip is not installed"
    return f"no interface for broadcasts: {done.stderr.strip()}" if done.returncode else None


def need_network():
    if network():
        raise tap.Skip(network())


def datagrams(bound=None):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(PATIENCE)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if bound is not None:
        s.bind((bound, PORT))
    return s


def heard(bound, words, typed, *wanted):
    """sonde broadcasts, and somebody's listener hears that, datagram by datagram."""
    need_network()
    with datagrams(bound) as s:
        speaker = sonde(*words)
        speaker.says(typed)
        speaker.ends()
        for datagram in wanted:
            expect("the listener", s.recv(LISTENER_READS).decode(), datagram)
        expect("the exit status", speaker.status(), 0)
        return speaker


def heard_cut():
    """What the listener will cut is said when it is sent."""
    speaker = heard(LIMITED, ("chat", "speak", "--user", "alice"), b"x" * 200 + b"\n", "alice: " + "x" * (LISTENER_READS - 7))
    expect("what is said about it", any("first 128" in line for line in speaker.errors), True)


def listens(words, sent, lines):
    """Somebody broadcasts, and sonde and another listener on the same port both hear it."""
    need_network()
    with datagrams("") as other, datagrams() as sender:
        listener = sonde(*words, "--count", len(sent), "--timeout", "60s")
        listener.hears(f"listening on 0.0.0.0:{PORT} udp")
        for octets, to in sent:
            sender.sendto(octets, (to, PORT))
            expect("the other listener", other.recv(2048), octets)
        listener.hears(*lines)
        expect("the exit status", listener.status(), 0)


ALICE = ("chat", "speak", "--user", "alice")
ANNOUNCE = ("date", "announce", "--user", "student", "--count", "3", "--every", "10ms")
ANNOUNCED = re.compile("student " + FORMATS["python"])
PLACES = {"255.255.255.255, as the course's": (LIMITED, ()), "any address": ("", ()),
          "the network's own": (DIRECTED, ("--to", DIRECTED)), "any address, sent to the network's own": ("", ("--to", DIRECTED))}
DATES = [b"bob " + str(MOMENT).encode(), b"alice 2026-11-22 14:00:01\n"]
LINES = [b"bob: hi\n", "bob: déjà vu".encode(), b"[bob] hi\r\n", b"\x1b[2Jrubbish\xff"]

ROWS = [(f"chat speak, a listener bound to {place}", heard, bound, (*ALICE, *to), "hello\ndéjà vu\n".encode(), "alice: hello",
         "alice: déjà vu") for place, (bound, to) in PLACES.items()]
ROWS += [(f"date announce, a listener bound to {place}", heard, bound, (*ANNOUNCE, *to), b"", *[ANNOUNCED] * 3)
         for place, (bound, to) in PLACES.items()]
ROWS += [
    ("chat speak --terminator lf", heard, LIMITED, (*ALICE, "--terminator", "lf"), b"hello\n", "alice: hello\n"),
    ("chat speak, a line that the course's listener cuts", heard_cut),
    ("date listen", listens, ("date", "listen", "-4"), [(DATES[0], LIMITED), (DATES[1], DIRECTED)],
     ["bob 2026-11-22 14:00:00.123456", "alice 2026-11-22 14:00:01"]),
    ("chat listen", listens, ("chat", "listen", "-4"), [(line, to) for line in LINES for to in (LIMITED, DIRECTED)],
     [line for line in ("bob: hi", "bob: déjà vu", "[bob] hi", r"\x1b[2Jrubbish\xff") for _ in range(2)]),
]
