# SPDX-License-Identifier: GPL-2.0-only
"""Expectations counted over runs, and those that only many runs can judge.

karp-scenario has judged every expectation of a single run. Here these are counted, and
``over_runs`` is judged cell by cell: the estimate must lie within the bounds. Where some run has
no value for the metric, or where fewer runs were made than the file asks for and these do not
exclude that so many would lie within the bounds, the answer is unknown.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Sequence

from . import stats
from .expressions import ExpressionError, evaluate, same_value
from .scenario import Cell, Scenario
from .store import Result

PASS, FAIL, UNKNOWN, SKIPPED = "pass", "fail", "unknown", "skipped"
FEW_LEVEL = 0.999  # a campaign has dozens of cells: at 95 % one in twenty would fail by chance
EXIT_PASS, EXIT_FAIL, EXIT_UNKNOWN, EXIT_WRONG = 0, 1, 2, 3


@dataclasses.dataclass
class Case:
    """Verdict on one run, or on one cell for over_runs."""

    cell: Cell
    verdict: str
    why: str = ""
    run: int | None = None
    folder: str = ""
    lines: list[str] = dataclasses.field(default_factory=list)
    estimate: stats.Estimate | None = None
    bounds: tuple[float, float] | None = None


@dataclasses.dataclass
class Verdict:
    """Verdict on one expectation over the campaign."""

    name: str
    kind: str
    level: str
    cases: list[Case]
    asks: str = ""

    def count(self, verdict: str) -> int:
        """How many cases have this verdict."""
        return sum(1 for case in self.cases if case.verdict == verdict)

    @property
    def verdict(self) -> str:
        """Fail before unknown before pass; skipped when it applied nowhere."""
        for one in (FAIL, UNKNOWN, PASS):
            if self.count(one):
                return one
        return SKIPPED if self.cases else UNKNOWN

    @property
    def unit(self) -> str:
        """What the cases are."""
        return "cells" if self.kind == "over_runs" else "runs"

    def worst(self, limit: int = 3) -> list[tuple[Cell, list[Case], int]]:
        """Cells with most failures, then unknowns: (cell, its bad cases, cases judged)."""
        found: dict[Cell, list[Case]] = {}
        judged: dict[Cell, int] = {}
        for case in self.cases:
            judged[case.cell] = judged.get(case.cell, 0) + (case.verdict != SKIPPED)
            if case.verdict == self.verdict and case.verdict in (FAIL, UNKNOWN):
                found.setdefault(case.cell, []).append(case)
        order = sorted(found, key=lambda cell: -len(found[cell]))
        return [(cell, found[cell], judged[cell]) for cell in order[:limit]]


def group(results: Sequence[Result]) -> dict[Cell, list[Result]]:
    """Runs by cell, each list in the order of run numbers."""
    found: dict[Cell, list[Result]] = {}
    for result in results:
        found.setdefault(result.job.cell, []).append(result)
    for runs in found.values():
        runs.sort(key=lambda one: one.job.run)
    return found


def judge(scenario: Scenario, results: Sequence[Result], cells: Sequence[Cell],
          over_runs: bool = True, quick: bool = False) -> list[Verdict]:
    """Every expectation of the file.

    :param cells: all of the campaign, also those of which no run came
    :param over_runs: False when single runs are looked at: nothing can be said about many
    :param quick: pass over what so few runs cannot tell, as was to be expected
    """
    verdicts = []
    by_cell = group(results)
    for expectation in scenario.expectations():
        verdict = Verdict(expectation["id"], expectation["kind"], expectation["level"], [])
        if expectation["kind"] != "over_runs":
            verdict.cases = [_of_run(expectation["id"], result) for result in results]
        else:
            verdict.asks = describe(expectation["spec"])
            if over_runs:
                verdict.cases = _over_runs(scenario, expectation, by_cell, cells, quick)
            else:
                verdict.cases = [Case(cell, SKIPPED, "takes many runs") for cell in cells]
        verdicts.append(verdict)
    return verdicts + invariants(results)


def invariants(results: Sequence[Result]) -> list[Verdict]:
    """The rules that hold in every run: one verdict for each that was broken, else one for all."""
    names = sorted({one["id"] for result in results for one in result.expectations
                    if one.get("kind") == "invariant"})
    verdicts = [Verdict(name, "invariant", "fail", [_of_run(name, result) for result in results])
                for name in names]
    broken = [one for one in verdicts if one.count(FAIL)]
    if broken or not names:
        return broken
    cases = [Case(result.job.cell, PASS, "", result.job.run, result.folder) for result in results]
    return [Verdict("invariants", "at every moment", "fail", cases)]


def _of_run(name: str, result: Result) -> Case:
    """What karp-scenario said about an expectation in a run."""
    for one in result.expectations:
        if one["id"] != name:
            continue
        said = one["verdict"] if one["verdict"] in (PASS, FAIL, UNKNOWN, SKIPPED) else UNKNOWN
        words = str(one.get("why") or "")
        if isinstance(one.get("at"), (int, float)):
            words = f"at {one['at']:.6g} s" + (f": {words}" if words else "")
        if isinstance(one.get("nodes"), list) and one["nodes"]:
            words += f" [{' '.join(map(str, one['nodes'][:6]))}]"
        lines = one.get("lines") if isinstance(one.get("lines"), list) else []
        return Case(result.job.cell, said, words, result.job.run, result.folder,
                    [str(line) for line in lines or []])
    return Case(result.job.cell, UNKNOWN, "the run says nothing about it", result.job.run,
                result.folder)


def describe(spec: dict[str, Any]) -> str:
    """An over_runs in words: ``mean of t_gcks between 2.6 * $adv and 3.0 * $adv``."""
    words = [f"{spec.get('stat')} of {spec.get('metric')}"]
    for key, word in (("ratio", "over"), ("difference", "less")):
        for variable, pair in spec.get(key, {}).items():
            words.append(f"{variable}={pair[0]} {word} {variable}={pair[1]}")
    if "between" in spec:
        words.append(f"between {spec['between'][0]} and {spec['between'][1]}")
    if "equals" in spec:
        words.append(f"equals {spec['equals']}" + (f" +- {spec['tol']}" if "tol" in spec else ""))
    words += [f"{key} {spec[key]}" for key in ("below", "above") if key in spec]
    if "confidence" in spec:
        words.append(f"with all of its {spec['confidence']} interval")
    return " ".join(words)


@dataclasses.dataclass(frozen=True)
class _Bounds:
    """Where the estimate must lie. Ends belong to it, but for those of below and above."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def hold(self, value: float) -> bool:
        slack = 1e-12 * max(abs(value), 1e-12)
        low = value > self.low if self.open_low else value >= self.low - slack
        high = value < self.high if self.open_high else value <= self.high + slack
        return low and high

    def touch(self, low: float, high: float) -> bool:
        return high >= self.low and low <= self.high


