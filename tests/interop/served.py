# SPDX-License-Identifier: BSD-2-Clause
"""Other people's clients, and nc, telnet and socat, served by sonde: rows of (title, function, arguments)."""
import re
import socket

from peers import HOST
from programs import Guest, Program, SondeServer, connected, expect

# The client programs, as a student starts them.
ASKERS = {
    "nc": lambda port: ("nc", HOST, port),
    "nc, UDP": lambda port: ("nc", "-u", HOST, port),
    "telnet": lambda port: ("telnet", HOST, port),
    "socat": lambda port: ("socat", "-", f"TCP4:{HOST}:{port}"),
    "socat, UDP": lambda port: ("socat", "-", f"UDP4:{HOST}:{port}"),
    # Sends an empty datagram at the end of its input, and goes on listening.
    "socat, UDP, shut-null": lambda port: ("socat", "-t", "60", "-", f"UDP4:{HOST}:{port},shut-null"),
}


def started(name, port, stray=()):
    return Program(*ASKERS[name](port), stray=stray) if name in ASKERS else Guest(port, stray)


# ------------------------------------------------------------------------------------------------ date

DAY, MONTH = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
CLOCK = r"\d\d:\d\d:\d\d"
FORMATS = {
    "python": rf"\d{{4}}-\d\d-\d\d {CLOCK}(\.\d{{6}})?",
    "python-nofraction": rf"\d{{4}}-\d\d-\d\d {CLOCK}",
    "iso": rf"\d{{4}}-\d\d-\d\dT{CLOCK}(\.\d{{6}})?(Z|[+-]\d\d:\d\d)",
    "ctime": rf"{DAY} {MONTH} [ \d]\d {CLOCK} \d{{4}}",
    "java": rf"{DAY} {MONTH} \d\d {CLOCK} UTC \d{{4}}",
    "dmy": rf"\d\d/\d\d/\d{{4}} {CLOCK}",
    "long": rf"[A-Z][a-z]+day, [A-Z][a-z]+ \d\d?, \d{{4}} {CLOCK}-UTC",
    "rfc868-ascii": r"\d{10}",
    "epoch": r"\d{10}(\.\d{6})?",
}
TERMINATORS = {"none": "", "lf": "\n", "crlf": "\r\n"}
DATE, STUDENT = FORMATS["python"] + "\n", "student\n"

# What clients ask: by two kinds of server.
REQUESTS = [
    ("an empty datagram", b"", DATE, STUDENT),
    ("date", b"date", DATE, DATE),
    ("date and a newline", b"date\n", DATE, DATE),
    ("user", b"user", DATE, STUDENT),
    ("user and free text", b"user tell me who you are", DATE, STUDENT),
    ("a NUL", b"\0", DATE, STUDENT),
    ("time", b"time", DATE, STUDENT),
    ("get datetime", b"get datetime", DATE, STUDENT),
    ("request Datetime", b"request Datetime", DATE, STUDENT),
    ("six octets in binary", b"\x49\x7e\x00\x01\x00\x02", DATE, STUDENT),
    ("text that is no UTF-8", b"\xff\xfe\x80", DATE, STUDENT),
]


def date_request(options, request, wanted):
    with SondeServer("date", *options) as port, connected(port, socket.SOCK_DGRAM) as s:
        s.send(request)
        expect("the answer", s.recv(2048).decode(), re.compile(wanted))


def date_format(name, terminator, kind):
    options = ("--format", name, "--terminator", terminator)
    wanted = re.compile(FORMATS[name] + TERMINATORS[terminator])
    with SondeServer("date", *options, "-t" if kind == socket.SOCK_STREAM else "-u") as port, connected(port, kind) as s:
        if kind == socket.SOCK_DGRAM:
            s.send(b"")
            expect("the answer", s.recv(2048).decode(), wanted)
        else:
            with s.makefile("rb") as stream:
                expect("the stream", stream.read().decode(), wanted)


def date_binary(kind):
    with SondeServer("date", "--format", "rfc868", "-t" if kind == socket.SOCK_STREAM else "-u") as port, \
            connected(port, kind) as s:
        if kind == socket.SOCK_DGRAM:
            s.send(b"")
        expect("the number of octets", len(s.recv(2048)), 4)


def date_by(name, says, transport="-u"):
    with SondeServer("date", transport) as port:
        asker = started(name, port)
        try:
            if says is None:
                asker.ends()
            elif says:
                asker.says(says)
            asker.hears(re.compile(FORMATS["python"]))
            if transport == "-t" and name != "nc":  # which goes on until its input ends as well
                asker.hears(None)
        finally:
            asker.leaves()


