# SPDX-License-Identifier: GPL-2.0-only
"""``./karp run``: many runs of a scenario, what they say together, and figures of it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from typing import Any, Sequence

from . import plot, report, stats
from .runner import Bar, Runner, Trouble
from .scenario import MAPS, QUICK_RUNS, Cell, Scenario, ScenarioError, parse_settings
from .store import Job, Result, Store, program_id, run_key, save_plan
from .verdicts import EXIT_UNKNOWN, EXIT_WRONG, FAIL, UNKNOWN, exit_code, judge

EXIT_INTERRUPTED = 130
HOPELESS = 10   # broken runs without a single good one after which no more are tried
SHOWN_BROKEN = 5


def run(args: Any) -> int:
    """Make the runs of a scenario that are not there yet, judge, draw.

    :param args: ``scenario`` and ``program`` (paths); ``jobs`` (processes), ``out`` (folder),
        ``set`` (list of name=value), ``run`` (only this run), ``runs`` (of each cell), ``pcap``,
        ``keylog``, ``quick``; all but the first two may be absent or None
    :return: 0 all expectations hold, 1 one fails, 2 one cannot be judged, 3 the scenario or the
        command is wrong; 130 when interrupted
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    campaign: Campaign | None = None
    try:
        campaign = Campaign(args)
        campaign.store.open()
        return campaign.run()
    except ScenarioError as error:
        print(f"karp: {error}", file=sys.stderr)
        return EXIT_WRONG
    except KeyboardInterrupt:
        print("\nstopped" + (campaign.interrupted() if campaign else ""), file=sys.stderr)
        return EXIT_INTERRUPTED
    finally:
        if campaign is not None:
            campaign.store.close()


