# SPDX-License-Identifier: GPL-2.0-only
"""Finds out what is missing on this machine and installs it from the distribution's packages.

What counts is whether the thing is there, not who put it there: an ns-3 of one's own (ns3_DIR) or
a compiler by another name is as good. Every look costs microseconds, so nothing is remembered."""

import os
import shutil
import subprocess
import sys

from karp import interpreter, paths
from karp.console import Progress, Trouble, say

INCLUDE = ['/usr/include', '/usr/local/include'] + os.environ.get('CPATH', '').split(':')


def has_program(*names):
    """Returns a question: is one of these programs on the path?"""
    return lambda: any(shutil.which(name) for name in names)


def has_header(name, *variables):
    """Returns a question: is this header there, or did the user say where else to look?"""
    return lambda: (any(os.environ.get(variable) for variable in variables + ('CMAKE_PREFIX_PATH',))
                    or any(os.path.exists(os.path.join(folder, name)) for folder in INCLUDE if folder))


# What is needed: for which work, what it is called, its Debian package, how to see that it is there.
NEEDS = [
    ('build', 'a C++17 compiler', 'g++', has_program('c++', 'g++', 'clang++')),
    ('build', 'CMake', 'cmake', has_program('cmake')),
    ('build', 'Ninja', 'ninja-build', has_program('ninja')),
    ('build', 'ns-3', 'libns3-dev', has_header('ns3/core-module.h', 'ns3_DIR')),
    ('build', 'OpenSSL 3', 'libssl-dev', has_header('openssl/evp.h', 'OPENSSL_ROOT_DIR')),
    ('build', 'Boost', 'libboost-dev', has_header('boost/version.hpp', 'BOOST_ROOT')),
    ('build', 'yaml-cpp', 'libyaml-cpp-dev', has_header('yaml-cpp/yaml.h')),
    ('test', 'tshark', 'tshark', has_program('tshark')),
    ('test', 'clang-format', 'clang-format', has_program('clang-format')),
    # Routing daemons would start on the machine of whoever runs the tests: nobody gets them who did
    # not ask for them. Without them suite karp-interop is skipped and says so.
    ('interop', 'BIRD', 'bird2', has_program('bird')),
    ('interop', 'FRR', 'frr', lambda: os.path.exists('/usr/lib/frr/ospfd')),
    ('interop', 'ip', 'iproute2', has_program('ip')),
    ('interop', 'ethtool', 'ethtool', has_program('ethtool')),
    ('interop', 'ping', 'iputils-ping', has_program('ping')),
] + [
    ('analysis', 'Python module ' + module, package, lambda name=module: interpreter.has(name))
    for module, package in interpreter.MODULES.items()
]


def missing(purposes):
    """Returns the needs of these purposes that are not met, as (what, package)."""
    return [(what, package) for purpose, what, package, there in NEEDS
            if purpose in purposes and not there()]


def privilege():
    """Returns the words that must stand before apt-get, or None if this user cannot install."""
    if os.geteuid() == 0:
        return []
    if not shutil.which('sudo'):
        return None
    silent = subprocess.run(['sudo', '-n', 'true'], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, check=False)
    if silent.returncode == 0:
        return ['sudo']
    return ['sudo'] if sys.stdin.isatty() else None


def explain(wanting, reason):
    """Returns the words for a user who must install something by hand."""
    lines = ['karp: %s. Needed and not found:' % reason]
    lines += ['  %-28s Debian package %s' % (what, package) for what, package in wanting]
    lines += ['Install it as root, and call karp again:',
              '  apt-get update && apt-get install --no-install-recommends '
              + ' '.join(package for _, package in wanting)]
    if any(package == 'libns3-dev' for _, package in wanting):
        lines += ['An ns-3 built from source will do as well: set ns3_DIR to its CMake folder.']
    return '\n'.join(lines)


def apt(before, arguments, log, progress):
    """Runs apt-get and shows what it is at; returns its exit code."""
    command = before + ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-y', '-q',
                        '-o', 'DPkg::Lock::Timeout=120', '-o', 'Acquire::Retries=3',
                        '-o', 'Dpkg::Use-Pty=0'] + arguments
    log.write('$ ' + ' '.join(command) + '\n')
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace') as process:
        for line in process.stdout:
            log.write(line)
            progress.show(line.strip())
    progress.clear()
    return process.returncode


def ensure(*purposes):
    """Installs what these purposes ('build', 'test', 'interop', 'analysis') need; raises Trouble if it cannot."""
    wanting = missing(purposes)
    if not wanting:
        return
    if not shutil.which('apt-get'):
        raise Trouble(explain(wanting, 'there is no apt-get here to install with'))
    before = privilege()
    if before is None:
        raise Trouble(explain(wanting, 'installing needs root or sudo'))
    packages = [package for _, package in wanting]
    say('karp: installing ' + ' '.join(packages))
    os.makedirs(paths.BUILD, exist_ok=True)
    name = os.path.join(paths.BUILD, 'install.log')
    with open(name, 'w', encoding='utf-8') as log:
        progress = Progress('karp: installing')
        install = ['install', '--no-install-recommends'] + packages
        # Package lists may be absent or too old to be of use; then they are fetched first.
        failed = apt(before, install, log, progress)
        if failed:
            apt(before, ['update'], log, progress)
            failed = apt(before, install, log, progress)
    if failed:
        with open(name, encoding='utf-8') as log:
            tail = ''.join('  ' + line for line in log.readlines()[-5:])
        raise Trouble(explain(wanting, 'apt-get failed (all of it: %s)\n%s' % (name, tail.rstrip())))
    interpreter.forget()
    wanting = missing(purposes)
    if wanting:
        raise Trouble(explain(wanting, 'apt-get was content, yet something is missing'))


if __name__ == '__main__':
    print(' '.join(need[2] for need in NEEDS))
