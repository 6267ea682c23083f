#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs the commands that README.md shows: check-readme.py [--list] [ROOT]

Every command of a block fenced as sh is run in the root of the tree, as a newcomer would type it.
A line of HTML comment right before the block changes that:

    <!-- not run: why -->                the block is left out
    <!-- run instead: COMMAND -->        COMMAND, a shorter form, is run in place of the block

The last line printed is the count."""

import os
import re
import subprocess
import sys
import time

import karp_tree

PAGE = 'README.md'
LIMIT = 1800  # seconds for one command
FENCE = re.compile(r'^```(\w*)\s*$')
NOT_RUN = re.compile(r'^<!--\s*not run:\s*(\S.*?)\s*-->$')
INSTEAD = re.compile(r'^<!--\s*run instead:\s*(\S.*?)\s*-->$')


def commands(text):
    """Returns [(line number, command)] of a page; a command may go on after a backslash."""
    found = []
    before = ''
    language = None
    instead = skipped = None
    going_on = ''
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and language is None:
            language = fence[1]
            skipped = NOT_RUN.match(before)
            instead = INSTEAD.match(before)
            if instead and language == 'sh':
                found.append((number, instead[1]))
        elif fence:
            language = None
        elif language == 'sh' and not skipped and not instead:
            command = going_on + line.split(' #')[0].strip()
            if command.endswith('\\'):
                going_on = command[:-1]
                continue
            going_on = ''
            if command and not command.startswith('#'):
                found.append((number, command))
        if line.strip():
            before = line.strip()
    return found


def run(root, command):
    """Runs a command; returns its exit code and what it printed."""
    try:
        done = subprocess.run(['bash', '-c', command], cwd=root, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LIMIT,
                              check=False, text=True, errors='replace')
    except subprocess.TimeoutExpired:
        return None, 'took more than %d s' % LIMIT
    return done.returncode, done.stdout


def main(arguments):
    """Runs them all; returns the exit code."""
    root = karp_tree.root_of([word for word in arguments if word != '--list'])
    found = commands(karp_tree.read(root, PAGE)) if os.path.exists(os.path.join(root, PAGE)) else []
    if '--list' in arguments:
        print('\n'.join(command for _, command in found))
        return 0
    failed = 0
    for number, command in found:
        start = time.monotonic()
        code, words = run(root, command)
        print('%-4s %s:%d: %s  (%.1f s)' % ('ok' if code == 0 else 'FAIL', PAGE, number, command,
                                            time.monotonic() - start), flush=True)
        if code != 0:
            failed += 1
            print('\n'.join('     | ' + line for line in words.splitlines()[-40:]))
    print('%d passed, %d failed' % (len(found) - failed, failed))
    return 1 if failed or not found else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
