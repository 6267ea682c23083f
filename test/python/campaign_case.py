# SPDX-License-Identifier: GPL-2.0-only
"""A folder with a scenario and a stand-in for karp-scenario, for the tests of campaigns."""

import argparse
import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest
from unittest import mock

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), 'analysis'))

from karp import campaign, plot  # noqa: E402

SCENARIO = '''karp: 1
name: fake-failover
run: {stop: 120s, warmup: 30s, seed: 1}
topology:
  lan: {id: lan0, nodes: $N}
groups:
  - {name: g0, segment: lan0, members: all, priority: {r0: 200, r1: 150, default: 100}}
protocol: {kmp: mrkmp, advert: $adv, down: 3, skew: vrrp}
timeline:
  - {at: 40s, do: impair, target: lan0, loss: $loss}
  - {at: [60s, 61s], do: crash, target: "role:gcks", as: kill}
expect:
  - {id: sticky, always: "gcks(g0) == r0", from: 30s, until: kill, where: {loss: 0}}
  - {id: new, eventually: "one_gcks(g0)", after: kill, within: 3.61 * $adv + 1s}
  - {id: mean, over_runs: {metric: t_gcks, stat: mean, between: [2 * $adv, 3.5 * $adv]},
     where: {loss: 0}}
sweep: {grid: {N: [3, 5], adv: [1s], loss: [0, 0.1]}, runs: 3}
output:
  metrics: [t_gcks, t_rejoin]
  plots: [{cdf: t_gcks, by: loss}, {line: t_gcks, x: N, by: loss}, {timeline: [role], run: 1},
          {bytes: bytes_by_type, x: N}]
'''


class CampaignCase(unittest.TestCase):
    """Gives each test a folder of its own, which is the working folder as well."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='karp-test-')
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        self.program = os.path.join(self.folder, 'karp-scenario')
        with open(os.path.join(HERE, 'fake_scenario.py'), encoding='ascii') as file:
            text = file.read()
        with open(self.program, 'w', encoding='ascii') as file:
            file.write(text.replace('/usr/bin/env python3', sys.executable + ' -IS', 1))
        os.chmod(self.program, 0o755)
        self.log = os.path.join(self.folder, 'calls')
        self.scenario = 'fake.yaml'
        self.write(SCENARIO)

    def write(self, text):
        """Replaces the scenario."""
        with open(self.scenario, 'w', encoding='ascii') as file:
            file.write(text)

    def call(self, fake='', **more):
        """Runs the campaign; returns exit code, output, and the runs that were made."""
        args = argparse.Namespace(scenario=self.scenario, program=self.program, out='out')
        vars(args).update(more)
        with open(self.log, 'w', encoding='ascii'):
            pass
        out = io.StringIO()
        with mock.patch.dict(os.environ, KARP_FAKE=fake, KARP_FAKE_LOG=self.log), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = campaign.run(args)
        with open(self.log, encoding='ascii') as file:
            made = sorted(file.read().splitlines())
        return code, out.getvalue(), made

    def draw(self, folder='out', **more):
        """Draws again; returns exit code and output."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = plot.plot(argparse.Namespace(dir=folder, **more))
        return code, out.getvalue()

    def files(self, folder):
        """Names and contents below a folder."""
        found = {}
        for base, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(base, name)
                with open(path, 'rb') as file:
                    found[os.path.relpath(path, folder)] = file.read()
        return found
