# SPDX-License-Identifier: BSD-2-Clause
"""What the checks share: where things are, and TAP."""
import os
import subprocess
import sys

SOURCE = os.path.abspath(os.environ.get("top_srcdir") or
                         os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
BUILD = os.path.abspath(os.environ.get("top_builddir") or os.path.join(SOURCE, "build"))
SONDE = os.path.abspath(os.environ.get("SONDE") or os.path.join(BUILD, "sonde"))
# Where the rules of the source tree hold.
TREES = ("src", "dissectors", "tests", "bench")


# Captures that others made, beside the checkout. Looking at each of them takes minutes: `make differential` does.
SHARED = os.path.join(os.path.dirname(SOURCE), "shared", "captures")
NO_SHARED = "captures of others are looked at by make differential, when ../shared/captures is beside the checkout"


def only_when_asked():
    """Ends a comparison with tshark where it was made already: quickstart compares the plain build, not each of them."""
    if os.environ.get("DIFFERENTIAL") == "no":
        print("1..0 # SKIP the plain build is compared with tshark")
        sys.exit(0)


def shared():
    return os.environ.get("DIFFERENTIAL") == "all" and os.path.isdir(SHARED)


class Skip(Exception):
    """The reason why a test cannot be made here."""


def sonde(*words):
    """Standard output; a failure of the command is one of the check."""
    done = subprocess.run([SONDE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"sonde {' '.join(words)}: status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def sources(*suffixes, trees=TREES):
    """Paths relative to the source tree, sorted."""
    found = []
    for tree in trees:
        for folder, _, files in os.walk(os.path.join(SOURCE, tree)):
            found += [os.path.relpath(os.path.join(folder, file), SOURCE) for file in files if file.endswith(suffixes)]
    return sorted(found)


def lines(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read().split("\n")[:-1]


def run(tests):
    """tests: (title, function that returns a list of what is wrong). Ends the program."""
    print(f"1..{len(tests)}")
    failed = 0
    for number, (title, test) in enumerate(tests, 1):
        try:
            wrong = test()
        except Skip as reason:
            print(f"ok {number} - {title} # SKIP {reason}")
            continue
        except Exception as error:  # a check that breaks has failed, and the others go on
            wrong = [f"{type(error).__name__}: {error}"]
        print(f"{'not ok' if wrong else 'ok'} {number} - {title}", flush=True)
        for line in wrong:
            print("# " + line)
        failed += bool(wrong)
    sys.exit(1 if failed else 0)
