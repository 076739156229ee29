"""Means of few answers: which may be shown, and which would give the answers back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.privacy.policy import LEAST_FOR_MEAN, LEAST_FOR_SPREAD

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells, Mean
    from evalkit.privacy.policy import Policy

    Mask = NDArray[np.bool_]

NOISE = 1e-6


def hidden_means(
    result: pd.DataFrame, mean: Mean, n_hidden: Mask, cells: Cells, policy: Policy
) -> tuple[Mask, Mask]:
    """Return in which rows a mean is hidden, and in which rows what tells more than it.

    A mean needs as many answers as ``min_cell``, and 5 at least, and their number shown; standard
    deviations, intervals and the like need 10. A mean is also hidden where one set of answers
    only has it, as where all gave the best answer, or all but one.
    """
    n = _numbers(result, mean.n)
    hidden = n_hidden | (n < max(policy.min_cell, LEAST_FOR_MEAN))
    if policy.hides_full_rows(cells):
        hidden |= told_by_mean(result, mean, policy.min_cell)
        if mean.spreads and "sd" in mean.spreads:
            hidden |= _numbers(result, "sd") == 0
    known = ~np.isnan(_numbers(result, mean.column))
    return hidden & known, (hidden | (n < LEAST_FOR_SPREAD)) & known


def told_by_mean(result: pd.DataFrame, mean: Mean, min_cell: int) -> Mask:
    """Return in which rows n and mean leave one set of answers only, as far as they tell.

    With the number at the best end of the scale known too, it is what the others answered that
    must not follow. On a scale of three answers or fewer everything follows from these numbers,
    which is no harm where each answer was given by enough people or by none.
    """
    out = np.zeros(len(result), dtype=bool)
    if mean.lowest is None or mean.highest is None:
        return out
    lowest, highest = _numbers(result, mean.lowest), _numbers(result, mean.highest)
    n = _numbers(result, mean.n)
    levels = np.rint((highest - lowest) / mean.step)
    above = np.rint((_numbers(result, mean.column) - lowest) / mean.step * n)
    out |= _one_set_only(n, above, levels)
    if mean.best is None:
        return out
    best = _numbers(result, mean.best)
    others = n - best
    lowest_is_best = np.zeros(len(out), dtype=bool)
    if mean.reversed is not None:
        lowest_is_best = result[mean.reversed].to_numpy(dtype=bool)
    of_others = np.where(lowest_is_best, above - others, above - best * levels)
    out |= _one_set_only(others, of_others, levels - 1)
    worst = _numbers(result, mean.worst) if mean.worst is not None else np.full(len(out), np.nan)
    counts = (best, worst, n - best - worst)
    harmless = np.all([(each == 0) | (each >= min_cell) for each in counts], axis=0)
    harmless &= np.all([each < n for each in counts], axis=0)
    return np.where(levels <= 2, ~harmless, out)


def _one_set_only(
    n: NDArray[np.float64], above: NDArray[np.float64], levels: NDArray[np.float64]
) -> Mask:
    """Return where n answers on 0, 1, ... levels that add up to ``above`` can be one way only."""
    fits = (n > 0) & (above > -NOISE) & (above < n * levels + NOISE)
    return fits & ((above < 2 - NOISE) | (above > n * levels - 2 + NOISE) | (levels < 2))


def _numbers(result: pd.DataFrame, what: str | float) -> NDArray[np.float64]:
    if isinstance(what, str):
        return result[what].to_numpy(dtype=float, na_value=np.nan)
    return np.full(len(result), float(what))
