"""Reading study.toml: what cannot be parsed and what breaks a rule, each with its line."""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any

from evalkit.errors import Problem, StudyError
from evalkit.readers.encoding import BYTE_ORDER_MARKS
from evalkit.readers.plain import composed
from evalkit.study.settings import Settings, build_settings
from evalkit.study.settings_rules import faults
from evalkit.study.toml_lines import line_of, lines
from evalkit.study.toml_syntax import syntax_problem

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
    text, sha256 = _read_text(folder)
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise StudyError([syntax_problem(text, str(error), NAME)]) from None
    raw = _composed(raw)
    found = lines(unicodedata.normalize("NFC", text))
    problems = [
        Problem(NAME, f"{_name(fault.path, raw)} {fault.message}", row=line_of(found, fault.path))
        for fault in faults(raw)
    ]
    if problems:
        raise StudyError(problems)
    return build_settings(raw, lambda *path: line_of(found, path)), sha256


def _composed(value: Any) -> Any:
    """Return texts and keys as cells of files are returned, so that the same is the same."""
    if isinstance(value, dict):
        return {composed(key): _composed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_composed(inner) for inner in value]
    return composed(value) if isinstance(value, str) else value


def _read_text(folder: Path) -> tuple[str, str]:
    try:
        data = (folder / NAME).read_bytes()
    except FileNotFoundError:
        message = f"there is no {NAME} in {folder.as_posix()}. Name the folder that holds it."
        raise StudyError([Problem(NAME, message)]) from None
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}). Is it open in another program?"
        raise StudyError([Problem(NAME, message)]) from None
    if data.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
        message = (
            "the file begins with a byte order mark (BOM), which TOML does not allow. Save it as "
            "'UTF-8' and not as 'UTF-8 with BOM' or 'Unicode'."
        )
        raise StudyError([Problem(NAME, message, row=1)])
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = (
            f"byte {data[error.start]:#04x} is not UTF-8. Save the file as 'UTF-8' (in Notepad: "
            "Save as, Encoding)."
        )
        raise StudyError([Problem(NAME, message, row=row)]) from None
    return text, hashlib.sha256(data).hexdigest()


def _name(path: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    """Return what a message calls a place: 'disclosure.min_cell', the file raw/a.csv."""
    if not path:
        return "the file"
    if path[0] == "files" and len(path) > 1:
        entry = raw["files"][path[1]]
        named = entry.get("path") if isinstance(entry, dict) else None
        inner = ".".join(str(part) for part in path[2:])
        entry_name = f"[[files]] {named!r}" if named else f"[[files]] number {int(path[1]) + 1}"
        return f"'{inner}' of {entry_name}" if inner else entry_name
    return f"'{'.'.join(str(part) for part in path)}'"
