# SPDX-License-Identifier: GPL-2.0-only
"""Estimates with their intervals; every number carries n and the name of its method."""

from __future__ import annotations

import dataclasses
import math
import warnings
from typing import Callable, Sequence

import numpy as np

BOOTSTRAP_RESAMPLES = 10_000
BOOTSTRAP_SEED = 20140601  # fixed, so that a table drawn twice says the same


@dataclasses.dataclass(frozen=True)
class Estimate:
    """A number, the interval it is known to, and how both were found."""

    value: float
    low: float
    high: float
    n: int
    method: str
    level: float = 0.95

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        return f"{with_interval(self.value, self.half_width)} (n={self.n})"


def with_interval(value: float, half_width: float) -> str:
    """Value and half-width to two significant digits of the latter: ``2.797 +- 0.011``."""
    if not math.isfinite(value):
        return "-"
    if not math.isfinite(half_width):
        return f"{value:.4g}"
    if half_width == 0:
        return f"{value:.6g} +- 0"
    digits = min(9, max(0, 1 - math.floor(math.log10(half_width))))
    return f"{value:.{digits}f} +- {half_width:.{digits}f}"


def _clean(sample: Sequence[float]) -> np.ndarray:
    data = np.asarray(sample, dtype=float)
    if data.ndim != 1 or data.size == 0 or not np.all(np.isfinite(data)):
        raise ValueError("a sample is a non-empty list of finite numbers")
    return data


def mean(sample: Sequence[float], level: float = 0.95) -> Estimate:
    """Mean with Student's interval: x +- t[(1+level)/2, n-1] s / sqrt(n).

    With one value the interval is the whole line.
    """
    data = _clean(sample)
    centre = float(data.mean())
    if data.size == 1:
        return Estimate(centre, -math.inf, math.inf, 1, "Student t", level)
    from scipy.special import stdtrit
    quantile = float(stdtrit(data.size - 1, (1 + level) / 2))
    half = quantile * float(data.std(ddof=1)) / math.sqrt(data.size)
    return Estimate(centre, centre - half, centre + half, data.size, "Student t", level)


def paired_difference(first: Sequence[float], second: Sequence[float],
                      level: float = 0.95) -> Estimate:
    """Mean of first[i] - second[i] with Student's interval.

    For two variants driven by the same random numbers, run by run: what they share cancels.
    """
    if len(first) != len(second):
        raise ValueError("paired samples have the same length")
    result = mean(np.asarray(first, dtype=float) - np.asarray(second, dtype=float), level)
    return dataclasses.replace(result, method="paired Student t")


