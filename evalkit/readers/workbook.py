"""Workbooks (xlsx, xls, ods): the sheet that is meant, and its cells as text."""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import did_you_mean
from evalkit.errors import Problem, ReadError
from evalkit.readers.lost_cells import lost_cells
from evalkit.readers.sheet_parts import sheet_parts

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

    from evalkit.readers.lost_cells import LostCell

SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")


def is_workbook(data: bytes, name: str) -> bool:
    """Return whether the bytes are a workbook; a file that is only named like one is refused."""
    if data.startswith(SIGNATURES):
        return True
    if name.lower().endswith(SUFFIXES):
        message = (
            "the file is named like a workbook but is not one. If it is text, name it .csv; "
            "else export it again."
        )
        raise ReadError([Problem(name, message)])
    return False


def read_workbook(
    data: bytes, name: str, sheet: str | None = None
) -> tuple[pd.DataFrame, str, tuple[LostCell, ...]]:
    """Return the cells of a sheet as text, indexed by row from 1, its name, and lost cells.

    Raises
    ------
    ReadError
        The workbook is damaged or protected; the sheet is not there; several sheets hold
        something and none is named.
    """
    import python_calamine as calamine

    _refuse_endless(data, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen = _choose(book, name, sheet)
        lost = tuple(lost_cells(data, chosen))
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        message = "the workbook is protected by a password. Save a copy without one."
        raise ReadError([Problem(name, message)]) from None
    except (calamine.CalamineError, OSError) as error:
        message = (
            f"the workbook is damaged or cut short ({error}). Copy it again from where it came."
        )
        raise ReadError([Problem(name, message)]) from None
    cells = pd.DataFrame(rows, dtype="object")
    text = {column: [_text(value) for value in cells[column]] for column in cells}
    index = pd.RangeIndex(1, len(cells) + 1)
    return pd.DataFrame(text, index=index, dtype="str"), chosen, lost


CELL = re.compile(rb"""<c [^>]*?r=["']([A-Z]+)([0-9]+)["']""")
FAR = re.compile(rb"""<c [^>]*?r=["']([A-Z]{3}|[A-Z]+[0-9]{7})""")
MOST_CELLS = 200_000_000


def _refuse_endless(data: bytes, name: str) -> None:
    """Refuse a sheet with a stray cell so far away that the area up to it fits in no memory."""
    ends = [CELL.findall(part) for part in sheet_parts(data) if FAR.search(part)]
    for cells in ends:
        widest = max((len(column), column) for column, _ in cells) if cells else (0, b"")
        lowest = max((int(row) for _, row in cells), default=0)
        if _number_of(widest[1]) * lowest > MOST_CELLS:
            message = (
                f"a sheet has a cell far from all others (column {widest[1].decode()} or row "
                f"{lowest}), perhaps a stray space. Delete the empty rows and columns around the "
                "table, and save the file."
            )
            raise ReadError([Problem(name, message)])


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _choose(book: CalamineWorkbook, name: str, sheet: str | None) -> str:
    import python_calamine as calamine

    names = list(book.sheet_names)
    if sheet is not None:
        wanted = unicodedata.normalize("NFC", sheet)  # a Mac writes å as a and a ring
        same = [each for each in names if unicodedata.normalize("NFC", each) == wanted]
        if not same:
            message = f"the workbook has no sheet '{sheet}'. {did_you_mean(sheet, names)}"
            raise ReadError([Problem(name, message)])
        return same[0]
    filled = [each for each in names if book.get_sheet_by_name(each).to_python()]
    if len(filled) > 1:  # lists for drop-downs often stand in a hidden sheet
        shown = {
            each.name
            for each in book.sheets_metadata
            if each.visible == calamine.SheetVisibleEnum.Visible
        }
        filled = [each for each in filled if each in shown] or filled
    if len(filled) > 1:
        listed = ", ".join(f'"{each}"' for each in filled)
        message = f"several sheets hold something: {listed}. State sheet = '...' in study.toml."
        raise ReadError([Problem(name, message)])
    if not filled:
        raise ReadError([Problem(name, "no sheet of the workbook holds anything.")])
    return filled[0]


def _text(value: object) -> str:
    """Return a cell as text: 7.0 as 7, a day without its midnight."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
