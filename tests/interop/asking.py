# SPDX-License-Identifier: BSD-2-Clause
"""sonde's clients, served by other people's servers: rows of (title, function, arguments)."""
import re

import peers
from peers import DATES, ECHOES, HOST, Datagrams, HangsUp, OnceOnly, Room, Sends, Stream
from programs import expect, sonde

# For answers that come: only a hang reaches it. For answers that never come: no load can make them come.
WAIT, SHORT = ("--timeout", "60s"), ("--timeout", "250ms")


def printed(server, words, status, *lines):
    """sonde WORDS, asking the server, prints these lines and ends with this status."""
    program = sonde(*words, "-p", server.port)
    program.ends()
    program.hears(*lines, None)
    expect("the exit status", program.status(), status)
    return program


# ------------------------------------------------------------------------------------------------ date

NO_DATE = " (no date in it: some servers give the user's name to whatever is not exactly \"date\")"
ENDS = {"bare": b"", "LF": b"\n", "CRLF": b"\r\n"}


def shown(answer):
    if answer.isascii():
        return answer.decode()
    octets = "".join(chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in answer)
    return f"{octets} (RFC 868: {peers.MOMENT:%Y-%m-%d %H:%M:%S} UTC)"


def date(answer, *words):
    printed(Datagrams(peers.constant(answer)), ("date", "client", HOST, *WAIT, *words), 0,
            shown(answer.removesuffix(b"\n").removesuffix(b"\r")))


def date_stream(answer, *parts):
    printed(Sends(*parts), ("date", "client", HOST, "-t", *WAIT), 0, shown(answer))


def date_request(words, wanted, server, line):
    """The request reaches the server as these octets, and its answer is printed as this line; None: nothing comes."""
    server = server()
    printed(server, ("date", "client", HOST, *words, *(WAIT if line else SHORT)), 1 if line is None else 0,
            *([] if line is None else [line]))
    expect("the request", server.next_heard(), wanted)


PYTHON = DATES["python"] + b"\n"
SHOWN = DATES["python"].decode()


def any_word():
    return Datagrams(peers.constant(PYTHON))


def date_or_user():
    return Datagrams(peers.by_word(b"date", PYTHON, b"student\n"))


def its_word():
    return Datagrams(peers.by_word(b"get datetime", PYTHON, None))



ROWS = [(f"date client, {name}, {end}", date, answer + octets) for name, answer in DATES.items() for end, octets in ENDS.items()
        if name != "rfc868" or not octets]
ROWS += [
    ("date client, TCP, long and CRLF", date_stream, DATES["long"], DATES["long"] + b"\r\n"),
    ("date client, TCP, binary", date_stream, DATES["rfc868"], DATES["rfc868"]),
    ("date client, TCP, in two segments", date_stream, DATES["iso"], DATES["iso"][:11], DATES["iso"][11:]),
    ("date client, first exercise's request", date_request, (), b"", any_word, SHOWN),
    ("date client, first exercise's request to the second's server", date_request, (), b"", date_or_user, "student" + NO_DATE),
    ("date client --request date", date_request, ("--request", "date"), b"date", date_or_user, SHOWN),
    ("date client --request user", date_request, ("--request", "user"), b"user", date_or_user, "student"),
    ("date client, a server that wants its word", date_request, ("--request", "get datetime"), b"get datetime", its_word, SHOWN),
    ("date client, a server that does not get its word", date_request, ("--request", "date"), b"date", its_word, None),
]

# ------------------------------------------------------------------------------------------------ echo

WORDS = ("hello", "déjà vu")


def upper(word):
    return word.encode().upper().decode()


def echo(words, status, server, *lines):
    server = server()
    printed(server, ("echo", "client", HOST, *words), status, *lines)
    return server


def echo_heard(words, server, *heard):
    """What one recv of the server gave, recv after recv."""
    server = echo((*WAIT, *words), 0, server, *WORDS)
    for data in heard:
        expect("one recv of the server", server.next_heard(), data)


CAPITALS = [f"{upper(word)} (upper-cased)" for word in WORDS]
SOCKET = r"127\.0\.0\.1:\d+> "

