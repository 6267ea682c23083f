# SPDX-License-Identifier: GPL-2.0-only
"""``./karp plot DIR``: draw the figures of a stored campaign again, without simulating."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import Any, Sequence

from .scenario import Scenario, ScenarioError
from .store import Result, Store, file_digest, load_plan, load_runs

FIGURES = "figures"
STAMP = ".drawn"  # in the folder of figures: what they were drawn from


def draw_all(scenario: Scenario, results: Sequence[Result], folder: str,
             only: str | None = None) -> tuple[list[list[str]], list[str]]:
    """Every figure the scenario asks for.

    :param only: one kind, when single runs are looked at
    :return: names of the files of each figure, and what could not be drawn and why
    """
    from . import figures, timeline
    drawn: list[list[str]] = []
    problems: list[str] = []
    bases: dict[str, int] = {}
    for spec in scenario.plots():
        kind = next(iter(key for key in (*figures.KINDS, "timeline") if key in spec))
        if only is not None and kind != only:
            continue
        try:
            if kind == "timeline":
                chart: Any = timeline.build(spec, results)
                writer: Any = timeline.write
            else:
                chart = figures.KINDS[kind](spec, figures.chosen(spec, results), scenario)
                writer = figures.write
        except figures.FigureError as error:
            problems.append(f"{kind} of {spec[kind]}: {error}")
            continue
        base = figures.figure_name(str(spec.get("name") or chart.name))
        bases[base] = bases.get(base, 0) + 1
        if bases[base] > 1:
            base = f"{base}-{bases[base]}"
        drawn.append(writer(chart, folder, base))
    return drawn, problems


def stamp(scenario: Scenario, results: Sequence[Result]) -> str:
    """Identity of all that figures depend on: plots, runs, and the code that draws."""
    digest = hashlib.sha256(json.dumps(scenario.doc.get("output", {})).encode())
    here = os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(here)):
        if name.endswith(".py"):
            digest.update(file_digest(os.path.join(here, name)).encode())
    for one in results:
        digest.update(f"{one.job.cell.text} {one.job.run} {one.folder}".encode())
        digest.update(json.dumps(one.metrics, sort_keys=True).encode())
        status = os.stat(os.path.join(one.folder, "metrics.json"))
        digest.update(str(status.st_mtime_ns).encode())
    return digest.hexdigest()


def unchanged(folder: str, mark: str) -> list[list[str]] | None:
    """The figures that are there, if they were drawn from the same."""
    try:
        with open(os.path.join(folder, STAMP), encoding="utf-8") as file:
            found = json.load(file)
        names = [[os.path.join(folder, name) for name in files] for files in found["files"]]
        there = all(os.path.isfile(name) for files in names for name in files)
        return names if found["stamp"] == mark and there else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_stamp(folder: str, mark: str, drawn: Sequence[Sequence[str]]) -> None:
    """Note what the figures were drawn from."""
    with open(os.path.join(folder, STAMP), "w", encoding="utf-8") as file:
        json.dump({"stamp": mark, "files": [[os.path.basename(name) for name in files]
                                            for files in drawn]}, file)


def figure_lines(drawn: Sequence[Sequence[str]]) -> list[str]:
    """Where the figures lie: one line each, the kinds of files together."""
    lines = []
    for files in drawn:
        base = os.path.splitext(files[0])[0]
        kinds = ", ".join(os.path.splitext(name)[1][1:] for name in files[1:])
        lines.append(f"  {base}.pdf  ({kinds} beside it)")
    return lines


def plot(args: Any) -> int:
    """Draw again what a campaign asked for.

    :param args: ``dir``, the folder of the campaign; ``out``, where figures go, may be absent
    :return: 0 when every figure was drawn, 2 when one could not be, 3 when there is no campaign
    """
    try:
        folder = str(args.dir).rstrip("/") or "/"
        scenario, jobs, _ = load_plan(folder)
        store = Store(folder)
        results = load_runs(store, jobs)
        if not results:
            raise ScenarioError(f"{folder}: none of its {len(jobs)} runs is there")
        if len(results) < len(jobs):
            print(f"{len(jobs) - len(results)} of {len(jobs)} runs are missing")
        target = str(getattr(args, "out", None) or store.path(FIGURES))
        drawn, problems = draw_all(scenario, results, target)
    except ScenarioError as error:
        print(f"karp: {error}", file=sys.stderr)
        return 3
    if drawn and not problems:
        keep_stamp(target, stamp(scenario, results), drawn)
    print("\n".join(["figures:"] + figure_lines(drawn)))
    for problem in problems:
        print(f"  not drawn: {problem}", file=sys.stderr)
    return 2 if problems else 0
