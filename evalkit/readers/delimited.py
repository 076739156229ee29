"""Delimited text: which encoding, which delimiter, and the cells with their row numbers."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from evalkit.errors import Problem, ReadError

if TYPE_CHECKING:
    import pandas as pd
    from pyarrow import csv as arrow_csv

DELIMITERS = ";\t,"
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(
    data: bytes, name: str, encoding: str | None = None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return all cells as text, indexed by row from 1, and what was odd.

    Raises
    ------
    ReadError
        Bytes that the encoding does not know; every row that is longer or shorter than row 1.
    """
    text, warnings = _decoded(data, name, encoding)
    text = _without_separator_line(text)
    return _cells(text, name), warnings


def _decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, tuple[Problem, ...]]:
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    stated = encoding or marked
    if stated:
        return _decode(data, name, stated), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
    text = _decode(data, name, "cp1252")
    message = (
        "the file is not UTF-8 and was read as Windows-1252; check that letters such as æ, ø, å "
        "are right. If they are, state encoding = 'cp1252' for this file in study.toml."
    )
    return text, (Problem(name, message, row=row, severity="warning"),)


def _decode(data: bytes, name: str, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        message = f"'{encoding}' is not an encoding. Usual ones: utf-8, utf-16, cp1252."
        raise ReadError([Problem(name, message)]) from None
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        tried = f"not {encoding}" if encoding != "cp1252" else "neither UTF-8 nor Windows-1252"
        message = (
            f"byte {byte:#04x} (number {error.start + 1} of the file) is {tried}, so the text "
            "cannot be read. Save the file as 'CSV UTF-8', or state its encoding in study.toml."
        )
        raise ReadError([Problem(name, message, row=row)]) from None


def _without_separator_line(text: str) -> str:
    """Return the text without the line ``sep=;`` that Excel writes, reads and never shows."""
    first, _, rest = text.partition("\n")
    return rest if first.strip().lower() in {f"sep={mark}" for mark in DELIMITERS} else text


def _delimiter(text: str) -> str:
    """Return the delimiter that row 1 has most of, outside quotation marks."""
    outside = "".join(text.split("\n", 1)[0].split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _cells(text: str, name: str) -> pd.DataFrame:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    _refuse_open_quotation(text, name)
    delimiter = _delimiter(text)
    width = len(next(csv.reader(io.StringIO(text), delimiter=delimiter)))
    uneven: list[arrow_csv.InvalidRow] = []

    def note_and_skip(row: arrow_csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=note_and_skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        message = f"the rows cannot be told apart ({error}). Export the file again."
        raise ReadError([Problem(name, message)]) from None
    filled = [row for row in uneven if row.text.strip()]
    if filled:
        raise ReadError([_uneven_problem(name, row, width) for row in filled])
    return _numbered(table.to_pandas(), [row.number for row in uneven])


def _refuse_open_quotation(text: str, name: str) -> None:
    if text.count('"') % 2 == 0:
        return
    odd = [place for place, line in enumerate(text.split("\n"), 1) if line.count('"') % 2]
    message = (
        "a quotation mark is opened and not closed, so the rows after it cannot be told apart. "
        'Close it, or write it twice ("") where it belongs to the text.'
    )
    raise ReadError([Problem(name, message, row=odd[-1])])


def _numbered(cells: pd.DataFrame, blank_rows: list[int]) -> pd.DataFrame:
    """Index by row number; blank lines that the parser skipped are put back as blank rows."""
    total = len(cells) + len(blank_rows)
    rows = np.setdiff1d(np.arange(1, total + 1), blank_rows)
    return cells.set_index(rows).reindex(range(1, total + 1), fill_value="").astype("str")


def _uneven_problem(name: str, row: arrow_csv.InvalidRow, width: int) -> Problem:
    message = (
        f"the row has {row.actual_columns} cells, but row 1 names {width} columns. "
        "Put text that holds the delimiter in quotation marks, or remove what is too much."
    )
    return Problem(name, message, row=row.number)
