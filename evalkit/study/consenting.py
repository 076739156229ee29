"""Whose data may be used: consents by person and scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.locale import N_

if TYPE_CHECKING:
    from evalkit.study.tables import Loaded

SCOPE = "forms"
NO_CONSENT = {
    "given": None,
    "refused": N_("consent for forms refused"),
    "withdrawn": N_("consent for forms withdrawn"),
}
NONE_GIVEN = N_("no consent for forms")


def without_consent(consents: pd.DataFrame, persons: pd.Series, basis: pd.Series) -> pd.Series:
    """Return why rows may not be used, by their person; NA where they may.

    Only rows whose file rests on consent need one: given, for forms.
    """
    mine = consents[consents["scope"] == SCOPE]
    status = persons.map(mine.set_index("person_id")["status"].astype("str")).astype("str")
    reason = status.map(NO_CONSENT).fillna(NONE_GIVEN).astype("str")
    return reason.where(basis.eq("consent") & status.ne("given").fillna(value=True))


def take_out(table: str, rows: pd.DataFrame, loaded: Loaded, persons: pd.Series) -> pd.DataFrame:
    """Return the rows that may be used; the others are noted as excluded, with the reason."""
    reasons = without_consent(loaded.table("consents"), persons, rows["_basis"])
    out = reasons.notna()
    if out.any():
        note_excluded(table, rows[out], reasons[out], loaded)
    return rows[~out]


def note_excluded(table: str, rows: pd.DataFrame, reasons: pd.Series, loaded: Loaded) -> None:
    """Note rows that are in no table, each row of a file once for each reason."""
    places = pd.DataFrame(
        {
            "file": rows["_file"],
            "sheet": rows["_sheet"],
            "row": rows["_row"],
            "reason": reasons,
            "table": table,
        }
    )
    loaded.excluded.append(places.drop_duplicates(ignore_index=True))
