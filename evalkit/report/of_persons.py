"""Exhibits of forms that show single persons: their course, their first and last form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import outcomes
from evalkit.privacy import Cells
from evalkit.report.exhibits import Drawing, Exhibit, Measured, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from evalkit.instruments import Instrument
    from evalkit.instruments.model import Profile
    from evalkit.study import Study


def scores_of(study: Study, instrument: Instrument) -> pd.DataFrame:
    """Return the scores of all forms of an instrument."""
    return outcomes.scores(study.forms[instrument.id], instrument)


def change_of(study: Study, instrument: Instrument, profile: Profile) -> pd.DataFrame:
    """Return the change of each person from the first to the last form."""
    pairs = outcomes.pairs(scores_of(study, instrument))
    return outcomes.change(pairs, instrument, profile=profile)


def _change_of_persons(study: Study, instrument: Instrument, profile: Profile) -> Measured:
    change = change_of(study, instrument, profile)
    cells = Cells("persons", open=tuple(change.columns))
    return Measured(change, cells, {instrument.id: len(study.forms[instrument.id])})


def _scores_of_persons(study: Study, instrument: Instrument) -> Measured:
    scores = scores_of(study, instrument)
    cells = Cells("persons", open=tuple(scores.columns))
    return Measured(scores, cells, {instrument.id: len(scores)})


def of_single_persons(
    instrument: Instrument, options: dict[str, Any], common: dict[str, Any]
) -> Iterator[Exhibit]:
    """Yield the exhibits of a form that show single persons; ``common`` is what all share."""
    name = instrument.id.casefold()
    yield Exhibit(
        id=f"trajectories-{name}",
        title=N_("Course of each child"),
        absent="",
        measure=partial(_scores_of_persons, instrument=instrument),
        arrange=in_order,
        single_persons=True,
        drawings=(
            Drawing(
                draw=partial(figures.trajectories, **options),
                describe=partial(figures.describe_trajectories, **options),
                caption=N_("The course of each child, with cut-off and band of reliable change"),
                rows=lambda scores: scores[scores["occasion"].notna()],
            ),
        ),
        **common,
    )
    yield Exhibit(
        id=f"first-last-{name}",
        title=N_("First against last form"),
        absent="",
        measure=partial(_change_of_persons, **options),
        columns=("group_id", "about_id", "informant", "first", "last", "change", "category"),
        optional=("group_id",),
        single_persons=True,
        drawings=(
            Drawing(
                draw=partial(figures.first_against_last, instrument=instrument),
                describe=partial(figures.describe_first_against_last, instrument=instrument),
                caption=N_("First against last form (Jacobson–Truax)"),
                per=None,
            ),
        ),
        **common,
    )
