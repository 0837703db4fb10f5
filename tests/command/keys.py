#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command on a terminal of its own and strikes keys: keys.py TEXT KEY [TEXT KEY...] -- COMMAND...

Each key is struck when its text has been shown since the key before. Prints all that was shown; the command's status.
"""
import os
import pty
import sys


def main(words):
    split = words.index("--")
    keys = list(zip(words[0:split:2], words[1:split:2]))
    child, terminal = pty.fork()
    if not child:
        os.execvp(words[split + 1], words[split + 1:])
    shown, since = b"", 0
    while True:
        try:
            octets = os.read(terminal, 65536)
        except OSError:  # the command has ended
            break
        shown += octets
        if keys and keys[0][0].encode() in shown[since:]:
            os.write(terminal, keys.pop(0)[1].encode())
            since = len(shown)
    sys.stdout.buffer.write(shown)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


sys.exit(main(sys.argv[1:]))
