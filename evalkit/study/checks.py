"""Checks across rows and tables: plain masks, each bad row named where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.arguments import did_you_mean, nearest, one_edit_away
from evalkit.errors import Problem
from evalkit.locale.vocabulary import GENDER, HOLDS
from evalkit.study.checks_dates import check_dates
from evalkit.study.checks_forms import check_forms
from evalkit.study.filled_forms import PERSONS
from evalkit.study.placing import at
from evalkit.study.schema import TABLES, keys
from evalkit.study.tables import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalkit.instruments import Instrument
    from evalkit.study.settings import Settings
    from evalkit.study.tables import Loaded

Tables = Mapping[str, pd.DataFrame]
MOST_HINTS = 50


def check(
    loaded: Loaded,
    settings: Settings,
    forms: Mapping[str, pd.DataFrame],
    instruments: Mapping[str, Instrument],
) -> list[Problem]:
    """Return every problem that shows only when rows and tables are held together."""
    tables = {name: loaded.table(name) for name in TABLES}
    groups = settings.groups
    problems: list[Problem] = []
    for name, table in tables.items():
        problems += _twice(name, table)
    for name in ("participants", "sessions", "margins"):
        problems += _unknown_ids(tables[name], "group_id", groups, "group", "study.toml")
    for name in ("headcounts", "attendance"):
        problems += _sessions_of(name, tables, loaded)
    problems += _persons_of(tables, forms, loaded)
    problems += _not_in_the_group(tables, loaded, groups)
    problems += _consents_stated(loaded, forms)
    problems += _more_than_expected(tables["headcounts"])
    problems += _numbers_twice(tables["sessions"])
    problems += _margin_values(tables["margins"])
    problems += _margin_totals(tables["margins"])
    problems += _both_kinds(tables)
    problems += check_dates(tables, forms, settings)
    problems += check_forms(forms, instruments, loaded, settings)
    told = {_cell(each) for each in loaded.problems if each.severity == "error"} - {None}
    named = [_as_the_file_calls_it(problem, loaded) for problem in problems]
    return [problem for problem in named if _cell(problem) not in told]


def _cell(problem: Problem) -> tuple[object, ...] | None:
    """Return the cell of a problem; one that could not be read is blank to all checks."""
    if problem.row is None or problem.column is None:
        return None
    return problem.file, problem.sheet, problem.row, problem.column


def _as_the_file_calls_it(problem: Problem, loaded: Loaded) -> Problem:
    """Name the column as the file does, where study.toml says what it calls it."""
    header = loaded.headers.get((problem.file, problem.sheet, problem.column or ""), problem.column)
    return problem._replace(column=header)


def _sessions_of(name: str, tables: Tables, loaded: Loaded) -> Iterator[Problem]:
    """Check the sessions a table names, unless sessions could not all be read."""
    table = tables[name]
    if "sessions" in loaded.incomplete or table.empty:
        return
    if "sessions" not in loaded.rows:
        message = (
            f"there is {HOLDS[name]}, but no file that holds sessions. Add one under [[files]], "
            "with session_id, group_id and number."
        )
        yield Problem("study.toml", message.replace("is headcounts", "are headcounts"))
        return
    known = tables["sessions"]["session_id"].dropna()
    yield from _unknown_ids(table, "session_id", known, "session", "the table sessions")


def _persons_of(
    tables: Tables, forms: Mapping[str, pd.DataFrame], loaded: Loaded
) -> Iterator[Problem]:
    """Check the persons that attendance, consents and forms name."""
    if "participants" in loaded.incomplete:
        return
    named = [(name, tables[name], "person_id") for name in ("attendance", "consents")]
    named += [(name, table, column) for name, table in forms.items() for column in PERSONS]
    known = list(dict.fromkeys(tables["participants"]["person_id"].dropna()))
    for name, table, column in named:
        if "participants" not in loaded.rows and table[column].notna().any():
            message = (
                f"{name} names persons, but no file holds participants. Add one under [[files]], "
                "with person_id, group_id and role."
            )
            yield Problem("study.toml", message)
        elif "participants" in loaded.rows:
            own = table.drop_duplicates([column, "_file", "_row"])
            own = own if column == "about_id" else _other_than_about(own, column)
            yield from _unknown_ids(own, column, known, "person", "the table participants")


def _other_than_about(forms: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows whose person is not told of already as the one the form is about."""
    return forms[forms[column] != forms["about_id"]] if "about_id" in forms else forms


