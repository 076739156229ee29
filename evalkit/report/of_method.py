"""Exhibits of the method: which thresholds were used, where they come from, how well known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.locale import N_
from evalkit.privacy import Cells
from evalkit.report.exhibits import Exhibit, Measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.instruments import Instrument
    from evalkit.instruments.model import Cutoff
    from evalkit.study import Study

COLUMNS = ("instrument", "threshold_kind", "value", "informant", "ages", "source", "evidence")


def _thresholds(study: Study) -> Measured:
    rows = [row for name in study.forms for row in _of_form(study, study.instruments[name])]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    types = dict.fromkeys(COLUMNS, "str") | {"value": "float64"}
    cells = Cells("thresholds", open=COLUMNS)
    return Measured(table.astype(types), cells, {"thresholds": len(table)})


def _of_form(study: Study, instrument: Instrument) -> Iterator[tuple[Any, ...]]:
    """Yield what a form is judged by: the threshold in use, and cut-offs that figures draw."""
    profile = study.profiles.get(instrument.id)
    if profile is not None:
        source, evidence = profile.evidence.source, profile.evidence.evidence
        yield (
            *(instrument.id, "reliable_change", profile.threshold, None, None),
            *(f"{profile.id}: {source}", evidence),
        )
    for cutoff in instrument.cutoffs:
        if profile is None or cutoff.scale == profile.scale:
            yield from _of_cutoff(instrument, cutoff)


def _of_cutoff(instrument: Instrument, cutoff: Cutoff) -> Iterator[tuple[Any, ...]]:
    low, high = cutoff.ages
    ages = f"{low or 0}–{high}" if high is not None else f"{low}+" if low is not None else None
    # Forms on how a session was tell nothing of illness: no change of theirs is classified.
    clinical = "clinical" if instrument.profiles else "cutoff"
    kind = f"{clinical}_{'below' if cutoff.clinical.startswith('<') else 'above'}"
    told = cutoff.evidence
    for informant in cutoff.informants or (None,):
        yield (instrument.id, kind, cutoff.value, informant, ages, told.source, told.evidence)


METHOD: tuple[Exhibit, ...] = (
    Exhibit(
        id="thresholds",
        section="method",
        title=N_("Thresholds and cut-offs"),
        needs=("groups",),
        absent=N_("No threshold of reliable change is stated, so no change is classified."),
        measure=_thresholds,
        columns=COLUMNS,
        optional=("informant", "ages"),
        once=("instrument",),
    ),
)
