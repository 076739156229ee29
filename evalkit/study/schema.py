"""The tables of a study: which columns they have and what stands in them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from evalkit.locale.vocabulary import ENDED_HOW, GENDER, KIND, PARENTS, PERSON_ROLE, ROLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Column(NamedTuple):
    """A column of a table.

    ``kind`` is one of: ``id`` and ``text`` (text), ``category`` (one of ``values``), ``count``
    (a whole number from 0), ``number`` (from 0), ``date``. A ``required`` column must be there
    and have no blanks; ``key`` columns together name a row.
    """

    name: str
    kind: str
    required: bool = False
    key: bool = False
    values: tuple[str, ...] = ()


def _key(name: str, kind: str = "id", values: Iterable[str] = ()) -> Column:
    return Column(name, kind, required=True, key=True, values=tuple(values))


def _category(name: str, values: Iterable[str], *, required: bool = False) -> Column:
    return Column(name, "category", required=required, values=tuple(values))


TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "participants": (
            _key("person_id"),
            _key("group_id"),
            _category("role", PERSON_ROLE, required=True),
            Column("family_id", "id"),
            Column("age_years", "number"),
            _category("gender", GENDER),
            Column("referral_source", "text"),
            Column("enrolled_on", "date"),
            Column("ended_on", "date"),
            _category("ended_how", ENDED_HOW),
        ),
        "sessions": (
            _key("session_id"),
            Column("group_id", "id", required=True),
            Column("number", "count", required=True),
            Column("held_on", "date"),
            Column("theme", "text"),
            _category("kind", KIND),
            _category("parents", PARENTS),
            Column("duration_minutes", "count"),
            Column("leaders", "count"),
            Column("user_representatives", "count"),
        ),
        "headcounts": (
            _key("session_id"),
            _key("role", "category", ROLE),
            Column("present", "count"),
            Column("expected", "count"),
        ),
        "margins": (
            _key("group_id"),
            _key("variable", "text"),
            _key("value", "text"),
            Column("count", "count", required=True),
        ),
    }
)

PEOPLE = frozenset({"participants"})
"""Tables whose rows are people, so that even how many rows there are may have to be hidden."""

JOINED_TO_HEADCOUNTS = ("group_id", "site", "number", "held_on", "kind", "theme")
"""What headcounts get from their session and group, so that one may group by it."""


def names(table: str) -> list[str]:
    """Return the column names of a table, in order."""
    return [column.name for column in TABLES[table]]


def keys(table: str) -> list[str]:
    """Return the columns that together name a row of a table."""
    return [column.name for column in TABLES[table] if column.key]
