"""Bands of ages that hold enough persons each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

GRID, WIDTH, NARROWEST = 2, 3, 2
"""Bands begin at the age of 2 and every 3 years on; none is as narrow as a year."""


def edges_of(spans: Iterable[tuple[int | None, int | None]]) -> list[int]:
    """Return the ages at which spans begin, and those just above their ends."""
    ends = ((first, None if last is None else last + 1) for first, last in spans)
    return sorted({age for pair in ends for age in pair if age is not None})


def merged(rows: pd.DataFrame, edges: Sequence[int], min_cell: int) -> list[tuple[int, int]]:
    """Return bands from their first to their last year, each with enough persons or the only."""
    cuts = [0, *(high for low, high in pairwise([0, *edges]) if high - low >= NARROWEST)]
    grid = range(GRID, int(rows["year"].max()) + 2 * WIDTH, WIDTH)
    wide = [age for age in grid if all(abs(age - cut) >= NARROWEST for cut in cuts)]
    every = [(low, above - 1) for low, above in pairwise(sorted({*cuts, *wide}))]
    bands = [every[place] for place in np.unique(places_of(rows["year"], every))]
    while len(bands) > 1 and (small := _too_small(rows, bands, min_cell)):
        pairs = [place for place in (small[0], small[0] - 1) if 0 <= place < len(bands) - 1]
        wider = {place: (bands[place][0], bands[place + 1][1]) for place in pairs}
        best = min(pairs, key=lambda place: straddles(wider[place], edges))
        bands[best : best + 2] = [wider[best]]
    return bands


def places_of(years: pd.Series, bands: Sequence[tuple[int, int]]) -> np.ndarray:
    """Return the place of the band in which each age lies."""
    return np.searchsorted([low for low, _ in bands], years, side="right") - 1


def straddles(band: tuple[int, int], edges: Sequence[int]) -> bool:
    """Return whether an edge lies within a band."""
    return any(band[0] < edge <= band[1] for edge in edges)


def _too_small(rows: pd.DataFrame, bands: Sequence[tuple[int, int]], min_cell: int) -> list[int]:
    """Return the places of bands with too few persons of a cell, or one who is in another too."""
    rows = rows.assign(band=places_of(rows["year"], bands))
    several = rows.groupby("person")["band"].transform("nunique") > 1
    few = several | (persons_in([rows["band"], rows["cell"]], rows["person"]) < min_cell)
    return sorted(rows.loc[few, "band"].unique())


def persons_in(cells: pd.Series | list[pd.Series], persons: pd.Series) -> pd.Series:
    """Return for each row how many different persons are in its cell."""
    return persons.groupby(cells, dropna=False).transform("nunique")
