# SPDX-License-Identifier: BSD-2-Clause
"""Terminals for the pages of docs/labs: each a bash on a pseudo-terminal, told what to do and watched.

What a terminal must show since its last command is a list of lines that grows with the page, echoes of what was typed
included; all that came is compared with all of it. Nothing sleeps: whoever waits reads.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE = 60  # seconds; only a program that hangs needs them
PROMPT = re.compile("\x1e([0-9]+)\x1f$")
INTERRUPTED = 128 + signal.SIGINT


class Wrong(Exception):
    """The terminal does not show what the page says."""


KEY = r"(?:\^[A-Z\]]|[\x03\x04\x1d])?"  # what a control key may show


def anything(line):
    """A line of the page as a regular expression: `...` is anything, blanks are any number of blanks."""
    parts = [re.sub(r"(\\[ \t])+", "[ \t]+", re.escape(part)) for part in line.rstrip().split("...")]
    return "[^\n]*".join(parts) + "[ \t]*"


class Wanted:
    """Lines that are to come. They are followed all at once, as an automaton: `...` makes no guess that it regrets."""

    def __init__(self):
        self.lines = []  # (kind, expression); kinds: "line", "any" lines, "typed", "key"
        self.joined = {}

    def add(self, kind, expression=""):
        self.lines.append((kind, expression))

    def behind(self, states):
        """With each state those that need no line more: whoever skips `...` or a key."""
        states = set(states)
        for at, (kind, _) in enumerate(self.lines):
            if at in states and kind in ("any", "key"):
                states.add(at + 1)
        return states

    def steps(self, at):
        """(expression, next state): a line alone, and with the echo that may stand behind it or the key before it."""
        if at not in self.joined or self.joined[at][0] != len(self.lines):
            found, expression = [], ""
            for after in range(at, len(self.lines)):
                kind, own = self.lines[after]
                if kind == "any" or (after > at and kind == "line" and self.lines[after - 1][0] != "key"):
                    break
                expression += own
                found.append((re.compile(expression), after + 1))
            self.joined[at] = (len(self.lines), found)
        return self.joined[at][1]

    def after(self, states, line):
        """The states that a line leads to."""
        found = set()
        for at in states:
            if at < len(self.lines) and self.lines[at][0] == "any":
                found.add(at)
            found.update(state for expression, state in (self.steps(at) if at < len(self.lines) else [])
                         if expression.fullmatch(line))
        return self.behind(found)

    def come(self, lines):
        """Whether these lines begin with all that is wanted."""
        states = self.behind({0})
        for line in lines:
            if len(self.lines) in states:
                return True
            states = self.after(states, line)
        return len(self.lines) in states

    def all(self, lines):
        """Whether these lines are what is wanted and nothing more."""
        states = self.behind({0})
        for line in lines:
            states = self.after(states, line)
        return len(self.lines) in states


class Terminal:
    def __init__(self, name, command, folder, environment):
        self.name = name
        self.shown = ""         # since the last command
        self.wanted = Wanted()  # what that has to be, as far as the page has been read
        self.interrupted = False
        self.decode = codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)  # whatever they are to whoever runs the test
            os.chdir(folder)
            os.execvpe(command[0], command, {**environment, "PS1": "\x1e$?\x1f", "PS2": ""})
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        modes = termios.tcgetattr(self.master)
        modes[3] |= termios.NOFLSH  # an interrupt must not throw away what was shown before it
        termios.tcsetattr(self.master, termios.TCSANOW, modes)

    def read(self):
        try:
            octets = os.read(self.master, 65536)
        except OSError:
            octets = b""
        if not octets:
            raise Wrong(f"terminal {self.name} has gone")
        self.shown += self.decode(octets).replace("\r", "")

    def write(self, text):
        octets = text.encode()
        while octets:
            octets = octets[os.write(self.master, octets):]

    def prompt(self):
        """The match of the prompt when the terminal waits for a command."""
        return PROMPT.search(self.shown)

    def want(self, line):
        """The page's next line of output."""
        self.wanted.add("any" if line == "..." else "line", anything(line))

    def typed(self, text):
        """The echo of what is typed, on a line of its own or behind what a program asked."""
        self.wanted.add("typed", re.escape(text))

    def struck(self):
        """A control key may show as ^C, also before or behind something else."""
        self.wanted.add("key", KEY)

    def shows_it(self, open_end):
        """Whether all that is wanted has come. open_end: the last line need not have ended."""
        lines = self.shown.split("\n")
        last = lines.pop()
        if open_end or self.prompt():
            lines.append(PROMPT.sub("", last))
        return self.wanted.come(lines)

    def finish(self):
        """At the prompt: all that is wanted must be all that came. Returns the command's status."""
        prompt = self.prompt()
        lines = self.shown[:prompt.start()].split("\n")
        if not lines[-1]:
            lines.pop()
        if not self.wanted.all(lines):
            raise Wrong(f"terminal {self.name} shows something else")
        self.shown, self.wanted = "", Wanted()
        return int(prompt.group(1))


def started_by(pid):
    """The processes of a terminal, the youngest first, its shell last."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == pid:
                found.append(int(name))
    return sorted(found, key=lambda found: (found == pid, -found))


class Terminals:
    """All terminals of a page, by name. `start` makes one: (name) -> Terminal."""

    def __init__(self, start):
        self.start = start
        self.by_name = {}

    def get(self, name):
        if name not in self.by_name:
            terminal = self.by_name[name] = self.start(name)
            self.until(terminal.prompt, f"terminal {name} does not start")
        return self.by_name[name]

    def until(self, done, what):
        deadline = time.monotonic() + PATIENCE
        while not done():
            left = deadline - time.monotonic()
            masters = {terminal.master: terminal for terminal in self.by_name.values()}
            ready = select.select(list(masters), [], [], max(left, 0))[0]
            if not ready and left <= 0:
                raise Wrong(f"{what}, not in {PATIENCE} seconds")
            for master in ready:
                masters[master].read()

    def close(self):
        for terminal in self.by_name.values():
            for pid in started_by(terminal.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            os.close(terminal.master)
            os.waitpid(terminal.pid, 0)
