# SPDX-License-Identifier: GPL-2.0-only
"""The attack matrix: what counts, what is printed, and that its scenarios say what it asks."""

import argparse
import contextlib
import csv
import io
import os
import stat
import tempfile
import unittest
from unittest import mock

from karp import attack_matrix, paths
from karp.attack_matrix import ATTACKS, FOLDER, PROTECTIONS, Attack, Outcome
from karp.scenario import Cell, Scenario
from karp.store import Job, Result

# Stands in for karp-scenario: an attack succeeds in the first of two runs under MRKMP, and delays
# every join.
FAKE = '''#!/usr/bin/python3
import json, os, sys
args = dict(word[2:].split("=", 1) for word in sys.argv[1:])
case = args["set"].split("case=")[1].split(",")[0]
first = args["RngRun"] == "1" and case == "mrkmp"
names = ["success", "window", "after", "stays", "delay"]
said = [{"id": n, "verdict": "pass" if first or n == "delay" else "fail"} for n in names]
assert args["trace"] == "false"
os.makedirs(args["out"], exist_ok=True)
for name, value in (("metrics", {"metrics": {}}), ("verdict", {"expectations": said})):
    json.dump(value, open(os.path.join(args["out"], name + ".json"), "w"))
'''


def results(verdicts):
    """Runs of one cell with these verdicts of 'success' and 'delay'."""
    cell = Cell((("case", "mrkmp"),))
    return [Result(Job(cell, number + 1), "nowhere", {},
                   [{"id": "success", "verdict": one[0]}, {"id": "delay", "verdict": one[1]}])
            for number, one in enumerate(verdicts)]


class MatrixTest(unittest.TestCase):
    """The parts."""

    def test_counts(self):
        attack = Attack("a", "a", "success", "-----DD", "delay")
        never = attack_matrix.count(attack, results([("fail", "fail")] * 4))
        self.assertEqual((never.letter(), never.text()), ("F", "F 0/4"))
        slow = attack_matrix.count(attack, results([("fail", "fail"), ("fail", "pass")]))
        self.assertEqual((slow.letter(), slow.delays), ("D", 1))
        once = attack_matrix.count(attack, results([("fail", "pass"), ("pass", "pass")]))
        self.assertEqual(once.text(), "S 1/2")
        unknown = attack_matrix.count(attack, results([("unknown", "fail"), ("fail", "fail")]))
        self.assertEqual(unknown.runs, 1, "what could not be judged is no run")
        self.assertEqual(Outcome().text(), "-")

    def test_what_is_not_expected_is_marked(self):
        self.assertTrue(attack_matrix.fits("F", "D"), "no delay is better than one")
        self.assertFalse(attack_matrix.fits("D", "F"))
        self.assertFalse(attack_matrix.fits("F", "S"))
        matrix = {(ATTACKS[0].name, "strict"): Outcome(1, 0, 300)}
        lines = attack_matrix.table(matrix)
        self.assertIn("S 1/300 (F expected)", lines[2])
        self.assertEqual(len({line.rstrip() for line in lines}), len(ATTACKS) + 2)

    def test_csv_has_wilson(self):
        matrix = {(ATTACKS[0].name, "strict"): Outcome(0, 0, 300)}
        rows = list(csv.DictReader(io.StringIO(attack_matrix.as_csv(matrix))))
        self.assertEqual(len(rows), 1)
        self.assertEqual((rows[0]["outcome"], rows[0]["low"]), ("F", "0"))
        self.assertAlmostEqual(float(rows[0]["high"]), 0.01264, places=5)

    def test_scenarios_have_what_is_asked(self):
        cases = {case for case, _ in PROTECTIONS}
        for attack in ATTACKS:
            scenario = Scenario.load(os.path.join(paths.ROOT, FOLDER, attack.file + ".yaml"))
            ids = [one["id"] for one in scenario.expectations()]
            self.assertIn(attack.success, ids)
            self.assertTrue(attack.delay is None or attack.delay in ids)
            self.assertEqual(len(attack.expected), len(PROTECTIONS))
            there = {attack_matrix.case_of(cell) for cell in scenario.cells({})}
            self.assertLessEqual(there, cases)
            asked = {case for (case, _), letter in zip(PROTECTIONS, attack.expected)
                     if letter != "-"}
            self.assertLessEqual(asked, there)
            self.assertEqual(scenario.runs, 300, "never means never in 300")

    def test_never_takes_more_runs(self):
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(paths.ROOT)
        with tempfile.TemporaryDirectory(prefix="karp-test-") as folder, \
                mock.patch.object(attack_matrix, "FIRST_RUNS", 1), \
                contextlib.redirect_stdout(io.StringIO()), \
                contextlib.redirect_stderr(io.StringIO()):
            program = os.path.join(folder, "karp-scenario")
            with open(program, "w", encoding="utf-8") as file:
                file.write(FAKE)
            os.chmod(program, stat.S_IRWXU)
            matrix = attack_matrix.collect(argparse.Namespace(
                program=program, out=os.path.join(folder, "out"), runs=3, quick=False, jobs=2))
        self.assertEqual(matrix[(ATTACKS[0].name, "mrkmp")].text(), "S 1/1")
        self.assertEqual(matrix[(ATTACKS[0].name, "manual")].text(), "F 0/3")

    def test_all_of_it(self):
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(paths.ROOT)
        with tempfile.TemporaryDirectory(prefix="karp-test-") as folder:
            program = os.path.join(folder, "karp-scenario")
            with open(program, "w", encoding="utf-8") as file:
                file.write(FAKE)
            os.chmod(program, stat.S_IRWXU)
            args = argparse.Namespace(program=program, out=os.path.join(folder, "out"), runs=2,
                                      quick=False, jobs=2)
            with contextlib.redirect_stdout(io.StringIO()) as out, \
                    contextlib.redirect_stderr(io.StringIO()):
                code = attack_matrix.run(args)
            text = out.getvalue()
            self.assertEqual(code, 1, text)
            self.assertIn("S 1/2", text)
            self.assertIn("differs: last packet, live neighbour, open", text)
            self.assertNotIn("differs: last packet, live neighbour, mrkmp", text)
            self.assertIn("never in 2 runs", text)
            made = sorted(os.listdir(args.out))
            for name in ("matrix.csv", "matrix.pdf", "matrix.png", "matrix.svg", "matrix.txt"):
                self.assertIn(name, made)


if __name__ == "__main__":
    unittest.main()
