# SPDX-License-Identifier: BSD-2-Clause
"""Captures of the lab's own protocols: date, echo, chat."""
from files import Packet, pcap
from wire import *

DATE, ECHO, CHAT, CHAT_TCP = 5555, 3500, 6666, 5000


def asked(data, port=DATE, client=40000):
    return to_server(Udp(client, port, data))


def answered(data, port=DATE, client=40000):
    return to_client(Udp(port, client, data))


def said(data, src=CLIENT, port=CHAT):
    return to_everyone(Udp(port, port, data), src)


LAB = {
    # The sheet's own pair: an empty datagram asks, str(datetime.now()) and a newline answer.
    "date/python-reply": lambda: pcap([asked(b""), answered(b"2026-01-31 12:00:00.123456\n")]),
    # Datagrams without data, to the port and from it.
    "date/empty-request": lambda: pcap([asked(b""), answered(b""), asked(b"", 13), asked(b"", 9999)]),
    # One reply in each form that lab programs send; without a zone it is read in the machine's (TZ=UTC here).
    "date/every-format": lambda: pcap([
        answered(b"2026-01-31 12:00:00.123456\n"),
        answered(b"2026-01-31 12:00:00"),
        answered(b"2026-01-31T12:00:00.123456"),
        answered(b"2026-01-31T13:00:00.123456+01:00"),
        answered(b"Sat Jan 31 12:00:00 2026\r\n", 13),
        answered(b"Sun Feb  1 12:00:00 2026\r\n", 13),
        answered(b"Sat Jan 31 13:00:00 CET 2026\n"),
        answered(b"31/01/2026 12:00:00"),
        answered(b"Saturday, January 31, 2026 12:00:00-UTC\r\n", 13),
        answered(u32(1769860800 + 2208988800), 37),
        answered(str(1769860800 + 2208988800).encode(), 37),
        answered(b"1769860800.123456\n"),
        answered(b"Date: 2026-01-31 12:00:00.123456\n"),
        answered(b"date, time : (2026-01-31 12:00:00.123456)"),
    ]),
    # What clients ask: words with and without a line end, one NUL, octets that are no text, text in French.
    "date/every-request": lambda: pcap([
        asked(b"date"), asked(b"user\n"), asked(b"user bob"), asked(b"time"), asked(b"get datetime"),
        asked(b"request Datetime"), asked(b"\0"), asked(b"\x01\x02\xff\xfe\x00\x80"),
        asked("quelle heure est-il à Paris ?".encode()),
    ]),
    # A client of the first exercise against a server of the second: the user name is an answer, not a malformed one.
    "date/user-instead-of-date": lambda: pcap([asked(b""), answered(b"alice\n"), asked(b"user"), answered(b"alice")]),
    # Every second, unasked, to the limited broadcast; on the chat's port the content says what it is.
    "date/broadcast-announce": lambda: pcap([
        said(b"alice 2026-01-31 12:00:00.000123"),
        Packet(said(b"bob 2026-01-31 12:00:00.500000", OTHER), 500000000),
        Packet(said(b"alice 2026-01-31 12:00:01.000123"), 1000000000),
    ]),
    # Java's Date.toString(), with the zones that name an offset and one that does not say which it is.
    "date/java-zones": lambda: pcap([
        answered(b"Sat Jan 31 12:00:00 GMT 2026"), answered(b"Sat Jan 31 13:00:00 CET 2026"),
        answered(b"Sat Jan 31 09:00:00 GMT-03:00 2026"), answered(b"Sat Jan 31 12:00:00 XYZ 2026"),
    ]),
    # A server whose clock is 90 s behind, one that is an hour ahead, and one in its epoch.
    "date/clock-offset": lambda: pcap([
        answered(b"2026-01-31 11:58:30.000000\n"), answered(b"2026-01-31 13:00:00.002000\n"),
        answered(b"1970-01-01 00:00:00\n"),
    ]),
    # No date: a February too long, hour 25, a year before computers.
    "date/not-a-date": lambda: pcap([
        answered(b"2026-02-30 12:00:00\n"), answered(b"2026-01-31 25:00:00\n"), answered(b"1026-01-31 12:00:00\n"),
    ]),
    # Recognised by what it says: the port is a stranger.
    "date/stranger-port": lambda: pcap([asked(b"", 9876), answered(b"2026-01-31 12:00:00.123456\n", 9876)]),
    # Daytime over TCP: the server speaks as soon as the client is there.
    "date/tcp-daytime": lambda: pcap(session(13, [(False, b"Sat Jan 31 12:00:00 2026\r\n")])),
    # Over IPv6.
    "date/ipv6-reply": lambda: pcap([
        ether6(ip6(CLIENT6, SERVER6, Udp(40000, DATE, b"date"))),
        ether6(ip6(SERVER6, CLIENT6, Udp(DATE, 40000, b"2026-01-31 12:00:00.123456\n")), SERVER_MAC, CLIENT_MAC),
    ]),
    # Only the first octets were captured: the date is not there to be read.
    "date/cut-by-snaplen": lambda: pcap([
        Packet(answered(b"2026-01-31 12:00:00.123456\n"), cut=42 + 10),
        Packet(answered(b"2026-01-31 12:00:00\n"), cut=42),
        Packet(asked(b"date"), cut=40), Packet(asked(b"date"), cut=30), Packet(asked(b"date"), cut=10),
        Packet(asked(b"date"), cut=0),
    ], snaplen=52),

    # Sent back as it came.
    "echo/udp-pair": lambda: pcap([asked(b"hello\n", ECHO), answered(b"hello\n", ECHO)]),
    # The lab's UDP server does not answer an empty datagram; on port 7 somebody does.
    "echo/empty": lambda: pcap([asked(b"", ECHO), asked(b"", 7), answered(b"", 7)]),
    # Octets that are no text, and more of it than a line has room for.
    "echo/binary-and-long": lambda: pcap([asked(bytes(range(16)), ECHO), asked(b"x" * 100, 7),
                                          answered(b"x" * 100, 7)]),
    # Content does not argue with an echo port: a date sent there is an echo.
    "echo/date-text": lambda: pcap([asked(b"2026-01-31 12:00:00\n", ECHO)]),
    # One recv, one send, and the server closes first would be the other way; here the client does.
    "echo/tcp-upper": lambda: pcap(session(ECHO, [(True, b"hello\n"), (False, b"HELLO\n")])),
    # The stream is the same, the segments are not: compare octets, never segments.
    "echo/tcp-two-segments": lambda: pcap(session(7,
                                                  [(True, b"hello "), (True, b"world\n"),
                                                   (False, b"hello world\n")])),

    # `nick: text` to everybody.
    "chat/broadcast-lines": lambda: pcap([said(b"alice: hello everybody\n"), said(b"bob: hi alice", OTHER),
                                          said("alice: ça va ? 👋\n".encode())]),
    # To one alone: asked for with /msg, delivered as a private line.
    "chat/tcp-private-message": lambda: pcap(session(CHAT_TCP, [
        (True, b"/msg bob psst\n"), (False, b"[private] alice -> bob: psst\n"), (True, b"@bob again\n"),
        (False, b"[Private from bob]: yes?\n")])),
    # Three messages that TCP put together, and more than the line shows.
    "chat/two-lines-in-one-segment": lambda: pcap(session(CHAT_TCP, [
        (True, b"hello\nhow are you\n"), (False, b"alice: hello\nalice: how are you\nbob: fine\ncarol: me too\n")])),
    # A message whose end comes in the next segment.
    "chat/half-a-line": lambda: pcap(session(CHAT_TCP, [(False, b"alice: hel"), (False, b"lo\n")])),
    # Lines cut by segments in a direction that is known to end them with LF.
    "chat/line-in-parts": lambda: pcap(session(CHAT_TCP, [
        (False, b"alice: one\n"), (False, b"alice: tw"), (False, b"o"), (False, b"\nbob: three\nbo"), (False, b"b: four\n"),
    ])),
    # Escape sequences, other control characters, direction overrides and broken UTF-8: none may reach a terminal.
    "chat/escape-in-text": lambda: pcap([
        said(b"alice: \x1b[31mred\x1b[0m \x1b]0;title\x07\n"), said(b"mal\x1b[2Jlory: hi\n"),
        said("alice: \u202eevil\u202c \u009b31m\u2066\n".encode()), said(b"alice: \xff\xfe\xc3( \x00\x08\r\n"),
    ]),
    # Coming, going, names.
    "chat/join-nick-leave": lambda: pcap(session(CHAT_TCP, [
        (False, b"NICK\n"), (True, b"alice\n"), (False, b"* alice joined\n"), (True, b"/nick alicia\n"),
        (False, b"* alice is now known as alicia\n"), (True, b"/list\n"), (False, b"User zoe not found.\n"),
        (True, b"/quit\n"), (False, b"* alicia left\n")])),
    # Other people's forms.
    "chat/other-forms": lambda: pcap(session(CHAT_TCP, [
        (False, b"<alice> hello\n"), (False, b"[bob] hello\n"), (False, b"10.0.0.2:40000> hello\n"),
        (True, b"user:alice\ncommand:TALK\nmessage:hello\n\n"), (True, b"msg;alice;bob;hello"),
        (True, b'{"user": "alice", "text": "hello"}\n'), (True, b"\xac\xed\x00\x05sr"), (True, b"\x80\x04K\x01.")])),
    # Recognised on a port that says nothing; text that could be anything stays data.
    "chat/stranger-port": lambda: pcap([said(b"alice: hello\n", CLIENT, 10000), said(b"hello\n", CLIENT, 10000)]),
}
