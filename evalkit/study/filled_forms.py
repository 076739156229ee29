"""Forms as they came, completed by what the study knows of the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.study.schema import COMMENTS, FORM
from evalkit.study.tables import PLACE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.instruments import Instrument
    from evalkit.study.tables import Loaded

PERSONS = ["about_id", "respondent_id"]
IDENTITY = ["about_id", "respondent_id", "informant", "group_id", "occasion", "answered_on"]


def filled_forms(loaded: Loaded, instruments: Mapping[str, Instrument]) -> dict[str, pd.DataFrame]:
    """Return the forms of each instrument with their places.

    Who answers about himself is the person the form is about; group and age come from
    participants where the file does not state them. ``_groups`` counts the groups of the person,
    so that a check can ask which one is meant.
    """
    participants = loaded.table("participants")
    return {
        name: _completed(loaded.table(name), participants)
        for name in instruments
        if name in loaded.rows
    }


def _completed(forms: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    own = forms["informant"].eq("self").fillna(value=False)
    about = forms["about_id"].fillna(forms["respondent_id"].where(own))
    respondent = forms["respondent_id"].fillna(about.where(own))
    person = about.fillna(respondent)
    groups = participants.groupby("person_id")["group_id"].agg(["first", "nunique"])
    known = person.map(groups["first"].where(groups["nunique"] == 1)).astype("str")
    ages = participants.groupby("person_id")["age_years"].first()
    return forms.assign(
        about_id=about,
        respondent_id=respondent,
        group_id=forms["group_id"].fillna(known),
        age_years=forms["age_years"].fillna(about.map(ages).astype("Float64")),
        _groups=person.map(groups["nunique"]).fillna(0).astype("int64"),
    )


def with_ids(name: str, forms: pd.DataFrame, groups: Mapping[str, object]) -> pd.DataFrame:
    """Return forms in their own order, each with an id: the order of rows in files is lost.

    A form without an id of its own is named by its place in that order.
    """
    place = {group: number for number, group in enumerate(groups)}
    items = [str(column) for column in forms if column not in {*PLACE, "_groups", "form_id"}]
    by = ["_place", *dict.fromkeys([*IDENTITY, *items])]
    order = forms.assign(_place=forms["group_id"].map(place))
    order["informant"] = order["informant"].cat.codes
    forms = forms.loc[order.sort_values([*by, "form_id"]).index].reset_index(drop=True)
    made = pd.Series([f"{name}-{number}" for number in range(1, len(forms) + 1)], dtype="str")
    return forms.assign(form_id=forms["form_id"].fillna(made))


def without_comments(
    forms: pd.DataFrame, instrument: Instrument
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return forms without their open answers, and those as a table of comments."""
    questions = [item.id for item in instrument.items if item.kind == "text"]
    columns = [column.name for column in FORM]
    columns += [item.id for item in instrument.items if item.kind != "text"]
    long = forms.melt(
        id_vars=["form_id", "respondent_id", "informant", "group_id"],
        value_vars=questions,
        var_name="question",
        value_name="text",
    ).dropna(subset="text")
    long["comment_id"] = long["form_id"] + "-" + long["question"]
    comments = long.rename(columns={"informant": "role"})[list(COMMENTS)]
    types = dict.fromkeys(COMMENTS, "str")
    return forms[columns], comments.astype(types).reset_index(drop=True)
