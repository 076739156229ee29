"""Sums that someone typed beside a register, held against its marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.errors import Problem
    from evalkit.readers.register_layout import Columns, Grid
    from evalkit.readers.register_rows import Rows

OF = re.compile(r"([0-9]+)\s*(?:/|av|of)\s*[0-9]+")
PERCENT = re.compile(r"([0-9]+(?:[.,]([0-9]+))?)\s*%")
FRACTION = re.compile(r"([01](?:[.,]([0-9]+))?)")
TINY = 1e-9


class Counts(NamedTuple):
    """How many of the marks behind one sum say what; ``unsure`` where one is not known."""

    present: int
    absent: int
    excused: int
    cells: int
    unsure: bool = False


def check_sums(grid: Grid, columns: Columns, rows: Rows, status: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning for each sum that is not that of the marks.

    ``status`` has the status of each person (rows) at each session (columns), NA where a mark is
    not known: sums of such are not checked.
    """
    by_person = _counts(status)
    for place, told in columns.sums.items():
        texts = grid.body[place]
        kind = _settled(told, grid.called(place), texts, status.shape[1])
        for row in rows.persons:
            yield from _check(grid, texts[row], kind, [by_person[row]], int(row), place)
    for row, told in rows.sums.items():
        texts = grid.body.T[row]
        label = str(texts.dropna().iloc[0])
        kind = _settled(told, label, texts[list(columns.sessions)], len(status))
        behind = [_counts(part.T) for part in _behind(status, rows, row)]
        for place in columns.sessions:
            yield from _check(grid, texts[place], kind, [c[place] for c in behind], row, place)
        for place, across in columns.sums.items():
            if kind == across == "present":
                whole = [_total(counts) for counts in behind]
                yield from _check(grid, texts[place], kind, whole, row, place)


def _behind(status: pd.DataFrame, rows: Rows, row: int) -> list[pd.DataFrame]:
    """Return the persons a row of sums may be about: all above, the part above, or all."""
    above = status[status.index < row]
    if above.empty:
        return [status]
    earlier = [each for each in rows.sums if each < above.index[-1]]
    return [above, above[above.index > max(earlier, default=0)], status]


def _counts(status: pd.DataFrame) -> dict[int, Counts]:
    """Return the counts of each row."""
    table = pd.DataFrame(
        {
            **{each: status.isin([each]).sum(axis="columns") for each in Counts._fields[:3]},
            "cells": status.shape[1],
            "unsure": status.isna().any(axis="columns"),
        }
    )
    return {
        int(str(row)): Counts(*each)
        for row, each in zip(table.index, table.to_numpy().tolist(), strict=True)
    }


def _total(counts: dict[int, Counts]) -> Counts:
    present, absent, excused, cells, unsure = map(sum, zip(*counts.values(), strict=True))
    return Counts(present, absent, excused, cells, unsure > 0)


def _settled(kind: str, label: str, texts: pd.Series, most: int) -> str:
    """Return 'percent' for shares that are such: 75, or 'Oppmøte' above the number of cells."""
    numbers = pd.to_numeric(texts.str.replace(",", "."), errors="coerce")
    if kind == "share":
        return "percent" if numbers.gt(1).any() else "share"
    rate = re.search("oppmøte|frammøte|attendance", label.casefold())
    return "percent" if rate and numbers.gt(most).any() else kind


def _check(
    grid: Grid, text: object, kind: str, behind: list[Counts], row: int, place: int
) -> Iterator[Problem]:
    if not isinstance(text, str) or kind == "unchecked" or any(each.unsure for each in behind):
        return
    expected = _differs(text, kind, behind)
    if expected is not None:
        message = f"the sum says {text}, but the marks give {expected}. Mend whichever is wrong."
        yield grid.problem(message, row, place, text, "warning")


def _differs(text: str, kind: str, behind: list[Counts]) -> str | None:
    """Return what the marks give, if that is not what a text says; None if it says no number."""
    percent = PERCENT.fullmatch(text) or (
        re.fullmatch("([0-9]+(?:[.,]([0-9]+))?)", text) if kind == "percent" else None
    )
    fraction = FRACTION.fullmatch(text) if kind in ("share", "present") else None
    if percent:
        return _share_differs(percent, 100, behind, kind)
    if fraction and (kind == "share" or fraction[2]):
        return _share_differs(fraction, 1, behind, kind)
    whole = OF.fullmatch(text) or re.fullmatch("([0-9]+)", text)
    if whole is None or kind in ("share", "percent"):
        return None
    given = [count for each in behind for count in _numbers(each, kind)]
    return None if int(whole[1]) in given else str(given[0])


def _numbers(counts: Counts, kind: str) -> list[int]:
    """Return what a number may count: absences with or without those excused."""
    if kind == "absent":
        return [counts.absent, counts.absent + counts.excused]
    return [counts.present]


def _share_differs(match: re.Match[str], scale: int, behind: list[Counts], kind: str) -> str | None:
    """Compare a share to its last digit: of all sessions, those known, or those not excused."""
    value, decimals = float(match[1].replace(",", ".")), len(match[2] or "")
    shares = [
        scale * number / whole
        for each in behind
        for number in _numbers(each, kind)
        for whole in (
            each.cells,
            each.present + each.absent + each.excused,
            each.present + each.absent,
        )
        if whole
    ]
    if not shares or any(abs(value - share) <= 0.5 * 10**-decimals + TINY for share in shares):
        return None
    mark = "," if "," in match[1] else "."
    sign = " %" if match[0].endswith("%") else ""
    return f"{shares[0]:.{min(decimals, 4)}f}".replace(".", mark) + sign
