"""The outsider who also knows the rule: whatever is hidden is too small, or protects what is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from evalkit.privacy.attacking import NOISE, Bounds, NotSolvedError, bounds
from evalkit.privacy.system import clusters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System

    Vector = NDArray[np.float64]
    Places = NDArray[np.intp]

MOST_HIDDEN = 12
"""In larger clusters the rule tells next to nothing, and integers take long."""
NEAR = 3
"""An interval of more than so many times ``min_cell`` is not narrowed by the rule to less."""
FAR = 100
"""A number with no limit is taken to be at most so many times ``min_cell`` above its least."""


def bounds_by_rule(
    system: System,
    min_cell: int,
    *,
    zeros: bool = False,
    full: Mask | None = None,
    known: Bounds | None = None,
) -> Bounds:
    """Return between which values hidden numbers must lie for who knows why numbers are hidden.

    In each cluster of hidden numbers that hang together at least one is unsafe, and every one is
    either unsafe or not: a whole number from 1 to ``min_cell`` - 1, or 0, or from ``min_cell`` up.
    Of numbers that would not be printed anyway nothing follows by themselves.

    Parameters
    ----------
    system : System
        With the values that are shown; NaN where a number is hidden.
    min_cell : int
        The smallest number that may be shown.
    zeros : bool
        Whether 0 is unsafe too.
    full : ndarray of bool, optional
        The numbers of which 0 is unsafe in any case: what is left of a total, if a count is not
        to be known as that of everyone.
    known : Bounds, optional
        What follows from the sums alone, if that was worked out before.

    Returns
    -------
    Bounds
        Those of `bounds` where a cluster is large or an interval is long.
    """
    known = bounds(system) if known is None else known
    lower, upper = known.lower.copy(), known.upper.copy()
    unknown = np.isnan(system.values)
    shown = np.where(unknown, 0.0, system.values)
    for places in clusters(system.sums, unknown):
        width = upper[places] - lower[places]
        asked = np.flatnonzero((width <= NEAR * min_cell) & (lower[places] < min_cell))
        if len(places) > MOST_HIDDEN or not len(asked) or not system.printed[places].any():
            continue
        columns = system.sums[:, places]
        rows = np.diff(columns.indptr) > 0
        most = np.minimum(upper[places], lower[places] + FAR * min_cell)
        smallest = np.full(len(places), 0.0 if zeros else 1.0)
        if full is not None:
            smallest[full[places]] = 0.0
        puzzle = _puzzle(columns[rows], -(system.sums @ shown)[rows], most, min_cell, smallest)
        for place in asked.tolist():
            at = places[place]
            lower[at], upper[at] = _least(puzzle, place, 1), _least(puzzle, place, -1)
    return Bounds(lower, upper)


class _Puzzle(NamedTuple):
    """Unknowns: the numbers, whether each is unsafe, whether each is ``min_cell`` or more."""

    matrix: sparse.csr_array
    least: Vector
    most: Vector
    ceiling: Vector


def _puzzle(
    sums: sparse.csr_array, told: Vector, most: Vector, min_cell: int, smallest: Vector
) -> _Puzzle:
    size = sums.shape[1]
    one, none = sparse.eye_array(size), sparse.csr_array((size, size))
    blocks = [
        [sums, sparse.csr_array(sums.shape), sparse.csr_array(sums.shape)],
        [one, -(min_cell - 1.0) * one, sparse.diags_array(-most)],
        [one, sparse.diags_array(-smallest), -float(min_cell) * one],
        [none, one, one],
        [sparse.csr_array((1, size)), sparse.csr_array(np.ones((1, size))), None],
    ]
    blocks[-1][2] = sparse.csr_array((1, size))
    endless = np.full(size, np.inf)
    kinds = np.zeros(size)
    return _Puzzle(
        sparse.block_array(blocks, format="csr"),
        np.concatenate([told, -endless, np.zeros(size), kinds, [1.0]]),
        np.concatenate([told, np.zeros(size), endless, np.ones(size), [np.inf]]),
        np.concatenate([most, np.ones(2 * size)]),
    )


def _least(puzzle: _Puzzle, place: int, sign: int) -> float:
    """Return the least value of a number (sign 1) or its largest (sign -1)."""
    from scipy.optimize import Bounds as Limits
    from scipy.optimize import LinearConstraint, milp

    goal = np.zeros(len(puzzle.ceiling))
    goal[place] = sign
    solved = milp(
        goal,
        integrality=np.ones(len(goal)),
        bounds=Limits(0, puzzle.ceiling),
        constraints=LinearConstraint(puzzle.matrix, puzzle.least, puzzle.most),
        options={"mip_rel_gap": 0.0},
    )
    if solved.status != 0:
        raise NotSolvedError(f"The rule could not be used on hidden numbers: {solved.message}")
    return float(np.rint(solved.x[place] + NOISE * sign))
