# SPDX-License-Identifier: BSD-2-Clause
"""Servers of other people's labs, in the forms that were met: each on a free port of 127.0.0.1, in a thread.

A server hears until the program ends; `heard` is a queue of what reached it, one entry for each recv or recvfrom.
"""
import datetime
import queue
import re
import socket
import struct
import threading

HOST = "127.0.0.1"
PATIENCE = 60  # seconds: only what hangs reaches them

MOMENT = datetime.datetime(2026, 11, 22, 14, 0, 0, 123456)
SINCE_1900 = int((MOMENT - datetime.datetime(1900, 1, 1)).total_seconds())


class Server:
    """Hears on `port`; subclasses say what is done with what comes."""
    kind = socket.SOCK_STREAM

    def __init__(self):
        self.heard = queue.Queue()
        self.socket = socket.socket(socket.AF_INET, self.kind)
        self.socket.bind((HOST, 0))
        self.port = self.socket.getsockname()[1]
        if self.kind == socket.SOCK_STREAM:
            self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, peer = self.socket.accept()
            threading.Thread(target=self.attend, args=(connection, peer), daemon=True).start()

    def attend(self, connection, peer):
        with connection:
            try:
                self.converse(connection, peer)
            except ConnectionError:
                self.heard.put(None)

    def hear(self, connection, most=1024):
        """One recv; an entry of `heard`, the end of the connection included."""
        data = connection.recv(most)
        self.heard.put(data)
        return data

    def next_heard(self):
        return self.heard.get(timeout=PATIENCE)


# ------------------------------------------------------------------------------------------------ date and echo over UDP


class Datagrams(Server):
    """answer: from the request to the reply; None is silence."""
    kind = socket.SOCK_DGRAM

    def __init__(self, answer, most=2048):
        self.answer, self.most = answer, most
        super().__init__()

    def serve(self):
        while True:
            request, peer = self.socket.recvfrom(self.most)
            self.heard.put(request)
            reply = self.answer(request)
            if reply is not None:
                self.socket.sendto(reply, peer)


def constant(reply):
    return lambda request: reply


def by_word(word, reply, otherwise):
    return lambda request: reply if request == word else otherwise


# What arrives, as on the wire.
DATES = {
    "python": str(MOMENT).encode(),
    "python without fraction": str(MOMENT.replace(microsecond=0)).encode(),
    "labelled": f"Date: {MOMENT}".encode(),
    "in parentheses": f"date, time : ({MOMENT})".encode(),
    "ctime": b"Sun Nov 22 14:00:00 2026",
    "java": b"Sun Nov 22 14:00:00 CET 2026",
    "dmy": b"22/11/2026 14:00:00",
    "iso": MOMENT.isoformat().encode(),
    "long": b"Sunday, November 22, 2026 14:00:00",
    "rfc868 in digits": str(SINCE_1900).encode(),
    "rfc868": struct.pack("!I", SINCE_1900),
}

ECHOES = {
    "equal": lambda request: request,
    "in capitals": lambda request: request.upper(),
    "ECHO: ": lambda request: b"ECHO: " + request,
    "echo:": lambda request: b"echo:" + request,
    "silent on empty": lambda request: request or None,
    "another": constant(b"quite another thing"),
}


# ------------------------------------------------------------------------------------------------ date and echo over TCP


class Sends(Server):
    """Says one thing and closes, in as many segments as it has parts."""

    def __init__(self, *parts):
        self.parts = parts
        super().__init__()

    def converse(self, connection, peer):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in self.parts:
            connection.sendall(part)


class Stream(Server):
    """Echoes until the client has ended; change: from what one recv gave to what is sent."""

    def __init__(self, change=lambda data: data, prefix=False, piece=None):
        self.change, self.prefix, self.piece = change, prefix, piece
        super().__init__()

    def converse(self, connection, peer):
        while data := self.hear(connection, 4096):
            data = self.change(data)
            if self.prefix:
                data = f"{peer[0]}:{peer[1]}> ".encode() + data
            size = self.piece or len(data)
            for at in range(0, len(data), size):
                connection.sendall(data[at:at + size])


class OnceOnly(Server):
    """One recv, one send, and closes first."""

    def converse(self, connection, peer):
        connection.sendall(self.hear(connection))


class HangsUp(Server):
    """Says something, and resets the connection as soon as something has come."""

    def __init__(self, says=b""):
        self.says = says
        super().__init__()

    def converse(self, connection, peer):
        connection.sendall(self.says)
        self.hear(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


# ------------------------------------------------------------------------------------------------ chat


class Room(Server):
    """
    A chat of another lab. {user}, {to} and {text} are filled into what it sends.

    asks      what it says to a newcomer before it is told the name; None: nothing
    by_line   parts what it hears at LF; else one recv is one message, as most do it
    named     a pattern for the message with the name: group 1
    welcome   to the newcomer;  line: a message to all others, to its sender as well with `back`
    private   a pattern: receiver, text;  arrives: to the receiver;  confirms: to the sender;  unknown: no such receiver
    leave     the word that ends a membership;  end: after everything that it sends
    """

    def __init__(self, asks=None, by_line=False, named=r"(.+)", welcome="Welcome {user}", line="{user}: {text}", back=False,
                 private=None, arrives=None, confirms=None, unknown=None, leave="exit", end="\n"):
        self.asks, self.by_line, self.named, self.welcome, self.line = asks, by_line, named, welcome, line
        self.back, self.private, self.arrives, self.confirms = back, private, arrives, confirms
        self.unknown, self.leave, self.end = unknown, leave, end
        self.members = {}
        self.lock = threading.Lock()
        super().__init__()

    def send(self, connection, form, **values):
        if form is not None:
            connection.sendall((form.format(**values) + self.end).encode())

    def messages(self, connection):
        rest = b""
        while data := self.hear(connection):
            if not self.by_line:
                yield data.decode().rstrip("\r\n")
                continue
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                yield line.decode().rstrip("\r")

    def converse(self, connection, peer):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.asks is not None:
            connection.sendall(self.asks)
        messages = self.messages(connection)
        match = re.fullmatch(self.named, next(messages, ""))
        if not match:
            return
        user = match[1]
        with self.lock:
            self.members[user] = connection
        self.send(connection, self.welcome, user=user)
        for message in messages:
            if message == self.leave:
                break
            self.say(user, message)
        with self.lock:
            del self.members[user]

    def visit(self, user):
        """A member without program: what is sent to it can be read from the socket that is returned."""
        inside, outside = socket.socketpair()
        outside.settimeout(PATIENCE)
        with self.lock:
            self.members[user] = inside
        return outside

    def say(self, user, message):
        with self.lock:
            self.pass_on(user, message)

    def pass_on(self, user, message):
        match = self.private and re.fullmatch(self.private, message)
        if match:
            self.whisper(user, *match.groups())
            return
        for name, connection in self.members.items():
            if self.back or name != user:
                self.send(connection, self.line, user=user, text=message)

    def whisper(self, user, to, text):
        sender = self.members[user]
        if to not in self.members:
            self.send(sender, self.unknown, to=to)
            return
        self.send(self.members[to], self.arrives, user=user, to=to, text=text)
        self.send(sender, self.confirms, user=user, to=to, text=text)
