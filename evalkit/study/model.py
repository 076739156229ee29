"""The study as an object: its settings, tables and problems, and how it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.locale import in_language
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from evalkit.locale import Labels
    from evalkit.study.settings import Settings


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """A study folder, read and checked; made by `evalkit.read_study`.

    Attributes
    ----------
    folder : Path
        The study folder.
    settings : Settings
        What study.toml says.
    participants, sessions, headcounts, margins : pandas.DataFrame
        The tables; empty, with all their columns, where the study has no such file.
        ``headcounts`` also has ``group_id, site, number, held_on, kind, theme`` of its session.
    excluded : pandas.DataFrame
        Rows of the files that are in no table: ``file, sheet, row, reason, table``.
    problems : pandas.DataFrame
        Warnings: ``file, sheet, row, column, value, problem, severity``.
    inputs : pandas.DataFrame
        The files read: ``file, holds, legal_basis, rows, left_out, sha256``; study.toml first.
    """

    folder: Path
    settings: Settings
    participants: pd.DataFrame
    sessions: pd.DataFrame
    headcounts: pd.DataFrame
    margins: pd.DataFrame
    excluded: pd.DataFrame
    problems: pd.DataFrame
    inputs: pd.DataFrame

    @property
    def groups(self) -> pd.DataFrame:
        """The groups in the order of study.toml: id, title (study's language), site, period."""
        rows = [
            (
                g.group_id,
                in_language(g.title, self.settings.language),
                g.site,
                g.starts_on,
                g.ends_on,
            )
            for g in self.settings.groups.values()
        ]
        table = pd.DataFrame(rows, columns=["group_id", "title", "site", "starts_on", "ends_on"])
        days = {"starts_on": "datetime64[s]", "ends_on": "datetime64[s]"}
        return table.astype({"group_id": "str", "title": "str", "site": "str", **days})

    def labels(self, language: str | None = None) -> Labels:
        """Return the study's own labels, for figures and tables: ``{column: {value: label}}``."""
        return self.settings.labels(language or self.settings.language)

    def summary(self) -> pd.DataFrame:
        """Return what the study holds: a row per table, with rows read and rows left out."""
        left_out = self.excluded["table"].value_counts()
        rows = [(name, len(getattr(self, name)), int(left_out.get(name, 0))) for name in TABLES]
        return pd.DataFrame(rows, columns=["table", "rows", "left_out"])

    def __repr__(self) -> str:
        """Return a short summary for a terminal."""
        held = [
            f"  {row['table']:<13}{row['rows']:>6} rows"
            + (f", {row['left_out']} left out" if row["left_out"] else "")
            for row in self.summary().to_dict("records")
            if row["rows"] or row["left_out"]
        ]
        return "\n".join([self._headline(), *held, f"  {self._warnings()}"])

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        from html import escape

        table = self.summary().query("rows > 0 or left_out > 0")
        return (
            f"<p><strong>{escape(self._headline())}</strong></p>"
            f"{table.to_html(index=False, border=0)}<p>{escape(self._warnings())}</p>"
        )

    def _headline(self) -> str:
        title = in_language(self.settings.title, self.settings.language)
        groups = len(self.settings.groups)
        return f"Study: {title} ({groups} group{'' if groups == 1 else 's'})"

    def _warnings(self) -> str:
        count = len(self.problems)
        if not count:
            return "no warnings"
        return f"{count} warning{'' if count == 1 else 's'}: see .problems"
