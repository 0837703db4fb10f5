#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The lab's programs, both sides, with nothing but Python's standard library.

    talk.py serve [ROLE...]              serve until stopped; says "ready ROLE" for each, then "ready"
    talk.py speak --to ADDRESS [ROLE...] talk to it, check every answer, then end

Roles: date (5555/udp), echo (3500/udp and tcp), broadcast (6666/udp), chat (5000/tcp). Default: all.
"""
import argparse
import datetime
import selectors
import socket
import sys

PORTS = {"date": 5555, "echo": 3500, "broadcast": 6666, "chat": 5000}
PATIENCE = 60  # seconds that speak waits for an answer before it gives up


def udp_socket(port=0, options=None):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if options is not None:  # a socket for broadcasts
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        if options.interface:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, options.interface.encode())
    s.bind(("", port))
    return s


def tcp_listener(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    s.listen()
    return s


# ------------------------------------------------------------------------------------------------ servers
# A role takes (loop, options), opens its sockets and registers what to do when one is readable.


def serve_date(loop, options):
    def answer(s):
        request, peer = s.recvfrom(2048)
        if request in (b"", b"date"):
            reply = options.date or str(datetime.datetime.now())
        else:
            reply = "student"
        s.sendto(reply.encode() + b"\n", peer)

    loop.register(udp_socket(options.ports["date"]), selectors.EVENT_READ, answer)


def serve_echo(loop, options):
    def datagram(s):
        data, peer = s.recvfrom(65535)
        s.sendto(data, peer)

    def connection(listener):
        s, _ = listener.accept()
        loop.register(s, selectors.EVENT_READ, stream)

    def stream(s):
        data = s.recv(65536)
        if data:
            s.sendall(data)
        else:
            loop.unregister(s)
            s.close()

    loop.register(udp_socket(options.ports["echo"]), selectors.EVENT_READ, datagram)
    loop.register(tcp_listener(options.ports["echo"]), selectors.EVENT_READ, connection)


def serve_broadcast(loop, options):
    def answer(s):
        line, _ = s.recvfrom(2048)
        nick = line.split(b":")[0]
        if nick != b"bob":
            s.sendto(b"bob: hello " + nick, ("255.255.255.255", options.ports["broadcast"]))

    loop.register(udp_socket(options.ports["broadcast"], options), selectors.EVENT_READ, answer)


class ChatRoom:
    """Lines for everyone, @nick for one, /nick and /quit."""

    def __init__(self, loop):
        self.loop = loop
        self.nicks = {}
        self.pending = {}

    def everyone(self, line, but=None):
        for s in list(self.nicks):
            if s is not but:
                s.sendall(line.encode() + b"\n")

    def enter(self, listener):
        s, _ = listener.accept()
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending[s] = b""
        self.loop.register(s, selectors.EVENT_READ, self.hear)

    def leave(self, s):
        self.loop.unregister(s)
        s.close()
        del self.pending[s]
        nick = self.nicks.pop(s, None)
        if nick:
            self.everyone(f"* {nick} left")

    def hear(self, s):
        data = s.recv(4096)
        self.pending[s] += data
        if not data:
            self.leave(s)
            return
        while s in self.pending and b"\n" in self.pending[s]:
            line, self.pending[s] = self.pending[s].split(b"\n", 1)
            self.obey(s, line.decode())

    def obey(self, s, line):
        nick = self.nicks.get(s)
        word, _, rest = line.partition(" ")
        if word == "/nick":
            self.nicks[s] = rest
            self.everyone(f"* {rest} joined")
        elif word == "/quit":
            self.leave(s)
        elif word.startswith("@"):
            self.whisper(s, word[1:], f"[private] {nick} -> {word[1:]}: {rest}")
        else:
            self.everyone(f"{nick}: {line}", but=s)

    def whisper(self, s, to, line):
        found = [peer for peer, nick in self.nicks.items() if nick == to]
        if found:
            found[0].sendall(line.encode() + b"\n")
        else:
            s.sendall(f"User {to} not found.\n".encode())


def serve_chat(loop, options):
    room = ChatRoom(loop)
    loop.register(tcp_listener(options.ports["chat"]), selectors.EVENT_READ, room.enter)


# ------------------------------------------------------------------------------------------------ clients
# A role takes options, talks, and raises Disagreement when an answer is not what it should be.


class Disagreement(Exception):
    pass


def expect(got, wanted, what):
    if got != wanted:
        raise Disagreement(f"{what}: got {got!r}, not {wanted!r}")


def ask(options, port, message):
    with udp_socket(options.next_port()) as s:
        s.settimeout(PATIENCE)
        s.connect((options.to, port))
        s.send(message)
        return s.recv(65535)


def connect(options, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    s.settimeout(PATIENCE)
    s.bind(("", options.next_port()))
    s.connect((options.to, port))
    return s


def speak_date(options):
    for request in (b"", b"date"):
        reply = ask(options, options.ports["date"], request).decode()
        if not reply.endswith("\n"):
            raise Disagreement(f"date: {reply!r} does not end with a newline")
        datetime.datetime.fromisoformat(reply.strip())


def speak_echo(options):
    message = b"hello echo"
    expect(ask(options, options.ports["echo"], message), message, "echo over UDP")
    with connect(options, options.ports["echo"]) as s, s.makefile("rb") as lines:
        for message in (b"hello stream\n", "d\u00e9j\u00e0 vu\n".encode()):
            s.sendall(message)
            expect(lines.readline(), message, "echo over TCP")


def speak_broadcast(options):
    with udp_socket(options.ports["broadcast"], options) as s:
        s.settimeout(PATIENCE)
        s.sendto(b"alice: hello everybody", ("255.255.255.255", options.ports["broadcast"]))
        line = s.recv(2048)
        if line.startswith(b"alice:"):  # our own, heard by ourselves
            line = s.recv(2048)
        expect(line, b"bob: hello alice", "broadcast")


class Guest:
    def __init__(self, options, nick):
        self.socket = connect(options, options.ports["chat"])
        self.lines = self.socket.makefile("r", encoding="utf-8", newline="\n")
        self.say(f"/nick {nick}")
        self.hears(f"* {nick} joined")

    def say(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def hears(self, line):
        expect(self.lines.readline(), line + "\n" if line else "", "chat")

    def quit(self):
        self.say("/quit")
        self.hears("")
        self.lines.close()
        self.socket.close()


def speak_chat(options):
    alice = Guest(options, "alice")
    bob = Guest(options, "bob")
    alice.hears("* bob joined")
    alice.say("hello bob")
    bob.hears("alice: hello bob")
    bob.say("@alice meet me at noon")
    alice.hears("[private] bob -> alice: meet me at noon")
    alice.quit()
    bob.hears("* alice left")
    bob.quit()


# ------------------------------------------------------------------------------------------------ command line

SERVERS = {"date": serve_date, "echo": serve_echo, "broadcast": serve_broadcast, "chat": serve_chat}
CLIENTS = {"date": speak_date, "echo": speak_echo, "broadcast": speak_broadcast, "chat": speak_chat}


def serve(options):
    loop = selectors.DefaultSelector()
    if options.until_eof:
        loop.register(sys.stdin, selectors.EVENT_READ, None)
    for role in options.roles:
        SERVERS[role](loop, options)
        print("ready", role, flush=True)
    print("ready", flush=True)
    while True:
        for key, _ in loop.select():
            if key.data is not None:
                key.data(key.fileobj)
            elif not sys.stdin.buffer.read1(4096):
                return


def speak(options):
    for role in options.roles:
        CLIENTS[role](options)
        print("done", role, flush=True)


def parse():
    parser = argparse.ArgumentParser(description="The lab's programs: date, echo, broadcast and chat.")
    parser.add_argument("side", choices=("serve", "speak"))
    parser.add_argument("roles", nargs="*", metavar="ROLE", help="date, echo, broadcast or chat; default: all")
    parser.add_argument("--to", default="127.0.0.1", metavar="ADDRESS", help="speak: the server")
    parser.add_argument("--date", help="serve: answer this date, not the clock's: '2026-11-22 14:00:00.123456'")
    parser.add_argument("--interface", help="broadcast over this interface, whatever the routes say")
    parser.add_argument("--from-port", type=int, default=0, metavar="N", help="speak: use the ports N, N+1, ...")
    parser.add_argument("--until-eof", action="store_true", help="serve: end at the end of standard input")
    for role, port in PORTS.items():
        parser.add_argument(f"--{role}-port", type=int, default=port, metavar="N", help=f"default: {port}")
    options = parser.parse_args()
    for role in options.roles:
        if role not in PORTS:
            parser.error(f"no role {role!r}; choose from {', '.join(PORTS)}")
    options.roles = options.roles or list(PORTS)
    options.ports = {role: getattr(options, f"{role}_port") for role in PORTS}
    ports = iter(range(options.from_port, 65536)) if options.from_port else iter(int, 1)
    options.next_port = lambda: next(ports)
    return options


def main():
    options = parse()
    try:
        {"serve": serve, "speak": speak}[options.side](options)
    except KeyboardInterrupt:
        return 0
    except (Disagreement, OSError, ValueError) as problem:
        print(f"talk.py {options.side}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
