"""What a study allows to be published: one object that everything published obeys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.errors import ArgumentError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_MIN_CELL = 5
LOWEST_MIN_CELL = 2


@dataclass(frozen=True)
class Policy:
    """Rules for what may be shown.

    Attributes
    ----------
    min_cell : int
        The smallest count of people that may be shown; 0 may be shown. 3 is the rule of
        Statistics Norway and Helsedata, 5 the default, 6 OsloMet's "more than five people".
    already_published : bool
        All figures of the study are public already: nothing is hidden. The study names
        where they were published.
    internal : bool
        For those who may see everything: nothing is hidden, every page says so.
    """

    min_cell: int = DEFAULT_MIN_CELL
    already_published: bool = False
    internal: bool = False

    def __post_init__(self) -> None:
        """Refuse a threshold that protects nobody."""
        given: object = self.min_cell
        whole = isinstance(given, int) and not isinstance(given, bool)
        if not whole or self.min_cell < LOWEST_MIN_CELL:
            raise ArgumentError(
                f"min_cell must be a whole number of at least 2, but is {self.min_cell!r}."
            )

    @property
    def hides(self) -> bool:
        """Whether anything is hidden at all."""
        return not (self.already_published or self.internal)

    def unsafe(self, counts: pd.Series) -> NDArray[np.bool_]:
        """Return which counts of people are too small to show: ``0 < count < min_cell``."""
        if not pd.api.types.is_numeric_dtype(counts) or counts.lt(0).any():
            raise ArgumentError(f"'{counts.name}' must hold counts of people, from 0 up.")
        if not self.hides:
            return counts.isna().to_numpy() & False
        small = counts.gt(0) & counts.lt(self.min_cell)
        return small.fillna(value=False).to_numpy(dtype=bool)
