"""Figures of scores over occasions: the mean of each, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from evalkit.figures import style
from evalkit.figures.counts import counted, sign_handles, told
from evalkit.figures.course_lines import COLUMNS, Course, course_of
from evalkit.figures.outcome_parts import Part, cutoff_handle
from evalkit.locale import DEFAULT_LANGUAGE, N_, words
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from evalkit.instruments.model import Instrument
    from evalkit.locale import Labels, Words

FIRST_ROW, ROW = 15.0, 11.0
"""Where the numbers under the axis begin, and their rows, in points."""
SPREAD = 0.5
"""How much of the room between two occasions the lines share, so that bars do not coincide."""
RANGE = N_("{scale} (from {lowest} to {highest})")


@style.styled
def mean_course(
    result: pd.DataFrame,
    *,
    instrument: Instrument | None = None,
    scale: str | None = None,
    cutoff: float | None = None,
    limits: tuple[float, float] | None = None,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw the mean score of each occasion with its interval, and how many it rests on.

    The axis spans the whole scale, so small changes look small. A line is broken where a mean
    is hidden or not known, and dotted across occasions that it has no row for. Numbers of
    persons stand under each occasion; a colon where one is hidden. The row of those whose
    occasion is not known has no mean and is left out. An interval that goes beyond the axis
    ends at its edge.

    Parameters
    ----------
    result : pandas.DataFrame
        From `evalkit.outcomes.course`, protected or not: ``occasion``, ``estimate``, ``lower``,
        ``upper`` (points of the scale), ``n`` (persons). Columns before ``occasion`` are those
        it is grouped by; at most one of them may hold several values, at most 6: a line each.
    instrument : Instrument, optional
        Its scale gives the axis its range and name. Without it (and without ``limits``) the axis
        goes from 0, or the lowest number if that is less, to the highest number.
    scale : str, optional
        By default the instrument's first.
    cutoff : float, optional
        Where to draw the dashed line; by default at the cut-off that the instrument states, if
        one holds for all (for each ``informant``, where the result is grouped by it).
    limits : (float, float), optional
        A part of the scale to show instead; all means must lie in it.
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
        A missing column, nothing to draw, more than one grouping column or 6 lines, a mean
        outside the limits, an unknown scale or language.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> means = {"occasion": [1, 2], "estimate": [24.5, 30.1], "lower": [20.2, 26.4]}
    >>> result = pd.DataFrame(means | {"upper": [28.8, 33.8], "n": [9, 8]})
    >>> ax = ek.figures.mean_course(result, instrument=ek.load_instrument("CORS"), language="en")
    >>> ax.lines[0].get_ydata().tolist()
    [24.5, 30.1]
    """
    say = words(language or DEFAULT_LANGUAGE)
    course = course_of(result, instrument, scale, cutoff, limits, labels, say)
    ax = ax or style.new_axes(height=76 + 4 * len(course.lines))
    occasions = course.occasions
    room = min(np.diff(occasions), default=1)
    for nth, line in enumerate(course.lines):
        of = len(course.lines)
        shift = SPREAD * float(room) * (nth - (of - 1) / 2) / of
        _draw_line(ax, line, occasions, nth, shift)
    if course.cutoff is not None:
        ax.axhline(
            course.cutoff, color=style.MUTED, linestyle=style.DASHES, linewidth=1.0, zorder=1
        )
    margin = 0.6 * float(room)
    ax.set(xlim=(occasions[0] - margin, occasions[-1] + margin), ylim=course.ruler.limits)
    course.ruler.mark(ax.yaxis, say)
    ax.set_ylabel(say.text("{scale} (mean)", scale=course.ruler.name))
    _write_persons(ax, course, float(room), labels, say)
    style.legend_above(ax, _handles(course, say), course.title, beside=["000000"])
    style.dress(ax, baseline="bottom")
    return ax


def _draw_line(ax: Axes, line: Part, occasions: list[int], nth: int, shift: float) -> None:
    """Draw the means of one line, then what lies behind: its intervals, and dots over gaps."""
    colour = style.LINE_COLOURS[nth]
    own = line.rows.set_index(line.rows["occasion"].astype("int64"))
    own = own[["estimate", "lower", "upper"]].astype("float64")
    whole = own.reindex(occasions)
    x = whole.index.to_numpy(dtype=float) + shift
    marker = {"marker": style.LINE_MARKERS[nth], "markersize": 5}
    ax.plot(x, whole["estimate"], color=colour, linewidth=1.6, zorder=3, **marker)  # type: ignore[arg-type]
    ax.vlines(x, whole["lower"], whole["upper"], color=colour, linewidth=1.2, alpha=0.7, zorder=2)
    if len(own) < len(whole):
        places = own.index.to_numpy(dtype=float) + shift
        ax.plot(places, own["estimate"], color=colour, linewidth=1.0, linestyle=":", zorder=2)


def _write_persons(
    ax: Axes, course: Course, room: float, labels: Labels | None, say: Words
) -> None:
    """Write under each occasion its number, and how many persons each line rests on there."""
    occasions = course.occasions
    rows = [_persons(line.rows, say) for line in course.lines]
    spacing = 0.85 * style.width_of(ax) * room / (occasions[-1] - occasions[0] + 1.2 * room)
    widest = max(style.text_width(text) for row in rows for text in row.values())
    in_words = len(rows) == 1 and widest + style.text_width("n = ") < 0.75 * spacing
    step = int(np.ceil((widest + 3) / spacing))
    shown = occasions[::step]
    ax.set_xticks(shown, [say.number(occasion) for occasion in shown])
    for nth, row in enumerate(rows):
        depth = FIRST_ROW + ROW * nth
        for occasion in shown:
            if occasion in row:
                text = say.text("n = {n}", n=row[occasion]) if in_words else row[occasion]
                _write_below(ax, occasion, depth, text)
        if not in_words:
            _head_row(ax, depth, nth if len(rows) > 1 else None)
    ax.set_xlabel(say.label("column", "occasion", labels), labelpad=ROW * len(rows) + 3)


