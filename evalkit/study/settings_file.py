"""Reading study.toml: what is wrong with it, each fault with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.errors import ReadError, StudyError
from evalkit.study.settings import Settings, build_settings
from evalkit.study.settings_rules import RULES
from evalkit.toml import problems_of, read_toml
from evalkit.toml.rules import dotted

if TYPE_CHECKING:
    from pathlib import Path

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
    if problems:
        raise StudyError(problems)
    return build_settings(toml.content, toml.line), toml.sha256


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
