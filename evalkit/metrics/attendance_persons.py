"""Attendance where it is known who came: intervals between persons, and one row per person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import column_names, did_you_mean
from evalkit.errors import ArgumentError
from evalkit.locale.vocabulary import STATUS
from evalkit.metrics.attendance_result import (
    ALIKE,
    ALL_SESSIONS,
    NOTHING_KNOWN,
    ONE_PERSON,
    divided,
    groups_of,
    in_columns,
    over_sessions,
    with_keys,
)
from evalkit.statistics import clustered_proportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame

PERSON_KEYS = ("person_id", "group_id", "role")
PERSON_COLUMNS = (
    *("estimate", "lower", "upper", "n", "n_missing", "method", "present", "n_unknown"),
    *("n_excused", "first_present", "last_present", "n_persons", "note"),
)


def person_rates(attendance: IntoFrame, keys: Sequence[str], level: float) -> pd.DataFrame:
    """Return the rate of each group of attendances, with its interval between persons."""
    _check(attendance)
    persons = _marks(attendance, [*keys, "person_id"])
    grouped = persons.groupby(groups_of(persons, keys), dropna=False, observed=True)
    table = grouped[["present", "n_unknown", "n_excused", "n_persons_absent"]].sum()
    interval = clustered_proportion(
        persons["present"],
        persons["n"],
        groups=grouped.ngroup() if keys else None,
        level=level,
    )
    table = with_keys(table.join(over_sessions(_sessions(attendance, keys), keys)), keys)
    for name, values in interval._asdict().items():
        table[name] = np.atleast_1d(values)
    return in_columns(_with_bounds(_filled(table)), keys)


def each_person(attendance: IntoFrame) -> pd.DataFrame:
    """Return how often each person came, and the numbers of the first and last session."""
    _check(attendance)
    names = column_names(attendance)
    keys = [name for name in PERSON_KEYS if name in names]
    marks = _marks(attendance, [*keys, *(["number"] if "number" in names else [])])
    if "number" in marks:
        marks["number"] = marks["number"].astype("Int64").where(marks["present"] > 0)
    grouped = marks.groupby(keys, dropna=False, observed=True)
    table = grouped[["present", "n", "n_unknown", "n_excused"]].sum().astype("Int64")
    numbers = grouped["number"] if "number" in marks else None
    table["first_present"] = numbers.min() if numbers is not None else _unknown(table)
    table["last_present"] = numbers.max() if numbers is not None else _unknown(table)
    table = table.reset_index().sort_values(keys[1:] + keys[:1], ignore_index=True)
    came, n = (table[name].to_numpy(dtype=float) for name in ("present", "n"))
    table["estimate"] = divided(came, n)
    table["lower"] = table["upper"] = np.nan
    table["n_missing"] = table["n_unknown"]
    table["present"] = table["present"].where(n > 0)
    table["method"] = "none"
    table["n_persons"] = _unknown(table).fillna(1)
    table["note"] = np.where(n > 0, ALL_SESSIONS, NOTHING_KNOWN)
    return table[[*keys, *PERSON_COLUMNS]].astype({"method": "str", "note": "str"})


def _check(attendance: IntoFrame) -> None:
    """Raise where a mark is none, or a person has two at one session."""
    blank = {name: nw.col(name).is_null().cast(nw.Int64) for name in ("person_id", "session_id")}
    marks = aggregate.sums(attendance, ["status"], {f"no {name}": n for name, n in blank.items()})
    for name in blank:
        if count := int(marks[f"no {name}"].sum()):
            raise ArgumentError(
                f"{_rows(count)} no {name}: attendance is of a person at a session."
            )
    without = int(marks["rows"].where(marks["status"].isna(), 0).sum())
    if without:
        raise ArgumentError(
            f"{_rows(without)} no status. Where the register says nothing, the status is 'unknown'."
        )
    strange = marks[~marks["status"].astype("str").isin(list(STATUS))]
    if len(strange):
        first = str(strange["status"].iloc[0])
        raise ArgumentError(
            f"'{first}' is no status ({_rows(int(strange['rows'].iloc[0]))} it). "
            f"{did_you_mean(first, STATUS)}"
        )
    _check_once(attendance)


def _rows(count: int) -> str:
    return f"{count} row{' has' if count == 1 else 's have'}"


def _check_once(attendance: IntoFrame) -> None:
    lazy = nw.from_native(attendance).lazy()
    pairs = lazy.group_by("person_id", "session_id").agg(nw.len().alias("rows"))
    twice = pairs.filter(nw.col("rows") > 1).collect("pandas").to_native()
    if len(twice):
        twice = twice.astype({"person_id": "str", "session_id": "str"})
        first = twice.sort_values(["person_id", "session_id"]).iloc[0]
        others = f" So have {len(twice) - 1} more." if len(twice) > 1 else ""
        raise ArgumentError(
            f"A person has one row per session, but '{first['person_id']}' has {first['rows']} at "
            f"session '{first['session_id']}'.{others} Leave out all but one."
        )


def _marks(attendance: IntoFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return how many marks of each kind there are by ``keys``; ``n`` are those that are known."""
    status = nw.col("status")
    table = aggregate.sums(
        attendance,
        list(dict.fromkeys(keys)),
        {
            "present": (status == "present").cast(nw.Int64),
            "n_unknown": (status == "unknown").cast(nw.Int64),
            "n_excused": (status == "excused").cast(nw.Int64),
        },
    )
    table["n"] = table["rows"] - table["n_unknown"]
    table["n_persons_absent"] = (table["n"] > table["present"]).astype("int64")
    return table


def _sessions(attendance: IntoFrame, keys: Sequence[str]) -> pd.DataFrame:
    group = ["group_id"] if "group_id" in column_names(attendance) else []
    table = _marks(attendance, [*keys, "session_id", *group])
    return table.assign(used=table["n"])


def _filled(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with what follows from its counts; no row of data is a count of 0."""
    counts = ["present", "n_unknown", "n_excused", "n_persons_absent", "n_sessions"]
    counts += ["n_groups"] if "n_groups" in table else []
    table[counts] = table[counts].fillna(0).astype("Int64")
    table["n_missing"] = table["n_unknown"]
    reasons = [table["n"] == 0, table["method"] == "none", table["method"] == "wilson_persons"]
    table["note"] = np.select(reasons, [NOTHING_KNOWN, ONE_PERSON, ALIKE], "")
    table["note"] = table["note"].mask(table["note"] == "")
    return table


def _with_bounds(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its rate if all unknown marks were absences, and if none was."""
    came, unknown, n = (table[name].to_numpy(float) for name in ("present", "n_unknown", "n"))
    table["estimate_all_absent"] = divided(came, n + unknown)
    table["estimate_all_present"] = divided(came + unknown, n + unknown)
    table["present"] = table["present"].where(n > 0)
    return table


def _unknown(table: pd.DataFrame) -> pd.Series:
    import pandas as pd

    return pd.Series(pd.NA, index=table.index, dtype="Int64")
