"""Cells that calamine reads as blank although they are not: Excel's errors, idle formulas."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit.errors import Problem
from evalkit.readers.sheet_parts import sheet_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

SUSPECT = re.compile(
    rb"""\st\s*=\s*["']e["']|value-type=["']error["']|(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"""
)


class LostCell(NamedTuple):
    """A cell that reads as blank: its row from 1 and column from 0, where they are known."""

    message: str
    row: int | None = None
    place: int | None = None
    letter: str | None = None
    value: str | None = None
    idle: bool = False

    def problem(
        self, name: str, sheet: str | None, headers: pd.Series, severity: str = "error"
    ) -> Problem:
        """Return the problem; ``headers`` are those of all columns, by position."""
        column = self.letter
        if self.place is not None and self.place < len(headers):
            header = headers.iloc[self.place]
            column = column if pd.isna(header) else str(header)
        return Problem(name, self.message, sheet, self.row, column, self.value, severity)


def lost_cells(data: bytes, sheet: str) -> Iterator[LostCell]:
    """Yield each cell of a sheet that would vanish.

    ``idle`` marks a formula that was never computed. Of an ods file it is only told that there
    is such a cell; an xls file is not looked into.
    """
    if not any(SUSPECT.search(part) for part in sheet_parts(data)):
        return
    try:
        found = list(_located(data, sheet))
    except Exception:
        message = (
            "a cell of the workbook holds one of Excel's errors, such as #N/A, or a formula that "
            "was never computed. Find and mend it in Excel, and save the file there."
        )
        found = [LostCell(message)]
    yield from found


def _located(data: bytes, sheet: str) -> Iterator[LostCell]:
    import openpyxl

    computed = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[sheet]
    formulas = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    for cell in (cell for row in formulas.iter_rows() for cell in row):
        value = computed[cell.coordinate]
        idle = cell.data_type == "f" and value.value is None and value.data_type == "n"
        if idle:
            message = (
                f"the formula {cell.value} was never computed. Open and save the file in Excel."
            )
        elif value.data_type == "e":
            message = f"the cell holds Excel's error {value.value}. Mend it, or empty the cell."
        else:
            continue
        text = str(value.value or cell.value)
        yield LostCell(message, cell.row, cell.column - 1, cell.column_letter, text, idle)
