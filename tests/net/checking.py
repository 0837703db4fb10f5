# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of the networks share: comparing, and choosing tests by words on the command line."""
import os
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "check")]
import tap


class Wrong(Exception):
    """Something is not as it should be."""


def same(what, got, wanted):
    if got != wanted:
        raise Wrong(f"{what}: got {got!r}, not {wanted!r}")


def test(function, arguments):
    def run():
        try:
            function(*arguments)
        except Wrong as what:
            return [str(what)]
        except subprocess.CalledProcessError as error:
            return [f"{error.cmd}: status {error.returncode}"]
        return []
    return run


def run(rows, versions):
    """rows: (title, function, argument...); the function gets each version of IP in turn before its arguments."""
    tests = [(f"{title}, IPv{version}", test(function, (version, *arguments)))
             for title, function, *arguments in rows for version in versions]
    tap.run([row for row in tests if not sys.argv[1:] or any(word in row[0] for word in sys.argv[1:])])
