# SPDX-License-Identifier: GPL-2.0-only
"""Builds with CMake and Ninja into the build folder. With nothing to do this takes a few tens of
milliseconds: Ninja itself is the check whether anything changed."""

import contextlib
import fcntl
import os
import re
import shutil
import subprocess

from karp import paths
from karp.console import Progress, Trouble, say

# The fuzz entries with sanitizers: without ns-3, and without those checks of pointers that take most of
# the compiler's time and that a crash shows as well, so that it takes two minutes.
SANITIZED = {'alone': True, 'plain': True, 'sanitize': 'address,bounds,shift,signed-integer-overflow,'
             'integer-divide-by-zero,float-cast-overflow,bool,enum,unreachable'}
STEP = re.compile(r'^\[(\d+)/(\d+)\] (.*)')


@contextlib.contextmanager
def lock(folder):
    """Lets one process at a time build in a folder."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, '.karp-lock'), 'w', encoding='ascii') as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def cached(folder, name):
    """Returns a value of the CMake cache of a build folder, or None."""
    try:
        with open(os.path.join(folder, 'CMakeCache.txt'), encoding='utf-8') as cache:
            for line in cache:
                if line.startswith(name + ':'):
                    return line.rstrip('\n').partition('=')[2]
    except OSError:
        pass
    return None


def configure(folder, options):
    """Runs CMake if the folder is new, was moved, or was configured with other options."""
    home = cached(folder, 'CMAKE_HOME_DIRECTORY')
    if home is not None and os.path.realpath(home) != paths.ROOT:
        for name in ('CMakeCache.txt', 'build.ninja'):
            with contextlib.suppress(OSError):
                os.remove(os.path.join(folder, name))
        shutil.rmtree(os.path.join(folder, 'CMakeFiles'), ignore_errors=True)
    same = all(cached(folder, name) == value for name, value in options.items())
    if same and os.path.exists(os.path.join(folder, 'build.ninja')):
        return
    command = ['cmake', '-G', 'Ninja', '-S', paths.ROOT, '-B', folder]
    command += ['-D%s=%s' % option for option in options.items()]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          text=True, errors='replace')
    if done.returncode != 0:
        raise Trouble('karp: cmake failed\n' + done.stdout.rstrip())


def ninja(folder, targets, jobs):
    """Runs Ninja and shows how far it is; raises Trouble with the compiler's words if it fails."""
    progress = Progress('karp: building')
    words = []
    steps = 0
    command = ['ninja', '-C', folder, '-j', str(jobs)] + list(targets)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace',
                          env=dict(os.environ, NINJA_STATUS='[%f/%t] ')) as process:
        for line in process.stdout:
            step = STEP.match(line)
            if step:
                steps += 1
                what = os.path.basename(step.group(3).split(' ')[-1])
                progress.show('%s of %s, %s' % (step.group(1), step.group(2), what))
            else:
                words.append(line)
    progress.clear()
    if process.returncode != 0:
        raise Trouble('karp: the build failed\n' + ''.join(words[1:]).rstrip())
    return steps


def ensure(targets=(), jobs=None, folder=None, werror=None, sanitize=None, alone=None,
           plain=None):
    """Builds these targets (all, if none is named) where something changed.

    alone leaves out what needs ns-3, plain optimizes nothing; options of None leave the folder as it was
    configured."""
    folder = folder or paths.BUILD
    options = {}
    if werror is not None:
        options['KARP_WERROR'] = 'ON' if werror else 'OFF'
    if sanitize is not None:
        options['KARP_SANITIZE'] = sanitize
    if alone is not None:
        options['KARP_WITHOUT_NS3'] = 'ON' if alone else 'OFF'
    if plain:
        options.update(CMAKE_BUILD_TYPE='Debug', CMAKE_CXX_FLAGS_DEBUG='-O0 -g1')
    with lock(folder):
        configure(folder, options)
        steps = ninja(folder, targets, jobs or paths.jobs())
    if steps:
        say('karp: built (%d steps)' % steps)