def _tolerance(spec: dict[str, Any], target: float, variables: dict[str, str]) -> float:
    """``tol``: a percentage of the target, or an amount in the metric's unit."""
    if "tol" not in spec:
        return 1e-9 * max(1.0, abs(target))
    tol = abs(evaluate(spec["tol"], variables))
    return tol * abs(target) if str(spec["tol"]).rstrip().endswith("%") else tol


def bounds(spec: dict[str, Any], variables: dict[str, str]) -> _Bounds:
    """The bounds of an over_runs in one cell: all that are named hold together."""
    low, high, open_low, open_high = -math.inf, math.inf, False, False
    if "between" in spec:
        low, high = (evaluate(end, variables) for end in spec["between"])
        if low > high:
            raise ExpressionError(f"'between' is empty: {low:g} > {high:g}")
    if "equals" in spec:
        target = evaluate(spec["equals"], variables)
        tol = _tolerance(spec, target, variables)
        low, high = max(low, target - tol), min(high, target + tol)
    if "above" in spec:
        limit = evaluate(spec["above"], variables)
        if limit >= low:
            low, open_low = limit, True
    if "below" in spec:
        limit = evaluate(spec["below"], variables)
        if limit <= high:
            high, open_high = limit, True
    return _Bounds(low, high, open_low, open_high)


def _over_runs(scenario: Scenario, expectation: dict[str, Any],
               by_cell: dict[Cell, list[Result]], cells: Sequence[Cell], quick: bool
               ) -> list[Case]:
    spec, where = expectation["spec"], expectation["where"]
    cases = []
    for cell in cells:
        runs = by_cell.get(cell, [])
        partner: list[Result] | None = None
        if not cell.matches(where):
            cases.append(Case(cell, SKIPPED, "not here ('where')"))
            continue
        pair = spec.get("ratio") or spec.get("difference")
        if pair:
            variable, (top, bottom) = next(iter(pair.items()))
            if not same_value(cell.vars.get(variable, ""), top):
                continue
            sibling = _sibling(cell, variable, bottom, cells)
            partner = by_cell.get(sibling, []) if sibling else []
        case, few = _judge_cell(scenario, spec, cell, runs, partner)
        if few and quick:
            case.verdict = SKIPPED
        cases.append(case)
    return cases


