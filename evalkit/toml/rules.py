"""Which keys a TOML file may have and what may stand in each: rules, and what breaks them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.arguments import did_you_mean
from evalkit.locale import LANGUAGES

if TYPE_CHECKING:
    from evalkit.toml.lines import Path

Check = Callable[[object], str | None]
"""Returns what is wrong with a value, and how to put it right; None where nothing is."""


class Fault(NamedTuple):
    """Something in the file that breaks a rule."""

    path: Path
    message: str


@dataclass(frozen=True)
class Table:
    """The rules of a table: its keys, which of them must be there, or one rule for any key."""

    keys: Mapping[str, Rules] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    any_key: Rules | None = None


@dataclass(frozen=True)
class Tables:
    """The rules of an array of tables, ``[[...]]``."""

    each: Table


@dataclass(frozen=True)
class ValueOrTable:
    """The rules of what may be one value, or a table."""

    value: Check
    table: Table


Rules = Table | Tables | ValueOrTable | Check


def text(value: object) -> str | None:
    """Check for a text that is not blank."""
    letters = value if isinstance(value, str) else ""
    if any(letter.isprintable() and not letter.isspace() for letter in letters):
        return None
    return f'is {value!r}, but should be a text in quotation marks, as "Oslo".'


def texts(value: object) -> str | None:
    """Check for a list of texts."""
    if isinstance(value, list) and value and all(text(each) is None for each in value):
        return None
    return f'is {value!r}, but should be a list of texts, as ["x", "ja"].'


def text_or_texts(value: object) -> str | None:
    """Check for a text, or a table of texts by language."""
    if value and (isinstance(value, Mapping) or text(value) is None):
        return None
    return f'is {value!r}, but should be a text, or one per language: {{ nb = "…", en = "…" }}.'


def one_of(*values: str) -> Check:
    """Return a check for one of some texts."""

    def check(value: object) -> str | None:
        if value in values:
            return None
        return f"is {value!r}. {did_you_mean(str(value), values)}"

    return check


def whole_number_from(lowest: int) -> Check:
    """Return a check for a whole number of at least ``lowest``."""

    def check(value: object) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= lowest:
            return None
        return f"is {value!r}, but should be a whole number from {lowest} up, without quotes."

    return check


def number_among(*numbers: int) -> Check:
    """Return a check for one of some whole numbers."""

    def check(value: object) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
            return None
        known = " or ".join(map(str, numbers))
        return f"is {value!r}, but should be {known}, without quotes."

    return check


def number_from(lowest: float) -> Check:
    """Return a check for a finite number of at least ``lowest``."""

    def check(value: object) -> str | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and lowest <= float(str(value)) < math.inf:
            return None
        return f"is {value!r}, but should be a number from {lowest:g} up, as {lowest + 0.8:g}."

    return check


def day(value: object) -> str | None:
    """Check for a date."""
    if type(value) is date:
        return None
    return f"is {value!r}, but should be a date without quotes, as 2009-02-23."


def path_inside(value: object) -> str | None:
    """Check for a path inside the folder of the file."""
    if not isinstance(value, str) or not value.strip():
        return text(value)
    if "\\" in value or re.search(r"[\a\b\f\n\r\t\v]", value):
        return (
            f"is {value!r}: in a path, a backslash means something else on other machines. "
            "Write a slash: path = 'raw/file.csv'."
        )
    if value.startswith(("/", "~")) or re.match(r"[A-Za-z]:", value) or ".." in value.split("/"):
        return (
            f"is {value!r}, but should lie inside the study folder, so that the folder can be "
            "moved: copy the file there and write the path from study.toml."
        )
    return None


TEXT_TABLE = Table(any_key=text)
TEXT = ValueOrTable(text_or_texts, Table(keys=dict.fromkeys(LANGUAGES, text)))
"""A text, the same in every language or one per language."""


def faults(value: object, rules: Rules, path: Path = ()) -> Iterator[Fault]:
    """Yield everything in a parsed file that breaks a rule."""
    if isinstance(rules, Table):
        yield from _table_faults(value, rules, path)
    elif isinstance(rules, ValueOrTable):
        yield from faults(value, rules.value, path)
        if isinstance(value, Mapping):
            yield from faults(value, rules.table, path)
    elif isinstance(rules, Tables):
        if not isinstance(value, list):
            yield Fault(path, f"should be written [[{dotted(path)}]], once for each.")
            return
        for place, entry in enumerate(value):
            yield from faults(entry, rules.each, (*path, place))
    else:
        message = rules(value)
        if message:
            yield Fault(path, message)


def _table_faults(value: object, rules: Table, path: Path) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(path, f"is {value!r}, but should be a table, [{dotted(path)}].")
        return
    for key in rules.required:
        if key not in value:
            where = " Write it above the first [table]." if not path else ""
            yield Fault(path, f"lacks '{key}', which must be stated.{where}")
    for key, inner in value.items():
        rule: Any = rules.keys.get(key, rules.any_key)
        if rule is None:
            yield Fault((*path, key), f"is not a key here. {did_you_mean(key, rules.keys)}")
        else:
            yield from faults(inner, rule, (*path, key))


def dotted(path: Path) -> str:
    """Return a place as it is written in a file: files.0.path."""
    return ".".join(str(part) for part in path)