ROWS = [(f"date server, {what}", date_request, (), request, any_answer) for what, request, any_answer, _ in REQUESTS]
ROWS += [(f"date server --answer word, {what}", date_request, ("--answer", "word", "--user", "student"), request, answer)
         for what, request, _, answer in REQUESTS]
ROWS += [(f"date server --format {name} --terminator {end}, UDP", date_format, name, end, socket.SOCK_DGRAM)
         for name, end in zip(FORMATS, ["lf", "none", "crlf"] * 3)]
ROWS += [(f"date server --format {name} --terminator {end}, TCP", date_format, name, end, socket.SOCK_STREAM)
         for name, end in zip(FORMATS, ["crlf", "lf", "none"] * 3)]
ROWS += [
    ("date server --format rfc868, UDP", date_binary, socket.SOCK_DGRAM),
    ("date server --format rfc868, TCP", date_binary, socket.SOCK_STREAM),
    ("date server asked by nc", date_by, "nc, UDP", b"date\n"),
    ("date server asked by socat", date_by, "socat, UDP", b"date\n"),
    ("date server asked by socat with an empty datagram", date_by, "socat, UDP, shut-null", None),
    ("date server asked by nc, TCP", date_by, "nc", b"", "-t"),
    ("date server asked by telnet, TCP", date_by, "telnet", b"", "-t"),
    ("date server asked by socat, TCP", date_by, "socat", b"", "-t"),
]

# ------------------------------------------------------------------------------------------------ echo

TEXTS = {
    "a word": b"hello",
    "nothing": b"",
    "a NUL": b"\0",
    "accents": "déjà vu\n".encode(),
    "no UTF-8": bytes(range(256)),
    "60000 octets": bytes(range(250)) * 240,
}


def echo_datagram(text):
    with SondeServer("echo") as port, connected(port, socket.SOCK_DGRAM) as s:
        s.send(text)
        expect("the echo", s.recv(65536), text)


def echo_one_recv(text):
    """sendall without newline, then one recv; the connection stays open."""
    with SondeServer("echo") as port, connected(port, socket.SOCK_STREAM) as s:
        for _ in range(3):
            s.sendall(text)
            got = b""
            while len(got) < len(text):
                got += s.recv(len(text) - len(got))
            expect("the echo", got, text)


def echo_until_end(text):
    """All at once, the end of our side, then everything that comes."""
    with SondeServer("echo") as port, connected(port, socket.SOCK_STREAM) as s:
        s.sendall(text)
        s.shutdown(socket.SHUT_WR)
        with s.makefile("rb") as stream:
            expect("the echo", stream.read(), text)


def echo_by(name):
    with SondeServer("echo") as port:
        asker = started(name, port)
        try:
            for line in "hello", "déjà vu", "x" * 500:
                asker.says(line.encode() + b"\n")
                asker.hears(line)
        finally:
            asker.leaves()


ROWS += [(f"echo server, UDP, {what}", echo_datagram, text) for what, text in TEXTS.items()]
ROWS += [(f"echo server, TCP, {what}", echo_one_recv, text) for what, text in TEXTS.items() if text]
ROWS += [("echo server, TCP, until the end of both sides", echo_until_end, TEXTS["60000 octets"]),
         ("echo server, TCP, an end without a word", echo_until_end, b"")]
ROWS += [(f"echo server talked to by {name}", echo_by, name) for name in ("nc", "nc, UDP", "telnet", "socat", "socat, UDP")]

# ------------------------------------------------------------------------------------------------ chat


def chat(guests, *steps):
    """
    guests: name: program. A step: (who, what it sends; None: it leaves, what others hear: {name: line or lines}). Whoever
    is first named by a step connects then.
    """
    here = {}
    with SondeServer("chat") as port:
        try:
            for who, octets, heard in steps:
                if who not in here:
                    here[who] = started(guests[who], port, ("* welcome:",))
                if octets is None:
                    here.pop(who).leaves()
                else:
                    here[who].says(octets)
                for name, line in heard.items():
                    here[name].hears(*[line] if isinstance(line, str) else line)
        finally:
            for guest in here.values():
                guest.leaves()


PYTHON = {"alice": "python", "bob": "python", "carol": "python"}


def everybody(line, *names):
    return dict.fromkeys(names, line)


def private(text):
    return everybody(f"[private] alice -> bob: {text}", "alice", "bob")


BOB_IS_HERE = ("bob", b"bob\n", {"bob": "* bob joined"})
ALICE_JOINS = ("alice", b"/nick alice\n", everybody("* alice joined", "alice", "bob"))
ALICE_JOINS_UNENDED = ("alice", b"alice", everybody("* alice joined", "alice", "bob"))
ALICE_LEAVES = ("alice", None, {"bob": "* alice left"})

