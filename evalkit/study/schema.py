"""The tables of a study: which columns they have and what stands in them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from evalkit.locale.vocabulary import (
    CONSENT,
    ENDED_HOW,
    GENDER,
    INFORMANT,
    KIND,
    PARENTS,
    PERSON_ROLE,
    ROLE,
    SCOPE,
    STATUS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evalkit.instruments import Instrument, Item


class Column(NamedTuple):
    """A column of a table.

    ``kind`` is one of: ``id`` and ``text`` (text), ``category`` (one of ``values``), ``count``
    (a whole number from 0), ``occasion`` (a number, as 4 or Samling 4), ``number`` (from 0),
    ``date``, ``answer`` (to an ``item`` of a form). A ``required`` column must be there and have
    no blanks; ``key`` columns together name a row.
    """

    name: str
    kind: str
    required: bool = False
    key: bool = False
    values: tuple[str, ...] = ()
    item: Item | None = None


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
        "consents": (
            _key("person_id"),
            Column("given_by", "text"),
            _key("scope", "category", SCOPE),
            _category("status", CONSENT, required=True),
            Column("dated", "date"),
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
        "attendance": (
            _key("person_id"),
            _key("session_id"),
            _category("status", STATUS, required=True),
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

FORM: tuple[Column, ...] = (
    Column("form_id", "id"),
    Column("about_id", "id"),
    Column("respondent_id", "id"),
    _category("informant", INFORMANT),
    Column("group_id", "id"),
    Column("occasion", "occasion"),
    Column("answered_on", "date"),
    Column("age_years", "number"),
)
"""What every form has, before its items."""

COMMENTS = ("comment_id", "form_id", "respondent_id", "role", "group_id", "question", "text")
EXPECTED_COLUMNS = ("instrument", "informant", "group_id", "person_id", "occasion")

NOT_PEOPLE = frozenset({"groups", "sessions", "headcounts", "margins", "thresholds"})

JOINED_TO_HEADCOUNTS = ("group_id", "site", "number", "held_on", "kind", "theme")
"""What headcounts get from their session and group, so that one may group by it."""

OF_PERSONS = (
    *("role", "gender", "age_years", "referral_source"),
    *("enrolled_on", "ended_on", "ended_how"),
)
"""What attendance gets from its person, besides what headcounts get."""

LAYOUTS = ("table", "register")
CRITERIA = ("smil",)

ONCE = {
    "each child": "child",
    "each parent": "parent",
    "each sibling": "sibling",
    "each professional": "professional",
    "each user representative": "user_representative",
}
"""Rules by which one form of each participant of a role is expected."""

EXPECTED = ("each session attended", "each session held", *ONCE)
"""Rules for which forms are expected; a study may also list occasions or state a number."""


def form_columns(instrument: Instrument) -> tuple[Column, ...]:
    """Return the columns of a file of forms: open answers become comments."""
    items = (Column(item.id, "answer", item=item) for item in instrument.items)
    return (*FORM, *items)


def of_people(table: str) -> bool:
    """Return whether rows of a table are people, so that even how many may have to be hidden."""
    return table not in NOT_PEOPLE


def names(table: str) -> list[str]:
    """Return the column names of a table, in order."""
    return [column.name for column in TABLES[table]]


def keys(table: str) -> list[str]:
    """Return the columns that together name a row of a table."""
    return [column.name for column in TABLES[table] if column.key]
