"""Which keys study.toml may have and what may stand in each."""

from __future__ import annotations

from evalkit.locale import LANGUAGES
from evalkit.locale.vocabulary import LEGAL_BASIS
from evalkit.study.schema import TABLES
from evalkit.toml.rules import (
    TEXT,
    TEXT_TABLE,
    Table,
    Tables,
    day,
    number_from,
    one_of,
    path_inside,
    text,
    whole_number_from,
)

RULES = Table(
    required=("title",),
    keys={
        "language": one_of(*LANGUAGES),
        "title": TEXT,
        "about": TEXT,
        "source": TEXT,
        "disclosure": Table(keys={"min_cell": whole_number_from(2), "already_published_in": TEXT}),
        "attendance": Table(keys={"design_effect": number_from(1)}),
        "labels": Table(any_key=Table(any_key=TEXT)),
        "groups": Table(
            any_key=Table(
                keys={
                    "title": TEXT,
                    "site": text,
                    "starts_on": day,
                    "ends_on": day,
                    "about": TEXT,
                }
            )
        ),
        "files": Tables(
            Table(
                required=("path", "holds", "legal_basis"),
                keys={
                    "path": path_inside,
                    "holds": one_of(*TABLES),
                    "legal_basis": one_of(*LEGAL_BASIS),
                    "sheet": text,
                    "encoding": text,
                    "group": text,
                    "columns": TEXT_TABLE,
                },
            )
        ),
    },
)
