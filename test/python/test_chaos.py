# SPDX-License-Identifier: GPL-2.0-only
"""Randomised experiments: what is made from a seed, how it is made smaller, exit codes; and some
seeds, run for real."""

import contextlib
import copy
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from types import SimpleNamespace
from unittest import mock

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

from karp import chaos, chaos_attack, chaos_case, chaos_file, chaos_shrink, paths  # noqa: E402
from karp.console import Trouble  # noqa: E402

PROGRAM = paths.program('karp-scenario')
SEEDS = range(1, 201)
# What stands in for karp-scenario: fails if the file has both of these words, and says so.
FAKE = '''#!/usr/bin/env python3
import json, os, sys
given = dict(word.lstrip('-').partition('=')[::2] for word in sys.argv[1:])
text = open(given['scenario']).read()
if 'wrong' in os.environ.get('KARP_FAKE', ''):
    sys.exit(3)
bad = 'do: rekey' in text and 'r1' in text
said = [{'id': 'invariant secrecy', 'verdict': 'fail' if bad else 'pass', 'why': 'both', 'at': 3.5,
         'lines': ['{"ev":"role"}', '{"ev":"end"}']}, {'id': 'x', 'verdict': 'pass', 'why': ''}]
json.dump({'exit': int(bad), 'expectations': said},
          open(os.path.join(given['out'], 'verdict.json'), 'w'))
sys.exit(int(bad))
'''


