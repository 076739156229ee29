"""What study.toml says under [disclosure]: what may be shown to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from evalkit.errors import Problem
from evalkit.locale import by_language
from evalkit.privacy import Policy
from evalkit.privacy.policy import ABOUT, BASES, PROFILES, SHOWING
from evalkit.toml.rules import (
    TEXT,
    Rules,
    Table,
    number_among,
    one_of,
    text,
    texts,
    whole_number_from,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from evalkit.locale import Text


def _listed(value: object) -> str | None:
    """Check for a list of what exhibits tell; it may be empty."""
    known = one_of(*ABOUT)
    faults = [known(each) for each in value] if isinstance(value, list) else []
    if isinstance(value, list) and not any(faults):
        return None
    fault = next((each for each in faults if each), None)
    return fault or f'is {value!r}, but should be a list, as ["attendance"].'


OWN: Mapping[str, Rules] = {
    "min_cell": whole_number_from(2),
    "profile": one_of(*PROFILES),
    "open": _listed,
    "zeros": one_of(*SHOWING),
    "full_rows": one_of(*SHOWING),
    "complements": one_of(*SHOWING),
    "rounding": number_among(*BASES),
    "single_persons": TEXT,
}
"""What may be stated for the public, and otherwise for partners."""

DISCLOSURE = Table(
    keys={
        **OWN,
        "partners": Table(keys=OWN),
        "already_published_in": TEXT,
        "internal_exhibits": texts,
        "hash_key": text,
    }
)


@dataclass(frozen=True)
class Disclosure:
    """What a study allows to be told.

    Attributes
    ----------
    policies : mapping of str to Policy
        By audience: public, partners, internal.
    why_persons : mapping of str to texts
        By audience, why single persons may be shown; empty where they may not.
    published_in : text
        Where all figures were published before.
    internal_exhibits : tuple of str
        The exhibits that stand in internal reports only.
    hash_key : str, optional
        With what the hashes of input files are keyed in a manifest that is published.
    """

    policies: Mapping[str, Policy] = field(
        default_factory=lambda: MappingProxyType(
            {name: Policy(audience=name) for name in ("public", "partners", "internal")}
        )
    )
    why_persons: Mapping[str, Text] = field(default_factory=dict)
    published_in: Text = field(default_factory=dict)
    internal_exhibits: tuple[str, ...] = ()
    hash_key: str | None = None


def build_disclosure(raw: Mapping[str, Any]) -> Disclosure:
    """Return what [disclosure] says; partners get what is not said of them from the public."""
    published_in = by_language(raw.get("already_published_in", {}))
    own = {name: value for name, value in raw.items() if name in OWN}
    partners = raw.get("partners", {})
    # A profile stands in for min_cell, so either replaces what the public gets of the other.
    replaced = {"min_cell", "profile"} if {"min_cell", "profile"} & set(partners) else set()
    kept = {name: value for name, value in own.items() if name not in replaced}
    stated = {"public": own, "partners": {**kept, **partners}, "internal": own}
    return Disclosure(
        policies={
            name: _policy(each, name, published=bool(published_in)) for name, each in stated.items()
        },
        why_persons={
            name: by_language(each.get("single_persons", {})) for name, each in stated.items()
        },
        published_in=published_in,
        internal_exhibits=tuple(raw.get("internal_exhibits", ())),
        hash_key=raw.get("hash_key"),
    )


def _policy(stated: Mapping[str, Any], audience: str, *, published: bool) -> Policy:
    plain = ("min_cell", "zeros", "full_rows", "complements", "rounding")
    options = {name: stated[name] for name in plain if name in stated}
    if "profile" in stated:
        options["min_cell"] = PROFILES[stated["profile"]]
    if "open" in stated:
        options["open"] = tuple(stated["open"])
    return Policy(
        **options,
        shows_persons="single_persons" in stated,
        already_published=published,
        audience=audience,
    )


def contradictions(
    raw: Mapping[str, Any], name: str, line: Callable[..., int | None]
) -> Iterator[Problem]:
    """Yield what [disclosure] says twice, in different words."""
    disclosure = raw.get("disclosure", {})
    if not isinstance(disclosure, dict):
        return
    partners = disclosure.get("partners", {})
    tables = {("disclosure",): disclosure, ("disclosure", "partners"): partners}
    for path, table in tables.items():
        if isinstance(table, dict) and {"min_cell", "profile"} <= set(table):
            place = ".".join(path)
            message = (
                f"'{place}' states both min_cell and a profile, which is a name for a min_cell: "
                "leave one of them out."
            )
            yield Problem(name, message, row=line(*path, "profile"))
