#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks how the source looks: check-format.py [--fix] [ROOT]

C++: clang-format with .clang-format, at most 600 lines a file (300 a header) and 70 a function.
Python: at most 600 lines a file and 70 a function. All text: ASCII, no tabs but where they mean
something, no blanks at the end of a line, a newline at the end of the file. Code: an SPDX line, no
promise to do something later. --fix lets clang-format write what it finds."""

import ast
import os
import re
import shutil
import subprocess
import sys

import karp_tree

MAX_LINES = 600
MAX_HEADER_LINES = 300
MAX_FUNCTION_LINES = 70
TEXT = ('.cc', '.h', '.py', '.txt', '.md', '.rst', '.yaml', '.sh', '.lua', 'wscript', '/run', '/waf',
        '/get-waf', 'karp', '.clang-format', '.gitignore')
DATA = ('test/vectors/', 'test/scripts/', 'test/fuzz/corpus')  # not ours to format
SPDX = 'SPDX-License-Identifier: GPL-2.0-only'
# Put together from halves, so that these lines do not name what they look for. OSPF has areas,
# networks and links of that name, and a type of links in capitals.
PROMISES = re.compile(r'\b(TO' r'DO|FIX' r'ME|XX' r'X|(?<!")(?-i:[Ss]t' r'ub)(?! (area|network|link|yes))'
                      r'|not implem' r'ented)\b', re.I)
NOT_FUNCTIONS = re.compile(r'^(class|struct|union|enum|namespace|extern)\b')
CLOSE = re.compile(r'^}')


def function_lengths(lines):
    """Yields (line number, lines) of each function body of a C++ file formatted by clang-format.

    A body at namespace level opens with a brace alone in the first column; what stands before it,
    back to a blank line or the end of something else, has a parenthesis and is no type."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == '{':
            head = []
            for before in reversed(lines[:number - 1]):
                if not before or before.endswith((';', '*/')) or CLOSE.match(before):
                    break
                head.insert(0, before)
            words = ' '.join(head)
            start = number if '(' in words and not NOT_FUNCTIONS.match(words) else None
        elif CLOSE.match(line) and start is not None:
            yield start, number - start - 1
            start = None


def check_text(name, text):
    """Returns what is wrong with any text file."""
    faults = []
    if text and not text.endswith('\n'):
        faults.append('%s: no newline at the end' % name)
    for number, line in enumerate(text.split('\n'), 1):
        if not line.isascii():
            faults.append('%s:%d: not ASCII' % (name, number))
        if '\t' in line:
            faults.append('%s:%d: a tab' % (name, number))
        if line != line.rstrip() and not name.endswith('.md'):
            faults.append('%s:%d: blanks at the end' % (name, number))
    return faults


def check_code(name, text):
    """Returns what is wrong with a file of code beside its looks."""
    faults = []
    lines = text.splitlines()
    most = MAX_HEADER_LINES if name.endswith('.h') else MAX_LINES
    if len(lines) > most:
        faults.append('%s: %d lines, more than %d' % (name, len(lines), most))
    if SPDX not in '\n'.join(lines[:5]):
        faults.append('%s: no line %s at the top' % (name, SPDX))
    for number, line in enumerate(lines, 1):
        if PROMISES.search(line):
            faults.append('%s:%d: a promise: %s' % (name, number, line.strip()))
    if name.endswith('.cc'):
        lengths = function_lengths(lines)
    elif name.endswith('.py'):
        tree = ast.parse(text, name)
        lengths = [(node.lineno, node.end_lineno - node.lineno) for node in ast.walk(tree)
                   if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    else:
        lengths = []
    for number, length in lengths:
        if length > MAX_FUNCTION_LINES:
            faults.append('%s:%d: a function of %d lines, more than %d'
                          % (name, number, length, MAX_FUNCTION_LINES))
    return faults


def clang_format(root, names, fix):
    """Returns what clang-format would change, one line a file; with fix it changes it."""
    program = shutil.which('clang-format')
    if not program:
        return ['clang-format is not installed']
    if not names:
        return []
    command = [program, '-i'] if fix else [program, '--dry-run', '--Werror']
    done = subprocess.run(command + names, cwd=root, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True)
    first = {}
    for line in done.stdout.splitlines():
        place = re.match(r'^(\S+?):(\d+):\d+: error: code should be clang-formatted', line)
        if place:
            first.setdefault(place[1], place[2])
    faults = ['%s:%s: not as clang-format would have it (test/check-format.py --fix)' % place
              for place in first.items()]
    if done.returncode != 0 and not faults:
        faults.append('clang-format: ' + done.stdout.strip())
    return faults


def check(root, fix):
    """Returns the number of files looked at and the faults."""
    names = [name for name in karp_tree.files(root)
             if name.endswith(TEXT) and not name.startswith(DATA)]
    faults = clang_format(root, karp_tree.code(root), fix)
    for name in names:
        text = karp_tree.read(root, name)
        faults += check_text(name, text)
        if name.endswith(('.cc', '.h', '.py')):
            faults += check_code(name, text)
    return len(names), faults


if __name__ == '__main__':
    FIX = '--fix' in sys.argv
    ROOT = karp_tree.root_of([word for word in sys.argv if word != '--fix'])
    sys.exit(karp_tree.finish('check-format', *check(ROOT, FIX)))
