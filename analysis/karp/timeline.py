# SPDX-License-Identifier: GPL-2.0-only
"""The timeline of one run: a row per router, its role as a bar, its keys as ticks, faults as lines.

Left the whole run, right the moments after the fault that matters (``zoom: LABEL``, or the first
crash, reboot or partition).
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import os
import re
from typing import Any, Sequence

from .expressions import evaluate
from .figures import FigureError, chosen, figure_name, number
from .store import Result

ROLES = ("down", "initial", "gcks", "member")
ROLE_NAMES = {"down": "Down", "initial": "Initial", "gcks": "GCKS", "member": "Member"}
UPSETS = ("crash", "reboot", "partition", "link_down", "stop_kmp")  # faults worth a closer look
MAX_ROUTERS = 60
MAX_FAULTS = 24


@dataclasses.dataclass(frozen=True)
class Span:
    """A router in a role for a while."""

    node: str
    role: str
    begin: float
    end: float


@dataclasses.dataclass(frozen=True)
class Tick:
    """Something about a key at a router."""

    node: str
    kind: str   # kek, pmk
    what: str   # install, send, receive_end
    time: float
    key: str


@dataclasses.dataclass(frozen=True)
class Fault:
    """Something that was done to the network."""

    time: float
    text: str
    verb: str
    label: str


@dataclasses.dataclass
class Timeline:
    """All that is drawn of a run."""

    name: str
    nodes: list[str]
    spans: list[Span]
    ticks: list[Tick]
    faults: list[Fault]
    end: float
    windows: list[tuple[float, float]]
    caption: str
    zoomed: str = ""

    def csv(self) -> str:
        """The numbers, one bar, tick or line a line."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["router", "what", "name", "key", "begin", "end"])
        for span in self.spans:
            writer.writerow([span.node, "role", span.role, "", number(span.begin),
                             number(span.end)])
        for tick in self.ticks:
            writer.writerow([tick.node, tick.kind, tick.what, tick.key, number(tick.time), ""])
        for fault in self.faults:
            writer.writerow(["", "fault", fault.text, fault.label, number(fault.time), ""])
        return out.getvalue()


def read_trace(path: str) -> list[dict[str, Any]]:
    """The events of a trace that a timeline shows."""
    wanted = ("meta", "role", "key", "fault", "end")
    events = []
    try:
        with open(path, encoding="utf-8") as file:
            for line_number, text in enumerate(file, 1):
                if not any(f'"ev":"{kind}"' in text for kind in wanted):
                    continue
                event = json.loads(text)
                if not isinstance(event.get("t"), int):
                    raise ValueError(f"line {line_number} has no time")
                events.append(event)
    except OSError as error:
        raise FigureError(f"{path}: {error.strerror}") from error
    except (ValueError, AttributeError) as error:
        raise FigureError(f"{path}: {error}") from error
    return events


def natural(name: str) -> list[Any]:
    """Order of names: r2 before r10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def _with_crashes(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A router that crashes says nothing more: its role ends with the fault."""
    found: list[dict[str, Any]] = []
    for event in events:
        found.append(event)
        if event["ev"] == "fault" and event.get("do") in ("crash", "reboot"):
            found += [{"ev": "role", "n": node, "to": "down", "t": event["t"]}
                      for node in event.get("nodes") or []]
    return found


