# SPDX-License-Identifier: GPL-2.0-only
"""Figures from stored runs: what to draw is worked out first, as numbers, then drawn.

A Chart holds every number that is drawn; the CSV beside a figure is written from it, so the two
cannot disagree. Kinds of the scenario language: ``cdf``, ``line``, ``bytes`` here, ``timeline`` in
timeline.py.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import math
import os
import re
from typing import Any, Callable, Sequence

import numpy as np

from . import labels, models, overlay, stats
from .expressions import ExpressionError, evaluate, is_time, variables_in
from .scenario import Cell, Scenario
from .store import Result
from .verdicts import group

MAX_PANELS = 4
MAX_SERIES = 7
MODEL_POINTS = 121


class FigureError(Exception):
    """The runs at hand do not make this figure."""


@dataclasses.dataclass
class Series:
    """One line of a panel, with its interval or band."""

    label: str
    x: list[float]
    y: list[float]
    low: list[float] = dataclasses.field(default_factory=list)
    high: list[float] = dataclasses.field(default_factory=list)
    n: list[int] = dataclasses.field(default_factory=list)
    model: bool = False


@dataclasses.dataclass
class Panel:
    """One set of axes."""

    label: str
    series: list[Series]


@dataclasses.dataclass
class Chart:
    """All numbers and words of a figure."""

    name: str
    kind: str
    xlabel: str
    ylabel: str
    heading: str
    panels: list[Panel]
    ticks: list[str] = dataclasses.field(default_factory=list)  # of an axis of words
    columns: tuple[str, str] = ("x", "y")
    bases: tuple[int, int] = (0, 0)  # of logarithmic axes that are asked for

    def csv(self) -> str:
        """The numbers, one point a line."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["panel", "series", "kind", *self.columns, "low", "high", "n"])
        for panel in self.panels:
            for one in panel.series:
                for index, (x, y) in enumerate(zip(one.x, one.y)):
                    writer.writerow([
                        panel.label, one.label, "model" if one.model else "data",
                        self.ticks[round(x)] if self.ticks else number(x), number(y),
                        number(one.low[index]) if one.low else "",
                        number(one.high[index]) if one.high else "",
                        one.n[index] if one.n else ""])
        return out.getvalue()


def number(value: float) -> str:
    """Nine significant digits; nothing where there is no number."""
    return f"{value:.9g}" if math.isfinite(value) else ""


# Which runs go where


def varied(results: Sequence[Result]) -> list[str]:
    """Variables that have more than one value among the runs, in the order of the sweep."""
    values: dict[str, set[str]] = {}
    for result in results:
        for name, value in result.job.cell.items:
            values.setdefault(name, set()).add(value)
    return [name for name, found in values.items() if len(found) > 1]


def values_of(results: Sequence[Result], name: str) -> list[str]:
    """Values of a variable, in the order of the sweep."""
    return list(dict.fromkeys(result.job.cell.vars.get(name, "") for result in results))


def asked_bases(spec: dict[str, Any]) -> tuple[int, int]:
    """Bases of the logarithmic axes that a plot asks for; 0 leaves it to the range."""
    return int(spec.get("xlog", 0)), int(spec.get("ylog", 0))


def split(results: Sequence[Result], name: str | None) -> list[tuple[str, list[Result]]]:
    """Runs by the value of a variable; all in one where there is none."""
    if name is None:
        return [("", list(results))]
    return [(value, [one for one in results if one.job.cell.vars.get(name, "") == value])
            for value in values_of(results, name)]


def panel_variable(spec: dict[str, Any], results: Sequence[Result], used: Sequence[str],
                   times_only: bool) -> str | None:
    """What the panels stand for: as named, or else a variable that must not be pooled.

    Runs whose time constants differ are never put into one distribution.
    """
    if "panel" in spec:
        return str(spec["panel"]) if spec["panel"] in varied(results) else None
    for name in varied(results):
        if name in used or name == "case" and "case" in used:
            continue
        if not times_only or all(is_time(value) for value in values_of(results, name)):
            return name
    return None


