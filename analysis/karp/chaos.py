# SPDX-License-Identifier: GPL-2.0-only
"""``./karp chaos``: randomised experiments from seeds. What fails is made as small as it gets."""

import concurrent.futures
import json
import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from karp import chaos_case, chaos_file, chaos_shrink
from karp.console import Progress, Trouble, say

LIMIT = 600      # s that one run may take
SHOWN = 12       # last lines of a trace that are printed
FILE = 'scenario.yaml'
SMALLEST = 'smallest.yaml'
EXIT_INTERRUPTED = 130


def parse_seeds(text):
    """1-20 or 7, as (first, last)."""
    first, dash, last = text.partition('-')
    try:
        found = int(first), int(last if dash else first)
    except ValueError:
        found = 0, 0
    if not 1 <= found[0] <= found[1]:
        raise Trouble("karp: --seeds %s: such as 1-20 expected" % text)
    return found


class Outcome:
    """What a run came to."""

    def __init__(self, code, failures, hours, words=''):
        self.code = code
        self.failures = failures  # [(id, why, at, lines)]
        self.hours = hours        # of simulated time, times routers
        self.words = words        # what the program said, if it went wrong

    @property
    def names(self):
        """What failed."""
        return [failure[0] for failure in self.failures]


class Chaos:
    """The seeds of one call."""

    def __init__(self, args):
        self.program = args.program
        self.jobs = args.jobs
        self.span = round(args.time * 1000)
        self.pcap = bool(getattr(args, 'pcap', False))
        self.out = args.out or os.path.join('out', 'chaos')
        self.hours = 0.0
        self.runs = 0
        self.began = time.monotonic()
        self.bad = []
        self.stopped = threading.Event()
        self.live = set()
        self.guard = threading.Lock()

    # ---- one run

    def call(self, command, folder):
        """Runs the program in a session of its own; returns its exit code, None if it took too long."""
        with open(os.path.join(folder, 'console.txt'), 'wb') as log:
            with self.guard:
                if self.stopped.is_set():
                    raise KeyboardInterrupt
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=subprocess.STDOUT, start_new_session=True)
                self.live.add(process)
            try:
                return process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return None
            finally:
                with self.guard:
                    self.live.discard(process)

    def run(self, case, folder, trace=False):
        """Makes the run of a case in a folder, with its file."""
        os.makedirs(folder, exist_ok=True)
        name = os.path.join(folder, FILE)
        with open(name, 'w', encoding='ascii') as file:
            file.write(chaos_file.text(case))
        command = [self.program, '--scenario=' + name, '--RngRun=1', '--out=' + folder]
        command += [] if trace else ['--trace=false']
        command += ['--pcap', '--keylog'] if trace and self.pcap else []
        code = self.call(command, folder)
        if self.stopped.is_set():
            raise KeyboardInterrupt
        stop = chaos_file.moments(case)['stop']
        hours = len(chaos_case.everybody(case)) * stop / 3.6e6
        outcome = judge(code, folder, hours)
        with self.guard:
            self.hours += hours
            self.runs += 1
        return outcome

    def run_aside(self, case):
        """Makes a run of which nothing is kept."""
        with tempfile.TemporaryDirectory(prefix='karp-chaos-') as folder:
            return self.run(case, folder)

    # ---- many

    def speed(self):
        """What was simulated so far, and how fast."""
        spent = max(time.monotonic() - self.began, 1e-3)
        return '%d runs, %.1f router-hours, %.1f runs a second' % (self.runs, self.hours,
                                                                    self.runs / spent)

    def stop(self):
        """Ends what runs."""
        self.stopped.set()
        with self.guard:
            for process in self.live:
                process.terminate()

    def sweep(self, first, last):
        """Runs all seeds; what fails is kept and shrunk."""
        progress = Progress('karp: chaos')
        done = failed = 0
        bad = []
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            try:
                waiting = {pool.submit(self.run_aside, chaos_case.generate(seed, self.span)): seed
                           for seed in range(first, last + 1)}
                for future in concurrent.futures.as_completed(waiting):
                    outcome = future.result()
                    done += 1
                    if outcome.failures:
                        failed += 1
                        bad.append((waiting[future], outcome))
                        progress.clear()
                        say('seed %d: %s' % (waiting[future], ', '.join(outcome.names)))
                    progress.show('%d/%d seeds, %d failed; %s'
                                  % (done, last - first + 1, failed, self.speed()))
                progress.clear()
                for seed, outcome in sorted(bad, key=lambda one: one[0]):
                    self.bad.append(seed)
                    self.pursue(seed, outcome, pool)
            except KeyboardInterrupt:
                self.stop()
                pool.shutdown(cancel_futures=True)
                progress.clear()
                say('interrupted: %d of %d seeds done, %d failed; %s'
                    % (done, last - first + 1, failed, self.speed()))
                return EXIT_INTERRUPTED
        say('%d of %d seeds passed; %s' % (done - failed, done, self.speed()))
        return 1 if failed else 0

    def single(self, seed):
        """Runs one seed and keeps everything."""
        folder = self.folder(seed)
        outcome = self.run(chaos_case.generate(seed, self.span), folder, trace=True)
        say('%s' % os.path.join(folder, FILE))
        if outcome.failures:
            with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
                try:
                    self.pursue(seed, outcome, pool)
                except KeyboardInterrupt:
                    self.stop()
                    say('interrupted; ' + self.speed())
                    return EXIT_INTERRUPTED
        say('%s; %s' % ('failed' if outcome.failures else 'passed', self.speed()))
        return 1 if outcome.failures else 0

    def folder(self, seed):
        """Where what belongs to a seed is kept; empty."""
        folder = os.path.join(self.out, 'seed-%d' % seed)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        return folder

    # ---- what fails

    def pursue(self, seed, outcome, pool):
        """Keeps a failing seed, makes it small, tells it."""
        case = chaos_case.generate(seed, self.span)
        folder = self.folder(seed)
        self.run(case, folder, trace=True)
        say('\nseed %d failed: %s' % (seed, os.path.join(folder, FILE)))
        tell(outcome)
        wanted = outcome.names[0]

        def fails(cases):
            return [wanted in one.names for one in pool.map(self.run_aside, cases)]

        fails.batch = self.jobs
        progress = Progress('karp: chaos: seed %d' % seed)
        case, tried = chaos_shrink.shrink(
            case, fails, told=lambda count, now: progress.show(
                '%d cases tried, %d faults and %d routers left'
                % (count, len(now['faults']), len(chaos_case.everybody(now)))))
        progress.clear()
        small = os.path.join(folder, 'smallest')
        outcome = self.run(case, small, trace=True)
        name = os.path.join(folder, SMALLEST)
        os.replace(os.path.join(small, FILE), name)
        say('the smallest of %d cases that fails so, %s:' % (tried, name))
        with open(name, encoding='ascii') as file:
            say('\n'.join('    ' + line for line in file.read().splitlines()))
        tell(outcome, SHOWN)
        say('again: ' + shlex.join(['./karp', 'run', name, '--run', '1', '--pcap']))