class Campaign:
    """The runs of one call."""

    def __init__(self, args: Any) -> None:
        self.program = str(getattr(args, "program", None) or "build/karp-scenario")
        if not os.access(self.program, os.X_OK) or not os.path.isfile(self.program):
            raise ScenarioError(f"{self.program}: no such program; './karp build' makes it")
        self.scenario = Scenario.load(str(args.scenario))
        self.settings = parse_settings(getattr(args, "set", None) or [])
        self.cells = self.scenario.cells(self.settings)
        self.only = self._positive(args, "run")
        self.quick = bool(getattr(args, "quick", False))
        runs = self._positive(args, "runs")
        self.runs = runs or (min(QUICK_RUNS, self.scenario.runs) if self.quick
                             else self.scenario.runs)
        self.adaptive = self.scenario.until_ci if not (runs or self.only or self.quick) else None
        self.jobs = [Job(cell, number) for number in self._numbers() for cell in self.cells]
        self.processes = self._positive(args, "jobs") or len(os.sched_getaffinity(0))
        self.extras = [name for name in ("pcap", "keylog") if getattr(args, name, False)]
        self.out = str(getattr(args, "out", None) or self.scenario.at(("output", "dir"))
                       or os.path.join("out", self.scenario.name))
        self.given_out = getattr(args, "out", None)
        self.store = Store(self.out)
        self.program_id = program_id(self.program)
        self.digest = self.scenario.digest()
        self.runner = Runner(self.store, self.command, self.key)
        self.results: dict[Job, Result] = {}
        self.broken: list[Trouble] = []

    @staticmethod
    def _positive(args: Any, name: str) -> int | None:
        value = getattr(args, name, None)
        if value is None:
            return None
        if int(value) < 1:
            raise ScenarioError(f"--{name} {value}: a whole number from 1 expected")
        return int(value)

    def _numbers(self) -> Sequence[int]:
        return [self.only] if self.only else range(1, self.runs + 1)

    # One run

    def command(self, job: Job, folder: str) -> list[str]:
        """The process that makes a run."""
        words = [self.program, f"--scenario={self.scenario.path}", f"--RngRun={job.run}",
                 f"--out={folder}"]
        if job.cell.items:
            words.append(f"--set={job.cell.text}")
        return words + [f"--{name}" for name in self.extras]

    def key(self, job: Job) -> dict[str, Any]:
        """What a run is stored under."""
        return run_key(self.scenario, job, self.program_id, self.extras)

    def replay(self, cell: Cell, number: int) -> str:
        """The command that makes one run again, with its packets."""
        words = ["./karp", "run", self.scenario.path]
        for name, value in cell.items:
            words += ["--set", f"{name}={value}"]
        words += ["--run", str(number), "--pcap"]
        if self.given_out:
            words += ["--out", str(self.given_out)]
        return shlex.join(words)

    # All runs

    def run(self) -> int:
        """From stored runs to verdict."""
        self._take_stored(self.jobs)
        self._announce()
        if not self._make([job for job in self.jobs if job not in self.results]):
            return EXIT_WRONG
        if self.adaptive and not self._until_ci(self.adaptive):
            return EXIT_WRONG
        return self._conclude()

    def _take_stored(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            found = self.store.stored(job, self.key(job))
            if found is not None:
                self.results[job] = found

    def _announce(self) -> None:
        there = len(self.results)
        numbers = f"run {self.only}" if self.only else f"{self.runs} runs"
        print(f"{self.scenario.name}: {len(self.cells)} cells x {numbers} = {len(self.jobs)} runs"
              + (f", {there} there already" if there else ""), flush=True)
        for name in self.scenario.at(("sweep", "skip_absent"), []):
            if name not in self.settings:
                for value in self.scenario.absent(name):
                    print(f"  {value} is not there, and left out: {MAPS} names the folder of maps")
        if self.quick and self.runs < self.scenario.runs:
            print(f"  quick look: {self.runs} of {self.scenario.runs} runs of each cell; what "
                  "so few cannot tell is skipped")

    def _make(self, pending: list[Job]) -> bool:
        """Make runs; False when the scenario is wrong."""
        if not pending:
            return True
        if not self.results and not self.broken or self.only and len(pending) == 1:
            if not self._landed(self._story(pending.pop(0))):
                return False
        if not pending:
            return True
        bar = Bar(len(self.jobs), len(self.cells))
        left = {cell: 0 for cell in self.cells}
        for job in pending:
            left[job.cell] += 1
        bar.begin_with(len(self.jobs) - len(pending), sum(1 for n in left.values() if n == 0))
        bar.failed = sum(1 for one in self.results.values() if _not_passed(one))

        def landed(landing: Result | Trouble) -> bool:
            left[landing.job.cell] -= 1
            bar.done += 1
            bar.cells_done += left[landing.job.cell] == 0
            bar.failed += isinstance(landing, Trouble) or _not_passed(landing)
            return self._landed(landing)

        print(f"  {self.processes} at a time", flush=True)
        wrong = len(self.broken)
        try:
            self.runner.make_all(pending, self.processes, bar, landed)
        finally:
            bar.end()
        return not any(one.wrong_file for one in self.broken[wrong:])

    def _story(self, job: Job) -> Result | Trouble:
        """One run, told as it happens."""
        where = f" of {report.cell_name(job.cell)}" if job.cell.items else ""
        print(f"run {job.run}{where}, in simulated time:", flush=True)
        return self.runner.make(job, sys.stdout)

    def _landed(self, landing: Result | Trouble) -> bool:
        """Take in a run; False when it makes no sense to go on."""
        if isinstance(landing, Result):
            self.results[landing.job] = landing
            return True
        self.broken.append(landing)
        if landing.wrong_file:
            print(f"\n{landing.reason}", file=sys.stderr)
            return False
        return bool(self.results) or len(self.broken) < HOPELESS

    def _until_ci(self, rule: dict[str, Any]) -> bool:
        """More runs where the interval of the mean is still too wide; False as _make."""
        while True:
            more = []
            for cell in self.cells:
                runs = [one for job, one in self.results.items() if job.cell == cell]
                values = [v for one in runs if (v := one.number(rule["metric"])) is not None]
                made = max((job.run for job in self.jobs if job.cell == cell), default=0)
                wide = len(values) < 2
                if not wide:
                    estimate = stats.mean(values)
                    wide = estimate.half_width > rule["rel"] * abs(estimate.value)
                if wide and values and made < rule["max"]:
                    last = min(made + max(self.scenario.runs, 2), rule["max"])
                    more += [Job(cell, number) for number in range(made + 1, last + 1)]
            if not more:
                return True
            more.sort(key=lambda job: job.run)
            self.jobs += more
            self._take_stored(more)
            if not self._make([job for job in more if job not in self.results]):
                return False

    def interrupted(self) -> str:
        """What to say after Ctrl-C."""
        return (f": {len(self.results)} of {len(self.jobs)} runs are done and kept in {self.out}; "
                "the same command goes on from there")

    # What it all says

    def _conclude(self) -> int:
        results = [self.results[job] for job in sorted(
            self.results, key=lambda job: (self.cells.index(job.cell), job.run))]
        if not results:
            self._tell_broken()
            return EXIT_UNKNOWN
        width = report.terminal_width()
        verdicts = judge(self.scenario, results, self.cells, over_runs=self.only is None,
                         quick=self.quick)
        print("\n" + "\n".join(report.expectations(verdicts, width)))
        for line in report.failures(verdicts, self.replay, width):
            print(line)
        self._tell_broken()
        tables = report.metrics_table(self.scenario, results, width)
        if tables:
            heading = "mean with 95 % interval (Student t)" if self.only is None else "metrics"
            print("\n".join(["", heading + ":"] + tables))
        code = exit_code(verdicts, len(self.broken))
        self._write(results, verdicts, code)
        return code

    def _tell_broken(self) -> None:
        if not self.broken:
            return
        print(f"\n{len(self.broken)} runs came to nothing"
              + (":" if self.results else ", no more are tried:"))
        for one in self.broken[:SHOWN_BROKEN]:
            first, *rest = one.reason.splitlines() or ["no reason given"]
            print(f"  {one.job.cell.text or 'all'} run {one.job.run}: {first}")
            for line in rest[-4:]:
                print(f"      {line}")
            print(f"    run:    {one.folder}\n    again:  {self.replay(one.job.cell, one.job.run)}")

    def _write(self, results: list[Result], verdicts: list[Any], code: int) -> None:
        """Figures and tables; a single run has only its timeline, in its own folder."""
        facts = self._facts(results[0])
        if self.only is not None:
            drawn: list[list[str]] = []
            problems: list[str] = []
            if len(results) == 1:
                drawn, problems = self._draw_single(results[0])
        else:
            save_plan(self.store, self.scenario, [one.job for one in results] + [
                one.job for one in self.broken], self.program_id, self.settings)
            tables = [report.write_results(self.store, self.scenario, results),
                      report.write_summary(self.store, self.scenario, results, verdicts,
                                           {**facts, "exit": code, "broken": len(self.broken)})]
            drawn, problems = self._draw(results)
            print(f"\ntables:\n  {tables[0]}\n  {tables[1]}")
        if drawn:
            print("\n".join(["figures:"] + plot.figure_lines(drawn)))
        for problem in problems:
            print(f"  not drawn: {problem}")
        if self.only is not None and len(results) == 1:
            print(f"run: {results[0].folder}")
        self._last_line(verdicts, len(results), facts)

    def _draw(self, results: list[Result]) -> tuple[list[list[str]], list[str]]:
        folder = self.store.path(plot.FIGURES)
        mark = plot.stamp(self.scenario, results)
        there = plot.unchanged(folder, mark)
        if there is not None:
            return there, []
        drawn, problems = plot.draw_all(self.scenario, results, folder)
        if drawn and not problems:
            plot.keep_stamp(folder, mark, drawn)
        return drawn, problems

    def _draw_single(self, result: Result) -> tuple[list[list[str]], list[str]]:
        from . import figures, timeline
        asked: list[dict[str, Any]] = [one for one in self.scenario.plots() if "timeline" in one]
        spec = asked[0] if asked else {}
        spec = {key: value for key, value in spec.items() if key != "where"}
        try:
            chart = timeline.build({**spec, "run": str(result.job.run)}, [result])
        except figures.FigureError as error:
            return [], [f"timeline: {error}"]
        return [timeline.write(chart, result.folder, "timeline")], []

    def _facts(self, result: Result) -> dict[str, Any]:
        """Of what the results are: scenario, ns-3, commit."""
        meta: dict[str, Any] = {}
        try:
            with open(os.path.join(result.folder, "trace.jsonl"), encoding="utf-8") as file:
                meta = json.loads(file.readline())
        except (OSError, ValueError):
            pass
        if not isinstance(meta, dict):
            meta = {}
        return {"scenario": self.digest, "ns3": str(meta.get("ns3", "")),
                "program": self.program_id, "commit": _commit(), "runs": len(self.results)}

    @staticmethod
    def _last_line(verdicts: list[Any], runs: int, facts: dict[str, Any]) -> None:
        said = [one.verdict for one in verdicts if one.level != "warn"]
        bad = [f"{said.count(word)} {word}" for word in (FAIL, UNKNOWN) if word in said]
        words = ", ".join(bad) if bad else "all expectations hold"
        of = [f"scenario {facts['scenario'][:12]}"]
        if facts["ns3"] not in ("", "unknown"):
            of.append(f"ns-3 {facts['ns3'].removeprefix('ns-').removeprefix('3-')}")
        if facts["commit"]:
            of.append(f"commit {facts['commit'][:12]}")
        print(f"\n{words}; {runs} runs, {', '.join(of)}")


def _not_passed(result: Result) -> bool:
    return any(one["verdict"] in (FAIL, UNKNOWN) for one in result.expectations)


def _commit() -> str:
    """The commit this file belongs to, nothing outside a clone."""
    try:
        found = subprocess.run(["git", "-C", os.path.dirname(os.path.abspath(__file__)),
                                "rev-parse", "HEAD"], capture_output=True, text=True,
                               timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
