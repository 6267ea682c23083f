# SPDX-License-Identifier: GPL-2.0-only
"""One process per run, on all cores, with a progress bar."""

from __future__ import annotations

import dataclasses
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from typing import Callable, Sequence, TextIO

from .store import BrokenRun, Job, Result, Store

EXITS = (0, 1, 2)          # of karp-scenario when the run took place
EXIT_WRONG_FILE = 3
CONSOLE = "console.txt"    # what the program printed, in the folder of the run
REFRESH = 0.2              # s between two looks at the bar
PLAIN_EVERY = 10.0         # s between two lines where there is no terminal


@dataclasses.dataclass
class Trouble:
    """A run that came to nothing."""

    job: Job
    folder: str
    reason: str
    wrong_file: bool = False


def last_lines(path: str, count: int = 12) -> str:
    """The end of a text file."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 8192))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-count:])


class Bar:
    """Progress: a bar that is redrawn on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int, cells: int, out: TextIO | None = None) -> None:
        self.total = total
        self.cells = cells
        self.out = out or sys.stdout
        self.live = self.out.isatty()
        self.begun = time.monotonic()
        self.printed = self.begun
        self.done = self.cells_done = self.failed = self.before = 0

    def begin_with(self, done: int, cells: int) -> None:
        """Runs that were there before do not tell how fast we are."""
        self.done = self.before = done
        self.cells_done = cells

    def _left(self) -> str:
        spent = time.monotonic() - self.begun
        made = self.done - self.before
        if made == 0 or self.done == self.total or spent < 1:
            return ""
        seconds = round(spent / made * (self.total - self.done))
        if seconds >= 3600:
            return f"  {seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d} left"
        return f"  {seconds // 60}:{seconds % 60:02d} left"

    def text(self) -> str:
        """The state of affairs in one line."""
        words = f"{self.done}/{self.total} runs, {self.cells_done}/{self.cells} cells"
        if self.failed:
            words += f", {self.failed} not passed"
        return words + self._left()

    def draw(self) -> None:
        """Show it, if it is time to."""
        now = time.monotonic()
        if self.live:
            width = 24
            full = round(width * self.done / self.total) if self.total else width
            line = f"  [{'#' * full}{'-' * (width - full)}] {self.text()}"
            try:
                columns = os.get_terminal_size(self.out.fileno()).columns
            except (OSError, ValueError):
                columns = 80
            self.out.write("\r" + line[:columns - 1].ljust(columns - 1))
            self.out.flush()
        elif now - self.printed >= PLAIN_EVERY:
            self.printed = now
            print(f"  {self.text()}", file=self.out, flush=True)

    def end(self) -> None:
        """Leave the line as it should be read afterwards."""
        if self.live:
            self.draw()
            self.out.write("\n")
            self.out.flush()
        else:
            print(f"  {self.text()}", file=self.out, flush=True)


class Runner:
    """Makes runs that are not there yet."""

    def __init__(self, store: Store, command: Callable[[Job, str], list[str]],
                 key: Callable[[Job], dict]) -> None:
        """
        :param command: the arguments that make a run in a folder
        :param key: what the run is stored under
        """
        self.store = store
        self.command = command
        self.key = key
        self._stop = threading.Event()
        self._live: set[subprocess.Popen] = set()
        self._guard = threading.Lock()

    def make(self, job: Job, stream: TextIO | None = None) -> Result | Trouble:
        """One run, from nothing to its place. With ``stream`` its output is shown as it comes."""
        part = self.store.begin(job)
        try:
            return self._make(job, part, stream)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise

    def _make(self, job: Job, part: str, stream: TextIO | None) -> Result | Trouble:
        console = os.path.join(part, CONSOLE)
        try:
            with open(console, "wb") as log:
                code = self._call(self.command(job, part) + (["--progress"] if stream else []),
                                  log, stream)
        except OSError as error:
            return Trouble(job, self.store.give_up(job, part), str(error))
        if code < 0 and self._stop.is_set():
            shutil.rmtree(part, ignore_errors=True)
            return Trouble(job, part, "interrupted")
        if code == EXIT_WRONG_FILE:
            text = last_lines(console)
            return Trouble(job, self.store.give_up(job, part), text, wrong_file=True)
        if code not in EXITS:
            how = f"killed by signal {-code}" if code < 0 else f"exit {code}"
            tail = last_lines(console)
            return Trouble(job, self.store.give_up(job, part),
                           f"{how}\n{tail}" if tail else how)
        try:
            return self.store.finish(job, part, self.key(job))
        except BrokenRun as error:
            return Trouble(job, self.store.give_up(job, part), str(error))

    def _call(self, command: list[str], log, stream: TextIO | None) -> int:
        """Run a program in a session of its own, so that Ctrl-C reaches only us."""
        with self._guard:
            if self._stop.is_set():
                return -15
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if stream else log, stderr=subprocess.STDOUT,
                start_new_session=True)
            self._live.add(process)
        try:
            if stream and process.stdout:
                for line in process.stdout:
                    log.write(line)
                    stream.write("  " + line.decode("utf-8", "replace"))
                    stream.flush()
            return process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            with self._guard:
                self._live.discard(process)

    def make_all(self, jobs: Sequence[Job], processes: int, bar: Bar,
                 landed: Callable[[Result | Trouble], bool]) -> None:
        """All of the runs, ``processes`` at a time; ``landed`` says whether to go on."""
        self._stop.clear()
        pending: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        done: queue.SimpleQueue[Result | Trouble | BaseException] = queue.SimpleQueue()
        for job in jobs:
            pending.put(job)
        workers = [threading.Thread(target=self._work, args=(pending, done), daemon=True)
                   for _ in range(max(1, min(processes, len(jobs))))]
        for _ in workers:
            pending.put(None)
        for worker in workers:
            worker.start()
        try:
            awaited = len(jobs)
            while awaited:
                try:
                    landing = done.get(timeout=REFRESH)
                except queue.Empty:
                    bar.draw()
                    continue
                if isinstance(landing, BaseException):
                    raise landing
                awaited -= 1
                go_on = landed(landing)
                bar.draw()
                if not go_on:
                    break
        finally:
            self._end(workers)

    def _work(self, pending: "queue.SimpleQueue[Job | None]",
              done: "queue.SimpleQueue[Result | Trouble | BaseException]") -> None:
        while not self._stop.is_set():
            job = pending.get()
            if job is None:
                return
            try:
                done.put(self.make(job))
            except BaseException as error:  # a full disk, for example: for the main thread
                done.put(error)
                return

    def _end(self, workers: Sequence[threading.Thread]) -> None:
        """Stop what still runs; after a campaign that went to its end this does nothing."""
        self._stop.set()
        with self._guard:
            for process in self._live:
                process.terminate()
        deadline = time.monotonic() + 5
        for worker in workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        with self._guard:
            for process in self._live:
                process.kill()
        for worker in workers:
            worker.join(5)
