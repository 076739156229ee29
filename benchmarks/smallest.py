"""The fewest numbers that must be hidden in a small table, by trying all patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import outsider

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Smallest:
    """How many numbers are hidden, margins counted, and what hangs on the choice among ties."""

    hidden: int
    companions: int
    people: int  # behind the companions, in the pattern that hides fewest
    patterns: int  # that hide as few numbers


def smallest(table: np.ndarray, min_cell: int = 5, *, most: int = 6) -> Smallest | None:
    """Return the optimum of a table with margins; None where it takes too many companions."""
    unsafe = outsider.unsafe(table, min_cell)
    for companions in range(most + 1):
        people = [
            int(table[pattern & ~unsafe].sum())
            for pattern in _patterns(unsafe, ~unsafe, companions)
            if not any(outsider.too_narrow(table, pattern, min_cell))
        ]
        if people:
            hidden = int(unsafe.sum()) + companions
            return Smallest(hidden, companions, min(people), len(people))
    return None


def _patterns(hidden: np.ndarray, free: np.ndarray, left: int) -> Iterator[np.ndarray]:
    """Yield once each pattern with so many companions more, if no row or column has a lone one.

    A number hidden alone in its row or column follows from the others: an unsafe one would be
    known, and a companion could as well be shown, so that fewer would do.
    """
    lone_rows, lone_columns = hidden.sum(axis=1) == 1, hidden.sum(axis=0) == 1
    if max(lone_rows.sum(), lone_columns.sum()) > left:
        return
    if not left:
        yield hidden
        return
    choices = free.copy()
    if lone_rows.any():
        choices[np.arange(len(free)) != lone_rows.argmax()] = False
    elif lone_columns.any():
        choices[:, np.arange(free.shape[1]) != lone_columns.argmax()] = False
    free = free.copy()
    for spot in np.argwhere(choices):
        free[*spot] = False
        more = hidden.copy()
        more[*spot] = True
        yield from _patterns(more, free, left - 1)
