"""What the figure of means over occasions shows: its lines, its range, its cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evalkit.arguments import check_columns, check_pandas
from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.figures.outcome_parts import Part, Parts, Ruler, one_cutoff, parts_of

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.instruments.model import Instrument
    from evalkit.locale import Labels, Words

COLUMNS = ("occasion", "estimate", "lower", "upper", "n")
MOST_LINES = len(style.LINE_COLOURS)


class Course(NamedTuple):
    """What is drawn: lines over occasions, on the scale that the ruler shows."""

    lines: list[Part]
    title: str | None
    ruler: Ruler
    cutoff: float | None

    @property
    def occasions(self) -> list[int]:
        """All occasions of the figure, in order."""
        return sorted({int(each) for line in self.lines for each in line.rows["occasion"]})


def course_of(
    result: pd.DataFrame,
    instrument: Instrument | None,
    scale: str | None,
    cutoff: float | None,
    limits: tuple[float, float] | None,
    labels: Labels | None,
    say: Words,
) -> Course:
    """Return what a result shows as lines, or raise where that cannot be drawn."""
    check_pandas(result, "result")
    check_columns(result, *COLUMNS, what="result")
    result = result[result["occasion"].notna()]
    if result.empty:
        raise ArgumentError("mean_course has no occasion to draw.")
    parts = parts_of(result, before="occasion", what="mean_course", labels=labels, say=say)
    _check_number(parts, result)
    lines = [Part(part.name, part.rows.sort_values("occasion")) for part in parts.parts]
    if cutoff is None:
        informants = list(result["informant"].unique()) if "informant" in result else []
        cutoff = one_cutoff(instrument, scale, informants)
    return Course(lines, parts.title, _ruler(result, instrument, scale, limits, say), cutoff)


def _check_number(parts: Parts, result: pd.DataFrame) -> None:
    if len(parts.parts) > MOST_LINES:
        column = parts.column
        some = [str(value) for value in result[column].unique()[:MOST_LINES]]
        raise ArgumentError(
            f"mean_course tells at most {MOST_LINES} lines apart, but {column} has "
            f"{len(parts.parts)} values. Draw some at a time: "
            f"result[result['{column}'].isin({some})]."
        )


def _ruler(
    result: pd.DataFrame,
    instrument: Instrument | None,
    scale: str | None,
    limits: tuple[float, float] | None,
    say: Words,
) -> Ruler:
    if instrument is not None:
        ruler = Ruler.of(instrument, scale, say)
    else:
        shown = result[["estimate", "lower", "upper"]].to_numpy(dtype=float, na_value=np.nan)
        known = [0.0, *shown[~np.isnan(shown)]]
        lowest = float(min(known))
        ruler = Ruler(lowest, float(max(*known, lowest + 1)), say.text("Score"))
    if limits is None:
        return ruler
    low, high = limits
    means = result["estimate"].astype("float64")
    if not low < high or ((means < low) | (means > high)).any():
        raise ArgumentError(
            f"limits must be two numbers, the lower first, with all means between, but are "
            f"{limits!r} and the means go from {means.min():g} to {means.max():g}."
        )
    return ruler._replace(lowest=low, highest=high)
