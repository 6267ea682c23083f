# SPDX-License-Identifier: GPL-2.0-only
"""Runs every test there is: the ns-3 suites and the fuzz entries (a process each), the Python tests
(a process a file) and the checks of the source tree. The last line printed is the count, alone."""

import concurrent.futures
import fnmatch
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

from karp import interpreter, paths
from karp.console import Trouble, say

TIMES = os.path.join(paths.BUILD, 'test-times.json')
LIMIT = 900  # seconds that one of them may take
FUZZ_ROUNDS = 50  # changed copies of each vector; --rounds of the program makes it more
INTEROP = 'karp-interop'
CHECKS = ['layers', 'sources', 'format', 'traceability']


class Result:
    """What one test process came to."""

    def __init__(self, passed=0, failed=0, skipped=0, words=''):
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.words = words


def call(command, limit=LIMIT, **more):
    """Runs a command; returns its exit code (None: it took too long) and all it printed."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=limit, check=False, text=True,
                              errors='replace', **more)
    except subprocess.TimeoutExpired as late:
        return None, 'took more than %d s\n%s' % (limit, late.stdout or '')
    return done.returncode, done.stdout


def leaves(test):
    """Returns the test cases below a <Test> of ns-3's report that have no cases of their own."""
    below = test.findall('Test')
    return [leaf for child in below for leaf in leaves(child)] if below else [test]


def judge_report(report):
    """Reads ns-3's XML report of one suite. A suite that ran no case has failed."""
    root = ElementTree.fromstring('<All>%s</All>' % re.sub(r'^<\?xml.*?\?>', '', report))
    suites = [test for test in root.iter('Test') if test.find('Test') is not None]
    cases = leaves(root)[0:] if suites else []
    failures = [case for case in cases if case.findtext('Result') != 'PASS']
    words = []
    for case in failures:
        words.append('failed: ' + case.findtext('Name', '?'))
        for detail in case.findall('FailureDetails'):
            words.append('  %s: %s was %s, not %s (%s)' % tuple(
                detail.findtext(name, '?')
                for name in ('Message', 'Condition', 'Actual', 'Limit', 'File')))
    if not cases:
        return Result(failed=1, words='no test case was run')
    return Result(len(cases) - len(failures), len(failures), words='\n'.join(words))


