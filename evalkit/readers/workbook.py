"""Workbooks (xlsx, xls, ods): the sheet that is meant, and its cells as text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import pandas as pd

from evalkit.arguments import did_you_mean
from evalkit.errors import Problem, ReadError

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


def read_workbook(data: bytes, name: str, sheet: str | None = None) -> tuple[pd.DataFrame, str]:
    """Return the cells of a sheet as text, indexed by row from 1, and the sheet's name.

    Raises
    ------
    ReadError
        The workbook is damaged or protected; the sheet is not there; several sheets hold
        something and none is named; a cell holds one of Excel's errors.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        chosen = _choose(book, name, sheet)
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        message = "the workbook is protected by a password. Save a copy without one."
        raise ReadError([Problem(name, message)]) from None
    except (calamine.CalamineError, OSError) as error:
        message = (
            f"the workbook is damaged or cut short ({error}). Copy it again from where it came."
        )
        raise ReadError([Problem(name, message)]) from None
    _refuse_lost_cells(data, name, chosen)
    cells = pd.DataFrame(rows, dtype="object")
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    text = {column: [_text(value) for value in cells[column]] for column in cells}
    return pd.DataFrame(text, index=cells.index, dtype="str"), chosen


def _choose(book: object, name: str, sheet: str | None) -> str:
    names: list[str] = list(book.sheet_names)  # type: ignore[attr-defined]
    if sheet is not None:
        if sheet not in names:
            message = f"the workbook has no sheet '{sheet}'. {did_you_mean(sheet, names)}"
            raise ReadError([Problem(name, message)])
        return sheet
    filled = [each for each in names if book.get_sheet_by_name(each).to_python()]  # type: ignore[attr-defined]
    if len(filled) > 1:
        listed = ", ".join(f'"{each}"' for each in filled)
        message = f"several sheets hold something: {listed}. State sheet = '...' in study.toml."
        raise ReadError([Problem(name, message)])
    return filled[0] if filled else names[0]


SUSPECT = re.compile(rb't="e"|</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>')


def _refuse_lost_cells(data: bytes, name: str, sheet: str) -> None:
    """Raise on cells that calamine reads as blank: Excel's errors, formulas never computed."""
    if not data.startswith(b"PK") or not _has_suspect_cells(data):
        return
    import openpyxl

    computed = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[sheet]
    formulas = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    problems = []
    for cell in (cell for row in formulas.iter_rows() for cell in row):
        value = computed[cell.coordinate]
        if value.data_type == "e":
            message = f"the cell holds Excel's error {value.value}. Mend it, or empty the cell."
        elif cell.data_type == "f" and value.value is None and value.data_type == "n":
            message = (
                f"the formula {cell.value} was never computed. Open and save the file in Excel."
            )
        else:
            continue
        column = formulas.cell(1, cell.column).value
        problems.append(
            Problem(
                name,
                message,
                sheet=sheet,
                row=cell.row,
                column=cell.column_letter if column is None else str(column),
                value=str(value.value or cell.value),
            )
        )
    if problems:
        raise ReadError(problems)


def _has_suspect_cells(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [each for each in archive.namelist() if each.startswith("xl/worksheets/sheet")]
        return any(SUSPECT.search(archive.read(each)) for each in sheets)


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
