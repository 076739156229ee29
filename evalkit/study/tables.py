"""From one file to rows of a table: columns found, converted, every bad cell collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import nearest
from evalkit.errors import Problem, ReadError
from evalkit.locale.vocabulary import GENDER, VARIABLE
from evalkit.readers import read_plain
from evalkit.readers.plain import composed
from evalkit.study.columns import source_columns
from evalkit.study.convert import convert, empty
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.readers import Plain
    from evalkit.study.settings import File

PLACE = ["_file", "_sheet", "_row"]
"""Where a row came from: kept until the checks across tables are done."""

BLANK = "the cell is blank, but every row needs a value here."


@dataclass
class Loaded:
    """What was read so far.

    ``headers`` tells what a file calls a column; ``incomplete`` names tables of which rows could
    not be read, so that a row may be missing from them for that reason alone.
    """

    rows: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    excluded: list[pd.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    inputs: list[dict[str, object]] = field(default_factory=list)
    headers: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

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
    path = _find(folder, file.path)
    try:
        if path is None:
            raise ReadError([_missing(folder, file)])
        plain = read_plain(path, name=file.path, sheet=file.sheet, encoding=file.encoding)
    except ReadError as error:
        loaded.problems.extend(error.found)
        loaded.incomplete.add(file.holds)
        return
    except OSError as error:
        loaded.problems.append(Problem(file.path, f"the path cannot be used: {error.strerror}."))
        loaded.incomplete.add(file.holds)
        return
    loaded.problems.extend(plain.problems)
    if any(problem.severity == "error" for problem in plain.problems):
        loaded.incomplete.add(file.holds)
    loaded.excluded.append(plain.excluded.assign(table=file.holds))
    rows = _typed(plain, file, loaded)
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


def _find(folder: Path, name: str) -> Path | None:
    """Return a file by its name, in whichever way the letters of the name are composed."""
    path = folder / name
    try:
        if path.is_file():
            return path
    except OSError:
        return None
    same = (p for p in folder.rglob("*") if composed(p.relative_to(folder).as_posix()) == name)
    return next((p for p in same if p.is_file()), None)


def _missing(folder: Path, file: File) -> Problem:
    there = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    same = next((name for name in there if name.casefold() == file.path.casefold()), None)
    close = same or nearest(file.path, there, cutoff=0.75)
    hint = f" Did you mean '{close}'?" if close else ""
    message = f"the file is named in study.toml, line {file.line}, but is not there.{hint}"
    return Problem(file.path, message)


def _typed(plain: Plain, file: File, loaded: Loaded) -> pd.DataFrame:
    source, problems = source_columns(plain, file)
    loaded.problems.extend(problems)
    if any(problem.severity == "error" for problem in problems):
        loaded.incomplete.add(file.holds)
    columns: dict[str, pd.Series] = {}
    for column in TABLES[file.holds]:
        header = source.get(column.name)
        if header is not None:
            text = plain.frame[header]
            values, wrong = convert(text, column)
            if column.required:
                told = {p.row for p in plain.problems if p.column == header}
                blank = (int(row) for row in text.index[text.isna()])
                wrong |= {row: BLANK for row in blank if row not in told}
            if wrong and column.key:
                loaded.incomplete.add(file.holds)
            loaded.problems.extend(_cell_problems(wrong, text, header, plain, file))
            loaded.headers[file.path, plain.sheet, column.name] = header
        elif column.name == "group_id" and file.group is not None:
            values = pd.Series(file.group, index=plain.frame.index, dtype="str")
        else:
            values = empty(column, plain.frame.index)
        columns[column.name] = values
    frame = pd.DataFrame(columns, index=plain.frame.index)
    if file.holds == "margins":
        frame = _tidy_margins(frame)
    frame["_file"], frame["_sheet"], frame["_row"] = file.path, plain.sheet, frame.index
    return frame


def _cell_problems(
    wrong: Mapping[int, str], text: pd.Series, header: str, plain: Plain, file: File
) -> list[Problem]:
    values = text.reindex(list(wrong))
    return [
        Problem(
            file.path,
            message,
            sheet=plain.sheet,
            row=row,
            column=header,
            value=None if pd.isna(value) else str(value),
        )
        for (row, message), value in zip(wrong.items(), values, strict=True)
    ]


def _tidy_margins(margins: pd.DataFrame) -> pd.DataFrame:
    """Write what evalkit knows in one way: Gender as gender, Girl as girl, an age of 09 as 9."""
    known = {name.casefold(): name for name in VARIABLE}
    variable = margins["variable"].str.casefold().map(known).fillna(margins["variable"])
    genders = {name.casefold(): name for name in GENDER}
    value = margins["value"]
    gender = value.str.casefold().map(genders).fillna(value)
    age = value.str.replace("^0+(?=[0-9])", "", regex=True)
    value = value.mask(variable.eq("gender"), gender).mask(variable.eq("age_years"), age)
    return margins.assign(variable=variable.astype("str"), value=value.astype("str"))
