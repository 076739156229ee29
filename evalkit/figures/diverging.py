"""Bars to both sides of a middle line, and what stands beside them: the drawing of `likert`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.patches import Patch

from evalkit.figures import style
from evalkit.figures.answer_rows import OUTSIDE, legend_of_signs, outside_looks
from evalkit.locale import N_, UNKNOWN_SIGN
from evalkit.privacy import HIDDEN_SIGN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from evalkit.figures.answer_rows import Answered, Row
    from evalkit.locale import Words

    FloatArray = NDArray[np.float64]

SMALL_GROUP = 20
"""Below so many answers a share says less than a number of people."""
STEP = 0.25
GAP = 10.0
"""Points between the bars and what stands beside them."""
LEAST_ROOM = 60.0
"""Points for the bars, however long the names are."""

SHARE = N_("Share of those who answered")
IN_PEOPLE = N_("Numbers in the bars are people")
OMITTED = N_("The middle answer is not drawn")


class Beside(NamedTuple):
    """A column of bars at the right: how long, what is written after them, how they look."""

    lengths: FloatArray
    texts: list[str]
    look: dict[str, str]


class Layout(NamedTuple):
    """Where things stand: the ends of the axis, points per unit, and the height of a bar."""

    left: float
    right: float
    scale: float
    height: float


@dataclass(frozen=True)
class Diverging:
    """What is drawn: answers in rows, and where the middle answer goes."""

    drawn: Answered
    neutral: str
    say: Words

    @property
    def rows(self) -> list[Row]:
        """The rows, from the top."""
        return self.drawn.rows

    @property
    def middle(self) -> int | None:
        """The place of the middle answer, where there is one."""
        answers = len(self.drawn.answers)
        return answers // 2 if answers % 2 else None

    @property
    def in_people(self) -> bool:
        """Whether numbers are people: percentages of a few say less."""
        return any(0 < row.counts.sum() < SMALL_GROUP for row in self.rows)

    def segments(self) -> tuple[FloatArray, FloatArray]:
        """Return where the bar of each row (down) and answer (across) begins, and its length."""
        lengths = np.array([row.shares for row in self.rows])
        before = lengths[:, : lengths.shape[1] // 2].sum(axis=1)
        if self.middle is not None and self.neutral == "split":
            before += lengths[:, self.middle] / 2
        elif self.middle is not None:
            lengths[:, self.middle] = 0.0
        starts = np.cumsum(lengths, axis=1) - lengths - before[:, None]
        return starts, lengths

    def number(self, row: Row, answer: int) -> str:
        """Return what is written at an answer; nothing where nobody gave it."""
        if row.counts[answer] == 0:
            return ""
        if self.in_people:
            return self.say.number(row.counts[answer])
        return self.say.percent(row.shares[answer], 0)

    def beside(self) -> list[Beside]:
        """Return the columns at the right: the middle answer put aside, and who gave none."""
        columns = []
        if self.middle is not None and self.neutral == "aside":
            lengths = np.array([row.shares[self.middle] for row in self.rows])
            texts = [self.number(row, self.middle) for row in self.rows]
            look = {"facecolor": style.NEUTRAL, "edgecolor": style.PAPER}
            columns.append(Beside(lengths, texts, look))
        for key, look in outside_looks().items():
            people = [row.outside[key] for row in self.rows]
            if any(each.anybody for each in people):
                shares = [row.outside[key].shown / max(row.forms, 1.0) for row in self.rows]
                texts = [each.written(self.say) if each.anybody else "" for each in people]
                columns.append(Beside(np.array(shares), texts, look))
        return columns

    def answered_by(self) -> list[str]:
        """Return how many answered, row by row."""
        return [f"n = {row.n.written(self.say)}" for row in self.rows]

    def about(self) -> str:
        """Return what the axis says."""
        omitted = self.middle is not None and self.neutral == "omit"
        parts = [SHARE, *([IN_PEOPLE] if self.in_people else []), *([OMITTED] if omitted else [])]
        return ". ".join(self.say.text(part) for part in parts)

    def handles(self) -> list[Patch]:
        """Return a legend entry for each answer, given or not, and for what stands beside."""
        colours = style.diverging(len(self.drawn.answers))
        handles = [
            Patch(color=colour, label=answer)
            for place, (answer, colour) in enumerate(zip(self.drawn.answers, colours, strict=True))
            if self.neutral != "omit" or place != self.middle
        ]
        handles += [
            Patch(label=self.say.text(OUTSIDE[key]), linewidth=0.6, **look)  # type: ignore[arg-type]
            for key, look in outside_looks().items()
            if any(row.outside[key].anybody for row in self.rows)
        ]
        return handles + legend_of_signs(self.rows, self.say)


def layout_of(ax: Axes, bars: Diverging, names: Sequence[str], height: float) -> Layout:
    """Return where things stand on axes that ``names`` take some of the width of."""
    starts, lengths = bars.segments()
    left = _step_beyond(-starts.min())
    right = _step_beyond((starts + lengths).max())
    beside = bars.beside()
    texts = [*(column.texts for column in beside), bars.answered_by()]
    taken = max(style.text_width(line) for name in names for line in name.split("\n"))
    taken += sum(_widest(column) + GAP for column in texts) + 4 * style.SMALL
    units = left + right + sum(float(column.lengths.max()) for column in beside)
    scale = max(style.width_of(ax) - taken, LEAST_ROOM) / units
    return Layout(-left, right, scale, height)


def _step_beyond(length: float) -> float:
    return float(max(np.ceil(length / STEP - 1e-9), 1) * STEP)


def _widest(texts: Sequence[str]) -> float:
    return max(style.text_width(text) for text in texts)


def draw_bars(ax: Axes, bars: Diverging, layout: Layout) -> None:
    """Draw the bars, and a sign where there is none."""
    starts, lengths = bars.segments()
    ax.axvline(0, color=style.MUTED, linewidth=0.8, zorder=0.5)
    edge = {"edgecolor": style.PAPER, "linewidth": 0.5}
    for answer, colour in enumerate(style.diverging(lengths.shape[1])):
        start, length = starts[:, answer], lengths[:, answer]
        ax.barh(range(len(length)), length, layout.height, left=start, color=colour, **edge)  # type: ignore[arg-type]
        texts = [bars.number(row, answer) for row in bars.rows]
        ink = {"color": style.text_on(colour), "fontsize": style.SMALL}
        for place, (x, text) in enumerate(zip(start + length / 2, texts, strict=True)):
            if text and style.text_width(text) + 3 <= length[place] * layout.scale:
                ax.text(x, place, text, ha="center", va="center_baseline", **ink)  # type: ignore[arg-type]
    for place, row in enumerate(bars.rows):
        if row.hidden or row.counts.sum() == 0:
            style.write_beside(ax, 0, place, HIDDEN_SIGN if row.hidden else UNKNOWN_SIGN)


def draw_beside(ax: Axes, bars: Diverging, layout: Layout) -> None:
    """Draw the columns at the right, and the number who answered as the last."""
    x = layout.right
    for lengths, texts, look in bars.beside():
        x += GAP / layout.scale
        there = np.flatnonzero(lengths)
        height = 0.8 * layout.height
        ax.barh(there, lengths[there], height, left=x, linewidth=0.6, **look)  # type: ignore[arg-type]
        for place, (length, text) in enumerate(zip(lengths, texts, strict=True)):
            style.write_beside(ax, x + length, place, text)
        x += float(lengths.max()) + _widest(texts) / layout.scale
    x += GAP / layout.scale
    answered_by = bars.answered_by()
    for place, text in enumerate(answered_by):
        style.write_beside(ax, x, place, text)
    ax.set_xlim(layout.left, x + (_widest(answered_by) + 3) / layout.scale)


def label_axis(ax: Axes, bars: Diverging, layout: Layout) -> None:
    """Write percentages along the bars, without a sign to the left of the middle too."""
    room = style.text_width(bars.say.percent(1, 0)) + 6
    step = STEP if STEP * layout.scale >= room else 2 * STEP
    ticks = np.arange(np.ceil(layout.left / step), np.floor(layout.right / step) + 1) * step
    ax.set_xticks(ticks, [bars.say.percent(abs(tick), 0) for tick in ticks])
    ax.grid(visible=True, axis="x", color=style.TRACK, linewidth=0.6)
    width = (ax.get_xlim()[1] - layout.left) * layout.scale
    ax.set_xlabel(style.fitted(bars.about(), width, style.TEXT), loc="left")
