"""A plain table: csv or a workbook, one header row, then rows.

The bytes decide what a file is, not its name. Every cell comes out as text, every row with the
number a person sees in Excel; what the cells mean is decided later, by the table they belong to.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.errors import Problem, ReadError
from evalkit.readers.delimited import read_delimited
from evalkit.readers.encoding import decoded
from evalkit.readers.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

BLANK_ROW = "blank row"
# White space that is seen as none: no-break, thin and zero-width spaces, marks.
WHITE_SPACE = " \t\r\n\u00a0\u2007\u2009\u200b\u202f\u2060\ufeff"

# Marks of old programs (a soft line break is 0x0b) that no workbook and no page may hold.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


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
    data = _bytes(path, name)
    if is_workbook(data, name):
        cells, sheet, problems = read_workbook(data, name, sheet)
        if encoding is not None:
            problems += (_ignored(name, "encoding", "a workbook has none"),)
    else:
        text, warnings = decoded(data, name, encoding)
        cells, odd = read_delimited(text, name)
        problems = (*warnings, *odd)
        if sheet is not None:
            problems += (_ignored(name, "sheet", "the file is no workbook"),)
            sheet = None
    try:
        frame, excluded = _with_header(cells, name, sheet, problems)
    except ReadError as error:
        raise ReadError([*problems, *error.found]) from None
    return Plain(frame, sheet, excluded, problems, hashlib.sha256(data).hexdigest())


def _ignored(name: str, key: str, why: str) -> Problem:
    message = f"'{key}' is stated in study.toml, but {why}. Remove it."
    return Problem(name, message, severity="warning")


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
    cells: pd.DataFrame, name: str, sheet: str | None, problems: tuple[Problem, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take row 1 as header; leave out blank rows, those between others with a reason."""
    cells = _trimmed(cells)
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
    rows = [row for row in body.index[blank] if row not in told]
    excluded = pd.DataFrame({"file": name, "sheet": sheet, "row": rows, "reason": BLANK_ROW})
    return body[~blank].rename_axis("row"), excluded


def _trimmed(cells: pd.DataFrame) -> pd.DataFrame:
    """Return cells without white space at their ends, blanks NA, no blank rows at the end.

    Letters are composed (NFC): an å typed on a Mac is the å typed on Windows.
    """
    columns = {}
    for column in cells:
        text = cells[column]
        if text.str.contains(CONTROL).any():
            text = text.str.replace(CONTROL, " ", regex=True)
        text = text.str.strip(WHITE_SPACE)
        if not text.str.isascii().all():
            text = text.str.normalize("NFC")
        columns[column] = text.where(text != "")
    tidy = pd.DataFrame(columns, index=cells.index)
    filled = tidy.notna().any(axis="columns").to_numpy().nonzero()[0]
    last = filled[-1] + 1 if len(filled) else 0
    return tidy.iloc[:last]


def composed(text: str) -> str:
    """Return a text as cells are returned: no white space at its ends, letters composed."""
    return unicodedata.normalize("NFC", text).strip(WHITE_SPACE)


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
        letter = _letter(int(place))
        message = f"column {letter} holds values but has no name in row 1. Name it or empty it."
        problems.append(Problem(name, message, sheet=sheet, row=1))
    return problems


def _letter(place: int) -> str:
    """Return what Excel calls a column: 0 is A, 26 is AA."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)
