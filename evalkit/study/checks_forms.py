"""Checks of forms: who filled them in, about whom, when, and with which answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit.instruments import bad_answers
from evalkit.study.placing import at
from evalkit.study.tables import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalkit.errors import Problem
    from evalkit.instruments import Instrument
    from evalkit.study.settings import Settings
    from evalkit.study.tables import Loaded

BUNDLE = 3
"""So many persons make a bundle of forms."""

ONE_FORM = ["about_id", "respondent_id", "informant", "occasion"]


def check_forms(
    forms: Mapping[str, pd.DataFrame],
    instruments: Mapping[str, Instrument],
    loaded: Loaded,
    settings: Settings,
) -> Iterator[Problem]:
    """Yield what cannot be, or is odd, about the forms of a study."""
    sessions = loaded.table("sessions")
    for name, filled in forms.items():
        instrument = instruments[name]
        yield from _answers(filled, instrument)
        yield from _informants(filled, instrument)
        yield from _ids_twice(filled)
        yield from _twice(filled, name)
        yield from _groups(filled)
        yield from _no_order(filled, instrument)
        yield from _ages(filled, instrument)
        yield from _occasions(filled, sessions)
        yield from _skipped(filled, name, sessions, settings)


def _answers(forms: pd.DataFrame, instrument: Instrument) -> Iterator[Problem]:
    """Refuse answers out of range or off the resolution, each in its cell."""
    bad = bad_answers(forms, instrument)
    if bad.empty:
        return
    rows = forms.loc[bad["row"], PLACE].reset_index(drop=True)
    told = pd.concat([rows, bad[["item", "value", "problem"]].reset_index(drop=True)], axis=1)
    for item, of_item in told.groupby("item", sort=False):
        yield from at(
            of_item.assign(**{str(item): of_item["value"]}),
            str(item),
            lambda row: str(row["problem"]),
        )


def _informants(forms: pd.DataFrame, instrument: Instrument) -> Iterator[Problem]:
    """Warn once in a file of each kind of person the form is not made for."""
    given = forms["informant"].astype("str")
    strange = given.notna() & ~given.isin(instrument.informants)
    known = ", ".join(instrument.informants)
    told = forms.assign(informant=given)[strange]
    yield from at(
        told.drop_duplicates(["informant", "_file", "_sheet"]),
        "informant",
        lambda row: f"{instrument.id} is not filled in by '{row['informant']}', but by: {known}.",
        severity="warning",
    )


def _ids_twice(forms: pd.DataFrame) -> Iterator[Problem]:
    known = forms.dropna(subset="form_id")
    yield from at(
        known[known.duplicated("form_id")],
        "form_id",
        lambda row: f"the form '{row['form_id']}' stands already above. Keep one of the two rows.",
    )


def _twice(forms: pd.DataFrame, name: str) -> Iterator[Problem]:
    """Refuse a form that the same respondent filled in twice on one occasion.

    Groups count their occasions each for itself: of a person in several the date tells two apart.
    """
    known = forms[forms[["about_id", "respondent_id"]].notna().any(axis="columns")]
    # Where no occasion is stated the date tells two forms of a person apart.
    keyed = known.assign(_day=known["answered_on"].where(known["occasion"].isna()))
    keys = ([*ONE_FORM, "group_id", "_day"], [*ONE_FORM, "answered_on"])
    again = pd.concat([_repeated(keyed, by) for by in keys])
    again = again.drop_duplicates(["_file", "_sheet", "_row"])
    if again.empty:
        return

    def message(row: dict[str, object]) -> str:
        who = next(row[c] for c in ("respondent_id", "about_id") if isinstance(row[c], str))
        when = f" for occasion {row['occasion']}" if isinstance(row["occasion"], int) else ""
        first = f"row {row['_row_first']}"
        if isinstance(row["_sheet_first"], str) and row["_sheet_first"] != row["_sheet"]:
            first = f'sheet "{row["_sheet_first"]}", {first}'
        if row["_file_first"] != row["_file"]:
            first = f"{row['_file_first']}, {first}"
        return (
            f"'{who}' has filled in {name}{when} already in {first}. Keep one of the two: name the "
            "other under leave_out of this file in study.toml, with the reason."
        )

    column = "about_id" if again["about_id"].notna().any() else "respondent_id"
    yield from at(again, column, message)


def _no_order(forms: pd.DataFrame, instrument: Instrument) -> Iterator[Problem]:
    """Refuse forms that nothing puts in order with the others of a person: no score would change.

    Occasions are the order, or dates where none is stated; the order must be known of each form.
    """
    known = forms[forms["about_id"].notna()] if instrument.scales else forms[:0]
    by = ["about_id", "respondent_id", "informant"]
    of_person = known.groupby(by, observed=True, dropna=False)
    counted = of_person["occasion"].transform("count")
    lacks_occasion = known["occasion"].isna() & counted.gt(0)
    several = of_person["_row"].transform("size").gt(1)
    lacks_date = known["answered_on"].isna() & counted.eq(0) & several
    for column, lacks in (("occasion", lacks_occasion), ("answered_on", lacks_date)):
        yield from at(
            known[lacks],
            column,
            lambda row: (
                f"other forms of '{row['about_id']}' are put in order by their occasion or date, "
                "but this one has none. Write which session it was, or the day."
            ),
        )


def _repeated(forms: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return forms that came before with the same key, with the place of the first of them."""
    first = forms.drop_duplicates(by)[[*by, *PLACE]]
    return forms[forms.duplicated(by)].merge(first, on=by, how="left", suffixes=("", "_first"))


