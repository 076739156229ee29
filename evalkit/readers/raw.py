"""The cells of a file as text, whatever it is: the bytes decide, not the name."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.errors import Problem, ReadError
from evalkit.readers.delimited import read_delimited, read_ragged
from evalkit.readers.encoding import decoded
from evalkit.readers.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.readers.lost_cells import LostCell

# White space that is seen as none: no-break, thin and zero-width spaces, marks.
WHITE_SPACE = " \t\r\n\u00a0\u2007\u2009\u200b\u202f\u2060\ufeff"

# Marks of old programs (a soft line break is 0x0b) that no workbook and no page may hold.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


class Raw(NamedTuple):
    """All cells of a file, or of a sheet.

    Attributes
    ----------
    cells : pandas.DataFrame
        Text without white space at its ends, blanks ``NA``; the index is the row in Excel, from
        1; no blank rows at the end.
    sheet : str or None
        The sheet of a workbook.
    problems : tuple of Problem
        Rows that could not be read (errors), and what is odd but was read (warnings).
    lost : tuple of LostCell
        Cells that read as blank although something stands in them.
    sha256 : str
        The hash of the file as it was read.
    """

    cells: pd.DataFrame
    sheet: str | None
    problems: tuple[Problem, ...]
    lost: tuple[LostCell, ...]
    sha256: str


def read_raw(
    path: Path,
    *,
    name: str,
    sheet: str | None = None,
    encoding: str | None = None,
    ragged: bool = False,
) -> Raw:
    """Read the cells of a csv file (``,`` ``;`` or tab) or of a sheet of a workbook.

    With ``ragged`` rows of a csv file may be of any length: titles may stand above a table.

    Raises
    ------
    ReadError
        Nothing can be read: no such file, cut short, undecodable.
    """
    data = _bytes(path, name)
    sha256 = hashlib.sha256(data).hexdigest()
    if is_workbook(data, name):
        cells, sheet, lost = read_workbook(data, name, sheet)
        ignored = () if encoding is None else (_ignored(name, "encoding", "a workbook has none"),)
        return Raw(_trimmed(cells), sheet, ignored, lost, sha256)
    text, problems = decoded(data, name, encoding)
    cells, odd = (read_ragged if ragged else read_delimited)(text, name)
    problems += odd
    if sheet is not None:
        problems += (_ignored(name, "sheet", "the file is no workbook"),)
    return Raw(_trimmed(cells), None, problems, (), sha256)


def composed(text: str) -> str:
    """Return a text as cells are returned: no white space at its ends, letters composed."""
    return unicodedata.normalize("NFC", text).strip(WHITE_SPACE)


def column_letter(place: int) -> str:
    """Return what Excel calls a column: 0 is A, 26 is AA."""
    before, last = divmod(place, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)


def left_out(name: str, sheet: str | None, reasons: dict[int, str]) -> pd.DataFrame:
    """Return rows that are left out: ``file, sheet, row, reason``, by row."""
    rows = sorted(reasons)
    why = [reasons[row] for row in rows]
    return pd.DataFrame({"file": name, "sheet": sheet, "row": rows, "reason": why})


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
