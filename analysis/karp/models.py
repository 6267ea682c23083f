# SPDX-License-Identifier: GPL-2.0-only
"""Closed forms that measurements are held against.

Takeover: a member gives its GCKS up when no heartbeat came for down + (256 - priority)/256
intervals (the skew of VRRP, RFC 5798 section 6.1). Heartbeats of a GCKS that crashes at an instant
unrelated to them leave a member with a last heartbeat of a certain age; the takeover comes that
much earlier. Each interval may be shortened by up to a fraction j, uniformly, so that heartbeats
and timeouts are never tied.

Join under loss: an exchange is a request and its response, each lost with probability p; a
requester repeats after first, first * base, ... and the responder repeats its response.
"""

from __future__ import annotations

import dataclasses
import math
import os

import numpy as np
import yaml

from .expressions import evaluate


@dataclasses.dataclass(frozen=True)
class Takeover:
    """Time from the crash of a GCKS to its successor's first advertisement, no loss.

    With A the interval, D = (down + skew) A, intervals I = A (1 - j U), U uniform on [0, 1], and
    ``extra`` whatever else passes (delay of the link, processing): T = D + extra - age, the age
    being that of a renewal process seen at a random instant, density P(I > a) / E[I].
    """

    advert: float          # s, nominal interval A
    priority: int          # of the successor
    down: float = 3.0      # intervals
    skewed: bool = True
    jitter: float = 0.0    # j in [0, 1)
    extra: float = 0.0     # s

    @property
    def skew(self) -> float:
        """(256 - priority) / 256 intervals, in seconds."""
        return (256 - self.priority) / 256 * self.advert if self.skewed else 0.0

    @property
    def latest(self) -> float:
        """Crash right after a heartbeat: D + extra."""
        return self.down * self.advert + self.skew + self.extra

    @property
    def earliest(self) -> float:
        """Crash right before a heartbeat that would have come after a whole interval."""
        return self.latest - self.advert

    @property
    def mean_age(self) -> float:
        """E[I^2] / 2 E[I] = A (1 - j + j^2/3) / (2 - j)."""
        j = self.jitter
        return self.advert * (1 - j + j * j / 3) / (2 - j)

    @property
    def mean(self) -> float:
        """D + extra - mean age; (down - 1/2) A + skew without jitter."""
        return self.latest - self.mean_age

    def cdf(self, t: np.ndarray | float) -> np.ndarray:
        """P(T <= t) = P(age >= D + extra - t).

        P(I > x) is 1 up to A (1 - j), then falls linearly to 0 at A; its integral over
        E[I] = A (1 - j/2) is the distribution of the age.
        """
        age = np.clip((self.latest - np.asarray(t, dtype=float)) / self.advert, 0.0, 1.0)
        j = self.jitter
        below = np.minimum(age, 1 - j)
        if j > 0:
            over = np.maximum(age - (1 - j), 0.0)
            below = below + over - over * over / (2 * j)
        return 1 - below / (1 - j / 2)


@dataclasses.dataclass(frozen=True)
class JoinUnderLoss:
    """Extra time that loss costs a join of a number of exchanges in sequence.

    One attempt of an exchange succeeds with q = (1 - loss)^2; k repetitions happen with
    probability q (1 - q)^k and delay the exchange by first (base^k - 1) / (base - 1). After
    ``tries`` repetitions the requester gives up.
    """

    loss: float
    first: float = 2.0     # s until the first repetition
    base: float = 2.0
    tries: int = 5         # repetitions
    exchanges: int = 2
    jitter: float = 0.0    # each wait is shortened by up to this fraction, uniformly

    @property
    def success(self) -> float:
        """q, of one attempt of one exchange."""
        return (1 - self.loss) ** 2

    @property
    def undelayed(self) -> float:
        """P(no repetition in the whole join) = q^exchanges."""
        return self.success ** self.exchanges

    @property
    def completed(self) -> float:
        """P(no exchange is given up)."""
        return (1 - (1 - self.success) ** (self.tries + 1)) ** self.exchanges

    def delay(self, repetitions: int) -> float:
        """Delay of one exchange that took so many repetitions, without jitter."""
        if self.base == 1:
            return self.first * repetitions
        return self.first * (self.base ** repetitions - 1) / (self.base - 1)

    @property
    def mean_per_exchange(self) -> float:
        """Mean delay of one exchange that is completed; jitter shortens each wait by j/2."""
        weights = [(1 - self.success) ** k for k in range(self.tries + 1)]
        total = sum(w * self.delay(k) for k, w in enumerate(weights))
        return (1 - self.jitter / 2) * total / sum(weights)

    @property
    def mean(self) -> float:
        """Mean delay of a join that is completed."""
        return self.exchanges * self.mean_per_exchange

    def steps(self) -> list[tuple[float, float]]:
        """Delays and their probabilities, without jitter; they sum to ``completed``.

        The sum over the exchanges is a convolution of the steps of one.
        """
        one = {self.delay(k): self.success * (1 - self.success) ** k
               for k in range(self.tries + 1)}
        total = {0.0: 1.0}
        for _ in range(self.exchanges):
            summed: dict[float, float] = {}
            for left, p in total.items():
                for right, q in one.items():
                    key = round(left + right, 9)
                    summed[key] = summed.get(key, 0.0) + p * q
            total = summed
        return sorted(total.items())

    def cdf(self, t: np.ndarray | float) -> np.ndarray:
        """P(delay <= t): the staircase, below 1 for ever where joins can fail."""
        delays, weights = zip(*self.steps())
        heights = np.concatenate([[0.0], np.cumsum(weights)])
        return heights[np.searchsorted(delays, np.asarray(t, dtype=float) + 1e-9, side="right")]


