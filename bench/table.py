# SPDX-License-Identifier: BSD-2-Clause
"""The result of a benchmark: rows that say what was measured, of whom, and whether the goal was reached."""
import os
import subprocess
import sys

HEAD = ("what", "sonde", "other", "ratio", "goal", "reached")


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, ours, theirs, ratio, goal, reached):
        self.rows.append((what, ours, theirs, ratio, goal, "yes" if reached else "NO"))
        print(".", end="", file=sys.stderr, flush=True)

    def show(self):
        print(file=sys.stderr)
        widths = [max(len(row[i]) for row in [HEAD, *self.rows]) for i in range(len(HEAD))]
        for row in [HEAD, tuple("-" * width for width in widths), *self.rows]:
            print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))

    def reached(self):
        return all(row[-1] == "yes" for row in self.rows)


def enter_namespace():
    """Starts this program again in a network namespace of its own, as root or as an ordinary user."""
    for unshare in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        if subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv, "--inside"])
    raise SystemExit("bench: network namespaces are refused here; run it as root")
