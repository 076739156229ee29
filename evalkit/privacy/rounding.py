"""Counts rounded to multiples of 3 or 5, in place of hiding the small ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from evalkit.privacy.masking import HIDDEN, masked
from evalkit.privacy.policy import LEAST_FOR_SPREAD
from evalkit.privacy.system import clusters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells
    from evalkit.privacy.numbering import Numbered
    from evalkit.privacy.policy import Policy
    from evalkit.privacy.system import System

    Vector = NDArray[np.float64]

NOISE = 1e-9


def rounded_result(
    result: pd.DataFrame,
    cells: Cells,
    policy: Policy,
    counts: Numbered,
    told: Mapping[str, float],
) -> pd.DataFrame:
    """Return a result with rounded counts; of groups that are too small everything is hidden.

    Shares are those of rounded counts. Intervals are left out, since they would tell the true
    counts; a mean has one decimal and takes 10 people: 4.2542 is 251 of 59. ``told`` are the
    rounded numbers by their ids.
    """
    hidden = frozenset(each.id for each in counts.numbers if each.forced)
    out = masked(result, cells, policy, counts, hidden)
    _round_means(out, cells)
    for name in cells.counted:
        numbers = counts.places[name].map(told).astype("Int64")
        out[name] = numbers.mask(out[name].isna())
    for name in cells.derived:
        if name != cells.share and out[name].dtype.kind == "f":
            out[name] = np.nan
    if cells.share is not None and cells.count is not None and cells.total is not None:
        count, total = (out[name].astype("Float64") for name in (cells.count, cells.total))
        out[cells.share] = (count / total.where(total > 0)).astype("float64")
    for names in cells.told_by.values():
        out[list(names)] = out[list(names)].mask(np.ones(len(out), dtype=bool))
    return out


def _round_means(out: pd.DataFrame, cells: Cells) -> None:
    for mean in cells.means:
        enough = out[mean.n].ge(LEAST_FOR_SPREAD).fillna(value=False).astype("bool")
        out[mean.column] = out[mean.column].round(1).where(enough)
        out[f"{HIDDEN}_{mean.column}"] |= ~enough
        for name in mean.spreads:
            out[name] = out[name].mask(np.ones(len(out), dtype=bool))
            out[f"{HIDDEN}_{name}"] = True


def rounded(system: System, base: int) -> Vector:
    """Return numbers as multiples of ``base`` that add up as the true ones do.

    The nearest multiple is taken of numbers that do not follow from each other, as far as possible
    those of which others are sums; the others are worked out from these. So nothing is told
    but to which multiple each of the first is nearest, and no sum tells more.
    """
    out = np.floor(system.values / base + 0.5) * base
    for places in clusters(system.sums, np.ones(len(out), dtype=bool)):
        part = system.part(places)
        if part.sums.shape[0]:
            out[places] = _of_cluster(part, out[places])
    return np.asarray(np.maximum(out, 0.0))


def _of_cluster(part: System, nearest: Vector) -> Vector:
    """Return the rounded numbers of a cluster: what follows from others is worked out."""
    # What follows is, before others, the sum of most, and then what is not printed.
    parts_of = np.asarray((part.sums < 0).sum(axis=1), dtype=float)
    of_most = np.asarray((part.sums > 0).T @ parts_of).ravel()
    order = np.lexsort((part.weights, part.printed, -of_most))
    reduced, pivots = _reduced(part.sums.toarray()[:, order])
    follows = order[pivots]
    out = nearest.copy()
    rest = np.setdiff1d(np.arange(len(out)), follows)
    places = np.empty(len(order), dtype=np.intp)
    places[order] = np.arange(len(order))
    out[follows] = -(reduced[: len(pivots)][:, places[rest]] @ nearest[rest])
    return out


def _reduced(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[int]]:
    """Return a matrix in reduced row echelon form, and the columns of its pivots."""
    matrix = matrix.copy()
    pivots: list[int] = []
    for column in range(matrix.shape[1]):
        row = len(pivots)
        if row == len(matrix):
            break
        best = row + int(np.argmax(np.abs(matrix[row:, column])))
        if abs(matrix[best, column]) < NOISE:
            continue
        matrix[[row, best]] = matrix[[best, row]]
        matrix[row] /= matrix[row, column]
        others = np.arange(len(matrix)) != row
        matrix[others] -= np.outer(matrix[others, column], matrix[row])
        pivots.append(column)
    return matrix, pivots
