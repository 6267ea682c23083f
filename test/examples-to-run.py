#! /usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# Read by ns-3's test.py: (program and arguments, whether to run it, whether to run it in valgrind).

cpp_examples = [
    ("karp-first", "True", "True"),
]

python_examples = []
