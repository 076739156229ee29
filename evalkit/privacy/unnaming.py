"""Results of single persons made fit to be shown: no ids, no order, ages in bands only."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.arguments import as_list, check_at_least, check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.locale import CLOSED
from evalkit.privacy.age_bands import edges_of, merged, persons_in, places_of, straddles
from evalkit.privacy.policy import DEFAULT_MIN_CELL, LOWEST_MIN_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PERSONS = ("about_id", "person_id")
"""The columns that may say whose a row is: the first of them that a result has does."""
NUMBERS = frozenset(
    {
        *("number", "present", "n", "n_missing", "n_unknown", "n_excused", "n_persons"),
        *("first_present", "last_present", "estimate", "lower", "upper", "n_forms", "n_valid"),
        *("occasion", "first_occasion", "last_occasion", "first", "last", "change"),
        *("threshold", "cutoff", "recovered", "can_improve", "can_deteriorate"),
    }
)
"""Columns of numbers, and of yes and no, that stay."""
WORDS = ("role", "informant", "status", "category")
"""Columns of words that stay: their vocabularies are closed."""
ROW_ORDER = ("group_id", "role", *PERSONS, "informant", "occasion", "number")
OWN = "own"


def of_groups_large_enough(
    result: pd.DataFrame, *, keep: str | Sequence[str] = (), min_cell: int = DEFAULT_MIN_CELL
) -> tuple[pd.DataFrame, int]:
    """Leave out the rows of groups that have too few persons to show any of them.

    A group is all that is shown apart: of the same ``role`` and ``informant``, and of the same
    ``group_id`` if that is kept. Three children of a group whose mothers answered are three.

    Parameters
    ----------
    result, keep, min_cell
        As for `unnamed`.

    Returns
    -------
    DataFrame, int
        The other rows as they were, and how many persons lost some of theirs, or all: a count of
        people as any other, and often a small one.

    Raises
    ------
    ArgumentError
        As for `unnamed`, but for groups that are too small.

    Examples
    --------
    >>> import pandas as pd
    >>> persons = pd.DataFrame({"person_id": list("stuvwxyz"), "group_id": list("aaaaabbb")})
    >>> large, left_out = of_groups_large_enough(persons, keep="group_id")
    >>> list(large["person_id"]), left_out
    (['s', 't', 'u', 'v', 'w'], 3)
    """
    person, keys = _checked(result, keep, min_cell)
    large = persons_in(_cells(result, keys), result[person]) >= min_cell
    return result[large], int(result.loc[~large, person].nunique())


def unnamed(
    result: pd.DataFrame,
    *,
    exhibit: str,
    keep: str | Sequence[str] = (),
    cutoff_ages: Iterable[tuple[int | None, int | None]] | None = None,
    min_cell: int = DEFAULT_MIN_CELL,
) -> pd.DataFrame:
    """Return a result of single persons without ids, shuffled, with ages in bands only.

    Persons are numbered by a hash (SHA-256) of all that is shown of them, and of the exhibit:
    neither ids nor the order of rows have a part in it, and a number in one exhibit does not
    tell that in another. Those of whom the same is shown could change places unseen. Who
    answered has a number only if it is the person itself; of others the ``informant`` tells,
    two mothers of one child are "1" and "2", and who has the same mother cannot be seen.

    What is not known to be harmless becomes blank. These stay: numbers of sessions, attendances,
    occasions and forms; scores (``<scale>`` with its ``<scale>_answered``), their change,
    threshold, cut-off; ``role``, ``informant``, ``status``, ``category``; ``session_id`` as a
    number. So groups, families, forms, dates, gender, who referred, how it ended, notes and
    comments go, and what `protect` adds: results are unnamed before.

    Ages, those at the first form with a score, become bands of three years (5–7, 8–10, ...) with
    an edge wherever cut-offs change. A band takes in the next, on its side of an edge if it can,
    until each has ``min_cell`` persons of each role and informant (in each group, if groups are
    kept) and nobody is in two; if need be one band has all. Where cut-offs differ by age,
    ``cutoff`` and ``recovered`` are blank, unless ``cutoff_ages`` are named and ``min_cell``
    persons at least have each of them.

    Parameters
    ----------
    result : pandas.DataFrame
        Attendance, or a result of ``attendance.by_person``, ``outcomes.scores`` or
        ``outcomes.change``, with ``about_id`` or ``person_id``.
    exhibit : str
        The id of what is shown.
    keep : str or sequence of str
        ``group_id`` stays only if it is named here.
    cutoff_ages : iterable of (int or None, int or None), optional
        First and last age of each cut-off: ``[each.ages for each in instrument.cutoffs]``.
        ``age_years`` is then not text but, for figures that look up cut-offs, the youngest age
        of the band; blank where an edge lies within, as the cut-off would tell the side.
    min_cell : int
        The fewest different persons of a band, and of a group.

    Returns
    -------
    pandas.DataFrame
        The same columns and as many rows, in a new order, blank columns as text. Numbers of
        persons are texts of one length, which sort as numbers do.

    Raises
    ------
    ArgumentError
        A missing column, rows that do not say whose they are, a word that is in no vocabulary,
        ages that are no numbers, sessions without ``group_id`` kept, another column to keep, a
        group that is too small: `of_groups_large_enough` leaves those out.

    Examples
    --------
    >>> import pandas as pd
    >>> came = pd.DataFrame({"person_id": ["Ada", "Bo", "Cy", "Di", "Eli"]})
    >>> came = came.assign(present=[9, 4, 11, 7, 10], age_years=[9.0, 8.0, 12.0, 10.0, 9.0])
    >>> unnamed(came, exhibit="attendance-by-person").tail(2)
      person_id  present age_years
    3         4       10      8–13
    4         5        4      8–13
    """
    person, keys = _checked(result, keep, min_cell)
    result = result.reset_index(drop=True).astype({person: "str"})
    cells = _cells(result, keys)
    if (persons_in(cells, result[person]) < min_cell).any():
        small = f"there are groups of fewer than {min_cell} persons"
        raise ArgumentError(f"{small}: leave them out, with of_groups_large_enough.")
    shown = _harmless(result, as_list(keep))
    if "age_years" in result:
        bands = _bands(result, person, keys, edges_of(cutoff_ages or ()), min_cell)
        shown["age_years"] = bands["text" if cutoff_ages is None else "years"]
    if "cutoff" in result:
        of_cutoff = persons_in([cells, result["cutoff"]], result[person])
        few = of_cutoff < persons_in(cells, result[person])
        if cutoff_ages is not None:
            few &= of_cutoff < min_cell
        if "age_years" in result:
            few &= result["age_years"].notna()
        told = few.groupby(cells).transform("any")
        columns = [name for name in ("cutoff", "recovered") if name in result]
        shown[columns] = shown[columns].mask(told)
    if "respondent_id" in result:
        shown["respondent_id"] = _respondents(result, shown, person)
    return _numbered(shown, result[person], exhibit)


def _checked(
    result: pd.DataFrame, keep: str | Sequence[str], min_cell: int
) -> tuple[str, list[str]]:
    """Return the column that says whose a row is, and those by which rows are shown apart."""
    check_pandas(result, "the result")
    check_at_least(min_cell, "min_cell", LOWEST_MIN_CELL)
    person = next((name for name in PERSONS if name in result), PERSONS[0])
    check_columns(result, person, *as_list(keep), what="the result")
    if nobody := int(result[person].isna().sum()):
        raise ArgumentError(f"{nobody} rows have no {person}: it is not known whose they are.")
    if other := set(as_list(keep)) - {"group_id"}:
        raise ArgumentError(f"{min(other)} must not be kept: of all columns only group_id may be.")
    if {"session_id", "group_id"} <= set(result.columns) and "group_id" not in as_list(keep):
        raise ArgumentError("Sessions tell who is in a group with whom: keep='group_id'.")
    return person, [name for name in (*as_list(keep), "role", "informant") if name in result]


def _cells(rows: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Return a number for each row, the same where all keys are."""
    same = pd.Series(0, index=rows.index)
    return rows.groupby(list(keys), dropna=False, observed=True).ngroup() if keys else same


