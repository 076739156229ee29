"""How many changed how: shares of those who could, and why the others could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import as_list, check_between, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.locale import N_
from evalkit.locale.vocabulary import CATEGORY
from evalkit.privacy import At, Cells, Sum
from evalkit.statistics import proportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

REASONS = ("n_no_score", "n_one_score", "n_not_possible", "n_no_cutoff")
"""Why someone in the file is not eligible; each has one reason only."""

CHANGE_CELLS = Cells(
    population="persons with forms",
    about="outcomes",
    keys=("category",),
    count="count",
    total="n",
    share="estimate",
    also=("n_missing", "n_in_file", "n_paired", *REASONS),
    derived=("estimate", "lower", "upper"),
    open=("method", "note"),
    repeated={"category": ("n_in_file", "n_paired", "n_no_score", "n_one_score")},
    sums=(
        Sum(
            "n_paired",
            tuple(At("count", name) for name in ("improved", "unchanged", "deteriorated")),
            over=("category",),
        ),
        Sum(At("count", "improved"), (At("count", "recovered"),), over=("category",), rest=True),
        Sum(At("n", "improved"), (At("n", "recovered"),), over=("category",), rest=True),
        Sum("n_in_file", ("n_paired", "n_no_score", "n_one_score")),
        Sum("n_in_file", ("n", "n_missing")),
        # Nobody who was paired is out of reach of being unchanged.
        Sum("n_paired", (At("n", "unchanged"),), over=("category",)),
        *(
            Sum("n_paired", tuple(At(part, name) for part in parts), over=("category",))
            for name, parts in {
                "recovered": ("n", "n_not_possible", "n_no_cutoff"),
                "improved": ("n", "n_not_possible"),
                "deteriorated": ("n", "n_not_possible"),
            }.items()
        ),
    ),
)
NEEDED = ("about_id", "first", "last", "cutoff", "first_range", "category", "recovered")
ROOM = ("can_improve", "can_deteriorate")

NOBODY = N_("No share: nobody is eligible.")
SEVERAL = N_(
    "No interval: several respondents answered about the same person, so answers are not "
    "independent."
)


def change_summary(
    change: IntoFrame, *, by: str | Sequence[str] | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Share of each category of change among those who could reach it.

    ``improved`` includes those who recovered; improved, unchanged and deteriorated are all who
    were paired. A category is counted among those eligible for it:

    - ``improved`` and ``deteriorated``: with a first and a last score, and room for a change
      that counts between the first score and the end of the scale
    - ``unchanged``: with a first and a last score
    - ``recovered``: eligible for ``improved``, with a cut-off, and a first score in the clinical
      range

    Parameters
    ----------
    change : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        From `change`: one row per person and informant.
    by : str or sequence of str, optional
        Columns of ``change`` to group by.
    level : float
        Confidence level of the interval.

    Returns
    -------
    pandas.DataFrame
        Four rows per group, whatever there is: recovered, improved, unchanged, deteriorated.
        ``by``, ``category``, ``estimate, lower, upper`` (shares of 1; Wilson's interval, see
        `evalkit.statistics.proportion`), ``n`` (eligible), ``n_missing`` (in the file, but not
        eligible), ``method``, ``count``, ``n_in_file``, ``n_paired``; then why others are not
        eligible: ``n_no_score`` (no valid form), ``n_one_score``, ``n_not_possible`` (paired, but
        the category is out of reach of the first score), ``n_no_cutoff`` (paired, but no cut-off
        for this age and informant); ``note``. Sorted by ``by``. ``n`` and the four reasons add up
        to ``n_in_file``.

    Raises
    ------
    ArgumentError
        A column is missing or ``by`` names one of the result, the level is outside (0, 1), or
        several informants answered about the same person and ``by`` does not part them.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> pairs = pd.DataFrame(
    ...     {
    ...         "about_id": ["c1", "c2", "c3", "c4"],
    ...         "informant": "self",
    ...         "first": [30.1, 20.0, 37.5, 25.0],
    ...         "last": [35.1, 24.9, 29.0, None],
    ...     }
    ... )
    >>> changed = ek.outcomes.change(pairs, ek.load_instrument("CORS"), profile="pcoms_5")
    >>> summary = ek.outcomes.change_summary(changed)
    >>> summary[["category", "count", "n", "n_one_score", "n_not_possible"]]
            category  count  n  n_one_score  n_not_possible
    0      recovered      1  2            1               1
    1       improved      1  2            1               1
    2      unchanged      1  3            1               0
    3  deteriorated      1  3            1               0
    """
    keys = list(dict.fromkeys(as_list(by)))
    check_columns(change, *NEEDED, *ROOM, *keys, what="change")
    check_between(level, "level", above=0, below=1)
    check_free(keys, (*CHANGE_CELLS.columns, *CHANGE_CELLS.keys))
    several = _several_respondents(change, keys)
    flags = _flags()
    frame = nw.from_native(change).select(*keys, **flags)
    table = aggregate.sums(frame.to_native(), keys, {name: nw.col(name) for name in flags})
    return _long(table, keys, level, _is_in(table[keys], several))