def runs_of_losses(loss: float, k: int) -> float:
    """Mean number of heartbeats until k are lost in a row: (1 - p^k) / ((1 - p) p^k)."""
    if not 0 < loss < 1:
        return math.inf if loss == 0 else float(k)
    return (1 - loss ** k) / ((1 - loss) * loss ** k)


def of_run(folder: str, name: str) -> Takeover | JoinUnderLoss | None:
    """The closed form a run should follow, from the resolved scenario it wrote.

    :param name: ``takeover`` or ``join``
    :return: None where the closed form does not apply
    """
    try:
        with open(os.path.join(folder, "scenario.resolved.yaml"), encoding="utf-8") as file:
            doc = yaml.load(file, Loader=yaml.BaseLoader)
        return takeover_of(doc) if name == "takeover" else join_of(doc)
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError,
            IndexError):
        return None


def _attribute(doc: dict, name: str, otherwise: str) -> float:
    """An attribute of the key management application."""
    given = doc["protocol"].get("attr") or {}
    return evaluate(given.get(f"ns3::karp::KmpApplication::{name}", otherwise))


def _moment(event: dict) -> tuple[float, float]:
    """Earliest and latest time of an event."""
    at = event["at"]
    ends = [evaluate(end) for end in (at if isinstance(at, list) else [at])]
    return ends[0], ends[-1]


def _whom(event: dict, key: str) -> str:
    """The one target of an event: a word, or a list of one."""
    target = event.get(key, "")
    return target[0] if isinstance(target, list) and len(target) == 1 else str(target)


def takeover_of(doc: dict) -> Takeover | None:
    """The takeover of a resolved scenario.

    None where the closed form does not apply: another protocol, loss before the crash, no crash of
    the GCKS, or nobody left to take over.
    """
    protocol, group = doc["protocol"], doc["groups"][0]
    timeline = doc.get("timeline") or []
    crash = next((event for event in timeline if event.get("do") == "crash"), None)
    if protocol["kmp"] != "mrkmp" or crash is None or _whom(crash, "target") != "role:gcks":
        return None
    begin, end = _moment(crash)
    nodes = int(evaluate(doc["topology"]["lan"]["nodes"]))
    named = dict(group.get("priority") or {})
    usual = int(evaluate(named.pop("default", "100")))
    priority = {f"r{i}": int(evaluate(named.get(f"r{i}", str(usual)))) for i in range(nodes)}
    first = max(priority, key=lambda name: priority[name])
    for event in timeline:
        if _moment(event)[0] > end:
            continue
        if event["do"] == "impair" and evaluate(event.get("loss") or "0") > 0:
            return None
        if event["do"] == "priority" and _moment(event)[1] <= begin:
            if _whom(event, "node") in priority:
                priority[_whom(event, "node")] = int(evaluate(event["value"]))
        elif event["do"] in ("crash", "reboot", "boot") and event is not crash:
            return None
    del priority[first]
    if not priority:
        return None
    return Takeover(evaluate(protocol["advert"]), max(priority.values()),
                    evaluate(protocol.get("down", "3")),
                    protocol.get("skew", "vrrp") == "vrrp",
                    _attribute(doc, "AdvertJitter", "5%"))


def join_of(doc: dict) -> JoinUnderLoss | None:
    """The delay of a join by loss in a resolved scenario: the last impairment before a boot.

    None where no router boots, or where waits are jittered: then there is no staircase.
    """
    protocol, timeline = doc["protocol"], doc.get("timeline") or []
    boot = next((event for event in timeline if event["do"] == "boot"), None)
    if protocol["kmp"] != "mrkmp" or boot is None or _attribute(doc, "RetransmitJitter", "10%"):
        return None
    before = [event for event in timeline
              if event["do"] == "impair" and _moment(event)[1] <= _moment(boot)[0]]
    again = protocol["retransmit"]
    return JoinUnderLoss(evaluate(before[-1].get("loss") or "0") if before else 0.0,
                         evaluate(again["first"]), evaluate(again["base"]),
                         int(evaluate(again["tries"])))
