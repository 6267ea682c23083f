# SPDX-License-Identifier: GPL-2.0-only
"""Formulas of a scenario drawn over what was measured.

A plot names an expectation, ``model: id``; if that is an ``over_runs`` with ``equals``, its
expression is the curve, evaluated for the variable of the x axis.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from .expressions import ExpressionError, evaluate, variables_in

POINTS = 801  # of a curve; enough that a step looks like one


def formula(scenario: Any, name: str) -> str | None:
    """What the expectation called ``name`` says the metric equals."""
    for expectation in scenario.expectations() if scenario is not None else ():
        if expectation["id"] == name and "equals" in expectation["spec"]:
            return str(expectation["spec"]["equals"])
    return None


def curve(text: str, variable: str, places: Sequence[float], time: bool,
          others: Mapping[str, str]) -> tuple[list[float], list[float]] | None:
    """The formula between the least and the greatest of ``places``.

    :param variable: of the x axis
    :param time: whether its values are seconds
    :param others: values of the other variables
    :return: the points; nothing where the formula does not depend on the variable, or has no value
    """
    low, high = min(places), max(places)
    if low == high or variable not in variables_in(text):
        return None
    spread = np.geomspace if low > 0 and high / low > 30 else np.linspace
    x = sorted(set(spread(low, high, POINTS).tolist()) | set(places))
    y = []
    try:
        for place in x:
            value = f"{place:.12f}s" if time else f"{place:.12f}"
            y.append(evaluate(text, {**others, variable: value}))
    except ExpressionError:
        return None
    return x, y
