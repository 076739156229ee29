"""The attendance register as practitioners keep it: persons down, sessions across, marks inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evalkit.arguments import check_choice
from evalkit.readers.raw import left_out, read_raw
from evalkit.readers.register_layout import cut, find_columns
from evalkit.readers.register_marks import STATUSES, vocabulary
from evalkit.readers.register_rows import find_rows
from evalkit.readers.register_sums import check_sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from evalkit.errors import Problem
    from evalkit.readers.raw import Raw
    from evalkit.readers.register_layout import Columns, Grid
    from evalkit.readers.register_marks import Vocabulary
    from evalkit.readers.register_rows import Rows

EMPTY = ("absent", "unknown")
READ_AS_UNKNOWN = "They were read as unknown"


class Register(NamedTuple):
    """What a register holds.

    Attributes
    ----------
    marks : pandas.DataFrame
        One row per person and session: ``row`` (in Excel), ``column`` (the header as written),
        ``person``, ``number`` (of the session, NA where the header is a date), ``held_on``
        (NaT where it is not), ``status`` (present, absent, excused, unknown; NA where the mark
        is an error), ``value`` (the mark as written, NA where blank).
    people : pandas.DataFrame
        The other columns of each person; the index is the ``row``.
    person : str
        The header of the column of persons.
    sheet : str or None
        The sheet of a workbook.
    excluded : pandas.DataFrame
        Rows that are no person: ``file, sheet, row, reason``.
    problems : tuple of Problem
        Cells that are wrong (errors) and sums that are (warnings): look there first.
    sha256 : str
        The hash of the file as it was read.
    """

    marks: pd.DataFrame
    people: pd.DataFrame
    person: str
    sheet: str | None
    excluded: pd.DataFrame
    problems: tuple[Problem, ...]
    sha256: str


def read_register(
    path: Path,
    *,
    name: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    person: str | None = None,
    marks: Mapping[str, Sequence[str]] | None = None,
    empty: str | None = None,
    where: str = "study.toml",
    others: Sequence[str] = (),
) -> Register:
    r"""Read an attendance register from a csv file or a workbook (xlsx, xls, ods).

    The header is the row that names the most sessions; titles may stand above it, and a row of
    dates above or below. A session is named by a number (``Samling 4``, ``S4``, ``Møte 4``,
    ``4.``), a date (``2024-03-12``, ``12.03.2024``, ``12/3-24``, ``12. mars 2024``, a weekday
    before it; day first) or both, perhaps with a theme after it. Columns and rows of sums (Sum,
    Totalt, Antall, Til stede, Oppmøte, Fravær, %) are held against the marks. Notes and legends
    under the table are left out; hidden rows are read like all others.

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        What messages call the file; by default its name.
    sheet, encoding : str, optional
        As for `read_plain`.
    person : str, optional
        The header of the column of persons; by default the first column.
    marks : dict of status to marks, optional
        Which marks mean present, absent, excused, unknown. By default present is
        ``x 1 ja ✓ ✔ √ tilstede møtt yes present TRUE`` and ``til stede``; absent ``0 - – — nei
        fravær borte no absent FALSE``; excused ``s syk forfall excused``; unknown ``?``. What is
        stated replaces these. A mark is looked for as written, then in any case.
    empty : {"absent", "unknown"}, optional
        What an empty cell means. By default unknown where some mark of absence is used, with a
        warning; where none is, it must be said: else everybody would always have been there.
    where : str
        Where messages say that marks are stated.
    others : sequence of str
        Headers that are no sessions, though their cells look like marks.

    Returns
    -------
    Register
        With ``marks`` sorted by row, then in the order of the columns.

    Raises
    ------
    ReadError
        There is no table: no header, no column of persons, a session twice, a header that is
        not understood; a mark stated twice.
    ArgumentError
        A status or a meaning of empty cells that is not known.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "oppmote.csv")
    ...     _ = path.write_text("Navn;Samling 1;Samling 2;Sum\nB1;x;-;2", "utf-8")
    ...     register = read_register(path)
    >>> register.marks["status"].tolist()
    ['present', 'absent']
    >>> print(register.problems[0])
    oppmote.csv, row 2, column "Sum": the sum says 2, but the marks give 1. Mend whichever is wrong.
    """
    if empty is not None:
        check_choice(empty, "empty", EMPTY)
    name = name or path.name
    known = vocabulary(marks, name=name, where=where)
    raw = read_raw(path, name=name, sheet=sheet, encoding=encoding, ragged=True)
    grid = cut(raw.cells, name, raw.sheet)
    columns, warnings = find_columns(grid, known, person, others)
    rows = find_rows(grid, columns, known)
    values = grid.body.loc[rows.persons, list(columns.sessions)]
    status = values.apply(known.status)
    problems = [
        *raw.problems,
        *warnings,
        *(lost := list(_lost(raw, grid, columns, rows))),
        *_unknown_marks(grid, values, status, known, where),
        *_persons(grid, columns, rows),
        *(_empty(grid, values, status, where, lost) if empty is None else ()),
        *(_nobody_there(grid, values) if empty == "absent" else ()),
        *check_sums(grid, columns, rows, status.where(values.notna(), empty or "unknown")),
    ]
    return Register(
        marks=_long(grid, columns, values, status.where(values.notna(), empty or "unknown")),
        people=_people(grid, columns, rows),
        person=grid.called(columns.person),
        sheet=raw.sheet,
        excluded=left_out(name, raw.sheet, rows.left_out),
        problems=tuple(problems),
        sha256=raw.sha256,
    )


def _lost(raw: Raw, grid: Grid, columns: Columns, rows: Rows) -> Iterator[Problem]:
    """Yield cells that read as blank: errors where a header, person or mark is lost.

    A sum that was never computed is none; one that Excel could not compute is a warning.
    """
    inside = {columns.person, *columns.sessions}
    of_table = {*range(grid.first, grid.last + 1), *rows.persons, *rows.nameless}
    for cell in raw.lost:
        needed = cell.row is None or (
            cell.row in of_table and (cell.place in inside or cell.row <= grid.last)
        )
        if needed or (not cell.idle and cell.row is not None and cell.row > grid.last):
            severity = "error" if needed else "warning"
            yield cell.problem(grid.name, grid.sheet, grid.texts, severity)


def _unknown_marks(
    grid: Grid, values: pd.DataFrame, status: pd.DataFrame, known: Vocabulary, where: str
) -> Iterator[Problem]:
    for row, place in _cells(values.notna() & status.isna()):
        mark = str(values.loc[row, place])
        message = (
            f"'{mark}' is not a mark this register knows. {known.listed} "
            f"Add it under marks in {where}."
        )
        yield grid.problem(message, row, place, mark)


def _cells(which: pd.DataFrame) -> list[tuple[int, int]]:
    """Return row and column of each true cell, row by row."""
    rows, places = which.to_numpy(dtype="bool").nonzero()
    labels = which.index.to_numpy(dtype="int64"), which.columns.to_numpy(dtype="int64")
    return list(zip(labels[0][rows].tolist(), labels[1][places].tolist(), strict=True))


def _persons(grid: Grid, columns: Columns, rows: Rows) -> Iterator[Problem]:
    """Yield rows with marks but no person, and persons that stand twice."""
    if rows.persons.empty and rows.nameless.empty:
        yield grid.problem("no person stands below the header.", None, columns.person)
    for row in rows.nameless:
        message = "there are marks in this row, but no person. Write who it is."
        yield grid.problem(message, int(row), columns.person)
    person = grid.body.loc[rows.persons, columns.person]
    first: dict[str, int] = {}
    for row, who in zip(person.index.to_list(), person.to_list(), strict=True):
        if first.setdefault(who, row) != row:
            message = (
                f"'{who}' stands in row {first[who]} already. Keep one row, or tell the two apart."
            )
            yield grid.problem(message, row, columns.person, who)


def _empty(
    grid: Grid, values: pd.DataFrame, status: pd.DataFrame, where: str, lost: list[Problem]
) -> Iterator[Problem]:
    """Yield what empty cells mean where nobody said: an error if the marks do not tell either."""
    told = {(problem.row, problem.column) for problem in lost}
    cells = [cell for cell in _cells(values.isna()) if (cell[0], grid.called(cell[1])) not in told]
    if not cells:
        return
    row, place = cells[0]
    count = "1 cell is" if len(cells) == 1 else f"{len(cells)} cells are"
    first = f'{count} empty, the first in row {row}, column "{grid.called(place)}"'
    way_out = f"for this file in {where}"
    if status.isin(["absent", "excused"]).any(axis=None):
        message = (
            f"{first}. {READ_AS_UNKNOWN}, since other cells say who was away. If they "
            f'mean absent, state empty = "absent" {way_out}; else empty = "unknown".'
        )
        yield grid.problem(message, row, place, None, "warning")
        return
    message = (
        f"{first}, and no mark of absence is used: nobody would ever have been away. State "
        f'empty = "absent" or empty = "unknown" {way_out}.'
    )
    yield grid.problem(message, row, place)


def _nobody_there(grid: Grid, values: pd.DataFrame) -> Iterator[Problem]:
    """Warn of sessions without a mark, where blank means absent."""
    never = values.columns[values.isna().all()] if len(values) else values.columns[:0]
    for place in never.to_numpy(dtype="int64").tolist():
        message = "nobody has a mark here, so all count as absent. Was the session held?"
        yield grid.problem(message, None, place, None, "warning")


def _long(grid: Grid, columns: Columns, values: pd.DataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Return one row per person and session, by row, then as the columns stand."""
    sessions = list(columns.sessions.values())
    people, across = len(values), len(sessions)
    person = grid.body.loc[values.index, columns.person]
    table = pd.DataFrame(
        {
            "row": np.repeat(values.index.to_numpy(dtype="int64"), across),
            "column": np.tile([grid.called(place) for place in columns.sessions], people),
            "person": np.repeat(person.to_numpy(), across),
            "number": pd.array([s.number for s in sessions] * people, dtype="Int64"),
            "held_on": pd.Series([s.held_on for s in sessions] * people, dtype="datetime64[s]"),
            "status": status.to_numpy(dtype="object").ravel(),
            "value": values.to_numpy(dtype="object").ravel(),
        }
    )
    kinds = {"status": pd.CategoricalDtype(list(STATUSES))}
    return table.astype({"column": "str", "person": "str", "value": "str", **kinds})


def _people(grid: Grid, columns: Columns, rows: Rows) -> pd.DataFrame:
    table = grid.body.loc[rows.persons, columns.others].rename_axis("row")
    return table.set_axis([grid.called(place) for place in columns.others], axis="columns")
