"""Which header of a file holds which column of its table, and what does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean, nearest
from evalkit.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evalkit.readers import Plain
    from evalkit.study.schema import Column
    from evalkit.study.settings import File

    Columns = Sequence[Column]

SYSTEM = "$"
"""Survey tools begin with it the names of columns of their own."""


def source_columns(
    plain: Plain, file: File, columns: Columns
) -> tuple[dict[str, str], list[Problem]]:
    """Return the header of each column that the file has, and every problem found on the way.

    A column is looked for under its own name, unless study.toml says what the file calls it.
    """
    headers = list(plain.frame.columns)
    names = [column.name for column in columns]
    stated = {**file.columns, **file.items}
    problems = list(_stated_wrongly(stated, headers, file, columns))
    wrong = bool(problems)
    taken = set(stated.values())
    source = {name: name for name in names if name in headers and name not in taken}
    if not wrong:  # else nothing is read as what it may not be
        source |= {name: header for name, header in stated.items() if header in headers}
        problems += _lacking(source, headers, plain, file, columns)
        problems += _items_lacking(source, headers, plain, file, columns)
        problems += _unused(source, headers, plain, file, names)
    problems += _stated_twice("group", "group_id", file.group, source, file, names)
    problems += _stated_twice("informant", "informant", file.informant, source, file, names)
    return {name: source[name] for name in names if name in source}, problems


def _stated_wrongly(
    stated: Mapping[str, str], headers: list[str], file: File, columns: Columns
) -> Iterator[Problem]:
    known = {column.name: column for column in columns}
    used: dict[str, str] = {}
    for column, header in stated.items():
        key = "items" if column in file.items else "columns"
        its = [name for name in known if (known[name].kind == "answer") == (key == "items")]
        if column not in its:
            message = f"names '{column}'. {did_you_mean(column, its)}"
        elif header not in headers:
            message = f"says that {column} is called '{header}'. {did_you_mean(header, headers)}"
        elif header in used:
            message = f"says that both {used[header]} and {column} are called '{header}'. Keep one."
        else:
            used[header] = column
            continue
        yield Problem("study.toml", f"'{key}' of '{file.path}' {message}", row=file.line)
    for header, column in used.items():
        own = known.get(header)
        if own is not None and own.required and header != column and header not in stated:
            message = (
                f"'columns' of '{file.path}' says that {column} is called '{header}', so the file "
                f"has no column for {header}, which {file.holds} must have."
            )
            yield Problem("study.toml", message, row=file.line)


def _lacking(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File, columns: Columns
) -> Iterator[Problem]:
    for column in columns:
        from_settings = column.name == "group_id" and file.group is not None
        if not column.required or column.name in source or from_settings:
            continue
        message = (
            f"there is no column '{column.name}', which {file.holds} must have. "
            f"{did_you_mean(column.name, headers)} If it is called something else, say so in "
            f"study.toml: columns = {{ {column.name} = '…' }}."
        )
        yield Problem(file.path, message, sheet=plain.sheet, row=1)


def _items_lacking(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File, columns: Columns
) -> Iterator[Problem]:
    """Refuse a file of forms without a column for each question that is no open one."""
    for column in columns:
        if column.item is None or column.item.kind == "text" or column.name in source:
            continue
        message = (
            f"there is no column for the item '{column.name}' of {file.holds}. "
            f"{did_you_mean(column.name, headers)} Say in study.toml what it is called: "
            f"items = {{ {column.name} = '…' }}."
        )
        yield Problem(file.path, message, sheet=plain.sheet, row=1)


def _unused(
    source: Mapping[str, str], headers: list[str], plain: Plain, file: File, names: list[str]
) -> Iterator[Problem]:
    free = [name for name in names if name not in source]
    used = {*source.values(), *(header for rule in file.leave_out for header in rule.where)}
    for header in (name for name in headers if name not in used and name[0] != SYSTEM):
        close = nearest(header, free)
        hint = f" Did you mean '{close}'?" if close else ""
        message = f"the column is not one of {file.holds} and was not read.{hint}"
        yield Problem(
            file.path, message, sheet=plain.sheet, row=1, column=header, severity="warning"
        )


def _stated_twice(
    key: str,
    column: str,
    stated: str | None,
    source: Mapping[str, str],
    file: File,
    names: list[str],
) -> Iterator[Problem]:
    """Refuse what is stated for a file whose rows say it themselves, or have no room for it."""
    if stated is None:
        return
    if column not in names and key == "group":
        message = f"{file.holds} take their group from their sessions. Remove 'group'."
    elif column not in names:
        message = f"{file.holds} have none. Remove '{key}'."
    elif column in source:
        message = f"the file has a column '{source[column]}' for it. Keep one of the two."
    else:
        return
    told = f"'{key}' is stated for '{file.path}', but {message}"
    yield Problem("study.toml", told, row=file.line)