def judge(code, folder, hours):
    """Reads what a run left behind."""
    if code in (0, 1, 2):
        try:
            with open(os.path.join(folder, 'verdict.json'), encoding='utf-8') as file:
                said = json.load(file)['expectations']
        except (OSError, ValueError, KeyError) as error:
            return Outcome(code, [('verdict', str(error), None, [])], hours)
        return Outcome(code, [(one['id'], one.get('why', ''), one.get('at'), one.get('lines', []))
                              for one in said if one['verdict'] in ('fail', 'unknown')], hours)
    with open(os.path.join(folder, 'console.txt'), encoding='utf-8', errors='replace') as file:
        words = file.read().strip().splitlines()[-SHOWN:]
    how = ('took more than %d s' % LIMIT if code is None else
           'signal %d' % -code if code < 0 else 'exit %d' % code)
    return Outcome(code, [(how, ' '.join(words[-2:]), None, words)], hours)


def tell(outcome, lines=0):
    """Prints what failed, the first with the last lines before it."""
    for number, (name, why, at, history) in enumerate(outcome.failures):
        say('  %s%s: %s' % (name, '' if at is None else ' at %s s' % at, why))
        for line in history[-lines:] if lines and number == 0 else []:
            say('      ' + line)


def run(args):
    """Does what the command line says.

    args: program, jobs, time (s of faults), out, and seeds ('A-B') or seed with pcap. Returns 0 if
    all passed, 1 if not, 130 when interrupted."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    first, last = parse_seeds(args.seeds) if args.seeds else (args.seed, args.seed)
    chaos = Chaos(args)
    options = '--time %g -j %d' % (args.time, args.jobs)
    if args.seeds:
        say('chaos: seeds %d-%d %s' % (first, last, options))
        return chaos.sweep(first, last)
    say('chaos: seed %d %s' % (first, options))
    return chaos.single(first)
