# SPDX-License-Identifier: BSD-2-Clause
"""Captures that tell whose packets are: epb_processid_threadid and comments, as sonde and as ptcpdump write them."""
from captures_lab import answered, asked
from captures_tunnel import gre
from files import Pcapng
from wire import *

IN, OUT = 1, 2


def lines(pid, cmd="", args="", **more):
    """A comment on a process; the keys that follow keep their order."""
    text = f"PID: {pid}\nCmd: {cmd}\nArgs: {args}" + "".join(f"\n{key}: {value}" for key, value in more.items())
    return (1, text.encode("utf-8", "surrogateescape"))


CLIENT_LINES = dict(ThreadId=4243, ParentPID=4000, UserId=1000, UserName="student", Name="python3")
SERVER_LINES = dict(ThreadId=17, ParentPID=1, UserId=0, UserName="root", Name="date-server.py")


def the_client(end, certainty="exact"):
    return lines(4242, "/usr/bin/python3.11", "python3 client.py 10.0.0.1", **CLIENT_LINES, End=end, Certainty=certainty)


def the_server(end, certainty="exact", pid=17, **more):
    return lines(pid, "/usr/bin/python3.11", "python3 ./date-server.py", **SERVER_LINES, End=end, Certainty=certainty, **more)


def file_of(order="<"):
    return Pcapng(order).section(options=[(4, b"sonde")]).interface(options=[(2, b"lo")])


def both_ends():
    """Asked by one program and answered by another; then the server has children that hold its socket too."""
    file = file_of()
    file.packet(asked(b"date"), options=[(8, file.pack("II", 4242, 4243)), the_client("source"),
                                         the_server("destination")])
    file.packet(answered(b"2026-01-31 12:00:00.123456\n"), 10**6,
                options=[(8, file.pack("II", 17, 17)), the_server("source", "port"), the_client("destination")])
    children = [the_server("destination", "port", pid, More="yes") for pid in (17, 18, 19, 20)]
    file.packet(asked(b"date"), 2 * 10**6, options=[the_client("source", "remembered")] + children)
    # One end alone, and a packet of which nothing is told.
    file.packet(asked(b"time"), 3 * 10**6, options=[the_server("destination", More="yes")])
    file.packet(asked(b"time"), 4 * 10**6, options=[the_client("source"), (1, b"Name: this is only a note")])
    return file.packet(asked(b"date"), 5 * 10**6).out


def over_tcp():
    file = file_of()
    for i, (packet, ends) in enumerate([(to_server(Tcp(40000, 13, flags=2)), ("source", "destination")),
                                        (to_client(Tcp(13, 40000, flags=0x12)), ("destination", "source"))]):
        file.packet(packet, i * 10**6, options=[the_client(ends[0]), the_server(ends[1], "port")])
    return file.out


def ptcpdump():
    """Comments by topic, the direction says which end is meant; an older form has a line a comment."""
    file = file_of()
    curl = [lines(1234, "/usr/bin/curl", "curl http://10.0.0.1/..."), (1, b"ThreadId: 1235\nThreadName: resolver"),
            (1, b"UserId: 1000\nGroupId: 1000"), (1, b"ParentPID: 1000\nParentCmd: /bin/bash\nParentArgs: -i"),
            (1, b"ContainerName: lab\nContainerId: abc123\nContainerImage: lab:1\nContainerLabels: {}")]
    for i, direction in enumerate((OUT, IN, 0)):
        flags = [(2, file.number("I", direction))] if direction else []
        file.packet(asked(b"date") if direction == OUT else answered(b"then\n"), i * 10**6, options=flags + curl)
    older = [(1, text) for text in (b"PID: 77", b"TID: 78", b"UserId: 33", b"Command: /usr/sbin/apache2",
                                    b"Args: -k start", b"ParentPID: 1")]
    return file.packet(asked(b"date"), 3 * 10**6, options=[(2, file.number("I", OUT))] + older).out


def numbers_alone():
    """epb_processid_threadid without words, in both byte orders; 0 says: not known."""
    file = file_of(">").packet(asked(b"date"), options=[(8, struct.pack(">II", 4242, 4243))])
    file.section(order="<").interface(options=[(2, b"lo")])
    file.packet(answered(b"then\n"), 10**6, options=[(2, file.number("I", IN)), (8, file.pack("II", 4242, 0))])
    file.packet(asked(b"date"), 2 * 10**6, options=[(8, file.pack("II", 0, 9))])
    # The words are of somebody else: they are right.
    file.packet(asked(b"date"), 3 * 10**6, options=[(8, file.pack("II", 99, 9)), the_client("source")])
    return file.packet(asked(b"date"), 4 * 10**6, options=[(8, b"1234")]).out


def other_layers():
    """An error about the client's datagram, a datagram in two parts, and one in a tunnel: whose names those have."""
    whole = ip4(CLIENT, SERVER, Udp(40000, 5555, b"x" * 24))
    file, ends = file_of(), [the_client("source"), the_server("destination")]
    packets = [to_client(Icmp(3, 3, u32(0) + ip4(CLIENT, SERVER, Udp(40000, 5555, b"date")))),
               to_server(Raw(whole[20:36], 17), flags=1), to_server(Raw(whole[36:], 17), flags=0, offset=16),
               gre(ip4(OTHER, SERVER, Udp(1000, 2000, b"inside")))]
    for i, packet in enumerate(packets):
        file.packet(packet, i * 10**6, options=ends)
    return file.out


def hostile():
    """Names that would write on a terminal, numbers that are none, more than there can be."""
    file = file_of()
    names = ["\\x1b[31mred\\x1b[0m", "two\\nCertainty: exact", "back\\\\slash\\q\\", "\\u202eright to left", "\\xff\\xfe",
             "caf\u00e9 \u2014", "\x1b]0;title\x07raw", "\udcff\udcfe"]
    for i, name in enumerate(names):
        file.packet(asked(b"date"), i * 10**6, options=[
            lines(1000 + i, "/tmp/" + name, name + " -v", Name=name, End="source", Certainty="port")])
    wrong = [b"PID: 4294967296\nCmd: /bin/a", b"PID: -1", b"PID: ", b"PID:", b"PID: 12a\nName: x\nEnd: source",
             b"PID: 99999999999999999999999", b"PID: 5\nUserId: many\nThreadId: 1e3\nParentPID: 0x10",
             b"PID: 6\nEnd: both\nCertainty: absolutely\nName: \nUserId: 0", b"PID: 7\nCertainty: exact\nName: forged",
             b"PID: 8\nEnd: destination\nCertainty: unknown\nName: cut\0off", b"PID: 9\nEnd: source\nEnd: destination"]
    for i, comment in enumerate(wrong):
        file.packet(asked(b"date"), (20 + i) * 10**6, options=[(1, comment)])
    many = [lines(pid, Name="apache2", End="source", Certainty="exact") for pid in range(1, 41)]
    return file.packet(asked(b"date"), 40 * 10**6, options=many).out


PROC = {
    "proc/both-ends": both_ends,
    "proc/over-tcp": over_tcp,
    "proc/ptcpdump": ptcpdump,
    "proc/numbers-alone": numbers_alone,
    "proc/hostile": hostile,
    "proc/other-layers": other_layers,
}
