# SPDX-License-Identifier: GPL-2.0-only
"""The checks of the source tree, on small trees with and without a fault: each can fail."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

TESTS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SPDX = '// SPDX-License-Identifier: GPL-2.0-only\n'


class TreeTestCase(unittest.TestCase):
    """A folder of files and a check that looks at it."""

    check = None  # name of the script

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='karp-tree-')
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text):
        """Puts a file into the tree."""
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as handle:
            handle.write(text)

    def run_check(self):
        """Returns the exit code and what the check printed."""
        done = subprocess.run([sys.executable, os.path.join(TESTS, self.check + '.py'), self.root],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        return done.returncode, done.stdout

    def assert_holds(self):
        """The tree is in order."""
        code, words = self.run_check()
        self.assertEqual(code, 0, words)

    def assert_faulty(self, *words):
        """The check fails and says these words."""
        code, printed = self.run_check()
        self.assertEqual(code, 1, printed)
        for word in words:
            self.assertIn(word, printed)


class LayersTest(TreeTestCase):
    check = 'check-layers'

    def setUp(self):
        super().setUp()
        for room in ('base', 'wire', 'crypto', 'keys', 'kmp', 'routing', 'app'):
            self.write('model/%s/karp-%s-x.h' % (room, room), SPDX)
        self.write('helper/karp-helper-x.h', SPDX)

    def includes(self, name, line):
        """Gives a file one include line."""
        self.write(name, SPDX + line + '\n')

    def test_arrows_down_hold(self):
        self.includes('model/kmp/karp-a.cc', '#include "karp-kmp-x.h"\n#include "ns3/karp-keys-x.h"')
        self.includes('model/app/karp-b.cc', '#include "ns3/node.h"\n#include "ns3/karp-kmp-x.h"')
        self.includes('helper/karp-c.cc', '#include "ns3/karp-app-x.h"\n#include <yaml-cpp/yaml.h>')
        self.includes('model/crypto/karp-d.cc', '#include <openssl/evp.h>')
        self.assert_holds()

    def test_kmp_and_routing_never_meet(self):
        self.includes('model/kmp/karp-a.cc', '#include "ns3/karp-routing-x.h"')
        self.assert_faulty('karp-a.cc:2', 'kmp/ may not know routing/')
        self.includes('model/kmp/karp-a.cc', '')
        self.includes('model/routing/karp-b.cc', '#include "ns3/karp-kmp-x.h"')
        self.assert_faulty('routing/ may not know kmp/')

    def test_no_ns3_below_app(self):
        for line in ('#include "ns3/packet.h"', '#include <ns3/packet.h>', '#  include "ns3/log.h"'):
            self.includes('model/routing/karp-a.cc', line)
            self.assert_faulty('may not know ns-3')

    def test_arrows_up_fail(self):
        for room, target in (('base', 'wire'), ('wire', 'crypto'), ('keys', 'crypto'),
                             ('crypto', 'wire'), ('routing', 'app')):
            name = 'model/%s/karp-a.cc' % room
            self.includes(name, '#include "ns3/karp-%s-x.h"' % target)
            self.assert_faulty('%s/ may not know %s/' % (room, target))
            os.remove(os.path.join(self.root, name))

    def test_path_in_front_fails(self):
        self.includes('model/kmp/karp-a.cc', '#include "../routing/karp-routing-x.h"')
        self.assert_faulty('is included as "ns3/karp-routing-x.h"')

    def test_header_of_another_folder_without_ns3_fails(self):
        self.includes('model/kmp/karp-a.cc', '#include "karp-routing-x.h"')
        self.assert_faulty('is included as "ns3/karp-routing-x.h"')

    def test_two_headers_of_one_name_fail(self):
        self.write('model/keys/karp-wire-x.h', SPDX)
        self.assert_faulty('another folder has a header of this name')

    def test_name_without_karp_fails(self):
        self.write('model/keys/table.h', SPDX)
        self.assert_faulty('begin with karp-')

    def test_libraries_stay_in_their_rooms(self):
        self.includes('model/kmp/karp-a.cc', '#include <openssl/evp.h>')
        self.assert_faulty('only crypto/ knows OpenSSL')
        self.includes('model/kmp/karp-a.cc', '#include <yaml-cpp/yaml.h>')
        self.assert_faulty('only helper/ knows yaml-cpp')

    def test_fuzz_entries_know_no_ns3(self):
        self.includes('test/fuzz/karp-f.cc', '#include "ns3/karp-app-x.h"')
        self.assert_faulty('fuzz/ may not know app/')

    def test_empty_tree_fails(self):
        shutil.rmtree(os.path.join(self.root, 'model'))
        shutil.rmtree(os.path.join(self.root, 'helper'))
        self.assert_faulty('nothing to look at')


class SourcesTest(TreeTestCase):
    check = 'check-sources'

    def setUp(self):
        super().setUp()
        self.write('model/keys/karp-a.cc', SPDX)
        self.write('model/keys/karp-a.h', SPDX)
        self.write('examples/karp-p.cc', SPDX)
        self.write('examples/karp-q.cc', SPDX)
        self.list_sources('model/keys/karp-a.cc')

    def list_sources(self, library):
        """Writes sources.txt with these lines as [library]."""
        self.write('sources.txt', '# a list\n[library]\n%s\n\n[headers]\nmodel/keys/karp-a.h\n'
                                  '[programs]\nexamples/karp-p.cc examples/karp-q.cc\n' % library)

    def test_complete_list_holds(self):
        self.assert_holds()

    def test_unlisted_file_fails(self):
        self.write('helper/karp-new.cc', SPDX)
        self.assert_faulty('helper/karp-new.cc: is not listed')

    def test_listed_and_missing_fails(self):
        self.list_sources('model/keys/karp-a.cc\nmodel/keys/karp-gone.cc')
        self.assert_faulty('karp-gone.cc does not exist')

    def test_wrong_section_fails(self):
        self.write('test/karp-t.cc', SPDX)
        self.list_sources('model/keys/karp-a.cc\ntest/karp-t.cc')
        self.assert_faulty('under [library], not [test]')

    def test_order_and_doubles_fail(self):
        self.write('model/base/karp-b.cc', SPDX)
        self.list_sources('model/keys/karp-a.cc\nmodel/base/karp-b.cc\nmodel/keys/karp-a.cc')
        self.assert_faulty('not in alphabetical order', 'listed twice')


@unittest.skipUnless(shutil.which('clang-format'), 'clang-format is not installed')
class FormatTest(TreeTestCase):
    check = 'check-format'

    def setUp(self):
        super().setUp()
        shutil.copy(os.path.join(os.path.dirname(TESTS), '.clang-format'), self.root)
        self.write('model/base/karp-a.cc', SPDX + 'int\nMain()\n{\n    return 0;\n}\n')

    def test_tidy_tree_holds(self):
        self.assert_holds()

    def test_unformatted_code_fails(self):
        self.write('model/base/karp-b.cc', SPDX + 'int Main() { return 0; }\n')
        self.assert_faulty('karp-b.cc:2: not as clang-format')

    def test_foreign_letters_fail(self):
        self.write('doc/a.md', 'caf\u00e9\n')
        self.assert_faulty('doc/a.md:1: not ASCII')

    def test_long_files_fail(self):
        self.write('model/base/karp-b.h', SPDX + '// x\n' * 300)
        self.assert_faulty('karp-b.h: 301 lines, more than 300')
        os.remove(os.path.join(self.root, 'model/base/karp-b.h'))
        self.write('analysis/b.py', '# SPDX-License-Identifier: GPL-2.0-only\n' + '# x\n' * 600)
        self.assert_faulty('b.py: 601 lines, more than 600')

    def test_long_functions_fail(self):
        body = '    Call();\n' * 71
        self.write('model/base/karp-b.cc', SPDX + 'void\nLong(int a)\n{\n%s}\n' % body)
        self.assert_faulty('karp-b.cc:4: a function of 71 lines')
        self.write('model/base/karp-b.cc',
                   SPDX + 'namespace a\n{\n%s} // namespace a\n' % ('int b;\n' * 71))
        self.assert_holds()
        self.write('analysis/b.py', '# SPDX-License-Identifier: GPL-2.0-only\n\n\ndef long():\n'
                   + '    call()\n' * 71)
        self.assert_faulty('b.py:4: a function of 71 lines')

    def test_promises_fail(self):
        for word in ('TO' 'DO', 'FIX' 'ME', 'not implem' 'ented'):
            self.write('model/base/karp-b.cc', SPDX + '// %s: more\n' % word)
            self.assert_faulty('karp-b.cc:2: a promise')

    def test_missing_licence_fails(self):
        self.write('analysis/b.py', 'pass\n')
        self.assert_faulty('b.py: no line SPDX')

    def test_tabs_blanks_and_missing_end_fail(self):
        self.write('scenarios/a.yaml', 'a:\tb\nc: \nd: e')
        self.assert_faulty('a.yaml:1: a tab', 'a.yaml:2: blanks', 'a.yaml: no newline')


class TraceabilityTest(TreeTestCase):
    check = 'check-traceability'

    OWED = ('K1 K2 K3 K4 K7 K11 E1 E2 E3 E4 E5 E6 E7 E8 E10 E13 J1 J2 J3 J4 J5 J7 J12 '
            'G1 G2 G3 G4 G5 R1 R2 R3').split()

    def setUp(self):
        super().setUp()
        self.write('test/karp-t.cc', SPDX + 'TestSuite("karp-kmp", UNIT)\nclass JoinTakesTwo\n')
        self.write('scenarios/a.yaml', 'karp: 1\n')

    def rows(self, **changes):
        """Writes the page: every row owed is covered by the suite, but for the changes."""
        lines = ['| row | statement | status | shown by |', '|---|---|---|---|']
        for row in dict.fromkeys(self.OWED + list(changes)):
            status, evidence = changes.get(row, ('covered', '`karp-kmp`'))
            if status is not None:
                lines.append('| %s | says so | %s | %s |' % (row, status, evidence))
        self.write('doc/traceability.md', '\n'.join(lines) + '\n')

    def test_what_is_owed_is_covered(self):
        self.rows(E9=('open', ''), K1=('covered', '`karp-kmp: JoinTakesTwo`, `scenarios/a.yaml`'))
        self.assert_holds()

    def test_missing_page_fails(self):
        self.assert_faulty('does not exist')

    def test_missing_row_fails(self):
        self.rows(K7=(None, ''))
        self.assert_faulty('K7 is not covered')

    def test_owed_row_that_is_open_fails(self):
        self.rows(K7=('partial', '`karp-kmp`'))
        self.assert_faulty('K7 is not covered')

    def test_unknown_suite_case_or_file_fails(self):
        self.rows(K1=('covered', '`karp-none`'), K2=('covered', '`karp-kmp: NoSuchCase`'),
                  E9=('partial', '`scenarios/b.yaml`'))
        self.assert_faulty('no file `karp-none`', '`karp-kmp` has no `NoSuchCase`',
                           'no file `scenarios/b.yaml`', 'K1 is not covered', 'K2 is not covered')

    def test_row_without_evidence_or_status_fails(self):
        self.rows(K1=('covered', 'trust us'), K2=('done', '`karp-kmp`'))
        self.assert_faulty('nothing shows it', 'has no status')


class SeededDefectsTest(unittest.TestCase):

    def test_every_defect_has_a_place(self):
        name = os.path.join(TESTS, 'seeded-defects.py')
        spec = importlib.util.spec_from_file_location('seeded_defects', name)
        module = importlib.util.module_from_spec(spec)
        with mock.patch.object(sys, 'path', [TESTS] + sys.path):
            spec.loader.exec_module(module)
        self.assertEqual(len(module.DEFECTS), 16)
        for defect, path, text, replacement, _ in module.DEFECTS:
            with open(os.path.join(os.path.dirname(TESTS), path), encoding='ascii') as handle:
                self.assertEqual(handle.read().count(text), 1, defect)
            self.assertNotEqual(text, replacement, defect)


class ReadmeTest(TreeTestCase):
    check = 'check-readme'

    def test_commands_are_run_and_markers_obeyed(self):
        self.write('README.md', '```sh\ntouch one  # a remark\ntouch \\\n  two\n```\n'
                                '<!-- not run: why -->\n```sh\ntouch three\n```\n'
                                '<!-- run instead: touch four -->\n\n```sh\ntouch five\n```\n'
                                '```\ntouch six\n```\n')
        code, words = self.run_check()
        self.assertEqual(code, 0, words)
        made = {name for name in os.listdir(self.root) if name != 'README.md'}
        self.assertEqual(made, {'one', 'two', 'four'})
        self.assertTrue(words.endswith('3 passed, 0 failed\n'), words)

    def test_command_that_fails_is_counted(self):
        self.write('README.md', '```sh\ntrue\nfalse\n```\n')
        self.assert_faulty('FAIL README.md:3: false', '1 passed, 1 failed')

    def test_page_without_commands_fails(self):
        self.write('README.md', 'Nothing to see.\n')
        self.assert_faulty('0 passed, 0 failed')


if __name__ == '__main__':
    unittest.main()
