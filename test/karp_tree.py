# SPDX-License-Identifier: GPL-2.0-only
"""What the checks of the source tree share: which files there are, and how to report."""

import os
import subprocess
import sys

CORE_ROOMS = ['base', 'wire', 'crypto', 'keys', 'kmp', 'routing']
CODE_FOLDERS = ['model', 'helper', 'examples', 'test']


def root_of(arguments):
    """Returns the tree to check: the first argument, or the one this file lies in."""
    if len(arguments) > 1:
        return os.path.realpath(arguments[1])
    return os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def files(root):
    """Returns the files of the project, sorted: those git knows or would add, or all there are."""
    if os.path.isdir(os.path.join(root, '.git')):
        listed = subprocess.run(['git', '-C', root, 'ls-files', '-z', '--cached', '--others',
                                 '--exclude-standard'], stdout=subprocess.PIPE, check=True)
        names = listed.stdout.decode().split('\0')
        return sorted({name for name in names if name and os.path.isfile(os.path.join(root, name))})
    found = []
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(('build', '__pycache__', 'out'))]
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def code(root, *endings):
    """Returns the C++ files of the project."""
    return [name for name in files(root)
            if name.split('/')[0] in CODE_FOLDERS and name.endswith(endings or ('.cc', '.h'))]


def read(root, name):
    """Returns the text of a file."""
    with open(os.path.join(root, name), encoding='utf-8', errors='replace') as handle:
        return handle.read()


def sections(root):
    """Returns sources.txt as {section: [path, ...]}."""
    found = {}
    current = None
    for line in (raw.strip() for raw in read(root, 'sources.txt').splitlines()):
        if line.startswith('[') and line.endswith(']'):
            current = found.setdefault(line[1:-1], [])
        elif line and not line.startswith('#') and current is not None:
            current += line.split()
    return found


def finish(name, looked_at, faults):
    """Reports and returns the exit code. To have looked at nothing is a fault."""
    if not looked_at:
        faults = ['there was nothing to look at']
    for fault in faults:
        print(fault)
    print('%s: %d looked at, %d faults' % (name, looked_at, len(faults)), file=sys.stderr)
    return 1 if faults else 0