JOINS = [b"alice\n", b"alice\r\n", b"alice", b"alice\0", b"/nick alice\n", b"/name alice\r\n", b"/username alice\n",
         b"\\nick alice\n", b"NICKNAME alice\n", b"login;alice\n", b"SIGNUP_TAG: alice\n", b"alice:online\n", b"/nick alice",
         b"  alice \n"]
PRIVATES = [b"@bob psst\n", b"/msg bob psst\n", b"/pm bob psst\n", b"/w bob psst\n", b"@BOB psst\r\n", b"@bob psst", b"/pm bob psst"]
LEAVES = [b"/quit\n", b"/quit", b"/quit\r\n", b"/exit\n", b"/leave\n", b"/logout\n"]


def joins_as(octets):
    """Who ends lines does so from the beginning."""
    return ALICE_JOINS if octets.endswith(b"\n") else ALICE_JOINS_UNENDED



ROWS += [(f"chat server, named by {octets!r}", chat, PYTHON, BOB_IS_HERE,
          ("alice", octets, everybody("* alice joined", "alice", "bob")), ("alice", b"hi\n", {"bob": "alice: hi"}), ALICE_LEAVES)
         for octets in JOINS]
ROWS += [(f"chat server, a private line by {octets!r}", chat, PYTHON, BOB_IS_HERE, joins_as(octets), ("alice", octets, private("psst")),
          ALICE_LEAVES) for octets in PRIVATES]
ROWS += [(f"chat server, left by {octets!r}", chat, PYTHON, BOB_IS_HERE, joins_as(octets),
          ("alice", octets, {"bob": "* alice left", "alice": ("* bye: you have left", None)})) for octets in LEAVES]
ROWS += [
    ("chat server, left without a word", chat, PYTHON, BOB_IS_HERE, ALICE_JOINS, ALICE_LEAVES),
    ("chat server, left by 'exit' that the server does not know", chat, PYTHON, BOB_IS_HERE, ALICE_JOINS,
     ("alice", b"exit\n", {"bob": "alice: exit"}), ALICE_LEAVES),
    ("chat server, never a newline", chat, PYTHON, ("alice", b"alice", {"alice": "* alice joined"}),
     ("bob", b"bob", everybody("* bob joined", "alice", "bob")), ("alice", b"hello", {"bob": "alice: hello"}),
     ("bob", "déjà vu".encode(), {"alice": "bob: déjà vu"}), ALICE_LEAVES),
    ("chat server, strings of C", chat, PYTHON, BOB_IS_HERE, ("alice", b"alice\n\0", everybody("* alice joined", "alice", "bob")),
     ("alice", b"one\n\0two\n\0", {"bob": ("alice: one", "alice: two")}), ALICE_LEAVES),
    ("chat server, two lines in a segment, one in two", chat, PYTHON, BOB_IS_HERE, ALICE_JOINS,
     ("alice", b"one\ntwo\nthr", {"bob": ("alice: one", "alice: two")}), ("alice", b"ee\n", {"bob": "alice: three"}), ALICE_LEAVES),
    ("chat server, a taken name, an unknown receiver", chat, PYTHON, BOB_IS_HERE,
     ("alice", b"Bob\n", {"alice": "* refused: the name bob is taken"}), ALICE_JOINS,
     ("alice", b"@nobody psst\n", {"alice": "* refused: nobody here is called nobody; /list says who is here"}), ALICE_LEAVES),
    ("chat server, a private line is nobody else's", chat, PYTHON, BOB_IS_HERE, ALICE_JOINS,
     ("carol", b"carol\n", everybody("* carol joined", "alice", "bob", "carol")), ("alice", b"@bob psst\n", private("psst")),
     ("alice", b"to all\n", everybody("alice: to all", "bob", "carol"))),
    ("chat server with nc, telnet and socat", chat, {"alice": "nc", "bob": "telnet", "carol": "socat"}, BOB_IS_HERE, ALICE_JOINS,
     ("carol", b"carol\n", everybody("* carol joined", "alice", "bob", "carol")),
     ("bob", "à tous\n".encode(), everybody("bob: à tous", "alice", "carol")),
     ("alice", b"@bob psst\n", private("psst")), ("carol", b"/nick caro\n", everybody("* carol is now known as caro", "alice", "bob", "carol")),
     ("alice", None, everybody("* alice left", "bob", "carol")), ("bob", b"/quit\n", {"carol": "* bob left"})),
]