def panels(results: Sequence[Result], name: str | None) -> list[tuple[str, list[Result]]]:
    """The panels and their runs, each with its label."""
    parts = split(results, name)
    if len(parts) > MAX_PANELS:
        raise FigureError(f"{len(parts)} panels (one for each {name}): "
                          "choose some by 'where', or another 'panel'")
    if name is None:
        return parts
    return [(f"{labels.variable(name)} {labels.value(name, value)}", runs)
            for value, runs in parts]


def chosen(spec: dict[str, Any], results: Sequence[Result]) -> list[Result]:
    """The runs a plot is about."""
    found = [one for one in results if one.job.cell.matches(spec.get("where", {}))]
    if not found:
        raise FigureError("no run fits its 'where'")
    return found


def numbers(results: Sequence[Result], metric: str) -> list[tuple[int, float]]:
    """Run number and value, of runs that have one."""
    return [(one.job.run, value) for one in results
            if (value := one.number(metric)) is not None]


def per_run(pairs: Sequence[tuple[int, float]]) -> list[float]:
    """Mean of the values of each run number.

    Cells share their random numbers run by run, so values pooled over cells are not independent;
    the means of the runs are.
    """
    found: dict[int, list[float]] = {}
    for run, value in pairs:
        found.setdefault(run, []).append(value)
    return [sum(values) / len(values) for _, values in sorted(found.items())]


def sample_size(pairs: Sequence[tuple[int, float]]) -> str:
    """``n = 30``, or ``n = 120 in 30 runs`` where cells are pooled."""
    runs = len({run for run, _ in pairs})
    return f"n = {len(pairs)}" if runs == len(pairs) else f"n = {len(pairs)} in {runs} runs"


def series_parts(spec: dict[str, Any], results: Sequence[Result]
                 ) -> list[tuple[str, list[Result]]]:
    """The runs of each line of a panel, by the variable ``by``."""
    name = spec.get("by")
    parts = split(results, name)
    if len(parts) > MAX_SERIES:
        raise FigureError(f"{len(parts)} lines in a panel (one for each {name}): "
                          "choose some by 'where'")
    return [(labels.value(name, value) if name else "", runs) for value, runs in parts]


# Kinds of figures


MODEL_OF = {"t_gcks": "takeover", "t_takeover": "takeover", "t_exchange": "join"}


def closed_forms(spec: dict[str, Any], metric: str, results: Sequence[Result]) -> list[Any]:
    """The closed forms that the runs should follow, each once."""
    name = spec.get("model", MODEL_OF.get(metric, "none"))
    if name not in MODEL_OF.values():
        return []
    found = [models.of_run(runs[0].folder, name) for runs in group(results).values()]
    return list(dict.fromkeys(model for model in found if model is not None))


def predicted(spec: dict[str, Any], metric: str, runs: Sequence[Result],
              start: float) -> Series | None:
    """Distributions of the closed forms, all in one series with gaps between them.

    :param start: what the metric is when nothing delays a join
    """
    series = Series("closed form", [], [], model=True)
    for model in closed_forms(spec, metric, runs):
        if isinstance(model, models.Takeover):
            series.label = "closed form, no loss"
            grid = np.linspace(model.earliest, model.latest, MODEL_POINTS)
            x, y = grid.tolist(), model.cdf(grid).tolist()
        else:
            x, y = _staircase(model, start, max(one.number(metric) or 0 for one in runs))
        series.x += x + [math.nan]
        series.y += y + [math.nan]
    if not series.x:
        return None
    del series.x[-1], series.y[-1]
    return series


def _staircase(model: models.JoinUnderLoss, start: float, end: float
               ) -> tuple[list[float], list[float]]:
    """The steps of a join's delay, as corners, up to the longest that was seen."""
    x, y, height = [start], [0.0], 0.0
    for delay, weight in model.steps():
        if start + delay > end * 1.05:
            break
        x += [start + delay] * 2
        y += [height, height + weight]
        height += weight
    return x + [max(end, x[-1])], y + [height]


