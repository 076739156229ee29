"""Which keys study.toml may have and what may stand in each: rules, and what breaks them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.arguments import did_you_mean
from evalkit.locale import LANGUAGES
from evalkit.locale.vocabulary import LEGAL_BASIS
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from evalkit.study.toml_lines import Path

Check = Callable[[object], str | None]
"""Returns what is wrong with a value, and how to put it right; None where nothing is."""


class Fault(NamedTuple):
    """Something in study.toml that breaks a rule."""

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


def _text(value: object) -> str | None:
    letters = value if isinstance(value, str) else ""
    if any(letter.isprintable() and not letter.isspace() for letter in letters):
        return None
    return f'is {value!r}, but should be a text in quotation marks, as "Oslo".'


def _text_or_texts(value: object) -> str | None:
    if value and (isinstance(value, Mapping) or _text(value) is None):
        return None
    return f'is {value!r}, but should be a text, or one per language: {{ nb = "…", en = "…" }}.'


def _one_of(*values: str) -> Check:
    def check(value: object) -> str | None:
        if value in values:
            return None
        return f"is {value!r}. {did_you_mean(str(value), values)}"

    return check


def _whole_number_from(lowest: int) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= lowest:
            return None
        return f"is {value!r}, but should be a whole number from {lowest} up, without quotes."

    return check


def _design_effect(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < math.inf:
        return None
    return f"is {value!r}, but should be a number from 1 up, as 1.8."


def _day(value: object) -> str | None:
    if type(value) is date:
        return None
    return f"is {value!r}, but should be a date without quotes, as 2009-02-23."


def _path(value: object) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return _text(value)
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


TEXT_TABLE = Table(any_key=_text)
TEXT = ValueOrTable(_text_or_texts, Table(keys=dict.fromkeys(LANGUAGES, _text)))
"""A text, the same in every language or one per language."""

RULES = Table(
    required=("title",),
    keys={
        "language": _one_of(*LANGUAGES),
        "title": TEXT,
        "about": TEXT,
        "source": TEXT,
        "disclosure": Table(keys={"min_cell": _whole_number_from(2), "already_published_in": TEXT}),
        "attendance": Table(keys={"design_effect": _design_effect}),
        "labels": Table(any_key=Table(any_key=TEXT)),
        "groups": Table(
            any_key=Table(
                keys={
                    "title": TEXT,
                    "site": _text,
                    "starts_on": _day,
                    "ends_on": _day,
                    "about": TEXT,
                }
            )
        ),
        "files": Tables(
            Table(
                required=("path", "holds", "legal_basis"),
                keys={
                    "path": _path,
                    "holds": _one_of(*TABLES),
                    "legal_basis": _one_of(*LEGAL_BASIS),
                    "sheet": _text,
                    "encoding": _text,
                    "group": _text,
                    "columns": TEXT_TABLE,
                },
            )
        ),
    },
)


def faults(value: object, rules: Rules = RULES, path: Path = ()) -> Iterator[Fault]:
    """Yield everything in a parsed study.toml that breaks a rule."""
    if isinstance(rules, Table):
        yield from _table_faults(value, rules, path)
    elif isinstance(rules, ValueOrTable):
        yield from faults(value, rules.value, path)
        if isinstance(value, Mapping):
            yield from faults(value, rules.table, path)
    elif isinstance(rules, Tables):
        if not isinstance(value, list):
            yield Fault(path, f"should be written [[{_dotted(path)}]], once for each.")
            return
        for place, entry in enumerate(value):
            yield from faults(entry, rules.each, (*path, place))
    else:
        message = rules(value)
        if message:
            yield Fault(path, message)


def _table_faults(value: object, rules: Table, path: Path) -> Iterator[Fault]:
    if not isinstance(value, Mapping):
        yield Fault(path, f"is {value!r}, but should be a table, [{_dotted(path)}].")
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


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