def _on_true_time(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lifetimes of keys are instants on the router's clock: put them on that of the simulation."""
    clocks: dict[str, tuple[int, float, float]] = {}    # since when, offset then, rate
    found: list[dict[str, Any]] = []
    for event in events:
        if event["ev"] == "fault" and event.get("do") == "clock":
            for node in event.get("nodes") or []:
                since, offset, rate = clocks.get(node, (0, 0.0, 1.0))
                gained = offset + (event["t"] - since) * (rate - 1)
                clocks[node] = (event["t"], event.get("offset", gained),
                                1 + event["drift"] / 1e9 if "drift" in event else rate)
        elif event["ev"] == "key" and event.get("n") in clocks:
            since, offset, rate = clocks[event["n"]]
            event = {**event, **{key: since + (event[key] - since - offset) / rate
                                 for key in ("tx_start", "rx_end") if key in event}}
        found.append(event)
    return found


def _spans(events: Sequence[dict[str, Any]], end: float) -> list[Span]:
    spans: list[Span] = []
    since: dict[str, tuple[str, float]] = {}
    for event in events:
        if event["ev"] != "role":
            continue
        node, time = str(event["n"]), event["t"] / 1e9
        role, begin = since.get(node, (str(event.get("from", "down")), 0.0))
        if role == event["to"]:
            continue
        if time > begin:
            spans.append(Span(node, role, begin, time))
        since[node] = (str(event["to"]), time)
    spans += [Span(node, role, begin, end) for node, (role, begin) in since.items()
              if end > begin]
    return sorted(spans, key=lambda span: (natural(span.node), span.begin))


def _ticks(events: Sequence[dict[str, Any]], spans: Sequence[Span], end: float) -> list[Tick]:
    """Installation, first use and end of every key; a crash takes the keys of a router along."""
    downs: dict[str, list[float]] = {}
    for span in spans:
        if span.role == "down" and span.begin > 0:
            downs.setdefault(span.node, []).append(span.begin)
    keys: dict[tuple[str, str, str, float], dict[str, float]] = {}
    current: dict[tuple[str, str, str], tuple[str, str, str, float]] = {}
    for event in events:
        if event["ev"] != "key":
            continue
        time = event["t"] / 1e9
        name = (str(event["n"]), str(event["kind"]), str(event["id"]))
        if event["op"] == "install" or name not in current:
            current[name] = (*name, time)
            keys[current[name]] = {"install": time}
        moments = keys[current[name]]
        if event["op"] == "retire":
            moments["receive_end"] = min(time, moments.get("receive_end", time))
            continue
        if "tx_start" in event:
            moments["send"] = max(event["tx_start"] / 1e9, moments["install"])
        if "rx_end" in event:
            moments["receive_end"] = event["rx_end"] / 1e9
    ticks = []
    for (node, kind, key, installed), moments in keys.items():
        lost = min([time for time in downs.get(node, []) if time >= installed], default=math.inf)
        last = min(lost, end, moments.get("receive_end", math.inf))
        ticks += [Tick(node, kind, what, time, key) for what, time in moments.items()
                  if time <= last]
    return sorted(ticks, key=lambda tick: (natural(tick.node), tick.time, tick.kind, tick.what))


def _fault(event: dict[str, Any]) -> Fault:
    verb = str(event.get("do", "fault"))
    words = [verb]
    for key in ("nodes", "segment", "target"):
        found = event.get(key)
        if found:
            names = found if isinstance(found, list) else [found]
            words.append(" ".join(map(str, names[:4])) + (" ..." if len(names) > 4 else ""))
            break
    details = [f"{key} {100 * event[key]:g} %" for key in ("loss", "dup", "reorder")
               if isinstance(event.get(key), (int, float)) and event[key] > 0]
    for key in ("value", "prio"):
        if isinstance(event.get(key), (int, float)):
            details.append(f"{event[key]:g}")
    text = " ".join(words) + (f" ({', '.join(details)})" if details else "")
    return Fault(event["t"] / 1e9, text, verb, str(event.get("label", "")))


def _zoom(spec: dict[str, Any], timeline: Timeline) -> tuple[float, float] | None:
    """From shortly before the fault of interest to the last change of role that follows it."""
    wanted = spec.get("zoom")
    if wanted == "none":
        return None
    centre = next((fault for fault in timeline.faults
                   if (fault.label == wanted if wanted else fault.verb in UPSETS)), None)
    if centre is None:
        if wanted:
            raise FigureError(f"no fault is labelled '{wanted}'")
        return None
    later = [fault.time for fault in timeline.faults
             if fault.time > centre.time and fault.verb in UPSETS]
    timeline.zoomed = f"After fault {timeline.faults.index(centre) + 1}, {centre.verb}"
    limit = min(later, default=timeline.end)
    changes = [span.begin for span in timeline.spans
               if centre.time < span.begin < limit and span.role != "down"]
    if not changes:
        return None
    length = max(max(changes) - centre.time, 0.01)
    return (max(0.0, centre.time - 0.25 * length), min(timeline.end, centre.time + 1.2 * length))


def build(spec: dict[str, Any], results: Sequence[Result]) -> Timeline:
    """What the timeline of a run shows.

    :param spec: the plot of the scenario; ``run`` and ``where`` choose the run (1, first cell)
    """
    run = int(spec.get("run", "1"))
    runs = [one for one in chosen(spec, results) if one.job.run == run]
    if not runs:
        raise FigureError(f"run {run} is not there")
    result = runs[0]
    events = read_trace(os.path.join(result.folder, "trace.jsonl"))
    try:
        end = max(event["t"] for event in events) / 1e9
        groups = [str(event.get("g")) for event in events if event["ev"] == "role"]
        group = spec.get("group", groups[0])
        events = [event for event in _on_true_time(events)
                  if event["ev"] not in ("role", "key") or str(event.get("g")) == group]
        spans = _spans(_with_crashes(events), end)
        ticks = _ticks(events, spans, end)
        faults = [_fault(event) for event in events if event["ev"] == "fault"][:MAX_FAULTS]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise FigureError(f"the trace of run {run} in {result.folder} says too little "
                          f"({error!r})") from error
    nodes = sorted({span.node for span in spans}, key=natural)
    if not nodes:
        raise FigureError(f"the trace of run {run} in {result.folder} names no router")
    if len(nodes) > MAX_ROUTERS:
        raise FigureError(f"{len(nodes)} routers are too many rows: choose another cell by 'where'")
    whole = (evaluate(spec.get("from", "0")), evaluate(spec.get("until", str(end))))
    cell = "".join(f", {name}={value}" for name, value in result.job.cell.items)
    timeline = Timeline(figure_name(f"timeline-run-{run}"), nodes, spans, ticks, faults, end,
                        [whole], f"Run {run}{cell}")
    zoom = _zoom(spec, timeline)
    if zoom is not None and zoom[1] - zoom[0] < 0.7 * (whole[1] - whole[0]):
        timeline.windows.append(zoom)
    return timeline


# Drawing

BAR = 0.18     # half height of a bar, in rows
LANE = {"kek": -0.31, "pmk": 0.31}  # above and below the bar
ROW = 0.235    # in
FAULT_LINE = 0.135


def _role_colours() -> dict[str, str]:
    from . import style
    return {"down": "white", "initial": style.YELLOW, "gcks": style.BLUE, "member": style.SKY}


def _marks(kind: str, what: str) -> dict[str, Any]:
    from . import style
    colour = style.BLACK if kind == "kek" else style.VERMILION
    marker = {"install": "v" if kind == "kek" else "^", "send": "|", "receive_end": "x"}[what]
    size = {"install": 3.4, "send": 4.6, "receive_end": 3.4}[what]
    return {"marker": marker, "color": colour, "markersize": size, "linestyle": "none",
            "markeredgewidth": 0.0 if what == "install" else 1.0}


def draw(timeline: Timeline) -> Any:
    """The figure."""
    from matplotlib.patches import Patch

    from . import style
    names = [ROLE_NAMES[role] for role in ROLES] + ["KEK", "PMK", "installed", "send start",
                                                    "receive end"]
    colours = _role_colours()
    handles: list[Any] = [Patch(facecolor=colours[role], edgecolor=style.GREY, linewidth=0.5)
                          for role in ROLES]
    for kind in ("kek", "pmk"):
        handles.append(_handle({**_marks(kind, "install"), "marker": "s"}))
    for what in ("install", "send", "receive_end"):
        handles.append(_handle({**_marks("kek", what), "color": style.GREY}))
    lines = _fault_lines(timeline)
    height = max(0.9, ROW * len(timeline.nodes))
    below = 0.47 + FAULT_LINE * len(lines) + (0.05 if lines else 0)
    above = 0.36
    total = above + height + below
    figure, _ = style.layout(0, 0, [], False, style.DOUBLE)
    figure.set_size_inches(style.DOUBLE, total)
    figure.legend(handles, names, loc="upper center", ncol=len(names), handlelength=1.3,
                  columnspacing=1.1, bbox_to_anchor=(0.5, 1 - 0.05 / total))
    left, gap, right = 0.36, 0.3, 0.12
    room = style.DOUBLE - left - right - (gap if len(timeline.windows) > 1 else 0)
    widths = [room] if len(timeline.windows) == 1 else [0.5 * room, 0.5 * room]
    for index, (window, width) in enumerate(zip(timeline.windows, widths)):
        start = left + sum(widths[:index]) + gap * index
        ax = figure.add_axes((start / style.DOUBLE, below / total, width / style.DOUBLE,
                              height / total))
        _draw_window(ax, timeline, window, width)
        words = timeline.caption if index == 0 else timeline.zoomed
        letter = f"({'ab'[index]}) " if len(timeline.windows) > 1 else ""
        ax.set_xlabel(f"Simulated time (s)\n{letter}{words}", linespacing=1.35)
        if index:
            ax.set_yticklabels([])
    if len(timeline.windows) > 1:
        _mark_zoom(figure.axes[0], timeline.windows[1])
    for index, text in enumerate(lines):
        y = (FAULT_LINE * (len(lines) - index) - 0.06) / total
        figure.text(left / style.DOUBLE, y, text, fontsize=7, va="center")
    return figure


def _handle(marks: dict[str, Any]) -> Any:
    from matplotlib.lines import Line2D
    return Line2D([], [], **marks)


def _fault_lines(timeline: Timeline) -> list[str]:
    """The legend of the vertical lines, as lines of text."""
    lines: list[str] = []
    for index, fault in enumerate(timeline.faults, 1):
        text = f"{index}: {fault.text}, {fault.time:.3f}".rstrip("0").rstrip(".") + " s"
        if lines and len(lines[-1]) + len(text) < 118:
            lines[-1] += ";  " + text
        else:
            lines.append(text)
    return lines


def _draw_window(ax: Any, timeline: Timeline, window: tuple[float, float], width: float) -> None:
    from . import style
    colours = _role_colours()
    rows = {node: index for index, node in enumerate(timeline.nodes)}
    begin, end = window
    for span in timeline.spans:
        if span.end < begin or span.begin > end:
            continue
        start, stop = max(span.begin, begin), min(span.end, end)
        ax.broken_barh([(start, stop - start)], (rows[span.node] - BAR, 2 * BAR),
                       facecolor=colours.get(span.role, style.LIGHT), edgecolor=style.GREY,
                       linewidth=0.35, zorder=2)
    for kind in LANE:
        for what in ("send", "receive_end", "install"):
            found = [tick for tick in timeline.ticks if (tick.kind, tick.what) == (kind, what)
                     and begin <= tick.time <= end]
            ax.plot([tick.time for tick in found],
                    [rows[tick.node] + LANE[kind] for tick in found],
                    zorder=4 if what == "install" else 3.5, **_marks(kind, what))
    _draw_faults(ax, timeline.faults, window, width)
    ax.set_xlim(begin, end)
    ax.set_ylim(len(rows) - 0.45, -0.55)
    ax.set_yticks(range(len(rows)), timeline.nodes)
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    ax.locator_params(axis="x", nbins=7)


def _draw_faults(ax: Any, faults: Sequence[Fault], window: tuple[float, float],
                 width: float) -> None:
    """Numbered vertical lines; numbers that would touch share a place."""
    from . import style
    begin, end = window
    inside = [(index, fault) for index, fault in enumerate(faults, 1)
              if begin <= fault.time <= end]
    places: list[tuple[float, list[int]]] = []
    for index, fault in inside:
        ax.axvline(fault.time, color=style.BLACK if fault.verb in UPSETS else style.GREY,
                   linewidth=0.9, linestyle=(0, (4, 2)), zorder=1.5)
        if places and (fault.time - places[-1][0]) / (end - begin) * width < 0.11:
            places[-1][1].append(index)
        else:
            places.append((fault.time, [index]))
    for time, indices in places:
        text = str(indices[0]) if len(indices) == 1 else f"{indices[0]}-{indices[-1]}"
        ax.annotate(text, (time, 1), xycoords=("data", "axes fraction"), xytext=(0, 1.5),
                    textcoords="offset points", ha="center", va="bottom", fontsize=7)


def _mark_zoom(ax: Any, window: tuple[float, float]) -> None:
    """Show on the whole run which part of it is drawn again."""
    from . import style
    ax.axvspan(*window, facecolor=style.LIGHT, alpha=0.55, linewidth=0, zorder=0.5)


def write(timeline: Timeline, folder: str, base: str | None = None) -> list[str]:
    """Draw a timeline and write it with its numbers; the names of the files."""
    from . import style
    path = os.path.join(folder, base or timeline.name)
    with style.context():
        names = style.save(draw(timeline), path)
    with open(f"{path}.csv.part", "w", encoding="ascii", errors="replace") as file:
        file.write(timeline.csv())
    os.replace(f"{path}.csv.part", f"{path}.csv")
    return names + [f"{path}.csv"]
