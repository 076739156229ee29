"""What a study allows to be published: one object that everything published obeys."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import check_choice, check_whole_at_least
from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from evalkit.privacy.cells import Cells

DEFAULT_MIN_CELL = 5
LOWEST_MIN_CELL = 2
PROFILES: Mapping[str, int] = MappingProxyType(
    {"ssb": 3, "helsedata": 3, "default": DEFAULT_MIN_CELL, "oslomet": 6}
)
"""The smallest counts that Norwegian rules allow to be shown, by whose rule it is."""

AUDIENCES = ("public", "partners", "internal")
ABOUT = ("attendance", "answers", "outcomes", "background", "completeness")
"""What exhibits tell of people."""
ATTRIBUTES = ("answers", "outcomes", "background", "")
"""Of these, that everyone is the same tells of each: all answered that they are not helped."""
SHOWING = ("show", "hide")
BASES = (3, 5)

LEAST_FOR_MEAN = 5
LEAST_FOR_SPREAD = 10
"""With 5 answers of 1-5, mean and standard deviation give back every answer in 63 of 100 cases."""


@dataclass(frozen=True)
class Policy:
    """Rules for what may be shown.

    Attributes
    ----------
    min_cell : int
        The smallest count of people that may be shown. 3 is the rule of Statistics Norway and
        Helsedata, 5 the default, 6 OsloMet's "more than five people"; see `PROFILES`.
    open : tuple of str
        What may be told as it is, of groups that are large enough: by default how many came
        (``attendance``), in all and at each session. All else is personal.
    zeros : {"show", "hide"}
        Whether 0 may be shown: that nobody answered so.
    full_rows : {"show", "hide"}
        Whether it may be shown that everyone answered the same, improved, or was referred by
        the same service.
    complements : {"show", "hide"}
        Whether what is left of a total is protected: of 9 children 7 came, 2 did not.
    rounding : {3, 5}, optional
        Counts are rounded to multiples of it, in place of hiding the small ones.
    shows_persons : bool
        Whether exhibits of single persons may be shown, without ids, shuffled, ages in bands.
    already_published : bool
        All figures of the study are public already: nothing is hidden. The study names
        where they were published.
    audience : {"public", "partners", "internal"}
        Whom it is for.
    internal : bool
        The same as ``audience="internal"``: for those who may see everything. Nothing is
        hidden, every page says so.
    """

    min_cell: int = DEFAULT_MIN_CELL
    already_published: bool = False
    internal: bool = False
    open: tuple[str, ...] = ("attendance",)
    zeros: str = "show"
    full_rows: str = "hide"
    complements: str = "hide"
    rounding: int | None = None
    shows_persons: bool = False
    audience: str = "public"

    def __post_init__(self) -> None:
        """Refuse a threshold that protects nobody, and words that are none."""
        check_whole_at_least(self.min_cell, "min_cell", LOWEST_MIN_CELL)
        check_choice(self.audience, "audience", AUDIENCES)
        for name in ("zeros", "full_rows", "complements"):
            check_choice(getattr(self, name), name, SHOWING)
        for about in self.open:
            check_choice(about, "open", ABOUT)
        if self.rounding is not None and self.rounding not in BASES:
            raise ArgumentError(f"rounding must be 3 or 5, but is {self.rounding!r}.")
        if self.internal or self.audience == "internal":
            object.__setattr__(self, "internal", True)
            object.__setattr__(self, "audience", "internal")

    @property
    def hides(self) -> bool:
        """Whether anything is hidden at all."""
        return not (self.already_published or self.internal)

    def is_open(self, cells: Cells) -> bool:
        """Return whether what a result tells may be told of any group that is large enough."""
        plain = cells.plain_keys is None or set(cells.keys) <= set(cells.plain_keys)
        return cells.about in self.open and plain

    def hides_full_rows(self, cells: Cells) -> bool:
        """Return whether it is hidden that everyone is the same."""
        return self.hides and self.full_rows == "hide" and cells.about in ATTRIBUTES

    def unsafe(self, counts: pd.Series) -> NDArray[np.bool_]:
        """Return which counts of people are too small to show: ``0 < count < min_cell``.

        Where zeros are hidden, 0 is too.
        """
        if not pd.api.types.is_numeric_dtype(counts) or counts.lt(0).any():
            raise ArgumentError(f"'{counts.name}' must hold counts of people, from 0 up.")
        if not self.hides:
            return counts.isna().to_numpy() & False
        small = counts.ge(0 if self.zeros == "hide" else 1) & counts.lt(self.min_cell)
        return small.fillna(value=False).to_numpy(dtype=bool)

    def few(self, counts: pd.Series) -> NDArray[np.bool_]:
        """Return where some people are counted, but fewer than may be shown."""
        return self.unsafe(counts) & counts.gt(0).fillna(value=False).to_numpy(dtype=bool)
