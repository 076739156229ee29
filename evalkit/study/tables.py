"""From one file to rows of a table: columns found, converted, every bad cell collected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from evalkit.arguments import nearest
from evalkit.errors import Problem, ReadError
from evalkit.locale.vocabulary import GENDER, VARIABLE
from evalkit.readers import Plain, read_export, read_plain
from evalkit.readers.plain import composed
from evalkit.study.columns import source_columns
from evalkit.study.convert import convert, empty
from evalkit.study.left_out import without_left_out
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from evalkit.study.schema import Column
    from evalkit.study.settings import File

    Labels = Mapping[str, Mapping[int | str, str]]

T = TypeVar("T")

PLACE = ["_file", "_sheet", "_row", "_basis"]
"""Where a row came from, and on what legal basis: kept until all checks are done."""

BLANK = "the cell is blank, but every row needs a value here."


@dataclass
class Loaded:
    """What was read so far.

    ``columns`` has those of every table and form that the study may hold, ``files`` what is to be
    read, ``groups`` the groups of study.toml. ``headers`` tells what a file calls a column;
    ``incomplete`` names tables of which rows could not be read, so that a row may be missing from
    them for that reason alone.
    """

    columns: Mapping[str, tuple[Column, ...]]
    files: tuple[File, ...] = ()
    groups: Collection[str] = ()
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
        columns = {column.name: empty(column, nothing) for column in self.columns[name]}
        return pd.DataFrame(columns).reindex(columns=[*columns, *PLACE])

    def tell(self, problems: list[Problem], table: str) -> None:
        """Note problems of a file, and whether rows of its table may be missing for them."""
        self.problems.extend(problems)
        if any(problem.severity == "error" for problem in problems):
            self.incomplete.add(table)

    def add(self, rows: pd.DataFrame, file: File, sheet: str | None) -> None:
        """Add rows of a table, each with its place (their index is the row in Excel)."""
        own = [file.path, sheet, rows.index, file.legal_basis]
        rows = rows.assign(**dict(zip(PLACE, own, strict=True)))
        self.rows.setdefault(file.holds, []).append(rows)

    def note_input(self, file: File, rows: int, left_out: int, sha256: str) -> None:
        """Note a file that was read."""
        self.inputs.append(
            {
                "file": file.path,
                "holds": file.holds,
                "legal_basis": file.legal_basis,
                "rows": rows,
                "left_out": left_out,
                "sha256": sha256,
                "_line": file.line,
            }
        )


def load_file(folder: Path, file: File, loaded: Loaded) -> None:
    """Read one plain file into ``loaded``, its problems included."""
    read = opened(folder, file, loaded, lambda path: _read(path, folder, file))
    if read is None:
        return
    plain, labels = read
    loaded.tell(list(plain.problems), file.holds)
    plain, problems = without_left_out(plain, file)
    loaded.problems.extend(problems)
    loaded.excluded.append(plain.excluded.assign(table=file.holds))
    source, problems = source_columns(plain, file, loaded.columns[file.holds])
    loaded.tell(problems, file.holds)
    rows = _typed(plain, source, labels, file, loaded)
    loaded.note_input(file, len(rows), len(plain.excluded), plain.sha256)
    # Rows that lack a column would only be told of once more, each, by the checks to come.
    if not any(problem.severity == "error" for problem in problems):
        loaded.add(rows, file, plain.sheet)


def _read(path: Path, folder: Path, file: File) -> tuple[Plain, Labels]:
    """Return what stands in a file, and the labels of codes where an export has them."""
    options = {"name": file.path, "sheet": file.sheet, "encoding": file.encoding}
    if file.holds in TABLES and file.codebook is None and file.platform is None:
        return read_plain(path, **options), {}
    codebook = None if file.codebook is None else _find(folder, file.codebook)
    if codebook is None and file.codebook is not None:
        raise ReadError([_missing(folder, file, file.codebook)])
    try:
        export = read_export(path, codebook=codebook, platform=file.platform, **options)
    except ReadError as error:
        own = {codebook.name if codebook else None: file.codebook}
        raise ReadError(p._replace(file=own.get(p.file) or p.file) for p in error.found) from None
    plain = Plain(export.text, export.sheet, export.excluded, export.problems, export.sha256)
    return plain, export.labels


def opened(folder: Path, file: File, loaded: Loaded, read: Callable[[Path], T]) -> T | None:
    """Return what ``read`` makes of a file of the study; None, and problems noted, if it fails."""
    path = _find(folder, file.path)
    try:
        if path is None:
            raise ReadError([_missing(folder, file, file.path)])
        return read(path)
    except ReadError as error:
        problems = list(error.found)
    except OSError as error:
        problems = [Problem(file.path, f"the path cannot be used: {error.strerror}.")]
    loaded.tell(problems, file.holds)
    return None


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


def _missing(folder: Path, file: File, name: str) -> Problem:
    there = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    same = next((other for other in there if other.casefold() == name.casefold()), None)
    close = same or nearest(name, there, cutoff=0.75)
    hint = f" Did you mean '{close}'?" if close else ""
    message = f"the file is named in study.toml, line {file.line}, but is not there.{hint}"
    return Problem(name, message)


def _typed(
    plain: Plain, source: Mapping[str, str], labels: Labels, file: File, loaded: Loaded
) -> pd.DataFrame:
    schema = loaded.columns[file.holds]
    stated = {"group_id": file.group, "informant": file.informant}
    columns: dict[str, pd.Series] = {}
    for column in schema:
        header = source.get(column.name)
        if header is not None:
            of_codes = labels.get(header, {})
            columns[column.name] = _column(plain, header, of_codes, column, file, loaded)
        elif stated.get(column.name) is not None:
            text = pd.Series(stated[column.name], index=plain.frame.index, dtype="str")
            columns[column.name] = convert(text, column).values
        else:
            columns[column.name] = empty(column, plain.frame.index)
    frame = pd.DataFrame(columns, index=plain.frame.index)
    return _tidy_margins(frame) if file.holds == "margins" else frame


def _column(
    plain: Plain,
    header: str,
    labels: Mapping[int | str, str],
    column: Column,
    file: File,
    loaded: Loaded,
) -> pd.Series:
    """Return one column converted; each cell that does not fit becomes a problem."""
    text = plain.frame[header]
    stated = {**_by_label(labels, column), **file.values.get(column.name, {})}
    values, wrong = convert(_in_our_words(text, stated), column, words=stated)
    if column.required:
        told = {p.row for p in plain.problems if p.column == header}
        blank = (int(row) for row in text.index[text.isna()])
        wrong |= {row: BLANK for row in blank if row not in told}
    if wrong and column.key:
        loaded.incomplete.add(file.holds)
    loaded.problems.extend(_cell_problems(wrong, text, header, plain, file))
    loaded.headers[file.path, plain.sheet, column.name] = header
    return values


def _by_label(labels: Mapping[int | str, str], column: Column) -> dict[str, str]:
    """Return the label of each code of an export where our form knows an answer of that label.

    An export may count its answers from the other end: what a code means is what its label says.
    """
    if column.item is None:
        return {}
    ours = {text.casefold() for texts in column.item.answers.values() for text in texts.values()}
    known = {str(code): label for code, label in labels.items() if label.casefold() in ours}
    return known | {f"{code}.0": label for code, label in known.items()}


def _in_our_words(text: pd.Series, stated: Mapping[str, str]) -> pd.Series:
    """Return cells with what study.toml says the file writes for our values put right."""
    if not stated:
        return text
    ours = {theirs.casefold(): value for theirs, value in stated.items()}
    return text.str.casefold().map(ours).fillna(text).astype("str").where(text.notna())


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
