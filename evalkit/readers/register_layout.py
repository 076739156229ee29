"""Where the table of a register stands: its header, and what its columns hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.arguments import did_you_mean
from evalkit.errors import Problem, ReadError
from evalkit.readers.raw import column_letter, composed
from evalkit.readers.register_headers import Session, session_in, sum_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.readers.register_marks import Vocabulary

NO_SESSIONS = (
    "kommentar kommentarer merknad merknader notat notater comment comments note notes "
    "nr nummer no # id kode gruppe kjønn alder klasse trinn group gender age"
)
"""Headers that are known to be none, whatever stands under them."""


class Grid(NamedTuple):
    """A register cut at its header, which ends in row ``last``; columns are places from 0."""

    name: str
    sheet: str | None
    first: int
    last: int
    texts: pd.Series
    body: pd.DataFrame

    def called(self, place: int) -> str:
        """Return the header of a column, or its letter where there is none."""
        text = self.texts.get(place)
        return column_letter(place) if pd.isna(text) else str(text)

    def problem(
        self,
        message: str,
        row: int | None = None,
        place: int | None = None,
        value: str | None = None,
        severity: str = "error",
    ) -> Problem:
        """Return a problem at a cell; by default of the header."""
        row = self.last if row is None else row
        column = None if place is None else self.called(place)
        return Problem(self.name, message, self.sheet, row, column, value, severity)


class Columns(NamedTuple):
    """What the columns hold, by place."""

    person: int
    sessions: dict[int, Session]
    sums: dict[int, str]
    others: list[int]


def cut(cells: pd.DataFrame, name: str, sheet: str | None) -> Grid:
    """Cut cells at the header: the row that names most sessions in words or dates.

    Where none does so, it is the first row of numbers that grow. Where the row above or below
    it names sessions too, as numbers over dates, both are header.

    Raises
    ------
    ReadError
        No row names two sessions, or nothing stands below it.
    """
    cells = cells.set_axis(range(cells.shape[1]), axis="columns")
    named = _named_sessions(cells)
    in_words = named[named["said"].gt(1)]
    found = named[named["any"].gt(1)].index if in_words.empty else in_words["any"].nlargest(1).index
    if found.empty:
        message = (
            "no row names two sessions, as the header of a register does: 'Samling 4', a date "
            f"such as 12.03.2024, or numbers that grow from column to column.{_doubtful(cells)}"
        )
        raise ReadError([Problem(name, message, sheet=sheet)])
    row = found.to_list()[0]
    names = named.reindex([row - 1, row + 1]).gt(1)
    first = row - 1 if names["any"].iloc[0] else row
    last = row + 1 if first == row and names["said"].iloc[1] else row
    joined = cells.loc[first:last].apply(lambda texts: " ".join(dict.fromkeys(texts.dropna())))
    texts, body = joined.where(joined != "").astype("str"), cells.loc[last + 1 :]
    if body.isna().all(axis=None):
        message = "nothing stands below the header. A register has a row for each person."
        raise ReadError([Problem(name, message, sheet, last)])
    return Grid(name, sheet, first, last, texts, body)


def _doubtful(cells: pd.DataFrame) -> str:
    """Return a sentence about the first header that nearly names a session, if there is one."""
    texts = cells.melt(ignore_index=False)["value"].dropna().sort_index(kind="stable").unique()
    read = ((text, session_in(text)) for text in texts)
    told = (f" The header '{text}' {found.doubt}." for text, found in read if found and found.doubt)
    return next(told, "")


def _named_sessions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return how many sessions each row names: ``any``, and ``said`` by more than a number.

    Numbers alone count where they grow: in a row of marks or sums they do not.
    """
    long = cells.melt(ignore_index=False)["value"].dropna().sort_index(kind="stable")
    sessions = {text: session_in(text) for text in long.unique()}
    known = {text: found for text, found in sessions.items() if found and found.known}
    long = long[long.isin(list(known))]
    bare = long.map({text: found.bare for text, found in known.items()}).astype("bool")
    number = long.map({text: found.number for text, found in known.items()}).astype("Int64")
    row = long.index
    falls = number.where(bare).groupby(row).diff().le(0).fillna(value=False).astype("bool")
    counts = pd.DataFrame({"said": (~bare).groupby(row).sum(), "bare": bare.groupby(row).sum()})
    return counts.assign(any=counts["said"] + counts["bare"].where(~falls.groupby(row).any(), 0))


