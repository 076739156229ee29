"""study.toml of the sample: what it says of the study, and of each file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from programme_script.groups import THEMES, Group
from programme_script.stated import CARETAKER_SESSIONS, STAFF_PER_GROUP

LONGEST_LINE = 120
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ABOUT = {
    "nb": "Et oppdiktet program på formen til SMIL: lærings- og mestringsgrupper for barn på 8–13 "
    "år, ukentlige samlinger på to timer, med familiesamlinger og aktiviteter. "
    "Steder, personer og svar er trukket tilfeldig; ingen av dem finnes.",
    "en": "An invented programme in the shape of SMIL: learning and coping groups for children "
    "aged 8–13, weekly sessions of two hours, with family sessions and activities. "
    "Places, people and answers are drawn at random; none of them exists.",
}
SOURCE = {
    "nb": "Oppdiktede data, trukket av data/sample/make_programme.py fra fordelingene i "
    "eksempelets README.",
    "en": "Invented data, drawn by data/sample/make_programme.py from the distributions in the "
    "README of the sample.",
}
TITLE = {"nb": "Et oppdiktet gruppeprogram", "en": "An invented group programme"}
REFERRAL_SOURCES = {
    "helsesykepleier": {"nb": "Helsesykepleier", "en": "Public health nurse"},
    "barnevern": {"nb": "Barnevern", "en": "Child welfare"},
    "PPT": {"nb": "PPT", "en": "Educational-psychological service (PPT)"},
    "psykisk helsevern": {"nb": "Psykisk helsevern", "en": "Mental health services"},
    "familievernkontor": {"nb": "Familievernkontor", "en": "Family counselling"},
    "selv": {"nb": "Tok selv kontakt", "en": "The family itself"},
}


class Entry(NamedTuple):
    """A file of the study and what study.toml says of it; ``why`` stands above it as a comment."""

    path: str
    holds: str
    legal_basis: str
    more: Mapping[str, Any] = {}
    why: str = ""


def study_toml(groups: Sequence[Group], entries: Sequence[Entry], talks: int) -> str:
    """Return study.toml."""
    parts = [
        "# Made by data/sample/make_programme.py; nothing here is of anyone real.",
        'language = "nb"',
        _table("title", TITLE),
        _table("about", ABOUT),
        _table("source", SOURCE),
        _table("disclosure", {"min_cell": 5}),
        "# How much a score must change to count; see evalkit.load_instrument('CORS').profiles.\n"
        + _table("thresholds", {"CORS": "pcoms_5", "ORS": "pcoms_5"}),
        "# What completeness is counted against.\n"
        + _table("expected", expected(STAFF_PER_GROUP * len(groups), talks)),
        *(_group(group) for group in groups),
        *(_file(entry) for entry in entries),
        "# What the values in the files are called in a report.\n"
        + _table("labels.theme", {nb: {"en": en} for nb, en in THEMES.items()}),
        _table("labels.referral_source", REFERRAL_SOURCES),
    ]
    return "\n\n".join(parts) + "\n"


def expected(professionals: int, talks: int) -> dict[str, Any]:
    """Return which forms should have come."""
    return {
        "CORS": {"self": "each session attended", "caretaker": CARETAKER_SESSIONS},
        "ORS": "each session attended",
        "CGSRS": "each session attended",
        "SMIL_PARENTS": "each parent",
        "SMIL_PROFESSIONALS": professionals,
        "COUPLE_TALK": talks,
    }


def _group(group: Group) -> str:
    about = {
        "nb": f"{group.last} ukentlige samlinger på to timer.",
        "en": f"{group.last} weekly sessions of two hours.",
    }
    values = {
        "title": group.title,
        "site": group.site.name,
        "starts_on": group.dates[0],
        "ends_on": group.ends_on,
        "kind": "children_support",
        "criteria": "smil",
        "about": about,
    }
    return _table(f'groups."{group.id}"', values)


def _file(entry: Entry) -> str:
    named = {"path": entry.path, "holds": entry.holds, "legal_basis": entry.legal_basis}
    comment = f"# {entry.why}\n" if entry.why else ""
    return comment + _table("[files]", {**named, **entry.more})


def _table(name: str, values: Mapping[str, Any]) -> str:
    """Return a table; what does not fit on a line becomes a table of its own below it."""
    lines = [f"[{name}]"]
    below = []
    for key, value in values.items():
        line = f"{_key(key)} = {_value(value)}"
        if isinstance(value, Mapping) and len(line) > LONGEST_LINE:
            below.append(_table(f"{name.strip('[]')}.{_key(key)}", value))
        else:
            lines.append(line)
    return "\n".join([*lines, *below])


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        listed = [_value(each) for each in value]
        short = f"[{', '.join(listed)}]"
        return short if len(short) < LONGEST_LINE else "[\n  " + ",\n  ".join(listed) + ",\n]"
    return json.dumps(value, ensure_ascii=False)
