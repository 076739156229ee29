"""Rows that study.toml says are no data: test answers, forms sent twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import did_you_mean, nearest
from evalkit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.readers import Plain
    from evalkit.study.settings import File, LeaveOut

MOST_VALUES = 1000
"""Among so many values the nearest is looked for."""


def without_left_out(plain: Plain, file: File) -> tuple[Plain, list[Problem]]:
    """Return a file without the rows to leave out, each now among its excluded ones.

    A rule that fits no row is an error: the file may have been exported anew.
    """
    problems: list[Problem] = []
    reasons = pd.Series(pd.NA, index=plain.frame.index, dtype="str")
    for rule in file.leave_out:
        fits, wrong = _fitting(rule, plain.frame)
        if wrong:
            told = f"'leave_out' of '{file.path}' {wrong}"
            problems.append(Problem("study.toml", told, row=file.line))
        reasons = reasons.mask(fits & reasons.isna(), rule.because)
    out = reasons.notna()
    if not out.any():
        return plain, problems
    rows = pd.DataFrame(
        {"file": file.path, "sheet": plain.sheet, "row": reasons.index[out], "reason": reasons[out]}
    )
    parts = [part for part in (plain.excluded, rows) if len(part)]
    excluded = pd.concat(parts, ignore_index=True)
    return plain._replace(frame=plain.frame[~out], excluded=excluded), problems


def _fitting(rule: LeaveOut, frame: pd.DataFrame) -> tuple[pd.Series, str | None]:
    """Return which rows a rule fits, and what is wrong with it."""
    nothing = pd.Series(data=False, index=frame.index)
    if (rule.row is None) == (not rule.where):
        return nothing, "must say either which row, or where = { column = 'value' }."
    unknown = next((header for header in rule.where if header not in frame), None)
    if unknown is not None:
        return nothing, f"names a column '{unknown}'. {did_you_mean(unknown, frame.columns)}"
    fits = nothing | (frame.index == rule.row) if rule.row is not None else ~nothing
    for header, value in rule.where.items():
        fits &= frame[header].eq(value).fillna(value=False)
    if not fits.any():
        what = ", ".join(_told(rule, frame))
        return nothing, f"fits no row ({what}). Was the file exported anew? Mend or remove it."
    return fits, None


def _told(rule: LeaveOut, frame: pd.DataFrame) -> Iterator[str]:
    """Yield what a rule that fits no row asks for, and the nearest value there is."""
    if rule.row is not None:
        yield f"row {rule.row}"
    for header, value in rule.where.items():
        close = nearest(value, frame[header].dropna().unique()[:MOST_VALUES])
        near = f"; nearest is '{close}'" if close not in (None, value) else ""
        yield f"{header} = '{value}'{near}"