class GeneratorTest(unittest.TestCase):

    def test_a_seed_is_one_file_and_another_seed_another(self):
        texts = [chaos_file.text(chaos_case.generate(seed)) for seed in SEEDS]
        self.assertEqual(texts, [chaos_file.text(chaos_case.generate(seed)) for seed in SEEDS])
        self.assertEqual(len(set(texts)), len(SEEDS))

    def test_other_processes_make_the_same(self):
        words = 'from karp import chaos_case as c, chaos_file as f; print(f.text(c.generate(7)), end="")'
        for number in ('1', '2'):
            made = subprocess.run([sys.executable, '-c', words], check=True, text=True,
                                  stdout=subprocess.PIPE, env={
                                      **os.environ, 'PYTHONHASHSEED': number,
                                      'PYTHONPATH': os.path.join(ROOT, 'analysis')}).stdout
            self.assertEqual(made, chaos_file.text(chaos_case.generate(7)))

    def test_every_kind_of_fault_and_credential_comes(self):
        cases = [chaos_case.generate(seed) for seed in SEEDS]
        kinds = {event['do'] for case in cases for event in chaos_case.events_of(case)}
        self.assertLessEqual({'crash', 'boot', 'reboot', 'impair', 'clear', 'partition', 'cut', 'heal',
                              'priority', 'stop_kmp', 'start_kmp', 'leave', 'join', 'rekey',
                              'handover', 'exhaust_seq', 'clock'}, kinds)
        self.assertEqual({case['options']['credentials'] for case in cases},
                         {'psk', 'pair-psk', 'ed25519', 'ecdsa-p256', 'rsa-2048'})
        self.assertEqual({len(case['lans']) for case in cases}, {1, 2, 3, 4})
        for key in ('revoked', 'mismatch', 'clocks', 'eviction'):
            self.assertTrue([case for case in cases if case[key]], key)
            self.assertTrue([case for case in cases if not case[key]], key)

    def test_attacks_come_from_dice_of_their_own(self):
        kinds = set()
        with mock.patch.object(chaos_attack, 'draw_attacks', return_value=[]):
            calm = {seed: chaos_case.generate(seed) for seed in SEEDS}
        for seed in SEEDS:
            case = chaos_case.generate(seed)
            attacks = chaos_attack.attacks_of(chaos_case.events_of(case))
            kinds |= {attack['kind'] for attack in attacks}
            case['faults'] = [fault for fault in case['faults'] if fault[0]['do'] != 'attack']
            if chaos_attack.attacks_of(attacks, *chaos_attack.INTERCEPTS):
                case['options']['skip_reuse'] = calm[seed]['options']['skip_reuse']
            self.assertEqual(case, calm[seed])
        self.assertEqual(kinds, {'replay', 'masquerade', 'forge', 'flood', 'suppress', 'delay',
                                 'modify'})

    def test_attacks_end_when_all_heals(self):
        for seed in SEEDS:
            case = chaos_case.generate(seed)
            ids = [attack['id'] for attack in chaos_attack.attacks_of(chaos_case.events_of(case))]
            last = [event for event in chaos_file.the_end(case, chaos_case.events_of(case))
                    if event['do'] == 'stop_attack']
            self.assertEqual([(event['at'], sorted(event['ref'])) for event in last],
                             [(case['end'], sorted(ids))] if ids else [])

    def test_who_was_made_to_wait_gets_the_time(self):
        case = chaos_case.generate(7)
        case['faults'] = []
        usual = chaos_case.bound(case)
        claim = {'at': 9, 'do': 'attack', 'kind': 'masquerade', 'id': 'x', 'segment': 0,
                 'claim': {'interval': 3000}}
        case['faults'] = [[claim], [{**claim, 'kind': 'delay', 'delay': 700}]]
        more = chaos_case.hang(case) + 700 + 3000 * (case['options']['down'] + 1)
        self.assertEqual(chaos_case.bound(case), usual + more)

    def test_attacks_lose_routers_and_lans(self):
        attack = {'at': 9, 'do': 'attack', 'kind': 'replay', 'id': 'x', 'segment': 1,
                  'capture': {'from': [1, 2], 'to': {'role': 'gcks', 'lan': 1}},
                  'replay': {'segment': 2, 'rate': 1}}
        self.assertEqual(chaos_case.without_router_of(attack, {1})['capture']['from'], [2])
        self.assertIsNone(chaos_case.without_router_of(attack, {1, 2}))
        self.assertEqual(sorted(set(chaos_case.lans_of_event(attack))), [1, 2])
        moved = chaos_case.moved(attack, 0)
        self.assertEqual((moved['segment'], moved['capture']['to']['lan'], moved['replay']['segment']),
                         (0, 0, 1))
        self.assertEqual(attack['segment'], 1)

    def test_faults_end_before_all_heals_and_somebody_is_left(self):
        for seed in SEEDS:
            case = chaos_case.generate(seed)
            odd = set(chaos_case.strangers(case))
            for lan in case['lans']:
                self.assertTrue(2 <= len(lan['routers']) <= 12)
                self.assertGreaterEqual(len(set(lan['routers']) - odd), 2)
            for event in chaos_case.events_of(case):
                last = event['at'] + event.get('down', 0) + 2 * event.get('stagger', 0)
                self.assertLess(last, case['end'])

    def test_leads_are_longer_than_clocks_differ_and_copies_take(self):
        for seed in SEEDS:
            case = chaos_case.generate(seed)
            o = case['options']
            offsets = list(case['clocks'].values()) + [0]
            for name in ('lead', 'overlap', 'EvictLead', 'EvictOverlap', 'RebootLead'):
                self.assertLess(max(offsets) - min(offsets), o[name])
            for name in ('lead', 'EvictLead', 'RebootLead'):
                self.assertGreater(o[name], o['copies'] * o['spacing'])

    def test_every_file_is_right_smaller_ones_too(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(1, 41):
                case = chaos_case.generate(seed)
                fewer = [chaos_case.without_routers(case, [router])
                         for router in chaos_case.everybody(case)[:2]]
                fewer += [chaos_case.without_lan(case, 0)]
                for one in [case] + [each for each in fewer if each]:
                    name = os.path.join(folder, 'x.yaml')
                    with open(name, 'w', encoding='ascii') as file:
                        file.write(chaos_file.text(one))
                    done = subprocess.run([PROGRAM, '--check', '--scenario=' + name], check=False,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                    self.assertEqual(done.returncode, 0, 'seed %d: %s' % (seed, done.stdout))


class SimulationTest(unittest.TestCase):

    def test_twenty_seeds_pass(self):
        with tempfile.TemporaryDirectory() as folder:
            args = SimpleNamespace(program=PROGRAM, jobs=paths.jobs(), time=60, seeds='21-40', seed=None,
                                   pcap=False, out=folder)
            words = io.StringIO()
            with contextlib.redirect_stdout(words), contextlib.redirect_stderr(io.StringIO()):
                code = chaos.run(args)
        self.assertEqual(code, 0, words.getvalue())
        self.assertIn('20 of 20 seeds passed; 20 runs, ', words.getvalue())


class ShrinkTest(unittest.TestCase):

    @staticmethod
    def needs(*kinds):
        """Fails as long as these kinds of events are there."""
        def fails(cases):
            return [set(kinds) <= {event['do'] for event in chaos_case.events_of(case)}
                    for case in cases]
        return fails

    def some(self, *kinds):
        """A case that has these kinds of events, of a few LANs."""
        for seed in range(1, 500):
            case = chaos_case.generate(seed)
            if len(case['lans']) > 1 and self.needs(*kinds)([case])[0]:
                return case
        self.fail('no seed has %s' % (kinds,))
        return None

    def test_the_smallest_is_reached(self):
        case = self.some('rekey', 'partition')
        before = copy.deepcopy(case)
        for batch in (1, 3):
            fails = self.needs('rekey', 'partition')
            fails.batch = batch
            small, tried = chaos_shrink.shrink(case, fails)
            self.assertEqual(sorted(e['do'] for e in chaos_case.events_of(small)),
                             ['partition', 'rekey'])
            self.assertEqual(len(small['lans']), 1)
            self.assertEqual(len(chaos_case.everybody(small)), 2)
            self.assertEqual(small['options'], chaos_case.PLAIN)
            self.assertEqual([small[key] for key in ('revoked', 'mismatch', 'clocks', 'eviction')],
                             [{}, [], {}, None])
            self.assertLess(small['end'], case['end'])
            self.assertLess(tried, 400)
        self.assertEqual(case, before)

    def test_an_option_that_matters_stays(self):
        case = next(case for case in map(chaos_case.generate, SEEDS)
                    if case['options']['seq'] == 'strict')
        small, _ = chaos_shrink.shrink(case, lambda cases: [
            one['options']['seq'] == 'strict' for one in cases])
        self.assertEqual(small['options'], {**chaos_case.PLAIN, 'seq': 'strict'})
        self.assertEqual(small['faults'], [])

    def test_whatever_is_left_out_a_file_can_be_written(self):
        for seed in SEEDS[:20]:
            case = chaos_case.generate(seed)
            for smaller in (one for step in chaos_shrink.PASSES for one in step(case) if one):
                self.assertIn('karp: 1', chaos_file.text(smaller))

    def test_it_stops_after_so_many_tries(self):
        case = self.some('rekey')
        asked = []
        chaos_shrink.shrink(case, lambda cases: [asked.append(1) is not None for _ in cases], 5)
        self.assertEqual(len(asked), 5)


class CommandTest(unittest.TestCase):

    def call(self, folder, **more):
        """Runs the command; returns its exit code and what it printed."""
        program = os.path.join(folder, 'fake')
        with open(program, 'w', encoding='ascii') as file:
            file.write(FAKE)
        os.chmod(program, 0o755)
        args = SimpleNamespace(**{'program': program, 'jobs': 2, 'time': 60, 'seeds': None,
                                  'seed': None, 'pcap': False,
                                  'out': os.path.join(folder, 'out'), **more})
        words = io.StringIO()
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(io.StringIO()):
            code = chaos.run(args)
        return code, words.getvalue()

    def test_what_fails_is_kept_small_and_told(self):
        bad = next(seed for seed in SEEDS
                   if 'do: rekey' in chaos_file.text(chaos_case.generate(seed, 60000)))
        with tempfile.TemporaryDirectory() as folder:
            code, words = self.call(folder, seeds='%d-%d' % (bad, bad))
            kept = os.path.join(folder, 'out', 'seed-%d' % bad)
            with open(os.path.join(kept, 'smallest.yaml'), encoding='ascii') as file:
                small = file.read()
            self.assertTrue(os.path.isfile(os.path.join(kept, 'scenario.yaml')))
        self.assertEqual(code, 1)
        self.assertEqual(small.count('do: '), 2, small)  # rekey, and the mark
        self.assertIn('chaos: seeds %d-%d --time 60 -j 2' % (bad, bad), words.splitlines()[0])
        for word in ('invariant secrecy at 3.5 s: both', '{"ev":"end"}', 'again: ./karp run ',
                     'smallest.yaml --run 1', 'router-hours', '0 of 1 seeds passed'):
            self.assertIn(word, words)

    def test_what_passes_leaves_nothing(self):
        good = next(seed for seed in SEEDS
                    if 'do: rekey' not in chaos_file.text(chaos_case.generate(seed, 60000)))
        with tempfile.TemporaryDirectory() as folder:
            code, words = self.call(folder, seeds='%d-%d' % (good, good))
            self.assertFalse(os.path.exists(os.path.join(folder, 'out')))
            self.assertEqual(code, 0, words)
            code, words = self.call(folder, seed=good)
            self.assertEqual(code, 0, words)
            self.assertTrue(os.path.isfile(os.path.join(folder, 'out', 'seed-%d' % good,
                                                        'verdict.json')))

    def test_seeds_are_a_range(self):
        self.assertEqual(chaos.parse_seeds('3-7'), (3, 7))
        self.assertEqual(chaos.parse_seeds('3'), (3, 3))
        for wrong in ('7-3', '0-3', 'x', '1-', '-1', '1-2-3', ''):
            with self.assertRaises(Trouble):
                chaos.parse_seeds(wrong)

    def test_a_program_that_dies_has_failed(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'console.txt'), 'w', encoding='ascii') as file:
                file.write('oh no\n')
            for code, name in ((-6, 'signal 6'), (3, 'exit 3'), (None, 'took more than 600 s')):
                self.assertEqual(chaos.judge(code, folder, 1.0).names, [name])
            self.assertEqual(chaos.judge(0, folder, 1.0).names, ['verdict'])
            with open(os.path.join(folder, 'verdict.json'), 'w', encoding='ascii') as file:
                json.dump({'expectations': [{'id': 'a', 'verdict': 'unknown'},
                                            {'id': 'b', 'verdict': 'skipped'}]}, file)
            self.assertEqual(chaos.judge(2, folder, 1.0).names, ['a'])


if __name__ == '__main__':
    unittest.main()
