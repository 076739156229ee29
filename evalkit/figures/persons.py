"""What the figure of single persons shows: who stands on a page, and the course of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evalkit.arguments import check_at_least, check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures.outcome_parts import Ruler, kind_names, kinds, named
from evalkit.metrics import outcomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evalkit.instruments.model import Instrument, Profile
    from evalkit.locale import Labels, Words

KEYS = ("about_id", "respondent_id", "informant")
ROWS_OF_PAGE = 6
UNPAIRED = "unpaired"


class Panel(NamedTuple):
    """One person as drawn: who, what became of them, and their scores with NaN for gaps."""

    name: str
    kind: str
    first: float
    threshold: float
    cutoff: float
    occasions: NDArray[np.float64]
    scores: NDArray[np.float64]


class Page(NamedTuple):
    """The panels of one page, what all pages share, and a note of scores not drawn."""

    panels: list[Panel]
    occasions: list[int]
    names: dict[str, str]
    ruler: Ruler
    title: str


def trajectory_pages(scores: pd.DataFrame, *, columns: int = 4) -> int:
    """Return how many pages `trajectories` needs.

    Parameters
    ----------
    scores : pandas.DataFrame
        As for `trajectories`.
    columns : int
        Panels beside each other, as for `trajectories`.

    Returns
    -------
    int
        0 where there is nobody to draw.

    Raises
    ------
    ArgumentError
        A missing column, no columns.

    Examples
    --------
    >>> import pandas as pd
    >>> trajectory_pages(pd.DataFrame({"about_id": [f"K{n}" for n in range(300)]}))
    13
    """
    check_pandas(scores, "scores")
    check_columns(scores, "about_id", what="scores")
    check_at_least(columns, "columns", 1)
    persons = scores[_keys(scores)].drop_duplicates()
    return -(-len(persons) // (ROWS_OF_PAGE * int(columns)))


def page_of(
    scores: pd.DataFrame,
    instrument: Instrument,
    profile: str | Profile,
    scale: str | None,
    columns: int,
    page: int,
    labels: Labels | None,
    say: Words,
) -> Page:
    """Return what one page shows: the persons of it, in the order of their ids."""
    own = instrument.scale(scale).id
    of = trajectory_pages(scores, columns=columns)
    check_columns(scores, "occasion", own, what="scores")
    if of == 0:
        raise ArgumentError("trajectories has nobody to draw.")
    if isinstance(page, bool) or page not in range(1, of + 1):
        raise ArgumentError(f"page must be a whole number from 1 to {of}, but is {page!r}.")
    people = _people(scores, instrument, profile, own)
    forms = scores.merge(people[_keys(scores)].assign(person=people.index), on=_keys(scores))
    placed = forms[forms["occasion"].notna()]
    if placed.empty:
        raise ArgumentError("trajectories has nothing to draw: no form has an occasion.")
    size = ROWS_OF_PAGE * columns
    shown = people.assign(name=_names(people, labels, say)).iloc[(page - 1) * size : page * size]
    unplaced = int(forms.loc[forms["occasion"].isna(), own].notna().sum())
    return Page(
        panels=_panels(shown, placed, own),
        occasions=sorted(placed["occasion"].astype("int64").unique()),
        names=kind_names(people, say, labels) | {UNPAIRED: say.text("No two scores to compare")},
        ruler=Ruler.of(instrument, scale, say),
        title=_title(page, of, unplaced, say),
    )


def _people(
    scores: pd.DataFrame, instrument: Instrument, profile: str | Profile, scale: str
) -> pd.DataFrame:
    """Return a row per person and respondent, sorted by id, with what became of them."""
    pairs = outcomes.pairs(scores, scale=scale)
    change = outcomes.change(pairs, instrument, profile=profile, scale=scale)
    people = change.sort_values(_keys(scores), ignore_index=True)
    return people.assign(kind=kinds(people).fillna(UNPAIRED))


def _keys(scores: pd.DataFrame) -> list[str]:
    return [name for name in KEYS if name in scores]


def _title(page: int, of: int, unplaced: int, say: Words) -> str:
    """Return which page it is, where there are several, and what no panel shows."""
    parts = []
    if of > 1:
        parts.append(
            say.text("Page {page} of {pages}", page=say.number(page), pages=say.number(of))
        )
    if unplaced:
        parts.append(
            say.plural(
                "{n} score without an occasion is not drawn",
                "{n} scores without an occasion are not drawn",
                unplaced,
            )
        )
    return ". ".join(parts)


def _names(people: pd.DataFrame, labels: Labels | None, say: Words) -> pd.Series:
    """Return what each panel is called: the id, and who answered where ids come again."""
    names = people["about_id"].astype("str")
    if "informant" in people and len(people["informant"].unique()) > 1:
        names += ", " + people["informant"].map(
            {who: named("informant", who, say, labels) for who in people["informant"].unique()}
        ).astype("str")
    twice = names.duplicated(keep=False)
    if twice.any() and "respondent_id" in people:
        names = names.mask(twice, names + ", " + people["respondent_id"].astype("str").fillna("–"))
    return names


def _panels(shown: pd.DataFrame, forms: pd.DataFrame, scale: str) -> list[Panel]:
    order = [name for name in ("occasion", "answered_on") if name in forms]
    forms = forms.sort_values(order, kind="stable")
    asked = forms["informant"] if "informant" in forms else pd.Series("", index=forms.index)
    asked = asked.astype("str").fillna("")
    schedules = {who: np.unique(own) for who, own in forms["occasion"].groupby(asked)}
    own_forms = dict(iter(forms.assign(asked=asked).groupby("person")))
    panels = []
    for person, name, kind, *numbers in zip(
        shown.index,
        *(shown[column] for column in ("name", "kind", "first", "threshold", "cutoff")),
        strict=True,
    ):
        own = own_forms.get(person, forms.head(0))
        schedule = schedules[own["asked"].iloc[0]] if len(own) else np.array([])
        first, threshold, cutoff = (np.nan if pd.isna(n) else float(n) for n in numbers)
        courses = _with_gaps(own, scale, schedule)
        panels.append(Panel(name, kind, first, threshold, cutoff, *courses))
    return panels


def _with_gaps(
    forms: pd.DataFrame, scale: str, schedule: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return occasions and scores, with NaN where an occasion of the schedule was missed."""
    occasions = forms["occasion"].to_numpy(dtype=float)
    scores = forms[scale].to_numpy(dtype=float, na_value=np.nan)
    missed = 1 + np.flatnonzero(np.diff(np.searchsorted(schedule, occasions)) > 1)
    return np.insert(occasions, missed, np.nan), np.insert(scores, missed, np.nan)
