"""Which companions to hide, one unsafe number after the other: always safe, nearly the fewest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from evalkit.privacy.attacking import NOISE, NotSolvedError, judge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System


def greedy(system: System, costs: NDArray[np.float64], width: float) -> Mask:
    """Return which numbers to hide, so that no unsafe one is known to less than ``width``.

    For each unsafe number whose interval is short, the cheapest two tables are found that an
    outsider could not tell from the true one, and in which it differs by ``width``; what differs
    in them is hidden. Then numbers are shown again, the dearest first, where all stays safe.
    """
    hidden = system.must_hide.copy()
    unsafe = np.flatnonzero(system.unsafe)
    short = unsafe[judge(system, hidden, unsafe, width).short]
    if not len(short):
        return hidden
    for place in short:
        if judge(system, hidden, [int(place)], width).short.any():
            hidden |= _cheapest(system, hidden, int(place), costs, width)
    return thinned(system, hidden, costs, width)


def _cheapest(
    system: System, hidden: Mask, place: int, costs: NDArray[np.float64], width: float
) -> Mask:
    """Return what two tables differ in that lie ``width`` apart at one number, at least cost."""
    from scipy.optimize import linprog

    size = len(system.values)
    price = np.where(hidden, 0.0, costs / np.clip(system.values, 1.0, width))
    # Four parts of each number: up and down in the one table, up and down in the other.
    both = sparse.hstack([system.sums, -system.sums], format="csr")
    apart = np.zeros((1, 4 * size))
    apart[0, [place, size + place, 2 * size + place, 3 * size + place]] = [-1, 1, 1, -1]
    ceiling = np.tile(np.concatenate([np.full(size, 2 * width), system.values]), 2)
    solved = linprog(
        np.tile(price, 4),
        A_eq=sparse.block_diag([both, both], format="csr"),
        b_eq=np.zeros(2 * system.sums.shape[0]),
        A_ub=apart,
        b_ub=[-width],
        bounds=np.column_stack([np.zeros(4 * size), ceiling]),
        method="highs",
    )
    if solved.status != 0:
        # Where nothing within reach protects the number, all that hangs together is hidden.
        return np.ones(size, dtype=bool)
    used: Mask = solved.x.reshape(4, size).sum(axis=0) > NOISE
    return used


def thinned(system: System, hidden: Mask, costs: NDArray[np.float64], width: float) -> Mask:
    """Return the pattern without companions that it does not need, the dearest tried first."""
    hidden = hidden.copy()
    unsafe = np.flatnonzero(system.unsafe)
    found = judge(system, hidden, unsafe, width)
    if found.short.any():
        raise NotSolvedError("No pattern protects all unsafe numbers.")
    used = found.used
    companions = np.flatnonzero(hidden & ~system.must_hide)
    for place in companions[np.argsort(-costs[companions], kind="stable")]:
        touched = np.flatnonzero(used[:, place])
        hidden[place] = False
        if not len(touched):
            continue
        again = judge(system, hidden, unsafe[touched], width)
        if again.short.any():
            hidden[place] = True
        else:
            used[touched] = again.used
    return hidden
