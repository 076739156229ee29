"""Attendance: how many of those expected came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import as_list, check_at_least, check_between, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.locale import N_
from evalkit.privacy import Cells
from evalkit.statistics import proportion

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

__all__ = ["by_session", "by_session_cells", "rate"]

RATE_CELLS = Cells(
    population="expected attendances",
    count="present",
    total="n",
    persons=("n_persons", "expected_at_once"),
    also=("n_unknown",),
    derived=("estimate", "lower", "upper"),
    open=("n_missing", "method", "n_groups", "n_sessions", "design_effect", "note"),
)
SESSION_KEYS = ("group_id", "number", "session_id", "held_on", "kind", "theme", "role")

FLAGS = (
    *("expected", "heads", "told", "seen", "used", "wrong", "rows", "at_once"),
    *("session_id_used", "group_id_used"),
)
"""Columns made on the way to a result: no grouping column may bear their names."""

NO_INTERVAL = N_(
    "No interval: the same people are expected at every session, so attendances are not "
    "independent, and headcounts do not say who came."
)
FULL_COUNT = N_("No interval: a session is a full count of those who were expected.")
DESIGN_EFFECT = N_("The interval rests on the design effect that the study states.")
NOTHING_KNOWN = N_("No rate: how many were expected, or how many came, is not known.")


def rate(
    attendance: IntoFrame,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    design_effect: float | None = None,
) -> pd.DataFrame:
    """Share of expected attendances that took place.

    Sums over sessions: 7 of 9 and then 9 of 9 are 16 of 18. Headcounts whose number expected
    or present is not known are left out of the rate and counted in ``n_missing``.

    Twelve sessions of nine children are not 108 children: the same children come again, and
    headcounts do not say who. So there is no interval, unless ``design_effect`` is given: then
    it is Wilson's at the effective sample size n / design effect (Kish 1965, *Survey sampling*,
    section 8.2; Dean and Pagano 2015, *J. Surv. Stat. Methodol.* 3, 484-503). With m sessions
    per child and an intra-class correlation of r the design effect is 1 + (m - 1) r.

    Parameters
    ----------
    attendance : DataFrame (pandas, Polars, DuckDB)
        Headcounts: one row per ``session_id`` and ``role``, with the numbers ``present`` and
        ``expected``; ``expected`` may be unknown.
    by : str or sequence of str, optional
        Columns to group by.
    level : float
        Confidence level of the interval.
    design_effect : float, optional
        At least 1; as stated by the study. It must fit the grouping: at a single session m is
        1, and so is the design effect.

    Returns
    -------
    pandas.DataFrame
        One row per group: ``by``, then ``estimate, lower, upper`` (shares of 1), ``n``
        (attendances expected), ``n_missing`` (headcounts left out), ``method``, ``present``,
        ``n_unknown`` (expected attendances at sessions without a count), ``n_persons`` (NA:
        headcounts do not tell), ``n_groups`` (NA without a column ``group_id``), ``n_sessions``,
        ``expected_at_once`` (the most expected at one session: there are at least so many
        persons), ``design_effect``, ``note``. Sorted by ``by``.

    Raises
    ------
    ArgumentError
        A missing column, a level outside (0, 1), or a design effect below 1.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> overall = ek.attendance.rate(study.headcounts, by="role").iloc[0]
    >>> f"{overall.present} of {overall.n}: {overall.estimate:.3f}"
    '95 of 108: 0.880'
    """
    keys = list(dict.fromkeys(as_list(by)))
    _check(attendance, keys, level, design_effect)
    sessions = _per_session(attendance, [*keys, "session_id"])
    table = _combine(sessions, keys)
    counted = table["n"].to_numpy() > 0
    table["present"] = table["present"].astype("Int64").where(counted)
    return _with_interval(table, keys, level, design_effect)


def by_session(
    attendance: IntoFrame, *, level: float = 0.95, design_effect: float | None = None
) -> pd.DataFrame:
    """Attendance at each session, by role.

    Parameters
    ----------
    attendance : DataFrame (pandas, Polars, DuckDB)
        As for `rate`. Of ``group_id, number, held_on, kind, theme`` those that are there come
        along.
    level, design_effect
        As for `rate`.

    Returns
    -------
    pandas.DataFrame
        One row per session and role, with the columns of `rate`. ``present`` is also given
        where the number expected is not known; the rate is then NaN and ``n`` NA.

    Raises
    ------
    ArgumentError
        As for `rate`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> sessions = ek.attendance.by_session(study.headcounts)
    >>> sessions.loc[sessions.role == "child", "present"].tolist()
    [7, 9, 8, 9, 7, 8, 8, 7, 9, 7, 8, 8]
    """
    names = column_names(attendance, "attendance")
    keys = [name for name in SESSION_KEYS if name in names]
    _check(attendance, ["session_id", "role"], level, design_effect)
    table = _per_session(attendance, keys)
    all_seen, all_told = table["seen"] == table["rows"], table["told"] == table["rows"]
    table["present"] = table["heads"].astype("Int64").where(all_seen)
    table["n_sessions"] = table["used"].clip(upper=1)
    in_groups = table["n_sessions"].astype("Int64")
    table["n_groups"] = in_groups if "group_id" in table else _unknown(len(table))
    table["expected_at_once"] = table["n"].astype("Int64").where(table["used"] > 0)
    result = _with_interval(table, keys, level, design_effect)
    result["n"] = table["expected"].astype("Int64").where(all_told)
    result["note"] = result["note"].replace(NO_INTERVAL, FULL_COUNT)
    return result


def by_session_cells(result: pd.DataFrame) -> Cells:
    """Return what a result of `by_session` is made of: its keys are those that came along.

    Parameters
    ----------
    result : pandas.DataFrame
        From `by_session`.

    Returns
    -------
    Cells
        For `evalkit.privacy.protect`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> result = ek.attendance.by_session(study.headcounts)
    >>> cells = ek.attendance.by_session_cells(result)
    >>> public = ek.privacy.protect(result, cells, study.settings.policy)
    >>> int(public["hidden"].sum())
    0
    """
    return RATE_CELLS.by(*(name for name in SESSION_KEYS if name in result))


def _check(
    attendance: IntoFrame, keys: Sequence[str], level: float, design_effect: float | None
) -> None:
    check_columns(attendance, "session_id", "present", "expected", *keys, what="attendance")
    check_between(level, "level", above=0, below=1)
    if design_effect is not None:
        check_at_least(design_effect, "design_effect", 1)
    reserved = [name for name in keys if name in {*RATE_CELLS.columns, *FLAGS}]
    if reserved:
        raise ArgumentError(
            f"by names '{reserved[0]}', which is a column of the result. Rename it first."
        )
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
    names = column_names(attendance)
    group = ["group_id"] if "group_id" in names and "group_id" not in keys else []
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


def _combine(sessions: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return sums over sessions by ``keys``, with the numbers of sessions and groups."""
    used = sessions["used"] > 0
    sessions = sessions.assign(session_id_used=sessions["session_id"].where(used))
    sessions["at_once"] = sessions["n"].where(used).astype("Int64")
    sessions["group_id_used"] = sessions["group_id"].where(used) if "group_id" in sessions else None
    grouped = sessions.groupby(_groups(sessions, keys), dropna=False, observed=True)
    table = grouped.agg(
        present=("present", "sum"),
        n=("n", "sum"),
        n_unknown=("n_unknown", "sum"),
        n_missing=("n_missing", "sum"),
        n_sessions=("session_id_used", "nunique"),
        expected_at_once=("at_once", "max"),
        n_groups=("group_id_used", "nunique"),
    )
    table = table.reset_index() if keys else table.reindex([0], fill_value=0)
    in_groups = table["n_groups"].astype("Int64")
    table["n_groups"] = in_groups if "group_id" in sessions else _unknown(len(table))
    return table