ROWS += [
    ("echo client, UDP, equal", echo_heard, WORDS, lambda: Datagrams(ECHOES["equal"]), *[word.encode() for word in WORDS]),
    ("echo client, UDP, in capitals", echo, (*WAIT, *WORDS), 0, lambda: Datagrams(ECHOES["in capitals"]), *CAPITALS),
    ("echo client, UDP, ECHO: in front", echo, (*WAIT, *WORDS), 0, lambda: Datagrams(ECHOES["ECHO: "]),
     *[f'ECHO: {word} (prefixed with "ECHO: ")' for word in WORDS]),
    ("echo client, UDP, echo: in front", echo, (*WAIT, *WORDS), 0, lambda: Datagrams(ECHOES["echo:"]),
     *[f'echo:{word} (prefixed with "echo:")' for word in WORDS]),
    ("echo client, UDP, a server that does not answer nothing", echo, (*SHORT, ""), 1,
     lambda: Datagrams(ECHOES["silent on empty"])),
    ("echo client, UDP, something else comes back", echo, (*WAIT, "hello"), 1, lambda: Datagrams(ECHOES["another"]),
     re.compile(r"quite another thing \(.*\)")),
    ("echo client, TCP, equal", echo_heard, ("-t", *WORDS), Stream, *[word.encode() for word in WORDS], b""),
    ("echo client, TCP, in capitals", echo, ("-t", *WAIT, *WORDS), 0, lambda: Stream(bytes.upper), *CAPITALS),
    ("echo client, TCP, the client's address in front", echo, ("-t", *WAIT, *WORDS), 0, lambda: Stream(prefix=True),
     *[re.compile(rf'{SOCKET}{word} \(prefixed with "{SOCKET}"\)') for word in WORDS]),
    ("echo client, TCP, in pieces of 64 octets", echo, ("-t", *WAIT, "x" * 1000), 0, lambda: Stream(piece=64), "x" * 1000),
    ("echo client, TCP, octet by octet", echo, ("-t", *WAIT, *WORDS), 0, lambda: Stream(piece=1), *WORDS),
    ("echo client, TCP, a server that ends after one echo", echo_heard, ("-t", *WORDS), OnceOnly,
     *[word.encode() for word in WORDS]),
]

# ------------------------------------------------------------------------------------------------ chat

NICK = r"/nick (.+)"


def form(pattern, **values):
    """As sonde prints it."""
    return pattern.format(**values).replace("\x1b", "\\x1b")


def chat(style, private, room, terminator="lf"):
    """Everything that the room has; what is to reach it and what is to come back follow from its forms."""
    room = room()
    end = {"none": "", "lf": "\n", "crlf": "\r\n"}[terminator]
    alice = sonde("chat", "client", HOST, "-p", room.port, "--user", "alice", "--terminator", terminator, *WAIT,
                  *(("--peer", style) if style else ()))
    if room.asks:
        alice.hears(room.asks.decode().removesuffix("\n"))
    alice.hears(form(room.welcome, user="alice"))
    expect("the name", room.next_heard().decode(), ("/nick alice" if room.named == NICK else "alice") + end)
    talk(room, alice, end)
    if private:
        whisper(room, alice, private, end)
    alice.ends()
    alice.hears(None)
    expect("the goodbye", room.next_heard().decode(), "/quit" + end if room.named == NICK else "")
    expect("the exit status", alice.status(), 0)


def talk(room, alice, end):
    with room.visit("bob") as bob:
        alice.says("déjà vu\n".encode())
        expect("a line", room.next_heard().decode(), "déjà vu" + end)
        expect("bob", bob.recv(1024).decode(), room.line.format(user="alice", text="déjà vu") + room.end)
        if room.back:
            alice.hears(form(room.line, user="alice", text="déjà vu"))
        room.say("bob", "hi alice")
        alice.hears(form(room.line, user="bob", text="hi alice"))


def whisper(room, alice, private, end):
    with room.visit("bob") as bob:
        for to, reply in ("bob", room.confirms), ("nobody", room.unknown):
            alice.says(f"@{to} psst\n".encode())
            expect("a private line", room.next_heard().decode(), private.format(to=to, text="psst") + end)
            if reply:
                alice.hears(form(reply, user="alice", to=to, text="psst"))
        expect("bob", bob.recv(1024).decode(), room.arrives.format(user="alice", to="bob", text="psst") + room.end)
        room.say("bob", private.format(to="alice", text="not aloud"))
        alice.hears(form(room.arrives, user="bob", to="alice", text="not aloud"))