def run_suite(name):
    """Runs one ns-3 suite in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix='karp-test-') as folder:
        report = os.path.join(folder, 'report.xml')
        code, words = call([paths.program('karp-test'), '--suite=' + name, '--xml',
                            '--tempdir=' + folder, '--out=' + report], cwd=folder)
        try:
            with open(report, encoding='utf-8', errors='replace') as handle:
                result = judge_report(handle.read())
        except (OSError, ElementTree.ParseError):
            return Result(failed=1, words='no report, exit code %s\n%s' % (code, words))
    if code != 0 and result.failed == 0:
        # It crashed on its way out, or failed outside its cases: the cases do not count.
        return Result(failed=1, words='exit code %s\n%s' % (code, words))
    if result.failed:
        result.words += '\n' + words
    return result


def run_interop(_):
    """Runs simulated routers against real daemons, in network namespaces."""
    return run_python('test_interop', 'interop')


def run_python(name, folder='python'):
    """Runs one file of Python tests."""
    environment = dict(os.environ, PYTHONPATH=os.path.join(paths.ROOT, 'analysis'),
                       MPLBACKEND='Agg', KARP_BUILD=paths.BUILD)
    code, words = call([interpreter.find() or sys.executable, '-m', 'unittest', 'discover', '-v',
                        '-s', os.path.join(paths.TESTS, folder), '-p', name + '.py'],
                       cwd=paths.ROOT, env=environment)
    ran = re.search(r'^Ran (\d+) tests?', words, re.M)
    counts = dict(re.findall(r'(failures|errors|skipped|unexpected successes)=(\d+)', words))
    skipped = int(counts.pop('skipped', 0))
    failed = sum(int(count) for count in counts.values())
    if not ran or int(ran.group(1)) == 0:
        return Result(failed=1, words='no test was run\n' + words)
    if code != 0 and failed == 0:
        failed = 1
    passed = max(0, int(ran.group(1)) - failed - skipped)
    if failed:
        return Result(passed, failed, skipped, words)
    reasons = sorted(set(re.findall(r"\.\.\. skipped ['\"](.*)['\"]$", words, re.M)))
    return Result(passed, failed, skipped, '\n'.join('skipped: ' + reason for reason in reasons))


def vector_files():
    """Returns the files of vectors: what fuzzing begins with."""
    return [path for ending in ('json', 'csv') for path in
            sorted(glob.glob(os.path.join(paths.TESTS, 'vectors', '*', '*.' + ending)))]


def corpus(name, small=False):
    """Returns what fuzzing an entry begins with, as arguments: messages, or scenarios; small ones, if
    each of their lengths is tried."""
    if name == 'karp-fuzz-scenario':
        files = glob.glob(os.path.join(paths.TESTS, 'scenario-errors', '*.yaml'))
        files += [] if small else glob.glob(os.path.join(paths.ROOT, 'scenarios', '*.yaml'))
        return sorted(files)
    return ['--hex=' + path for path in vector_files()]


def fuzz_entries():
    """Returns the names of the fuzz entries, karp-fuzz-..."""
    names = [os.path.splitext(os.path.basename(path))[0] for path in
             glob.glob(os.path.join(paths.TESTS, 'fuzz', 'karp-fuzz-*.cc'))]
    return sorted(name for name in names if name != 'karp-fuzz-replay')


def chosen_entries(entry):
    """Returns all fuzz entries, or the one that is called so."""
    names = fuzz_entries()
    if entry is None:
        return names
    known = [name.replace('karp-fuzz-', '', 1) for name in names]
    if entry not in known:
        raise Trouble("karp: no fuzz entry '%s'; there are %s" % (entry, ', '.join(known)))
    return ['karp-fuzz-' + entry]


def fuzz(names, folder, seed, seconds=0, inputs=0, jobs=1):
    """Feeds fuzz entries that are built in a folder, each for some seconds or with so many inputs;
    returns the exit code. The last line is the count."""
    # A sanitizer that ends the program by a signal lets it keep the input.
    environment = dict(os.environ, ASAN_OPTIONS='abort_on_error=1', UBSAN_OPTIONS='abort_on_error=1')
    bounds = ['--time=%d' % seconds] if seconds else []
    bounds += ['--inputs=%d' % inputs] if inputs else []

    def feed(name):
        return call([os.path.join(folder, name), '--seed=%d' % seed] + bounds + corpus(name),
                    env=environment, limit=None)

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for name, (code, words) in zip(names, pool.map(feed, names)):
            lines = words.strip().splitlines() or ['']
            told = [line for line in lines if 'rror:' in line] + lines[-1:]
            say('%s %s: %s' % ('FAIL' if code else 'PASS', name, told[0]))
            if code:
                failed += 1
                say('\n'.join('     | ' + line for line in lines[:40]))
    say('%d passed, %d failed' % (len(names) - failed, failed))
    return 1 if failed else 0


def run_fuzz(name):
    """Sends what fuzzing begins with, cut and changed, through an entry; it counts as one test."""
    files = corpus(name, small=True)
    code, words = call([paths.program(name), '--rounds=%d' % FUZZ_ROUNDS] + files)
    if code == 0 and files:
        return Result(passed=1)
    return Result(failed=1, words='exit code %s, %d files\n%s' % (code, len(files), words))


def run_check(name):
    """Runs one check of the source tree; it counts as one test."""
    code, words = call([sys.executable, os.path.join(paths.TESTS, name + '.py')], cwd=paths.ROOT)
    return Result(passed=1) if code == 0 else Result(failed=1, words=words)


def collect():
    """Returns everything that can be run, as {name: function}."""
    code, words = call([paths.program('karp-test'), '--list'])
    if code != 0:
        raise Trouble('karp: karp-test --list failed\n' + words)
    tests = {line.strip(): run_suite for line in words.splitlines() if line.strip()}
    for name in glob.glob(os.path.join(paths.TESTS, 'python', 'test_*.py')):
        tests[os.path.splitext(os.path.basename(name))[0]] = run_python
    for name in fuzz_entries():
        tests[name] = run_fuzz
    tests[INTEROP] = run_interop
    for name in CHECKS:
        tests['check-' + name] = run_check
    return tests


def choose(tests, patterns):
    """Returns the names that match one of the patterns, every name if there is none."""
    if not patterns:
        return sorted(tests)
    chosen = set()
    for pattern in patterns:
        found = fnmatch.filter(tests, pattern)
        if not found:
            raise Trouble("karp: there is no suite '%s'; there are\n  %s"
                          % (pattern, '\n  '.join(sorted(tests))))
        chosen.update(found)
    return sorted(chosen)


def read_times():
    """Returns how long each took the last time, so that the longest can begin first."""
    try:
        with open(TIMES, encoding='ascii') as handle:
            return json.load(handle)
    except (OSError, ValueError):
        return {}


def timed(function, name):
    """Runs one; returns its result and the seconds it took."""
    start = time.monotonic()
    return function(name), time.monotonic() - start


def show(name, result, seconds):
    """Prints the line of one, and what it has to say if it failed."""
    words = 'FAIL' if result.failed else 'ok'
    more = ', %d failed' % result.failed if result.failed else ''
    more += ', %d skipped' % result.skipped if result.skipped else ''
    say('%-4s %-32s %4d passed%s  (%.1f s)' % (words, name, result.passed, more, seconds))
    if result.failed or result.skipped:
        lines = result.words.strip().splitlines()
        if len(lines) > 60:
            lines = lines[:40] + ['... %d lines left out ...' % (len(lines) - 60)] + lines[-20:]
        say('\n'.join('     | ' + line for line in lines))


def run(args):
    """Runs what args.suite names, on args.jobs processes; returns the exit code."""
    tests = collect()
    names = choose(tests, args.suite)
    if args.list:
        say('\n'.join(names))
        return 0
    times = read_times()
    names.sort(key=lambda name: -times.get(name, 1.0))
    total = Result()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        pending = {pool.submit(timed, tests[name], name): name for name in names}
        for future in concurrent.futures.as_completed(pending):
            name = pending[future]
            result, seconds = future.result()
            times[name] = round(seconds, 2)
            show(name, result, seconds)
            total.passed += result.passed
            total.failed += result.failed
            total.skipped += result.skipped
    with open(TIMES, 'w', encoding='ascii') as handle:
        json.dump(times, handle, indent=1, sort_keys=True)
    say('%d passed, %d failed' % (total.passed, total.failed)
        + (', %d skipped' % total.skipped if total.skipped else ''))
    return 1 if total.failed or not total.passed else 0
