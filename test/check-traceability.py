#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks doc/traceability.md: check-traceability.py [ROOT]

The page holds tables `| row | statement | status | shown by |`. The status is covered, partial or
open. What a row is shown by stands in backticks, several are separated by blanks or commas:

    `karp-kmp`                       a suite of the tests
    `karp-kmp: JoinTakesTwoTrips`    a test case of a suite, by class or by description
    `scenarios/x.yaml`               any file of the tree
    `test/python/test_x.py: test_y`  a test in a file

A row that says covered or partial names something, and everything named exists. The rows that the
project owes are there and covered."""

import os
import re
import sys

import karp_tree

PAGE = 'doc/traceability.md'
STATES = ('covered', 'partial', 'open')
OWED = ('K1 K2 K3 K4 K7 K11 E1 E2 E3 E4 E5 E6 E7 E8 E10 E13 J1 J2 J3 J4 J5 J7 J12 '
        'G1 G2 G3 G4 G5 R1 R2 R3').split()
ROW = re.compile(r'^\|\s*([A-Z]+[0-9]+)\s*\|(.*)\|\s*$')
SUITE = re.compile(r'TestSuite\s*\(\s*"([^"]+)"')


def read_rows(text):
    """Returns the rows of the page as (line number, row, status, [evidence])."""
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        row = ROW.match(line)
        if row:
            cells = [cell.strip() for cell in row[2].split('|')]
            status = next((cell for cell in cells if cell in STATES), '')
            rows.append((number, row[1], status, re.findall(r'`([^`]+)`', cells[-1])))
    return rows


def read_suites(root):
    """Returns {suite: text of the file that holds it}."""
    suites = {}
    for name in karp_tree.code(root, '.cc'):
        if name.startswith('test/'):
            text = karp_tree.read(root, name)
            for suite in SUITE.findall(text):
                suites[suite] = suites.get(suite, '') + text
    return suites


def judge_evidence(root, evidence, suites, whole):
    """Returns what is wrong with one thing named, or None."""
    what, colon, part = (word.strip() for word in evidence.partition(':'))
    if what in suites:
        text = whole
    elif os.path.isfile(os.path.join(root, what)):
        text = karp_tree.read(root, what)
    else:
        return 'there is no suite and no file `%s`' % what
    if colon and part not in text:
        return '`%s` has no `%s`' % (what, part)
    return None


def check(root):
    """Returns the number of rows looked at and the faults."""
    if not os.path.isfile(os.path.join(root, PAGE)):
        return 1, ['%s does not exist' % PAGE]
    rows = read_rows(karp_tree.read(root, PAGE))
    suites = read_suites(root)
    # A suite's cases may lie in files that do not name it.
    whole = ''.join(karp_tree.read(root, name) for name in karp_tree.code(root, '.cc')
                    if name.startswith('test/'))
    faults = []
    covered = set()
    seen = set()
    for number, row, status, evidence in rows:
        place = '%s:%d: %s' % (PAGE, number, row)
        if row in seen:
            faults.append('%s stands here twice' % place)
        seen.add(row)
        if not status:
            faults.append('%s has no status (%s)' % (place, ', '.join(STATES)))
        if status in ('covered', 'partial') and not evidence:
            faults.append('%s is said to be %s, but nothing shows it' % (place, status))
        wrong = [judge_evidence(root, word, suites, whole) for word in evidence]
        faults += ['%s: %s' % (place, words) for words in wrong if words]
        if status == 'covered' and evidence and not any(wrong):
            covered.add(row)
    faults += ['%s: %s is not covered' % (PAGE, row) for row in OWED if row not in covered]
    return len(rows), faults


if __name__ == '__main__':
    sys.exit(karp_tree.finish('check-traceability', *check(karp_tree.root_of(sys.argv))))
