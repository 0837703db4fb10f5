# SPDX-License-Identifier: BSD-2-Clause
"""Expectations: what sonde prints for a capture. A file NAME.expect beside the capture has sections such as

    $ sonde read python-reply.pcap -n
    what is written to standard output
    ! what is written to standard error
    ? 2

where the last line, the exit status, is left out when it is 0. Commands run in the capture's folder.
"""
import os
import shlex
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.abspath(os.environ.get("top_srcdir") or os.path.join(HERE, "../.."))
SONDE = os.path.abspath(os.environ.get("SONDE") or os.path.join(SOURCE, "build", "sonde"))
CAPTURES = os.path.join(SOURCE, "pcaps")
SUFFIXES = (".pcap", ".pcapng")


def names():
    """date/python-reply, ... : everything below pcaps that has a capture or an expectation."""
    found = set()
    for folder, _, files in os.walk(CAPTURES):
        for file in files:
            name, suffix = os.path.splitext(file)
            if suffix in SUFFIXES + (".expect",):
                found.add(os.path.relpath(os.path.join(folder, name), CAPTURES))
    return sorted(found)


def capture(name):
    """The file's path, or None."""
    for suffix in SUFFIXES:
        if os.path.exists(os.path.join(CAPTURES, name + suffix)):
            return os.path.join(CAPTURES, name + suffix)
    return None


def environment():
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "LANGUAGE", "LC_TIME")}
    return {**env, "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def output(command, folder):
    """What the section below `$ command` must be."""
    words = shlex.split(command)
    if not words or words[0] != "sonde":
        return f"! {command}: not a command of sonde\n"
    done = subprocess.run([SONDE] + words[1:], cwd=folder, env=environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    text = done.stdout.decode("utf-8", "backslashreplace")
    if text and not text.endswith("\n"):
        text += "\n"
    text += "".join(f"! {line}\n" for line in done.stderr.decode("utf-8", "backslashreplace").splitlines())
    return text + (f"? {done.returncode}\n" if done.returncode else "")


def expectation(name):
    return os.path.join(CAPTURES, name + ".expect")


def sections(name):
    """[command, expected text] pairs of the .expect file; None when there is none."""
    try:
        with open(expectation(name), encoding="utf-8", newline="\n") as file:
            lines = file.read().split("\n")
    except FileNotFoundError:
        return None
    found = []
    for line in lines[:-1]:
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found:
            found[-1][1] += line + "\n"
        else:
            found.append(["", line + "\n"])
    return found
