"""Attendance: how many of those expected came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalkit.arguments import as_list, check_between, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.metrics.attendance_headcounts import headcount_rates, headcounts_by_session
from evalkit.metrics.attendance_persons import (
    PERSON_COLUMNS,
    PERSON_KEYS,
    each_person,
    person_rates,
)
from evalkit.metrics.attendance_result import FLAGS
from evalkit.privacy import Cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame

__all__ = ["by_person", "by_person_cells", "by_session", "by_session_cells", "rate"]

RATE_CELLS = Cells(
    population="expected attendances",
    about="attendance",
    # How many came in all is no secret of anyone's; how many girls came may be.
    plain_keys=(
        *("group_id", "site", "role", "session_id", "number", "held_on"),
        *("kind", "theme", "parents"),
    ),
    count="present",
    total="n",
    share="estimate",
    persons=("n_persons", "expected_at_once"),
    persons_left=("n_persons_absent",),
    also=("n_unknown", "n_excused"),
    derived=("estimate", "lower", "upper", "estimate_all_absent", "estimate_all_present"),
    open=("n_missing", "method", "n_groups", "n_sessions", "design_effect", "note"),
    # Of 434 of 501, 86.3 % if all unknown marks were absences: there are 2 unknown marks.
    told_by={"n_unknown": ("n_missing", "estimate_all_absent", "estimate_all_present")},
)
SESSION_KEYS = ("group_id", "number", "session_id", "held_on", "kind", "theme", "role")


def rate(
    attendance: IntoFrame,
    *,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    design_effect: float | None = None,
) -> pd.DataFrame:
    """Share of expected attendances that took place.

    Sums over sessions: 7 of 9 and then 9 of 9 are 16 of 18. Twelve sessions of nine children
    are not 108 children: the same children come again.

    Where persons are known, the interval allows for that: it is logit-t, clustered by person,
    with persons - 1 degrees of freedom (`evalkit.statistics.clustered_proportion` has formula,
    source and coverage). Where all have the same rate, as when everyone was always there, it is
    Wilson's on the number of persons. Excused is not present. Marks that are not known are
    left out of the rate and counted in ``n_unknown``; ``estimate_all_absent`` and
    ``estimate_all_present`` are the rate if all of them had been absences, and if none had.

    Headcounts do not say who came, so they have no interval, unless ``design_effect`` is given:
    then it is Wilson's at the effective sample size n / design effect (Kish 1965, *Survey
    sampling*, section 8.2; Dean and Pagano 2015, *J. Surv. Stat. Methodol.* 3, 484-503). With m
    sessions per child and an intra-class correlation of r the design effect is 1 + (m - 1) r.
    Headcounts whose number expected or present is not known are left out of the rate and
    counted in ``n_missing``.

    Parameters
    ----------
    attendance : DataFrame (pandas, Polars, DuckDB)
        Either persons: one row per ``person_id`` expected at a ``session_id``, with ``status``
        (present, absent, excused, unknown). Or headcounts: one row per ``session_id`` and
        ``role``, with the numbers ``present`` and ``expected``; ``expected`` may be unknown.
    by : str or sequence of str, optional
        Columns to group by.
    level : float
        Confidence level of the interval.
    design_effect : float, optional
        Of headcounts; at least 1; as stated by the study. It must fit the grouping: at a single
        session m is 1, and so is the design effect.

    Returns
    -------
    pandas.DataFrame
        One row per group: ``by``, then ``estimate, lower, upper`` (shares of 1), ``n``
        (attendances expected, of which it is known whether they took place), ``n_missing`` (rows
        left out), ``method``, ``present``, ``n_unknown`` (expected attendances of which it is
        not known), ``n_excused``, ``estimate_all_absent``, ``estimate_all_present``,
        ``n_persons``, ``n_persons_absent`` (who were absent at least once), ``n_groups`` (NA
        without a column ``group_id``), ``n_sessions``, ``expected_at_once`` (the most expected
        at one session: there are at least so many persons), ``design_effect``, ``note``. What
        headcounts do not tell is NA. Sorted by ``by``.

    Raises
    ------
    ArgumentError
        A missing column, a status that is none, a person with two rows at one session, numbers
        that cannot be, a level outside (0, 1), a design effect below 1 or of persons.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> overall = ek.attendance.rate(study.headcounts, by="role").iloc[0]
    >>> f"{overall.present} of {overall.n}: {overall.estimate:.3f}"
    '95 of 108: 0.880'

    Persons, at three sessions:

    >>> import pandas as pd
    >>> marks = {"a": "xxx", "b": "x-x", "c": "xxx", "d": "-xx"}
    >>> rows = [(p, n, s) for p, row in marks.items() for n, s in enumerate(row, start=1)]
    >>> register = pd.DataFrame(rows, columns=["person_id", "session_id", "status"])
    >>> register["status"] = register["status"].map({"x": "present", "-": "absent"})
    >>> row = ek.attendance.rate(register).iloc[0]
    >>> f"{row.estimate:.2f} [{row.lower:.2f}, {row.upper:.2f}], {row.n_persons} persons"
    '0.83 [0.36, 0.98], 4 persons'
    """
    keys = list(dict.fromkeys(as_list(by)))
    _check(attendance, keys, level)
    if _of_persons(attendance, design_effect):
        return person_rates(attendance, keys, level)
    return headcount_rates(attendance, keys, level, design_effect)


def by_session(
    attendance: IntoFrame, *, level: float = 0.95, design_effect: float | None = None
) -> pd.DataFrame:
    """Attendance at each session, by role.

    Parameters
    ----------
    attendance : DataFrame (pandas, Polars, DuckDB)
        As for `rate`, with ``role``. Of ``group_id, number, held_on, kind, theme`` those that
        are there come along.
    level, design_effect
        As for `rate`.

    Returns
    -------
    pandas.DataFrame
        One row per session and role, with the columns of `rate`. Of headcounts ``present`` is
        also given where the number expected is not known; the rate is then NaN and ``n`` NA.

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
    _check(attendance, ["role"], level)
    if _of_persons(attendance, design_effect):
        return person_rates(attendance, keys, level)
    return headcounts_by_session(attendance, keys, level, design_effect)