def cdf(spec: dict[str, Any], results: Sequence[Result], _: Scenario) -> Chart:
    """Distribution of a metric with its Dvoretzky-Kiefer-Wolfowitz band."""
    metric, by = str(spec["cdf"]), spec.get("by")
    name = panel_variable(spec, results, [by] if by else [], times_only=True)
    chart = Chart(f"{metric}-cdf" + (f"-by-{by}" if by else ""), "cdf", labels.metric(metric),
                  "Cumulative share of runs", labels.variable(by) if by else "", [],
                  columns=(metric, "share"), bases=asked_bases(spec))
    for label, runs in panels(results, name):
        panel = Panel(label, [])
        sizes = []
        for line, members in series_parts(spec, runs):
            pairs = numbers(members, metric)
            if not pairs:
                continue
            sizes.append(sample_size(pairs))
            panel.series.append(_distribution(line, pairs, len(members)))
        if not panel.series:
            raise FigureError(f"no run has a value for {metric}")
        model = predicted(spec, metric, runs, min(min(one.x) for one in panel.series))
        if model is not None:
            panel.series.append(model)
        panel.label = _with_size(label, sizes)
        chart.panels.append(panel)
    return chart


def _distribution(label: str, pairs: Sequence[tuple[int, float]], total: int) -> Series:
    """The steps of a distribution; runs without a value keep it below 1 for ever."""
    values, shares = stats.ecdf([value for _, value in pairs])
    shares = shares * (len(pairs) / total)
    half = stats.dkw_half_width(len({run for run, _ in pairs}))
    return Series(label, values.tolist(), shares.tolist(),
                  np.clip(shares - half, 0, 1).tolist(), np.clip(shares + half, 0, 1).tolist(),
                  [len(pairs)] * len(values))


def _with_size(label: str, sizes: Sequence[str]) -> str:
    """The label of a panel with the sample size, a range where sizes differ."""
    different = list(dict.fromkeys(sizes))
    words = different[0] if len(different) == 1 else ""
    if len(different) > 1:
        counts = [int(re.findall(r"\d+", size)[0]) for size in different]
        words = f"n = {min(counts)} to {max(counts)}"
    return f"{label}, {words}" if label and words else label or words


def _axis(results: Sequence[Result], name: str) -> tuple[Callable[[str], float], list[str], str]:
    """How values of a variable become places on the x axis; ticks where they are words."""
    values = values_of(results, name)
    if any(value == "" for value in values):
        raise FigureError(f"'{name}' is no variable of the runs")
    try:
        for value in values:
            evaluate(value)
    except ExpressionError:
        return (lambda value: float(values.index(value))), values, labels.variable(name)
    unit = " (s)" if all(is_time(value) for value in values) else ""
    return evaluate, [], labels.variable(name) + unit


def _points(results: Sequence[Result], x: str, place: Callable[[str], float],
            value: Callable[[Result], float | None], level: float) -> Series:
    """Mean and Student interval at each x."""
    series = Series("", [], [])
    for text, members in sorted(split(results, x), key=lambda part: place(part[0])):
        pairs = [(one.job.run, found) for one in members if (found := value(one)) is not None]
        if not pairs:
            continue
        estimate = stats.mean(per_run(pairs), level)
        series.x.append(place(text))
        series.y.append(estimate.value)
        series.low.append(estimate.low)
        series.high.append(estimate.high)
        series.n.append(estimate.n)
    return series


def formulas(spec: dict[str, Any], results: Sequence[Result], scenario: Scenario,
             x: str) -> Series | None:
    """The expression that ``model`` names, for each cell's other variables, in one series."""
    text = overlay.formula(scenario, str(spec.get("model", "")))
    if text is None:
        return None
    place, ticks, _ = _axis(results, x)
    series = Series("formula", [], [], model=True)
    others = dict.fromkeys(tuple((key, value) for key, value in one.job.cell.items if key != x
                                 and key in variables_in(text)) for one in results)
    for other in others if not ticks else ():
        values = [one.job.cell.vars.get(x, "") for one in results]
        found = overlay.curve(text, x, [place(value) for value in values],
                              all(is_time(value) for value in values), dict(other))
        if found is not None:
            series.x += found[0] + [math.nan]
            series.y += found[1] + [math.nan]
    if not series.x:
        return None
    del series.x[-1], series.y[-1]
    return series