def _bca(samples: tuple[np.ndarray, ...], statistic: Callable[..., np.ndarray],
         level: float, paired: bool) -> tuple[float, float]:
    """BCa interval; the plain percentile interval where BCa has none (jackknife without spread)."""
    from scipy.stats import bootstrap
    low = high = math.nan
    for method in ("BCa", "percentile"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of degenerate resamples
            result = bootstrap(samples, statistic, n_resamples=BOOTSTRAP_RESAMPLES,
                               method=method, confidence_level=level, paired=paired,
                               vectorized=True,
                               random_state=np.random.default_rng(BOOTSTRAP_SEED))
        low, high = map(float, result.confidence_interval)
        if math.isfinite(low) and math.isfinite(high):
            break
    return low, high


def quantile(sample: Sequence[float], q: float, level: float = 0.95) -> Estimate:
    """Quantile (linear between order statistics) with a BCa bootstrap interval.

    Bias-corrected and accelerated (Efron 1987), 10,000 resamples, fixed seed. Where all values are
    equal the interval is the value; with n < 3 it is the whole line.
    """
    data = _clean(sample)
    value = float(np.quantile(data, q))
    name = f"BCa bootstrap of quantile {q:g}"
    if data.size < 3:
        return Estimate(value, -math.inf, math.inf, data.size, name, level)
    if np.ptp(data) == 0:
        return Estimate(value, value, value, data.size, name, level)
    low, high = _bca((data,), lambda x, axis: np.quantile(x, q, axis=axis), level, False)
    return Estimate(value, low, high, data.size, name, level)


def ratio(numerator: Sequence[float], denominator: Sequence[float],
          statistic: Callable[..., np.ndarray] = np.mean, paired: bool = True,
          level: float = 0.95) -> Estimate:
    """statistic(numerator) / statistic(denominator) with a BCa bootstrap interval.

    :param statistic: a numpy reduction taking ``axis``
    :param paired: resample pairs (same run of two variants) rather than each sample by itself
    """
    top, bottom = _clean(numerator), _clean(denominator)
    if paired and top.size != bottom.size:
        raise ValueError("paired samples have the same length")
    if float(statistic(bottom, axis=-1)) == 0:
        raise ValueError("the denominator of the ratio is zero")
    value = float(statistic(top, axis=-1) / statistic(bottom, axis=-1))
    size = min(top.size, bottom.size)
    name = "BCa bootstrap of a ratio"
    if size < 3:
        return Estimate(value, -math.inf, math.inf, size, name, level)
    if np.ptp(top) == 0 and np.ptp(bottom) == 0:
        return Estimate(value, value, value, size, name, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _bca((top, bottom),
                         lambda x, y, axis: statistic(x, axis=axis) / statistic(y, axis=axis),
                         level, paired)
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = -math.inf, math.inf
    return Estimate(value, low, high, size, name, level)


def proportion(successes: int, n: int, level: float = 0.95) -> Estimate:
    """Share with Wilson's score interval (Wilson 1927), z = Phi^-1((1+level)/2):

    (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError("successes of n trials, n > 0")
    from scipy.special import ndtri
    z2 = float(ndtri((1 + level) / 2)) ** 2
    share = successes / n
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * share * (1 - share) / n + z2 * z2 / (4 * n * n)) / (1 + z2 / n)
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == n else centre + half
    return Estimate(share, low, high, n, "Wilson", level)


def ecdf(sample: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Empirical distribution: sorted distinct values, and F(x) at and after each."""
    values, counts = np.unique(_clean(sample), return_counts=True)
    return values, np.cumsum(counts) / counts.sum()


def dkw_half_width(n: int, level: float = 0.95) -> float:
    """Half-width of the Dvoretzky-Kiefer-Wolfowitz band: sqrt(ln(2/(1-level)) / 2n).

    Massart's constant (1990). 0.248, 0.136, 0.078 at n = 30, 100, 300.
    """
    if n <= 0:
        raise ValueError("n > 0")
    return math.sqrt(math.log(2 / (1 - level)) / (2 * n))


def by_name(stat: str, sample: Sequence[float], level: float = 0.95) -> Estimate:
    """The estimate a scenario names: mean, median, p95, p99, max, min.

    The extremes are those of the sample and have no interval beyond themselves.
    """
    if stat == "mean":
        return mean(sample, level)
    if stat in QUANTILES:
        return quantile(sample, QUANTILES[stat], level)
    data = _clean(sample)
    if stat in ("max", "min"):
        value = float(data.max() if stat == "max" else data.min())
        return Estimate(value, value, value, data.size, f"sample {stat}", level)
    raise ValueError(f"unknown statistic '{stat}'")


def from_few(stat: str, sample: Sequence[float], level: float) -> tuple[float, float]:
    """Between what a statistic of many values lies, as far as a few of them can tell.

    The mean by Student's interval; quantiles by order statistics, whatever the distribution, and so
    often without an end, as a bootstrap of a few values knows nothing beyond them; the largest of many
    is not smaller than that of a few.
    """
    data = np.sort(_clean(sample))
    if stat == "mean":
        one = mean(sample, level)
        return one.low, one.high
    if stat == "max":
        return float(data[-1]), math.inf
    if stat == "min":
        return -math.inf, float(data[0])
    if stat == "rate":
        one = proportion(int(np.count_nonzero(data)), data.size, level)
        return one.low, one.high
    from scipy.stats import binom
    # As many values lie below the quantile with a probability of less than (1 - level) / 2.
    below = int(binom.ppf((1 - level) / 2, data.size, QUANTILES[stat]))
    above = int(binom.ppf((1 + level) / 2, data.size, QUANTILES[stat]))
    return (float(data[below - 1]) if below > 0 else -math.inf,
            float(data[above]) if above < data.size else math.inf)


QUANTILES = {"median": 0.5, "p95": 0.95, "p99": 0.99}
STATISTICS = ("mean", "median", "p95", "p99", "max", "min", "rate")


def reducer(stat: str) -> Callable[..., np.ndarray]:
    """The statistic as a numpy reduction with an axis, for ratios."""
    if stat in QUANTILES:
        q = QUANTILES[stat]
        return lambda x, axis=-1: np.quantile(x, q, axis=axis)
    return {"mean": np.mean, "max": np.max, "min": np.min}[stat]
