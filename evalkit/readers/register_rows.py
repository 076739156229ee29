"""Which rows of a register are persons, and why the others are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.readers.plain import BLANK_ROW
from evalkit.readers.register_headers import sum_kind

if TYPE_CHECKING:
    from evalkit.readers.register_layout import Columns, Grid
    from evalkit.readers.register_marks import Vocabulary

ABOVE, AGAIN, SUMS = "above the table", "the header again", "row of sums"
NOTE, NOBODY, HEADER = "note beside the table", "no person and no marks", "part of the header"
NO_DATA = frozenset({BLANK_ROW, ABOVE, AGAIN, SUMS, NOTE, NOBODY, HEADER})
"""Reasons of rows in which nobody wrote down anything about anyone."""
COUNTS_OF = ("antall", "sum", "totalt", "total")
EXPLANATION = r"(?i)\S{1,12}\s*=.*|(?:\*|merk\b|obs\b|nb\b|note\b|forklaring|tegnforklaring).*"


class Rows(NamedTuple):
    """Rows that are persons, rows of sums by what they sum, and why others are left out."""

    persons: pd.Index
    nameless: pd.Index
    sums: dict[int, str]
    left_out: dict[int, str]


def find_rows(grid: Grid, columns: Columns, marks: Vocabulary) -> Rows:
    """Return what the rows below the header are."""
    body = grid.body
    area = body[list(columns.sessions)]
    person = body[columns.person]
    blank = body.isna().all(axis="columns")
    again = area.eq(grid.texts[area.columns]).sum(axis="columns").gt(1)
    sums = _sum_rows(body, area, columns, marks)
    gap = blank | pd.Series(body.index.isin(list(sums)), index=body.index)
    notes = _notes(body, columns, marks, gap) & ~again
    held = ~(gap | again | notes)
    nameless = held & person.isna()
    nobody = nameless & area.isna().all(axis="columns")
    reasons = dict.fromkeys(range(1, grid.first), ABOVE)
    reasons |= dict.fromkeys(range(grid.first, grid.last), HEADER)
    for which, reason in ((blank, BLANK_ROW), (again, AGAIN), (notes, NOTE), (nobody, NOBODY)):
        reasons |= dict.fromkeys(map(int, body.index[which]), reason)
    reasons |= dict.fromkeys(sums, SUMS)
    named = body.index[held & person.notna()]
    return Rows(named, body.index[nameless & ~nobody], sums, reasons)


def _sum_rows(
    body: pd.DataFrame, area: pd.DataFrame, columns: Columns, marks: Vocabulary
) -> dict[int, str]:
    """Return rows whose first cell says so, or without a person and with numbers only."""
    left = body.iloc[:, : min(columns.sessions)]
    label = left.bfill(axis="columns").iloc[:, 0] if left.shape[1] else body[columns.person]
    said = label.map(_kind_of_sums, na_action="ignore").dropna()
    numbers = area.apply(lambda cells: cells.str.fullmatch("[0-9]+"))
    only = (numbers | area.isna()).all(axis="columns") & area.notna().any(axis="columns")
    silent = only & label.isna()
    no_marks = area.apply(lambda cells: marks.status(cells).isna() & cells.notna())
    fits = _fit(area, marks, silent)
    plain = silent & (no_marks.any(axis="columns") | fits)
    return {int(str(row)): str(kind) for row, kind in said.items()} | dict.fromkeys(
        map(int, body.index[plain]), "present"
    )


def _kind_of_sums(label: str) -> str | None:
    """Return what a row sums up; 'Antall voksne' counts others than those of the register."""
    first = label.split(maxsplit=1)[0].casefold()
    return sum_kind(label) or ("unchecked" if first in COUNTS_OF else None)


def _fit(area: pd.DataFrame, marks: Vocabulary, silent: pd.Series) -> pd.Series:
    """Return which rows are the sums of those above in more than half of their cells."""
    present = area.apply(lambda cells: marks.status(cells).eq("present"))
    sums = present[~silent].cumsum().reindex(area.index).ffill().fillna(0)
    typed = area.apply(pd.to_numeric, errors="coerce")
    more_than_half: pd.Series = 2 * typed.eq(sums).sum(axis="columns") > typed.notna().sum(axis=1)
    return more_than_half


def _notes(body: pd.DataFrame, columns: Columns, marks: Vocabulary, gap: pd.Series) -> pd.Series:
    """Return rows at the end that explain: one cell, or a mark and its meaning.

    They stand after a blank row or the sums; directly under the last person only a row that
    reads as an explanation is one.
    """
    filled = body.notna().sum(axis="columns")
    first = body.bfill(axis="columns").iloc[:, 0]
    area = body[list(columns.sessions)]
    alone = filled.eq(1) & area.isna().all(axis="columns")
    legend = filled.le(2) & marks.status(first).notna() & body[columns.person].notna()
    apart = gap.cumsum().gt(0)
    explains = first.str.fullmatch(EXPLANATION).fillna(value=False)
    note = (alone & (apart | explains)) | (legend & apart)
    to_the_end = (note | gap)[::-1].cummin()[::-1].astype("bool")
    return note & to_the_end & ~gap
