# SPDX-License-Identifier: GPL-2.0-only
"""Runs on disk: one folder each, finished or not there.

``DIR/runs/<cell>/run-0007`` holds what karp-scenario wrote and ``run.json``, the key it was made
under. A run is made under a temporary name and renamed when it is whole, so that an interrupted
campaign leaves nothing that could be taken for a result. A run that went wrong stays beside it as
``run-0007.broken`` until it is made anew.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import json
import math
import os
import shutil
import subprocess
from typing import Any, IO, Iterator

from .scenario import Cell, Scenario, ScenarioError

FORMAT = 1  # of run.json and campaign.json


class BrokenRun(Exception):
    """What a run left cannot be used."""


@dataclasses.dataclass(frozen=True)
class Job:
    """One process to be: a cell and a run number."""

    cell: Cell
    run: int


@dataclasses.dataclass
class Result:
    """What a finished run says."""

    job: Job
    folder: str
    metrics: dict[str, Any]
    expectations: list[dict[str, Any]]
    duration: float = 0.0  # s of simulated time, 0 if it does not say

    def number(self, metric: str) -> float | None:
        """A metric, or an entry of a table, as a number; None if it is null, absent or no number."""
        table, dot, entry = metric.partition(".")
        value = self.metrics.get(table)
        if dot:  # bytes_by_type.update; what never occurred has no entry
            value = value.get(entry, 0) if isinstance(value, dict) else None
        if isinstance(value, bool):
            return float(value)
        if isinstance(value, (int, float)) and math.isfinite(value):
            return float(value)
        return None


def file_digest(path: str) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def program_id(program: str) -> str:
    """Identity of the simulator: the program and, where it is in a library, that library."""
    parts = [file_digest(program)]
    try:
        listing = subprocess.run(["ldd", program], capture_output=True, text=True, timeout=20,
                                 check=False).stdout
    except (OSError, subprocess.SubprocessError):
        listing = ""
    for line in sorted(listing.splitlines()):
        words = line.split()
        if len(words) >= 3 and "karp" in words[0] and os.path.isfile(words[2]):
            parts.append(file_digest(words[2]))
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def read_json(path: str) -> Any:
    """A JSON file. NaN and Infinity are not JSON."""
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not JSON")
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_constant=refuse)


def write_json(path: str, value: Any) -> None:
    """A JSON file with sorted keys, whole or not at all."""
    part = f"{path}.part"
    with open(part, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=True, allow_nan=False)
        file.write("\n")
    os.replace(part, path)


def read_output(folder: str, job: Job) -> Result:
    """metrics.json and verdict.json of a run.

    :raises BrokenRun: when they are not what karp-scenario writes
    """
    try:
        metrics = read_json(os.path.join(folder, "metrics.json"))
        verdict = read_json(os.path.join(folder, "verdict.json"))
    except OSError as error:
        raise BrokenRun(f"{os.path.basename(str(error.filename))} is missing") from error
    except ValueError as error:
        raise BrokenRun(f"output is not JSON: {error}") from error
    if not isinstance(metrics, dict) or not isinstance(metrics.get("metrics"), dict):
        raise BrokenRun("metrics.json has no block 'metrics'")
    found = verdict.get("expectations") if isinstance(verdict, dict) else None
    if not isinstance(found, list) or not all(
            isinstance(one, dict) and isinstance(one.get("id"), str)
            and isinstance(one.get("verdict"), str) for one in found):
        raise BrokenRun("verdict.json has no list 'expectations' of ids and verdicts")
    lasted = metrics.get("duration")
    return Result(job, folder, metrics["metrics"], found,
                  float(lasted) if isinstance(lasted, (int, float)) else 0.0)


class Store:
    """The folder of a campaign."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._lock: IO[str] | None = None

    def path(self, *names: str) -> str:
        """A path below the folder."""
        return os.path.join(self.folder, *names)

    def run_path(self, job: Job) -> str:
        """Where a run is when it is finished."""
        return self.path("runs", job.cell.folder, f"run-{job.run:04d}")

    def open(self) -> None:
        """Make the folder and hold it: two campaigns at once would undo each other's work."""
        try:
            os.makedirs(self.folder, exist_ok=True)
            self._lock = open(self.path(".lock"), "w", encoding="ascii")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ScenarioError(f"{self.folder}: another karp is running here; "
                                "wait for it or give another --out") from error
        except OSError as error:
            raise ScenarioError(f"{self.folder}: {error.strerror}") from error
        self._sweep_up()

    def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _sweep_up(self) -> None:
        """Remove what an interrupted campaign left half done."""
        for cell in self._cells():
            for name in os.listdir(cell):
                if ".part-" in name or ".old-" in name:
                    shutil.rmtree(os.path.join(cell, name), ignore_errors=True)

    def _cells(self) -> Iterator[str]:
        try:
            names = sorted(os.listdir(self.path("runs")))
        except OSError:
            return
        for name in names:
            if os.path.isdir(self.path("runs", name)):
                yield self.path("runs", name)

    def begin(self, job: Job) -> str:
        """A fresh folder for a run about to be made."""
        part = f"{self.run_path(job)}.part-{os.getpid()}"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        return part

    def finish(self, job: Job, part: str, key: dict[str, Any]) -> Result:
        """Take a run in: check its output, write its key, rename it."""
        read_output(part, job)
        write_json(os.path.join(part, "run.json"), key)
        target = self.run_path(job)
        self._put(part, target)
        shutil.rmtree(f"{target}.broken", ignore_errors=True)
        return read_output(target, job)

    def give_up(self, job: Job, part: str) -> str:
        """Put a run that went wrong where it can be looked at."""
        target = f"{self.run_path(job)}.broken"
        self._put(part, target)
        return target

    @staticmethod
    def _put(part: str, target: str) -> None:
        old = f"{target}.old-{os.getpid()}"
        shutil.rmtree(old, ignore_errors=True)
        if os.path.isdir(target):
            os.rename(target, old)
        os.rename(part, target)
        shutil.rmtree(old, ignore_errors=True)

    def stored(self, job: Job, key: dict[str, Any]) -> Result | None:
        """A finished run made under this key; extra files (pcap, key log) do no harm."""
        folder = self.run_path(job)
        try:
            found = read_json(os.path.join(folder, "run.json"))
            if not isinstance(found, dict):
                return None
            extras = set(found.pop("extras", []))
            wanted = dict(key)
            if not set(wanted.pop("extras", [])) <= extras or found != wanted:
                return None
            return read_output(folder, job)
        except (OSError, ValueError, BrokenRun, AttributeError, TypeError):
            return None


