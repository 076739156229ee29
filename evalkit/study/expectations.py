"""Which forms should have come: what ``[expected]`` of study.toml means, form by form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.study.attending import outside
from evalkit.study.consenting import without_consent
from evalkit.study.schema import EXPECTED_COLUMNS, ONCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.instruments import Instrument
    from evalkit.study.settings import Expectation, Settings


def expected_forms(
    settings: Settings,
    tables: Mapping[str, pd.DataFrame],
    forms: Mapping[str, pd.DataFrame],
    instruments: Mapping[str, Instrument],
) -> pd.DataFrame:
    """Return one row per form that should have come.

    Forms of each session, and those of stated occasions, are expected of the children for whose
    age the form is made, and of any who handed one in. Nobody is expected to hand in forms that
    rest on a consent which was not given.
    """
    parts = [
        _expected(instruments[name], informant, rule, tables, forms.get(name)).assign(
            instrument=name
        )
        for name, stated in settings.expected.items()
        if name in instruments
        for informant, rule in stated.items()
    ]
    on_consent = {file.holds for file in settings.files if file.legal_basis == "consent"}
    table = pd.concat([_empty(), *parts], ignore_index=True)[list(EXPECTED_COLUMNS)]
    basis = table["instrument"].isin(on_consent).map({True: "consent", False: ""}).astype("str")
    anonymous = table["person_id"].isna()
    out = without_consent(tables["consents"], table["person_id"], basis).notna() & ~anonymous
    place = {group: number for number, group in enumerate(settings.groups)}
    kept = table[~out].assign(_place=table["group_id"].map(place))
    by = ["instrument", "informant", "_place", "occasion", "person_id"]
    return kept.sort_values(by, ignore_index=True).drop(columns="_place")


def _empty() -> pd.DataFrame:
    types = dict.fromkeys(EXPECTED_COLUMNS, "str") | {"occasion": "Int64"}
    return pd.DataFrame(columns=list(EXPECTED_COLUMNS)).astype(types)


def _expected(
    instrument: Instrument,
    informant: str | None,
    rule: Expectation,
    tables: Mapping[str, pd.DataFrame],
    forms: pd.DataFrame | None,
) -> pd.DataFrame:
    if isinstance(rule, int):
        rows = pd.DataFrame({"person_id": [pd.NA] * rule})
    elif isinstance(rule, str) and rule in ONCE:
        people = tables["participants"]
        rows = people.loc[people["role"] == ONCE[rule], ["person_id", "group_id"]]
    else:
        rows = _by_session(rule, tables)
        rows = rows[rows["person_id"].isin(_those_who_answer(instrument, tables, forms))]
        if informant is None and "self" in instrument.informants:
            informant = "self"
    return (
        _empty()
        .reindex(range(len(rows)))
        .assign(
            informant=pd.Series(informant, index=range(len(rows)), dtype="str"),
            **{name: rows[name].to_numpy() for name in rows if name in EXPECTED_COLUMNS},
        )
        .astype(_empty().dtypes.to_dict())
    )


def _by_session(rule: str | Sequence[int], tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the persons and numbers of sessions at which a form is expected."""
    if rule == "each session attended":
        there = tables["attendance"][tables["attendance"]["status"] == "present"]
    else:
        there = _held_for(tables)
    there = there[there["role"] == "child"].rename(columns={"number": "occasion"})
    if not isinstance(rule, str):
        there = there[there["occasion"].isin(list(rule))]
    return there[["person_id", "group_id", "occasion"]].drop_duplicates()


def _held_for(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the sessions held while each participant was in the group."""
    sessions = tables["sessions"][["group_id", "number", "held_on"]]
    pairs = tables["participants"].merge(sessions, on="group_id")
    return pairs[outside(pairs).isna()]


def _those_who_answer(
    instrument: Instrument, tables: Mapping[str, pd.DataFrame], forms: pd.DataFrame | None
) -> set[str]:
    """Return who is of the age of a form, of unknown age, or has answered it."""
    people = tables["participants"]
    low, high = instrument.ages
    years = people["age_years"]
    too_young = years.lt(low) if low is not None else years.isna() & False
    too_old = (years // 1).gt(high) if high is not None else years.isna() & False
    fits = ~(too_young | too_old).fillna(value=False)
    answered = set(forms["about_id"].dropna()) if forms is not None else set()
    return set(people.loc[fits, "person_id"]) | answered
