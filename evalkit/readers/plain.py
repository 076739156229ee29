"""A plain table: csv or a workbook, one header row, then rows.

The bytes decide what a file is, not its name. Every cell comes out as text, every row with the
number a person sees in Excel; what the cells mean is decided later, by the table they belong to.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.errors import Problem, ReadError
from evalkit.readers.delimited import read_delimited
from evalkit.readers.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BLANK_ROW = "blank row"
WHITE_SPACE = " \t\r\n\u00a0\ufeff"


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
    warnings : tuple of Problem
        What is odd but was read.
    sha256 : str
        The hash of the file as it was read.
    """

    frame: pd.DataFrame
    sheet: str | None
    excluded: pd.DataFrame
    warnings: tuple[Problem, ...]
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

    Raises
    ------
    ReadError
        With every problem of the file: not readable, cut short, no header, a header twice,
        rows that are longer or shorter than the header.
    """
    name = name or path.name
    data = _bytes(path, name)
    if is_workbook(data, name):
        cells, sheet = read_workbook(data, name, sheet)
        warnings: tuple[Problem, ...] = ()
    else:
        cells, warnings = read_delimited(data, name, encoding)
        sheet = None
    frame, excluded = _with_header(cells, name, sheet)
    return Plain(frame, sheet, excluded, warnings, hashlib.sha256(data).hexdigest())


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}). Is it open in another program?"
        raise ReadError([Problem(name, message)]) from error
    if not data:
        message = "the file is empty (0 bytes). Export it again."
        raise ReadError([Problem(name, message)])
    return data


def _with_header(
    cells: pd.DataFrame, name: str, sheet: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take row 1 as header; leave out blank rows, those between others with a reason."""
    cells = _trimmed(cells)
    if cells.empty or cells.index[0] != 1:
        where = f' of sheet "{sheet}"' if sheet else ""
        message = f"row 1{where} is blank, but should hold the names of the columns."
        raise ReadError([Problem(name, message, sheet=sheet, row=1)])
    header, body = cells.iloc[0], cells.iloc[1:]
    used = header.notna() | body.notna().any()
    header, body = header[used], body.loc[:, used.to_numpy()]
    problems = _header_problems(header, name, sheet)
    if problems:
        raise ReadError(problems)
    body = body.set_axis(header.to_list(), axis="columns")
    blank = body.isna().all(axis="columns").to_numpy()
    rows = body.index[blank]
    excluded = pd.DataFrame({"file": name, "sheet": sheet, "row": rows, "reason": BLANK_ROW})
    return body[~blank].rename_axis("row"), excluded


def _trimmed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells without white space at their ends, blanks NA, no blank rows at the end."""
    text: pd.DataFrame = cells.apply(lambda column: column.str.strip(WHITE_SPACE))
    text = text.where(text != "")
    filled = text.notna().any(axis="columns").to_numpy().nonzero()[0]
    last = filled[-1] + 1 if len(filled) else 0
    return text.iloc[:last]


def _header_problems(header: pd.Series, name: str, sheet: str | None) -> Sequence[Problem]:
    twice = header[header.duplicated() & header.notna()].unique()
    problems = [
        Problem(
            name,
            "the header stands twice. Give each column a name of its own.",
            sheet=sheet,
            row=1,
            column=column,
        )
        for column in twice
    ]
    for place in header.isna().to_numpy().nonzero()[0]:
        message = f"column {place + 1} holds values but has no name in row 1. Name it or empty it."
        problems.append(Problem(name, message, sheet=sheet, row=1))
    return problems
