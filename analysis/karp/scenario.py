# SPDX-License-Identifier: GPL-2.0-only
"""The part of a scenario file that is about many runs: sweep, over_runs, output.

The interpreter of scenarios is karp-scenario; it judges the rest of the file. Scalars are kept as
the text that stands in the file (``0.05``, ``250ms``, ``1:30``), as karp-scenario sees them, so
that no YAML type guess comes between the file and the program.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import itertools
import json
import os
import re
from typing import Any, Iterator, Sequence

import yaml

from .expressions import ExpressionError, evaluate, same_value, variables_in
from .stats import STATISTICS

MAX_DEPTH = 64    # of nested blocks of a file
MAX_CELLS = 100_000
MAX_BASES = 8     # one upon the other
QUICK_RUNS = 3    # of each cell with --quick
MAPS = "KARP_TOPOLOGIES"   # names a folder of further maps

SWEEP_KEYS = ("grid", "zip", "cases", "runs", "until_ci", "skip_absent")
UNTIL_KEYS = ("metric", "rel", "max")
OVER_RUNS_KEYS = ("metric", "stat", "between", "equals", "below", "above", "ratio", "difference",
                  "confidence", "tol")
PAIR_KEYS = ("ratio", "difference")
BOUND_KEYS = ("between", "equals", "below", "above")
EXPECT_KINDS = ("always", "never", "eventually", "over_runs")
PLOT_KINDS = ("cdf", "line", "step", "bars", "timeline", "bytes")
PLOT_KEYS = {
    "cdf": ("cdf", "by", "panel", "where", "model", "xlog", "name"),
    "line": ("line", "x", "by", "panel", "where", "ci", "model", "xlog", "ylog", "name"),
    "step": ("step", "x", "by", "panel", "where", "ci", "model", "xlog", "ylog", "name"),
    "bars": ("bars", "x", "panel", "where", "ylog", "name"),
    "timeline": ("timeline", "run", "where", "group", "zoom", "from", "until", "name"),
    "bytes": ("bytes", "x", "where", "panel", "xlog", "ylog", "name"),
}

MODELS = ("takeover", "join", "none")

Path = tuple[Any, ...]


class ScenarioError(Exception):
    """The file, or what was asked of it on the command line, is wrong."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """One point of the sweep: values of its variables, in the order of the file."""

    items: tuple[tuple[str, str], ...]

    @property
    def vars(self) -> dict[str, str]:
        """Values by name."""
        return dict(self.items)

    @property
    def text(self) -> str:
        """``N=3,adv=250ms``, as karp-scenario takes it."""
        return ",".join(f"{name}={value}" for name, value in self.items)

    @property
    def folder(self) -> str:
        """A name for a folder, different for different cells."""
        if not self.items:
            return "all"
        name = re.sub(r"[^A-Za-z0-9._=,+%-]", "_", self.text)
        if name == self.text and len(name) <= 150 and not name.startswith("."):
            return name
        return f"{name[:120]}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    def matches(self, where: dict[str, Any]) -> bool:
        """Whether each variable of ``where`` has that value, or one of these."""
        mine = self.vars
        return all(any(same_value(mine.get(name, ""), wanted)
                       for wanted in (wants if isinstance(wants, list) else [wants]))
                   for name, wants in where.items())


def nearest(word: str, known: Sequence[str]) -> str:
    """Hint for a word that is not known."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f" (did you mean '{close[0]}'?)" if close else f" (known: {', '.join(known)})"


def _scalars(value: Any) -> Iterator[str]:
    """Every plain value below a block."""
    if isinstance(value, str):
        yield value
    elif value is not None:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _scalars(part)


