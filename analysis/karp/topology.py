# SPDX-License-Identifier: GPL-2.0-only
"""A picture of a topology, as karp-topology writes it: where its routers are, and who is linked.

Routers with a place stand there. Where one has none all are arranged so that distances on paper are
as near as can be to the hops between them (multidimensional scaling: the classical one, then
majorization of stress)."""

from __future__ import annotations

import json
import math
import os
import subprocess
import tempfile
from typing import Any

import numpy as np

from karp import style
from karp.console import Trouble

NAMED = 45       # routers: with more of them names would cover each other
ROUNDS = 200     # of majorization
ARRANGED = 1500  # routers: with more of them arranging takes too long
KINDS = (".png", ".pdf", ".svg")


def neighbours(graph: dict[str, Any]) -> list[set[int]]:
    """By router those that are on a link or LAN with it."""
    found: list[set[int]] = [set() for _ in graph["nodes"]]
    for members in [link["ends"] for link in graph["links"]] + [lan["nodes"] for lan in graph["lans"]]:
        for one in members:
            found[one].update(other for other in members if other != one)
    return found


def hops(graph: dict[str, Any]) -> np.ndarray:
    """Hops between all routers; between parts one more than the longest way within one."""
    around = neighbours(graph)
    count = len(around)
    distance = np.full((count, count), -1.0)
    for start in range(count):
        distance[start, start] = 0
        reached = [start]
        for one in reached:
            for other in sorted(around[one]):
                if distance[start, other] < 0:
                    distance[start, other] = distance[start, one] + 1
                    reached.append(other)
    distance[distance < 0] = distance.max() + 1
    return distance


def arrange(graph: dict[str, Any]) -> np.ndarray:
    """Places of all routers on paper, from hops."""
    count = len(graph["nodes"])
    if count > ARRANGED:
        raise Trouble("karp: no picture of %d routers without places" % count)
    distance = hops(graph)
    squares = distance ** 2
    centre = np.eye(count) - 1.0 / count
    values, vectors = np.linalg.eigh(-0.5 * centre @ squares @ centre)
    places = np.zeros((count, 2))
    for axis in range(min(2, count)):
        vector = vectors[:, -1 - axis] * math.sqrt(max(values[-1 - axis], 0.0))
        # Of a vector and its opposite the one whose largest entry is positive, on every machine.
        places[:, axis] = vector * (1 if vector[np.argmax(np.abs(vector))] >= 0 else -1)
    # Routers with the same neighbours fall on one point: each goes a little way of its own.
    angles = 2.4 * np.arange(count)
    return majorize(places + 0.05 * np.column_stack([np.cos(angles), np.sin(angles)]), distance)


def majorize(places: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Places with less stress: each round takes the Guttman transform of the one before."""
    count = len(places)
    for _ in range(ROUNDS):
        apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
        ratio = np.divide(distance, apart, out=np.zeros_like(apart), where=apart > 1e-9)
        places = (ratio.sum(axis=1)[:, None] * places - ratio @ places) / count
    return places


def positions(graph: dict[str, Any]) -> tuple[np.ndarray, bool]:
    """Places of all routers on paper, and whether they are those on the earth."""
    nodes = graph["nodes"]
    if not all("latitude" in node for node in nodes):
        return arrange(graph), False
    latitude = np.array([node["latitude"] for node in nodes])
    longitude = np.array([node["longitude"] for node in nodes])
    return np.column_stack([longitude, latitude]), True


def draw(graph: dict[str, Any]) -> Any:
    """The picture, as a figure of two columns' width."""
    places, earth = positions(graph)
    figure, axes = style.layout(1, 4.2, [], False, width=style.DOUBLE)
    axis = axes[0]
    for link in graph["links"]:
        one, other = (places[end] for end in link["ends"])
        axis.plot([one[0], other[0]], [one[1], other[1]], color=style.GREY, linewidth=0.7, zorder=1)
    for lan in graph["lans"]:
        middle = places[lan["nodes"]].mean(axis=0)
        for end in lan["nodes"]:
            axis.plot([middle[0], places[end][0]], [middle[1], places[end][1]],
                      color=style.ORANGE, linewidth=0.7, zorder=1)
        axis.plot(*middle, marker="s", markersize=3, color=style.ORANGE, zorder=2)
    known = np.array([not node.get("estimated", False) for node in graph["nodes"]])
    axis.scatter(*places[known].T, s=12, color=style.BLUE, zorder=3)
    axis.scatter(*places[~known].T, s=12, facecolor="white", edgecolor=style.BLUE, linewidth=0.8,
                 zorder=3)
    for node, place in zip(graph["nodes"], places):
        if len(places) <= NAMED:
            axis.annotate(node["label"] or node["name"], place, xytext=(3, 3), fontsize=6,
                          textcoords="offset points", zorder=4)
    axis.set_aspect(1 / max(math.cos(math.radians(places[:, 1].mean())), 0.1) if earth else 1,
                    adjustable="datalim")
    if earth:
        axis.set_xlabel("longitude (degrees)")
        axis.set_ylabel("latitude (degrees)")
    else:
        axis.set_axis_off()
    return figure


def run(program: str, source: str, options: list[str], picture: str) -> int:
    """Shows what a topology is like and draws it; returns the exit code of karp-topology."""
    command = [program, "--source=" + source] + options
    if not picture.endswith(KINDS):
        raise Trouble("karp: --picture wants a name that ends with " + ", ".join(KINDS))
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "graph.json")
        code = abs(subprocess.run(command + ["--json=" + name], check=False).returncode)
        if code != 0:
            return code
        with open(name, encoding="utf-8", errors="replace") as file:
            graph = json.load(file)
    os.makedirs(os.path.dirname(picture) or ".", exist_ok=True)
    with style.context():
        draw(graph).savefig(picture, metadata=style.METADATA[picture.rsplit(".", 1)[1]])
    print("%-12s %s" % ("picture", picture))
    return 0
