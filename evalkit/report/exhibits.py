"""What stands in a report, in order: each exhibit with its numbers, its table and its figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import attendance, background
from evalkit.privacy import Cells
from evalkit.report.sentences import rate_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes

    from evalkit.locale import Labels, Words
    from evalkit.study import Study


class Measured(NamedTuple):
    """The numbers of an exhibit: a result, what it is made of, and what it rests on.

    ``used`` counts rows by table of the study, ``left_out`` those that are in no number.
    """

    result: pd.DataFrame
    cells: Cells
    used: Mapping[str, int]
    left_out: int = 0


@dataclass(frozen=True)
class Drawing:
    """The figure of an exhibit: how it is drawn, told in words, and whether once per group.

    ``rows`` picks what is drawn from the result; where it picks none there is no figure.
    """

    draw: Callable[..., Axes]
    describe: Callable[..., str]
    caption: str
    per_group: bool = True
    rows: Callable[[pd.DataFrame], pd.DataFrame] = lambda result: result


@dataclass(frozen=True)
class Exhibit:
    """One thing shown in a report.

    ``needs`` names the tables of a study of which at least one must hold rows; ``absent`` is
    what the method part says where there is nothing to show. ``left_out`` says, for one and for
    many, what was left out; ``sentences`` tells the protected result in words. ``columns`` are
    those of the table; ones in ``optional`` go where they are all blank. ``arrange`` puts rows
    in order after they were protected, so that no order tells a number.
    """

    id: str
    section: str
    title: str
    needs: tuple[str, ...]
    absent: str
    measure: Callable[[Study], Measured]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    rows_by: str | None = None
    once: tuple[str, ...] = ()
    drawing: Drawing | None = None
    left_out: tuple[str, str] = ("", "")
    sentences: Callable[[pd.DataFrame, Words, Labels], list[str]] = lambda *_: []
    arrange: Callable[[pd.DataFrame, Study], pd.DataFrame] = lambda result, _: result

    def has_data(self, study: Study) -> bool:
        """Return whether the study holds what the exhibit needs."""
        return any(len(getattr(study, table)) for table in self.needs)


def _groups(study: Study) -> Measured:
    sessions = study.sessions["group_id"].value_counts()
    table = study.groups.drop(columns="title")
    table["n_sessions"] = table["group_id"].map(sessions).astype("Int64")
    if len(study.sessions):
        table["n_sessions"] = table["n_sessions"].fillna(0)
    return Measured(table, Cells("groups", open=tuple(table.columns)), used={"groups": len(table)})


def _background(study: Study) -> Measured:
    persons = background.distribution(study.participants)
    margins = background.distribution(study.margins)
    parts = [part for part in (persons, margins) if len(part)]
    result = pd.concat(parts, ignore_index=True) if parts else margins
    children = int((study.participants["role"] == "child").sum())
    used = {"participants": children, "margins": len(study.margins)}
    left_out = len(study.participants) - children
    return Measured(result, background.DISTRIBUTION_CELLS, used, left_out)


def _sessions(study: Study) -> Measured:
    columns = ["group_id", "number", "held_on", "theme", "kind", "parents"]
    table = study.sessions[columns]
    return Measured(table, Cells("sessions", open=tuple(columns)), used={"sessions": len(table)})


def _attendance_rate(study: Study) -> Measured:
    by = ["group_id", "role"]
    result = attendance.rate(study.headcounts, by=by, design_effect=study.settings.design_effect)
    left_out = int(result["n_missing"].sum())
    used = {"headcounts": len(study.headcounts) - left_out}
    shown = _in_order(result[result["n"] > 0], study)
    return Measured(shown, attendance.RATE_CELLS.by(*by), used, left_out)


def _attendance_by_session(study: Study) -> Measured:
    # No design effect here: it is that of many sessions of the same people, not of one.
    result = _in_order(attendance.by_session(study.headcounts), study)
    used = {"headcounts": len(study.headcounts)}
    return Measured(result, attendance.by_session_cells(result), used)


def _in_order(result: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return rows with the groups in the order of study.toml, otherwise as they stand."""
    place = {group: number for number, group in enumerate(study.settings.groups)}
    return result.sort_values(
        "group_id", key=lambda ids: ids.map(place), kind="stable", ignore_index=True
    )