def _groups(forms: pd.DataFrame) -> Iterator[Problem]:
    """Ask for the group of a person who is in several."""
    several = forms["group_id"].isna() & forms["_groups"].gt(1)
    yield from at(
        forms[several],
        "about_id",
        lambda row: (
            f"'{row['about_id']}' is in several groups. Say which is meant: a column group_id, or "
            "'group' for the file."
        ),
    )


def _ages(forms: pd.DataFrame, instrument: Instrument) -> Iterator[Problem]:
    """Warn once for each person who is too young or too old for a form."""
    low, high = instrument.ages
    years = forms["age_years"]
    odd = pd.Series(data=False, index=forms.index)
    if low is not None:
        odd |= years.lt(low).fillna(value=False)
    if high is not None:
        odd |= (years // 1).gt(high).fillna(value=False)
    limits = f"{low or ''}–{high}" if high is not None else f"{low} and older"
    first = forms[odd].drop_duplicates("about_id")
    yield from at(
        first,
        "age_years",
        lambda row: (
            f"'{row['about_id']}' is {row['age_years']:g} years old, but {instrument.id} is made "
            f"for ages {limits}. Its thresholds may not hold."
        ),
        severity="warning",
    )


def _no_session(forms: pd.DataFrame, sessions: pd.DataFrame) -> pd.Series:
    """Return which forms are of no session of their group, where its sessions are known."""
    held = sessions[["group_id", "number"]].dropna().drop_duplicates()
    numbers = held.assign(_held=True)
    table = forms.merge(
        numbers, left_on=["group_id", "occasion"], right_on=["group_id", "number"], how="left"
    ).set_axis(forms.index)
    known = table["group_id"].isin(held["group_id"])
    return table["occasion"].notna() & known & table["_held"].isna()


def _occasions(forms: pd.DataFrame, sessions: pd.DataFrame) -> Iterator[Problem]:
    """Warn of occasions that are no session of the group."""
    yield from at(
        forms[_no_session(forms, sessions)],
        "occasion",
        lambda row: (
            f"the group '{row['group_id']}' has no session {row['occasion']}. Is the number right?"
        ),
        severity="warning",
    )


def _skipped(
    forms: pd.DataFrame, name: str, sessions: pd.DataFrame, settings: Settings
) -> Iterator[Problem]:
    """Warn where the forms of a group jump over an occasion: a bundle may have been lost.

    A jump of one or two persons says nothing, nor does one between occasions that are expected.
    """
    stated = settings.expected.get(name, {})
    listed = {who for who, rule in stated.items() if isinstance(rule, list)}
    known = forms[~_no_session(forms, sessions)]
    known = known.dropna(subset=["group_id", "occasion"]).sort_values("occasion")
    if None in listed:
        return
    known = known[~known["informant"].isin(listed)]
    by = ["group_id", "informant"]
    persons = known.groupby(by, observed=True, dropna=False)["about_id"].transform("nunique")
    once = known[persons >= BUNDLE].drop_duplicates([*by, "occasion"])
    before = once.groupby(by, observed=True, dropna=False)["occasion"].shift()
    jumps = once.assign(_before=before)[(once["occasion"] - before).gt(1).fillna(value=False)]
    yield from at(
        jumps,
        "occasion",
        lambda row: (
            f"the {name} forms of '{row['group_id']}' go from occasion {row['_before']} to "
            f"{row['occasion']}. Is a bundle of forms missing?"
        ),
        severity="warning",
    )
