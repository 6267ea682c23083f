# SPDX-License-Identifier: GPL-2.0-only
"""``./karp attack-matrix``: every attack against every protection, as a table and a figure.

Each row is an expectation of a scenario in ``scenarios/attack-matrix/``, each column one of its
cases; a cell is the share of runs in which that expectation came true, with Wilson's interval.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import sys
from typing import Any, Callable, Sequence

from . import stats
from .campaign import Campaign
from .runner import Trouble
from .scenario import QUICK_RUNS, Cell, ScenarioError
from .store import Result
from .verdicts import EXIT_WRONG, FAIL, PASS

FOLDER = os.path.join("scenarios", "attack-matrix")

# Columns: case of the scenarios, what it is called.
PROTECTIONS = (
    ("open", "none"),
    ("manual", 'RFC 2328, ">="'),
    ("strict", 'RFC 2328, ">"'),
    ("clock", "wall clock"),
    ("rfc7474", "RFC 7474"),
    ("mrkmp", "MRKMP"),
    ("transport", "MRKMP, key per sender"),
)

FIRST_RUNS = 30  # of each cell; where every row has succeeded then, more would not say more

SUCCEEDS, FAILS, DELAYS, NOTHING = "S", "F", "D", "-"


@dataclasses.dataclass(frozen=True)
class Attack:
    """A row of the matrix."""

    name: str                    #: for people
    file: str                    #: scenario
    success: str                 #: expectation that holds if the attack succeeds
    expected: str                #: a letter for each protection
    delay: str | None = None     #: expectation that holds if it delays a join


ATTACKS = (
    Attack("last packet, live neighbour", "replay-last", "success", "SSFSFSS"),
    Attack("older packet, live neighbour", "replay-older", "success", "SFFFFFF"),
    Attack("from before a reboot, at once", "replay-reboot", "window", "SSSFFSF"),
    Attack("from before a reboot, later", "replay-reboot", "after", "SSSFFFF"),
    Attack("another source address", "replay-source", "success", "SSSSFSF"),
    Attack("insider", "insider", "success", "-SSSSSS"),
    Attack("outsider claims to be GCKS", "masquerade", "success", "-----DD", "delay"),
    Attack("GCKS kept from some, meanwhile", "mute", "success", "-----SS"),
    Attack("GCKS kept from some, afterwards", "mute", "stays", "-----FF"),
    Attack("flood of IKE_SA_INIT", "flood", "success", "-----DD", "delay"),
)


@dataclasses.dataclass
class Outcome:
    """A cell of the matrix."""

    successes: int = 0
    delays: int = 0
    runs: int = 0

    def letter(self) -> str:
        """What it comes to: S if any run succeeded, D if any was delayed, F otherwise."""
        if self.runs == 0:
            return NOTHING
        if self.successes:
            return SUCCEEDS
        return DELAYS if self.delays else FAILS

    def interval(self) -> stats.Estimate:
        """The share of successes."""
        return stats.proportion(self.successes, self.runs)

    def text(self) -> str:
        """For the table: ``S 300/300``, ``F 0/300``."""
        if self.runs == 0:
            return NOTHING
        return f"{self.letter()} {self.successes}/{self.runs}"


def holds(result: Result, name: str) -> bool | None:
    """Whether an expectation held in a run; None if it could not be judged."""
    for one in result.expectations:
        if one["id"] == name:
            return {PASS: True, FAIL: False}.get(one["verdict"])
    raise ScenarioError(f"no expectation {name} in {result.folder}")


def count(attack: Attack, results: Sequence[Result]) -> Outcome:
    """What the runs of a cell say."""
    outcome = Outcome()
    for result in results:
        said = holds(result, attack.success)
        if said is None:
            continue
        outcome.runs += 1
        outcome.successes += said
        outcome.delays += bool(attack.delay and holds(result, attack.delay))
    return outcome


def case_of(cell: Cell) -> str:
    """The protection that a cell is about."""
    return dict(cell.items).get("case", "")


def fits(letter: str, expected: str) -> bool:
    """Whether an outcome is the expected one: less than a delay is as good as one."""
    return letter == expected or (expected == DELAYS and letter == FAILS)


def table(matrix: dict[tuple[str, str], Outcome]) -> list[str]:
    """The matrix for people; what differs from what was expected has a mark."""
    rows = [["attack"] + [title for _, title in PROTECTIONS]]
    for attack in ATTACKS:
        row = [attack.name]
        for (case, _), expected in zip(PROTECTIONS, attack.expected):
            outcome = matrix.get((attack.name, case), Outcome())
            differs = outcome.runs and not fits(outcome.letter(), expected)
            row.append(outcome.text() + (f" ({expected} expected)" if differs else ""))
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
             for row in rows]
    return [lines[0], "  ".join("-" * width for width in widths)] + lines[1:]


def as_csv(matrix: dict[tuple[str, str], Outcome]) -> str:
    """The matrix for programs: a line for each cell, with Wilson's interval."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["attack", "protection", "outcome", "expected", "successes", "delays", "runs",
                     "share", "low", "high"])
    for attack in ATTACKS:
        for (case, _), expected in zip(PROTECTIONS, attack.expected):
            outcome = matrix.get((attack.name, case))
            if outcome is None or outcome.runs == 0:
                continue
            share = outcome.interval()
            writer.writerow([attack.name, case, outcome.letter(), expected, outcome.successes,
                             outcome.delays, outcome.runs, f"{share.value:.6g}",
                             f"{share.low:.6g}", f"{share.high:.6g}"])
    return text.getvalue()