NO_SESSIONS = N_("No sessions were available, so the programme is not shown.")
NO_ATTENDANCE = N_("No attendance was available.")
NO_RATE = N_("No rate of attendance: how many were expected, or how many came, is not known.")
NO_BACKGROUND = N_("No background of participants was available.")
NO_GROUPS = N_("No groups were described.")

SECTIONS: Mapping[str, str] = {
    "groups": N_("The groups"),
    "participants": N_("Participants"),
    "sessions": N_("Sessions"),
    "attendance": N_("Attendance"),
}

# Sections that a study of this version never has data for, and what the method part says.
WITHOUT_DATA = (N_("No forms were available, so nothing is said about outcomes or satisfaction."),)

EXHIBITS: tuple[Exhibit, ...] = (
    Exhibit(
        id="groups",
        section="groups",
        title=N_("Overview"),
        needs=("groups",),
        absent=NO_GROUPS,
        measure=_groups,
        columns=("group_id", "site", "starts_on", "ends_on", "n_sessions"),
        optional=("site", "starts_on", "ends_on", "n_sessions"),
    ),
    Exhibit(
        id="background",
        section="participants",
        title=N_("Background"),
        needs=("participants", "margins"),
        absent=NO_BACKGROUND,
        measure=_background,
        columns=("group_id", "variable", "value", "count", "n", "share", "n_missing"),
        optional=("n_missing",),
        headings={"n": N_("Of"), "n_missing": N_("Not known")},
        left_out=(
            N_("{n} participant is no child and not counted here."),
            N_("{n} participants are no children and not counted here."),
        ),
        rows_by="group_id",
        once=("variable",),
        arrange=lambda result, study: _in_order(background.arranged(result), study),
        drawing=Drawing(
            draw=figures.recruitment,
            describe=figures.describe_recruitment,
            caption=N_("How the children were referred"),
            rows=lambda result: result[result["variable"] == "referral_source"],
        ),
    ),
    Exhibit(
        id="sessions",
        section="sessions",
        title=N_("Session programme"),
        needs=("sessions",),
        absent=NO_SESSIONS,
        measure=_sessions,
        columns=("group_id", "number", "held_on", "theme", "kind", "parents"),
        optional=("held_on", "theme", "kind", "parents"),
        rows_by="group_id",
        drawing=Drawing(
            draw=figures.programme,
            describe=figures.describe_programme,
            caption=N_(
                "The session programme, by kind of session. No mark: nothing reported of parents"
            ),
            per_group=False,
        ),
    ),
    Exhibit(
        id="attendance-rate",
        section="attendance",
        title=N_("Rate of attendance"),
        needs=("headcounts",),
        absent=NO_RATE,
        measure=_attendance_rate,
        left_out=(
            N_(
                "{n} headcount is not in the rate: how many were expected, or how many came, "
                "is not known."
            ),
            N_(
                "{n} headcounts are not in the rate: how many were expected, or how many came, "
                "is not known."
            ),
        ),
        sentences=rate_sentences,
        columns=(
            *("group_id", "role", "present", "n", "estimate", "lower", "upper"),
            *("design_effect", "n_sessions"),
        ),
        optional=("lower", "upper", "design_effect"),
    ),
    Exhibit(
        id="attendance-by-session",
        section="attendance",
        title=N_("Attendance by session"),
        needs=("headcounts",),
        absent=NO_ATTENDANCE,
        measure=_attendance_by_session,
        columns=(*("group_id", "number", "held_on", "theme", "role", "present", "n", "estimate"),),
        optional=("held_on", "theme", "estimate"),
        rows_by="group_id",
        once=("number", "held_on", "theme"),
        drawing=Drawing(
            draw=figures.attendance_by_session,
            describe=figures.describe_attendance_by_session,
            caption=N_("Present at each session, by role"),
        ),
    ),
)
