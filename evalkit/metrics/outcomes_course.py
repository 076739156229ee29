"""The course: the mean score at each occasion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from evalkit import aggregate
from evalkit.arguments import as_list, check_between, check_columns, column_names
from evalkit.errors import ArgumentError
from evalkit.instruments import to_ticks
from evalkit.locale import N_
from evalkit.metrics.outcomes_counted import check_free
from evalkit.metrics.outcomes_paired import scale_column
from evalkit.privacy import Cells, Everyone, Mean, Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

COURSE_CELLS = Cells(
    population="persons with forms",
    about="outcomes",
    keys=("occasion",),
    count="n",
    also=("n_missing",),
    # What says that one score only was there, or that all were equal, goes with the numbers.
    derived=("note",),
    sums=(Sum(Everyone(), ("n", "n_missing"), over=("occasion",)),),
    means=(Mean("estimate", n="n", spreads=("lower", "upper", "sd", "method")),),
)
FINEST = 1000
"""Scores in steps of less than a thousandth are no scores of a form."""
NOISE = 1e-7
"""Of a step: so far off a step may a score lie that was meant to be on it."""
SCORE = "score of a form"

NO_SCORE = N_("No mean: no form of this occasion has a score.")
NO_OCCASION = N_("No mean: it is not known on which occasion these forms were filled in.")
ONE_SCORE = N_("No interval: only one form has a score.")
EQUAL = N_("No interval: all scores are equal.")


def course(
    scores: IntoFrame,
    *,
    by: str | Sequence[str] | None = None,
    scale: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Mean score at each occasion, with Student's t interval.

    Each mean is of those who filled in a form then: who they are may differ from one occasion to
    the next, so a line through the means is not the change of anyone; for that see `change`.
    The interval takes persons as independent of each other. Means and standard deviations are
    worked out from whole steps of the scale, and are the same on every engine to the last digit.

    Parameters
    ----------
    scores : DataFrame (pandas, Polars, also lazy) or DuckDB relation
        From `scores`: one row per form with ``occasion`` and the score; with ``about_id``, forms
        of the same person on the same occasion are refused. A lazy frame is run.
    by : str or sequence of str, optional
        Columns to group by.
    scale : str, optional
        The column with the score; by default the form's first scale.
    level : float
        Confidence level of the interval.

    Returns
    -------
    pandas.DataFrame
        One row per group and occasion: ``by``, ``occasion``, ``estimate`` (mean), ``lower,
        upper``, ``n`` (persons with a score), ``n_missing`` (forms without one), ``method``,
        ``sd`` (with n - 1), ``note``. Sorted by ``by`` and occasion; forms whose occasion is not
        known come last, without a mean.

    Raises
    ------
    ArgumentError
        A column is missing or of the wrong kind, ``by`` names one of the result, the level is
        outside (0, 1), or a person has several forms on one occasion that ``by`` does not part.

    References
    ----------
    Student (1908), *Biometrika* 6, 1-25.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> scores = pd.DataFrame({"occasion": [1, 1, 1, 2, 2], "total": [20.0, 26, 23, 25, 28.1]})
    >>> course = ek.outcomes.course(scores, scale="total")
    >>> course[["occasion", "estimate", "lower", "upper", "n", "sd"]].round(2)
       occasion  estimate  lower  upper  n    sd
    0         1     23.00  15.55  30.45  3  3.00
    1         2     26.55   6.86  46.24  2  2.19
    """
    keys = list(dict.fromkeys(as_list(by)))
    check_columns(scores, "occasion", *keys, what="scores")
    check_between(level, "level", above=0, below=1)
    column = scale_column(scores, scale)
    check_free(keys, (*COURSE_CELLS.columns, SCORE))
    _check_occasions(scores)
    _check_once(scores, keys)
    frame = nw.from_native(scores).select(*keys, "occasion", nw.col(column).alias(SCORE))
    counts = aggregate.sums(frame.to_native(), [*keys, "occasion", SCORE], {})
    return _with_means(counts, keys, level)


