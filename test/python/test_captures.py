# SPDX-License-Identifier: GPL-2.0-only
"""What an unmodified tshark says of what simulations capture: every scenario, run once."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test', 'interop'))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

import capture  # noqa: E402
from karp import paths  # noqa: E402

PROGRAM = paths.program('karp-scenario')
SMALLER = {'lan-50': ['--set=N=10']}  # whose packets are the same ones, only more of them
CHANGED = '''karp: 1
name: changed
run: {stop: 120s}
topology: {lan: {id: lan0, nodes: 3}}
groups: [{name: g0, segment: lan0, priority: {r0: 200, default: 100}}]
credentials: {type: psk, outsiders: [mallory]}
routing: {protocol: ospfv2, hello: 2s, auth: hmac-sha256}
protocol: {kmp: mrkmp, advert: 2s, update: 5s, lead: 5s, overlap: 5s}
timeline:
  - {at: 30s, do: attack, kind: modify, id: bits, for: 80s, match: {to: r2}, probability: 0.5}
expect: []
'''


def simulate(scenario, folder, *options):
    """Runs a scenario once into a folder."""
    subprocess.run([PROGRAM, '--scenario=' + scenario, '--out=' + folder] + list(options),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def packets(folder):
    """Returns what tshark says of each packet captured there."""
    merged = os.path.join(folder, 'all.pcapng')
    subprocess.run(['mergecap', '-w', merged] + sorted(glob.glob(os.path.join(folder, '*.pcap'))),
                   stderr=subprocess.DEVNULL, check=True)
    return capture.look(merged)


@unittest.skipUnless(os.path.exists(PROGRAM), 'karp-scenario was not built')
@unittest.skipUnless(shutil.which('tshark') and shutil.which('mergecap'), 'there is no tshark here')
class Captures(unittest.TestCase):
    """Input: captures of simulations. Output: no malformed packet, no wrong checksum."""

    def test_every_scenario(self):
        """Of each: nothing that tshark dislikes; of all together: each packet of OSPF and of IKE."""
        kinds = set()
        scenarios = sorted(glob.glob(os.path.join(ROOT, 'scenarios', '*.yaml')))
        self.assertGreater(len(scenarios), 20)
        for scenario in scenarios:
            name = os.path.splitext(os.path.basename(scenario))[0]
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                simulate(scenario, folder, '--pcap', '--trace=false', *SMALLER.get(name, []))
                found = packets(folder)
                self.assertGreater(len(found), 20)
                self.assertEqual([packet for packet in found if capture.is_fault(packet)], [])
                for packet in found:
                    kinds.update(re.findall(r'Message Type: (\w+ ?\w*)|Exchange type: (\w+)', packet))
        words = {word for pair in kinds for word in pair if word}
        self.assertLessEqual({'Hello Packet', 'DB Description', 'LS Request', 'LS Update',
                              'LS Acknowledge', 'IKE_SA_INIT', 'IKE_AUTH'}, words)

    def test_a_changed_octet_is_seen(self):
        """IP's header, a message of key management: tshark can answer in the negative."""
        with tempfile.TemporaryDirectory() as folder:
            simulate(os.path.join(ROOT, 'scenarios', 'takeover-time.yaml'), folder, '--pcap')
            path = os.path.join(folder, 'lan0.pcap')
            with open(path, 'rb') as handle:
                octets = bytearray(handle.read())
            start = 24 + 16 + 14  # of the first packet's IP header
            self.assertEqual(octets[start + 9], 17, 'UDP')
            for offset in (8, 20 + 8 + 16):
                changed = bytearray(octets)
                changed[start + offset] ^= 0x40
                with open(path, 'wb') as handle:
                    handle.write(changed)
                faults = [packet for packet in packets(folder) if capture.is_fault(packet)]
                self.assertEqual(len(faults), 1, offset)

    def test_an_attack_goes_the_same_way_with_and_without_captures(self):
        """Captures have checksums; who changes a message makes them right, and gets no further."""
        traces = []
        for options in ([], ['--pcap']):
            with tempfile.TemporaryDirectory() as folder:
                scenario = os.path.join(folder, 'changed.yaml')
                with open(scenario, 'w', encoding='ascii') as handle:
                    handle.write(CHANGED)
                simulate(scenario, folder, *options)
                with open(os.path.join(folder, 'trace.jsonl'), encoding='ascii') as handle:
                    traces.append(handle.read())
                if options:
                    bad = [packet for packet in packets(folder)
                           if re.search('status: Bad|Checksum.*should be', packet)]
        self.assertEqual(traces[0], traces[1])
        self.assertGreater(traces[0].count('"reason":"bad_icv"'), 20)
        self.assertEqual(bad, [])
