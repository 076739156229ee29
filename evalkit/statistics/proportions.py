"""A share and its interval."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from evalkit.arguments import check_between, check_choice
from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]

PROPORTION_METHODS = ("wilson", "clopper_pearson")


class Estimate(NamedTuple):
    """A number with its interval; each field a float, or an array where arrays came in.

    Attributes
    ----------
    estimate, lower, upper : float or ndarray
        NaN where there is nothing to estimate from, or no honest interval.
    n : float or ndarray
        What the estimate rests on.
    method : str
        How the interval was made.
    """

    estimate: Any
    lower: Any
    upper: Any
    n: Any
    method: str


def proportion(
    successes: ArrayLike, n: ArrayLike, *, method: str = "wilson", level: float = 0.95
) -> Estimate:
    """Share of successes with an interval for independent trials.

    Trials that belong together (twelve sessions of the same nine children) are not
    independent: for those see `evalkit.attendance.rate`.

    Parameters
    ----------
    successes, n : array_like
        Counts, of the same shape or broadcastable. Need not be whole numbers, so that an
        effective sample size may be handed in. ``n`` of 0 gives NaN.
    method : {"wilson", "clopper_pearson"}
        Wilson's score interval (Wilson 1927, *JASA* 22, 209-212) or the exact interval of
        Clopper and Pearson (1934, *Biometrika* 26, 404-413).
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    Estimate
        ``estimate, lower, upper, n`` as shares of 1, in the shape of the input.

    Raises
    ------
    ArgumentError
        A negative count, more successes than trials, an unknown method or level.

    Examples
    --------
    >>> from evalkit.statistics import proportion
    >>> result = proportion(8, 9)
    >>> f"{result.estimate:.3f} [{result.lower:.3f}, {result.upper:.3f}]"
    '0.889 [0.565, 0.980]'
    """
    check_choice(method, "method", PROPORTION_METHODS)
    check_between(level, "level", above=0, below=1)
    x, trials = np.broadcast_arrays(np.asarray(successes, float), np.asarray(n, float))
    _check_counts(x, trials)
    interval = _wilson if method == "wilson" else _clopper_pearson
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(trials > 0, x / trials, np.nan)
        lower, upper = interval(x, trials, level)
    known = trials > 0
    lower, upper = np.where(known, lower, np.nan), np.where(known, upper, np.nan)
    return Estimate(_plain(share), _plain(lower), _plain(upper), _plain(trials), method)


def _wilson(x: FloatArray, n: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    from scipy.special import ndtri

    z2 = float(ndtri((1 + level) / 2)) ** 2
    centre = (x + z2 / 2) / (n + z2)
    half = math.sqrt(z2) / (n + z2) * np.sqrt(x * (n - x) / n + z2 / 4)
    # Exactly 0 and 1 at the ends, where the formula gives them up to rounding.
    lower = np.where(x == 0, 0.0, centre - half)
    upper = np.where(x == n, 1.0, centre + half)
    return lower, upper


def _clopper_pearson(x: FloatArray, n: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    lower = np.where(x == 0, 0.0, betaincinv(x, n - x + 1, tail))
    upper = np.where(x == n, 1.0, betaincinv(x + 1, n - x, 1 - tail))
    return lower, upper


def _check_counts(x: FloatArray, n: FloatArray) -> None:
    wrong = (x < 0) | (x > n)
    if wrong.any():
        first = np.flatnonzero(wrong.ravel())[0]
        raise ArgumentError(
            f"successes must lie between 0 and n, but are {x.ravel()[first]:g} "
            f"of {n.ravel()[first]:g}."
        )


def _plain(array: FloatArray) -> Any:
    return float(array) if array.ndim == 0 else array