def _groups(table: pd.DataFrame, keys: Sequence[str]) -> list[Hashable] | NDArray[np.intp]:
    return list(keys) if keys else np.zeros(len(table), dtype=np.intp)


def _with_interval(
    table: pd.DataFrame, keys: Sequence[str], level: float, design_effect: float | None
) -> pd.DataFrame:
    n = table["n"].to_numpy(dtype=float)
    present = np.where(n > 0, table["present"].to_numpy(dtype=float, na_value=0.0), 0.0)
    known = n > 0
    stated = known & (design_effect is not None)
    out = table[list(keys)].copy()
    out["estimate"] = np.divide(present, n, out=np.full(len(n), np.nan), where=known)
    out["lower"] = out["upper"] = np.nan
    if design_effect is not None:
        interval = proportion(present / design_effect, n / design_effect, level=level)
        out["lower"], out["upper"] = interval.lower, interval.upper
    out["n"] = table["n"]
    out["n_missing"] = table["n_missing"]
    out["method"] = np.where(stated, "wilson_effective_n", "none")
    out["present"] = table["present"].astype("Int64")
    out["n_unknown"] = table["n_unknown"]
    out["n_persons"] = _unknown(len(out))
    out["n_groups"] = table["n_groups"]
    out["n_sessions"] = table["n_sessions"]
    out["expected_at_once"] = table["expected_at_once"].astype("Int64")
    out["design_effect"] = np.where(stated, design_effect or np.nan, np.nan)
    note = np.where(stated, DESIGN_EFFECT, NO_INTERVAL)
    out["note"] = np.where(known, note, NOTHING_KNOWN)
    return out


def _unknown(length: int) -> pd.Series:
    import pandas as pd

    return pd.Series(pd.NA, index=range(length), dtype="Int64")


def __dir__() -> list[str]:
    return __all__