def _persons(rows: pd.DataFrame, say: Words) -> dict[int, str]:
    """Return what is written under each occasion: a sign too where only the mean is hidden."""
    texts = {}
    for occasion, n, n_is_hidden, is_hidden in zip(
        rows["occasion"], rows["n"], hidden_in(rows, "n"), hidden_in(rows), strict=True
    ):
        text = counted(n, is_hidden=bool(n_is_hidden), words=say)
        sign = counted(None, is_hidden=True, words=say)
        texts[int(occasion)] = f"{text} ({sign})" if is_hidden and not n_is_hidden else text
    return texts


def _write_below(ax: Axes, occasion: float, depth: float, text: str) -> None:
    ax.annotate(
        text,
        (occasion, 0),
        xycoords=ax.get_xaxis_transform(),
        xytext=(0, -depth),
        textcoords="offset points",
        ha="center",
        va="top",
        fontsize=style.SMALL,
    )


def _head_row(ax: Axes, depth: float, nth: int | None) -> None:
    """Write n at the left of a row of numbers, and the mark of its line where there are several."""
    ax.annotate(
        "n",
        (0, 0),
        xycoords="axes fraction",
        xytext=(-4, -depth),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=style.SMALL,
    )
    figure = ax.get_figure(root=True)
    if nth is None or figure is None:
        return
    at = ScaledTranslation(-17 / 72, -(depth + 0.5 * style.SMALL) / 72, figure.dpi_scale_trans)
    mark = _line_handle(nth, "")
    mark.set(xdata=[0], ydata=[0], transform=ax.transAxes + at, clip_on=False)
    ax.add_line(mark)


def _line_handle(nth: int, label: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=style.LINE_COLOURS[nth],
        marker=style.LINE_MARKERS[nth],
        markersize=5,
        linewidth=1.6,
        label=label,
    )


def _handles(course: Course, say: Words) -> list[Artist]:
    handles: list[Artist] = [
        _line_handle(nth, line.name)
        for nth, line in enumerate(course.lines)
        if line.name is not None
    ]
    if course.cutoff is not None:
        handles += cutoff_handle([course.cutoff], say)
    rows = pd.concat([line.rows for line in course.lines])
    is_hidden = pd.Series(hidden_in(rows) | hidden_in(rows, "n"), index=rows.index)
    return handles + list(sign_handles(rows["n"], is_hidden, say))


def describe_mean_course(
    result: pd.DataFrame,
    *,
    instrument: Instrument | None = None,
    scale: str | None = None,
    cutoff: float | None = None,
    limits: tuple[float, float] | None = None,
    labels: Labels | None = None,
    language: str | None = None,
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `mean_course`.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> means = {"occasion": [1, 2], "estimate": [24.5, 30.1], "lower": [20.2, 26.4]}
    >>> result = pd.DataFrame(means | {"upper": [28.8, 33.8], "n": [9, 8]})
    >>> cors = ek.load_instrument("CORS")
    >>> ek.figures.describe_mean_course(result, instrument=cors, cutoff=32, language="en")
    'Line: mean of Total (from 0 to 40) by occasion. 1: 24.5 (20.2 to 28.8, n = 9); 2: 30.1 (26.4
    to 33.8, n = 8). Cut-off: 32.'
    """
    say = words(language or DEFAULT_LANGUAGE)
    course = course_of(result, instrument, scale, cutoff, limits, labels, say)
    lowest, highest = (say.decimal(each) for each in course.ruler[:2])
    name = say.text(RANGE, scale=course.ruler.name, lowest=lowest, highest=highest)
    parts = []
    for line in course.lines:
        text = "; ".join(_told_means(line.rows, say))
        parts.append(text if line.name is None else f"{line.name}: {text}")
    by = say.label("column", "occasion", labels).lower()
    first = say.text("Line: mean of {scale} by {by}.", scale=name, by=by)
    stated = [] if course.cutoff is None else [course.cutoff]
    notes = [str(handle.get_label()) for handle in cutoff_handle(stated, say)]
    return " ".join([first, *(f"{part}." for part in parts + notes)])


def _told_means(rows: pd.DataFrame, say: Words) -> list[str]:
    texts = []
    for occasion, mean, lower, upper, n, is_hidden, n_is_hidden in zip(
        *(rows[name] for name in COLUMNS), hidden_in(rows), hidden_in(rows, "n"), strict=True
    ):
        people = say.text("n = {n}", n=told(n, is_hidden=bool(n_is_hidden), words=say))
        if is_hidden or pd.isna(mean):
            text = told(None, is_hidden=bool(is_hidden), words=say)
        else:
            text = say.number(mean, 1)
        if pd.notna(lower) and not is_hidden:
            ends = say.text(
                "{lower} to {upper}", lower=say.number(lower, 1), upper=say.number(upper, 1)
            )
            people = f"{ends}, {people}"
        texts.append(f"{say.number(occasion)}: {text} ({people})")
    return texts
