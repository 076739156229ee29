"""A plain table: csv or a workbook, one header row, then rows.

The bytes decide what a file is, not its name. Every cell comes out as text, every row with the
number a person sees in Excel; what the cells mean is decided later, by the table they belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.errors import Problem, ReadError
from evalkit.readers.raw import column_letter, composed, left_out, read_raw

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.readers.raw import Raw

__all__ = ["BLANK_ROW", "Plain", "composed", "read_plain", "table_of"]

BLANK_ROW = "blank row"


class Plain(NamedTuple):
    """What stood in a file.

    Attributes
    ----------
    frame : pandas.DataFrame
        One column of text per header, blanks ``NA``; the index ``row`` is the row in Excel.
    sheet : str or None
        The sheet of a workbook.
    excluded : pandas.DataFrame
        Columns ``file, sheet, row, reason``: rows that are not in ``frame``.
    problems : tuple of Problem
        Rows that could not be read (errors), and what is odd but was read (warnings).
    sha256 : str
        The hash of the file as it was read.
    """

    frame: pd.DataFrame
    sheet: str | None
    excluded: pd.DataFrame
    problems: tuple[Problem, ...]
    sha256: str


def read_plain(
    path: Path, *, name: str | None = None, sheet: str | None = None, encoding: str | None = None
) -> Plain:
    """Read a table from a csv file (``,`` ``;`` or tab) or a workbook (xlsx, xls, ods).

    Parameters
    ----------
    path : Path
        The file.
    name : str, optional
        What messages call the file; by default its name.
    sheet : str, optional
        The sheet of a workbook; needed where several hold something.
    encoding : str, optional
        Of a csv file. By default: what a byte order mark says, else UTF-8, else Windows-1252
        with a warning.

    Returns
    -------
    Plain
        Its ``problems`` hold an error for each row that is longer or shorter than the header,
        and for each cell that holds one of Excel's errors: look there before using ``frame``.

    Raises
    ------
    ReadError
        Nothing can be read: no such file, cut short, undecodable, no header, a header twice.
    """
    name = name or path.name
    return table_of(read_raw(path, name=name, sheet=sheet, encoding=encoding), name)


def table_of(raw: Raw, name: str) -> Plain:
    """Return raw cells as a table whose first row holds the names of the columns.

    Raises
    ------
    ReadError
        No header, or a header twice.
    """
    problems = (*raw.problems, *_lost_cells(raw, name))
    try:
        frame, excluded = _with_header(raw.cells, name, raw.sheet, problems)
    except ReadError as error:
        raise ReadError([*problems, *error.found]) from None
    return Plain(frame, raw.sheet, excluded, problems, raw.sha256)


def _lost_cells(raw: Raw, name: str) -> list[Problem]:
    headers = raw.cells.iloc[0] if len(raw.cells) else pd.Series(dtype="str")
    return [lost.problem(name, raw.sheet, headers) for lost in raw.lost]


def _with_header(
    cells: pd.DataFrame, name: str, sheet: str | None, problems: tuple[Problem, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take row 1 as header; leave out blank rows, those between others with a reason."""
    if cells.empty or cells.iloc[0].isna().all():
        message = "row 1 is blank, but should hold the names of the columns."
        raise ReadError([Problem(name, message, sheet=sheet, row=1)])
    header, body = cells.iloc[0], cells.iloc[1:]
    found = _header_problems(header, body, name, sheet)
    if found:
        raise ReadError(found)
    body = body.loc[:, header.notna().to_numpy()]
    body = body.set_axis(header.dropna().to_list(), axis="columns")
    blank = body.isna().all(axis="columns").to_numpy()
    told = {problem.row for problem in problems if problem.severity == "error"}
    rows = [int(row) for row in body.index[blank] if row not in told]
    excluded = left_out(name, sheet, dict.fromkeys(rows, BLANK_ROW))
    return body[~blank].rename_axis("row"), excluded


def _header_problems(
    header: pd.Series, body: pd.DataFrame, name: str, sheet: str | None
) -> list[Problem]:
    most = body.notna().sum(axis="columns").max() if len(body) else 0
    if header.notna().sum() == 1 and most > 2:
        message = (
            f"row 1 holds only '{header.dropna().iloc[0]}', but should hold the names of the "
            "columns. Remove the rows above them."
        )
        return [Problem(name, message, sheet=sheet, row=1)]
    message = "the header stands twice. Give each column a name of its own."
    problems = [
        Problem(name, message, sheet=sheet, row=1, column=str(column))
        for column in header[header.duplicated() & header.notna()].unique()
    ]
    nameless = header.isna().to_numpy() & body.notna().any().to_numpy()
    for place in nameless.nonzero()[0]:
        letter = column_letter(int(place))
        message = f"column {letter} holds values but has no name in row 1. Name it or empty it."
        problems.append(Problem(name, message, sheet=sheet, row=1))
    return problems