def find_columns(
    grid: Grid, marks: Vocabulary, person: str | None, others: Sequence[str]
) -> tuple[Columns, list[Problem]]:
    """Return what the columns hold, and warnings of dates that could not be read.

    Raises
    ------
    ReadError
        A session twice, a header that is stated but not there, one that names no session over
        cells that may be marks.
    """
    texts = grid.texts.dropna()
    stated = [composed(other) for other in others]
    read = {int(str(p)): session_in(text) for p, text in texts.items() if text not in stated}
    sessions = {place: found for place, found in read.items() if found and found.known}
    person_place = _person_place(grid, sessions, person)
    sessions.pop(-1 if person_place is None else person_place, None)
    rest = [p for p in _filled(grid) if p not in sessions and p != person_place]
    kinds = {p: sum_kind(texts[p]) for p in rest if p in texts and texts[p] not in stated}
    sums = {place: kind for place, kind in kinds.items() if kind is not None}
    free = [place for place in rest if place not in sums]
    problems = [
        *_not_there(grid, stated if person is None else [*stated, composed(person)]),
        *_no_person(grid, person_place),
        *_twice(grid, sessions),
        *(p for place in free for p in _no_session(grid, place, read.get(place), marks, stated)),
    ]
    if problems:
        raise ReadError(problems)
    columns = Columns(person_place or 0, sessions, sums, free)
    return columns, [_doubted(grid, p, found.doubt) for p, found in sessions.items() if found.doubt]


def _filled(grid: Grid) -> list[int]:
    held = grid.texts.notna().to_numpy() | grid.body.notna().any().to_numpy()
    return [int(place) for place in held.nonzero()[0]]


def _doubted(grid: Grid, place: int, doubt: str) -> Problem:
    message = f"the header {doubt}. The session goes by its number alone."
    return grid.problem(message, None, place, None, "warning")


def _person_place(grid: Grid, sessions: dict[int, Session], person: str | None) -> int | None:
    """Return the column that is stated, else the first left of all sessions that holds anything."""
    if person is not None:
        there = grid.texts.index[grid.texts.eq(composed(person))]
        return int(there[0]) if len(there) else None
    marked = grid.body[list(sessions)].notna().any(axis="columns")
    often = grid.body[marked].notna().mean().gt(0.5)
    held = grid.texts.notna() | often
    left = [int(p) for p in held.index[held] if p < min(sessions, default=0)]
    return left[0] if left else None


def _no_person(grid: Grid, place: int | None) -> Iterator[Problem]:
    if place is None:
        yield grid.problem(
            "no column of persons stands left of the first session. Put it there, or state "
            "which column it is."
        )


def _not_there(grid: Grid, stated: list[str]) -> Iterator[Problem]:
    known = list(grid.texts.dropna())
    for header in stated:
        if header not in known:
            yield grid.problem(
                f"the header has no '{header}', which is stated. {did_you_mean(header, known)}"
            )


def _twice(grid: Grid, sessions: dict[int, Session]) -> Iterator[Problem]:
    """Refuse two columns of one session: of one number, or of one date without a number."""
    first: dict[object, int] = {}
    for place, session in sessions.items():
        key = session.held_on if session.number is None else session.number
        other = first.setdefault(key, place)
        if other != place:
            columns = f"columns {column_letter(other)} and {column_letter(place)}"
            message = (
                f"'{grid.called(other)}' and '{grid.called(place)}' ({columns}) are the same "
                "session. Keep one, or give each its number."
            )
            yield grid.problem(message, None, place)


def _no_session(
    grid: Grid, place: int, read: Session | None, marks: Vocabulary, stated: list[str]
) -> Iterator[Problem]:
    """Refuse a header that is no session over cells that may be marks: it may be mistyped."""
    text = grid.texts.get(place)
    named = pd.notna(text)
    if named and (text in stated or str(text).casefold().rstrip(":.") in NO_SESSIONS.split()):
        return
    cells = grid.body[place].dropna()
    way_out = "If it is none, name it under 'others' of this file."
    if read is not None and read.doubt:
        yield grid.problem(f"the header {read.doubt}. {way_out}", None, place)
    elif marks.status(cells).notna().mean() >= 0.5 or (cells.empty and place > 0):
        what = "is not one" if named else "is blank"
        message = (
            f"the column seems to be a session, but its header {what}: write 'Samling 4' or a "
            f"date such as 12.03.2024. {way_out if named else 'Or empty the column.'}"
        )
        yield grid.problem(message, None, place)
