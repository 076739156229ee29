"""Reading study.toml: what cannot be parsed and what breaks a rule, each with its line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from typing import TYPE_CHECKING, Any

from evalkit.errors import Problem, StudyError
from evalkit.study.settings import Settings, build_settings
from evalkit.study.settings_rules import faults
from evalkit.study.toml_lines import line_of, lines

if TYPE_CHECKING:
    from pathlib import Path

NAME = "study.toml"
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


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
    except tomllib.TOMLDecodeError as error:
        raise StudyError([_syntax_problem(text, str(error))]) from None
    found = lines(text)
    problems = [
        Problem(NAME, f"{_name(fault.path, raw)} {fault.message}", row=line_of(found, fault.path))
        for fault in faults(raw)
    ]
    if problems:
        raise StudyError(problems)
    places = range(len(raw.get("files", [])))
    entries = {place: line_of(found, ("files", place)) for place in places}
    return build_settings(raw, entries), sha256


def _read_text(folder: Path) -> tuple[str, str]:
    try:
        data = (folder / NAME).read_bytes()
    except OSError:
        message = f"there is no {NAME} in {folder.as_posix()}. Name the folder that holds it."
        raise StudyError([Problem(NAME, message)]) from None
    if data.startswith(BYTE_ORDER_MARKS):
        message = (
            "the file begins with a byte order mark (BOM), which TOML does not allow. Save it as "
            "'UTF-8' and not as 'UTF-8 with BOM' or 'Unicode'."
        )
        raise StudyError([Problem(NAME, message, row=1)])
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = (
            f"byte {data[error.start]:#04x} is not UTF-8. Save the file as 'UTF-8' (in Notepad: "
            "Save as, Encoding)."
        )
        raise StudyError([Problem(NAME, message, row=row)]) from None
    return text, hashlib.sha256(data).hexdigest()


def _syntax_problem(text: str, error: str) -> Problem:
    """Return what `tomllib` could not parse, with a way out for the commonest mistakes."""
    place = AT_LINE.search(error)
    all_lines = text.split("\n")
    row = int(place[1]) if place and place[1] else len(all_lines)
    line = all_lines[row - 1] if row <= len(all_lines) else ""
    header = re.match(r"\s*\[([^\]]*)\]", line)
    if header and re.search(r'(^|\.)[^".\']*[^\w.\-"\' ]|[^\x00-\x7f]', header[1]):
        *outer, inner = header[1].split(".")
        quoted = ".".join([*outer, '"' + inner.strip("\" '") + '"'])
        message = f"a name with other letters than a–z needs quotation marks: write [{quoted}]."
    elif "\\" in line:
        message = (
            "a backslash in quotation marks means something else in TOML. Write paths with a "
            "slash: path = 'raw/file.csv'."
        )
    else:
        message = f"the line cannot be read: {AT_LINE.sub('', error)}. Line: {line.strip()!r}."
    return Problem(NAME, message, row=row)


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
