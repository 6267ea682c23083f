# SPDX-License-Identifier: GPL-2.0-only
"""Where things lie in the source tree and in the build folder."""

import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BUILD = os.path.abspath(os.environ.get('KARP_BUILD') or os.path.join(ROOT, 'build'))
TESTS = os.path.join(ROOT, 'test')


def program(name):
    """Returns the path a built program has."""
    return os.path.join(BUILD, name)


def jobs():
    """Returns how many processes this machine lets us run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1
