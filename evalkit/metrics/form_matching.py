"""Which forms are the ones that were expected: each form once, the strictest match first."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    Matches = tuple[NDArray[np.bool_], NDArray[np.bool_]]

BOTH = (True, False)
PERSONS = ("about_id", "respondent_id")


def matched(wanted: pd.DataFrame, came: pd.DataFrame) -> Matches:
    """Return which expectations are met, and which forms met one.

    Expectations that state most choose first, so that one who takes any form takes none that
    another needs. Within a key the first form meets the first expectation, and so on: as many
    as there are of both.

    Parameters
    ----------
    wanted : pandas.DataFrame
        ``instrument, informant, group_id, person_id, occasion``, blank where not stated.
    came : pandas.DataFrame
        ``instrument, informant, group_id, about_id, respondent_id, occasion``.

    Returns
    -------
    tuple of ndarray of bool
        One per expectation, and one per form.
    """
    met, used = np.zeros(len(wanted), dtype=bool), np.zeros(len(came), dtype=bool)
    for stated, same in _rounds(wanted):
        rows = np.flatnonzero(stated & ~met)
        forms = np.flatnonzero(~used)
        if len(rows) and len(forms):
            place, form = _pairs(wanted.iloc[rows], came.iloc[forms], same)
            met[rows[place]] = True
            used[forms[form]] = True
    return met, used


def _rounds(wanted: pd.DataFrame) -> Iterator[tuple[NDArray[np.bool_], dict[str, str]]]:
    """Return rounds of matching: whose turn it is, and which columns must then be the same."""
    there = {name: wanted[name].notna().to_numpy() for name in wanted}
    stated = [(occasion, informant) for occasion in BOTH for informant in BOTH]
    for (occasion, informant), person, group in product(stated, PERSONS, BOTH):
        turn = there["person_id"] & (there["occasion"] == occasion)
        # A named person's form may be without a group, or of another: last it is taken so too.
        same = _same(occasion=occasion, informant=informant, group_id=group)
        yield turn & (there["informant"] == informant), same | {"person_id": person}
    for group, (occasion, informant) in product(BOTH, stated):
        turn = ~there["person_id"] & (there["occasion"] == occasion)
        turn &= (there["informant"] == informant) & (there["group_id"] == group)
        yield turn, _same(occasion=occasion, informant=informant, group_id=group)


def _same(**stated: bool) -> dict[str, str]:
    """Return which column of the forms must be the same as which of the expectations."""
    return {name: name for name in ("instrument", *stated) if stated.get(name, True)}


def _pairs(
    wanted: pd.DataFrame, came: pd.DataFrame, same: dict[str, str]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return places of expectations and forms that are the same in ``same``, each once."""
    left, right = wanted[list(same)], came[list(same.values())].set_axis(list(same), axis="columns")
    left, right = (
        side.assign(place=np.arange(len(side))).dropna(subset=list(same)) for side in (left, right)
    )
    on = [*same, "nth"]
    left, right = (side.assign(nth=side.groupby(list(same)).cumcount()) for side in (left, right))
    both = left.merge(right, on=on, suffixes=("_wanted", "_came"))
    return both["place_wanted"].to_numpy(), both["place_came"].to_numpy()
