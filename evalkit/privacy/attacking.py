"""The outsider: who knows every shown number and what adds up, and works out the hidden ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from evalkit.errors import EvalkitError
from evalkit.privacy.system import clusters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from evalkit.privacy.system import Mask, System

    Vector = NDArray[np.float64]
    Places = NDArray[np.intp]

AT_ONCE = 40_000
"""So many unknowns are solved for in one call: many small programs are slower one by one."""
AT_A_TIME = 6
"""So many numbers are asked for before it is seen which others that has settled."""
NOISE = 1e-6
"""Below this a number is 0: linear programs are solved in floating point."""


class NotSolvedError(EvalkitError):
    """A linear program did not end: a fault of ours or of the solver, never of the data."""


class Swings(NamedTuple):
    """How far single numbers can move from their true values, while all that is shown stands.

    Attributes
    ----------
    up, down : ndarray of float, one per number asked for
        How far up and down, at most ``cap`` (as `swings` was told).
    moves : ndarray of float, numbers asked for x 2 x numbers of the system
        Tables that reach that far, as differences from the true one.
    prices : ndarray of float, numbers asked for x numbers of the system
        By how much the width is held by each number: no pattern that hides numbers whose prices
        add up to less lets the number asked for move farther than that sum.
    """

    up: Vector
    down: Vector
    moves: NDArray[np.float64]
    prices: NDArray[np.float64]

    @property
    def width(self) -> Vector:
        """How long the interval is, within which the number may lie."""
        return self.up + self.down


def swings(system: System, hidden: Mask, places: Sequence[int] | Places, cap: float) -> Swings:
    """Return how far numbers can move where ``hidden`` numbers are; none moves up more than cap.

    A hidden number is known to be at least 0, and nothing else. A move of more than twice the
    width that is asked for is never needed; without a cap a solver takes the rounding errors of
    large numbers for moves.
    """
    lowest, highest = -system.values * hidden, cap * hidden
    size, asked = len(system.values), np.asarray(places, dtype=np.intp)
    moves = np.zeros((len(asked), 2, size))
    prices = np.zeros((len(asked), size))
    for some in _portions(len(asked), 2 * size):
        copies = 2 * len(some)
        goals = np.zeros((copies, size))
        goals[np.arange(copies), np.repeat(asked[some], 2)] = np.tile([-1.0, 1.0], len(some))
        solved = _solved(
            goals.ravel(),
            sparse.block_diag([system.sums] * copies, format="csr"),
            np.zeros(copies * system.sums.shape[0]),
            np.column_stack([np.tile(lowest, copies), np.tile(highest, copies)]),
        )
        moves[some] = solved.x.reshape(len(some), 2, size)
        held = solved.lower.marginals + solved.upper.marginals
        price = np.maximum(held, 0) * -np.tile(-system.values, copies)
        price += np.maximum(-held, 0) * cap
        prices[some] = price.reshape(len(some), 2, size).sum(axis=1)
    own = (np.arange(len(asked)), slice(None), asked)
    up, down = moves[own][:, 0], -moves[own][:, 1]
    return Swings(up, down, moves, prices)


def reach(system: System, hidden: Mask, places: Sequence[int] | Places, cap: float) -> Swings:
    """Return what `swings` does, without prices: only what is hidden counts, part by part."""
    asked = np.asarray(places, dtype=np.intp)
    up, down = np.zeros(len(asked)), np.zeros(len(asked))
    moves = np.zeros((len(asked), 2, len(hidden)))
    for cluster in clusters(system.sums, hidden):
        mine = np.flatnonzero(np.isin(asked, cluster))
        if len(mine):
            part = system.part(cluster)
            inside = np.searchsorted(cluster, asked[mine])
            found = swings(part, np.ones(len(cluster), dtype=bool), inside, cap)
            up[mine], down[mine] = found.up, found.down
            moves[np.ix_(mine, np.arange(2), cluster)] = found.moves
    return Swings(up, down, moves, np.zeros((0, 0)))


class Verdict(NamedTuple):
    """Which numbers are known too closely.

    Attributes
    ----------
    short : ndarray of bool, one per number asked for
        Whether its interval is shorter than it has to be.
    prices : ndarray of float, short numbers x numbers of the system
        As in `Swings`, if asked for.
    used : ndarray of bool, numbers asked for x numbers of the system
        What differs in two tables that show that a number's interval is wide enough.
    """

    short: Mask
    prices: NDArray[np.float64]
    used: NDArray[np.bool_]


def judge(
    system: System,
    hidden: Mask,
    places: Sequence[int] | Places,
    width: float,
    *,
    priced: bool = False,
) -> Verdict:
    """Return which numbers lie within less than ``width``.

    A table that moves one number far mostly moves others too: only those are asked for that no
    table found so far has settled.
    """
    asked = np.asarray(places, dtype=np.intp)
    best = np.zeros((len(asked), 2))
    used = np.zeros((len(asked), 2, len(hidden)), dtype=bool)
    prices = []
    short = np.zeros(len(asked), dtype=bool)
    unsettled = np.arange(len(asked))
    while len(unsettled):
        some = unsettled[:AT_A_TIME]
        found = (swings if priced else reach)(system, hidden, asked[some], 2 * width)
        moves = found.moves.reshape(-1, len(hidden))
        for end, sign in enumerate((1.0, -1.0)):
            reached = sign * moves[:, asked[unsettled]]
            row = reached.argmax(axis=0)
            farther = reached[row, np.arange(len(unsettled))]
            better = farther > best[unsettled, end] + NOISE
            best[unsettled[better], end] = farther[better]
            used[unsettled[better], end] = np.abs(moves[row[better]]) > NOISE
        known = best.sum(axis=1) >= width - NOISE
        short[some] = ~known[some]
        if priced:
            prices += list(found.prices[short[some]])
        unsettled = np.setdiff1d(unsettled[~known[unsettled]], some)
    either = np.asarray(used.any(axis=1), dtype=bool)
    return Verdict(short, np.array(prices).reshape(-1, len(hidden)), either)


class Bounds(NamedTuple):
    """Between which values hidden numbers must lie; ``upper`` is infinite where nothing limits."""

    lower: Vector
    upper: Vector


def bounds(system: System, *, cap: Vector | None = None) -> Bounds:
    """Return between which values the numbers must lie that are not known (NaN).

    Parameters
    ----------
    system : System
        With the values that are shown; NaN where a number is hidden.
    cap : ndarray of float, optional
        What each number is known not to be above, besides what adds up.

    Returns
    -------
    Bounds
        For known numbers both are the number itself.
    """
    lower, upper = system.values.copy(), system.values.copy()
    unknown = np.isnan(system.values)
    lower[unknown], upper[unknown] = 0.0, np.inf
    if cap is not None:
        upper[unknown] = cap[unknown]
    known = np.where(unknown, 0.0, system.values)
    for places in clusters(system.sums, unknown):
        columns = system.sums[:, places]
        rows = np.diff(columns.indptr) > 0
        if rows.any():
            told = -(system.sums @ known)[rows]
            lower[places], upper[places] = _of_cluster(columns[rows], told, upper[places])
    return Bounds(lower, upper)


def _of_cluster(sums: sparse.csr_array, told: Vector, highest: Vector) -> tuple[Vector, Vector]:
    """Return the bounds of numbers that hang together: the least and most of each."""
    size = sums.shape[1]
    endless = _without_limit(sums, highest)
    goals = np.vstack([np.eye(size), -np.eye(size)[~endless]])
    found = np.zeros(len(goals))
    for some in _portions(len(goals), size):
        solved = _solved(
            goals[some].ravel(),
            sparse.block_diag([sums] * len(some), format="csr"),
            np.tile(told, len(some)),
            np.column_stack([np.zeros(size * len(some)), np.tile(highest, len(some))]),
        )
        found[some] = (solved.x.reshape(len(some), size) * goals[some]).sum(axis=1)
    upper = np.full(size, np.inf)
    upper[~endless] = -found[size:]
    return np.maximum(found[:size], 0.0), upper


def _without_limit(sums: sparse.csr_array, highest: Vector) -> Mask:
    """Return which numbers may grow without limit: directions in which all sums stay the same."""
    size = sums.shape[1]
    free = np.isinf(highest)
    if not free.any():
        return free
    # As many as possible grow by one at least; what has a limit does not grow.
    goals = np.concatenate([np.zeros(size), -np.ones(size)])
    link = sparse.hstack([-sparse.eye_array(size), sparse.eye_array(size)], format="csr")
    ceiling = np.concatenate([np.where(free, np.inf, 0.0), np.ones(size)])
    solved = _solved(
        goals,
        sparse.hstack([sums, sparse.csr_array(sums.shape)], format="csr"),
        np.zeros(sums.shape[0]),
        np.column_stack([np.zeros(2 * size), ceiling]),
        above=(link, np.zeros(size)),
    )
    return np.asarray(solved.x[size:] > 0.5)


def _portions(count: int, size: int) -> Iterator[NDArray[np.intp]]:
    """Yield the places of programs that are solved in one call."""
    step = max(1, AT_ONCE // max(size, 1))
    for start in range(0, count, step):
        yield np.arange(start, min(start + step, count))


def _solved(
    goals: Vector,
    sums: sparse.csr_array,
    told: Vector,
    limits: NDArray[np.float64],
    above: tuple[sparse.csr_array, Vector] | None = None,
) -> Any:
    from scipy.optimize import linprog

    upper = {} if above is None else {"A_ub": above[0], "b_ub": above[1]}
    solved = linprog(goals, A_eq=sums, b_eq=told, bounds=limits, method="highs", **upper)
    if solved.status != 0:
        raise NotSolvedError(f"The hidden numbers could not be bounded: {solved.message}")
    return solved
