"""What figures with a row per group share: names at the left, a share, counts at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter

from evalkit.figures import style
from evalkit.privacy import hidden_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.locale import Words

LINE, GAP, AROUND = 3.6, 3.0, 26.0
"""Height of a line of a name, of the gap between rows, and of what stands around rows, in mm."""


def height_of(names: Sequence[str]) -> float:
    """Return the height in mm of a figure with these names of rows, all as high as the highest."""
    lines = max(name.count("\n") + 1 for name in names)
    return AROUND + len(names) * (LINE * lines + GAP)


def set_rows(ax: Axes, names: Sequence[str], say: Words, title: str) -> None:
    """Write the names of rows from the top down, and a scale of shares from 0 to 100 %."""
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(0, 1), ylim=(len(names) - 0.5, -0.5), xticks=np.linspace(0, 1, 6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: say.percent(value, 0)))
    ax.grid(visible=True, axis="x", color=style.TRACK, linewidth=0.6)
    ax.set_xlabel(title)


def write_at_right(ax: Axes, texts: Sequence[str]) -> None:
    """Write the counts of each row to the right of the scale."""
    for place, text in enumerate(texts):
        ax.annotate(
            text,
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.SMALL,
        )


def parts_of_wholes(
    rows: pd.DataFrame, part: str, whole: str, say: Words, write: Callable[..., str]
) -> list[str]:
    """Return "95 of 108" for each row; ``write`` is `counted` on a figure, `told` in words."""
    counts, totals = (
        [write(value, is_hidden=bool(h), words=say) for value, h in zip(*column, strict=True)]
        for column in ((rows[part], hidden_in(rows)), (rows[whole], hidden_in(rows, whole)))
    )
    neither = hidden_in(rows) & hidden_in(rows, whole)
    return [
        count if is_hidden else say.text("{count} of {total}", count=count, total=total)
        for count, total, is_hidden in zip(counts, totals, neither, strict=True)
    ]
