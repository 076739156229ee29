"""One exhibit made: measured, protected, drawn, tabled. Nothing is shown that was not protected."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from evalkit.errors import ArgumentError
from evalkit.locale import N_, words
from evalkit.privacy import HIDDEN, Cells, Policy, protect
from evalkit.report import shortening
from evalkit.report.disclosed import disclosed, hidden_numbers
from evalkit.report.drawing import figures_of
from evalkit.study.schema import of_people
from evalkit.tables import html
from evalkit.tables.shown import shown
from evalkit.tables.workbook import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from evalkit.locale import Labels, Words
    from evalkit.privacy.guarding import Guarded
    from evalkit.report.drawing import MadeFigure
    from evalkit.report.exhibits import Exhibit, Measured
    from evalkit.study import Study

NUMBER_OF = "number of "
BANNERS = {
    "internal": N_("INTERNAL – holds numbers that must not be published"),
    "partners": N_("FOR PARTNERS – not to be published"),
}


@dataclass(frozen=True)
class Setting:
    """For whom a report is made: language, labels, what may be shown.

    ``earlier`` are the numbers that an earlier report for the same readers hid, by exhibit.
    """

    study: Study
    say: Words
    labels: Labels
    policy: Policy
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        study: Study,
        language: str | None,
        audience: str,
        earlier: Mapping[str, Sequence[str]] | None = None,
    ) -> Setting:
        """Return the setting of a report on a study."""
        language = language or study.settings.language
        policy = study.settings.disclosure.policies[audience]
        return cls(study, words(language), study.labels(language), policy, earlier or {})

    def with_labels_of(self, exhibit: Exhibit) -> Setting:
        """Return the setting with what the form of an exhibit calls its items and answers."""
        if exhibit.instrument is None:
            return self
        form = exhibit.instrument.labels(self.say.language)
        columns = {**form, **self.labels}
        own = {name: {**form.get(name, {}), **self.labels.get(name, {})} for name in columns}
        return replace(self, labels=own)

    @property
    def banner(self) -> str | None:
        """What every page says of a report that is not for everyone."""
        text = BANNERS.get(self.policy.audience)
        return None if text is None else self.say.text(text)


@dataclass(frozen=True)
class Made:
    """An exhibit as it stands in the report; ``result`` is what may be shown.

    ``files`` names all figures that were written, also those that are too many for the page;
    ``remarks`` say what is not on the page, and why. ``pattern`` are the ids of the hidden
    numbers, ``disclosed`` is what the manifest says of where they stand and what adds up.
    """

    exhibit: Exhibit
    form: str | None
    title: str
    result: pd.DataFrame
    sheet: Sheet | None
    table: str | None
    figures: tuple[MadeFigure, ...]
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    sentences: tuple[str, ...]
    used: dict[str, int | None]
    left_out: int | None
    pattern: tuple[str, ...]
    disclosed: Mapping[str, Any]

    @property
    def hidden(self) -> int:
        """How many rows are hidden."""
        return int(self.result[HIDDEN].sum())


def make(
    exhibit: Exhibit, measured: Measured, safe: Guarded, setting: Setting, folder: Path
) -> Made:
    """Draw and table one exhibit as it is protected; its figures are written to ``folder``."""
    _check_may_stand(exhibit, measured, setting.policy)
    setting = setting.with_labels_of(exhibit)
    say = setting.say
    result, places = _arranged(exhibit, safe, setting.study)
    # Which columns there are must not depend on what is hidden in them.
    known = measured.result.notna().any()
    columns = [
        c for c in exhibit.columns if c not in exhibit.optional or known.get(c, default=False)
    ]
    used, left_out = _rests_on(measured, safe, setting.policy)
    notes = _notes(exhibit, result, columns, left_out, say)
    figures, figure_remarks = figures_of(exhibit, result, measured.cells.count, setting, folder)
    on_page = figures if len(figures) <= shortening.MOST_FIGURES else []
    if len(on_page) < len(figures):
        figure_remarks.insert(0, shortening.in_folder(len(figures), say))
    table, table_remarks, colons = _table(exhibit, result, columns, notes, setting)
    remarks = shortening.once((*figure_remarks, *table_remarks), say)
    return Made(
        exhibit=exhibit,
        form=exhibit.form(say),
        title=exhibit.subject(say),
        result=result,
        sheet=_sheet(exhibit, result, columns, [*notes, *_sign(result, columns, say)], setting),
        table=table,
        figures=tuple(on_page),
        files=tuple(figure.name for figure in figures),
        remarks=remarks,
        sentences=tuple(exhibit.sentences(result, say, setting.labels)),
        used=used,
        left_out=left_out,
        pattern=hidden_numbers(safe),
        disclosed=disclosed(
            safe, measured.cells, setting.policy, places, columns, 2 if setting.banner else 1
        )
        | {
            "family": exhibit.family or exhibit.id,
            "everyone": _table_of_everyone(measured, safe),
            "sheet": exhibit.sheet_name(say) if columns else None,
            "colons_on_page": colons,
        },
    )


def _check_may_stand(exhibit: Exhibit, measured: Measured, policy: Policy) -> None:
    """Refuse what is for internal reports only: there is no way to here that leads past this."""
    if policy.internal:
        return
    unnamed = policy.shows_persons and measured.unnamed
    if exhibit.internal_only or (exhibit.single_persons and not unnamed):
        what = "single persons" if exhibit.single_persons else "a single group"
        raise ArgumentError(f"'{exhibit.id}' shows {what}: for internal reports only.")


def _arranged(exhibit: Exhibit, safe: Guarded, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the protected result in the exhibit's order, and the ids of its numbers."""
    places = safe.numbered.places.add_prefix(NUMBER_OF)
    result = exhibit.arrange(safe.table.join(places), study)
    ordered = result[list(places.columns)].rename(columns=lambda c: c.removeprefix(NUMBER_OF))
    return result.drop(columns=list(places.columns)), ordered