def _not_in_the_group(tables: Tables, loaded: Loaded, known: Iterable[str]) -> Iterator[Problem]:
    """Refuse attendance of a known person at a session of a group the person is not in.

    Of a person whose group is not known that is told already.
    """
    if {"participants", "sessions"} & loaded.incomplete:
        return
    groups = tables["sessions"].drop_duplicates("session_id").set_index("session_id")["group_id"]
    group = tables["attendance"]["session_id"].map(groups).astype("str")
    table = tables["attendance"].assign(_group=group)
    people = tables["participants"][["person_id", "group_id"]].drop_duplicates()
    members = people.assign(_group=people["group_id"], _member=True)[
        ["person_id", "_group", "_member"]
    ]
    table = table.merge(members, on=["person_id", "_group"], how="left")
    strange = table["person_id"].isin(people["person_id"]) & table["_member"].isna()
    strange &= table["_group"].notna()
    strange &= ~table["person_id"].isin(people["person_id"][~people["group_id"].isin(list(known))])
    yield from at(
        table[strange].drop_duplicates(["person_id", "_group", "_file"]),
        "person_id",
        lambda row: (
            f"'{row['person_id']}' is in participants, but not in the group '{row['_group']}' of "
            "this session. Add a row for that group, or mend the id."
        ),
    )


