"""The fewest companions: a choice of what to hide, corrected by what an outsider can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from evalkit.privacy.attacking import NOISE, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System

    Vector = NDArray[np.float64]

MOST_ROUNDS = 200
MOST_NODES = 20_000
"""Limits of the search, in steps and never in seconds: a slow machine finds the same pattern."""


def optimal(system: System, costs: Vector, width: float, incumbent: Mask) -> Mask:
    """Return the cheapest pattern that keeps every unsafe number within no less than ``width``.

    By turns, the cheapest choice is made of what to hide, and where it leaves an unsafe number
    with a short interval, a condition is added that every safe pattern meets (Fischetti and
    Salazar 2000, *Management Science* 46, 1008-1026, in its simplest form). The first choice that
    leaves none is the cheapest. Where the limits are reached, it is ``incumbent``, a safe pattern.
    """
    unsafe = np.flatnonzero(system.unsafe)
    lonely, alone = list(_starting(system)), list(_no_lone_companion(system))
    conditions = [*lonely, *alone]
    least = [1.0] * len(lonely) + [0.0] * len(alone)
    dearest = float(costs[incumbent & ~system.must_hide].sum())
    for _ in range(MOST_ROUNDS):
        chosen = _cheapest(system, costs, conditions, least)
        if chosen is None or float(costs[chosen & ~system.must_hide].sum()) > dearest - NOISE:
            return incumbent
        found = judge(system, chosen, unsafe, width, priced=True)
        if not found.short.any():
            return chosen
        for price in np.minimum(found.prices, width):
            held = float(price[system.must_hide].sum())
            conditions.append(np.where(system.must_hide, 0.0, price))
            least.append(width - held)
    return incumbent


def _starting(system: System) -> Iterator[Vector]:
    """Yield what every safe pattern meets: one hidden number in a sum gives itself away."""
    covered = system.sums.toarray() != 0
    alone = (covered & system.must_hide).sum(axis=1) == 1
    lonely = alone & (covered & system.unsafe).any(axis=1)
    yield from (covered[lonely] & ~system.must_hide).astype(float)


def _no_lone_companion(system: System) -> Iterator[Vector]:
    """Yield what every pattern meets that hides nothing in vain.

    A companion that is the only hidden number of a sum is told by it: it protects nothing.
    """
    covered = system.sums.toarray() != 0
    for row in covered[~(covered & system.must_hide).any(axis=1)]:
        for place in np.flatnonzero(row):
            condition = row.astype(float)
            condition[place] = -1.0
            yield condition


def _cheapest(
    system: System, costs: Vector, conditions: list[Vector], least: list[float]
) -> Mask | None:
    """Return the cheapest pattern that meets the conditions; None if it was not found."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    hidden = system.must_hide.copy()
    if not conditions:
        return hidden
    free = np.flatnonzero(~hidden)
    matrix = sparse.csr_array(np.vstack(conditions)[:, free])
    solved = milp(
        costs[free],
        integrality=np.ones(len(free)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lb=np.array(least) - NOISE),
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
    )
    if solved.status != 0:
        return None
    hidden[free] = solved.x > 0.5
    return hidden
