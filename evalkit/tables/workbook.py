"""Results as a workbook: a sheet each, numbers as numbers, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.arguments import check_choice
from evalkit.errors import ArgumentError
from evalkit.locale import DEFAULT_LANGUAGE, LANGUAGES
from evalkit.privacy import HIDDEN_SIGN
from evalkit.tables.shown import ShownColumn, shown

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from evalkit.locale import Labels

FORMATS = {"share": "0.0%", "date": "yyyy-mm-dd"}
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_NAME = 31
WIDEST = 60


@dataclass(frozen=True)
class Sheet:
    """A result with how it is shown, where `xlsx` is not to show all of it."""

    result: pd.DataFrame
    columns: Sequence[str] | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    labels: Labels | None = None


def xlsx(
    sheets: Mapping[str, pd.DataFrame | Sheet],
    path: str | os.PathLike[str],
    *,
    language: str | None = None,
    labels: Labels | None = None,
    banner: str | None = None,
) -> Path:
    r"""Write results to a workbook, a sheet each.

    Counts and shares are numbers (shares shown as percentages), days are dates, text stays text
    even where it begins with "=". A colon stands where a number is hidden; what is not known is
    an empty cell.

    Parameters
    ----------
    sheets : mapping of str to DataFrame or Sheet
        Results by the name of their sheet: at most 31 letters, none of ``[ ] : * ? / \``.
    path : path
        The file to write; replaced if it is there.
    language : {"nb", "en"}, optional
        Of headings and labels; by default Norwegian.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    banner : str, optional
        A line above every table and on every printed page.

    Returns
    -------
    Path

    Raises
    ------
    ArgumentError
        A name no sheet can have, no sheet at all, an unknown language.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> rate = ek.attendance.rate(study.headcounts, by="role")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ek.tables.xlsx({"Oppmøte": rate}, Path(folder) / "tables.xlsx").name
    'tables.xlsx'
    """
    import openpyxl

    check_choice(language or DEFAULT_LANGUAGE, "language", LANGUAGES)
    _check_names(list(sheets))
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "evalkit"
    for name, given in sheets.items():
        sheet = given if isinstance(given, Sheet) else Sheet(given)
        parts = shown(
            sheet.result,
            columns=sheet.columns,
            headings=sheet.headings,
            language=language,
            labels=sheet.labels or labels,
        )
        _fill(book.create_sheet(name), parts, len(sheet.result), sheet.notes, banner)
    buffer = io.BytesIO()
    book.save(buffer)
    path = Path(path)
    path.write_bytes(without_time(buffer.getvalue()))
    return path


def _check_names(names: list[str]) -> None:
    if not names:
        raise ArgumentError("xlsx needs at least one sheet.")
    for name in names:
        if not 0 < len(name) <= LONGEST_NAME or NOT_IN_NAMES.search(name):
            raise ArgumentError(
                f"{name!r} cannot be the name of a sheet: it must have 1 to {LONGEST_NAME} "
                "letters and none of [ ] : * ? / \\."
            )
    folded = [name.casefold() for name in names]
    if len(set(folded)) < len(folded):
        raise ArgumentError(f"Two sheets have the same name: {', '.join(names)}.")


def _fill(
    sheet: Worksheet, parts: list[ShownColumn], rows: int, notes: Sequence[str], banner: str | None
) -> None:
    from openpyxl.styles import Alignment, Font

    top = 1
    if banner:
        from evalkit.figures.style import WARNING

        _write(sheet, 1, 1, banner, "text")
        sheet.cell(1, 1).font = Font(bold=True, color=WARNING.removeprefix("#"))
        sheet.oddHeader.center.text = banner
        top = 2
    for place, part in enumerate(parts, start=1):
        _write(sheet, top, place, part.heading, "text")
        cell = sheet.cell(top, place)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for row in range(rows):
            value = HIDDEN_SIGN if part.hidden[row] else part.values[row]
            _write(sheet, top + 1 + row, place, value, part.kind, part.decimals)
        sheet.column_dimensions[cell.column_letter].width = _width(part)
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    _write_notes(sheet, top + rows + 2, len(parts), notes)
    _fit_to_paper(sheet, top)


def _write_notes(sheet: Worksheet, top: int, columns: int, notes: Sequence[str]) -> None:
    """Write notes over the width of the table, high enough for all of their text."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(place) for place in range(1, columns + 1)]
    width = sum(sheet.column_dimensions[letter].width for letter in letters)
    for row, note in enumerate(notes, start=top):
        _write(sheet, row, 1, note, "text")
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        if columns > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
        sheet.row_dimensions[row].height = 15 * (1 + int(len(note) / max(width - 4, 10)))


def _fit_to_paper(sheet: Worksheet, top: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"


def _write(
    sheet: Worksheet, row: int, column: int, value: Any, kind: str, decimals: int = 0
) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL.sub(" ", value)
        cell.data_type = "s"  # text that begins with "=" stays text
        if value == HIDDEN_SIGN:
            from openpyxl.styles import Alignment

            cell.alignment = Alignment(horizontal="right")
        return
    whole = kind == "number" and float(value).is_integer()
    cell.value = int(value) if whole else value
    if kind in FORMATS:
        cell.number_format = FORMATS[kind]
    elif decimals:
        cell.number_format = f"0.{'0' * decimals}"


def _width(part: ShownColumn) -> float:
    longest = max([len(str(v)) for v in part.values if isinstance(v, str)] + [10])
    return float(min(max(longest, min(len(part.heading), 20)) + 2, WIDEST))


def without_time(data: bytes, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the workbook with fixed dates: openpyxl writes the time of day into it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = compression
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return out.getvalue()
