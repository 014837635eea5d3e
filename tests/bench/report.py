"""Writes the results of `make bench` to docs/benchmarks.md, with its charts."""

import json
import math
import os
import platform
import subprocess
from pathlib import Path

BEGIN, END = "<!-- {} begins: written by make bench -->", "<!-- {} ends -->"
COLOURS = ("#3b6ea8", "#c2571a")
UNITS = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns"))


def keep(folder, row):
    """Stores a row for write(), in a file, because several processes add rows."""
    with open(folder / "rows.jsonl", "a", encoding="utf-8") as f:
        f.write(json.dumps(row) + "\n")


def write(root, folder, library):
    """Writes the parts of the document that have new results."""
    kept = [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").splitlines()]
    docs = root / "docs"
    rows = [row for row in kept if "name" in row]
    growth = [row for row in kept if "grows" in row]
    if rows:
        (docs / "benchmarks.svg").write_text(bars(rows), "utf-8")
        replace(docs / "benchmarks.md", "table", machine(library) + "\n\n" + table(rows))
    if growth:
        (docs / "growth.svg").write_text(plots(growth), "utf-8")
        replace(docs / "benchmarks.md", "growth", machine(library) + "\n\n" + growth_table(growth))


def replace(path, part, text):
    old = path.read_text("utf-8")
    begin, end = BEGIN.format(part), END.format(part)
    head, rest = old.split(begin)
    path.write_text(f"{head}{begin}\n{text}\n{end}{rest.split(end)[1]}", "utf-8")


def machine(library):
    """A sentence on the machine of the measurement."""
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    go = subprocess.run([os.environ.get("GO", "go"), "env", "GOVERSION"], capture_output=True, text=True).stdout.strip()
    load = os.getloadavg()[2]
    return (f"Measured on {os.cpu_count()} × {cpu}, Linux {platform.release()}, {go}, "
            f"{library.resolve().name}, with a load average of {load:.1f} over the last 15 minutes.")


def amount(value, unit):
    if value is None:
        return "–"
    if unit != "ns":
        return f"{value:.4g} {unit}".strip()
    size, name = next(((s, n) for s, n in UNITS if value >= s), UNITS[-1])
    return f"{value / size:.3g} {name}"


def ratio(row):
    return row["ours"] / row["peer"] if row["peer"] else None


def kept_goal(row):
    """Whether the goal is met; None where there is nothing to compare with."""
    goal = row["goal"]
    if goal.startswith("ours<="):
        number = float("".join(c for c in goal[6:] if c.isdigit() or c == "."))
        return row["ours"] <= number * (1000 if goal.endswith("us") else 1)
    if goal.startswith("<=") and ratio(row) is not None:
        return ratio(row) <= float(goal[2:])
    return None


def table(rows):
    lines = ["| row | ours | peer | ratio | goal | | |", "|---|---:|---:|---:|---:|---|---|"]
    for row in rows:
        met = {True: "met", False: "**missed**", None: ""}[kept_goal(row)]
        share = f"{ratio(row):.2f}" if ratio(row) is not None else "–"
        lines.append(f"| {row['name']} | {amount(row['ours'], row['unit'])} | {amount(row['peer'], row['unit'])} | "
                     f"{share} | {row['goal'].replace('<=', '≤ ').replace('ours', '')} | {met} | {row['note']} |")
    return "\n".join(lines)


def growth_table(growth):
    lines = ["| what | N | |", "|---|---:|---:|"]
    lines += [f"| {g['title']} | {g['n']:,} | {amount(g['ns'], 'ns')} |" for g in growth]
    return "\n".join(lines)


def svg(width, height, parts):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
            + "".join(parts) + "</svg>\n")


def text(x, y, words, anchor="start", colour="#222"):
    words = str(words).replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def bars(rows):
    """Each row's ratio as a bar on a logarithmic scale, with a mark at its goal."""
    rows = [row for row in rows if ratio(row)]
    left, width, low, high = 170, 420, 0.05, 20

    def x(value):
        value = min(max(value, low), high)
        return left + width * math.log(value / low) / math.log(high / low)

    parts = [text(left, 18, "ours divided by the peer: less is better; the mark is the goal")]
    for i, row in enumerate(rows):
        y = 30 + i * 22
        colour = COLOURS[1] if kept_goal(row) is False else COLOURS[0]
        parts.append(text(left - 8, y + 13, row["name"], "end"))
        parts.append(f'<rect x="{left}" y="{y}" width="{max(x(ratio(row)) - left, 1):.0f}" height="16" fill="{colour}"/>')
        parts.append(text(x(ratio(row)) + 5, y + 13, f"{ratio(row):.2f}"))
        if row["goal"].startswith("<="):
            goal = x(float(row["goal"][2:]))
            parts.append(f'<line x1="{goal:.0f}" x2="{goal:.0f}" y1="{y - 2}" y2="{y + 18}" stroke="#222" stroke-width="2"/>')
    return svg(left + width + 60, 40 + len(rows) * 22, parts)


def plots(growth):
    """A plot with logarithmic axes for each thing that grows."""
    kinds = list(dict.fromkeys(g["grows"] for g in growth))
    parts = []
    for i, kind in enumerate(kinds):
        parts += plot(kind, [g for g in growth if g["grows"] == kind], 70, 30 + i * 270)
    return svg(560, 20 + len(kinds) * 270, parts)


def plot(kind, points, left, top, width=440, height=180):
    lowest = 10 ** math.floor(math.log10(min(p["ns"] for p in points)))
    highest = 10 ** math.ceil(math.log10(max(p["ns"] for p in points)))
    most = max(p["n"] for p in points)

    def x(n):
        return left + width * math.log10(n) / math.log10(most)

    def y(ns):
        return top + height - height * math.log10(ns / lowest) / math.log10(highest / lowest)

    parts = [text(left, top - 10, f"one change, by the number of {kind}")]
    for n in sorted({p["n"] for p in points}):
        parts.append(text(x(n), top + height + 16, f"{n:,}", "middle"))
    for power in range(round(math.log10(lowest)), round(math.log10(highest)) + 1):
        parts.append(text(left - 6, y(10 ** power) + 4, amount(10 ** power, "ns"), "end"))
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y(10 ** power):.0f}" y2="{y(10 ** power):.0f}" stroke="#ddd"/>')
    for title, colour in zip(dict.fromkeys(p["title"] for p in points), COLOURS):
        own = [p for p in points if p["title"] == title]
        path = " ".join(f"{x(p['n']):.0f},{y(p['ns']):.0f}" for p in own)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(p["n"]):.0f}" cy="{y(p["ns"]):.0f}" r="3" fill="{colour}"/>' for p in own]
        row = 32 + 16 * COLOURS.index(colour)
        parts.append(text(left, top + height + row, title, colour=colour))
    return parts
