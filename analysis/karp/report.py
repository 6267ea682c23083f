# SPDX-License-Identifier: GPL-2.0-only
"""What a campaign prints and writes: tables fitted to the terminal, results.csv, summary.json."""

from __future__ import annotations

import csv
import os
import shutil
import sys
import textwrap
from typing import Any, Sequence

from . import labels, stats
from .figures import varied
from .scenario import Cell, Scenario
from .store import Result, Store, write_json
from .verdicts import FAIL, PASS, SKIPPED, UNKNOWN, Case, Verdict, group

SHOWN_LINES = 6  # of the trace, for the first failure of an expectation
COLOURS = {PASS: "\033[32m", FAIL: "\033[31m", UNKNOWN: "\033[33m", SKIPPED: "\033[2m"}


def terminal_width() -> int:
    """Columns there are, 100 where nobody knows."""
    return max(60, shutil.get_terminal_size((100, 24)).columns)


def coloured(text: str, verdict: str) -> str:
    """A verdict in its colour, on a terminal."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ or verdict not in COLOURS:
        return text
    return f"{COLOURS[verdict]}{text}\033[0m"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], width: int, right: Sequence[int] = (),
          flexible: int | None = None) -> list[str]:
    """Lines of a table.

    :param right: columns set to the right
    :param flexible: the column that is folded when the table is too wide
    """
    widths = [max([len(head[i])] + [len(row[i]) for row in rows]) for i in range(len(head))]
    if flexible is not None:
        spare = width - sum(widths) - 2 * len(widths)
        widths[flexible] = max(min(12, widths[flexible]), widths[flexible] + min(0, spare))
    lines = []
    everything: list[Sequence[str]] = [head, ["-" * one for one in widths], *rows]
    for row in everything:
        folded = [textwrap.wrap(text, widths[i], break_on_hyphens=False) or [""]
                  if i == flexible else [text] for i, text in enumerate(row)]
        for part in range(max(map(len, folded))):
            texts = [cell[part] if part < len(cell) else "" for cell in folded]
            lines.append("  " + "  ".join(
                text.rjust(widths[i]) if i in right else text.ljust(widths[i])
                for i, text in enumerate(texts)).rstrip())
    return lines


# Expectations


def expectations(verdicts: Sequence[Verdict], width: int) -> list[str]:
    """The table of expectations."""
    rows = []
    for one in verdicts:
        asks = f"{one.kind}" if one.kind != "over_runs" else one.asks
        verdict = one.verdict + (" (warn)" if one.level == "warn" else "")
        rows.append([one.name, asks] + [str(one.count(word) or ".") for word in
                                        (PASS, FAIL, UNKNOWN, SKIPPED)] + [one.unit, verdict])
    head = ["expectation", "asks", "pass", "fail", "unknown", "skipped", "of", "verdict"]
    lines = table(head, rows, width, right=(2, 3, 4, 5), flexible=1)
    return [_paint(line) for line in lines]


def _paint(line: str) -> str:
    word = line.rsplit(" ", 1)[-1]
    return line[:len(line) - len(word)] + coloured(word, word) if word in COLOURS else line


def failures(verdicts: Sequence[Verdict], replay: Any, width: int) -> list[str]:
    """Where expectations did not hold: worst cells, the folder of a run, how to run it again.

    :param replay: function from a cell and a run to a command line
    """
    lines: list[str] = []
    for one in verdicts:
        if one.verdict not in (FAIL, UNKNOWN):
            continue
        lines += ["", coloured(f"{one.name}: {one.verdict}", one.verdict)]
        for cell, cases, judged in one.worst():
            where = cell.text or "all"
            if one.kind == "over_runs":
                lines.append(f"  {where}: {_estimate_words(cases[0])}")
                continue
            lines.append(f"  {where}: {len(cases)} of {judged} runs")
        first = one.worst(1)[0][1][0] if one.cases else None
        if first is not None and first.run is not None:
            lines += _one_failure(first, replay, width)
    return lines


def _one_failure(case: Case, replay: Any, width: int) -> list[str]:
    lines = []
    if case.why:
        lines += textwrap.wrap(case.why, width - 4, initial_indent="    ",
                               subsequent_indent="    ")
    lines += [f"      {line[:width - 7]}" for line in case.lines[-SHOWN_LINES:]]
    lines.append(f"    run:    {case.folder}")
    lines.append(f"    again:  {replay(case.cell, case.run)}")
    return lines


def _estimate_words(case: Case) -> str:
    words = []
    if case.estimate is not None:
        one = case.estimate
        words.append(f"{one.value:.4g} [{one.low:.4g}, {one.high:.4g}], n={one.n}")
    if case.bounds is not None:
        words.append(f"wanted {case.bounds[0]:.4g} to {case.bounds[1]:.4g}")
    if case.why:
        words.append(case.why)
    return "; ".join(words)


# Metrics


def scalar_metrics(scenario: Scenario, results: Sequence[Result]) -> list[str]:
    """Metrics that are numbers, those the scenario asks for first and only, if it asks."""
    found: dict[str, None] = {}
    for result in results:
        for name in sorted(result.metrics):
            if result.number(name) is not None:
                found[name] = None
    asked = [name for name in scenario.metrics() if name in found]
    return asked or list(found)


def cell_estimate(runs: Sequence[Result], metric: str) -> tuple[stats.Estimate | None, int]:
    """Mean of a metric in a cell, and how many runs have none."""
    values = [value for run in runs if (value := run.number(metric)) is not None]
    return (stats.mean(values) if values else None), len(runs) - len(values)


def metrics_table(scenario: Scenario, results: Sequence[Result], width: int) -> list[str]:
    """Mean and 95 % interval of every metric in every cell, with n."""
    metrics = scalar_metrics(scenario, results)
    if not metrics:
        return []
    variables = varied(results)
    room = width - sum(max(len(name), 7) + 2 for name in variables)
    metrics = metrics[:max(1, room // 24)]
    rows = []
    for cell, runs in group(results).items():
        row = [cell.vars.get(name, "") for name in variables]
        for metric in metrics:
            estimate, missing = cell_estimate(runs, metric)
            text = str(estimate) if estimate else f"- (n=0 of {len(runs)})"
            if estimate and missing:
                text = text[:-1] + f" of {len(runs)})"
            row.append(text)
        rows.append(row)
    head = variables + [f"{metric} ({labels.unit(metric)})" if labels.unit(metric) else metric
                        for metric in metrics]
    return table(head, rows, width, right=range(len(head)))


# Files


def write_results(store: Store, scenario: Scenario, results: Sequence[Result]) -> str:
    """results.csv: a line for each run."""
    variables = list(dict.fromkeys(name for one in results for name, _ in one.job.cell.items))
    metrics = list(dict.fromkeys(name for one in results for name in flat(one.metrics)))
    names = [one["id"] for one in scenario.expectations() if one["kind"] != "over_runs"]
    path = store.path("results.csv")
    with open(f"{path}.part", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(variables + ["run"] + metrics + [f"expect:{name}" for name in names])
        for one in results:
            values, said = flat(one.metrics), {e["id"]: e["verdict"] for e in one.expectations}
            writer.writerow([one.job.cell.vars.get(name, "") for name in variables]
                            + [one.job.run] + [values.get(name, "") for name in metrics]
                            + [said.get(name, "") for name in names])
    os.replace(f"{path}.part", path)
    return path


def flat(metrics: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested metrics by dotted names; null is nothing."""
    found: dict[str, Any] = {}
    for name, value in metrics.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = "" if value is None or isinstance(value, list) else value
    return found


