# SPDX-License-Identifier: GPL-2.0-only
"""Finds the Python that has what the analysis needs: the one first on the path need not be the
one that the distribution's python3-* packages belong to."""

import functools
import importlib.util
import os
import subprocess
import sys

from karp.console import Trouble

# What the analysis imports, and the Debian package it comes in.
MODULES = {
    'numpy': 'python3-numpy',
    'scipy': 'python3-scipy',
    'pandas': 'python3-pandas',
    'matplotlib': 'python3-matplotlib',
    'yaml': 'python3-yaml',
}
OTHERS = ['/usr/bin/python3', '/usr/local/bin/python3']
PROBE = ('import importlib.util, sys\n'
         'print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name)])')


@functools.lru_cache(maxsize=None)
def modules_of(python):
    """Returns which of MODULES this interpreter can find."""
    if python == sys.executable:
        return frozenset(name for name in MODULES if importlib.util.find_spec(name))
    try:
        found = subprocess.run([python, '-c', PROBE] + list(MODULES), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, check=False, text=True)
    except OSError:
        return frozenset()
    return frozenset(found.stdout.split())


def candidates():
    """Returns the interpreters to try, the running one first."""
    return [sys.executable] + [python for python in OTHERS if os.path.exists(python)]


def find():
    """Returns an interpreter that has every module, or None."""
    for python in candidates():
        if modules_of(python) >= set(MODULES):
            return python
    return None


def has(module):
    """Returns whether a module is there; if one interpreter has them all, every module is."""
    if find():
        return True
    distribution = [python for python in OTHERS if os.path.exists(python)][:1]
    return any(module in modules_of(python) for python in distribution)


def forget():
    """Looks anew the next time: something was installed."""
    importlib.invalidate_caches()
    modules_of.cache_clear()


def become_capable(arguments):
    """Goes on under an interpreter that has every module; returns if this one has."""
    python = find()
    if python is None:
        raise Trouble('karp: no Python here has all of %s (tried %s).\nInstall them: apt-get install %s'
                      % (', '.join(MODULES), ', '.join(candidates()), ' '.join(MODULES.values())))
    if python != sys.executable:
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(python, [python, os.path.realpath(sys.argv[0])] + arguments)
