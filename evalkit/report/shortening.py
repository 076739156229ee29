"""What of an exhibit stands on the page: what would be too long, or only colons, does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evalkit.locale import N_
from evalkit.privacy import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from evalkit.locale import Labels, Words
    from evalkit.report.exhibits import Drawing

MOST_ROWS = 40
"""Of a longer table the page says where it stands in the workbook."""
MOST_FIGURES = 8
"""Of more figures of one kind the page says that they stand in their folder."""

NO_FIGURE = N_("No figure: too few of its numbers can be shown.")
NO_TABLE = N_("No table: its numbers are hidden to protect people.")
ROWS_LEFT_OUT = (
    N_("{n} row is left out here: its numbers are hidden to protect people."),
    N_("{n} rows are left out here: their numbers are hidden to protect people."),
)


class Part(NamedTuple):
    """What one figure is drawn from, of what (None: of everything), what of it is hidden."""

    of: str | None
    rows: pd.DataFrame
    hidden: list[str]
    enough: bool


def rows_for_page(result: pd.DataFrame, say: Words) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of a protected result that the page shows, and a line on the others.

    Where more than half of the rows are hidden, the page shows the others only.
    """
    hidden = result[HIDDEN].to_numpy(dtype=bool)
    if 2 * hidden.sum() <= len(result):
        return result, []
    shown = result[~hidden].reset_index(drop=True)
    if shown.empty:
        return shown, [say.text(NO_TABLE)]
    return shown, [say.plural(*ROWS_LEFT_OUT, int(hidden.sum()))]


def elsewhere(rows: int, sheet: str, say: Words) -> str:
    """Return where a table stands that is too long for the page."""
    return say.text(
        N_("The table has {n} rows: see the sheet “{sheet}” in tables.xlsx."),
        n=say.number(rows),
        sheet=sheet,
    )


def parts_of(drawing: Drawing, result: pd.DataFrame, count: str | None) -> list[Part]:
    """Return what the figures of a drawing are drawn from, from a protected result.

    ``enough`` says whether so much may be shown that a figure tells something.
    """
    rows = drawing.rows(result)
    values = [str(value) for value in rows[drawing.per].unique()] if drawing.per else [None]
    parts = []
    for value in values:
        mine = rows if value is None else rows[rows[drawing.per] == value]
        if len(mine) and (mine[HIDDEN].any() or count is None or mine[count].notna().any()):
            parts.append(_part(drawing, value, mine, count))
    return parts


def _part(drawing: Drawing, of: str | None, rows: pd.DataFrame, count: str | None) -> Part:
    hidden: list[str] = []
    shown = (~rows[HIDDEN]).to_numpy(dtype=bool)
    if drawing.whole is not None:
        # One hidden answer is given back by the others: an item is shown whole or not at all.
        whole = ~rows[HIDDEN].groupby(rows[drawing.whole]).transform("any").astype("bool")
        hidden = [str(value) for value in rows.loc[~whole, drawing.whole].unique()]
        of_all = rows[drawing.whole].nunique()
        enough = of_all - len(hidden) >= min(drawing.least, of_all)
        return Part(of, rows[whole], hidden, enough)
    known = shown if count is None else shown & rows[count].notna().to_numpy()
    asked = max(min(drawing.least, len(rows)), drawing.least_share * len(rows))
    return Part(of, rows, hidden, bool(known.any()) and int(shown.sum()) >= asked)


def not_drawn(names: Sequence[str], say: Words, *, some: bool) -> str:
    """Return the line that says which figures, or how many, are not drawn.

    ``some`` says whether others of the same kind are.
    """
    if not some:
        return say.text(NO_FIGURE)
    if len(names) > MOST_FIGURES:
        return say.text(
            N_("{n} more figures are not drawn: too few of their numbers can be shown."),
            n=say.number(len(names)),
        )
    return say.text(
        N_("Not drawn, as too few of the numbers can be shown: {what}."), what="; ".join(names)
    )


def once(remarks: Sequence[str], say: Words) -> tuple[str, ...]:
    """Return remarks, one in place of two where there is neither figure nor table."""
    neither = (say.text(NO_FIGURE), say.text(NO_TABLE))
    if tuple(remarks) == neither:
        return (say.text(N_("Not shown: its numbers are hidden to protect people.")),)
    return tuple(remarks)


def rows_not_drawn(part: Part, column: str, say: Words, labels: Labels) -> str:
    """Return the line that says which rows of a figure are not drawn."""
    names = [say.label(column, value, labels) for value in part.hidden]
    return say.text(
        N_("Not drawn, as some of their numbers are hidden to protect people: {what}."),
        what="; ".join(names),
    )


def in_folder(figures: int, say: Words) -> str:
    """Return where figures stand that are too many for the page."""
    return say.text(
        N_("{n} figures, one for each group, stand in the folder “figures”."),
        n=say.number(figures),
    )
