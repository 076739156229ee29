"""What the files of a report show: the cells of its workbook, the tables of its page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from evalkit.privacy import HIDDEN_SIGN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

TABLE = "table-"
"""With what the id of an exhibit's table on the page begins."""
CELL = re.compile(r"([A-Z]+)(\d+)")


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet of a workbook, as they stand."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def cell_of(rows: list[list[Any]], name: str) -> Any:
    """Return what stands in a cell, as ``B7``; empty text where nothing does."""
    found = CELL.fullmatch(name)
    if found is None:
        return ""
    column, row = _number_of(found[1]), int(found[2])
    inside = row <= len(rows) and column <= len(rows[row - 1])
    return rows[row - 1][column - 1] if inside else ""


def is_number(value: object) -> bool:
    """Return whether a cell holds a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_hidden(value: object) -> bool:
    """Return whether a cell tells nothing: a colon, or nothing at all."""
    return value is None or (isinstance(value, str) and value.strip() in {"", HIDDEN_SIGN})


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _Tables(HTMLParser):
    """The texts of the cells of every table that belongs to an exhibit."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] | None = None
        self.depth, self.in_body, self.cell = 0, False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div":
            name = dict(attrs).get("id") or ""
            if name.startswith(TABLE):
                self.rows = self.tables.setdefault(name.removeprefix(TABLE), [])
                self.depth = 0
            self.depth += 1
        if self.rows is None:
            return
        if tag == "tbody":
            self.in_body = True
        elif tag == "tr" and self.in_body:
            self.rows.append([])
        elif tag == "td" and self.in_body and self.rows:
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self.cell = False
        elif tag == "tbody":
            self.in_body = False
        elif tag == "div" and self.rows is not None:
            self.depth -= 1
            if self.depth == 0:
                self.rows = None

    def handle_data(self, data: str) -> None:
        if self.cell and self.rows:
            self.rows[-1][-1] += data


def tables_of(page: str) -> dict[str, list[list[str]]]:
    """Return the cells of the tables of a page, by exhibit; headings of groups are no rows."""
    parser = _Tables()
    parser.feed(page)
    rows_of = {name: _rows(rows) for name, rows in parser.tables.items()}
    return {name: list(rows) for name, rows in rows_of.items()}


def _rows(rows: list[list[str]]) -> Iterator[list[str]]:
    widest = max(map(len, rows), default=0)
    yield from ([cell.strip() for cell in row] for row in rows if len(row) == widest)
