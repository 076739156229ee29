"""Numbers that add up: what an outsider knows of a table when some of it is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from evalkit.privacy.numbers import Number, Relation

    Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class System:
    """Numbers and the sums between them, as arrays: ``sums @ values`` is 0.

    Attributes
    ----------
    ids : tuple of str
        In order.
    values, weights : ndarray of float, one per number
    unsafe, printed, forced : ndarray of bool, one per number
    sums : sparse array
        A row per relation: 1 for the total, -1 for each of its parts.
    """

    ids: tuple[str, ...]
    values: NDArray[np.float64]
    unsafe: Mask
    printed: Mask
    forced: Mask
    weights: NDArray[np.float64]
    sums: sparse.csr_array

    @classmethod
    def of(cls, numbers: Iterable[Number], relations: Iterable[Relation]) -> System:
        """Return the system of numbers and relations, in an order that only their ids give."""
        ordered = sorted(numbers, key=lambda number: number.id)
        place = {number.id: n for n, number in enumerate(ordered)}
        return cls(
            ids=tuple(place),
            values=np.array([number.value for number in ordered], dtype=float),
            unsafe=np.array([number.unsafe for number in ordered], dtype=bool),
            printed=np.array([number.printed for number in ordered], dtype=bool),
            forced=np.array([number.forced for number in ordered], dtype=bool),
            weights=np.array([number.weight for number in ordered], dtype=float),
            sums=sums_of(relations, place),
        )

    @property
    def must_hide(self) -> Mask:
        """Which numbers are hidden in any case: unsafe or forced ones, and those not printed."""
        return self.unsafe | self.forced | ~self.printed

    @property
    def signature(self) -> bytes:
        """What tells systems apart in all but the ids of their numbers."""
        sums = self.sums
        arrays = (
            *(self.values, self.weights, self.unsafe, self.printed, self.forced),
            *(sums.data, sums.indices.astype(np.int64), sums.indptr.astype(np.int64)),
        )
        return b"|".join(array.tobytes() for array in arrays)

    def part(self, places: NDArray[np.intp]) -> System:
        """Return the system of some numbers; of a relation all or none must be among them."""
        columns = self.sums[:, places]
        kept = np.diff(columns.indptr) > 0
        return System(
            ids=tuple(self.ids[place] for place in places),
            values=self.values[places],
            unsafe=self.unsafe[places],
            printed=self.printed[places],
            forced=self.forced[places],
            weights=self.weights[places],
            sums=columns[kept],
        )


def sums_of(relations: Iterable[Relation], place: Mapping[str, int]) -> sparse.csr_array:
    """Return relations as a matrix, each once, in an order that only their ids give."""
    listed = sorted({(total, tuple(sorted(parts))) for total, parts in relations})
    rows, columns, signs = [], [], []
    for row, (total, parts) in enumerate(listed):
        members = [(total, 1.0), *((part, -1.0) for part in parts)]
        rows += [row] * len(members)
        columns += [place[member] for member, _ in members]
        signs += [sign for _, sign in members]
    shape = (len(listed), len(place))
    matrix = sparse.csr_array((signs, (rows, columns)), shape=shape, dtype=float)
    matrix.sum_duplicates()
    matrix.sort_indices()
    return matrix


def clusters(sums: sparse.csr_array, among: Mask) -> list[NDArray[np.intp]]:
    """Return the places of numbers that hang together by relations, cluster by cluster.

    Only numbers in ``among`` count, and only what links two of them.
    """
    places = np.flatnonzero(among)
    touched = abs(sums[:, places])
    _, labels = connected_components(touched.T @ touched, directed=False)
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order])) + 1
    return [np.sort(part) for part in np.split(places[order], edges)] if len(places) else []
