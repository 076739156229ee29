"""Rows to files, the same bytes every time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import openpyxl

from evalkit.tables.workbook import without_time

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[object]]
DAY_FIRST = "dd.mm.yyyy"
WIDTH = 13


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a text, its folders too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def write_csv(path: Path, rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Write rows as text; a semicolon brings the decimal comma and days first with it."""
    norwegian = delimiter == ";"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([[_as_text(value, norwegian=norwegian) for value in row] for row in rows])
    write_text(path, out.getvalue(), encoding)


def _as_text(value: object, *, norwegian: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", "," if norwegian else ".")
    if isinstance(value, date) and norwegian:
        return f"{value:%d.%m.%Y}"
    return str(value)


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> None:
    """Write sheets of rows: numbers as numbers, days as days, None as an empty cell.

    It is zipped without compression, since not every zlib compresses to the same bytes.
    """
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        _fill(book.create_sheet(name), rows)
    buffer = io.BytesIO()
    book.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(without_time(buffer.getvalue(), compression=zipfile.ZIP_STORED))


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            if value is not None:
                cell = sheet.cell(row, column, value)
                if isinstance(value, date):
                    cell.number_format = DAY_FIRST
    for column in range(1, sheet.max_column + 1):
        letter = sheet.cell(1, column).column_letter
        sheet.column_dimensions[letter].width = WIDTH