def write_summary(store: Store, scenario: Scenario, results: Sequence[Result],
                  verdicts: Sequence[Verdict], facts: dict[str, Any]) -> str:
    """summary.json: what was found, and of what."""
    cells = []
    for cell, runs in group(results).items():
        found = {}
        for metric in scalar_metrics(scenario, runs):
            estimate, missing = cell_estimate(runs, metric)
            if estimate is not None:
                found[metric] = {**_estimate(estimate), "missing": missing}
        cells.append({"vars": cell.vars, "runs": len(runs), "metrics": found})
    said = []
    for one in verdicts:
        entry: dict[str, Any] = {
            "id": one.name, "kind": one.kind, "level": one.level, "verdict": one.verdict,
            "of": one.unit, **{word: one.count(word) for word in (PASS, FAIL, UNKNOWN, SKIPPED)}}
        if one.kind == "over_runs":
            entry["asks"] = one.asks
            entry["cells"] = [_cell_case(case) for case in one.cases if case.verdict != SKIPPED]
        else:
            entry["not_passed"] = [{"vars": case.cell.vars, "run": case.run, "why": case.why}
                                   for case in one.cases if case.verdict in (FAIL, UNKNOWN)][:100]
        said.append(entry)
    path = store.path("summary.json")
    write_json(path, {"name": scenario.name, **facts, "expectations": said, "cells": cells})
    return path


def _finite(value: float) -> float | None:
    return value if abs(value) != float("inf") else None


def _estimate(one: stats.Estimate) -> dict[str, Any]:
    return {"value": one.value, "low": _finite(one.low), "high": _finite(one.high), "n": one.n,
            "level": one.level, "method": one.method}


def _cell_case(case: Case) -> dict[str, Any]:
    entry: dict[str, Any] = {"vars": case.cell.vars, "verdict": case.verdict, "why": case.why}
    if case.estimate is not None:
        entry["estimate"] = _estimate(case.estimate)
    if case.bounds is not None:
        entry["bounds"] = [_finite(end) for end in case.bounds]
    return entry


def cell_name(cell: Cell) -> str:
    """A cell for people."""
    return cell.text.replace(",", " ") or "the one cell"
