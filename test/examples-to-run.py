#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# Read by ns-3's test.py: (program and arguments, whether to run it, whether to run it in valgrind).
# Paths are those of an ns-3 tree that has karp in contrib/karp.

cpp_examples = [
    ("karp-scenario --check --scenario=contrib/karp/scenarios/gcks-failover.yaml", "True", "False"),
]

python_examples = []
