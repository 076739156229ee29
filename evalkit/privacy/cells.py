"""What the numbers of a result are made of: declared by every metric, used by protection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Cells:
    """Which columns of a result count people, and which can be worked out from those.

    Attributes
    ----------
    population : str
        Who is counted, in words; two results that count the same people say the same.
    keys : tuple of str
        The grouping columns: together they name a cell.
    count : str, optional
        The column that counts people in the cell; none where a result counts nobody.
    total : str, optional
        The column of which ``count`` is a part; what is left over is a count of people too.
    persons : tuple of str
        How many different persons stand behind a cell, at least, where ``count`` counts
        attendances; NA where it is not known.
    also : tuple of str
        Other columns that count people, each safe or unsafe by itself.
    derived : tuple of str
        Columns from which ``count`` could be worked out: shares, intervals.
    told_by : mapping of str to tuple of str
        For some of ``also``, the declared columns from which it could be worked out: they are
        hidden where it is.
    open : tuple of str
        Columns that say nothing about single people: names, methods, numbers of sessions.
    """

    population: str
    keys: tuple[str, ...] = ()
    count: str | None = None
    total: str | None = None
    persons: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    told_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    open: tuple[str, ...] = ()

    def by(self, *keys: str) -> Cells:
        """Return the same declaration for other grouping columns."""
        return replace(self, keys=keys)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are accounted for."""
        counted = (name for name in (self.count, self.total) if name is not None)
        return (*self.keys, *counted, *self.persons, *self.also, *self.derived, *self.open)
