"""Cells that calamine reads as blank although they are not: Excel's errors, idle formulas."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from evalkit.errors import Problem
from evalkit.readers.sheet_parts import sheet_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

SUSPECT = re.compile(
    rb"""\st\s*=\s*["']e["']|value-type=["']error["']|(?:</f>|<f[^>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"""
)


def lost_cells(data: bytes, name: str, sheet: str) -> Iterator[Problem]:
    """Yield a problem for each cell of a sheet that would vanish.

    Of an ods file only that there is one; an xls file is not looked into.
    """
    if not any(SUSPECT.search(part) for part in sheet_parts(data)):
        return
    try:
        found = list(_located(data, name, sheet))
    except Exception:
        message = (
            "a cell of the workbook holds one of Excel's errors, such as #N/A, or a formula that "
            "was never computed. Find and mend it in Excel, and save the file there."
        )
        found = [Problem(name, message, sheet=sheet)]
    yield from found


def _located(data: bytes, name: str, sheet: str) -> Iterator[Problem]:
    import openpyxl

    computed = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[sheet]
    formulas = openpyxl.load_workbook(io.BytesIO(data))[sheet]
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
        header = formulas.cell(1, cell.column).value
        yield Problem(
            name,
            message,
            sheet=sheet,
            row=cell.row,
            column=cell.column_letter if header is None else str(header),
            value=str(value.value or cell.value),
        )
