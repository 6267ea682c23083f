# SPDX-License-Identifier: GPL-2.0-only
"""Simulated routers and real daemons on one link: suite karp-interop.

All stories of worlds.py are played at once, because most of their time is waiting. A test that
finds no daemon, or cannot make namespaces, is skipped and says why."""

import concurrent.futures
import os
import re
import shutil
import unittest

import lab
import worlds
from worlds import EXTERNAL, FAR_LAN, LIVE, NEAR, NEAR_LAN, ROLLOVERS

POOL = concurrent.futures.ThreadPoolExecutor(24)
WORLDS = {}


def cost_of(line):
    """Returns the cost in a line of karp-ospf-live's routing table."""
    return int(re.search(r' cost (\d+)', line)[1])


def setUpModule():
    """Begins every world that can be made here."""
    why = lab.wanting()
    if why:
        WORLDS['none'] = why
        return
    try:
        os.setpriority(os.PRIO_PROCESS, 0, lab.NICE)  # keys and replays come at their times
    except PermissionError:
        pass
    bird = shutil.which('bird') and shutil.which('birdc') and shutil.which('ping')
    frr = os.path.exists(os.path.join(lab.FRR, 'ospfd')) and shutil.which('vtysh') and bird
    for name, settings in worlds.ORDINARY.items():
        if bird if name.startswith('bird') else frr:
            WORLDS[name] = POOL.submit(worlds.ordinary, **settings)
    WORLDS['extended'] = POOL.submit(worlds.extended)
    if bird:
        WORLDS['restart'] = POOL.submit(worlds.restart)
        WORLDS['rollover'] = POOL.submit(worlds.rollover)
        WORLDS['replay'] = POOL.submit(worlds.replay)


def tearDownModule():
    """Waits for what no test has asked for."""
    POOL.shutdown()


class Control(unittest.TestCase):
    """What is asked of tshark can be answered in the negative."""

    def test_damage(self):
        """A packet with one octet changed is a fault: of IP, of OSPF, of OSPF's length."""
        if 'none' in WORLDS:
            self.skipTest(WORLDS['none'])
        if 'bird none' not in WORLDS or not shutil.which('mergecap'):
            self.skipTest('no captures here (Debian packages: bird2, tshark)')
        seen = WORLDS['bird none'].result()
        self.assertEqual(seen['damaged'], {'whole': 0, 'ip': 1, 'ospf': 1, 'length': 1})


