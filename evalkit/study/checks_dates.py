"""Checks of time: dates in order, within the period of the group, within a person's stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.study.attending import joined, outside, sessions_with_site
from evalkit.study.placing import at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.errors import Problem
    from evalkit.study.settings import Settings

    Tables = Mapping[str, pd.DataFrame]


def check_dates(
    tables: Tables, forms: Mapping[str, pd.DataFrame], settings: Settings
) -> Iterator[Problem]:
    """Yield what cannot be, or is odd, about the dates of a study."""
    yield from _ended_before(tables["participants"])
    yield from _sessions_out_of_order(tables["sessions"])
    periods = _periods(settings)
    yield from _outside_period(tables["sessions"], "held_on", periods, "error")
    for filled in forms.values():
        yield from _outside_period(filled, "answered_on", periods, "warning")
    yield from _there_outside(tables, settings)


def _ended_before(participants: pd.DataFrame) -> Iterator[Problem]:
    wrong = participants["ended_on"].lt(participants["enrolled_on"]).fillna(value=False)
    yield from at(
        participants[wrong],
        "ended_on",
        lambda row: (
            f"'{row['person_id']}' ended on {_day(row['ended_on'])}, before starting on "
            f"{_day(row['enrolled_on'])}. Mend one of the two dates."
        ),
    )


def _sessions_out_of_order(sessions: pd.DataFrame) -> Iterator[Problem]:
    """Refuse a session that was held before one with a lower number."""
    dated = sessions.dropna(subset=["group_id", "number", "held_on"])
    dated = dated.sort_values(["group_id", "number", "session_id"])
    latest = dated.groupby("group_id")["held_on"].cummax()
    before = latest.groupby(dated["group_id"]).shift()
    yield from at(
        dated.assign(_before=before)[dated["held_on"].lt(before)],
        "held_on",
        lambda row: (
            f"session {row['number']} of '{row['group_id']}' was held on {_day(row['held_on'])}, "
            f"before an earlier session, {_day(row['_before'])}. Mend the dates or the numbers."
        ),
    )


def _periods(settings: Settings) -> pd.DataFrame:
    rows = [(key, group.starts_on, group.ends_on) for key, group in settings.groups.items()]
    return pd.DataFrame(rows, columns=["group_id", "_from", "_to"]).astype(
        {"group_id": "str", "_from": "datetime64[s]", "_to": "datetime64[s]"}
    )


def _outside_period(
    rows: pd.DataFrame, column: str, periods: pd.DataFrame, severity: str
) -> Iterator[Problem]:
    table = rows.merge(periods, on="group_id", how="left")
    out = table[column].lt(table["_from"]) | table[column].gt(table["_to"])
    yield from at(
        table[out.fillna(value=False)],
        column,
        lambda row: (
            f"{_day(row[column])} lies outside the period of the group '{row['group_id']}', "
            f"{_day(row['_from'])} to {_day(row['_to'])} in study.toml."
        ),
        severity=severity,
    )


def _there_outside(tables: Tables, settings: Settings) -> Iterator[Problem]:
    """Refuse a mark of presence before a person started, or after the person ended.

    A person is named once, at the first such session, and not at all where a date that is told
    to be wrong is the cause: of the session, or of the person's stay.
    """
    attendance = tables["attendance"]
    if attendance.empty:
        return
    sessions = sessions_with_site(tables["sessions"].drop_duplicates("session_id"), settings.groups)
    people = tables["participants"].drop_duplicates(["person_id", "group_id"])
    table = joined(attendance, sessions, people)
    reason = outside(table)
    yield from _empty_cells(table[reason.isna()], settings)
    periods = sessions.merge(_periods(settings), on="group_id", how="left")
    told = periods["held_on"].lt(periods["_from"]) | periods["held_on"].gt(periods["_to"])
    there = table["status"].eq("present").fillna(value=False) & reason.notna()
    there &= ~table["ended_on"].lt(table["enrolled_on"]).fillna(value=False)
    there &= ~table["session_id"].isin(periods["session_id"][told.fillna(value=False)])
    by = ["person_id", "group_id", "_reason", "_file"]
    strange = table.assign(_reason=reason)[there].sort_values("held_on", kind="stable")
    sizes = strange.groupby(by)["_row"].transform("size")
    yield from at(
        strange.assign(_more=sizes - 1).drop_duplicates(by),
        "status",
        lambda row: (
            f"'{row['person_id']}' was present on {_day(row['held_on'])}, but {row['_reason']} "
            f"({_day(row['enrolled_on'])} to {_day(row['ended_on'])}){_more(row['_more'])}. Mend "
            "the mark or the dates in participants."
        ),
    )


def _empty_cells(table: pd.DataFrame, settings: Settings) -> Iterator[Problem]:
    """Warn of empty cells of people who were in the group, where nothing says what they mean."""
    if "_blank" not in table:
        return
    said = {(file.path, file.group) for file in settings.files if file.empty is not None}
    blank = table[table["_blank"].eq(True).fillna(value=False)]
    of = pd.MultiIndex.from_frame(blank[["_file", "group_id"]])
    unsaid = blank[~of.isin(list(said))]
    cells = unsaid.groupby(["_file", "group_id"])["_row"].transform("size")
    yield from at(
        unsaid.assign(_cells=cells).drop_duplicates(["_file", "group_id"]),
        "status",
        lambda row: (
            f"{row['_cells']} empty cell{'' if row['_cells'] == 1 else 's'} of people who were in "
            "the group, this the first, read as unknown: other cells say who was away. State "
            'empty = "absent" or empty = "unknown" for this file in study.toml.'
        ),
        severity="warning",
    )


def _more(sessions: object) -> str:
    if not sessions:
        return ""
    return f"; so at {sessions} more session{'' if sessions == 1 else 's'}"


def _day(value: object) -> str:
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else "an open date"