def _consents_stated(loaded: Loaded, forms: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Ask for consents where files rest on them; forms without a person cannot have one."""
    for name, table in {**forms, "attendance": loaded.table("attendance")}.items():
        mine = table[table["_basis"] == "consent"]
        column = "person_id" if "person_id" in table else "about_id"
        person = mine[column].fillna(mine["respondent_id"]) if name in forms else mine[column]
        if person.notna().any() and not {"consents"} & {*loaded.rows, *loaded.incomplete}:
            message = (
                f"{name} rests on consent, but no file holds consents. Add one under [[files]], "
                "with person_id, scope and status."
            )
            yield Problem("study.toml", message)
        yield from at(
            mine[person.isna()],
            column,
            lambda _: (
                "the file rests on consent, but the row names no person, so none can be looked "
                "up. Name the person, or state legal_basis = 'anonymous'."
            ),
        )


def _twice(name: str, table: pd.DataFrame) -> Iterator[Problem]:
    key = keys(name)
    known = table[table[key].notna().all(axis="columns")]
    again = known[known.duplicated(key)]
    if again.empty:
        return
    first = known.drop_duplicates(key)[[*key, *PLACE]]
    again = again.merge(first, on=key, suffixes=("", "_first"))
    again = _of_registers_once(again)

    def message(row: dict[str, object]) -> str:
        what = ", ".join(f"{column} '{row[column]}'" for column in key)
        sheet = row["_sheet_first"]
        first = Problem(
            file=str(row["_file_first"]),
            problem="",
            sheet=str(sheet) if isinstance(sheet, str) else None,
            row=int(str(row["_row_first"])),
        )
        return f"{what} stands already in {first.place()}. Keep one of the two rows."

    yield from at(again, key[0], message)


def _of_registers_once(again: pd.DataFrame) -> pd.DataFrame:
    """Return rows that stand twice; of a register's row the first, none if its reader told it."""
    if "_header" not in again:
        return again
    told = again["_file"].eq(again["_file_first"]) & again["_sheet"].eq(again["_sheet_first"])
    told |= again.duplicated(["_file", "_sheet", "_row"])
    return again[~(told & again["_header"].notna())]


def _unknown_ids(
    table: pd.DataFrame, column: str, known: Iterable[str], what: str, where: str
) -> Iterator[Problem]:
    """Refuse ids that are not known: each once in a file, at its first row."""
    ids = list(dict.fromkeys(known))
    unknown = table[table[column].notna() & ~table[column].isin(ids)]
    place = [column, "_file", "_sheet"]
    rows = unknown.groupby(place, dropna=False)["_row"].transform("nunique")
    unknown = unknown.assign(_rows=rows).drop_duplicates(place)
    # Looking for the nearest id is slow: once for each id, and not for more than are read.
    hints = {name: _nearest_id(name, ids) for name in unknown[column].unique()[:MOST_HINTS]}

    def message(row: dict[str, object]) -> str:
        close = hints.get(str(row[column]))
        hint = f"Did you mean '{close}'?" if close else f"Add it to {where}, or mend the id."
        more = int(str(row["_rows"])) - 1
        also = f" (and so in {more} more row{'' if more == 1 else 's'})" if more else ""
        return f"the {what} '{row[column]}' is not in {where}{also}. {hint}"

    yield from at(unknown, column, message)


def _nearest_id(name: str, ids: list[str]) -> str | None:
    same = [other for other in ids if _plain(other) == _plain(name)]
    return same[0] if len(same) == 1 else one_edit_away(name, ids) or nearest(name, ids, cutoff=0.8)


def _plain(name: str) -> str:
    """Return an id without what is lost on its way: its case, and in Excel its leading zeros."""
    return name.casefold().lstrip("0")


def _more_than_expected(headcounts: pd.DataFrame) -> Iterator[Problem]:
    more = headcounts["present"].gt(headcounts["expected"]).fillna(value=False)
    yield from at(
        headcounts[more],
        "present",
        lambda row: (
            f"{row['present']} were present but only {row['expected']} expected. "
            "Mend one of the two, or leave expected blank if it is not known."
        ),
    )


def _numbers_twice(sessions: pd.DataFrame) -> Iterator[Problem]:
    numbered = sessions[sessions[["group_id", "number"]].notna().all(axis="columns")]
    yield from at(
        numbered[numbered.duplicated(["group_id", "number"])],
        "number",
        lambda row: (
            f"the group '{row['group_id']}' has another session with number {row['number']}; "
            "they are drawn in the order of their ids."
        ),
        severity="warning",
    )


def _margin_values(margins: pd.DataFrame) -> Iterator[Problem]:
    variable, value = margins["variable"], margins["value"]
    gender = variable.eq("gender") & value.notna() & ~value.isin(list(GENDER))
    yield from at(
        margins[gender],
        "value",
        lambda row: (
            f"'{row['value']}' is not known here. {did_you_mean(str(row['value']), GENDER)}"
        ),
    )
    whole = value.str.fullmatch("[0-9]{1,3}").fillna(value=False)
    age = variable.eq("age_years") & value.notna() & ~whole
    yield from at(
        margins[age],
        "value",
        lambda row: f"'{row['value']}' is not an age in whole years. Write it in digits, as 9.",
    )


def _margin_totals(margins: pd.DataFrame) -> Iterator[Problem]:
    """Warn where the variables of a group do not add up to the same number of people."""
    complete = margins[margins[["group_id", "variable", "count"]].notna().all(axis="columns")]
    cell = ["group_id", "variable"]
    totals = complete.groupby(cell, observed=True)["count"].sum().rename("_total").reset_index()
    spread = totals.groupby("group_id")["_total"].transform("max") > totals["_total"]
    fewer = totals[spread].assign(
        _largest=totals.groupby("group_id")["_total"].transform("max")[spread]
    )
    places = complete.sort_values("_row").drop_duplicates(cell)
    yield from at(
        fewer.merge(places, on=cell),
        "variable",
        lambda row: (
            f"the counts of '{row['variable']}' in '{row['group_id']}' add up to "
            f"{row['_total']}, those of another variable to {row['_largest']}."
        ),
        severity="warning",
    )


def _both_kinds(tables: Tables) -> Iterator[Problem]:
    margins = tables["margins"]
    doubled = margins[margins["group_id"].isin(tables["participants"]["group_id"])]
    yield from at(
        doubled.drop_duplicates("group_id"),
        "group_id",
        lambda row: (
            f"the group '{row['group_id']}' has persons in participants, so its background is "
            "counted from them. Remove its rows from this file."
        ),
    )