def _sheet(
    exhibit: Exhibit,
    result: pd.DataFrame,
    columns: Sequence[str],
    notes: Sequence[str],
    setting: Setting,
) -> Sheet | None:
    """Return the sheet of the workbook, if the exhibit has a table."""
    return Sheet(result, columns, exhibit.headings, notes, setting.labels) if columns else None


def _table(
    exhibit: Exhibit,
    result: pd.DataFrame,
    columns: Sequence[str],
    notes: Sequence[str],
    setting: Setting,
) -> tuple[str | None, list[str], list[str]]:
    """Return the table of the page, if the exhibit has one there, and what to say beside it.

    Third, where a colon stands in it: "2 4" is the fourth cell of the second row.
    """
    say = setting.say
    if not columns or not exhibit.on_page:
        return None, [], []
    if len(result) > shortening.MOST_ROWS:
        sheet = exhibit.sheet_name(say)
        return None, [shortening.elsewhere(len(result), sheet, say), *notes], []
    rows, remarks = shortening.rows_for_page(result, say)
    if rows.empty:
        return None, remarks or [say.text(shortening.NO_TABLE)], []
    table = html(
        rows,
        columns=columns,
        headings=exhibit.headings,
        rows_by=exhibit.rows_by,
        once=exhibit.once,
        notes=[*notes, *remarks, *_sign(rows, columns, say)],
        language=say.language,
        labels=setting.labels,
        table_id=f"table-{exhibit.id}",
    )
    shown_columns = shown(rows, columns=[c for c in columns if c != exhibit.rows_by])
    colons = [
        f"{row} {place}"
        for place, column in enumerate(shown_columns, start=1)
        for row, is_hidden in enumerate(column.hidden, start=1)
        if is_hidden
    ]
    return table, [], colons


def _rests_on(
    measured: Measured, safe: Guarded, policy: Policy
) -> tuple[dict[str, int | None], int | None]:
    """Return the rows used by table and those left out; where rows are people, protected.

    How many there are in all is a number of the exhibit: it is hidden where others would tell.
    Where the exhibit does not say what it is the sum of, it is told if nothing is hidden.
    """
    everyone = safe.numbered.everyone
    untold = everyone in safe.hidden if everyone is not None else bool(hidden_numbers(safe))
    untold |= policy.hides and policy.rounding is not None
    used = {
        table: rows if not of_people(table) else None if untold else _shown(rows, policy)
        for table, rows in measured.used.items()
    }
    people = any(of_people(table) for table in measured.used)
    left_out = _shown(measured.left_out, policy) if people else measured.left_out
    return used, left_out


def _table_of_everyone(measured: Measured, safe: Guarded) -> str | None:
    """Return the table whose rows are all there are in the exhibit."""
    everyone = safe.numbered.everyone
    values = {each.id: each.value for each in safe.numbered.numbers if each.id == everyone}
    tables = [table for table, rows in measured.used.items() if rows == values.get(everyone or "")]
    return next((table for table in tables if of_people(table)), None)


def _shown(rows: int, policy: Policy) -> int | None:
    table = protect(pd.DataFrame({"rows": [rows]}), Cells("people", count="rows"), policy)
    return None if table["rows"].isna().any() else rows


def _notes(
    exhibit: Exhibit, result: pd.DataFrame, columns: Sequence[str], left_out: int | None, say: Words
) -> list[str]:
    """Return the lines under a table: why there is no interval, what was left out."""
    notes: list[str] = []
    if "note" in result and "lower" in exhibit.columns and "estimate" in columns:
        shown = result.loc[~result[HIDDEN], "note"].dropna()
        notes += [say.text(str(note)) for note in shown.unique()]
    notes += [say.text(note) for note in exhibit.notes]
    if left_out:
        notes.append(say.plural(*exhibit.left_out, left_out))
    return notes


def _sign(result: pd.DataFrame, columns: Sequence[str], say: Words) -> list[str]:
    """Return what a colon means, where one stands."""
    if any(column.hidden.any() for column in shown(result, columns=columns)):
        return [say.text(N_("A colon stands where a number is hidden to protect people."))]
    return []