def draw(matrix: dict[tuple[str, str], Outcome], base: str) -> list[str]:
    """The matrix as a heat map: the share of successes as shade, the counts in numbers."""
    from . import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    with style.context():
        figure = Figure(figsize=(style.DOUBLE, 0.55 + 0.24 * (len(ATTACKS) + 2)))
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.27, 0.02, 0.72, 0.80))
        for y, attack in enumerate(ATTACKS):
            for x, (case, _) in enumerate(PROTECTIONS):
                outcome = matrix.get((attack.name, case), Outcome())
                shade = outcome.successes / outcome.runs if outcome.runs else 0.0
                colour = (1 - 0.65 * shade, 1 - 0.42 * shade, 1 - 0.20 * shade)
                axes.add_patch(_box(x, y, "white" if outcome.runs == 0 else colour))
                axes.text(x, y, outcome.text(), ha="center", va="center", fontsize=7,
                          color="black")
        axes.set_xlim(-0.5, len(PROTECTIONS) - 0.5)
        axes.set_ylim(len(ATTACKS) - 0.5, -0.5)
        axes.set_xticks(range(len(PROTECTIONS)), [title.replace(", ", ",\n")
                                                  for _, title in PROTECTIONS])
        axes.xaxis.tick_top()
        axes.set_yticks(range(len(ATTACKS)), [attack.name for attack in ATTACKS])
        axes.tick_params(length=0)
        axes.grid(False)
        for side in axes.spines.values():
            side.set_visible(False)
        return style.save(figure, base)


def _box(x: int, y: int, colour: Any) -> Any:
    from matplotlib.patches import Rectangle
    return Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="0.6", linewidth=0.5)


