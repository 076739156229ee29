"""Figures of rates: the share present of each group, with what is not known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.counts import counted, sign_handles, told
from evalkit.figures.rows import height_of, parts_of_wholes, set_rows, write_at_right
from evalkit.locale import DEFAULT_LANGUAGE, N_, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from evalkit.locale import Labels, Words

COLUMNS = ("group_id", "estimate", "lower", "upper", "present", "n")
BOUNDS = ("estimate_all_absent", "estimate_all_present")
BAND, THICK = 0.5, 5.0
"""Height of a band as a part of its row, and size of a dot in points."""

IF_UNKNOWN = N_("If all marks not known were absences, or none were")
OF_UNKNOWN = N_("{lower} to {upper} if marks not known were all absences, or none were")


@style.styled
def attendance_by_group(
    result: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw the rate of attendance of each group, for one role.

    A dot is the share present, the line through it its interval, where there is one; beside it
    the number present of those expected. The pale band spans what the rate might be, were the
    marks known that are not.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.attendance.rate` by ``group_id``, perhaps protected; its rows are drawn in
        their order, from the top. With a column ``role``: one role.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure 160 mm wide. Give a figure of your own
        ``layout="constrained"``.
    language : {"nb", "en"}, optional
        By default Norwegian.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, several roles, nothing to draw, an unknown language.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> children = study.headcounts.query("role == 'child'")
    >>> result = ek.attendance.rate(children, by=["group_id", "role"], design_effect=1.8)
    >>> ax = ek.figures.attendance_by_group(result, language="en")
    >>> [text.get_text() for text in ax.texts]
    ['95 of 108']
    """
    rows, role = _rows(result)
    say = words(language or DEFAULT_LANGUAGE)
    names = [style.wrapped(say.label("group_id", key, labels), 30) for key in rows["group_id"]]
    ax = ax or style.new_axes(height=height_of(names))
    estimate, lower, upper, least, most = (
        rows[name].to_numpy(dtype=float, na_value=np.nan)
        for name in ("estimate", "lower", "upper", *BOUNDS)
    )
    places = np.arange(len(rows))
    ax.barh(places, most - least, BAND, left=least, color=style.TRACK)
    ax.hlines(places, lower, upper, color=style.BLUE, linewidth=1.8)
    ax.plot(estimate, places, "o", color=style.BLUE, markersize=THICK, clip_on=False)
    set_rows(ax, names, say, say.text("Share present"))
    write_at_right(ax, parts_of_wholes(rows, "present", "n", say, counted))
    title = None if role is None else say.label("role", role, labels)
    style.legend_above(ax, _handles(rows, most - least, say), title, beside=names)
    style.dress(ax, baseline="left")
    return ax


def _rows(result: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """Return the rows to draw, with bounds only where marks are not known; and whose they are."""
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    if result.empty:
        raise ArgumentError("attendance_by_group has no group to draw.")
    roles = list(result["role"].astype("str").unique()) if "role" in result else []
    if len(roles) > 1:
        raise ArgumentError(
            f"attendance_by_group draws one role, but the result has {len(roles)}: "
            f"{', '.join(roles)}. Draw each by itself: result[result['role'] == '{roles[0]}']."
        )
    rows = result.reindex(columns=[*result.columns, *(set(BOUNDS) - set(result.columns))])
    known = rows[BOUNDS[0]].lt(rows[BOUNDS[1]]).fillna(value=False).to_numpy(dtype=bool)
    for name in BOUNDS:
        rows[name] = rows[name].astype("Float64").where(known)
    return rows, roles[0] if roles else None


def _handles(rows: pd.DataFrame, widths: NDArray[np.float64], say: Words) -> list[Artist]:
    look = {"color": style.BLUE, "linewidth": 1.8}
    handles: list[Artist] = [
        Line2D([], [], marker="o", linestyle="none", markersize=THICK, color=style.BLUE)
    ]
    handles[0].set_label(say.text("Share present"))
    if rows["lower"].notna().any():
        handles.append(Line2D([], [], label=say.text("Interval"), **look))  # type: ignore[arg-type]
    if np.isfinite(widths).any():
        handles.append(Patch(color=style.TRACK, label=say.text(IF_UNKNOWN)))
    is_hidden = pd.Series(hidden_in(rows) | hidden_in(rows, "n"), index=rows.index)
    return [*handles, *sign_handles(rows["present"], is_hidden, say)]


def describe_attendance_by_group(
    result: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `attendance_by_group`.

    Examples
    --------
    >>> import evalkit as ek
    >>> study = ek.read_study("data/sample/smil-2009")
    >>> children = study.headcounts.query("role == 'child'")
    >>> result = ek.attendance.rate(children, by="group_id", design_effect=1.8)
    >>> ek.figures.describe_attendance_by_group(result, language="en")
    'Dots: share present of each group. oslo-v09: 95 of 108, 88.0%, interval 77.4% to 94.0%.'
    """
    rows, _ = _rows(result)
    say = words(language or DEFAULT_LANGUAGE)
    counts = parts_of_wholes(rows, "present", "n", say, told)
    parts = "; ".join(
        ", ".join([f"{say.label('group_id', row['group_id'], labels)}: {count}", *_told(row, say)])
        for row, count in zip(rows.to_dict("records"), counts, strict=True)
    )
    return say.text("Dots: share present of each group. {parts}.", parts=parts)


def _told(row: dict[Hashable, Any], say: Words) -> Iterator[str]:
    """Return in words what is known of a rate: itself, its interval, its bounds."""
    if not pd.isna(row["estimate"]):
        yield say.percent(row["estimate"])
    spans = {("lower", "upper"): N_("interval {lower} to {upper}"), BOUNDS: OF_UNKNOWN}
    for ends, message in spans.items():
        if not pd.isna(row[ends[0]]):
            lower, upper = (say.percent(row[end]) for end in ends)
            yield say.text(message, lower=lower, upper=upper)
