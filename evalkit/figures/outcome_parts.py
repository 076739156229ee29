"""What figures of outcomes share: the axis of a scale, its cut-off, and the kinds of change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from evalkit.errors import ArgumentError
from evalkit.figures import style
from evalkit.instruments.model import informants_meant
from evalkit.locale import N_, in_language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axis import Axis

    from evalkit.instruments.model import Instrument
    from evalkit.locale import Labels, Words

MARGIN = 0.03
"""How far an axis goes beyond its scale, as a share of it: a mark at the end is whole."""
NOT_RECOVERED = N_("Improved, not recovered")


class Ruler(NamedTuple):
    """What an axis of scores spans, and what the scale is called."""

    lowest: float
    highest: float
    name: str

    @classmethod
    def of(cls, instrument: Instrument, scale: str | None, say: Words) -> Ruler:
        """Return the whole range of a scale: small changes then look as small as they are."""
        own = instrument.scale(scale)
        return cls(own.lowest, own.highest, in_language(own.label, say.language))

    @property
    def limits(self) -> tuple[float, float]:
        """The limits of an axis: the range and a little margin."""
        margin = MARGIN * (self.highest - self.lowest)
        return self.lowest - margin, self.highest + margin

    def mark(self, axis: Axis, say: Words, *, most: int = 5) -> None:
        """Write numbers along an axis, in the reader's language, on a pale grid."""
        axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(lambda value, _: say.decimal(value)))
        axis.grid(visible=True, color=style.TRACK, linewidth=0.6)


class Part(NamedTuple):
    """One line or block of a figure: its name, None where it is the only one, and its rows."""

    name: str | None
    rows: pd.DataFrame


class Parts(NamedTuple):
    """The rows of a result by its one grouping column, and a title from the others."""

    title: str | None
    column: str | None
    parts: list[Part]


def parts_of(
    result: pd.DataFrame, *, before: str, what: str, labels: Labels | None, say: Words
) -> Parts:
    """Part a result by the grouping columns, which stand before the column ``before``.

    One of them may hold several values; those that hold one make the title.
    """
    keys = list(result.columns)[: list(result.columns).index(before)]
    varying = [name for name in keys if len(result[name].unique()) > 1]
    if len(varying) > 1:
        first = varying[0]
        raise ArgumentError(
            f"{what} tells rows apart by one column, but the result has {len(varying)}: "
            f"{', '.join(varying)}. Draw each {first} by itself: "
            f"result[result['{first}'] == {result[first].iloc[0]!r}]."
        )
    _check_once(result, [*varying, before], what)
    title = " – ".join(
        named(name, result[name].iloc[0], say, labels) for name in keys if name not in varying
    )
    if not varying:
        return Parts(title or None, None, [Part(None, result)])
    column = varying[0]
    parts = [
        Part(named(column, value, say, labels), result[_is(result[column], value)])
        for value in result[column].unique()
    ]
    return Parts(title or None, column, parts)


def _is(column: pd.Series, value: object) -> pd.Series:
    unknown = pd.isna(value)  # type: ignore[call-overload]
    return column.isna() if unknown else (column == value).fillna(value=False)


def _check_once(result: pd.DataFrame, keys: list[str], what: str) -> None:
    twice = result.loc[result.duplicated(keys), keys]
    if not twice.empty:
        row = ", ".join(f"{name} {value}" for name, value in twice.iloc[0].items())
        raise ArgumentError(
            f"{what} draws one row for each {' and '.join(keys)}, but the result has several for "
            f"{row}. Draw the result of one scale and instrument by itself."
        )


def named(column: str, value: object, say: Words, labels: Labels | None) -> str:
    """Return what a value is called, also where it is not known."""
    unknown = pd.isna(value)  # type: ignore[call-overload]
    return say.text(N_("Not known")) if unknown else say.label(column, value, labels)


def one_cutoff(
    instrument: Instrument | None, scale: str | None, informants: Iterable[object]
) -> float | None:
    """Return the cut-off that holds for all these informants (none: for anyone), if it is one."""
    if instrument is None or not instrument.scales:
        return None
    own = [each for each in instrument.cutoffs if each.scale == instrument.scale(scale).id]
    stated = [
        {
            each.value
            for each in own
            if not each.informants or informant in informants_meant(each.informants)
        }
        for informant in informants
    ] or [{each.value for each in own}]
    values = set().union(*stated)
    return values.pop() if len(values) == 1 and all(stated) else None


def cutoff_handle(cutoffs: Iterable[float], say: Words) -> list[Line2D]:
    """Return the legend entry of the dashed lines; none where there are no cut-offs."""
    values = say.enumeration([say.decimal(value) for value in sorted(set(cutoffs))])
    look = {"color": style.MUTED, "linestyle": style.DASHES, "linewidth": 1.0}
    text = say.text("Cut-off: {values}", values=values)
    return [Line2D([], [], label=text, **look)] if values else []  # type: ignore[arg-type]


def band_handle(threshold: float, say: Words) -> Patch:
    """Return the legend entry of the band within which a change does not count."""
    text = say.text(
        "Change of less than {threshold}: not reliable", threshold=say.decimal(threshold)
    )
    return Patch(color=style.TRACK, label=text)


def mark_handle(
    label: str, colour: str, marker: str, *, size: float = 6.0, edge: str | None = None
) -> Line2D:
    """Return the legend entry of a mark."""
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=size,
        color=colour,
        markeredgecolor=edge or colour,
        label=label,
    )


def kinds(change: pd.DataFrame) -> pd.Series:
    """Return one kind per row, each person in one: recovered before improved; NA unpaired."""
    kind = change["category"].astype("str")
    recovered = change["recovered"].astype("boolean").fillna(value=False)
    return kind.mask(recovered.to_numpy(dtype=bool), "recovered")


def kind_names(change: pd.DataFrame, say: Words, labels: Labels | None) -> dict[str, str]:
    """Return what the kinds are called; improved says that the recovered are told apart."""
    names = {kind: say.label("category", kind, labels) for kind in style.CATEGORY_COLOURS}
    if change["recovered"].notna().any():
        names["improved"] = say.text(NOT_RECOVERED)
    return names
