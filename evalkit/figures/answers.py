"""Figures of answers: diverging bars for answers on a scale, plain bars for other answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.arguments import check_choice
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.answer_rows import (
    OUTSIDE,
    People,
    answered,
    legend_of_signs,
    outside_looks,
    row_told,
)
from evalkit.figures.diverging import Diverging, draw_bars, draw_beside, label_axis, layout_of
from evalkit.locale import DEFAULT_LANGUAGE, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.figures.answer_rows import Answered, Row
    from evalkit.locale import Labels, Words

NEUTRAL = ("split", "aside", "omit")
ORDERS = ("questionnaire", "agreement")
ANSWERS = (2, 7)
BAR = 6.5
"""Height of a bar in mm, where rows have room for it."""


@style.styled
def likert(
    distribution: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
    neutral: str = "split",
    order: str = "questionnaire",
) -> Axes:
    """Draw the answers on one scale: a bar per item, or per group of one item.

    Bars are shares of those who answered: the lower half of the scale to the left of the middle
    line, the upper half to the right. Beside them stand those for whom the question was not
    relevant, hollow, those who did not answer, hatched, and the number who answered. Numbers in the
    bars are percentages, or people where fewer than 20 answered some item. An item of which
    any answer is hidden has a colon in place of its bar, for the others would give it back.

    Parameters
    ----------
    distribution : pandas.DataFrame
        From `evalkit.satisfaction.distribution`, protected or not: several items with the same 2
        to 7 answers, or several groups of one item.
    labels : mapping, optional
        Labels of items, answers and groups: ``instrument.labels(language)``, perhaps joined with
        ``study.labels(language)``.
    ax : matplotlib Axes, optional
        Where to draw; by default a new figure 160 mm wide. Give a figure of your own
        ``layout="constrained"``.
    language : {"nb", "en"}, optional
        By default Norwegian.
    neutral : {"split", "aside", "omit"}
        The middle answer of an odd number: half of it on each side, in a column of its own at
        the right, or not drawn. Shares are of all who answered in each case.
    order : {"questionnaire", "agreement"}
        Rows as in the form, or those with the largest share in the upper half of the scale
        first; hidden ones come last, as in the form.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, several items and several groups, items with other
        answers than the rest, answers without an order, fewer than 2 or more than 7 answers.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, None], "clear": [3, 5, 1, 4]})
    >>> table = ek.satisfaction.distribution(form, ["useful", "clear"])
    >>> ax = ek.figures.likert(table, language="en")
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['useful', 'clear']
    """
    check_choice(neutral, "neutral", NEUTRAL)
    check_choice(order, "order", ORDERS)
    say = words(language or DEFAULT_LANGUAGE)
    drawn = _on_a_scale(distribution, labels, say)
    rows = drawn.rows if order == "questionnaire" else _by_agreement(drawn.rows)
    bars = Diverging(drawn._replace(rows=rows), neutral, say)
    names = [style.wrapped(row.name, 34) for row in rows]
    row_height = max(8.0, 3.6 * max(name.count("\n") + 1 for name in names) + 2.4)
    given, ax = ax, ax or style.new_axes(height=60)
    layout = layout_of(ax, bars, names, min(0.72, BAR / row_height))
    draw_bars(ax, bars, layout)
    draw_beside(ax, bars, layout)
    label_axis(ax, bars, layout)
    ax.set_yticks(range(len(rows)), names)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    above = style.legend_above(ax, bars.handles(), drawn.title, beside=names, by_row=True)
    style.dress(ax, baseline=None)
    if given is None:
        _fit_height(ax, len(rows) * row_height, above)
    return ax


def _fit_height(ax: Axes, rows: float, above: float) -> None:
    """Make a figure as high as its rows (mm), what is above (points), and its axis ask."""
    axis = 4.2 * (ax.get_xlabel().count("\n") + 1) + 7
    style.set_height(ax, rows + axis + above / 72 / style.MM)


def describe_likert(
    distribution: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `likert`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"useful": [5, 4, 5, None]})
    >>> table = ek.satisfaction.distribution(form, "useful")
    >>> ek.figures.describe_likert(table, language="en")
    'Bars of answers. useful (n = 3): 4 (1), 5 (2), No answer (1).'
    """
    say = words(language or DEFAULT_LANGUAGE)
    drawn = _on_a_scale(distribution, labels, say)
    return _told(drawn, say)


def _told(drawn: Answered, say: Words) -> str:
    parts = [row_told(row, drawn.answers, say) for row in drawn.rows]
    title = [drawn.title] if drawn.title else []
    return say.text("Bars of answers. {parts}.", parts=". ".join([*title, *parts]))