def run_key(scenario: Scenario, job: Job, program: str, extras: list[str]) -> dict[str, Any]:
    """What makes a stored run the run that is asked for."""
    digest = scenario.digest()
    for path in scenario.files(job.cell):
        if os.path.isfile(path):
            digest = hashlib.sha256((digest + file_digest(path)).encode()).hexdigest()
    return {"format": FORMAT, "scenario": digest, "vars": job.cell.vars, "run": job.run,
            "program": program, "extras": sorted(extras)}


def save_plan(store: Store, scenario: Scenario, jobs: list[Job], program: str,
              fixed: dict[str, str]) -> None:
    """Write down which runs make the campaign, and the scenario as it was."""
    with open(store.path("scenario.yaml.part"), "w", encoding="utf-8") as file:
        file.write(scenario.text)
    os.replace(store.path("scenario.yaml.part"), store.path("scenario.yaml"))
    write_json(store.path("campaign.json"), {
        "format": FORMAT, "name": scenario.name, "scenario": scenario.digest(),
        "program": program, "set": fixed,
        "jobs": [{"vars": [list(item) for item in job.cell.items], "run": job.run}
                 for job in jobs]})


def load_plan(folder: str) -> tuple[Scenario, list[Job], dict[str, Any]]:
    """The scenario and runs of a stored campaign."""
    try:
        plan = read_json(os.path.join(folder, "campaign.json"))
        jobs = [Job(Cell(tuple((str(name), str(value)) for name, value in one["vars"])),
                    int(one["run"])) for one in plan["jobs"]]
    except OSError as error:
        raise ScenarioError(f"{folder}: no campaign is stored here (campaign.json: "
                            f"{error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ScenarioError(f"{folder}/campaign.json cannot be read: {error}") from error
    return Scenario.load(os.path.join(folder, "scenario.yaml")), jobs, plan


def load_runs(store: Store, jobs: list[Job]) -> list[Result]:
    """Those of the runs that are there."""
    found = []
    for job in jobs:
        try:
            found.append(read_output(store.run_path(job), job))
        except BrokenRun:
            continue
    return found
