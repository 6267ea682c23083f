# SPDX-License-Identifier: GPL-2.0-only
"""Numbers as a scenario writes them: units, variables and four operations.

A value is a number with an optional unit (``250ms``, ``2min``, ``5%``, ``10Mbps``), a variable
(``$adv``), or an expression of these with ``+ - * /``, parentheses, ``ceil`` and ``floor``. Times
become seconds, rates bits per second (``1000/s`` is 1000), percentages fractions. There is no
other syntax and nothing is ever handed to the Python interpreter.
"""

from __future__ import annotations

import math
import re
from typing import Mapping

UNITS: dict[str, float] = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0,
    "bps": 1.0, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9,
}
FUNCTIONS = {"ceil": math.ceil, "floor": math.floor}

MAX_LENGTH = 1000  # characters of one expression
MAX_DEPTH = 40     # of parentheses, signs and variables that name variables

_TOKEN = re.compile(r"""\s*(?:
    (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<variable>\$[A-Za-z_][A-Za-z0-9_]*)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<sign>[-+*/()%]))""", re.VERBOSE)
VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


class ExpressionError(ValueError):
    """The text is not an expression, or it has no value."""


class _Parser:
    """Recursive descent over the tokens; computes as it reads."""

    def __init__(self, text: str, variables: Mapping[str, str], depth: int) -> None:
        self.text = text
        self.variables = variables
        self.depth = depth
        self.tokens = self._split(text)
        self.position = 0

    def _split(self, text: str) -> list[tuple[str, str, bool]]:
        """Tokens as (kind, text, whether it touches the token before)."""
        if len(text) > MAX_LENGTH:
            raise ExpressionError(f"expression of {len(text)} characters is too long")
        tokens = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                rest = text[at:].strip()
                raise ExpressionError(f"cannot read '{rest[:20]}' in '{text}'")
            kind = str(match.lastgroup)
            tokens.append((kind, match.group(kind), match.start(kind) == at and at > 0))
            at = match.end()
        return tokens

    def _peek(self) -> tuple[str, str, bool]:
        if self.position < len(self.tokens):
            return self.tokens[self.position]
        return ("end", "", False)

    def _take(self, text: str) -> bool:
        if self._peek()[0] == "sign" and self._peek()[1] == text:
            self.position += 1
            return True
        return False

    def value(self) -> float:
        """The value of the whole text."""
        if not self.tokens:
            raise ExpressionError("empty expression")
        result = self._sum()
        if self._peek()[0] != "end":
            raise ExpressionError(f"unexpected '{self._peek()[1]}' in '{self.text}'")
        if not math.isfinite(result):
            raise ExpressionError(f"'{self.text}' is not finite")
        return result

    def _sum(self) -> float:
        result = self._product()
        while True:
            if self._take("+"):
                result += self._product()
            elif self._take("-"):
                result -= self._product()
            else:
                return result

    def _product(self) -> float:
        result = self._signed()
        while True:
            if self._take("*"):
                result *= self._signed()
            elif self._take("/"):
                divisor = self._divisor()
                if divisor == 0:
                    raise ExpressionError(f"division by zero in '{self.text}'")
                result /= divisor
            else:
                return result

    def _divisor(self) -> float:
        """What may follow a slash: a bare unit as well, as in ``1000/s``."""
        kind, text, _ = self._peek()
        if kind == "name" and text in UNITS:
            self.position += 1
            return UNITS[text]
        return self._signed()

    def _signed(self) -> float:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"'{self.text[:40]}' is nested too deeply")
        try:
            if self._take("-"):
                return -self._signed()
            if self._take("+"):
                return self._signed()
            return self._primary()
        finally:
            self.depth -= 1

    def _primary(self) -> float:
        kind, text, _ = self._peek()
        if self._take("("):
            return self._closing(self._sum())
        if kind == "number":
            self.position += 1
            return float(text) * self._unit()
        if kind == "variable":
            self.position += 1
            return self._variable(text[1:])
        if kind == "name" and text in FUNCTIONS:
            self.position += 1
            if not self._take("("):
                raise ExpressionError(f"'(' must follow {text} in '{self.text}'")
            return float(FUNCTIONS[text](self._closing(self._sum())))
        raise ExpressionError(f"number expected, not '{text or 'the end'}', in '{self.text}'")

    def _closing(self, value: float) -> float:
        if not self._take(")"):
            raise ExpressionError(f"')' missing in '{self.text}'")
        return value

    def _unit(self) -> float:
        kind, text, touches = self._peek()
        if kind == "sign" and text == "%":
            self.position += 1
            return 0.01
        if kind != "name":
            return 1.0
        if text not in UNITS or not touches:
            raise ExpressionError(f"unknown unit '{text}' in '{self.text}' "
                                  f"(known: {', '.join(UNITS)}, %)")
        self.position += 1
        return UNITS[text]

    def _variable(self, name: str) -> float:
        if name not in self.variables:
            raise ExpressionError(f"variable ${name} in '{self.text}' has no value")
        if self.depth >= MAX_DEPTH:
            raise ExpressionError(f"'{self.text[:40]}' is nested too deeply")
        return _Parser(str(self.variables[name]), self.variables, self.depth + 1).value()


def evaluate(text: object, variables: Mapping[str, str] | None = None) -> float:
    """The value of an expression.

    :param text: expression, or a number as it is
    :param variables: values of ``$names``, expressions themselves
    :raises ExpressionError: when there is no such value
    """
    if isinstance(text, bool):
        raise ExpressionError(f"number expected, not {text}")
    if isinstance(text, (int, float)):
        return float(text)
    return _Parser(str(text), variables or {}, 0).value()


def variables_in(text: str) -> list[str]:
    """Names of the variables a text uses, in order, each once."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def same_value(left: str, right: str) -> bool:
    """Whether two scalars of a scenario mean the same: ``0`` and ``0.0``, ``1s`` and ``1000ms``.

    Words are the same only when they are spelt the same.
    """
    if left == right:
        return True
    try:
        return math.isclose(evaluate(left), evaluate(right), rel_tol=1e-12, abs_tol=1e-15)
    except ExpressionError:
        return False


def is_time(text: str) -> bool:
    """Whether a scalar is a plain time such as ``250ms``."""
    return re.fullmatch(r"\d+(\.\d+)?(ns|us|ms|s|min|h)", text.strip()) is not None
