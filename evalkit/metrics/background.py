"""Background: who the people of a group are, by gender, age and how they were referred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from evalkit import aggregate
from evalkit.arguments import as_list, check_columns
from evalkit.locale.vocabulary import GENDER, VARIABLE
from evalkit.privacy import Cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame

DISTRIBUTION_CELLS = Cells(
    population="people of the group",
    keys=("group_id", "variable", "value"),
    count="count",
    total="n",
    derived=("share", "n_missing"),
)
VARIABLES = tuple(VARIABLE)


def distribution(
    people: IntoFrame, variables: str | Sequence[str] | None = None, *, role: str = "child"
) -> pd.DataFrame:
    """How many people of each group have each value of a background variable.

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
        A missing column.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> table = ek.background.distribution(study.margins, "referral_source")
    >>> table.groupby("group_id")["count"].agg(list).to_dict()
    {'mo-v09': [4, 3], 'oslo-v09': [4, 2, 1, 1, 1]}
    """
    names = nw.from_native(people).lazy().collect_schema().names()
    if "person_id" in names:
        counts = _count_persons(people, as_list(variables) or list(VARIABLES), role, names)
    else:
        counts = _read_margins(people, as_list(variables))
    known = counts[counts["value"].notna()].copy()
    cell = ["group_id", "variable"]
    known["n"] = known.groupby(cell, observed=True)["count"].transform("sum")
    known["share"] = known["count"] / known["n"].where(known["n"] > 0)
    columns = [*DISTRIBUTION_CELLS.keys, "count", "share", "n", "n_missing"]
    return _sorted(known)[columns].reset_index(drop=True)


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
        missing = table["count"].where(value.isna(), 0).groupby(table["group_id"]).transform("sum")
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
    table = aggregate.sums(margins, keys, {"count": nw.col("count")})
    table["value"] = _as_text(table["value"])
    table["n_missing"] = pd.array([pd.NA] * len(table), dtype="Int64")
    return table[table["variable"].isin(variables)] if variables else table


def _as_text(values: pd.Series) -> pd.Series:
    """Return values as text: an age of 9, held as a float because others are blank, as "9"."""
    if values.dtype.kind == "f" and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")
    return values.astype("str").where(values.notna())


def _sorted(counts: pd.DataFrame) -> pd.DataFrame:
    order = {name: place for place, name in enumerate(VARIABLES)}
    genders = {name: place for place, name in enumerate(GENDER)}
    number = pd.to_numeric(counts["value"], errors="coerce")
    rank = counts["value"].map(genders).where(counts["variable"] == "gender", -counts["count"])
    keys = counts.assign(
        _variable=counts["variable"].map(order).fillna(len(order)),
        _rank=number.where(counts["variable"] == "age_years", rank),
    )
    by = ["group_id", "_variable", "variable", "_rank", "value"]
    return counts.loc[keys.sort_values(by).index]