def line(spec: dict[str, Any], results: Sequence[Result], scenario: Scenario) -> Chart:
    """Mean of a metric against a variable, with Student's interval.

    Where a plot is asked for as ``step`` the metric jumps, and points are not joined.
    """
    kind = "line" if "line" in spec else "step"
    metric, x, by = str(spec[kind]), str(spec["x"]), spec.get("by")
    level = evaluate(spec.get("ci", "0.95"))
    place, ticks, xlabel = _axis(results, x)
    name = panel_variable(spec, results, [x] + ([by] if by else []), times_only=False)
    chart = Chart(f"{metric}-by-{x}" + (f"-{by}" if by else ""), kind, xlabel,
                  labels.metric(metric), labels.variable(by) if by else "", [], ticks, (x, metric),
                  asked_bases(spec))
    for label, runs in panels(results, name):
        panel = Panel(label, [])
        sizes: list[str] = []
        means = Series("closed form, no loss", [], [], model=True)
        for text, members in series_parts(spec, runs):
            series = _points(members, x, place, lambda one: one.number(metric), level)
            if not series.x:
                continue
            series.label = text
            sizes += [f"n = {n}" for n in series.n]
            panel.series.append(series)
            forms = closed_forms(spec, metric, members)
            if len(forms) == 1 and isinstance(forms[0], models.Takeover):
                means.x += [min(series.x), max(series.x), math.nan]  # the gap parts the lines
                means.y += [forms[0].mean, forms[0].mean, math.nan]
        if means.x:
            panel.series.append(means)
        model = formulas(spec, runs, scenario, x) if panel.series else None
        if model is not None:
            panel.series.append(model)
        panel.label = _with_size(label, sizes)
        chart.panels.append(panel)
    if not any(panel.series for panel in chart.panels):
        raise FigureError(f"no run has a value for {metric}")
    return chart


def duration(result: Result, scenario: Scenario) -> float:
    """Seconds over which a run counted octets, all of it: its own word, or ``run.stop``."""
    if result.duration:
        return result.duration
    try:
        stop = evaluate(scenario.at(("run", "stop"), "0"), result.job.cell.vars)
    except ExpressionError as error:
        raise FigureError(f"length of the run: {error}") from error
    if stop <= 0:
        raise FigureError("the runs have no length")
    return stop


def byte_rates(spec: dict[str, Any], results: Sequence[Result], scenario: Scenario) -> Chart:
    """Octets per second at the IP layer, by type of message, against a variable."""
    metric, x = str(spec["bytes"]), str(spec["x"])
    place, ticks, xlabel = _axis(results, x)
    kinds: dict[str, float] = {}
    for one in results:
        found = one.metrics.get(metric)
        for kind, count in found.items() if isinstance(found, dict) else ():
            kinds[kind] = kinds.get(kind, 0) + count
    kinds = {kind: count for kind, count in kinds.items() if count > 0}
    if not kinds:
        raise FigureError(f"no run has {metric}")
    order = sorted(kinds, key=lambda kind: (-kinds[kind], kind))[:MAX_SERIES]
    name = panel_variable(spec, results, [x], times_only=True)
    chart = Chart(f"{metric.replace('_', '-')}-by-{x}", "bytes", xlabel, "IP traffic (B/s)", "",
                  [], ticks, (x, "bytes_per_second"), asked_bases(spec))
    for label, runs in panels(results, name):
        panel = Panel(label, [])
        sizes: list[str] = []
        for kind in order:
            series = _points(runs, x, place,
                             lambda one, kind=kind: _rate(one, metric, kind, scenario), 0.95)
            series.label = labels.message(kind)
            sizes += [f"n = {n}" for n in series.n]
            panel.series.append(series)
        panel.label = _with_size(label, sizes)
        chart.panels.append(panel)
    return chart