def _on_a_scale(result: pd.DataFrame, labels: Labels | None, say: Words) -> Answered:
    drawn = answered(result, "likert", labels, say)
    if not drawn.ordered:
        raise ArgumentError(
            "likert draws answers that have an order, and some here have none. Draw each such item "
            "with `evalkit.figures.nominal_answers`."
        )
    least, most = ANSWERS
    if not least <= len(drawn.answers) <= most:
        raise ArgumentError(
            f"likert draws {least} to {most} answers, but here are {len(drawn.answers)}: "
            f"{', '.join(drawn.answers)}. `evalkit.figures.nominal_answers` draws any number."
        )
    return drawn


def _by_agreement(rows: list[Row]) -> list[Row]:
    """Return the rows with most agreement first; hidden ones last: no order tells them."""

    def rank(row: Row) -> tuple[int, float]:
        upper = row.shares[-(len(row.shares) // 2) :].sum()
        return (2 if row.hidden else int(row.counts.sum() == 0), -upper)

    return sorted(rows, key=rank)


@style.styled
def nominal_answers(
    distribution: pd.DataFrame,
    *,
    labels: Labels | None = None,
    ax: Axes | None = None,
    language: str | None = None,
) -> Axes:
    """Draw how many gave each answer to one item; made for answers without an order.

    Those for whom the question was not relevant and those who did not answer stand below, hollow.
    Where any answer is hidden, all have a colon, for the others would give it back.

    Parameters
    ----------
    distribution : pandas.DataFrame
        From `evalkit.satisfaction.distribution`, protected or not; one item, one group.
    labels, ax, language
        As for `likert`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ArgumentError
        A missing column, nothing to draw, several items or groups.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"heard_of": [1, 2, 1, None]})
    >>> table = ek.satisfaction.distribution(form, "heard_of")
    >>> ax = ek.figures.nominal_answers(table, language="en")
    >>> [text.get_text() for text in ax.texts]
    ['2', '1', '1']
    """
    say = words(language or DEFAULT_LANGUAGE)
    drawn, row = _one_item(distribution, labels, say)
    people = [People(count, row.hidden) for count in row.counts]
    outside = [key for key in OUTSIDE if row.outside[key].anybody]
    people += [row.outside[key] for key in outside]
    names = [*drawn.answers, *(say.text(OUTSIDE[key]) for key in outside)]
    names = [style.wrapped(name, 40) for name in names]
    lengths = [each.shown for each in people]
    row_height = max(7.0, 3.6 * max(name.count("\n") + 1 for name in names) + 2.4)
    given, ax = ax, ax or style.new_axes(height=60)
    bars = ax.barh(range(len(names)), lengths, min(0.72, BAR / row_height), color=style.BLUE)
    for bar, key in zip(bars[len(drawn.answers) :], outside, strict=True):
        bar.set(**outside_looks()[key], linewidth=0.6)
    for place, each in enumerate(people):
        style.write_beside(ax, each.shown, place, each.written(say))
    ax.set_yticks(range(len(names)), names)
    ax.set(ylim=(len(names) - 0.5, -0.5), xlim=(0, max(*lengths, 1.0) * 1.1))
    n = row.n.written(say)
    ax.set_xlabel(say.text("Number (n = {n})", n=n))
    style.count_axis(ax.xaxis, say, most=8)
    title = ", ".join(part for part in (row.name, drawn.title) if part)
    above = style.legend_above(ax, legend_of_signs([row], say), title, beside=names)
    style.dress(ax, baseline="left")
    if given is None:
        _fit_height(ax, len(names) * row_height, above)
    return ax


def describe_nominal_answers(
    distribution: pd.DataFrame, *, labels: Labels | None = None, language: str | None = None
) -> str:
    """Return the figure in words, for those who cannot see it.

    Parameters and errors as for `nominal_answers`.

    Examples
    --------
    >>> import evalkit as ek, pandas as pd
    >>> form = pd.DataFrame({"heard_of": [1, 2, 1, None]})
    >>> table = ek.satisfaction.distribution(form, "heard_of")
    >>> ek.figures.describe_nominal_answers(table, language="en")
    'Bars of answers. heard_of (n = 3): 1 (2), 2 (1), No answer (1).'
    """
    say = words(language or DEFAULT_LANGUAGE)
    drawn, _ = _one_item(distribution, labels, say)
    return _told(drawn, say)


def _one_item(result: pd.DataFrame, labels: Labels | None, say: Words) -> tuple[Answered, Row]:
    drawn = answered(result, "nominal_answers", labels, say)
    if len(drawn.rows) > 1:
        item = result["item"].iloc[0]
        raise ArgumentError(
            f"nominal_answers draws one item of one group, but the result has {len(drawn.rows)}: "
            f"{', '.join(row.name for row in drawn.rows)}. "
            f"Draw each by itself: result[result['item'] == '{item}']."
        )
    return drawn, drawn.rows[0]
