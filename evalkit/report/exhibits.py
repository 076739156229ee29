"""What an exhibit of a report is: its numbers, its table, its figures and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from evalkit.locale import in_language
from evalkit.tables.workbook import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.instruments import Instrument
    from evalkit.locale import Labels, Words
    from evalkit.privacy import Cells
    from evalkit.study import Study


class Measured(NamedTuple):
    """The numbers of an exhibit: a result, what it is made of, and what it rests on.

    ``used`` counts rows by table of the study, ``left_out`` those that are in no number.
    ``unnamed`` is whether single persons have numbers in place of their ids.
    """

    result: pd.DataFrame
    cells: Cells
    used: Mapping[str, int]
    left_out: int = 0
    unnamed: bool = False


@dataclass(frozen=True)
class Drawing:
    """A figure of an exhibit: how it is drawn, told in words, whether once for each of something.

    ``rows`` picks what is drawn from the result; where it picks none there is no figure. ``per``
    is the column of which each value gets a figure of its own; ``id`` tells several drawings of
    one exhibit apart, ``block`` names the part of the form that is drawn.

    A figure of which too little may be shown is not drawn: ``least`` rows, and ``least_share`` of
    all, must not be hidden. Where ``whole`` names a column, its values are shown whole or not at
    all, and ``least`` counts them.
    """

    draw: Callable[..., Axes]
    describe: Callable[..., str]
    caption: str
    per: str | None = "group_id"
    rows: Callable[[pd.DataFrame], pd.DataFrame] = lambda result: result
    id: str = ""
    block: str | None = None
    least: int = 1
    least_share: float = 0.0
    whole: str | None = None


@dataclass(frozen=True)
class Exhibit:
    """One thing shown in a report.

    ``needs`` names the tables and forms of a study of which at least one must hold rows;
    ``absent`` is what the method part says where there is nothing to show. ``left_out`` says, for
    one and for many, what was left out; ``sentences`` tells the protected result in words.
    ``columns`` are those of the table, none if there is no table; ones in ``optional`` go where
    they are all blank. ``arrange`` puts rows in order after they were protected, so that no order
    tells a number. ``internal_only`` exhibits are for those who may see everything;
    ``single_persons`` ones too, unless the study states why they may be shown. ``figure_columns``
    are columns of numbers that only figures tell. Exhibits of one ``family`` tell of the same
    people and are protected together. ``instrument`` is the form whose items and
    answers are shown, ``item`` the one question if it is of one. A table that is not ``on_page``
    stands in the workbook only.
    """

    id: str
    section: str
    title: str
    needs: tuple[str, ...]
    absent: str
    measure: Callable[[Study], Measured]
    columns: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    rows_by: str | None = None
    once: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    left_out: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()
    sentences: Callable[[pd.DataFrame, Words, Labels], list[str]] = lambda *_: []
    arrange: Callable[[pd.DataFrame, Study], pd.DataFrame] = lambda result, _: result
    internal_only: bool = False
    single_persons: bool = False
    figure_columns: tuple[str, ...] = ()
    family: str | None = None
    instrument: Instrument | None = None
    item: str | None = None
    on_page: bool = True

    @property
    def told(self) -> tuple[str, ...] | None:
        """The columns whose numbers are told; None where the exhibit does not say."""
        return (*self.columns, *self.figure_columns) if self.columns else None

    @property
    def of_each_group(self) -> bool:
        """Whether groups are shown apart, in the table or in figures of their own."""
        return self.rows_by == "group_id" or any(d.per == "group_id" for d in self.drawings)

    def has_data(self, study: Study) -> bool:
        """Return whether the study holds what the exhibit needs."""
        return any(len(study.table(table)) for table in self.needs)

    def heading(self, say: Words) -> str:
        """Return the title, with form and question where the exhibit is of one."""
        form = self.form(say)
        return self.subject(say) if form is None else f"{form}: {self.subject(say)}"

    def form(self, say: Words) -> str | None:
        """Return what the form is called that the exhibit is of."""
        return None if self.instrument is None else in_language(self.instrument.name, say.language)

    def subject(self, say: Words) -> str:
        """Return the title by itself: under the heading of a form, what is told of it."""
        if self.instrument is None or self.item is None:
            return say.text(self.title)
        return in_language(self.instrument.item(self.item).label, say.language)

    def sheet_name(self, say: Words) -> str:
        """Return what the sheet of the workbook is called: short, no two alike."""
        if self.instrument is None:
            return say.text(self.title)[:LONGEST_NAME]
        return f"{self.instrument.id} {self.item or say.text(self.title)}"[:LONGEST_NAME]


def in_order(result: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return rows with the groups in the order of study.toml, otherwise as they stand."""
    place = {group: number for number, group in enumerate(study.settings.groups)}
    return result.sort_values(
        "group_id", key=lambda ids: ids.map(place), kind="stable", ignore_index=True
    )