# What --peer names, the private line as it must arrive, the room.
ROOMS = [
    ("prompted name, /pm, both ends are told", "prompt,/pm", "/pm {to} {text}",
     lambda: Room(asks=b"Enter your name: ", private=r"/pm (\S+) (.+)", arrives="[Private from {user}]: {text}",
                  confirms="[Private to {to}]: {text}", unknown="User {to} not found.")),
    ("NICK token, no line ends, text without names", "token", None,
     lambda: Room(asks=b"NICK", welcome="Connected to the server!", line="{text}", end=""), "none"),
    ("SUBMITNAME, line by line, everybody hears himself", "token", None,
     lambda: Room(asks=b"SUBMITNAME\n", by_line=True, welcome="NAMEACCEPTED {user}", line="MESSAGE {user}: {text}", back=True)),
    ("@nombre_usuario, from A -> text", "token", "@{to} {text}",
     lambda: Room(asks=b"@nombre_usuario", private=r"@(\S+) (.+)", arrives="from {user} -> {text}",
                  unknown="Le destinataire n'existe pas")),
    ("the first line is the name, [PRIVATE] with the time", "first-line", "@{to} {text}",
     lambda: Room(line="[14:00:00] {user}: {text}", private=r"@(\S+) (.+)", arrives="[14:00:00] [PRIVATE] [{user} → {to}] {text}",
                  unknown="The nickname doesn't exist")),
    ("nickname?, MSG, whispers", "token,MSG", "MSG {to} {text}",
     lambda: Room(asks=b"nickname? ", private=r"(?i:MSG) (\S+) (.+)", arrives="{user} whisper to you : {text}",
                  unknown="I'm sorry, {to} was not found")),
    ("the first line is the name, \\dm that looks like any line", "first-line,\\dm", "\\dm {to} {text}",
     lambda: Room(private=r"\\dm (\S+) (.+)", arrives="{user}: {text}", end="\r\n")),
    ("/nick and /msg, CRLF", "/msg", "/msg {to} {text}",
     lambda: Room(named=NICK, leave="/quit", line="[{user}] {text}", private=r"/msg (\S+) (.+)", arrives="[PM][{user}] {text}",
                  unknown="[System] User '{to}' not found.", end="\r\n"), "crlf"),
    ("like sonde's own", None, "@{to} {text}",
     lambda: Room(asks=b"Welcome!\n", named=NICK, by_line=True, leave="/quit", private=r"@(\S+) (.+)",
                  arrives="[private] {user} -> {to}: {text}", unknown="Sorry. No such user exists.")),
    ("colours", "prompt", None, lambda: Room(asks=b"? ", welcome="> \x1b[1m{user} has joined the conversation.\x1b[0m",
                                             line="\x1b[32m{user}% {text}\x1b[0m")),
    ("one recv one message, no line ends either way", "prompt,@", "@{to} {text}",
     lambda: Room(asks=b"name? ", private=r"@(\S+) (.+)", arrives="{user}:{text}", unknown="nobody", end=""), "none"),
]


def never_asked():
    """The prompt does not come: after the timeout the name is told all the same."""
    room = Room()
    alice = sonde("chat", "client", HOST, "-p", room.port, "--user", "alice", "--peer", "prompt", *SHORT)
    alice.hears("Welcome alice")
    alice.ends()
    expect("the exit status", alice.status(), 0)
    expect("what is said about it", any("did not ask for the name" in line for line in alice.errors), True)


def chat_lost(server, status, *lines):
    """The input goes on, the server does not."""
    alice = sonde("chat", "client", HOST, "-p", server.port, "--user", "alice", "--peer", "first-line", *WAIT)
    alice.hears(*lines, None)
    expect("the exit status", alice.status(), status)
    alice.ends()
    return alice


def chat_reset():
    alice = chat_lost(HangsUp(b"bob: one\nbob: two"), 1, "bob: one", "bob: two")
    expect("what is said about it", any("broke the connection off" in line for line in alice.errors), True)


def chat_alone():
    chat_lost(Sends(b"closed for today\n"), 1, "closed for today")


ROWS += [(f"chat client, {title}", chat, *row) for title, *row in ROOMS]
ROWS += [("chat client, a prompt that never comes", never_asked), ("chat client, a server that resets", chat_reset),
         ("chat client, a server that ends", chat_alone)]