def _harmless(result: pd.DataFrame, keep: Sequence[str]) -> pd.DataFrame:
    """Return the result with all columns blank that are not known to be harmless."""
    scales = [name for name in result.columns if f"{name}_answered" in result]
    numbers = {*NUMBERS, *scales, *(f"{name}_answered" for name in scales)}
    shown = result.assign(**dict.fromkeys(result.columns, pd.Series(pd.NA, result.index, "str")))
    for name, column in result.items():
        if name in numbers and pd.api.types.is_numeric_dtype(column):
            shown[name] = column
        elif name in WORDS:
            strange = column[column.notna() & ~column.isin(list(CLOSED[str(name)]))]
            if len(strange):
                raise ArgumentError(f"'{strange.iloc[0]}' is no {name}: it may name somebody.")
            shown[name] = column.astype(pd.CategoricalDtype(list(CLOSED[str(name)])))
        elif name == "group_id" and name in keep:
            shown[name] = column.astype("str")
        elif name == "session_id":
            shown[name] = _as_text(pd.Series(pd.factorize(column, sort=True)[0] + 1))
    return shown


def _as_text(places: pd.Series) -> pd.Series:
    """Return whole numbers from 1 on as texts of one length."""
    return places.astype("str").str.zfill(len(str(places.max())))


