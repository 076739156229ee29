"""Reading a TOML file: what cannot be parsed and what breaks a rule, each with its line."""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.errors import Problem, ReadError
from evalkit.readers.encoding import BYTE_ORDER_MARKS
from evalkit.readers.plain import composed
from evalkit.toml.lines import line_of, lines
from evalkit.toml.rules import dotted, faults
from evalkit.toml.syntax import syntax_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalkit.toml.lines import Path as Place
    from evalkit.toml.rules import Rules


class Toml(NamedTuple):
    """What stood in a file: its content, the line of each entry, the hash of its bytes."""

    name: str
    content: dict[str, Any]
    lines: dict[Place, int]
    sha256: str

    def line(self, *place: str | int) -> int | None:
        """Return the line of an entry: ``line("files", 0)``."""
        return line_of(self.lines, place)


def read_toml(path: Path, name: str) -> Toml:
    """Return the content of a TOML file; texts as cells of data files are returned.

    ``name`` is what messages call the file.

    Raises
    ------
    ReadError
        The file cannot be opened, decoded or parsed.
    """
    text, sha256 = _read_text(path, name)
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError is a ValueError
        raise ReadError([syntax_problem(text, str(error), name)]) from None
    return Toml(name, _composed(content), lines(unicodedata.normalize("NFC", text)), sha256)


def problems_of(
    toml: Toml, rules: Rules, called: Callable[[Place], str] | None = None
) -> list[Problem]:
    """Return everything in a file that breaks its rules, each with its line.

    ``called`` gives what a message calls a place; by default its keys: 'disclosure.min_cell'.
    """
    called = called or (lambda place: f"'{dotted(place)}'" if place else "the file")
    return [
        Problem(toml.name, f"{called(fault.path)} {fault.message}", row=toml.line(*fault.path))
        for fault in faults(toml.content, rules)
    ]


def _composed(value: Any) -> Any:
    """Return texts and keys as cells of files are returned, so that the same is the same."""
    if isinstance(value, dict):
        return {composed(key): _composed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_composed(inner) for inner in value]
    return composed(value) if isinstance(value, str) else value


def _read_text(path: Path, name: str) -> tuple[str, str]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        message = f"there is no {name} in {path.parent.as_posix()}. Name the folder that holds it."
        raise ReadError([Problem(name, message)]) from None
    except OSError as error:
        message = f"the file cannot be opened ({error.strerror}). Is it open in another program?"
        raise ReadError([Problem(name, message)]) from None
    if data.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
        message = (
            "the file begins with a byte order mark (BOM), which TOML does not allow. Save it as "
            "'UTF-8' and not as 'UTF-8 with BOM' or 'Unicode'."
        )
        raise ReadError([Problem(name, message, row=1)])
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = (
            f"byte {data[error.start]:#04x} is not UTF-8. Save the file as 'UTF-8' (in Notepad: "
            "Save as, Encoding)."
        )
        raise ReadError([Problem(name, message, row=row)]) from None
    return text, hashlib.sha256(data).hexdigest()
