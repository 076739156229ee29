"""Who was expected at which session, joined with all that one may group attendance by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.locale import N_
from evalkit.study.consenting import note_excluded
from evalkit.study.schema import JOINED_TO_HEADCOUNTS, OF_PERSONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.study.settings import Group
    from evalkit.study.tables import Loaded

BEFORE = N_("the session was before the person started")
AFTER = N_("the session was after the person ended")


def sessions_with_site(sessions: pd.DataFrame, groups: Mapping[str, Group]) -> pd.DataFrame:
    """Return sessions with the site of their group, as attendance and headcounts get them."""
    sites = {key: group.site for key, group in groups.items()}
    joined = sessions.assign(site=sessions["group_id"].map(sites).astype("str"))
    return joined[["session_id", *JOINED_TO_HEADCOUNTS]]


def joined(
    attendance: pd.DataFrame, sessions: pd.DataFrame, participants: pd.DataFrame
) -> pd.DataFrame:
    """Return attendance with what is known of each session and person; rows and index kept."""
    persons = participants[["person_id", "group_id", *OF_PERSONS]]
    with_session = attendance.merge(sessions, on="session_id", how="left")
    table = with_session.merge(persons, on=["person_id", "group_id"], how="left")
    return table.set_axis(attendance.index, axis="index")


def outside(table: pd.DataFrame) -> pd.Series:
    """Return why a person was not expected at a session; NA where the person was."""
    reason = pd.Series(pd.NA, index=table.index, dtype="str")
    before = table["held_on"].lt(table["enrolled_on"]).fillna(value=False)
    after = table["held_on"].gt(table["ended_on"]).fillna(value=False)
    return reason.mask(before, BEFORE).mask(after, AFTER)


def only_expected(table: pd.DataFrame, loaded: Loaded) -> pd.DataFrame:
    """Return attendance without sessions before a person started or after the person ended.

    A blank cell there is nothing that was written, so nothing is lost; any other mark is noted as
    excluded.
    """
    reasons = outside(table)
    out = reasons.notna()
    blank = table["_blank"].eq(True).fillna(value=False)
    written = out & ~blank
    if written.any():
        note_excluded("attendance", table[written], reasons[written], loaded)
    return table[~out]
