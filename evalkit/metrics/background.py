"""Background: who the people of a group are, by gender, age and how they were referred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from evalkit import aggregate
from evalkit.arguments import as_list, check_choice, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.locale.vocabulary import GENDER, PERSON_ROLE, VARIABLE
from evalkit.privacy import Cells, Everyone, Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame

__all__ = ["arranged", "distribution"]

DISTRIBUTION_CELLS = Cells(
    population="people of the group",
    about="background",
    keys=("group_id", "variable", "value"),
    count="count",
    total="n",
    share="share",
    also=("n_missing",),
    outside=("n_missing",),
    observed="value",
    derived=("share",),
    repeated={"value": ("n", "n_missing")},
    sums=(
        Sum("n", ("count",), over=("value",)),
        Sum(Everyone(across=("variable",)), ("n", "n_missing"), over=("value",)),
    ),
)
VARIABLES = tuple(VARIABLE)


def distribution(
    people: IntoFrame,
    variables: str | Sequence[str] | None = None,
    *,
    role: str = "child",
    by: str | None = "group_id",
) -> pd.DataFrame:
    """How many people of each group, or of all, have each value of a background variable.

    Parameters
    ----------
    people : DataFrame (pandas, Polars, DuckDB)
        ``participants``, one row per person with ``person_id`` and ``group_id``; or
        ``margins``, one row per ``group_id, variable, value`` with ``count``, where only
        published counts are known.
    variables : str or sequence of str, optional
        Which variables; by default gender, age and referral source, and all others that
        ``margins`` hold.
    role : str
        Which participants; margins have no role and are used whole.
    by : {"group_id", None}
        None counts the people of all groups together, each once; the result then has no
        ``group_id``. Of margins this would count people of several groups twice, so it is refused.

    Returns
    -------
    pandas.DataFrame
        ``group_id, variable, value`` (text), ``count``, ``share`` (of 1), ``n`` (people whose
        value is known), ``n_missing`` (whose value is not; NA for margins, which do not tell).
        Sorted by group and variable; ages by number, gender in a fixed order, all else by
        count, largest first.

    Raises
    ------
    ArgumentError
        A missing column, a role that is none, margins without a count or to be added up.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> table = ek.background.distribution(study.margins, "referral_source")
    >>> table.groupby("group_id")["count"].agg(list).to_dict()
    {'mo-v09': [4, 3], 'oslo-v09': [4, 2, 1, 1, 1]}
    """
    names = column_names(people, "people")
    wanted = list(dict.fromkeys(as_list(variables)))
    check_choice(role, "role", PERSON_ROLE)
    if by not in ("group_id", None):
        raise ArgumentError(f"by must be 'group_id' or None, but is {by!r}.")
    if by is None:
        return _of_all(people, wanted, role, names)
    if "person_id" in names:
        check_columns(people, *wanted, what="participants")
        counts = _count_persons(people, wanted or list(VARIABLES), role, names)
    else:
        counts = _read_margins(people, wanted)
    known = counts[counts["value"].notna()].copy()
    cell = ["group_id", "variable"]
    known["n"] = known.groupby(cell, observed=True, dropna=False)["count"].transform("sum")
    known["share"] = known["count"] / known["n"].where(known["n"] > 0)
    columns = [*DISTRIBUTION_CELLS.keys, "count", "share", "n", "n_missing"]
    return arranged(known[columns])


def _of_all(
    people: IntoFrame, variables: Sequence[str], role: str, names: Sequence[str]
) -> pd.DataFrame:
    """Count each person once, whatever groups the person is in: by the first of them."""
    check_columns(people, "person_id", "group_id", what="participants")
    table = nw.from_native(people).lazy().collect("pandas").to_native()
    once = table.sort_values(["person_id", "group_id"]).drop_duplicates("person_id")
    result = distribution(once.assign(group_id="all"), variables or None, role=role)
    return result.drop(columns="group_id")


def _count_persons(
    people: IntoFrame, variables: Sequence[str], role: str, names: Sequence[str]
) -> pd.DataFrame:
    check_columns(people, "group_id", *(["role"] if "role" in names else []), what="participants")
    frame = nw.from_native(people)
    if "role" in names:
        frame = frame.filter(nw.col("role").cast(nw.String) == role)
    tables = []
    for variable in (name for name in variables if name in names):
        table = aggregate.sums(frame.to_native(), ["group_id", variable], {}, rows="count")
        value = table[variable]
        blank = table["count"].where(value.isna(), 0)
        missing = blank.groupby(table["group_id"], dropna=False).transform("sum")
        tables.append(
            pd.DataFrame(
                {
                    "group_id": table["group_id"],
                    "variable": variable,
                    "value": _as_text(value),
                    "count": table["count"],
                    "n_missing": missing.astype("Int64"),
                }
            )
        )
    return pd.concat(tables, ignore_index=True) if tables else _read_margins(NO_MARGINS, [])


NO_MARGINS = pd.DataFrame(
    {"group_id": [], "variable": [], "value": [], "count": np.array([], dtype="int64")}
).astype({"group_id": "str", "variable": "str", "value": "str"})


def _read_margins(margins: IntoFrame, variables: Sequence[str]) -> pd.DataFrame:
    keys = list(DISTRIBUTION_CELLS.keys)
    check_columns(margins, *keys, "count", what="margins")
    blank = nw.col("count").is_null().cast(nw.Int64)
    table = aggregate.sums(margins, keys, {"count": nw.col("count"), "blank": blank})
    if table["blank"].any():
        raise ArgumentError(f"{table['blank'].sum()} margins have no count. Leave out such rows.")
    table["value"] = _as_text(table["value"])
    table["n_missing"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return table[table["variable"].isin(variables)] if variables else table


def _as_text(values: pd.Series) -> pd.Series:
    """Return values as text: an age of 9, held as a float because others are blank, as "9"."""
    if values.dtype.kind == "f":
        text = values.map("{:g}".format, na_action="ignore")
        return text.astype("str").where(values.notna())
    return values.astype("str").where(values.notna())


def arranged(counts: pd.DataFrame) -> pd.DataFrame:
    """Return a distribution in its order; hidden counts last, by name: no order tells them.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `distribution`, perhaps protected since.

    Returns
    -------
    pandas.DataFrame
        The same rows in the order that `distribution` describes.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> table = ek.background.distribution(study.margins, "gender").iloc[::-1]
    >>> ek.background.arranged(table)["value"].tolist()
    ['girl', 'boy']
    """
    order = {name: place for place, name in enumerate(VARIABLES)}
    genders = {name: place for place, name in enumerate(GENDER)}
    number = pd.to_numeric(counts["value"], errors="coerce").astype("Float64")
    gender = counts["value"].map(genders).astype("Float64")
    fewest_last = -counts["count"].astype("Float64")
    rank = gender.where(counts["variable"] == "gender", fewest_last)
    keys = counts.assign(
        _variable=counts["variable"].map(order).fillna(len(order)),
        _rank=number.where(counts["variable"] == "age_years", rank),
    )
    groups = ["group_id"] if "group_id" in counts else []
    by = [*groups, "_variable", "variable", "_rank", "value"]
    return counts.loc[keys.sort_values(by).index].reset_index(drop=True)


def __dir__() -> list[str]:
    return __all__
