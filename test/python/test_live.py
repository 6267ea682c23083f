# SPDX-License-Identifier: GPL-2.0-only
"""The command line of karp-ospf-live, and its file of keys; the rest is in suite karp-interop."""

import os
import subprocess
import tempfile
import unittest

LIVE = os.path.join(os.environ.get('KARP_BUILD', 'build'), 'karp-ospf-live')
PLACE = ['--interface=no-such-one', '--address=10.0.0.2/24']


def call(*options):
    """Returns exit code and words of a call."""
    done = subprocess.run([LIVE] + list(options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


@unittest.skipUnless(os.path.exists(LIVE), 'karp-ospf-live was not built')
class CommandLine(unittest.TestCase):
    """What is wrong is said, and is found before an interface is looked for."""

    def refused(self, words, *options):
        """These options are wrong, which the program says with these words."""
        code, text = call(*options)
        self.assertEqual(code, 3, text)
        self.assertIn(words, text)

    def refused_keys(self, words, keys):
        """A file of keys is wrong."""
        with tempfile.NamedTemporaryFile('w', suffix='.yaml') as handle:
            handle.write(keys)
            handle.flush()
            self.refused(handle.name + words, *PLACE, '--auth=hmac-sha256', '--keys=' + handle.name)

    def test_help(self):
        """Every option and two examples are in the help."""
        code, text = call('--help')
        self.assertEqual(code, 0)
        for word in ('--interface=', '--far-interface=', '--keys=', 'Examples, as root:'):
            self.assertIn(word, text)

    def test_options(self):
        """Options that do not exist, or say what cannot be."""
        self.refused("unknown option '--adress' (did you mean 'address'?)", '--adress=10.0.0.1/24')
        self.refused("'eth0' is no option", 'eth0')
        self.refused('--hello needs a value', '--hello')
        self.refused("--hello: '0' is no whole number from 1 to 65535", *PLACE, '--hello=0')
        self.refused('--dead must be more than --hello', *PLACE, '--hello=40')
        self.refused("--address: '10.0.0.2' is no address with a length", '--address=10.0.0.2')
        self.refused("--address: '10.0.0.256/24'", '--address=10.0.0.256/24')
        self.refused("--address: '10.0.0.2/33'", '--address=10.0.0.2/33')
        self.refused("did you mean 'hmac-sha256'?", *PLACE, '--auth=hmac-sha-256')
        self.refused("--mac: 'x' is no MAC address", *PLACE, '--mac=x')
        self.refused("--routers: '121'", *PLACE, '--routers=121')
        self.refused("--topology: 'star' is none of", *PLACE, '--topology=star')
        self.refused('--inner must be a /16', *PLACE, '--inner=10.1.2.0')
        self.refused("--stop: 'soon'", *PLACE, '--stop=soon')
        self.refused("--verbose: 'yes' is neither true nor false", *PLACE, '--verbose=yes')
        self.refused('--interface and --address are needed', '--address=10.0.0.2/24')
        self.refused('--far-interface and --far-address go together', *PLACE, '--far-interface=x')

    def test_authentication(self):
        """Keys without an algorithm, an algorithm without keys, both kinds of keys."""
        self.refused('keys and --extended need --auth', *PLACE, '--key=secret')
        self.refused('--auth=keyed-md5 needs either --key or --keys', *PLACE, '--auth=keyed-md5')
        self.refused('needs either --key or --keys', *PLACE, '--auth=keyed-md5',
                     '--key=a', '--keys=b')
        self.refused('--extended is not for keyed-md5', *PLACE, '--auth=keyed-md5', '--key=a',
                     '--extended')

    def test_keys(self):
        """Each mistake in a file of keys is told with its line."""
        row = 'keys:\n  - {id: 1, algorithm: hmac-sha256, key: a}\n'
        self.refused_keys(":1: the file needs 'keys:'", 'rows: []\n')
        self.refused_keys(":3: a key has no 'sendstart' (did you mean 'send-start'?)",
                          row + '  - {id: 2, algorithm: hmac-sha256, key: b, sendstart: 1}\n')
        self.refused_keys(":3: '256' is not from 0 to 255",
                          row + '  - {id: 256, algorithm: hmac-sha256, key: b}\n')
        self.refused_keys(":3: unknown algorithm 'hmac-sha265' (did you mean 'hmac-sha256'?)",
                          row + '  - {id: 2, algorithm: hmac-sha265, key: b}\n')
        self.refused_keys(":3: a key needs a word for 'key'",
                          row + '  - {id: 2, algorithm: hmac-sha256}\n')
        self.refused_keys(":3: send-end: 'tomorrow' is no time",
                          row + '  - {id: 2, algorithm: hmac-sha256, key: b, send-end: tomorrow}\n')
        self.refused_keys(':3: this key cannot be used (inconsistent)',
                          row + '  - {id: 2, algorithm: hmac-sha256, key: b, '
                                'send-start: 20, send-end: 10}\n')
        self.refused_keys(":3: a key of this name ('key-1')",
                          row + '  - {id: 1, algorithm: hmac-sha1, key: b}\n')
        self.refused_keys(':2: a key is a map', 'keys:\n  - secret\n')
        self.refused('no-such-file', *PLACE, '--auth=hmac-sha256', '--keys=no-such-file')

    def test_right(self):
        """Nothing wrong but that there is no such interface, or no right to look for it."""
        with tempfile.NamedTemporaryFile('w', suffix='.yaml') as handle:
            handle.write("keys:\n"
                         "  - {id: 1, algorithm: hmac-sha256, key: '0x00ff', accept-end: +20}\n"
                         "  - id: 1\n    name: other\n    algorithm: hmac-sha1\n    key: b\n"
                         "    accept-start: '+10'\n    send-start: '2027-01-01 00:00:00'\n")
            handle.flush()
            code, text = call(*PLACE, '--auth=hmac-sha256', '--keys=' + handle.name)
        self.assertEqual(code, 1, text)
        self.assertRegex(text, "no interface 'no-such-one'|a packet socket cannot be opened")


if __name__ == '__main__':
    unittest.main()
