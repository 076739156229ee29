"""Which header of a file holds which column of its table, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean, nearest
from evalkit.errors import Problem
from evalkit.readers.plain import composed
from evalkit.study.schema import TABLES, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.readers import Plain
    from evalkit.study.settings import File


def source_columns(plain: Plain, file: File) -> tuple[dict[str, str], list[Problem]]:
    """Return the header of each column that the file has, and every problem found on the way.

    A column is looked for under its own name, unless study.toml says what the file calls it.
    """
    headers = list(plain.frame.columns)
    stated = {column: composed(header) for column, header in file.columns.items()}
    problems = list(_stated_wrongly(stated, headers, file))
    wrong = bool(problems)
    taken = set(stated.values())
    source = {name: name for name in names(file.holds) if name in headers and name not in taken}
    if not wrong:  # else nothing is read as what it may not be
        source |= {name: header for name, header in stated.items() if header in headers}
        problems += _lacking(source, headers, plain, file)
        problems += _unused(source, headers, plain, file)
    problems += _group_twice(source, file)
    return {name: source[name] for name in names(file.holds) if name in source}, problems


def _stated_wrongly(stated: Mapping[str, str], headers: list[str], file: File) -> Iterator[Problem]:
    known = names(file.holds)
    used: dict[str, str] = {}
    for column, header in stated.items():
        if column not in known:
            message = f"names '{column}'. {did_you_mean(column, known)}"
        elif header not in headers:
            message = f"says that {column} is called '{header}'. {did_you_mean(header, headers)}"
        elif header in used:
            message = f"says that both {used[header]} and {column} are called '{header}'. Keep one."
        else:
            used[header] = column
            continue
        yield Problem("study.toml", f"'columns' of '{file.path}' {message}", row=file.line)
    for header, column in used.items():
        own = next((c for c in TABLES[file.holds] if c.name == header and c.required), None)
        if own is not None and header != column and header not in stated:
            message = (
                f"'columns' of '{file.path}' says that {column} is called '{header}', so the file "
                f"has no column for {header}, which {file.holds} must have."
            )
            yield Problem("study.toml", message, row=file.line)


def _lacking(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File
) -> Iterator[Problem]:
    for column in TABLES[file.holds]:
        from_settings = column.name == "group_id" and file.group is not None
        if not column.required or column.name in source or from_settings:
            continue
        message = (
            f"there is no column '{column.name}', which {file.holds} must have. "
            f"{did_you_mean(column.name, headers)} If it is called something else, say so in "
            f"study.toml: columns = {{ {column.name} = '…' }}."
        )
        yield Problem(file.path, message, sheet=plain.sheet, row=1)


def _unused(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File
) -> Iterator[Problem]:
    free = [name for name in names(file.holds) if name not in source]
    for header in (name for name in headers if name not in source.values()):
        close = nearest(header, free)
        hint = f" Did you mean '{close}'?" if close else ""
        message = f"the column is not one of {file.holds} and was not read.{hint}"
        yield Problem(
            file.path, message, sheet=plain.sheet, row=1, column=header, severity="warning"
        )


def _group_twice(source: Mapping[str, str], file: File) -> Iterator[Problem]:
    """Refuse a group stated for a file that says itself which group each row belongs to."""
    if file.group is None:
        return
    if "group_id" not in names(file.holds):
        message = f"{file.holds} take their group from their sessions. Remove 'group'."
    elif "group_id" in source:
        message = f"the file has a column '{source['group_id']}' for it. Keep one of the two."
    else:
        return
    told = f"'group' is stated for '{file.path}', but {message}"
    yield Problem("study.toml", told, row=file.line)
