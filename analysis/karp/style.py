# SPDX-License-Identifier: GPL-2.0-only
"""How figures look: drawn at the size they are printed at, and the same bytes every time.

Two-column papers of the IEEE: 3.49 in for one column, 7.14 in for two. Text of 8 pt, fonts
embedded as TrueType, the colours of Okabe and Ito told apart by markers and dashes as well, so
that grey print works. No titles: captions belong to the paper. No dates, no random ids.
"""

from __future__ import annotations

import os
from typing import Any, Sequence

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

SINGLE = 3.49   # in, one column
DOUBLE = 7.14   # in, two columns
DPI = 300

BLACK, GREY, LIGHT = "#000000", "#7F7F7F", "#D9D9D9"
BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY, YELLOW = "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (4, 1, 1, 1)), (0, (7, 2)),
                           (0, (3, 1, 1, 1, 1, 1)), (0, (2, 2)))
MODEL_DASH = (0, (3.2, 1.6))

RC: dict[str, Any] = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 8,
    "axes.labelsize": 8, "xtick.labelsize": 7.5, "ytick.labelsize": 7.5, "legend.fontsize": 7.5,
    "axes.linewidth": 0.6, "axes.spines.top": False, "axes.spines.right": False,
    "axes.labelpad": 2.5, "axes.axisbelow": True, "axes.grid": True,
    "grid.color": "#E6E6E6", "grid.linewidth": 0.5,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.size": 2.6,
    "ytick.major.size": 2.6, "xtick.minor.width": 0.4, "ytick.minor.width": 0.4,
    "xtick.minor.size": 1.6, "ytick.minor.size": 1.6, "xtick.major.pad": 2, "ytick.major.pad": 2,
    "lines.linewidth": 1.1, "lines.markersize": 3.8, "lines.markeredgewidth": 0.7,
    "errorbar.capsize": 2, "legend.frameon": False, "legend.handlelength": 2.3,
    "legend.handletextpad": 0.5, "legend.columnspacing": 1.3, "legend.borderaxespad": 0,
    "legend.labelspacing": 0.3, "legend.borderpad": 0,
    "pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "karp",
    "pdf.compression": 6, "path.simplify": False, "axes.unicode_minus": True,
    "figure.dpi": 100, "savefig.dpi": DPI, "axes.formatter.useoffset": False,
}

# Nothing of when or by what a file was made.
METADATA: dict[str, dict[str, None]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}

LEFT, RIGHT, BOTTOM, TOP, GAP = 0.48, 0.07, 0.36, 0.06, 0.50  # in, around and between panels
LABEL_LINE = 0.15   # in, a second line below the axis
LEGEND_ROW = 0.155  # in
CHARACTER = 0.061   # in, mean width of one at legend size
ENTRY = 0.425       # in, handle and space of one entry of a legend
SPACING = 0.13      # in, what is left free behind the last one
HATCHES = ("", "////", "....", "xxxx")  # of bars, so that grey print tells them apart


def context() -> Any:
    """Everything above in force, and nothing of the user's matplotlibrc."""
    return matplotlib.rc_context({**_defaults(), **RC})


def _defaults() -> dict[str, Any]:
    keep = ("backend", "backend_fallback", "interactive", "toolbar", "date.epoch")
    return {key: value for key, value in matplotlib.rcParamsDefault.items()
            if key not in keep and not key.startswith("_")}


def marks(index: int) -> dict[str, Any]:
    """Colour, marker and dash of the series of this number."""
    return {"color": COLOURS[index % len(COLOURS)], "marker": MARKERS[index % len(MARKERS)],
            "linestyle": DASHES[index % len(DASHES)]}


def legend_rows(labels: Sequence[str], width: float) -> list[list[int]]:
    """The entries of a legend, by their numbers, in as many rows as a width (in) asks for."""
    rows: list[list[int]] = []
    room = 0.0
    for index, label in enumerate(labels):
        need = len(label) * CHARACTER + ENTRY
        if not rows or need - SPACING > room:
            rows.append([])
            room = width
        rows[-1].append(index)
        room -= need
    return rows


def layout(panels: int, height: float, labels: Sequence[str], second_line: bool,
           width: float | None = None, left: float = LEFT) -> tuple[Figure, list[Any]]:
    """A figure with panels side by side and room for a legend above them.

    Every margin is fixed in inches, so that nothing depends on what is drawn.

    :param height: of the panels themselves (in)
    :param labels: of the legend
    :param second_line: whether something stands below the label of the x axis
    :return: figure and axes
    """
    width = width or (SINGLE if panels == 1 else DOUBLE)
    rows = len(legend_rows(labels, width))
    above = TOP + rows * LEGEND_ROW + (0.05 if rows else 0)
    below = BOTTOM + (LABEL_LINE if second_line else 0)
    total = above + height + below
    figure = Figure(figsize=(width, total))
    FigureCanvasAgg(figure)
    each = (width - left - RIGHT - GAP * (panels - 1)) / max(panels, 1)
    axes = [figure.add_axes(((left + index * (each + GAP)) / width, below / total,
                             each / width, height / total)) for index in range(panels)]
    return figure, axes


def legend(figure: Figure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """The legend, above the panels, in rows."""
    width, height = figure.get_size_inches()
    for number, row in enumerate(legend_rows(labels, width)):
        figure.legend([handles[i] for i in row], [labels[i] for i in row], ncol=len(row),
                      loc="upper center",
                      bbox_to_anchor=(0.5, 1 - (0.04 + number * LEGEND_ROW) / height))


def heading() -> Line2D:
    """An invisible handle, for a word in front of the entries of a legend."""
    return Line2D([], [], linestyle="none", marker="none")


def save(figure: Figure, base: str) -> list[str]:
    """Write base.pdf, base.png and base.svg; give their names."""
    os.makedirs(os.path.dirname(base) or ".", exist_ok=True)
    names = []
    for kind in ("pdf", "png", "svg"):
        name = f"{base}.{kind}"
        figure.savefig(f"{name}.part", format=kind, metadata=METADATA[kind])
        os.replace(f"{name}.part", name)
        names.append(name)
    return names


def draw_bars(ax: Any, one: Any, index: int, count: int, look: dict[str, Any],
              errors: Sequence[Sequence[float]]) -> Any:
    """A series as one bar of each group, in its place among ``count``."""
    width = 0.8 / count
    offset = (index - (count - 1) / 2) * width
    return ax.bar([x + offset for x in one.x], one.y, width, yerr=errors, color=look["color"],
                  edgecolor="white", linewidth=0.5, hatch=HATCHES[index % len(HATCHES)],
                  error_kw={"elinewidth": 0.8, "capsize": 1.5, "capthick": 0.8}, zorder=3)


def log_ticks(axis: Any, values: Sequence[float], base: int = 10) -> None:
    """Plain numbers on a logarithmic axis, at 1, 2 and 5 where there are few decades."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
    decades = max(values) / min(values)
    axis.set_major_locator(LogLocator(base, subs=(1, 2, 5) if decades < 500 and base == 10
                                      else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def wants_log(values: Sequence[float]) -> bool:
    """Log axes when all is positive and the range is more than thirtyfold."""
    positive = [value for value in values if value > 0]
    return len(positive) == len(list(values)) and len(positive) > 1 \
        and max(positive) > 30 * min(positive)
