# SPDX-License-Identifier: GPL-2.0-only
"""The command line: what it installs, builds and counts, without installing or building."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

from karp import build, cli, install, interpreter, testing  # noqa: E402
from karp.console import Trouble  # noqa: E402


def quiet():
    """Swallows what is printed."""
    return contextlib.redirect_stdout(io.StringIO())


class HelpTest(unittest.TestCase):

    def test_every_command_has_help_with_examples(self):
        for command in ('run', 'attack-matrix', 'check', 'chaos', 'plot', 'test', 'fuzz', 'explore',
                        'topology', 'bench', 'build'):
            done = subprocess.run([os.path.join(ROOT, 'karp'), command, '--help'],
                                  stdout=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 0)
            self.assertIn('examples:\n  ./karp ' + command, done.stdout)

    def test_wrong_options_are_refused(self):
        for words in (['run'], ['run', 'a.yaml', '--set', 'N'], ['run', 'a.yaml', '--runs', '0'],
                      ['run', 'a.yaml', '--run', '1', '--runs', '2'], ['test', '--bogus']):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                cli.main(words)

    def test_missing_scenario_is_said_before_anything_is_installed(self):
        words = io.StringIO()
        with mock.patch.object(install, 'ensure') as ensure, contextlib.redirect_stderr(words):
            self.assertEqual(cli.main(['run', 'no/such.yaml']), 4)
        self.assertIn('no/such.yaml', words.getvalue())
        ensure.assert_not_called()


class InstallTest(unittest.TestCase):

    NEEDS = [('build', 'a compiler', 'g++', lambda: True),
             ('build', 'ns-3', 'libns3-dev', lambda: False),
             ('test', 'tshark', 'tshark', lambda: False)]

    def test_only_what_the_work_needs_is_missing(self):
        with mock.patch.object(install, 'NEEDS', self.NEEDS):
            self.assertEqual(install.missing(['build']), [('ns-3', 'libns3-dev')])
            self.assertEqual(len(install.missing(['build', 'test'])), 2)

    def test_without_rights_it_says_what_to_install_and_how(self):
        with mock.patch.object(install, 'NEEDS', self.NEEDS), \
                mock.patch.object(install, 'privilege', return_value=None), \
                mock.patch.object(install.shutil, 'which', return_value='/usr/bin/apt-get'), \
                self.assertRaises(Trouble) as trouble:
            install.ensure('build')
        self.assertIn('apt-get install --no-install-recommends libns3-dev', str(trouble.exception))
        self.assertIn('needs root or sudo', str(trouble.exception))

    def test_without_apt_it_says_what_to_install(self):
        with mock.patch.object(install, 'NEEDS', self.NEEDS), \
                mock.patch.object(install.shutil, 'which', return_value=None), \
                self.assertRaises(Trouble) as trouble:
            install.ensure('test')
        self.assertIn('no apt-get', str(trouble.exception))
        self.assertIn('tshark', str(trouble.exception))

    def test_failing_apt_is_trouble_after_its_lists_were_fetched(self):
        called = []

        def refuse(_before, arguments, _log, _progress):
            called.append(arguments[0])
            return 100
        with tempfile.TemporaryDirectory() as folder, quiet(), \
                mock.patch.object(install.paths, 'BUILD', folder), \
                mock.patch.object(install, 'NEEDS', self.NEEDS), \
                mock.patch.object(install, 'apt', refuse), \
                mock.patch.object(install, 'privilege', return_value=[]), \
                mock.patch.object(install.shutil, 'which', return_value='/usr/bin/apt-get'), \
                self.assertRaises(Trouble) as trouble:
            install.ensure('build')
        self.assertEqual(called, ['install', 'update', 'install'])
        self.assertIn('apt-get failed', str(trouble.exception))

    def test_no_capable_interpreter_is_trouble(self):
        with mock.patch.object(interpreter, 'find', return_value=None), \
                self.assertRaises(Trouble) as trouble:
            interpreter.become_capable(['plot', 'x'])
        self.assertIn('python3-numpy', str(trouble.exception))


class BuildTest(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='karp-build-')
        self.addCleanup(shutil.rmtree, self.folder)

    def cache(self, text):
        """Makes the folder look configured."""
        for name in ('CMakeCache.txt', 'build.ninja'):
            with open(os.path.join(self.folder, name), 'w', encoding='ascii') as handle:
                handle.write(text)

    def test_cmake_runs_only_when_it_must(self):
        done = mock.Mock(returncode=0, stdout='')
        with mock.patch.object(build.subprocess, 'run', return_value=done) as run:
            build.configure(self.folder, {})
            self.assertEqual(run.call_count, 1)
            self.cache('CMAKE_HOME_DIRECTORY:INTERNAL=%s\nKARP_WERROR:BOOL=OFF\n' % build.paths.ROOT)
            build.configure(self.folder, {})
            build.configure(self.folder, {'KARP_WERROR': 'OFF'})
            self.assertEqual(run.call_count, 1)
            build.configure(self.folder, {'KARP_WERROR': 'ON'})
            self.assertEqual(run.call_count, 2)
            self.cache('CMAKE_HOME_DIRECTORY:INTERNAL=/somewhere/else\n')
            build.configure(self.folder, {})
            self.assertEqual(run.call_count, 3)
            self.assertFalse(os.path.exists(os.path.join(self.folder, 'CMakeCache.txt')))

    def test_words_of_a_failed_build_are_shown(self):
        self.cache('rule fail\n  command = echo here is why && false\nbuild all: fail\n')
        with self.assertRaises(Trouble) as trouble, contextlib.redirect_stderr(io.StringIO()):
            build.ninja(self.folder, [], 1)
        self.assertIn('here is why', str(trouble.exception))


class CountTest(unittest.TestCase):

    @staticmethod
    def report(*cases):
        """Returns a report of one suite in ns-3's form."""
        result = 'FAIL' if 'FAIL' in cases else 'PASS'
        inside = ''.join('<Test><Name>c%d</Name><Result>%s</Result></Test>' % case
                         for case in enumerate(cases))
        return '<?xml version="1.0"?>\n<Test><Name>karp-x</Name><Result>%s</Result>%s</Test>' % (
            result, inside)

    def test_cases_are_counted(self):
        result = testing.judge_report(self.report('PASS', 'FAIL', 'PASS'))
        self.assertEqual((result.passed, result.failed), (2, 1))
        self.assertIn('failed: c1', result.words)

    def test_suite_without_a_case_fails(self):
        result = testing.judge_report(self.report())
        self.assertEqual((result.passed, result.failed), (0, 1))
        self.assertEqual(testing.judge_report('').failed, 1)

    def test_suite_that_dies_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            fake = os.path.join(folder, 'karp-test')
            for script in ('kill -SEGV $$', 'exit 0', 'echo no xml; exit 3'):
                with open(fake, 'w', encoding='ascii') as handle:
                    handle.write('#!/bin/sh\n%s\n' % script)
                os.chmod(fake, 0o755)
                with mock.patch.object(testing.paths, 'program', return_value=fake):
                    result = testing.run_suite('karp-x')
                self.assertEqual((result.passed, result.failed), (0, 1), script)

    def test_python_files_are_counted(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, 'python'))
            with open(os.path.join(folder, 'python', 'test_x.py'), 'w', encoding='ascii') as handle:
                handle.write('import unittest\n\n\nclass X(unittest.TestCase):\n'
                             '    def test_a(self):\n        pass\n'
                             '    def test_b(self):\n        self.fail()\n'
                             '    def test_c(self):\n        self.skipTest("why")\n')
            with open(os.path.join(folder, 'python', 'test_y.py'), 'w', encoding='ascii'):
                pass
            with mock.patch.object(testing.paths, 'TESTS', folder):
                result = testing.run_python('test_x')
                nothing = testing.run_python('test_y')
        self.assertEqual((result.passed, result.failed, result.skipped), (1, 1, 1))
        self.assertEqual((nothing.passed, nothing.failed), (0, 1))

    def test_fuzz_entry_that_aborts_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            fake = os.path.join(folder, 'karp-fuzz-x')
            for script, failed in (('exit 0', 0), ('kill -ABRT $$', 1)):
                with open(fake, 'w', encoding='ascii') as handle:
                    handle.write('#!/bin/sh\n%s\n' % script)
                os.chmod(fake, 0o755)
                with mock.patch.object(testing.paths, 'program', return_value=fake):
                    self.assertEqual(testing.run_fuzz('karp-fuzz-x').failed, failed)

    def test_fuzzing_counts_entries_and_shows_what_broke_one(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, script in (('karp-fuzz-a', 'echo "$*"; echo 7 inputs'),
                                 ('karp-fuzz-b', 'echo "x: runtime error: y"; echo "$ASAN_OPTIONS"; exit 1')):
                with open(os.path.join(folder, name), 'w', encoding='ascii') as handle:
                    handle.write('#!/bin/sh\n%s\n' % script)
                os.chmod(os.path.join(folder, name), 0o755)
            words = io.StringIO()
            with contextlib.redirect_stdout(words):
                code = testing.fuzz(['karp-fuzz-a', 'karp-fuzz-b'], folder, 3, inputs=5)
                good = testing.fuzz(['karp-fuzz-a'], folder, 3, seconds=1)
        self.assertEqual((code, good), (1, 0))
        lines = words.getvalue().splitlines()
        self.assertEqual(lines[:4], ['PASS karp-fuzz-a: 7 inputs',
                                     'FAIL karp-fuzz-b: x: runtime error: y',
                                     '     | x: runtime error: y', '     | abort_on_error=1'])
        self.assertEqual(lines[4], '1 passed, 1 failed')

    def test_scenarios_are_fuzzed_with_scenarios(self):
        small = testing.corpus('karp-fuzz-scenario', small=True)
        self.assertTrue(small and all('scenario-errors' in name for name in small))
        self.assertLess(len(small), len(testing.corpus('karp-fuzz-scenario')))
        self.assertTrue(all(word.startswith('--hex=') for word in testing.corpus('karp-fuzz-x')))

    def test_unknown_suite_is_trouble(self):
        tests = {'karp-wire': None, 'karp-kmp': None}
        self.assertEqual(testing.choose(tests, ['karp-w*']), ['karp-wire'])
        self.assertEqual(testing.choose(tests, []), ['karp-kmp', 'karp-wire'])
        with self.assertRaises(Trouble):
            testing.choose(tests, ['karp-wirr'])

    def test_last_line_is_the_count(self):
        results = {'a': testing.Result(passed=3), 'b': testing.Result(1, 2, 1, 'why')}
        args = mock.Mock(suite=[], list=False, jobs=2)
        words = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(words), \
                mock.patch.object(testing, 'collect',
                                  return_value={name: results.get for name in results}), \
                mock.patch.object(testing, 'TIMES', os.path.join(folder, 'times')):
            self.assertEqual(testing.run(args), 1)
        self.assertEqual(words.getvalue().splitlines()[-1], '4 passed, 2 failed, 1 skipped')
        self.assertIn('| why', words.getvalue())


if __name__ == '__main__':
    unittest.main()