def _bands(
    result: pd.DataFrame, person: str, keys: list[str], edges: Sequence[int], min_cell: int
) -> pd.DataFrame:
    """Return the band of each row's person as text, and the years that stand for it."""
    if not pd.api.types.is_numeric_dtype(result["age_years"]):
        raise ArgumentError("age_years must hold numbers of years to become bands.")
    years = result["age_years"].astype("Float64") // 1
    scales = [name for name in result.columns if f"{name}_answered" in result]
    scored = result[scales].notna().any(axis="columns") if scales else years.notna()
    groups = [name for name in keys if name == "group_id"]
    course = (*groups, person, "respondent_id", "informant")
    own = _cells(result, [name for name in course if name in result])
    rows = pd.DataFrame({"person": result[person], "cell": _cells(result, keys)})
    rows["year"] = years.where(scored).groupby(own).transform("min")
    rows["year"] = rows["year"].fillna(years.groupby(own).transform("min"))
    known = rows[rows["year"].notna()].astype({"year": "int64"})
    out = pd.DataFrame({"text": pd.Series(pd.NA, index=rows.index, dtype="str")})
    out["years"] = pd.Series(pd.NA, index=rows.index, dtype="Float64")
    for _, part in known.groupby(_cells(result, groups)):
        bands = merged(part, edges, min_cell)
        place = places_of(part["year"], bands)
        youngest = [pd.NA if straddles(band, edges) else band[0] for band in bands]
        out.loc[part.index, "text"] = np.array([f"{low}–{high}" for low, high in bands])[place]
        out.loc[part.index, "years"] = pd.array(youngest, dtype="Float64")[place]
    return out


def _respondents(result: pd.DataFrame, shown: pd.DataFrame, person: str) -> pd.Series:
    """Return OWN where the person answered, a number where several others did, else nothing."""
    who = result["respondent_id"].astype("str")
    own = who == result[person]
    rows = pd.DataFrame({"who": who, "text": _text(shown)})[~own]
    rows["about"] = _cells(result, [name for name in (person, "informant") if name in result])
    several = rows.groupby("about")["who"].transform("nunique", dropna=False) > 1
    rows = rows[several & rows["who"].notna()]
    digests = _digests(rows["text"], [rows["about"], rows["who"]], "").sort_values()
    places = (digests.groupby("about").cumcount() + 1).rename("place").astype("str")
    told = rows.join(places, on=["about", "who"])["place"]
    return told.reindex(result.index).astype("str").mask(own, OWN)


def _text(shown: pd.DataFrame) -> pd.Series:
    """Return all that a row shows as one text, the same whatever types its numbers are of."""
    text = pd.Series("", index=shown.index, dtype="str")
    for name in sorted(map(str, shown.columns)):
        column = shown[name]
        if pd.api.types.is_numeric_dtype(column):
            column = column.astype("Float64")
        text = text + "\x1f" + column.astype("str").fillna("")
    return text + "\x1e"


def _digests(text: pd.Series, by: pd.Series | list[pd.Series], salt: str) -> pd.Series:
    """Return a hash of the rows of each of ``by``, whatever order the rows are in."""
    whole = text.sort_values().groupby(by).sum()
    return whole.map(lambda each: sha256(f"{salt}\x1e{each}".encode()).hexdigest())


def _numbered(shown: pd.DataFrame, ids: pd.Series, exhibit: str) -> pd.DataFrame:
    """Return rows with numbers for ids, in an order that tells nothing but what they show."""
    digests = _digests(_text(shown), ids, exhibit).sort_values()
    numbers = pd.Series(np.arange(1, len(digests) + 1), index=digests.index)
    shown[ids.name] = _as_text(ids.map(numbers))
    if "respondent_id" in shown:
        own = shown["respondent_id"] == OWN
        shown["respondent_id"] = shown["respondent_id"].mask(own, shown[ids.name])
    order = [name for name in ROW_ORDER if name in shown]
    rows = shown.assign(**{"as text": _text(shown)}).sort_values([*order, "as text"])
    return rows[shown.columns].reset_index(drop=True)
