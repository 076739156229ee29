"""The study as an object: its settings, tables and problems, and how it prints."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.locale import in_language
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from evalkit.instruments import Instrument
    from evalkit.instruments.model import Profile
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
    participants, consents, sessions, attendance, headcounts, margins : pandas.DataFrame
        The tables; empty, with all their columns, where the study has no such file.
        ``headcounts`` also has ``group_id, site, number, held_on, kind, theme`` of its session,
        ``attendance`` besides these what participants say of the person. A row of ``attendance``
        is a person expected at a session.
    forms : mapping of str to pandas.DataFrame
        The forms of each instrument, one row per filled-in form: who it is about, who answered,
        when, then the items.
    comments : pandas.DataFrame
        Open answers: ``comment_id, form_id, respondent_id, role, group_id, question, text``.
    expected : pandas.DataFrame
        The forms that should have come, from ``[expected]`` of study.toml:
        ``instrument, informant, group_id, person_id, occasion``.
    instruments : mapping of str to Instrument
        The definitions of all forms that study.toml names.
    profiles : mapping of str to Profile
        The threshold profile chosen for each instrument.
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
    consents: pd.DataFrame
    sessions: pd.DataFrame
    attendance: pd.DataFrame
    headcounts: pd.DataFrame
    margins: pd.DataFrame
    forms: Mapping[str, pd.DataFrame]
    comments: pd.DataFrame
    expected: pd.DataFrame
    instruments: Mapping[str, Instrument]
    profiles: Mapping[str, Profile]
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

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by its name, the forms of an instrument among them; else an empty one."""
        own = {each.name for each in fields(self)} - {"forms"} | {"groups"}
        if name in self.forms:
            return self.forms[name]
        found = getattr(self, name) if name in own else None
        return found if isinstance(found, pd.DataFrame) else pd.DataFrame()

    def labels(self, language: str | None = None) -> Labels:
        """Return the study's own labels, for figures and tables: ``{column: {value: label}}``.

        Forms are called by their names; an instrument has its own labels of items and answers.
        """
        language = language or self.settings.language
        own = self.settings.labels(language)
        forms = {key: in_language(each.name, language) for key, each in self.instruments.items()}
        named = {key: {**forms, **own.get(key, {})} for key in ("instrument", "holds")}
        return {**own, **named}

    def summary(self) -> pd.DataFrame:
        """Return what the study holds: a row per table, with rows read and rows left out."""
        left_out = self.excluded["table"].value_counts()
        tables = {name: getattr(self, name) for name in TABLES} | dict(self.forms)
        tables["comments"] = self.comments
        rows = [(name, len(table), int(left_out.get(name, 0))) for name, table in tables.items()]
        return pd.DataFrame(rows, columns=["table", "rows", "left_out"])

    def __repr__(self) -> str:
        """Return a short summary for a terminal."""
        summary = self.summary().query("rows > 0 or left_out > 0")
        width = max(13, summary["table"].str.len().max() + 1) if len(summary) else 13
        held = [
            f"  {row['table']:<{width}}{row['rows']:>6} rows"
            + (f", {row['left_out']} left out" if row["left_out"] else "")
            for row in summary.to_dict("records")
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
