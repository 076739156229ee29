"""The tables of a study as its users get them: without places, joined, in their own order."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.locale.vocabulary import GENDER, STATUS, VARIABLE
from evalkit.study.attending import joined, only_expected, sessions_with_site
from evalkit.study.consenting import take_out
from evalkit.study.expectations import expected_forms
from evalkit.study.filled_forms import with_ids, without_comments
from evalkit.study.schema import COMMENTS, TABLES, names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.instruments import Instrument
    from evalkit.study.settings import Settings
    from evalkit.study.tables import Loaded


def finished_tables(
    loaded: Loaded,
    settings: Settings,
    forms: Mapping[str, pd.DataFrame],
    instruments: Mapping[str, Instrument],
) -> dict[str, Any]:
    """Return all tables, expected forms and comments; what may not be used is taken out."""
    plain = {name: loaded.table(name)[names(name)] for name in TABLES if name != "attendance"}
    sessions = _by_group(plain["sessions"], settings, ["number", "session_id"])
    with_site = sessions_with_site(sessions, settings.groups)
    participants = _by_group(plain["participants"], settings, ["person_id"])
    tables: dict[str, pd.DataFrame] = {
        "participants": participants,
        "consents": plain["consents"].sort_values(["person_id", "scope"], ignore_index=True),
        "sessions": sessions,
        "attendance": _attendance(loaded, with_site, participants),
        "headcounts": _in_order_of(
            plain["headcounts"].merge(with_site, on="session_id", how="left"), sessions, "role"
        ),
        "margins": _margins_in_order(plain["margins"], settings),
    }
    kept, comments = _forms(loaded, settings, forms, instruments)
    return {
        **tables,
        "forms": MappingProxyType(kept),
        "comments": comments,
        "expected": expected_forms(settings, tables, kept, instruments),
    }


def _attendance(loaded: Loaded, sessions: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    rows = loaded.table("attendance")
    rows = rows.reindex(columns=list(dict.fromkeys([*rows, "_blank"])))
    rows["status"] = rows["status"].astype(pd.CategoricalDtype(list(STATUS)))
    rows = take_out("attendance", rows, loaded, rows["person_id"])
    table = only_expected(joined(rows, sessions, participants), loaded)
    columns = [*names("attendance"), *(c for c in table if c in set(sessions) | set(participants))]
    return _in_order_of(table[list(dict.fromkeys(columns))], sessions, "person_id")


def _forms(
    loaded: Loaded,
    settings: Settings,
    forms: Mapping[str, pd.DataFrame],
    instruments: Mapping[str, Instrument],
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the forms that may be used, without their places, and the open answers in them."""
    kept: dict[str, pd.DataFrame] = {}
    comments = [pd.DataFrame(columns=list(COMMENTS)).astype("str")]
    for name, filled in forms.items():
        usable = take_out(name, filled, loaded, filled["about_id"].fillna(filled["respondent_id"]))
        ordered = with_ids(name, usable, settings.groups)
        kept[name], own = without_comments(ordered, instruments[name])
        comments.append(own)
    return kept, pd.concat(comments, ignore_index=True)


def _in_order_of(table: pd.DataFrame, sessions: pd.DataFrame, then: str) -> pd.DataFrame:
    """Sort by session, in the order of sessions, and then by another column."""
    place = pd.Series(range(len(sessions)), index=sessions["session_id"])
    order = table.assign(_place=table["session_id"].map(place))
    return table.loc[order.sort_values(["_place", then]).index].reset_index(drop=True)


def _by_group(table: pd.DataFrame, settings: Settings, then: list[str]) -> pd.DataFrame:
    """Sort by group, in the order of study.toml, and then by other columns."""
    place = {key: number for number, key in enumerate(settings.groups)}
    order = table.assign(_place=table["group_id"].map(place))
    return table.loc[order.sort_values(["_place", *then]).index].reset_index(drop=True)


def _margins_in_order(margins: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    places = {name: number for number, name in enumerate([*VARIABLE, *GENDER])}
    ages = pd.to_numeric(margins["value"], errors="coerce")
    order = margins.assign(
        _variable=margins["variable"].map(places).fillna(len(places)),
        _value=ages.fillna(margins["value"].map(places)).fillna(len(places)),
    )
    order = _by_group(order, settings, ["_variable", "variable", "_value", "value"])
    return order[names("margins")]
