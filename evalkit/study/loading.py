"""Reading a study folder: every file, every check, all errors at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import did_you_mean, nearest
from evalkit.errors import ArgumentError, Problem, StudyError, problem_table
from evalkit.locale import LANGUAGES, in_language
from evalkit.readers.plain import composed
from evalkit.study.checks import check
from evalkit.study.filled_forms import filled_forms
from evalkit.study.finishing import finished_tables
from evalkit.study.known_forms import chosen_profiles, used_instruments
from evalkit.study.model import Study
from evalkit.study.registers import is_register, load_register
from evalkit.study.schema import TABLES, form_columns
from evalkit.study.settings_file import NAME, read_settings
from evalkit.study.tables import Loaded, load_file

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from evalkit.instruments import Instrument
    from evalkit.study.settings import File, Group, Settings

DATA_SUFFIXES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"}


def read_study(folder: str | os.PathLike[str]) -> Study:
    """Read a study folder: study.toml and the files it names.

    Nothing in the folder is changed. Every row of every file ends in a table or, with its
    reason, in ``excluded``. Tables are sorted by their keys, so the order of rows in a file
    does not matter.

    Parameters
    ----------
    folder : path
        The folder that holds ``study.toml``.

    Returns
    -------
    Study
        With its tables, ``settings``, ``excluded`` and, as warnings, ``problems``.

    Raises
    ------
    StudyError
        With all errors of all files, each with file, sheet, row, column, value and way out;
        ``.problems`` has them as a table. If study.toml itself or a form's definition is wrong,
        those errors come first and no file is read.
    ArgumentError
        Something that is no path.

    Examples
    --------
    >>> import evalkit as ek
    >>> ek.read_study("data/sample/smil-2009")
    Study: SMIL – styrket mestring i livet, pilotene 2009 (2 groups)
      sessions         21 rows
      headcounts       16 rows
      margins          15 rows
      no warnings
    """
    folder = _folder(folder)
    settings, sha256 = read_settings(folder)
    instruments, problems = used_instruments(folder, settings)
    profiles, more = chosen_profiles(settings, instruments)
    if problems or more:
        raise StudyError([*problems, *more])
    loaded = _load(folder, settings, instruments)
    forms = filled_forms(loaded, instruments)
    tables = {name: loaded.table(name) for name in TABLES}
    problems = [
        *loaded.problems,
        *_settings_problems(settings),
        *_unnamed_files(folder, settings),
        *_labels_of_nothing(tables, settings),
        *check(loaded, settings, forms, instruments),
    ]
    if any(problem.severity == "error" for problem in problems):
        errors = len({problem for problem in problems if problem.severity == "error"})
        heading = f"{folder.as_posix()} has {errors} error{'' if errors == 1 else 's'}:"
        raise StudyError(problems, heading)
    finished = finished_tables(loaded, settings, forms, instruments)
    return Study(
        folder=folder,
        settings=settings,
        excluded=_excluded(loaded),
        problems=problem_table(problems),
        inputs=_inputs(loaded, sha256),
        instruments=instruments,
        profiles=profiles,
        **finished,
    )


def _load(folder: Path, settings: Settings, instruments: Mapping[str, Instrument]) -> Loaded:
    """Read every file; registers last, since their headers are looked up among the sessions."""
    forms = {name: form_columns(instrument) for name, instrument in instruments.items()}
    loaded = Loaded({**TABLES, **forms}, settings.files, settings.groups.keys())
    for file in settings.files:
        if not is_register(file):
            load_file(folder, file, loaded)
    for file in settings.files:
        if is_register(file):
            load_register(folder, file, loaded)
    return loaded


def _folder(given: str | os.PathLike[str]) -> Path:
    try:
        folder = Path(given).expanduser()
        there = folder.exists()
    except (TypeError, ValueError, RuntimeError):
        raise ArgumentError(
            f"folder must be the path of a study folder, but is {given!r}."
        ) from None
    if there and not folder.is_dir():
        message = f"{folder.as_posix()} is a file. Name the folder that holds {NAME}."
        raise StudyError([Problem(NAME, message)])
    if not there:
        raise StudyError([Problem(NAME, f"there is no folder {folder.as_posix()}.")])
    return folder


def _settings_problems(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong between the entries of study.toml."""
    seen: dict[str, File] = {}
    for file in settings.files:
        yield from _keys_that_do_not_fit(file)
        if file.group is not None and file.group not in settings.groups:
            close = did_you_mean(file.group, settings.groups)
            message = f"'group' of '{file.path}' is '{file.group}', not under [groups]. {close}"
            yield Problem(NAME, message, row=file.line)
        first = seen.setdefault(f"{file.path} {file.sheet}", file)
        if first is not file:
            message = f"'{file.path}' is named already in line {first.line}. Keep one of the two."
            yield Problem(NAME, message, row=file.line)
    for group in settings.groups.values():
        if group.starts_on and group.ends_on and group.starts_on > group.ends_on:
            message = f"the group '{group.group_id}' ends before it starts. Mend one of the dates."
            yield Problem(NAME, message, row=group.line)
    yield from _titles_twice(settings)


