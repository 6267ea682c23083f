#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks who includes whom: check-layers.py [ROOT]

The arrows point down only, kmp and routing never meet, and nothing below app/ knows ns-3. OpenSSL
is known to crypto/ alone and yaml-cpp to helper/ (the tests and programs may use both)."""

import os
import re
import sys

import karp_tree

BELOW = {
    'base': [],
    'wire': ['base'],
    'crypto': ['base'],
    'keys': ['base'],
    'kmp': ['base', 'wire', 'crypto', 'keys'],
    'routing': ['base', 'wire', 'crypto', 'keys'],
    'app': ['base', 'wire', 'crypto', 'keys', 'kmp', 'routing'],
    'helper': ['base', 'wire', 'crypto', 'keys', 'kmp', 'routing', 'app'],
}
EVERYTHING = list(BELOW)  # what a test or a program may include
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def room_of(name):
    """Returns the room a file belongs to; tests, programs and fuzz entries count as rooms."""
    parts = name.split('/')
    if parts[0] == 'model':
        return parts[1] if len(parts) > 2 else 'model'
    return 'fuzz' if name.startswith('test/fuzz/') else parts[0]


def allowed(room):
    """Returns the rooms whose headers a room may include."""
    if room in ('test', 'examples'):
        return EVERYTHING
    if room == 'fuzz':
        return karp_tree.CORE_ROOMS + ['helper']  # what of it needs no ns-3; the linker knows
    return BELOW.get(room, []) + [room]


def judge(name, room, quote, target, headers):
    """Returns what is wrong with one include line, or None."""
    base = os.path.basename(target)
    if target.startswith('ns3/karp-'):
        if base not in headers:
            return 'there is no header %s' % base
        if headers[base] not in allowed(room):
            return '%s/ may not know %s/' % (room, headers[base])
    elif target.startswith('ns3/'):
        if room in karp_tree.CORE_ROOMS + ['fuzz'] or name.startswith('helper/topology/'):
            return '%s/ may not know ns-3' % os.path.dirname(name)
    elif target.startswith('openssl/'):
        if room not in ('crypto', 'test', 'examples'):
            return 'only crypto/ knows OpenSSL'
    elif target.startswith('yaml-cpp/'):
        if room not in ('helper', 'test', 'examples'):
            return 'only helper/ knows yaml-cpp'
    elif quote == '"' and base in headers:
        # A header of the same folder; in-tree builds flatten, so no path may stand before it.
        if target != base or headers[base] != room and not name.startswith('test/'):
            return 'a header of another folder is included as "ns3/%s"' % base
    elif quote == '"' and room in BELOW:
        return '"%s" is no header of ours' % target
    return None


def check(root):
    """Returns the number of files looked at and the faults."""
    names = karp_tree.code(root)
    faults = []
    headers = {}
    for name in names:
        base = os.path.basename(name)
        room = room_of(name)
        if room in BELOW and not base.startswith('karp-'):
            faults.append("%s: the names of our files begin with karp-" % name)
        elif name.startswith('model/') and room not in BELOW:
            faults.append('%s: model/ has no such room' % name)
        if name.endswith('.h') and room in BELOW:
            if base in headers:
                faults.append('%s: another folder has a header of this name' % name)
            headers[base] = room
    for name in names:
        for number, line in enumerate(karp_tree.read(root, name).splitlines(), 1):
            include = INCLUDE.match(line)
            fault = include and judge(name, room_of(name), include[1], include[2], headers)
            if fault:
                faults.append('%s:%d: %s' % (name, number, fault))
    return len(names), faults


if __name__ == '__main__':
    sys.exit(karp_tree.finish('check-layers', *check(karp_tree.root_of(sys.argv))))
