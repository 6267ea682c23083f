# SPDX-License-Identifier: GPL-2.0-only
"""Estimates against published values, closed forms against brute force."""

import math
import os
import sys
import unittest

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

from karp import models, stats  # noqa: E402

TAKEOVER = {
    'protocol': {'kmp': 'mrkmp', 'advert': '1s', 'down': '3', 'skew': 'vrrp'},
    'topology': {'lan': {'id': 'lan0', 'nodes': '5'}},
    'groups': [{'name': 'g0', 'priority': {'r0': '200', 'r1': '150', 'default': '100'}}],
    'timeline': [{'at': '35s', 'do': 'priority', 'node': 'r2', 'value': '180'},
                 {'at': '40s', 'do': 'impair', 'target': 'lan0', 'loss': '0', 'dup': '0.01'},
                 {'at': ['60s', '61s'], 'do': 'crash', 'target': 'role:gcks'}],
}


class EstimateTest(unittest.TestCase):

    def test_what_a_few_values_tell_of_many(self):
        # t[0.9995, 2] = 31.599055, s = 1: half-width 18.243722.
        low, high = stats.from_few('mean', [1, 2, 3], 0.999)
        self.assertAlmostEqual(low, 2 - 18.243722, 5)
        self.assertAlmostEqual(high, 2 + 18.243722, 5)
        self.assertEqual(stats.from_few('max', [2, 3, 1], 0.999), (3, math.inf))
        self.assertEqual(stats.from_few('min', [2, 3, 1], 0.999), (-math.inf, 1))
        self.assertEqual(stats.from_few('median', [2, 3, 1], 0.999), (-math.inf, math.inf))
        # 20 values, median: P(Bin(20, 1/2) <= 2) = 0.0002 < 0.0005 < P(<= 3) = 0.0013.
        self.assertEqual(stats.from_few('median', range(1, 21), 0.999), (3, 18))
        rate = stats.proportion(1, 3, 0.999)
        self.assertEqual(stats.from_few('rate', [0, 1, 0], 0.999), (rate.low, rate.high))

    def test_student_mean(self):
        # Mean 3, s = sqrt(2.5), t[0.975, 4] = 2.776445: half-width 1.963243.
        one = stats.mean([1, 2, 3, 4, 5])
        self.assertEqual((one.value, one.n), (3, 5))
        self.assertAlmostEqual(one.half_width, 1.963243, places=5)
        # Thirty values: the quantile is 2.045.
        sample = [0.0, 2.0] * 15
        expected = 2.04523 * np.std(sample, ddof=1) / math.sqrt(30)
        self.assertAlmostEqual(stats.mean(sample).half_width, expected, places=5)

    def test_one_value_has_no_interval(self):
        one = stats.mean([4.2])
        self.assertEqual((one.low, one.high), (-math.inf, math.inf))

    def test_what_is_no_sample_is_refused(self):
        for sample in ([], [1, math.nan], [1, math.inf]):
            with self.assertRaises(ValueError):
                stats.mean(sample)

    def test_paired_difference_cancels_what_is_shared(self):
        shared = np.arange(20.0) ** 2
        one = stats.paired_difference(shared + 1, shared)
        self.assertAlmostEqual(one.value, 1)
        self.assertAlmostEqual(one.half_width, 0, places=9)
        with self.assertRaises(ValueError):
            stats.paired_difference([1, 2], [1])

    def test_wilson(self):
        # 0 of 30 still allows 11.4 %, 0 of 300 1.3 %; 5 of 10: 0.2366 to 0.7634.
        self.assertAlmostEqual(stats.proportion(0, 30).high, 0.1135, places=4)
        self.assertAlmostEqual(stats.proportion(0, 300).high, 0.0126, places=4)
        half = stats.proportion(5, 10)
        self.assertAlmostEqual(half.low, 0.2366, places=4)
        self.assertAlmostEqual(half.high, 0.7634, places=4)
        self.assertEqual(stats.proportion(7, 7).high, 1.0)

    def test_dkw(self):
        for n, width in [(30, 0.248), (100, 0.136), (300, 0.078)]:
            self.assertAlmostEqual(stats.dkw_half_width(n), width, places=3)

    def test_ecdf_steps_at_distinct_values(self):
        values, shares = stats.ecdf([3, 1, 1, 2])
        self.assertEqual(values.tolist(), [1, 2, 3])
        self.assertEqual(shares.tolist(), [0.5, 0.75, 1.0])

    def test_bootstrap_of_quantiles(self):
        sample = np.random.default_rng(1).exponential(size=200)
        one = stats.quantile(sample, 0.95)
        self.assertLess(one.low, one.value)
        self.assertGreater(one.high, one.value)
        self.assertLess(one.low, 2.996)   # the true quantile, -ln 0.05
        self.assertGreater(one.high, 2.996)
        self.assertEqual(one, stats.quantile(sample, 0.95))  # says the same twice
        self.assertEqual(stats.quantile([2, 2, 2, 2], 0.5).high, 2)
        self.assertEqual(stats.quantile([1, 2], 0.5).high, math.inf)

    def test_bootstrap_of_ratios_uses_pairs(self):
        base = np.random.default_rng(2).uniform(1, 9, size=40)
        one = stats.ratio(0.5 * base, base)
        self.assertAlmostEqual(one.value, 0.5)
        self.assertAlmostEqual(one.high, 0.5, places=6)
        loose = stats.ratio(0.5 * base, base, paired=False)
        self.assertGreater(loose.high, 0.52)
        with self.assertRaises(ValueError):
            stats.ratio([1, 2, 3], [0, 0, 0])

    def test_numbers_are_rounded_by_their_interval(self):
        self.assertEqual(stats.with_interval(2.79712, 0.0134), '2.797 +- 0.013')
        self.assertEqual(stats.with_interval(194.327, 0.672), '194.33 +- 0.67')
        self.assertEqual(stats.with_interval(1234.5, 67), '1234 +- 67')
        self.assertEqual(stats.with_interval(3, math.inf), '3')