class Interop(unittest.TestCase):
    """What the worlds came to."""

    def world(self, name):
        """Returns what was seen in a world; skips the test if its daemon is not here."""
        if 'none' in WORLDS:
            self.skipTest(WORLDS['none'])
        if name not in WORLDS:
            self.skipTest('no daemon for it here (Debian packages: bird2, frr, iputils-ping)')
        return WORLDS[name].result()

    def clean(self, seen):
        """The captures of a world please tshark."""
        if seen['faults'] is not None:
            self.assertEqual(seen['faults'], [])
            self.assertGreater(seen['packets'], 50)

    def ordinary(self, name):
        """Both sides have the same networks at costs that go together, and packets get through."""
        seen = self.world(name)
        self.assertEqual(seen['code'], 0)
        self.assertEqual(seen['states'][-1], 'Full')
        self.assertNotIn('Down', seen['states'])
        self.assertEqual(set(seen['near']), set(seen['live']))
        for network, line in seen['live'].items():
            ours = cost_of(line)
            if network.startswith('10.1.'):
                self.assertEqual((seen['near'][network], ours), (10, 10))
            elif network == NEAR_LAN:
                self.assertEqual((seen['near'][network], ours), (10, 20))
            else:
                self.assertEqual(seen['near'][network], ours + 10, network)
        for what, answers in seen['pings'].items():
            self.assertGreaterEqual(answers, 4, 'ping ' + what)
        self.assertEqual(seen.get('ping without', 0), 0)
        # What a real neighbour says too early is refused, and said again; nothing else is.
        self.assertLessEqual(seen['refused'], {'unexpected_event', 'lsa_too_soon'})
        self.clean(seen)
        return seen

    def same_database(self, seen):
        """BIRD holds the same instances of the same LSAs."""
        self.assertGreater(len(seen['database']), 2)
        self.assertEqual(seen['database'], seen['own database'])

    def test_bird_without_authentication(self):
        """BIRD, point-to-point, AuType 0: the checksums of OSPF itself are looked at."""
        self.same_database(self.ordinary('bird none'))

    def test_bird_keyed_md5(self):
        """BIRD, broadcast, Keyed-MD5."""
        self.same_database(self.ordinary('bird keyed-md5'))

    def test_bird_hmac_sha1(self):
        """BIRD, broadcast, HMAC-SHA-1; r0 is an area border router, and there is an ASBR behind."""
        seen = self.ordinary('bird hmac-sha1')
        self.same_database(seen)
        self.assertEqual({lsa[0] for lsa in seen['database']},
                         {'0001', '0002', '0003', '0004', '0005'})
        self.assertIn(EXTERNAL, seen['near'])

    def test_bird_hmac_sha256(self):
        """BIRD on both sides of the simulated network, broadcast, HMAC-SHA-256."""
        seen = self.ordinary('bird hmac-sha256')
        self.same_database(seen)
        self.assertIn(FAR_LAN, seen['near'])
        self.assertIn('through', seen['pings'])

    def test_bird_hmac_sha384(self):
        """BIRD is Designated Router, as we do not want to be, and master of the exchange, as it has
        the higher Router ID; HMAC-SHA-384."""
        self.same_database(self.ordinary('bird hmac-sha384'))

    def test_bird_hmac_sha512(self):
        """We are Designated Router; HMAC-SHA-512; nine routers in a grid."""
        self.same_database(self.ordinary('bird hmac-sha512'))

    def test_bird_area_border(self):
        """BIRD is area border router, we are all in its area 0.0.0.7."""
        seen = self.ordinary('bird area')
        self.same_database(seen)
        self.assertIn('inter-area', seen['live'][NEAR_LAN])

    def test_restart(self):
        """Many routes come and go, either side is killed and starts again: always the same
        networks, in the end the same database; BIRD never finds a number too low."""
        seen = self.world('restart')
        self.assertEqual(seen['steps'], ['many', 'few', 'again at once', 'BIRD again'])
        self.assertEqual(seen['refused by bird'], [])
        self.assertEqual(seen['code'], 0)
        self.same_database(seen)
        self.clean(seen)

    def test_frr_broadcast(self):
        """FRR here, BIRD there, broadcast, Keyed-MD5."""
        seen = self.ordinary('frr broadcast')
        self.assertIn(FAR_LAN, seen['near'])
        self.assertIn('through', seen['pings'])

    def test_frr_point_to_point(self):
        """FRR, point-to-point, Keyed-MD5; other areas and an AS external route behind."""
        self.assertIn(EXTERNAL, self.ordinary('frr point-to-point')['near'])

    def test_extended(self):
        """Two simulations with AuType 3 on a real link; one is killed and starts again, with a
        higher boot count."""
        seen = self.world('extended')
        self.assertEqual([line for line in seen['later'] if 'sequence' in line or '-> Down' in line],
                         [])
        self.assertEqual(seen['codes'], [0, 0])
        self.assertEqual(seen['types'], {'3'})
        self.same_database(seen)

    def test_rollover(self):
        """Ten times another key and algorithm: nobody leaves Full, and every key was used."""
        seen = self.world('rollover')
        self.assertEqual(seen['bird'], [])
        self.assertEqual(seen['live'], [], seen['lines'])
        self.assertTrue(seen['full'])
        self.assertGreaterEqual(seen['reloads'], ROLLOVERS)
        self.assertEqual([line for line in seen['lines'] if 'refused from' in line
                          and 'auth' in line], [])
        if 'ids' in seen:
            wanted = [10 + i for i in range(ROLLOVERS + 1)]
            self.assertEqual(seen['ids'], {NEAR: wanted, LIVE: wanted})
        self.clean(seen)

    def test_replay(self):
        """An old Hello: refused while its router lives, believed when it is gone, refused after a
        rekey; BIRD and the simulation do the same with the same frames."""
        seen = self.world('replay')
        self.assertEqual(seen['living'][0], 1)
        self.assertEqual(len(seen['living'][1]), 1)
        self.assertEqual(seen['back'], (True, True))
        self.assertEqual(seen['after rekey'], (False, False))
        self.assertEqual(len(seen['refused']), 2, seen['refused'])
        self.assertEqual(len(seen['bird refused']), 2)
        self.assertTrue(seen['full'])
        self.assertEqual(seen['code'], 0)
        self.clean(seen)


if __name__ == '__main__':
    unittest.main()
