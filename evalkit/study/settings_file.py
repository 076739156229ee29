"""Reading study.toml: what is wrong with it, each fault with its line."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from evalkit.arguments import did_you_mean
from evalkit.errors import Problem, ReadError, StudyError
from evalkit.instruments import list_instruments
from evalkit.study.disclosure import contradictions
from evalkit.study.schema import TABLES
from evalkit.study.settings import Settings, build_settings
from evalkit.study.settings_rules import RULES
from evalkit.toml import problems_of, read_toml
from evalkit.toml.rules import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evalkit.toml import Toml

NAME = "study.toml"


def read_settings(folder: Path) -> tuple[Settings, str]:
    """Return the settings of a study folder, and the hash of the file they were read from.

    Raises
    ------
    StudyError
        There is no study.toml, it cannot be parsed, or keys or values in it break a rule; with
        the line of each.
    """
    try:
        toml = read_toml(folder / NAME, NAME)
    except ReadError as error:
        raise StudyError(error.found) from None
    problems = problems_of(toml, RULES, lambda place: _name(place, toml.content))
    problems += _holds_nothing_known(toml, folder)
    problems += contradictions(toml.content, NAME, toml.line)
    if problems:
        raise StudyError(problems)
    return build_settings(toml.content, toml.line), toml.sha256


def _holds_nothing_known(toml: Toml, folder: Path) -> Iterator[Problem]:
    """Refuse files that hold neither a table nor a form of the registry or of the study."""
    files = toml.content.get("files", [])
    entries = enumerate(files if isinstance(files, list) else [])
    stated = {n: each.get("holds") for n, each in entries if isinstance(each, dict)}
    forms = {n: holds for n, holds in stated.items() if isinstance(holds, str)}
    if all(holds in TABLES for holds in forms.values()):
        return  # no form is asked for, so none is loaded
    known = [*TABLES, *list_instruments()["id"], *_own_forms(toml, folder)]
    for number, holds in forms.items():
        if holds not in known:
            place = _name(("files", number, "holds"), toml.content)
            message = f"{place} is '{holds}'. {did_you_mean(holds, known)}"
            yield Problem(NAME, message, row=toml.line("files", number, "holds"))


def _own_forms(toml: Toml, folder: Path) -> Iterator[str]:
    """Yield the ids of a study's own forms, so far as their files can be read."""
    paths = toml.content.get("instruments", [])
    for path in (each for each in paths if isinstance(each, str)):
        with contextlib.suppress(ReadError):
            yield str(read_toml(folder / path, path).content.get("id"))


def _name(path: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    """Return what a message calls a place: 'disclosure.min_cell', the file raw/a.csv."""
    if not path:
        return "the file"
    if path[0] == "files" and len(path) > 1:
        entry = raw["files"][path[1]]
        named = entry.get("path") if isinstance(entry, dict) else None
        inner = dotted(path[2:])
        entry_name = f"[[files]] {named!r}" if named else f"[[files]] number {int(path[1]) + 1}"
        return f"'{inner}' of {entry_name}" if inner else entry_name
    return f"'{dotted(path)}'"
