"""Delimited text: which delimiter, and the cells with their row numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from evalkit.errors import Problem, ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ";\t,"


class Cells(NamedTuple):
    """All cells as text, indexed by row from 1, and what is wrong or odd about them."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def read_delimited(text: str, name: str) -> Cells:
    """Return the cells of a text.

    Rows that are longer or shorter than row 1 are left out, each as a problem.

    Raises
    ------
    ReadError
        Quotation marks that leave it open where a row ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, delimiter = _stated_delimiter(text)
    if not text.strip():
        return Cells(pd.DataFrame({"0": [""]}, index=[1], dtype="str"))
    header = _first_record(text)
    delimiter = delimiter or _likeliest(header)
    quoted_lines = '"' in text and any(line.count('"') % 2 for line in text.split("\n"))
    read = _read_records if quoted_lines else _read_lines
    return read(text, delimiter, name)


def _stated_delimiter(text: str) -> tuple[str, str | None]:
    """Take off the line ``sep=;`` that Excel writes, reads and never shows."""
    first, _, rest = text.partition("\n")
    stated = first.strip('"\ufeff')
    if stated.lower().startswith("sep=") and stated[4:] in list(DELIMITERS):
        return rest, stated[4:]
    return text.removeprefix("\ufeff"), None


def _first_record(text: str) -> str:
    """Return row 1, also where a cell of it holds line breaks."""
    end = -1
    is_open = False
    while True:
        start, end = end + 1, text.find("\n", end + 1)
        line = text[start:] if end < 0 else text[start:end]
        is_open ^= bool(line.count('"') % 2)
        if end < 0 or not is_open:
            return text if end < 0 else text[:end]


def _likeliest(header: str) -> str:
    """Return the delimiter that row 1 has most of, outside quotation marks."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _read_lines(text: str, delimiter: str, name: str) -> Cells:
    """Read a text in which every row is a line: by far the most, and fast."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    data = text.encode("utf-8")
    first = text.partition("\n")[0]
    width = len(next(csv.reader([first], delimiter=delimiter), [""])) or 1
    uneven: list[tuple[int, int, str]] = []

    def note_and_skip(row: arrow_csv.InvalidRow) -> str:
        uneven.append((row.number, row.actual_columns, row.text))
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=max(1 << 20, len(data) + 1)
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=note_and_skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        message = f"the rows cannot be told apart ({error}). Export the file again."
        raise ReadError([Problem(name, message)]) from None
    filled = [(row, found) for row, found, line in uneven if line.strip(f'"\t {delimiter}')]
    frame = _numbered(table.to_pandas(), [row for row, _, _ in uneven])
    return Cells(frame, tuple(_uneven(name, row, found, width) for row, found in filled))


def read_ragged(text: str, name: str) -> Cells:
    """Return the cells of a text whose rows may be of any length; short ones end in blanks.

    Raises
    ------
    ReadError
        Quotation marks that leave it open where a row ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, delimiter = _stated_delimiter(text)
    rows = _records(text, delimiter or _commonest(text), name)
    width = max((len(row) for row in rows), default=1) or 1
    padded = [row + [""] * (width - len(row)) for row in rows]
    index = pd.RangeIndex(1, len(rows) + 1)
    names = [str(place) for place in range(width)]
    return Cells(pd.DataFrame(padded, columns=names, index=index, dtype="str"))


def _commonest(text: str) -> str:
    """Return the delimiter that parts most rows into several cells, then the one there most."""
    lines = "".join(text.split('"')[::2]).split("\n")
    return max(
        DELIMITERS,
        key=lambda mark: (sum(line.count(mark) > 1 for line in lines), text.count(mark)),
    )


def _read_records(text: str, delimiter: str, name: str) -> Cells:
    """Read a text with line breaks inside quotation marks, strictly."""
    rows = _records(text, delimiter, name)
    width = len(rows[0])
    even = [row for row in rows if len(row) == width]
    frame = pd.DataFrame(even, columns=[str(place) for place in range(width)], dtype="str")
    odd = [place for place, row in enumerate(rows, 1) if len(row) != width]
    filled = [place for place in odd if any(cell.strip() for cell in rows[place - 1])]
    problems = [_uneven(name, place, len(rows[place - 1]), width) for place in filled]
    problems += _swallowed(rows, delimiter, name)
    return Cells(_numbered(frame, odd), tuple(problems))


def _records(text: str, delimiter: str, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(record)  # noqa: PERF402 (rows read so far give the place of an error)
    except csv.Error:
        message = (
            "a quotation mark opens or closes a cell where none should, so the rows from here on "
            "cannot be told apart. Put the whole cell in quotation marks, and write those inside "
            'it twice ("").'
        )
        raise ReadError([Problem(name, message, row=len(rows) + 1)]) from None
    return rows


def _swallowed(rows: list[list[str]], delimiter: str, name: str) -> Iterator[Problem]:
    """Warn of cells whose lines look like rows: a quotation mark may have swallowed them."""
    least = max(len(rows[0]) - 2, 1)
    for place, row in enumerate(rows, 1):
        for cell in row:
            if any(line.count(delimiter) >= least for line in cell.split("\n")[1:]):
                message = (
                    "a cell in quotation marks holds lines that look like rows of their own. "
                    "If they are rows, a quotation mark is wrong: remove it."
                )
                yield Problem(name, message, row=place, value=cell[:60], severity="warning")


def _numbered(cells: pd.DataFrame, left_out: list[int]) -> pd.DataFrame:
    """Index by row number; rows that were left out are there as blank rows."""
    total = len(cells) + len(left_out)
    rows = np.setdiff1d(np.arange(1, total + 1), left_out)
    return cells.set_index(rows).reindex(range(1, total + 1), fill_value="").astype("str")


def _uneven(name: str, row: int, found: int, width: int) -> Problem:
    message = (
        f"the row has {found} cells, but row 1 names {width} columns. "
        "Put text that holds the delimiter in quotation marks, or remove what is too much."
    )
    return Problem(name, message, row=row)
