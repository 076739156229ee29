"""From one file to rows of a table: columns found, converted, every bad cell collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import did_you_mean, nearest
from evalkit.errors import Problem, ReadError
from evalkit.readers import read_plain
from evalkit.study.convert import convert, empty
from evalkit.study.schema import TABLES, names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.readers import Plain
    from evalkit.study.schema import Column
    from evalkit.study.settings import File

PLACE = ["_file", "_sheet", "_row"]
"""Where a row came from: kept until the checks across tables are done."""


@dataclass
class Loaded:
    """What was read so far: rows by table, rows left out, problems."""

    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    excluded: list[pd.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    inputs: list[dict[str, object]] = field(default_factory=list)

    def table(self, name: str) -> pd.DataFrame:
        """Return all rows of a table with their places; empty and typed where there are none."""
        parts = self.rows.get(name)
        if parts:
            return pd.concat(parts, ignore_index=True)
        nothing = pd.RangeIndex(0)
        columns = {column.name: empty(column, nothing) for column in TABLES[name]}
        return pd.DataFrame(columns).reindex(columns=[*columns, *PLACE])


def load_file(folder: Path, file: File, loaded: Loaded) -> None:
    """Read one file into ``loaded``, its problems included."""
    path = folder / file.path
    if not path.is_file():
        loaded.problems.append(_missing(folder, file))
        return
    try:
        plain = read_plain(path, name=file.path, sheet=file.sheet, encoding=file.encoding)
    except ReadError as error:
        loaded.problems.extend(error.found)
        return
    loaded.problems.extend(plain.warnings)
    loaded.excluded.append(plain.excluded.assign(table=file.holds))
    rows = _typed(plain, file, loaded.problems)
    loaded.inputs.append(
        {
            "file": file.path,
            "holds": file.holds,
            "legal_basis": file.legal_basis,
            "rows": len(rows),
            "left_out": len(plain.excluded),
            "sha256": plain.sha256,
        }
    )
    loaded.rows.setdefault(file.holds, []).append(rows)


def _missing(folder: Path, file: File) -> Problem:
    there = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    close = nearest(file.path, there)
    hint = f" Did you mean '{close}'?" if close else ""
    message = f"the file is named in study.toml, line {file.line}, but is not there.{hint}"
    return Problem(file.path, message)


def _typed(plain: Plain, file: File, problems: list[Problem]) -> pd.DataFrame:
    source = _source_columns(plain, file, problems)
    columns: dict[str, pd.Series] = {}
    for column in TABLES[file.holds]:
        header = source.get(column.name)
        if header is not None:
            text = plain.frame[header]
            values, wrong = convert(text, column)
            _note_cells(wrong, text, header, plain, file, problems)
            if column.required:
                blank = {int(row): _BLANK for row in text.index[text.isna()]}
                _note_cells(blank, text, header, plain, file, problems)
        elif column.name == "group_id" and file.group is not None:
            values = pd.Series(file.group, index=plain.frame.index, dtype="str")
        else:
            values = empty(column, plain.frame.index)
        columns[column.name] = values
    frame = pd.DataFrame(columns, index=plain.frame.index)
    frame["_file"], frame["_sheet"], frame["_row"] = file.path, plain.sheet, frame.index
    return frame


_BLANK = "the cell is blank, but every row needs a value here."


def _note_cells(
    wrong: Mapping[int, str],
    text: pd.Series,
    header: str,
    plain: Plain,
    file: File,
    problems: list[Problem],
) -> None:
    values = {row: text.get(row) for row in wrong}
    problems.extend(
        Problem(
            file.path,
            message,
            sheet=plain.sheet,
            row=row,
            column=header,
            value=None if pd.isna(values[row]) else str(values[row]),
        )
        for row, message in wrong.items()
    )


def _source_columns(plain: Plain, file: File, problems: list[Problem]) -> dict[str, str]:
    """Return which header of the file holds which column of the table."""
    headers = list(plain.frame.columns)
    known = names(file.holds)
    for column in file.columns:
        if column not in known:
            message = f"'columns' of '{file.path}' names '{column}'. {did_you_mean(column, known)}"
            problems.append(Problem("study.toml", message, row=file.line))
    for column, header in file.columns.items():
        if header not in headers:
            message = (
                f"'columns' of '{file.path}' says that {column} is called '{header}'. "
                f"{did_you_mean(header, headers)}"
            )
            problems.append(Problem("study.toml", message, row=file.line))
    own = set(file.columns.values())
    source = {name: name for name in known if name in headers and name not in own}
    source |= {name: header for name, header in file.columns.items() if header in headers}
    _note_lacking(source, headers, plain, file, problems)
    _note_unused(source, headers, plain, file, problems)
    return source


def _is_needed(column: Column, file: File) -> bool:
    stated = column.name in file.columns or (column.name == "group_id" and file.group is not None)
    return column.required and not stated


def _note_lacking(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File, problems: list[Problem]
) -> None:
    for column in TABLES[file.holds]:
        if column.name in source or not _is_needed(column, file):
            continue
        message = (
            f"there is no column '{column.name}', which {file.holds} must have. "
            f"{did_you_mean(column.name, headers)} If it is called something else, say so in "
            f"study.toml: columns = {{ {column.name} = '…' }}."
        )
        problems.append(Problem(file.path, message, sheet=plain.sheet, row=1))


def _note_unused(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File, problems: list[Problem]
) -> None:
    unused = [header for header in headers if header not in source.values()]
    free = [name for name in names(file.holds) if name not in source]
    for header in unused:
        close = nearest(header, free)
        hint = f" Did you mean '{close}'?" if close else ""
        message = f"the column is not one of {file.holds} and was not read.{hint}"
        problems.append(
            Problem(file.path, message, sheet=plain.sheet, row=1, column=header, severity="warning")
        )