def _over(base: Any, over: Any) -> Any:
    """Two blocks put together, the latter over the former."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    merged = dict(base)
    for key, value in over.items():
        merged[key] = _over(base[key], value) if key in base else value
    return merged


class Scenario:
    """A scenario file, read and checked as far as campaigns are concerned."""

    depth = 0    # how many files are based on this one, one upon the other

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.lines: dict[Path, int] = {}
        self.doc = self._read()
        self.used = list(dict.fromkeys(
            name for scalar in _scalars({key: value for key, value in self.doc.items()
                                         if key != "expect"}) for name in variables_in(scalar)))
        self.name = self._text(("name",), "unnamed")
        self._check()

    @classmethod
    def load(cls, path: str) -> "Scenario":
        """Read a file."""
        try:
            with open(path, encoding="utf-8") as file:
                return cls(path, file.read())
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ScenarioError(f"{path}: {reason}") from error

    # Reading

    def error(self, path: Path, message: str) -> ScenarioError:
        """An error at the line of a key, or of the nearest block around it."""
        while path and path not in self.lines:
            path = path[:-1]
        line = self.lines.get(path)
        return ScenarioError(f"{self.path}:{line}: {message}" if line
                             else f"{self.path}: {message}")

    def _read(self) -> dict[str, Any]:
        try:
            node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"{self.path}:{mark.line + 1}" if mark else self.path
            problem = getattr(error, "problem", None) or str(error)
            raise ScenarioError(f"{where}: not YAML: {problem}") from error
        doc = self._plain(node, (), 0)
        if not isinstance(doc, dict):
            raise ScenarioError(f"{self.path}: a scenario is a block of keys")
        return self._with_base(doc)

    def _with_base(self, doc: dict[str, Any]) -> dict[str, Any]:
        """What the file says over what the file says that it is based on."""
        if "base" not in doc:
            return doc
        name = doc.pop("base")
        if self.depth == MAX_BASES:
            raise self.error(("base",), f"more than {MAX_BASES} files one upon the other")
        if not isinstance(name, str) or not name:
            raise self.error(("base",), "'base' must be the name of a file")
        path = os.path.join(os.path.dirname(self.path), name)
        try:
            with open(path, encoding="utf-8") as file:
                under = Scenario.__new__(Scenario)
                under.path, under.text, under.lines = path, file.read(), {}
                under.depth = self.depth + 1
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self.error(("base",), f"{name}: {reason}") from error
        return _over(under._read(), doc)

    def _plain(self, node: yaml.Node | None, path: Path, depth: int) -> Any:
        if node is None:
            return None
        self.lines.setdefault(path, node.start_mark.line + 1)
        if depth > MAX_DEPTH:
            raise self.error(path, "nested too deeply")
        if isinstance(node, yaml.MappingNode):
            block: dict[str, Any] = {}
            for key, value in node.value:
                name = str(key.value)
                self.lines[path + (name,)] = key.start_mark.line + 1
                if name in block:
                    raise self.error(path + (name,), f"'{name}' stands here twice")
                block[name] = self._plain(value, path + (name,), depth + 1)
            return block
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(value, path + (index,), depth + 1)
                    for index, value in enumerate(node.value)]
        return str(node.value)

    def at(self, path: Path, default: Any = None) -> Any:
        """What stands at a path of keys and indices."""
        found: Any = self.doc
        for key in path:
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, list) and isinstance(key, int) and key < len(found):
                found = found[key]
            else:
                return default
        return found

    def _text(self, path: Path, default: str) -> str:
        value = self.at(path, default)
        if not isinstance(value, str):
            raise self.error(path, f"'{path[-1]}' must be a plain value")
        return value

    def _block(self, path: Path, known: Sequence[str] | None = None) -> dict[str, Any]:
        value = self.at(path, {})
        if not isinstance(value, dict):
            raise self.error(path, f"'{path[-1]}' must be a block of keys")
        for name in value:
            if known is not None and name not in known:
                raise self.error(path + (name,), f"unknown key '{name}'{nearest(name, known)}")
        return value

    def _list(self, path: Path) -> list[Any]:
        value = self.at(path, [])
        if not isinstance(value, list):
            raise self.error(path, f"'{path[-1]}' must be a list")
        return value

    def _count(self, path: Path, default: int) -> int:
        text = self._text(path, str(default))
        if not re.fullmatch(r"[1-9]\d{0,6}", text):
            raise self.error(path, f"'{path[-1]}' must be a whole number from 1, not '{text}'")
        return int(text)

    # Checking

    def _check(self) -> None:
        self._block(("sweep",), SWEEP_KEYS)
        for kind in ("grid", "zip"):
            for name in self._block(("sweep", kind)):
                path = ("sweep", kind, name)
                values = self._list(path)
                if not values or not all(isinstance(value, str) for value in values):
                    raise self.error(path, f"'{name}' must be a list of plain values")
        if len({len(values) for values in self._block(("sweep", "zip")).values()}) > 1:
            raise self.error(("sweep", "zip"), "the lists of 'zip' differ in length")
        for name in self._block(("sweep", "cases")):
            for variable in self._block(("sweep", "cases", name)):
                self._text(("sweep", "cases", name, variable), "")
        self.runs = self._count(("sweep", "runs"), 1)
        self.swept = self._swept()
        for index in range(len(self._list(("sweep", "skip_absent")))):
            path = ("sweep", "skip_absent", index)
            name = self._text(path, "")
            if name not in self._block(("sweep", "grid")):
                raise self.error(path, f"'skip_absent' names variables of 'grid', not '{name}'")
        self._check_until_ci()
        ids = [self._check_expectation(index) for index in range(len(self._list(("expect",))))]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise self.error(("expect", index), f"two expectations are named '{name}'")
        for index in range(len(self._list(("output", "plots")))):
            self._check_plot(index)

    def _swept(self) -> list[str]:
        """Names of the variables of the sweep, each once."""
        names = ["case"] if self.at(("sweep", "cases")) else []
        for block in self._block(("sweep", "cases")).values():
            names += block
        names += list(self._block(("sweep", "grid"))) + list(self._block(("sweep", "zip")))
        for name in self._block(("sweep", "zip")):
            if name in self._block(("sweep", "grid")):
                raise self.error(("sweep", "zip", name), f"'{name}' is in 'grid' as well")
        return list(dict.fromkeys(names))

    def _check_until_ci(self) -> None:
        path = ("sweep", "until_ci")
        self.until_ci: dict[str, Any] | None = None
        if self.at(path) is None:
            return
        self._block(path, UNTIL_KEYS)
        if not self.at(path + ("metric",)):
            raise self.error(path, "'until_ci' needs a 'metric'")
        try:
            rel = evaluate(self._text(path + ("rel",), "5%"))
        except ExpressionError as error:
            raise self.error(path + ("rel",), str(error)) from error
        if rel <= 0:
            raise self.error(path + ("rel",), "'rel' must be more than 0")
        self.until_ci = {"metric": self._text(path + ("metric",), ""), "rel": rel,
                         "max": self._count(path + ("max",), 500)}

    def _check_expectation(self, index: int) -> str:
        path: Path = ("expect", index)
        block = self._block(path)
        name = self._text(path + ("id",), f"expect-{index + 1}")
        self.check_where(path + ("where",))
        if "over_runs" in block:
            self._check_over_runs(path + ("over_runs",))
        return name

    def _check_over_runs(self, path: Path) -> None:
        spec = self._block(path, OVER_RUNS_KEYS)
        if not isinstance(spec.get("metric"), str):
            raise self.error(path, "'over_runs' needs a 'metric'")
        stat = self._text(path + ("stat",), "")
        if stat not in STATISTICS:
            raise self.error(path, f"unknown 'stat' '{stat}'{nearest(stat, STATISTICS)}")
        if not any(key in spec for key in BOUND_KEYS):
            raise self.error(path, f"'over_runs' needs one of {', '.join(BOUND_KEYS)}")
        if "tol" in spec and "equals" not in spec:
            raise self.error(path + ("tol",), "'tol' belongs to 'equals'")
        self._check_pair(path, spec, stat)
        for text_path, text in self._bounds(path, spec):
            for variable in variables_in(text):
                self._check_variable(text_path, variable)
            try:  # the form only: every variable stands for some number
                evaluate(text, {variable: "1.2345" for variable in variables_in(text)})
            except ExpressionError as error:
                raise self.error(text_path, str(error)) from error

    def _check_pair(self, path: Path, spec: dict[str, Any], stat: str) -> None:
        """Two values of a variable that are compared, and how surely."""
        for key in PAIR_KEYS:
            if key not in spec:
                continue
            pairs = self._block(path + (key,))
            if len(pairs) != 1 or any(not isinstance(pair, list) or len(pair) != 2
                                      for pair in pairs.values()):
                raise self.error(path + (key,), f"'{key}' is {{variable: [value, value]}}")
            for variable in pairs:
                self._check_variable(path + (key, variable), variable)
        if all(key in spec for key in PAIR_KEYS):
            raise self.error(path + ("difference",), "say 'ratio' or 'difference', not both")
        if "ratio" in spec and stat == "rate":
            raise self.error(path + ("stat",), "'rate' has no 'ratio'")
        if "difference" in spec and stat != "mean":
            raise self.error(path + ("stat",), "'difference' is one of means")
        if "confidence" in spec:
            where = path + ("confidence",)
            if stat in ("max", "min"):
                raise self.error(where, f"'{stat}' has no interval")
            try:
                level = evaluate(self._text(where, ""))
            except ExpressionError as error:
                raise self.error(where, str(error)) from error
            if not 0 < level < 1:
                raise self.error(where, "'confidence' lies between 0 and 1")

    def _bounds(self, path: Path, spec: dict[str, Any]) -> Iterator[tuple[Path, str]]:
        for key in BOUND_KEYS + ("tol",):
            if key not in spec:
                continue
            if key == "between":
                ends = self._list(path + (key,))
                if len(ends) != 2:
                    raise self.error(path + (key,), "'between' is [least, most]")
                for index in range(2):
                    yield path + (key, index), self._text(path + (key, index), "")
            else:
                yield path + (key,), self._text(path + (key,), "")

    def _check_variable(self, path: Path, variable: str) -> None:
        known = list(dict.fromkeys(self.swept + self.used))
        if variable not in known:
            raise self.error(path, f"unknown variable '{variable}'{nearest(variable, known)}")

    def check_where(self, path: Path) -> dict[str, Any]:
        """The variables a ``where`` names must be there."""
        block = self._block(path)
        for variable, value in block.items():
            self._check_variable(path + (variable,), variable)
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(one, str) for one in values):
                raise self.error(path + (variable,), "'where' takes plain values")
        return block

    def _check_plot(self, index: int) -> None:
        path: Path = ("output", "plots", index)
        spec = self._block(path)
        kinds = [kind for kind in PLOT_KINDS if kind in spec]
        if len(kinds) != 1:
            first = next(iter(spec), "")
            raise self.error(path, f"unknown kind of plot '{first}'{nearest(first, PLOT_KINDS)}")
        self._block(path, PLOT_KEYS[kinds[0]])
        if kinds[0] in ("line", "step", "bars", "bytes"):
            if not isinstance(spec.get("x"), str):
                raise self.error(path, f"'{kinds[0]}' needs 'x', a variable of the sweep")
        for key in ("x", "by", "panel"):
            if key in spec:
                self._check_variable(path + (key,), self._text(path + (key,), ""))
        self.check_where(path + ("where",))
        for key in ("ci", "from", "until"):
            if key in spec:
                try:
                    evaluate(self._text(path + (key,), ""))
                except ExpressionError as error:
                    raise self.error(path + (key,), str(error)) from error
        if "ci" in spec and not 0 < evaluate(spec["ci"]) < 1:
            raise self.error(path + ("ci",), "'ci' lies between 0 and 1")
        self._count(path + ("run",), 1)
        for key in ("xlog", "ylog"):
            if self._text(path + (key,), "10") not in ("2", "10"):
                raise self.error(path + (key,), f"'{key}' is the base of the axis, 2 or 10")
        model = self._text(path + ("model",), "none")
        equations = [one["id"] for one in self.expectations() if "equals" in one["spec"]]
        if model not in MODELS and model not in equations:
            raise self.error(path + ("model",), f"unknown model '{model}'{nearest(model, [*MODELS, *equations])}")

    # What campaigns ask

    def expectations(self) -> list[dict[str, Any]]:
        """Each as {id, kind, where, level, spec}; spec of over_runs only."""
        found = []
        for index, block in enumerate(self._list(("expect",))):
            kind = next((kind for kind in EXPECT_KINDS if kind in block), "?")
            found.append({"id": block.get("id", f"expect-{index + 1}"), "kind": kind,
                          "where": block.get("where", {}), "level": block.get("level", "fail"),
                          "spec": block.get("over_runs", {}),
                          "line": self.lines.get(("expect", index))})
        return found

    def plots(self) -> list[dict[str, Any]]:
        """Figures asked for."""
        return list(self._list(("output", "plots")))

    def metrics(self) -> list[str]:
        """Metrics asked for."""
        return [str(name) for name in self._list(("output", "metrics"))]

    def cells(self, fixed: dict[str, str]) -> list[Cell]:
        """Every point of the sweep, with some variables fixed from outside."""
        used = self.used
        for name in fixed:
            if name not in self.swept and name not in used:
                known = list(dict.fromkeys(self.swept + used))
                hint = nearest(name, known) if known else " (the scenario has no variables)"
                raise ScenarioError(f"--set {name}: no such variable in {self.path}{hint}")
        axes: list[list[dict[str, str]]] = []
        cases = self._block(("sweep", "cases"))
        if cases:
            if "case" in fixed and fixed["case"] not in cases:
                raise ScenarioError(f"--set case={fixed['case']}: no such case"
                                    f"{nearest(fixed['case'], list(cases))}")
            axes.append([{"case": name, **block} for name, block in cases.items()
                         if fixed.get("case", name) == name])
        for name, values in self._block(("sweep", "grid")).items():
            there = [value for value in values if value not in self.absent(name)]
            if not there and name not in fixed:
                raise self.error(("sweep", "grid", name), f"none of the files of '{name}' is there")
            axes.append([{name: value} for value in there or values[:1]])
        together = self._block(("sweep", "zip"))
        if together:
            axes.append([dict(zip(together, row)) for row in zip(*together.values())])
        found: dict[Cell, None] = {}
        for parts in itertools.product(*axes):
            merged: dict[str, str] = {}
            for part in parts:
                merged.update(part)
            merged.update(fixed)
            found[Cell(tuple(merged.items()))] = None
            if len(found) > MAX_CELLS:
                raise self.error(("sweep",), f"the sweep has more than {MAX_CELLS} cells")
        cells = list(found)
        for name in used:
            if cells and name not in cells[0].vars:
                raise ScenarioError(f"{self.path}: ${name} has no value: name it in 'sweep' or "
                                    f"give --set {name}=VALUE")
        return cells

    def digest(self) -> str:
        """Hash of what a single run depends on.

        What only concerns many runs (sweep, over_runs, plots, where results go) and prose is left
        out: changing it does not make finished runs stale.
        """
        doc = {key: value for key, value in self.doc.items() if key not in ("sweep", "about")}
        if isinstance(doc.get("output"), dict):
            doc["output"] = {key: value for key, value in doc["output"].items()
                             if key not in ("plots", "dir")}
        if isinstance(doc.get("expect"), list):
            doc["expect"] = [one for one in doc["expect"]
                             if not (isinstance(one, dict) and "over_runs" in one)]
        text = json.dumps(doc, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def absent(self, variable: str) -> list[str]:
        """Values of a variable that name files which are not there, where the file is not sure of it."""
        if variable not in self._list(("sweep", "skip_absent")):
            return []
        return [value for value in self._list(("sweep", "grid", variable))
                if not os.path.isfile(self.locate(value))]

    def locate(self, name: str) -> str:
        """Where a map is: beside the scenario, or in the folder of maps, as karp-scenario finds it."""
        beside = os.path.join(os.path.dirname(self.path), name)
        folder = os.environ.get(MAPS)
        return beside if folder is None or os.path.exists(beside) else os.path.join(folder, name)

    def files(self, cell: Cell) -> list[str]:
        """Other files a run reads, for the key it is stored under (maps of topologies)."""
        name = self.at(("topology", "graphml", "file"))
        if not isinstance(name, str):
            return []
        return [self.locate(cell.vars.get(name[1:], name) if name.startswith("$") else name)]


def parse_settings(settings: Sequence[str]) -> dict[str, str]:
    """``["N=3", "adv=1s,loss=0"]`` as a dictionary."""
    found: dict[str, str] = {}
    for setting in settings:
        for one in setting.split(","):
            name, equals, value = one.partition("=")
            name, value = name.strip(), value.strip()
            if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or not value:
                raise ScenarioError(f"--set {setting}: name=value expected")
            found[name] = value
    return found