class TakeoverTest(unittest.TestCase):

    def test_published_values(self):
        # Priority 100: 3.109 intervals in the mean, priority 200: 2.719.
        self.assertAlmostEqual(models.Takeover(1, 100).mean, 3.109, places=3)
        self.assertAlmostEqual(models.Takeover(1, 200).mean, 2.719, places=3)
        self.assertAlmostEqual(models.Takeover(1, 100).latest, 3.609, places=3)
        self.assertAlmostEqual(models.Takeover(1, 100).earliest, 2.609, places=3)

    def test_brute_force(self):
        """Input: heartbeats at jittered intervals, a crash at a random instant.
        Output: mean and distribution of the takeover as the closed form has them."""
        rng = np.random.default_rng(7)
        for jitter in (0.0, 0.05, 0.5):
            model = models.Takeover(0.25, 180, jitter=jitter)
            beats = np.cumsum(0.25 * (1 - jitter * rng.random(400_000)))
            crash = rng.uniform(beats[10], beats[-10], 200_000)
            age = crash - beats[np.searchsorted(beats, crash, side='right') - 1]
            times = np.sort((3 + 76 / 256) * 0.25 - age)
            self.assertAlmostEqual(times.mean(), model.mean, delta=1e-3)
            share = np.arange(1, len(times) + 1) / len(times)
            self.assertLess(np.abs(share - model.cdf(times)).max(), 0.006, msg=jitter)
            self.assertGreaterEqual(times.min(), model.earliest - 1e-9)
            self.assertLessEqual(times.max(), model.latest + 1e-9)

    def test_ends_of_the_distribution(self):
        model = models.Takeover(1, 180, jitter=0.05, extra=0.01)
        self.assertAlmostEqual(float(model.cdf(model.earliest - 0.1)), 0)
        self.assertAlmostEqual(float(model.cdf(model.earliest)), 0)
        self.assertAlmostEqual(float(model.cdf(model.latest)), 1)

    def test_successor_is_read_from_the_scenario(self):
        model = models.takeover_of(TAKEOVER)
        self.assertEqual((model.priority, model.advert, model.down), (180, 1, 3))
        two = {**TAKEOVER, 'topology': {'lan': {'nodes': '2'}}}
        self.assertEqual(models.takeover_of(two).priority, 150)

    def test_no_closed_form_where_it_does_not_hold(self):
        lossy = [dict(event, loss='0.05') if event['do'] == 'impair' else event
                 for event in TAKEOVER['timeline']]
        for change in [{'timeline': lossy}, {'timeline': TAKEOVER['timeline'][:2]},
                       {'topology': {'lan': {'nodes': '1'}}},
                       {'protocol': {**TAKEOVER['protocol'], 'kmp': 'manual'}}]:
            self.assertIsNone(models.takeover_of({**TAKEOVER, **change}), msg=change)
        self.assertIsNone(models.of_run('/nowhere', 'takeover'))