def _keys_that_do_not_fit(file: File) -> Iterator[Problem]:
    """Refuse keys of a file that mean nothing for what it holds."""
    register = {"marks": file.marks, "empty": file.empty, "others": file.others or None}
    fits = {
        "layout": file.layout == "table" or file.holds == "attendance",
        "items": not file.items or file.holds not in TABLES,
        "informant": file.informant is None or file.holds not in TABLES,
        **{key: stated is None or file.layout == "register" for key, stated in register.items()},
    }
    for key in (key for key, fit in fits.items() if not fit):
        what = f"holds = '{file.holds}', layout = '{file.layout}'"
        message = f"'{key}' of '{file.path}' means nothing here ({what}). Remove it."
        yield Problem(NAME, message, row=file.line)


def _titles_twice(settings: Settings) -> Iterator[Problem]:
    """Refuse groups that readers of the report could not tell apart."""
    for language in LANGUAGES:
        first: dict[str, Group] = {}
        for group in settings.groups.values():
            title = in_language(group.title, language)
            other = first.setdefault(title, group)
            if other is not group:
                message = (
                    f"the groups '{other.group_id}' and '{group.group_id}' have the same title, "
                    f"'{title}'. Give each its own."
                )
                yield Problem(NAME, message, row=group.line)


def _unnamed_files(folder: Path, settings: Settings) -> Iterator[Problem]:
    """Warn of data files that study.toml does not name: data may not vanish silently."""
    named = {file.path.casefold() for file in settings.files}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        name = composed("/".join(parts))
        seen = not any(part.startswith(("~$", ".")) for part in parts)
        is_data = seen and path.suffix.lower() in DATA_SUFFIXES and path.is_file()
        if is_data and name.casefold() not in named:
            message = "the file is not named in study.toml, so it was not read."
            yield Problem(name, message, severity="warning")


def _labels_of_nothing(tables: dict[str, pd.DataFrame], settings: Settings) -> Iterator[Problem]:
    """Warn of labels for a column that no table has."""
    known = {column.name for columns in TABLES.values() for column in columns}
    known |= {str(name) for name in tables["margins"]["variable"].dropna()}
    for column in settings.own_labels:
        if column not in known:
            close = nearest(column, known)
            hint = f" Did you mean '{close}'?" if close else ""
            message = f"[labels.{column}]: no table has such a column.{hint}"
            yield Problem(NAME, message, severity="warning")


def _excluded(loaded: Loaded) -> pd.DataFrame:
    columns = ["file", "sheet", "row", "reason", "table"]
    parts = [part for part in loaded.excluded if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    types = {name: "int64" if name == "row" else "str" for name in columns}
    return table[columns].astype(types).sort_values(["file", "row"], ignore_index=True)


def _inputs(loaded: Loaded, sha256: str) -> pd.DataFrame:
    settings = {"file": NAME, "rows": 0, "left_out": 0, "sha256": sha256}
    columns = ["file", "holds", "legal_basis", "rows", "left_out", "sha256"]
    files = sorted(loaded.inputs, key=lambda file: int(str(file["_line"] or 0)))
    return pd.DataFrame([settings, *files], columns=columns)