def _sibling(cell: Cell, variable: str, value: str, cells: Sequence[Cell]) -> Cell | None:
    """The cell that differs in one variable only (of a case, in what the case sets as well)."""
    for other in cells:
        if not same_value(other.vars.get(variable, ""), value):
            continue
        if variable == "case" or all(same_value(text, other.vars.get(name, ""))
                                     for name, text in cell.items if name != variable):
            return other
    return None


def _judge_cell(scenario: Scenario, spec: dict[str, Any], cell: Cell, runs: list[Result],
                partner: list[Result] | None) -> tuple[Case, bool]:
    """The verdict in a cell, and whether it is open only because runs are few."""
    metric, stat = spec["metric"], spec["stat"]
    try:
        wanted = bounds(spec, cell.vars)
        level = evaluate(spec["confidence"]) if "confidence" in spec else None
        estimate, why = _estimate(spec, runs, partner, level or 0.95)
        few = estimate is not None and estimate.n < scenario.runs
        reach = _reach(metric, stat, runs, partner) if few else (math.nan, math.nan)
    except (ExpressionError, ValueError) as error:
        return Case(cell, UNKNOWN, str(error)), False
    if estimate is None:
        return Case(cell, UNKNOWN, why, bounds=(wanted.low, wanted.high)), False
    case = Case(cell, PASS, why, estimate=estimate, bounds=(wanted.low, wanted.high))
    open_question = False
    if level is not None:
        open_question = _judge_surely(case, wanted, reach if few else None)
    elif not wanted.hold(estimate.value):
        open_question = few and wanted.touch(*reach)
        case.verdict = UNKNOWN if open_question else FAIL
        if open_question:
            case.why = f"not judged: {estimate.n} of {scenario.runs} runs"
    return case, open_question


def _judge_surely(case: Case, wanted: _Bounds, reach: tuple[float, float] | None) -> bool:
    """The verdict where all of the interval must lie within the bounds.

    :param reach: what _reach says where runs are few: the interval of a few can be far too short
    :return: whether it is open only because runs are few
    """
    one = case.estimate
    assert one is not None
    if wanted.hold(one.low) and wanted.hold(one.high):
        return False
    there = wanted.touch(one.low, one.high) or reach is not None and wanted.touch(*reach)
    case.verdict = UNKNOWN if there else FAIL
    if there:
        case.why = f"{one.n} runs cannot tell"
    return there and reach is not None


def _reach(metric: str, stat: str, runs: list[Result], partner: list[Result] | None
           ) -> tuple[float, float]:
    """Between what the statistic of all runs would lie, as far as these few can tell."""
    if partner is not None:
        return -math.inf, math.inf
    values = [run.number(metric) or 0.0 for run in runs]
    return stats.from_few(stat, values, FEW_LEVEL)


def _estimate(spec: dict[str, Any], runs: list[Result], partner: list[Result] | None,
              level: float) -> tuple[stats.Estimate | None, str]:
    """The statistic over the runs of a cell, or why there is none."""
    metric, stat = spec["metric"], spec["stat"]
    if not runs:
        return None, "no run"
    if all(metric.partition(".")[0] not in run.metrics for run in runs):
        return None, f"no run has a metric '{metric}'"
    if stat == "rate":
        there = sum(1 for run in runs if run.number(metric))
        return stats.proportion(there, len(runs), level), ""
    others = {run.job.run: run.number(metric) for run in partner or []}
    # Where neither side of a pair has a value there was nothing to measure, and nothing to compare.
    runs = [run for run in runs if run.number(metric) is not None
            or others.get(run.job.run, 0.0) is not None]
    if not runs:
        return None, f"no run has a value of {metric}"
    values = [run.number(metric) for run in runs]
    missing = sum(1 for value in values if value is None)
    if missing:
        first = next(run for run in runs if run.number(metric) is None)
        return None, (f"{missing} of {len(runs)} runs have no {metric}, "
                      f"for example run {first.job.run}")
    if partner is None:
        return stats.by_name(stat, [value for value in values if value is not None], level), ""
    pairs = [(value, others[run.job.run]) for run, value in zip(runs, values)
             if others.get(run.job.run) is not None]
    if not pairs:
        return None, "the other side has no run with a value"
    top, bottom = zip(*pairs)
    if "difference" in spec:
        return stats.paired_difference(top, bottom, level), ""
    return stats.ratio(top, bottom, stats.reducer(stat), level=level), ""


def exit_code(verdicts: Sequence[Verdict], broken: int) -> int:
    """0 all hold, 1 one fails, 2 one is unknown or some run came to nothing."""
    said = {one.verdict for one in verdicts if one.level != "warn"}
    if FAIL in said:
        return EXIT_FAIL
    return EXIT_UNKNOWN if UNKNOWN in said or broken else EXIT_PASS