def _check_occasions(scores: IntoFrame) -> None:
    occasion = nw.from_native(scores).lazy().select("occasion")
    dtype = occasion.collect_schema()["occasion"]
    if not dtype.is_numeric():
        raise ArgumentError(
            f"occasion must hold whole numbers, but holds {dtype}: write 'Samling 4' as 4."
        )
    uneven = {"uneven": (nw.col("occasion") % 1 != 0).cast(nw.Int64)}
    count = aggregate.sums(occasion.to_native(), [], uneven)["uneven"].iloc[0]
    if count:
        raise ArgumentError(f"{count} occasions are no whole numbers.")


def _check_once(scores: IntoFrame, keys: Sequence[str]) -> None:
    """Raise where a person would count twice in a mean."""
    if "about_id" not in column_names(scores):
        return
    known = ~nw.col("about_id").is_null() & ~nw.col("occasion").is_null()
    once = list(dict.fromkeys([*keys, "occasion", "about_id"]))
    frame = nw.from_native(scores).select(*once).filter(known)
    twice = aggregate.repeated(frame.to_native(), once)
    if twice.empty:
        return
    first = twice.iloc[0]
    raise ArgumentError(
        f"{len(twice)} times a person has several forms on one occasion, the first: about_id "
        f"{first['about_id']!r}, occasion {first['occasion']:g}. Where informants or respondents "
        "differ, name them in by; leave out forms that came in twice."
    )


def _with_means(counts: pd.DataFrame, keys: Sequence[str], level: float) -> pd.DataFrame:
    """Return means from how often each score was there, in integers of any size until the end."""
    steps = _steps(counts[SCORE].dropna().to_numpy(dtype=float))
    known = counts[SCORE].notna() & counts["occasion"].notna()
    rows = counts["rows"].where(known, 0)
    ticks = to_ticks(counts[SCORE], steps)
    counts = counts.assign(
        rows=rows, missing=counts["rows"] - rows, total=rows * ticks, squares=rows * ticks**2
    )
    groups = counts.groupby([*keys, "occasion"], dropna=False, observed=True)
    table = groups[["rows", "missing", "total", "squares"]].sum().reset_index()
    out = table[[*keys, "occasion"]].astype({"occasion": "Int64"})
    n, total, squares = (table[name].astype("object") for name in ("rows", "total", "squares"))
    spread = n * squares - total * total
    out["estimate"] = _ratio(total, n * steps)
    sd = np.sqrt(_ratio(spread, n * (n - 1) * steps**2))
    error = np.sqrt(_ratio(spread, n * n * (n - 1) * steps**2))
    honest = (n > 1).to_numpy(dtype=bool) & (spread > 0).to_numpy(dtype=bool)
    half = np.where(honest, _quantile(table["rows"].to_numpy(), level) * error, np.nan)
    out["lower"], out["upper"] = out["estimate"] - half, out["estimate"] + half
    out["n"], out["n_missing"] = table["rows"], table["missing"]
    out["method"] = np.where(honest, "t", "none")
    out["sd"] = sd
    out["note"] = _notes(out, honest)
    return out


def _steps(values: NDArray[np.float64]) -> int:
    """Return the fewest steps per unit that hold every score."""
    for steps in range(1, FINEST + 1):
        ticks = values * steps
        if np.all(np.abs(ticks - np.rint(ticks)) <= NOISE):
            return steps
    raise ArgumentError(
        f"the scores have no step in common that is 1/{FINEST} or more. Round them to the step of "
        "their scale, as `outcomes.scores` does."
    )


def _ratio(above: pd.Series, below: pd.Series) -> NDArray[np.float64]:
    """Return quotients of integers, rounded once; NaN over 0."""
    safe = below.where(below > 0, 1)
    quotient = np.asarray([a / b for a, b in zip(above, safe, strict=True)], dtype=float)
    return np.where((below > 0).to_numpy(dtype=bool), quotient, np.nan)


def _quantile(n: NDArray[np.int64], level: float) -> Any:
    from scipy.special import stdtrit

    return stdtrit(np.maximum(n - 1, 1), (1 + level) / 2)


def _notes(table: pd.DataFrame, honest: NDArray[np.bool_]) -> pd.Series:
    import pandas as pd

    nothing = np.where(table["occasion"].isna(), NO_OCCASION, NO_SCORE)
    few = np.where(table["n"] == 0, nothing, np.where(table["n"] == 1, ONE_SCORE, EQUAL))
    return pd.Series(few, dtype="str").mask(honest)