def check_free(keys: Sequence[str], taken: Sequence[str]) -> None:
    """Raise where a grouping column has the name of a column of the result."""
    clash = [name for name in keys if name in taken]
    if clash:
        raise ArgumentError(
            f"by names '{clash[0]}', which is a column of the result. Rename it first."
        )


def _several_respondents(change: IntoFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return the groups in which a person is counted more than once; refuse several informants."""
    once = [*keys, "about_id"]
    persons = aggregate.repeated(change, once)
    if persons.empty or "informant" not in column_names(change) or "informant" in keys:
        return persons[list(keys)].drop_duplicates()
    ids = persons["about_id"].unique().tolist()
    theirs = nw.from_native(change).lazy().filter(nw.col("about_id").is_in(ids))
    informants = theirs.select(*once, "informant").unique()
    mixed = aggregate.repeated(informants.to_native(), once)
    if len(mixed):
        raise ArgumentError(
            f"several informants answered about the same person, the first: about_id "
            f"{mixed['about_id'].iloc[0]!r}. Their answers are never mixed: name informant in by, "
            "or keep the rows of one."
        )
    return persons[list(keys)].drop_duplicates()


def _flags() -> dict[str, nw.Expr]:
    """Return 1 or 0 per row for all that is counted; see `change_summary` for who is eligible."""
    seen, again = ~nw.col("first").is_null(), ~nw.col("last").is_null()
    paired = seen & again
    placed = ~nw.col("cutoff").is_null()
    clinical = placed & (nw.col("first_range") == "clinical")
    can_improve, can_deteriorate = nw.col("can_improve"), nw.col("can_deteriorate")
    flags = {
        "n_paired": paired,
        "n_no_score": ~seen,
        "n_one_score": seen & ~again,
        "n_no_cutoff": paired & ~placed,
        "n recovered": paired & clinical & can_improve,
        "n improved": paired & can_improve,
        "n unchanged": paired,
        "n deteriorated": paired & can_deteriorate,
        "count recovered": paired & nw.col("recovered"),
    }
    flags |= {
        f"count {name}": paired & (nw.col("category") == name)
        for name in ("improved", "unchanged", "deteriorated")
    }
    return {
        name: nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0)) for name, flag in flags.items()
    }


def _is_in(groups: pd.DataFrame, some: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which groups are among some; without grouping columns, whether there are any."""
    if not len(groups.columns):
        return np.full(len(groups), len(some) > 0)
    mark = "several respondents"
    found = groups.merge(some.assign(**{mark: True}), how="left")
    return found[mark].notna().to_numpy()


def _long(
    table: pd.DataFrame, keys: list[str], level: float, several: NDArray[np.bool_]
) -> pd.DataFrame:
    """Return a row per group and category from one per group."""
    import pandas as pd

    names = list(CATEGORY)
    out = table.loc[table.index.repeat(len(names)), keys].reset_index(drop=True)
    out["category"] = pd.Categorical(names * len(table), categories=names)
    counts = {
        name: table[[f"{name} {category}" for category in names]].to_numpy().ravel()
        for name in ("n", "count")
    }
    share = proportion(counts["count"], counts["n"], level=level)
    honest = (counts["n"] > 0) & ~several.repeat(len(names))
    out["estimate"] = share.estimate
    out["lower"] = np.where(honest, share.lower, np.nan)
    out["upper"] = np.where(honest, share.upper, np.nan)
    out["n"] = counts["n"]
    in_file = table["rows"].to_numpy().repeat(len(names))
    out["n_missing"] = in_file - counts["n"]
    out["method"] = np.where(honest, "wilson", "none")
    out["count"] = counts["count"]
    out["n_in_file"] = in_file
    for name in ("n_paired", "n_no_score", "n_one_score"):
        out[name] = table[name].to_numpy().repeat(len(names))
    no_cutoff = table["n_no_cutoff"].to_numpy().repeat(len(names))
    no_cutoff = np.where(out["category"] == "recovered", no_cutoff, 0)
    out["n_not_possible"] = out["n_paired"] - out["n"] - no_cutoff
    out["n_no_cutoff"] = no_cutoff
    why = np.where(counts["n"] > 0, SEVERAL, NOBODY)
    out["note"] = pd.Series(why, dtype="str").mask(honest)
    return out