def bars(spec: dict[str, Any], results: Sequence[Result], _: Scenario) -> Chart:
    """Means of several metrics side by side, for each value of a variable."""
    metrics, x = [str(one) for one in np.atleast_1d(spec["bars"])], str(spec["x"])
    values = values_of(results, x)
    name = panel_variable(spec, results, [x], times_only=True)
    seconds = all(labels.unit(metric) == "s" for metric in metrics)
    chart = Chart("-".join(metrics) + f"-by-{x}", "bars", labels.variable(x),
                  "Time (s)" if seconds else "Mean", "", [],
                  [labels.value(x, value) for value in values], (x, "mean"), asked_bases(spec))
    for label, runs in panels(results, name):
        panel = Panel(label, [])
        sizes: list[str] = []
        for metric in metrics:
            series = _points(runs, x, lambda value: float(values.index(value)),
                             lambda one, metric=metric: one.number(metric), 0.95)
            series.label = labels.metric(metric)
            sizes += [f"n = {n}" for n in series.n]
            panel.series += [series] if series.x else []
        panel.label = _with_size(label, sizes)
        chart.panels.append(panel)
    if not any(panel.series for panel in chart.panels):
        raise FigureError(f"no run has a value for {', '.join(metrics)}")
    return chart


def _rate(result: Result, metric: str, kind: str, scenario: Scenario) -> float | None:
    found = result.metrics.get(metric)
    if not isinstance(found, dict):
        return None
    return float(found.get(kind, 0)) / duration(result, scenario)


KINDS: dict[str, Callable[[dict[str, Any], Sequence[Result], Scenario], Chart]] = {
    "cdf": cdf, "line": line, "step": line, "bars": bars, "bytes": byte_rates,
}


# Drawing


def draw(chart: Chart) -> Any:
    """The figure of a chart."""
    from . import style
    everything = [one for panel in chart.panels for one in panel.series]
    names = list(dict.fromkeys(one.label for one in everything if one.label))
    data = list(dict.fromkeys(one.label for one in everything if not one.model))
    entries = ([chart.heading + ":"] if chart.heading and names else []) + names
    height = {1: 1.9, 2: 1.95}.get(len(chart.panels), 1.7)
    figure, axes = style.layout(len(chart.panels), height, entries,
                                any(panel.label for panel in chart.panels))
    handles: dict[str, Any] = {}
    limits = _y_limits(chart)
    for index, (panel, ax) in enumerate(zip(chart.panels, axes)):
        for one in panel.series:
            marks = style.marks(data.index(one.label)) if not one.model else {}
            handle = _draw_series(ax, chart, one, marks)
            handles.setdefault(one.label, handle)
        _dress(ax, chart, panel, index, limits)
    if entries:
        first = [style.heading()] if len(entries) > len(names) else []
        style.legend(figure, first + [handles[name] for name in names], entries)
    return figure


def _draw_series(ax: Any, chart: Chart, one: Series, marks: dict[str, Any]) -> Any:
    from . import style
    if one.model:
        return ax.plot(one.x, one.y, color=style.BLACK, linewidth=0.9, zorder=4,
                       linestyle=style.MODEL_DASH)[0]
    if chart.kind == "cdf":
        return _draw_steps(ax, one, marks)
    low = [value if math.isfinite(value) else y for value, y in zip(one.low, one.y)]
    high = [value if math.isfinite(value) else y for value, y in zip(one.high, one.y)]
    errors = [[y - value for y, value in zip(one.y, low)],
              [value - y for y, value in zip(one.y, high)]]
    if chart.kind == "bars":
        order = list(dict.fromkeys(series.label for panel in chart.panels
                                   for series in panel.series))
        return style.draw_bars(ax, one, order.index(one.label), len(order), marks, errors)
    ax.errorbar(one.x, one.y, yerr=errors, fmt="none", ecolor=marks["color"], elinewidth=0.8,
                capthick=0.8, zorder=3)
    if chart.kind == "step":
        marks = {**marks, "linestyle": "none"}
    return ax.plot(one.x, one.y, markeredgecolor="white", zorder=3.5, **marks)[0]


