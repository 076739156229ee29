"""Answers and scores as whole numbers of steps: compared exactly, on every engine.

A line of 10 cm read to the millimetre has 10 steps per unit, and 3.1 is 31 ticks. A change from
20.1 to 25.1 is 50 ticks, where the floats differ by 5.0000000000000018 or 4.9999999999999982.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.arguments import check_choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    IntArray = NDArray[np.int64]
    FloatArray = NDArray[np.float64]

SIDES = ("<", "<=", ">", ">=")
NOISE = 1e-6
"""Of a step: so far off a whole tick may a number lie that was meant to be on it."""


def to_ticks(values: ArrayLike, steps_per_unit: int) -> IntArray:
    """Return values as whole numbers of steps, ties half up: ``floor(x * k + 0.5)``.

    Parameters
    ----------
    values : array_like
        Answers or scores.
    steps_per_unit : int
        How many steps make one unit: 10 for 0.1.

    Returns
    -------
    ndarray of int64
        In the shape of ``values``. What is not known (NaN) becomes 0: keep ``np.isnan(values)``.

    Examples
    --------
    >>> to_ticks([0.1 + 0.2, 3.1, 0.25, -0.25], 10)
    array([ 3, 31,  3, -2])
    """
    numbers = np.asarray(values, dtype=np.float64)
    ticks = np.floor(numbers * steps_per_unit + 0.5)
    return _whole(ticks)


def threshold_ticks(threshold: ArrayLike, steps_per_unit: int) -> IntArray:
    """Return the fewest ticks that reach a threshold: a change counts from there.

    Parameters
    ----------
    threshold : array_like
        In units of the scale; it need not lie on a step.
    steps_per_unit : int
        As for `to_ticks`.

    Returns
    -------
    ndarray of int64
        In the shape of ``threshold``; 0 where it is NaN.

    Examples
    --------
    >>> threshold_ticks([5, 6.6, 4.987], 10)
    array([50, 66, 50])
    """
    numbers = np.asarray(threshold, dtype=np.float64)
    ticks = np.ceil(numbers * steps_per_unit - NOISE)
    return _whole(ticks)


def cutoff_ticks(cutoff: ArrayLike, steps_per_unit: int, side: str) -> IntArray:
    """Return a cut-off in ticks, so that comparing ticks says what comparing values would.

    Parameters
    ----------
    cutoff : array_like
        In units of the scale; it need not lie on a step.
    steps_per_unit : int
        As for `to_ticks`.
    side : {"<", "<=", ">", ">="}
        Side of the cut-off that is the clinical range.

    Returns
    -------
    ndarray of int64
        In the shape of ``cutoff``; 0 where it is NaN.

    Examples
    --------
    >>> cutoff_ticks([28, 24.35], 10, "<")  # below 24.35 is below 24.4, in steps of 0.1
    array([280, 244])
    """
    check_choice(side, "side", SIDES)
    if side in {"<", ">="}:
        return threshold_ticks(cutoff, steps_per_unit)
    return -threshold_ticks(-np.asarray(cutoff, dtype=np.float64), steps_per_unit)


def in_clinical_range(ticks: ArrayLike, cutoff: ArrayLike, side: str) -> NDArray[np.bool_]:
    """Return whether each score lies in the clinical range, exactly.

    Parameters
    ----------
    ticks : array_like of int
        Scores, from `to_ticks`.
    cutoff : array_like of int
        Cut-offs, from `cutoff_ticks`.
    side : {"<", "<=", ">", ">="}
        Side of the cut-off that is the clinical range; a score at the cut-off is in it with
        ``<=`` and ``>=`` only.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> in_clinical_range([279, 280, 281], 280, "<")
    array([ True, False, False])
    """
    check_choice(side, "side", SIDES)
    compare = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
    return np.asarray(compare[side](np.asarray(ticks), np.asarray(cutoff)))


def _whole(ticks: FloatArray) -> IntArray:
    return np.where(np.isnan(ticks), 0.0, ticks).astype(np.int64)
