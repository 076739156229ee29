"""What an outsider can work out of hidden numbers, and whether that is too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.privacy.attacking import NOISE, bounds
from evalkit.privacy.rule_attack import bounds_by_rule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System

COLUMNS = ("lower", "upper", "width", "required", "rule_lower", "rule_upper", "safe")
DEEPEST = 8
"""Totals of totals of totals: more levels than any table has."""


def attacked(
    system: System,
    min_cell: int,
    *,
    zeros: bool = False,
    full: Mask | None = None,
    by_rule: bool = True,
) -> pd.DataFrame:
    """Return what can be worked out of every hidden number of a system.

    Parameters
    ----------
    system : System
        With the values that are shown; NaN where a number is hidden. What is unsafe in it, an
        outsider does not know, and it is not used.
    min_cell : int
        The smallest number that may be shown.
    zeros : bool
        Whether 0 is unsafe too.
    full : ndarray of bool, optional
        The numbers of which 0 is unsafe in any case, see `bounds_by_rule`.
    by_rule : bool
        Whether numbers are hidden for no other reason than how large they are.

    Returns
    -------
    pandas.DataFrame
        One row per hidden number, ``id`` first, then ``lower, upper, width`` (by what adds up),
        ``required`` (the width that it must have: ``min_cell``, or the smallest shown total
        above it), ``rule_lower, rule_upper`` (in whole numbers, for who also knows why numbers
        are hidden), ``safe``.
    """
    hidden = np.flatnonzero(np.isnan(system.values))
    known = bounds(system)
    ruled = known
    if by_rule:
        ruled = bounds_by_rule(system, min_cell, zeros=zeros, full=full, known=known)
    table = pd.DataFrame(
        {
            "id": [system.ids[place] for place in hidden],
            "lower": _rounded(known.lower[hidden]),
            "upper": _rounded(known.upper[hidden]),
        }
    )
    table["width"] = table["upper"] - table["lower"]
    table["required"] = np.minimum(float(min_cell), smallest_above(system)[hidden])
    table["rule_lower"] = ruled.lower[hidden]
    table["rule_upper"] = ruled.upper[hidden]
    table["safe"] = ~_too_narrow(table, min_cell, 0 if zeros else 1)
    return table.astype({"id": "str"})


def smallest_above(system: System) -> NDArray[np.float64]:
    """Return the smallest shown total that each number is part of; infinite where none is."""
    sums = system.sums.tocoo()
    totals = np.zeros(system.sums.shape[0], dtype=np.intp)
    totals[sums.row[sums.data > 0]] = sums.col[sums.data > 0]
    parts = sums.data < 0
    above = np.full(len(system.values), np.inf)
    for _ in range(DEEPEST):
        of_total = np.where(np.isnan(system.values), above, system.values)[totals]
        np.minimum.at(above, sums.col[parts], of_total[sums.row[parts]])
    return above


def _too_narrow(table: pd.DataFrame, min_cell: int, least: int) -> NDArray[np.bool_]:
    """Return where a number may be unsafe and lies in too short an interval, or rule tells it."""
    unsafe = (table["lower"] < min_cell) & (table["upper"] >= least)
    short = table["width"] < table["required"] - NOISE
    # The rule says that a number is from 1 to min_cell - 1: what tells no more is no news.
    news = max(min_cell - 1 - least, 1)
    told = (table["rule_lower"] < min_cell) & (table["rule_upper"] >= least)
    told &= table["rule_upper"] - table["rule_lower"] < np.minimum(news, table["required"])
    return np.asarray((unsafe & short) | told, dtype=bool)


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values free of the noise of floating point."""
    whole = np.rint(values)
    return np.where(np.isclose(values, whole, rtol=0, atol=NOISE * 10), whole, values)