def by_person(attendance: IntoFrame) -> pd.DataFrame:
    """Attendance of each person: for internal use, never to be published.

    Parameters
    ----------
    attendance : DataFrame (pandas, Polars, DuckDB)
        One row per ``person_id`` expected at a ``session_id``, with ``status`` (present, absent,
        excused, unknown). Of ``group_id, role, number`` those that are there are used.

    Returns
    -------
    pandas.DataFrame
        One row per person (and group, where someone was in two): ``person_id, group_id, role``,
        ``estimate`` (share of 1 of the sessions present), ``lower, upper`` (NaN: a full count),
        ``n`` (sessions at which the person was expected and it is known whether they came),
        ``n_missing`` (rows left out), ``method`` ("none"), ``present``, ``n_unknown``,
        ``n_excused``, ``first_present``, ``last_present`` (numbers of the first and last session
        the person came to; NA for none), ``n_persons`` (1), ``note``. Sorted by group, role and
        person.

    Raises
    ------
    ArgumentError
        As for `rate`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> register = pd.DataFrame(
    ...     {
    ...         "person_id": ["a", "a", "a", "b", "b", "b"],
    ...         "session_id": ["s1", "s2", "s3", "s1", "s2", "s3"],
    ...         "number": [1, 2, 3, 1, 2, 3],
    ...         "status": ["absent", "present", "present", "present", "excused", "unknown"],
    ...     }
    ... )
    >>> columns = ["person_id", "present", "n", "n_excused", "first_present", "last_present"]
    >>> ek.attendance.by_person(register)[columns]
      person_id  present  n  n_excused  first_present  last_present
    0         a        2  3          0              2             3
    1         b        1  2          1              1             1
    """
    check_columns(attendance, "person_id", "session_id", "status", what="attendance")
    return each_person(attendance)


def by_session_cells(result: pd.DataFrame) -> Cells:
    """Return what a result of `by_session` is made of: its keys are those that came along.

    At one session an attendance is a person, so few absences hide themselves, and not the
    number expected.

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
    derived = (*RATE_CELLS.derived, "n_persons_absent")
    keys = (name for name in SESSION_KEYS if name in result)
    return replace(RATE_CELLS, persons_left=(), derived=derived).by(*keys)


def by_person_cells(result: pd.DataFrame) -> Cells:
    """Return what a result of `by_person` is made of: a single person in each row.

    Whatever is published of it is hidden, ids too.

    Parameters
    ----------
    result : pandas.DataFrame
        From `by_person`.

    Returns
    -------
    Cells
        For `evalkit.privacy.protect`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> register = pd.DataFrame({"person_id": ["a"], "session_id": ["s"], "status": ["present"]})
    >>> result = ek.attendance.by_person(register)
    >>> public = ek.privacy.protect(result, by_person_cells(result), ek.privacy.Policy())
    >>> public[["person_id", "present", "hidden"]]
      person_id  present  hidden
    0       NaN     <NA>    True
    """
    about = (name for name in (*PERSON_KEYS, *PERSON_COLUMNS) if name in result)
    single = tuple(name for name in about if name != "n_persons")
    return Cells(population="persons expected", persons=("n_persons",), never=single)


def _check(attendance: IntoFrame, keys: Sequence[str], level: float) -> None:
    names = column_names(attendance, "attendance")
    kind = ("person_id", "status") if _has_persons(names) else ("present", "expected")
    check_columns(attendance, "session_id", *kind, *keys, what="attendance")
    check_between(level, "level", above=0, below=1)
    reserved = [name for name in keys if name in {*RATE_CELLS.columns, *FLAGS}]
    if reserved:
        raise ArgumentError(
            f"by names '{reserved[0]}', which is a column of the result. Rename it first."
        )
    if "status" in keys:
        raise ArgumentError("by names 'status', which is what is counted. Group by another column.")


def _has_persons(names: Sequence[str]) -> bool:
    """Return whether a table is about persons, perhaps with a column forgotten."""
    told = {"person_id", "status"} & set(names)
    return len(told) == 2 or (bool(told) and "present" not in names)


def _of_persons(attendance: IntoFrame, design_effect: float | None) -> bool:
    persons = _has_persons(column_names(attendance))
    if persons and design_effect is not None:
        raise ArgumentError(
            "design_effect is for headcounts. Here persons are known, and the interval allows "
            "for their coming again and again: leave it out."
        )
    return persons


def __dir__() -> list[str]:
    return __all__
