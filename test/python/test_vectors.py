# SPDX-License-Identifier: GPL-2.0-only
"""The vectors that are our own, computed again by another implementation of HMAC."""

import csv
import hashlib
import hmac
import ipaddress
import os
import unittest

VECTORS = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), 'vectors')
PROTOCOL_ID = bytes([0, 3])  # IANA: OSPFv2
APAD = bytes.fromhex('878fe1f3')


def digest(algorithm, key, source, covered):
    """Returns the digest of RFC 7474 sections 5 and 6, from their words."""
    size = hashlib.new(algorithm).digest_size
    specific = key + PROTOCOL_ID
    if len(specific) > size:
        specific = hashlib.new(algorithm, specific).digest()
    apad = source.packed + APAD * ((size - 4) // 4)
    return hmac.new(specific.ljust(size, b'\0'), covered + apad, algorithm).digest()


class Rfc7474Test(unittest.TestCase):
    """ospf_rfc7474_vectors.csv."""

    def test_digests(self):
        """Each packet: its fields where section 3 has them, and its digest."""
        path = os.path.join(VECTORS, 'ospf', 'ospf_rfc7474_vectors.csv')
        with open(path, encoding='ascii', newline='') as handle:
            rows = list(csv.DictReader(handle))
        self.assertEqual(len(rows), 37)
        for row in rows:
            packet = bytes.fromhex(row['packet_hex'])
            trailer = bytes.fromhex(row['trailer_hex'])
            self.assertEqual(packet[14:19], bytes([0, 3, 0, 0, 0]), 'AuType and zeros')
            self.assertEqual(packet[19], len(trailer), 'Auth Data Length')
            self.assertEqual(int.from_bytes(packet[20:24], 'big'), int(row['keyid']), 'Key ID')
            self.assertEqual(int.from_bytes(trailer[:8], 'big'), int(row['seq']))
            expected = digest(row['alg'].split()[1], bytes.fromhex(row['key_hex']),
                              ipaddress.IPv4Address(row['src_ip']), packet + trailer[:8])
            self.assertEqual(trailer[8:].hex(), expected.hex(), row['key_hex'])


if __name__ == '__main__':
    unittest.main()
