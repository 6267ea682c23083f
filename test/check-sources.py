#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares sources.txt with the tree: check-sources.py [ROOT]

Every .cc and .h of model/, helper/, test/ and examples/ is listed once, under the right section and
in order; every path listed exists."""

import os
import sys

import karp_tree


def belongs(name):
    """Returns the sections a file may be listed under."""
    if name.startswith(('model/', 'helper/')):
        return ['headers'] if name.endswith('.h') else ['library']
    if name.startswith('examples/'):
        return ['programs']
    if name.startswith('test/fuzz/'):
        return ['fuzz', 'fuzz-replay']
    return ['test', 'test-runner']


def check(root):
    """Returns the number of files looked at and the faults."""
    names = karp_tree.code(root)
    listed = karp_tree.sections(root)
    faults = []
    seen = {}
    for section, paths in listed.items():
        for path in paths:
            if path in seen:
                faults.append('sources.txt: %s is listed twice' % path)
            seen[path] = section
            if not os.path.isfile(os.path.join(root, path)):
                faults.append('sources.txt: %s does not exist' % path)
        if section != 'programs' and paths != sorted(paths):
            faults.append('sources.txt: [%s] is not in alphabetical order' % section)
    for name in names:
        if name not in seen:
            faults.append('%s: is not listed in sources.txt' % name)
        elif seen[name] not in belongs(name):
            faults.append('sources.txt: %s stands under [%s], not [%s]'
                          % (name, seen[name], belongs(name)[0]))
    return len(names), faults


if __name__ == '__main__':
    sys.exit(karp_tree.finish('check-sources', *check(karp_tree.root_of(sys.argv))))