def _draw_steps(ax: Any, one: Series, marks: dict[str, Any]) -> Any:
    """A step line from 0, its band, and a few markers to tell it by."""
    ax.step([one.x[0], *one.x], [0.0, *one.y], where="post", color=marks["color"],
            linestyle=marks["linestyle"], zorder=3)
    low, high = [0.0, *one.low], [one.high[0], *one.high]
    ax.fill_between([one.x[0], *one.x], low, high, step="post", color=marks["color"], alpha=0.10,
                    linewidth=0, zorder=1.5)
    for edge in (low, high):
        ax.step([one.x[0], *one.x], edge, where="post", color=marks["color"], linewidth=0.35,
                alpha=0.7, zorder=2)
    places = sorted({round(share * (len(one.x) - 1)) for share in (0.1, 0.3, 0.5, 0.7, 0.9)})
    ax.plot([one.x[i] for i in places], [one.y[i] for i in places], linestyle="none",
            marker=marks["marker"], color=marks["color"], markeredgecolor="white", zorder=3.5)
    return ax.plot([], [], **marks, markeredgecolor="white")[0]


def _y_limits(chart: Chart) -> tuple[float, float, bool]:
    """Least and most of the y axis, the same for all panels, and whether it is logarithmic."""
    from . import style
    everything = [one for panel in chart.panels for one in panel.series]
    ends = [value for one in everything for values in (one.y, one.high) for value in values
            if math.isfinite(value)]
    data = [y for one in everything if not one.model for y in one.y]
    if style.wants_log(data) or chart.bases[1] and data and min(data) > 0:
        return min(data) / 1.4, max(ends) * 1.4, True
    return 0.0, 1.08 * (max(ends + [0.0]) or 1.0), False


def _dress(ax: Any, chart: Chart, panel: Panel, index: int,
           limits: tuple[float, float, bool]) -> None:
    """Axes, scales and labels of a panel."""
    from . import style
    xs = [x for one in panel.series if not one.model for x in one.x]
    letter = f"({'abcd'[index]}) " if len(chart.panels) > 1 else ""
    ax.set_xlabel(chart.xlabel + (f"\n{letter}{panel.label}" if panel.label else ""),
                  linespacing=1.35)
    if index == 0:
        ax.set_ylabel(chart.ylabel)
    if not chart.ticks and (style.wants_log(xs) or chart.bases[0] and min(xs) > 0):
        ax.set_xscale("log", base=chart.bases[0] or 10)
        style.log_ticks(ax.xaxis, xs, chart.bases[0] or 10)
    if chart.kind == "cdf":
        ax.set_ylim(0, 1.0)
        ax.margins(x=0.03)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0", "0.25", "0.5", "0.75", "1"])
        if ax.get_xscale() == "linear":
            ax.locator_params(axis="x", nbins=6)
        for artist in ax.lines:
            artist.set_clip_on(False)
        return
    if limits[2]:
        ax.set_yscale("log", base=chart.bases[1] or 10)
        style.log_ticks(ax.yaxis, limits[:2], chart.bases[1] or 10)
    ax.set_ylim(limits[0], limits[1])
    if chart.ticks:
        ax.set_xticks(range(len(chart.ticks)), chart.ticks)
    elif len(set(xs)) <= 8:
        places = sorted(set(xs))
        ax.set_xticks(places, [f"{place:g}" for place in places])
        ax.set_xticks([], minor=True)
    ax.margins(x=0.06)


def figure_name(text: str) -> str:
    """A name for files."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-") or "figure"


def write(chart: Chart, folder: str, base: str | None = None) -> list[str]:
    """Draw a chart and write it with its numbers; the names of the files."""
    from . import style
    path = os.path.join(folder, base or figure_name(chart.name))
    with style.context():
        names = style.save(draw(chart), path)
    with open(f"{path}.csv.part", "w", encoding="ascii", errors="replace") as file:
        file.write(chart.csv())
    os.replace(f"{path}.csv.part", f"{path}.csv")
    return names + [f"{path}.csv"]


def first_cells(results: Sequence[Result]) -> list[Cell]:
    """Cells of the runs, in order."""
    return list(dict.fromkeys(one.job.cell for one in results))
