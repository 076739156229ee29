"""Which keys a form's definition may have and what may stand in each."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evalkit.locale.vocabulary import EVIDENCE, INFORMANT
from evalkit.toml.rules import (
    TEXT,
    Rules,
    Table,
    Tables,
    ValueOrTable,
    one_of,
    text,
    whole_number_from,
)

KINDS = ("scale", "choice", "nominal", "text")
VOICES = ("children", "parents", "professionals")
METHODS = ("sum", "mean")
BETTER = ("higher", "lower")
SIDES = {"higher": ("<", "<="), "lower": (">=", ">")}
"""On which side of a cut-off the clinical range lies, by which way is better."""


def identifier(value: object) -> str | None:
    """Check for a name that may be a column: letters, digits and _, no digit first."""
    if isinstance(value, str) and value.isidentifier():
        return None
    return f"is {value!r}, but should be a name of letters, digits and _, as 'family'."


def identifiers(value: object) -> str | None:
    """Check for a list of names."""
    if value and isinstance(value, list) and all(identifier(each) is None for each in value):
        return None
    return f'is {value!r}, but should be a list of ids, as ["family", "school"].'


def informants(value: object) -> str | None:
    """Check for a list of informants."""
    if not value or not isinstance(value, list):
        return f'is {value!r}, but should be a list, as ["self", "caretaker"].'
    return next((message for message in map(one_of(*INFORMANT), value) if message), None)


def number(value: object) -> str | None:
    """Check for a finite number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return None
    return f"is {value!r}, but should be a number without quotes, as 10 or 2.5."


def number_above_0(value: object) -> str | None:
    """Check for a number above 0."""
    if number(value) is None and float(str(value)) <= 0:
        return f"is {value!r}, but should lie above 0, as 5 or 6.6."
    return number(value)


def share(value: object) -> str | None:
    """Check for a number between 0 and 1."""
    inside = number(value) is None and 0 <= float(str(value)) <= 1
    return None if inside else f"is {value!r}, but should lie between 0 and 1, as 0.84."


def codes(value: object) -> str | None:
    """Check for a list of whole numbers."""
    if isinstance(value, list) and all(type(code) is int for code in value):
        return None
    return f"is {value!r}, but should be a list of whole numbers, as [9]."


def true_or_false(value: object) -> str | None:
    """Check for true or false."""
    return None if isinstance(value, bool) else f"is {value!r}, but should be true or false."


def answers(value: object) -> str | None:
    """Check for the name of a table of answers, or such a table."""
    if (value and isinstance(value, Mapping)) or text(value) is None:
        return None
    return f'is {value!r}, but should name a table of answers: answers = "degree".'


AGES = Table(keys={"from": whole_number_from(0), "to": whole_number_from(0)})
ANSWERS = Table(any_key=TEXT)
EVIDENCE_KEYS: dict[str, Rules] = {"source": text, "evidence": one_of(*EVIDENCE), "note": TEXT}

ITEM = Table(
    required=("id", "label", "kind"),
    keys={
        "id": identifier,
        "label": TEXT,
        "kind": one_of(*KINDS),
        "lowest": number,
        "highest": number,
        "steps_per_unit": whole_number_from(1),
        "reversed": true_or_false,
        "answers": ValueOrTable(answers, ANSWERS),
        "not_applicable": codes,
        "block": text,
    },
)
SCALE = Table(
    required=("id", "label", "items", "method", "better"),
    keys={
        "id": identifier,
        "label": TEXT,
        "items": identifiers,
        "method": one_of(*METHODS),
        "better": one_of(*BETTER),
        "least_answered": whole_number_from(1),
        "steps_per_unit": whole_number_from(1),
        "lowest": number,
        "highest": number,
    },
)
PROFILE = Table(
    required=("id", "label", "threshold", "source", "evidence"),
    keys=EVIDENCE_KEYS
    | {"id": identifier, "label": TEXT, "scale": text, "threshold": number_above_0},
)
CUTOFF = Table(
    required=("value", "clinical", "source", "evidence"),
    keys=EVIDENCE_KEYS
    | {
        "scale": text,
        "value": number,
        "clinical": one_of("<", "<=", ">=", ">"),
        "ages": AGES,
        "informants": informants,
    },
)
RELIABILITY = Table(
    required=("kind", "value", "sample", "source", "evidence"),
    keys=EVIDENCE_KEYS
    | {"scale": text, "kind": one_of("alpha", "retest"), "value": share, "sample": TEXT},
)

RULES = Table(
    required=("id", "name", "informants"),
    keys={
        "id": identifier,
        "name": TEXT,
        "informants": informants,
        "ages": AGES,
        "voice": one_of(*VOICES),
        "about": TEXT,
        "licence": TEXT,
        "not_scored": TEXT,
        "blocks": Table(any_key=TEXT),
        "answers": Table(any_key=ANSWERS),
        "items": Tables(ITEM),
        "scales": Tables(SCALE),
        "profiles": Tables(PROFILE),
        "cutoffs": Tables(CUTOFF),
        "reliabilities": Tables(RELIABILITY),
    },
)
