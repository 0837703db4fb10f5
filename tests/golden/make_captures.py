#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the captures below pcaps/, all but those that tests/play/record records.

usage: make_captures.py [--check] DIRECTORY

--check writes nothing: status 1 when a file there differs from what would be made, is missing, or is not made here.
"""
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "play"))
from captures_dialogue import DIALOGUE
from captures_lab import LAB
from captures_link import FILES, LINK
from captures_messages import MESSAGES
from captures_net import ICMP, IP, UDP_TCP
from captures_proc import PROC
from captures_stream import STREAM
from captures_tcp import TCP
from captures_tunnel import TUNNEL
from roles import NAMES

CAPTURES = {**LAB, **UDP_TCP, **IP, **ICMP, **LINK, **FILES, **TUNNEL, **MESSAGES, **STREAM, **DIALOGUE, **TCP, **PROC}
RECORDED = {name + ".pcapng" for name in NAMES}


def suffix(octets):
    return ".pcapng" if octets[:4] == b"\n\r\r\n" else ".pcap"


def stored(directory):
    """Path below the directory, without what is no capture."""
    for folder, _, names in os.walk(directory):
        for name in names:
            if name.endswith((".pcap", ".pcapng")):
                yield os.path.relpath(os.path.join(folder, name), directory)


def made():
    for name, make in CAPTURES.items():
        octets = make()
        yield name + suffix(octets), octets


def write(directory, path, octets):
    full = os.path.join(directory, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(octets)


def differs(directory, path, octets):
    try:
        with open(os.path.join(directory, path), "rb") as file:
            return file.read() != octets
    except FileNotFoundError:
        return True


def check(directory):
    wrong, paths = 0, set()
    for path, octets in made():
        paths.add(path)
        if differs(directory, path, octets):
            print(f"{path}: is missing, or not what make_captures.py makes")
            wrong += 1
    for path in sorted(set(stored(directory)) - paths - RECORDED):
        print(f"{path}: is made by nobody; add it to make_captures.py, or to tests/play/roles.py")
        wrong += 1
    return 1 if wrong else 0


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--check":
        return check(arguments[1])
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    for path, octets in made():
        write(arguments[0], path, octets)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
