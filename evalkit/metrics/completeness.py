"""Completeness: how many of the forms that should have come did come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from evalkit import aggregate
from evalkit.arguments import as_list, check_choice, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.locale import N_
from evalkit.metrics.form_matching import matched
from evalkit.privacy import Cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from narwhals.typing import IntoFrame

__all__ = ["received", "received_cells"]

BY = ("instrument", "informant", "group_id", "occasion")
EXPECTED_TYPES = {
    **dict.fromkeys(("instrument", "informant", "group_id", "person_id"), "str"),
    "occasion": "Int64",
}
FORM_TYPES = {
    **dict.fromkeys(("informant", "group_id", "about_id", "respondent_id", "form_id"), "str"),
    "occasion": "Int64",
}
TYPES = {
    **dict.fromkeys(("estimate", "lower", "upper"), "float64"),
    "n": "Int64",
    "n_missing": "Int64",
    "method": "str",
    "received": "Int64",
    "n_unexpected": "Int64",
    "n_persons": "Int64",
    "note": "str",
}
RECEIVED_CELLS = Cells(
    population="forms expected",
    about="completeness",
    keys=BY,
    count="received",
    total="n",
    share="estimate",
    persons=("n_persons",),
    also=("n_unexpected",),
    derived=("estimate", "lower", "upper", "n_missing"),
    open=("method", "note"),
)

ALL_FORMS = N_("No interval: a full count of the forms that should have come.")
NONE_EXPECTED = N_("No share: the study expected no such forms.")


def received(
    expected: IntoFrame,
    forms: Mapping[str, IntoFrame],
    *,
    by: str | Sequence[str] | None = BY,
) -> pd.DataFrame:
    """How many of the forms that should have come did come.

    A form answers at most one expectation, and an expectation is met by one form. They belong
    together where the instrument is the same and

    - the person is: a form belongs to the person it is about, or who answered it. Where no
      person is expected by name, as in an anonymous survey, any person's form will do;
    - informant and occasion are, as far as the expectation states them; where it states no
      occasion, any one form will do;
    - the group is, where no person is expected by name and the expectation states one. A named
      person's form counts in the group in which it was expected.

    Forms that nobody expected, a second one on the same occasion among them, are counted in
    ``n_unexpected``.

    Parameters
    ----------
    expected : DataFrame (pandas, Polars, DuckDB)
        One row per form that should have come: ``instrument, informant, group_id, person_id,
        occasion``, as ``study.expected``; blank where it is not stated.
    forms : mapping of str to DataFrame
        The forms by the id of their instrument, as ``study.forms``: one row per form, with
        those of ``about_id, respondent_id, informant, group_id, occasion`` that are known.
    by : sequence of str
        Which of ``instrument, informant, group_id, occasion`` to group by; all by default. None
        gives one row.

    Returns
    -------
    pandas.DataFrame
        One row per group: ``by``, then ``estimate`` (share of 1 received), ``lower, upper``
        (NaN: a full count), ``n`` (forms expected), ``n_missing`` (of those not received),
        ``method`` ("none"), ``received``, ``n_unexpected`` (forms that nobody expected, by their
        own informant, group and occasion where expectations of the instrument state such),
        ``n_persons`` (of whom forms were expected; NA where anyone was not named), ``note``.
        Sorted by ``by``.

    Raises
    ------
    ArgumentError
        A missing column, no instrument in an expectation, forms that are no mapping, another
        column to group by.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> expected = pd.DataFrame(
    ...     {
    ...         "instrument": "CORS",
    ...         "informant": "self",
    ...         "group_id": "g",
    ...         "person_id": ["a", "a", "b", "b"],
    ...         "occasion": [1, 2, 1, 2],
    ...     }
    ... )
    >>> forms = pd.DataFrame({"about_id": ["a", "b", "b"], "occasion": [1, 1, 3]})
    >>> table = ek.completeness.received(expected, {"CORS": forms.assign(informant="self")})
    >>> table[["occasion", "n", "received", "n_missing", "n_unexpected"]]
       occasion  n  received  n_missing  n_unexpected
    0         1  2         2          0             0
    1         2  2         0          2             0
    2         3  0         0          0             1
    """
    keys = list(dict.fromkeys(as_list(by)))
    for name in keys:
        check_choice(name, "by", BY)
    check_columns(expected, *EXPECTED_TYPES, what="expected")
    # Which of two equal claims a form meets must not depend on the order of rows.
    wanted = _columns(expected, EXPECTED_TYPES).sort_values(list(EXPECTED_TYPES), ignore_index=True)
    if blank := int(wanted["instrument"].isna().sum()):
        raise ArgumentError(f"{blank} of the expected forms name no instrument.")
    came = _all_forms(forms)
    met, used = matched(wanted, came)
    counted = pd.concat(
        [
            wanted.assign(n=1, received=met.astype(int), n_unexpected=0),
            _unexpected(came[~used], wanted).assign(n=0, received=0, n_unexpected=1),
        ],
        ignore_index=True,
    )
    return _shares(counted, keys)


def received_cells(result: pd.DataFrame) -> Cells:
    """Return what a result of `received` is made of: its keys are those it is grouped by.

    Parameters
    ----------
    result : pandas.DataFrame
        From `received`.

    Returns
    -------
    Cells
        For `evalkit.privacy.protect`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> names = ["instrument", "informant", "group_id", "person_id", "occasion"]
    >>> expected = pd.DataFrame([["ORS", "self", "g", None, None]] * 24, columns=names)
    >>> result = ek.completeness.received(expected, {}, by="instrument")
    >>> public = ek.privacy.protect(result, received_cells(result), ek.privacy.Policy())
    >>> public[["instrument", "n", "received", "hidden"]]
      instrument   n  received  hidden
    0        ORS  24         0   False
    """
    return RECEIVED_CELLS.by(*(name for name in BY if name in result))


def _all_forms(forms: Mapping[str, IntoFrame]) -> pd.DataFrame:
    """Return the forms of all instruments in one table, in an order of their own."""
    if not isinstance(forms, Mapping):
        raise ArgumentError(
            f"forms must be a mapping {{instrument: table}}, but is a {type(forms).__name__}. "
            'Of one instrument write {"CORS": table}.'
        )
    parts = [_columns(frame, FORM_TYPES).assign(instrument=key) for key, frame in forms.items()]
    if not parts:
        return pd.DataFrame(columns=[*FORM_TYPES, "instrument"]).astype(
            {**FORM_TYPES, "instrument": "str"}
        )
    table = pd.concat(parts, ignore_index=True).astype({"instrument": "str"})
    who = ["about_id", "respondent_id", "informant", "group_id"]
    order = ["instrument", "occasion", *who, "form_id"]
    return table.sort_values(order, ignore_index=True)


def _columns(frame: IntoFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """Return some columns of a frame of any engine as text and whole numbers, blank if absent."""
    names = column_names(frame, "a table of forms")
    there = [name for name in types if name in names] or names[:1]
    lazy = nw.from_native(frame).lazy().select(*there)
    table: pd.DataFrame = lazy.collect("pandas").to_native().reset_index(drop=True)
    try:
        return table.reindex(columns=list(types)).astype(dict(types))
    except (TypeError, ValueError):
        raise ArgumentError(
            "occasion must hold whole numbers, as the numbers of sessions are."
        ) from None


def _unexpected(left: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Return forms nobody expected; what no expectation of their instrument states is blank."""
    stated = wanted.groupby("instrument")[["informant", "group_id", "occasion"]].count() > 0
    out = left.drop(columns=["about_id", "respondent_id", "form_id"])
    for name in stated:
        told = out["instrument"].map(stated[name]).ne(False)
        out[name] = out[name].where(told)
    return out


def _shares(counted: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    anonymous = counted["person_id"].isna()
    again = counted.duplicated([*keys, "person_id"])
    counted["anonymous"] = (anonymous & (counted["n"] > 0)).astype("int64")
    counted["n_persons"] = (~anonymous & ~again).astype("int64")
    counts = ["n", "received", "n_unexpected", "n_persons", "anonymous"]
    table = aggregate.sums(counted, keys, {name: nw.col(name) for name in counts})
    table["n_persons"] = table["n_persons"].where(table["anonymous"] == 0)
    n, came = (table[name].to_numpy(dtype=float) for name in ("n", "received"))
    table["estimate"] = np.divide(came, n, out=np.full(len(n), np.nan), where=n > 0)
    table["n_missing"] = table["n"] - table["received"]
    table["method"] = "none"
    table["note"] = np.where(n > 0, ALL_FORMS, NONE_EXPECTED)
    return table.reindex(columns=[*keys, *TYPES]).astype(TYPES)


def __dir__() -> list[str]:
    return __all__