class JoinTest(unittest.TestCase):

    def test_published_values(self):
        for loss, undelayed in [(0.01, 0.961), (0.05, 0.815), (0.1, 0.656), (0.2, 0.410)]:
            self.assertAlmostEqual(models.JoinUnderLoss(loss).undelayed, undelayed, places=3)
        strongswan = models.JoinUnderLoss(0.1, first=4, base=1.8)
        self.assertAlmostEqual(strongswan.mean_per_exchange, 1.15, delta=0.02)
        iked = models.JoinUnderLoss(0.1, first=2, base=2)
        self.assertAlmostEqual(iked.mean_per_exchange, 0.61, delta=0.01)
        self.assertEqual([iked.delay(k) for k in range(5)], [0, 2, 6, 14, 30])

    def test_brute_force(self):
        """Input: two exchanges whose messages are lost, waits that double.
        Output: the staircase, its mean and its share of joins given up."""
        rng = np.random.default_rng(8)
        for loss, jitter in [(0.2, 0.0), (0.4, 0.0), (0.2, 0.1)]:
            model = models.JoinUnderLoss(loss, first=0.5, base=2, tries=3, jitter=jitter)
            total = np.zeros(100_000)
            for _ in range(2):
                waiting = np.ones(len(total), dtype=bool)
                for attempt in range(4):
                    through = (rng.random(len(total)) >= loss) & (rng.random(len(total)) >= loss)
                    waiting &= ~through
                    wait = 0.5 * 2 ** attempt * (1 - jitter * rng.random(len(total)))
                    total[waiting] += np.inf if attempt == 3 else wait[waiting]
            done = total[np.isfinite(total)]
            self.assertAlmostEqual(len(done) / len(total), model.completed, delta=0.006)
            self.assertAlmostEqual(done.mean(), model.mean, delta=0.02)
            if jitter == 0:
                grid = np.linspace(0, 8, 33)
                shares = np.searchsorted(np.sort(total), grid + 1e-6) / len(total)
                self.assertLess(np.abs(shares - model.cdf(grid)).max(), 0.006)

    def test_what_a_join_meets_is_read_from_the_scenario(self):
        doc = {'protocol': {'kmp': 'mrkmp',
                            'retransmit': {'first': '2s', 'base': '2', 'tries': '8'},
                            'attr': {'ns3::karp::KmpApplication::RetransmitJitter': '0'}},
               'timeline': [{'at': '0s', 'do': 'crash', 'target': ['r1']},
                            {'at': '19s', 'do': 'impair', 'target': ['lan0'], 'loss': '0.1'},
                            {'at': ['20s', '21s'], 'do': 'boot', 'target': ['r1']}]}
        self.assertEqual(models.join_of(doc), models.JoinUnderLoss(0.1, 2, 2, 8))
        self.assertIsNone(models.join_of({**doc, 'timeline': doc['timeline'][:2]}))
        doc['protocol'].pop('attr')
        self.assertIsNone(models.join_of(doc))

    def test_staircase_sums_to_the_completed_share(self):
        model = models.JoinUnderLoss(0.3, tries=2)
        self.assertAlmostEqual(sum(weight for _, weight in model.steps()), model.completed)

    def test_runs_of_losses(self):
        for k, loss, beats in [(4, 0.1, 11110), (4, 0.2, 780), (4, 0.3, 175), (3, 0.1, 1110),
                               (3, 0.2, 155), (3, 0.3, 51)]:
            self.assertAlmostEqual(models.runs_of_losses(loss, k), beats, delta=0.5)


if __name__ == '__main__':
    unittest.main()
