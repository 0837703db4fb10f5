# SPDX-License-Identifier: BSD-2-Clause
"""
Reads filters.txt: a filter a line, below a heading that says what becomes of it. Lines that begin with a blank belong
to the filter before them:
    tshark: EXPRESSION      what is asked of tshark instead, where its version has no such words
    differs: NAME N+M, ...  reasons of filter_reasons.py, with the number of packets that only one of them chooses
                            for this reason: at least, of pcaps, and exactly, of the captures of others
    why: SENTENCE           why only one of them refuses it
"""
import collections
import re

Kind = collections.namedtuple("Kind", "title refused")  # refused: by sonde, by tshark
Row = collections.namedtuple("Row", "expression tshark reasons why kind")  # reasons: {name: [count, count]}

KINDS = {
    "chosen": Kind("chosen", (False, False)),
    "refused": Kind("refused by both", (True, True)),
    "refused by sonde": Kind("refused by sonde alone", (True, False)),
    "refused by tshark": Kind("refused by tshark alone", (False, True)),
}


def plain(expression):
    return Row(expression, expression, {}, None, KINDS["chosen"])


def counted(text):
    found = (re.fullmatch(r"([a-z-]+) (\d+)\+(\d+)", part).groups() for part in text.split(", "))
    return {name: [int(ours), int(others)] for name, ours, others in found}


def more(row, text, at):
    key, _, value = text.partition(": ")
    if key == "tshark":
        return row._replace(tshark=value)
    if key == "differs":
        return row._replace(reasons=counted(value))
    if key == "why":
        return row._replace(why=value)
    raise ValueError(f"filters.txt, line {at}: neither tshark, differs nor why")


def check(rows):
    seen = set()
    for row in rows:
        one_sided = row.kind.refused[0] != row.kind.refused[1]
        if row.expression in seen or one_sided != bool(row.why):
            raise ValueError(f"filters.txt: {row.expression}: twice, or a reason (why) is missing or too many")
        seen.add(row.expression)
    return rows


def read(path):
    rows, kind = [], None
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines, 1):
            text = line.rstrip("\n")
            if text.startswith("%% "):
                kind = KINDS[text[3:]]
            elif text.startswith(" "):
                rows[-1] = more(rows[-1], text.strip(), at)
            elif text and not text.startswith("#"):
                rows.append(plain(text)._replace(kind=kind))
    return check(rows)


def accept(path, counts):
    """Writes the numbers of differing packets, {expression: {name: [count, count]}}; reasons without any go."""
    with open(path, encoding="utf-8") as lines:
        text = lines.read().split("\n")
    row, kept = None, []
    for line in text:
        row = row if line.startswith(" ") else line
        if line.startswith("    differs: "):
            found = [f"{name} {ours}+{others}" for name, (ours, others) in counts[row].items() if ours or others]
            line = "    differs: " + ", ".join(found) if found else None
        if line is not None:
            kept.append(line)
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(kept))
