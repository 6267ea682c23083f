# SPDX-License-Identifier: GPL-2.0-only
"""Values of a scenario: units, variables, arithmetic; and nothing else."""

import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'analysis'))

from karp.expressions import (ExpressionError, evaluate, is_time, same_value,  # noqa: E402
                              variables_in)


class ExpressionTest(unittest.TestCase):

    def test_units(self):
        for text, value in [('250ms', 0.25), ('1s', 1), ('2min', 120), ('1h', 3600), ('5us', 5e-6),
                            ('7ns', 7e-9), ('5%', 0.05), ('1000/s', 1000), ('10Mbps', 1e7),
                            ('0.05', 0.05), ('1e3', 1000), ('.5s', 0.5)]:
            self.assertAlmostEqual(evaluate(text), value, places=15, msg=text)

    def test_arithmetic_binds_as_usual(self):
        for text, value in [('1 + 2 * 3', 7), ('(1 + 2) * 3', 9), ('8 / 4 / 2', 1),
                            ('2 - 3 - 4', -5), ('-2 * -3', 6),
                            ('ceil(10 / (1 + floor(30s / 4s)))', 2),
                            ('3.61 * 250ms + 1s', 1.9025)]:
            self.assertAlmostEqual(evaluate(text), value, msg=text)

    def test_variables_are_scenario_values_themselves(self):
        self.assertAlmostEqual(evaluate('2.6 * $adv', {'adv': '250ms'}), 0.65)
        self.assertAlmostEqual(evaluate('$a + 1', {'a': '2 * $b', 'b': '3'}), 7)
        # 2 * $x with x = 1 + 1 is four, not three: a value is not pasted as text.
        self.assertEqual(evaluate('2 * $x', {'x': '1 + 1'}), 4)
        self.assertEqual(variables_in('2 * $adv + $N - $adv'), ['adv', 'N'])

    def test_wrong_ones_are_refused(self):
        for text in ['', '  ', '1 +', '(1', '1)', '1 / 0', '2 parsecs', '3 s', '__import__("os")',
                     '1 if 1 else 2', 'abs(1)', '$', 'ceil 3', '1;2', '2**3', '1:30', 's', 'nan',
                     '1e999', '9' * 2000, '(' * 500 + '1' + ')' * 500, '-' * 500 + '1', '1..2',
                     '[1]', "'1'"]:
            with self.assertRaises(ExpressionError, msg=text):
                evaluate(text)

    def test_variables_without_a_number_are_refused(self):
        for variables in [{}, {'x': 'lkh2'}, {'x': '$x'}, {'x': '$y', 'y': '$x'}, {'x': ''}]:
            with self.assertRaises(ExpressionError, msg=variables):
                evaluate('$x', variables)

    def test_sameness_is_of_values_not_of_spelling(self):
        self.assertTrue(same_value('0', '0.0'))
        self.assertTrue(same_value('1s', '1000ms'))
        self.assertTrue(same_value('5%', '0.05'))
        self.assertTrue(same_value('flat', 'flat'))
        self.assertFalse(same_value('flat', 'lkh2'))
        self.assertFalse(same_value('0', '0.05'))

    def test_times(self):
        self.assertTrue(is_time('250ms'))
        self.assertFalse(is_time('0.05'))
        self.assertFalse(is_time('1s + 1s'))


if __name__ == '__main__':
    unittest.main()
