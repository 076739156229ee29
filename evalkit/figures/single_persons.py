"""The scores of each person over occasions, a small panel each: for internal use only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter

from evalkit.figures import style
from evalkit.figures.outcome_parts import Ruler, band_handle, cutoff_handle, mark_handle
from evalkit.figures.persons import UNPAIRED, Page, Panel, page_of
from evalkit.locale import DEFAULT_LANGUAGE, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from evalkit.instruments.model import Instrument, Profile
    from evalkit.locale import Labels, Words

PANEL, LINE = 30.0, 3.6
"""Height of a panel, and of each further line of its name, in mm."""
LETTER = 5.4
"""Room for a letter of a panel's name, in points."""
TICKS = 5
LOOKS = {
    kind: (style.CATEGORY_COLOURS[kind], style.CATEGORY_MARKERS[kind])
    for kind in style.CATEGORY_COLOURS
} | {UNPAIRED: (style.TRACK_EDGE, "s")}
"""Colour and mark by what became of a person."""


@style.styled
def trajectories(
    scores: pd.DataFrame,
    instrument: Instrument,
    *,
    profile: str | Profile,
    scale: str | None = None,
    labels: Labels | None = None,
    language: str | None = None,
    columns: int = 4,
    page: int = 1,
) -> Axes:
    """Draw each person's scores over occasions, a small panel for each person and respondent.

    For internal use: it shows single persons. The pale band is what lies less than the threshold
    from the first score, the dashed line the clinical cut-off of that person's age and informant.
    A line is broken where a form is missing or has no score. Colour and mark say what became of
    the person, as in `evalkit.outcomes.change`. All panels share their axes. There is no ``ax``:
    the panels need a figure of their own.

    Parameters
    ----------
    scores : pandas.DataFrame
        From `evalkit.outcomes.scores`: ``about_id``, ``occasion``, the scale (in its points),
        perhaps ``respondent_id``, ``informant``, ``age_years`` (cut-offs may depend on them) and
        ``answered_on``; one row per form.
    instrument : Instrument
        Its scale gives the axis its range, its profile the band.
    profile : str or Profile
        The threshold profile, as in `evalkit.outcomes.change`.
    scale : str, optional
        By default the instrument's first.
    labels : mapping, optional
        A study's own labels, from ``study.labels(language)``.
    language : {"nb", "en"}, optional
        By default Norwegian.
    columns : int
        Panels beside each other; a page holds six rows of them.
    page : int
        Which page to draw, from 1 to `trajectory_pages`; each is a figure that fits an A4 page.

    Returns
    -------
    matplotlib Axes
        The first panel; its figure holds all panels of the page.

    Raises
    ------
    ArgumentError
        A missing column, a form without about_id, forms of which it is not clear which came
        first, nobody to draw, a page there is not, an unknown scale, profile or language.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> cors = ek.load_instrument("CORS")
    >>> ids = {"about_id": "K01", "respondent_id": "K01", "informant": "self", "group_id": "g"}
    >>> course = {"occasion": [1, 2, 3], "age_years": 9.0, "total": [24.5, 30.0, 33.5]}
    >>> scores = pd.DataFrame(course | ids)
    >>> ax = ek.figures.trajectories(scores, cors, profile="pcoms_5", language="en")
    >>> ax.get_title(loc="left")
    'K01'
    """
    say = words(language or DEFAULT_LANGUAGE)
    drawn = page_of(scores, instrument, profile, scale, columns, page, labels, say)
    across = columns if drawn.title else min(columns, len(drawn.panels))
    room = style.WIDTH * style.MM * 72 / across - 2 * LETTER
    names = [style.wrapped(panel.name, int(room / LETTER)) for panel in drawn.panels]
    figure, axes = _new_panels(names, across)
    for ax, panel, name in zip(axes, drawn.panels, names, strict=True):
        _draw_panel(ax, panel, drawn.ruler)
        ax.set_title(name, fontsize=style.SMALL, loc="left", pad=3)
        style.dress(ax, baseline="bottom")
    _mark_axes(axes[0], drawn, say)
    figure.supxlabel(say.label("column", "occasion", labels), fontsize=style.TEXT)
    figure.supylabel(drawn.ruler.name, fontsize=style.TEXT)
    _legend_above(figure, _handles(drawn, say), drawn.title)
    return axes[0]


