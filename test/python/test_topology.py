# SPDX-License-Identifier: GPL-2.0-only
"""Pictures of topologies."""

import os
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

import numpy as np  # noqa: E402

from karp import style, topology  # noqa: E402
from karp.console import Trouble  # noqa: E402


def graph(count, ends, lans=()):
    """A graph as karp-topology writes it, without places."""
    return {'name': 'x', 'nodes': [{'name': 'r%d' % i, 'label': ''} for i in range(count)],
            'links': [{'ends': list(pair), 'rate': 1e9, 'delay': 1e-3} for pair in ends],
            'lans': [{'nodes': list(nodes), 'rate': 1e9, 'delay': 1e-3} for nodes in lans]}


class TopologyTest(unittest.TestCase):

    def test_hops_go_over_links_and_lans(self):
        distance = topology.hops(graph(5, [(0, 1), (1, 2)], [(2, 3)]))
        self.assertEqual(distance[0, 3], 3)
        self.assertEqual(distance[0, 4], 4)  # another part: farther than any way

    def test_a_line_is_arranged_as_a_line(self):
        places = topology.arrange(graph(4, [(0, 1), (1, 2), (2, 3)]))
        steps = np.hypot(*np.diff(places, axis=0).T)
        np.testing.assert_allclose(steps, 1, atol=0.02)
        np.testing.assert_allclose(np.hypot(*(places[3] - places[0])), 3, atol=0.02)

    def test_twins_are_apart(self):
        places = topology.arrange(graph(5, [], [(0, 1, 2, 3, 4)]))
        apart = [np.hypot(*(places[i] - places[j])) for i in range(5) for j in range(i)]
        self.assertGreater(min(apart), 0.5)

    def test_places_are_those_of_the_earth_if_all_are_known(self):
        map_ = graph(2, [(0, 1)])
        self.assertFalse(topology.positions(map_)[1])
        for i, node in enumerate(map_['nodes']):
            node.update(latitude=40 + i, longitude=-70 - i, estimated=i == 1)
        places, earth = topology.positions(map_)
        self.assertTrue(earth)
        self.assertEqual(places[1].tolist(), [-71, 41])

    def test_every_link_and_lan_is_drawn_once(self):
        with style.context():
            axis = topology.draw(graph(4, [(0, 1), (1, 2)], [(1, 2, 3)])).axes[0]
        self.assertEqual(len(axis.lines), 2 + 3 + 1)
        self.assertEqual([text.get_text() for text in axis.texts], ['r0', 'r1', 'r2', 'r3'])

    def test_other_kinds_of_pictures_are_refused(self):
        with self.assertRaises(Trouble), tempfile.TemporaryDirectory() as folder:
            topology.run('/no/such', 'grid:2x2', [], os.path.join(folder, 'a.gif'))


if __name__ == '__main__':
    unittest.main()
