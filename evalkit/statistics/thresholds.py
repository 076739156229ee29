"""How large a change must be before measurement error is an unlikely reason for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.arguments import check_between
from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def reliable_change_threshold(sd: ArrayLike, reliability: ArrayLike, *, level: float = 0.95) -> Any:
    """Change that is reliable: beyond what measurement error alone would give.

    z * sd * sqrt(2) * sqrt(1 - reliability), where z is 1.96 at the level of 0.95: the standard
    error of a difference of two scores of one person (Jacobson and Truax 1991, *J. Consult. Clin.
    Psychol.* 59, 12-19). Which standard deviation and which reliability one takes decides the
    answer: say where they come from.

    Parameters
    ----------
    sd : float or array_like
        Standard deviation of the scores, above 0.
    reliability : float or array_like
        Between 0 and 1: of the same shape, or broadcastable.
    level : float
        Share of persons without any real change whose scores differ by less.

    Returns
    -------
    float or ndarray
        In units of the scale, in the shape of the input. NaN where an input is.

    Raises
    ------
    ArgumentError
        A standard deviation that is not above 0, a reliability outside 0 to 1, or a level
        outside (0, 1).

    Examples
    --------
    >>> from evalkit.statistics import reliable_change_threshold
    >>> round(reliable_change_threshold(6.8, 0.93), 2)
    4.99
    """
    from scipy.special import ndtri

    check_between(level, "level", above=0, below=1)
    spread, share = np.broadcast_arrays(np.asarray(sd, float), np.asarray(reliability, float))
    _refuse(spread, ~(spread > 0), "sd must lie above 0")
    _refuse(share, (share < 0) | (share > 1), "reliability must lie between 0 and 1")
    threshold = float(ndtri((1 + level) / 2)) * spread * np.sqrt(2 * (1 - share))
    return float(threshold) if threshold.ndim == 0 else threshold


def _refuse(values: np.ndarray[Any, Any], wrong: np.ndarray[Any, Any], rule: str) -> None:
    wrong = wrong & ~np.isnan(values)
    if wrong.any():
        raise ArgumentError(f"{rule}, but is {values[wrong][0]:g}.")