def _new_panels(names: Sequence[str], columns: int) -> tuple[Figure, list[Axes]]:
    """Return a figure of named panels with the same axes, numbered at the left and the bottom."""
    n = len(names)
    rows = -(-n // columns)
    lines = max(name.count("\n") for name in names)
    figure = style.new_figure(height=rows * (PANEL + LINE * lines) + 24)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax in grid[n:]:
        ax.remove()
    for ax in grid[max(0, n - columns) : n]:
        ax.tick_params(labelbottom=True)
    return figure, list(grid[:n])


def _draw_panel(ax: Axes, panel: Panel, ruler: Ruler) -> None:
    colour, marker = LOOKS[panel.kind]
    low, high = panel.first - panel.threshold, panel.first + panel.threshold
    if low < high:  # not where there is no first score
        ax.axhspan(max(low, ruler.lowest), min(high, ruler.highest), color=style.TRACK, linewidth=0)
    if not np.isnan(panel.cutoff):
        ax.axhline(panel.cutoff, color=style.MUTED, linestyle=style.DASHES, linewidth=0.8)
    ax.yaxis.grid(visible=True, color=style.TRACK, linewidth=0.6)
    ax.plot(
        panel.occasions,
        panel.scores,
        color=colour,
        marker=marker,
        markersize=3.5,
        linewidth=1.3,
        clip_on=False,
        zorder=3,
    )


def _mark_axes(ax: Axes, drawn: Page, say: Words) -> None:
    """Write numbers along the axes that all panels share."""
    occasions = drawn.occasions
    step = -(-len(occasions) // TICKS)
    ax.xaxis.set_major_locator(FixedLocator(occasions[::step]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: say.number(value)))
    ax.set(xlim=(occasions[0] - 0.6, occasions[-1] + 0.6), ylim=drawn.ruler.limits)
    drawn.ruler.mark(ax.yaxis, say, most=4)


def _handles(drawn: Page, say: Words) -> list[Artist]:
    there = {panel.kind for panel in drawn.panels}
    handles: list[Artist] = [
        mark_handle(drawn.names[kind], colour, marker)
        for kind, (colour, marker) in LOOKS.items()
        if kind in there
    ]
    known = [panel for panel in drawn.panels if not np.isnan(panel.first)]
    thresholds = {panel.threshold for panel in known if not np.isnan(panel.threshold)}
    handles += [band_handle(threshold, say) for threshold in sorted(thresholds)]
    return handles + list(
        cutoff_handle((p.cutoff for p in drawn.panels if not np.isnan(p.cutoff)), say)
    )


def _legend_above(figure: Figure, handles: Sequence[Artist], title: str) -> None:
    names = [str(handle.get_label()) for handle in handles]
    legend = figure.legend(
        handles=list(handles),
        title=title or None,
        loc="outside upper left",
        ncols=style.legend_columns(names, figure.get_figwidth() * 72 - 3 * style.SMALL),
        columnspacing=1.2,
        alignment="left",
        title_fontproperties={"weight": "bold", "size": style.SMALL},
    )
    legend.get_title().set_parse_math(False)


def describe_trajectories(
    scores: pd.DataFrame,
    instrument: Instrument,
    *,
    profile: str | Profile,
    scale: str | None = None,
    labels: Labels | None = None,
    language: str | None = None,
    columns: int = 4,
    page: int = 1,
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `trajectories`.

    Examples
    --------
    >>> import pandas as pd
    >>> import evalkit as ek
    >>> cors = ek.load_instrument("CORS")
    >>> ids = {"about_id": "K01", "respondent_id": "K01", "informant": "self", "group_id": "g"}
    >>> course = {"occasion": [1, 2, 4], "age_years": 9.0, "total": [24.5, 30.0, 33.5]}
    >>> scores = pd.DataFrame(course | ids)
    >>> ek.figures.describe_trajectories(scores, cors, profile="pcoms_5", language="en")
    'Lines: Total of each person by occasion. K01 – 1: 24.5; 2: 30; 4: 33.5 (Recovered). Change of
    less than 5: not reliable. Cut-off: 32.'
    """
    say = words(language or DEFAULT_LANGUAGE)
    drawn = page_of(scores, instrument, profile, scale, columns, page, labels, say)
    by = say.label("column", "occasion", labels).lower()
    first = say.text("Lines: {scale} of each person by {by}.", scale=drawn.ruler.name, by=by)
    persons = [
        f"{panel.name} – {_told_course(panel, say)} ({drawn.names[panel.kind]})"
        for panel in drawn.panels
    ]
    kinds_there = len({panel.kind for panel in drawn.panels})
    notes = [str(handle.get_label()) for handle in _handles(drawn, say)[kinds_there:]]
    titles = [drawn.title] if drawn.title else []
    return " ".join([first, *(f"{part}." for part in [*persons, *notes, *titles])])


def _told_course(panel: Panel, say: Words) -> str:
    known = ~np.isnan(panel.scores)
    pairs = zip(panel.occasions[known], panel.scores[known], strict=True)
    return "; ".join(f"{say.number(occasion)}: {say.decimal(score)}" for occasion, score in pairs)
