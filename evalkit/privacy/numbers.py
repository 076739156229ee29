"""Numbers that people can be counted by, and the sums between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

Relation = tuple[str, tuple[str, ...]]
"""A total and the numbers it is the sum of, by their ids."""


@dataclass(frozen=True)
class Number:
    """A count of people in a table, or one that its numbers tell.

    Attributes
    ----------
    id : str
        What it is called; numbers are always treated in the order of their ids.
    value : int
        The true value.
    unsafe : bool
        Whether an outsider must not be able to work it out.
    printed : bool
        Whether it would stand in the table. One that would not is known to nobody, but may
        have to be protected too: how many of a total are left over.
    forced : bool
        Whether it is hidden in any case.
    weight : float
        What its hiding costs the reader, in numbers that are lost with it.
    """

    id: str
    value: int
    unsafe: bool = False
    printed: bool = True
    forced: bool = False
    weight: float = 1.0

    def and_(self, other: Number) -> Number:
        """Return the number as it stands in two tables."""
        return replace(
            self,
            unsafe=self.unsafe or other.unsafe,
            printed=self.printed or other.printed,
            forced=self.forced or other.forced,
            weight=self.weight + other.weight,
        )
