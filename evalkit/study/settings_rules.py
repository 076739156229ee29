"""Which keys study.toml may have and what may stand in each."""

from __future__ import annotations

from evalkit.locale import LANGUAGES
from evalkit.locale.vocabulary import INFORMANT, LEGAL_BASIS, STATUS
from evalkit.study.disclosure import DISCLOSURE
from evalkit.study.schema import CRITERIA, EXPECTED, LAYOUTS
from evalkit.toml.rules import (
    TEXT,
    TEXT_TABLE,
    Table,
    Tables,
    ValueOrTable,
    day,
    number_from,
    one_of,
    path_inside,
    text,
    texts,
    whole_number_from,
)


def _expected(value: object) -> str | None:
    """Check for what may be counted against: a rule, occasions, or a number of forms."""
    if value in EXPECTED or whole_number_from(1)(value) is None:
        return None
    listed = value if isinstance(value, list) else []
    if listed and all(whole_number_from(1)(each) is None for each in listed):
        return None
    known = ", ".join(f'"{rule}"' for rule in EXPECTED)
    return (
        f"is {value!r}, but should be one of {known}, occasions as [1, 12], or a number of forms."
    )


def _share(value: object) -> str | None:
    """Check for a number from 0 to 1."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return None
    return f"is {value!r}, but should be a number from 0 to 1, as 0.84."


def _name_or_table(value: object) -> str | None:
    """Check for the name of a threshold profile; a table has its own rules."""
    return None if isinstance(value, dict) else text(value)


def _expected_or_table(value: object) -> str | None:
    """Check for what is counted against; a table has it by informant."""
    return None if isinstance(value, dict) else _expected(value)


GROUP = Table(
    keys={
        "title": TEXT,
        "site": text,
        "starts_on": day,
        "ends_on": day,
        "about": TEXT,
        "kind": text,
        "criteria": one_of(*CRITERIA),
    }
)

OWN_THRESHOLD = Table(
    required=("instrument", "source"),
    keys={
        "instrument": text,
        "scale": text,
        "threshold": number_from(0),
        "sd": number_from(0),
        "reliability": _share,
        "source": text,
    },
)

FILE = Table(
    required=("path", "holds", "legal_basis"),
    keys={
        "path": path_inside,
        "holds": text,
        "legal_basis": one_of(*LEGAL_BASIS),
        "sheet": text,
        "encoding": text,
        "platform": text,
        "codebook": path_inside,
        "group": text,
        "columns": TEXT_TABLE,
        "items": TEXT_TABLE,
        "values": Table(any_key=TEXT_TABLE),
        "informant": one_of(*INFORMANT),
        "layout": one_of(*LAYOUTS),
        "marks": Table(keys=dict.fromkeys(STATUS, texts)),
        "empty": one_of("absent", "unknown"),
        "others": texts,
        "leave_out": Tables(
            Table(
                required=("because",),
                keys={"row": whole_number_from(2), "where": TEXT_TABLE, "because": text},
            )
        ),
    },
)

BY_INFORMANT = Table(keys=dict.fromkeys(INFORMANT, _expected))

RULES = Table(
    required=("title",),
    keys={
        "language": one_of(*LANGUAGES),
        "title": TEXT,
        "about": TEXT,
        "source": TEXT,
        "instruments": texts,
        "disclosure": DISCLOSURE,
        "attendance": Table(keys={"design_effect": number_from(1)}),
        "thresholds": Table(any_key=ValueOrTable(_name_or_table, OWN_THRESHOLD)),
        "expected": Table(
            any_key=ValueOrTable(
                _expected_or_table, Table(keys=dict.fromkeys(INFORMANT, _expected))
            )
        ),
        "labels": Table(any_key=Table(any_key=TEXT)),
        "groups": Table(any_key=GROUP),
        "files": Tables(FILE),
    },
)