class QuietCampaign(Campaign):
    """Runs that keep no trace: of each only the verdicts are wanted."""

    def command(self, job: Any, folder: str) -> list[str]:
        return super().command(job, folder) + ["--trace=false"]

    def _story(self, job: Any) -> Result | Trouble:
        return self.runner.make(job)

    def collect(self, wanted: Callable[[Cell], bool],
                enough: Callable[[list[Result]], bool]) -> list[Result]:
        """Make the runs of the cells that are wanted, and give them all.

        :param enough: whether the first runs of a cell say all that its rows ask
        """
        self.cells = [cell for cell in self.cells if wanted(cell)]
        every = [job for job in self.jobs if job.cell in self.cells]
        self.jobs = [job for job in every if job.run <= FIRST_RUNS]
        self._some()
        settled = {cell for cell in self.cells
                   if enough([one for job, one in self.results.items() if job.cell == cell])}
        self.cells = [cell for cell in self.cells if cell not in settled]
        self.jobs = [job for job in every if job.run > FIRST_RUNS and job.cell in self.cells]
        if self.jobs:
            self._some()
        self._tell_broken()
        return list(self.results.values())

    def _some(self) -> None:
        self._take_stored(self.jobs)
        pending = [job for job in self.jobs if job not in self.results]
        print(f"{self.scenario.name}: {len(self.cells)} protections, {len(self.jobs)} runs"
              + (f", {len(self.jobs) - len(pending)} there already"
                 if len(pending) < len(self.jobs) else ""), flush=True)
        if not self._make(pending):
            raise ScenarioError(f"{self.scenario.path} cannot be run")


def campaign(args: Any, file: str) -> QuietCampaign:
    """The campaign of a scenario of the matrix."""
    values = vars(args).copy()
    values.update(scenario=os.path.join(FOLDER, file + ".yaml"),
                  out=os.path.join(args.out, file), run=None, set=[], pcap=False, keylog=False)
    values.update(runs=args.runs or (QUICK_RUNS if args.quick else None), quick=False)
    return QuietCampaign(type(args)(**values))


def collect(args: Any) -> dict[tuple[str, str], Outcome]:
    """Make all runs and count."""
    matrix: dict[tuple[str, str], Outcome] = {}
    for file in dict.fromkeys(attack.file for attack in ATTACKS):
        rows = [attack for attack in ATTACKS if attack.file == file]
        asked = {case for row in rows for (case, _), letter in zip(PROTECTIONS, row.expected)
                 if letter != NOTHING}
        one = campaign(args, file)
        one.store.open()
        try:
            results = one.collect(
                lambda cell, asked=asked: case_of(cell) in asked,
                lambda some, rows=rows: all(count(row, some).successes for row in rows))
        finally:
            one.store.close()
        for case in asked:
            of_case = [result for result in results if case_of(result.job.cell) == case]
            for row in rows:
                matrix[(row.name, case)] = count(row, of_case)
    return matrix


def run(args: Any) -> int:
    """Make the matrix, print and draw it.

    :param args: ``program``, ``out`` (folder), ``runs`` (of each cell, or None), ``quick``, ``jobs``
    :return: 0 if every cell is as expected, 1 if one is not, 3 if a scenario is wrong
    """
    try:
        matrix = collect(args)
    except ScenarioError as error:
        print(f"karp: {error}", file=sys.stderr)
        return EXIT_WRONG
    print("\nS succeeds, D delays a join, F fails; runs in which it succeeded of all\n")
    lines = table(matrix)
    print("\n".join(lines))
    fewest = min((one.runs for one in matrix.values() if one.letter() != SUCCEEDS), default=0)
    if fewest:
        high = stats.proportion(0, fewest).high
        print(f"\nnever in {fewest} runs: at most {100 * high:.2g} % (Wilson, 95 %)")
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, "matrix.csv"), "w", encoding="utf-8") as file:
        file.write(as_csv(matrix))
    with open(os.path.join(args.out, "matrix.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    names = draw(matrix, os.path.join(args.out, "matrix"))
    print(f"table:  {os.path.join(args.out, 'matrix.csv')}\nfigure: {names[0]}  (png, svg beside it)")
    differ = [(attack.name, case) for attack in ATTACKS
              for (case, _), expected in zip(PROTECTIONS, attack.expected)
              if (attack.name, case) in matrix
              and not fits(matrix[(attack.name, case)].letter(), expected)]
    for name, case in differ:
        print(f"differs: {name}, {case}")
    return 1 if differ else 0
