"""Attendance where only heads were counted: sums over sessions, and no word of who came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import check_at_least, column_names
from evalkit.errors import ArgumentError
from evalkit.metrics.attendance_result import (
    DESIGN_EFFECT,
    FULL_COUNT,
    NO_INTERVAL,
    NOTHING_KNOWN,
    divided,
    groups_of,
    in_columns,
    over_sessions,
    with_keys,
)
from evalkit.statistics import proportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame


def headcount_rates(
    attendance: IntoFrame, keys: Sequence[str], level: float, design_effect: float | None
) -> pd.DataFrame:
    """Return the rate of each group of headcounts."""
    _check(attendance, design_effect)
    sessions = _per_session(attendance, [*keys, "session_id"])
    grouped = sessions.groupby(groups_of(sessions, keys), dropna=False, observed=True)
    counts = ["present", "n", "n_unknown", "n_missing"]
    table = grouped[counts].sum().join(over_sessions(sessions, keys))
    table = with_keys(table, keys)
    filled = [*counts, "n_sessions", *(["n_groups"] if "n_groups" in table else [])]
    table[filled] = table[filled].fillna(0)
    table["present"] = table["present"].astype("Int64").where(table["n"] > 0)
    return _with_interval(table, keys, level, design_effect)


def headcounts_by_session(
    attendance: IntoFrame, keys: Sequence[str], level: float, design_effect: float | None
) -> pd.DataFrame:
    """Return the rate at each session; who came is told where the number expected is not known."""
    _check(attendance, design_effect)
    table = _per_session(attendance, keys)
    all_seen, all_told = table["seen"] == table["rows"], table["told"] == table["rows"]
    table["present"] = table["heads"].astype("Int64").where(all_seen)
    table["n_sessions"] = table["used"].clip(upper=1)
    if "group_id" in table:
        table["n_groups"] = table["n_sessions"]
    table["expected_at_once"] = table["n"].astype("Int64").where(table["used"] > 0)
    result = _with_interval(table, keys, level, design_effect)
    result["n"] = table["expected"].astype("Int64").where(all_told)
    result["note"] = result["note"].replace(NO_INTERVAL, FULL_COUNT)
    return result


def _check(attendance: IntoFrame, design_effect: float | None) -> None:
    if design_effect is not None:
        check_at_least(design_effect, "design_effect", 1)
    schema = nw.from_native(attendance).lazy().collect_schema()
    for name in ("present", "expected"):
        if not (schema[name].is_numeric() or schema[name] == nw.Unknown):
            raise ArgumentError(f"'{name}' must hold numbers, but holds {schema[name]}.")


def _check_counts(table: pd.DataFrame) -> None:
    wrong = int(table["wrong"].sum())
    if wrong:
        raise ArgumentError(
            f"{wrong} headcount{'' if wrong == 1 else 's'} cannot be: below 0, no whole number, or "
            "more present than expected. `evalkit.read_study` names each of them."
        )


def _per_session(attendance: IntoFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return sums per session: of what is known of both numbers, and of each alone."""
    present, expected = nw.col("present"), nw.col("expected")
    seen, told = ~present.is_null(), ~expected.is_null()
    group = ["group_id"] if "group_id" in column_names(attendance) else []
    table = aggregate.sums(
        attendance,
        list(dict.fromkeys([*keys, *group])),
        {
            "present": nw.when(told).then(present),
            "n": nw.when(seen).then(expected),
            "n_unknown": nw.when(~seen).then(expected),
            "heads": present,
            "expected": expected,
            "seen": seen.cast(nw.Int64),
            "told": told.cast(nw.Int64),
            "used": (seen & told).cast(nw.Int64),
            "wrong": _is_wrong(present, expected).cast(nw.Int64),
        },
    )
    _check_counts(table)
    table["n_missing"] = table["rows"] - table["used"]
    counts = ["present", "n", "n_unknown", "heads", "expected"]
    return table.astype(dict.fromkeys(counts, "int64"))


def _is_wrong(present: nw.Expr, expected: nw.Expr) -> nw.Expr:
    return _is_no_count(present) | _is_no_count(expected) | (present > expected)


def _is_no_count(number: nw.Expr) -> nw.Expr:
    return ~number.is_null() & ((number < 0) | (number % 1 != 0))


def _with_interval(
    table: pd.DataFrame, keys: Sequence[str], level: float, design_effect: float | None
) -> pd.DataFrame:
    n = table["n"].to_numpy(dtype=float)
    present = np.where(n > 0, table["present"].to_numpy(dtype=float, na_value=0.0), 0.0)
    known = n > 0
    stated = known & (design_effect is not None)
    out = table.assign(estimate=divided(present, n), lower=np.nan, upper=np.nan)
    if design_effect is not None:
        interval = proportion(present / design_effect, n / design_effect, level=level)
        out["lower"], out["upper"] = interval.lower, interval.upper
    out["method"] = np.where(stated, "wilson_effective_n", "none")
    out["design_effect"] = np.where(stated, design_effect or np.nan, np.nan)
    note = np.where(stated, DESIGN_EFFECT, NO_INTERVAL)
    out["note"] = np.where(known, note, NOTHING_KNOWN)
    return in_columns(out, keys)
