"""Exhibits of the groups: completeness, who took part, the sessions, attendance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import attendance, background, completeness
from evalkit.privacy import Cells
from evalkit.report.exhibits import Drawing, Exhibit, Measured, in_order
from evalkit.report.sentences import (
    completeness_sentences,
    overall_rate_sentences,
    rate_sentences,
)

if TYPE_CHECKING:
    from evalkit.study import Study

NO_SESSIONS = N_("No sessions were available, so the programme is not shown.")
NO_ATTENDANCE = N_("No attendance was available.")
NO_RATE = N_("No rate of attendance: how many were expected, or how many came, is not known.")
NO_BACKGROUND = N_("No background of participants was available.")
NO_GROUPS = N_("No groups were described.")
NOTHING_EXPECTED = N_(
    "Which forms were expected is not stated, so nothing is said of how complete they are."
)
BY_FORM = ("instrument", "informant")


def _completeness(study: Study) -> Measured:
    result = completeness.received(study.expected, study.forms, by=BY_FORM)
    used = {"forms": int(sum(len(forms) for forms in study.forms.values()))}
    return Measured(result, completeness.RECEIVED_CELLS.by(*BY_FORM), used)


def _completeness_by_group(study: Study) -> Measured:
    by = (*BY_FORM, "group_id")
    result = completeness.received(study.expected, study.forms, by=by)
    result = result[result["group_id"].notna()]
    used = {"forms": int(sum(len(forms) for forms in study.forms.values()))}
    return Measured(in_order(result, study), completeness.RECEIVED_CELLS.by(*by), used)


def _left_out(study: Study) -> Measured:
    counts = study.excluded.groupby(["table", "reason"]).size().rename("count").reset_index()
    counts = counts.rename(columns={"table": "holds"})
    cells = Cells("rows left out", keys=("holds", "reason"), count="count")
    return Measured(counts, cells, used={}, left_out=0)


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


def _rates(study: Study, by: list[str]) -> tuple[pd.DataFrame, dict[str, int], int]:
    """Return rates of persons and of headcounts, rows used, and headcounts left out."""
    heads = study.headcounts
    effect = study.settings.design_effect
    parts = [
        attendance.rate(study.attendance, by=by) if len(study.attendance) else None,
        attendance.rate(heads, by=by, design_effect=effect) if len(heads) else None,
    ]
    result = pd.concat([part for part in parts if part is not None], ignore_index=True)
    left_out = int(parts[1]["n_missing"].sum()) if parts[1] is not None else 0
    used = {"attendance": len(study.attendance), "headcounts": len(heads) - left_out}
    return result[result["n"] > 0], {key: rows for key, rows in used.items() if rows}, left_out


def _attendance_overall(study: Study) -> Measured:
    result = attendance.rate(study.attendance, by="role")
    used = {"attendance": len(study.attendance)}
    return Measured(result[result["n"] > 0], attendance.RATE_CELLS.by("role"), used)


def _attendance_rate(study: Study) -> Measured:
    by = ["group_id", "role"]
    result, used, left_out = _rates(study, by)
    return Measured(in_order(result, study), attendance.RATE_CELLS.by(*by), used, left_out)


def _attendance_by_session(study: Study) -> Measured:
    # No design effect here: it is that of many sessions of the same people, not of one.
    tables = {"attendance": study.attendance, "headcounts": study.headcounts}
    used = {name: len(table) for name, table in tables.items() if len(table)}
    parts = [attendance.by_session(tables[name]) for name in used]
    result = in_order(pd.concat(parts, ignore_index=True), study)
    return Measured(result, attendance.by_session_cells(result), used)


def _attendance_by_person(study: Study) -> Measured:
    result = in_order(attendance.by_person(study.attendance), study)
    cells = Cells("persons", open=tuple(result.columns))
    return Measured(result, cells, {"attendance": len(study.attendance)})


def _attendance_map(study: Study) -> Measured:
    cells = Cells("persons", open=tuple(study.attendance.columns))
    return Measured(study.attendance, cells, {"attendance": len(study.attendance)})


COMPLETENESS: tuple[Exhibit, ...] = (
    Exhibit(
        id="completeness",
        section="completeness",
        title=N_("Forms received"),
        needs=("expected",),
        absent=NOTHING_EXPECTED,
        measure=_completeness,
        columns=("instrument", "informant", "received", "n", "estimate", "n_unexpected"),
        optional=("informant",),
        headings={"estimate": N_("Share received")},
        sentences=completeness_sentences,
        drawings=(
            Drawing(
                draw=figures.forms_received,
                describe=figures.describe_forms_received,
                caption=N_("Forms received of those expected"),
                per=None,
            ),
        ),
    ),
    Exhibit(
        id="completeness-by-group",
        section="completeness",
        title=N_("Forms received, by group"),
        needs=("expected",),
        absent=NOTHING_EXPECTED,
        measure=_completeness_by_group,
        columns=("group_id", "instrument", "informant", "received", "n", "estimate"),
        optional=("informant",),
        headings={"estimate": N_("Share received")},
        rows_by="group_id",
    ),
    Exhibit(
        id="left-out",
        section="completeness",
        title=N_("Rows left out"),
        needs=("excluded",),
        absent="",
        measure=_left_out,
        columns=("holds", "reason", "count"),
    ),
)

PARTICIPANTS: tuple[Exhibit, ...] = (
    Exhibit(
        id="groups",
        section="participants",
        title=N_("The groups"),
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
        arrange=lambda result, study: in_order(background.arranged(result), study),
        drawings=(
            Drawing(
                draw=figures.recruitment,
                describe=figures.describe_recruitment,
                caption=N_("How the children were referred"),
                rows=lambda result: result[result["variable"] == "referral_source"],
            ),
        ),
    ),
)

ATTENDANCE: tuple[Exhibit, ...] = (
    Exhibit(
        id="sessions",
        section="attendance",
        title=N_("Session programme"),
        needs=("sessions",),
        absent=NO_SESSIONS,
        measure=_sessions,
        columns=("group_id", "number", "held_on", "theme", "kind", "parents"),
        optional=("held_on", "theme", "kind", "parents"),
        rows_by="group_id",
        drawings=(
            Drawing(
                draw=figures.programme,
                describe=figures.describe_programme,
                caption=N_(
                    "The session programme, by kind of session. No mark: nothing reported of "
                    "parents"
                ),
                per=None,
            ),
        ),
    ),
    Exhibit(
        id="attendance-overall",
        section="attendance",
        title=N_("Attendance of all groups"),
        needs=("attendance",),
        absent="",
        measure=_attendance_overall,
        sentences=overall_rate_sentences,
        columns=(
            *("role", "present", "n", "estimate", "lower", "upper", "n_persons", "n_unknown"),
            *("estimate_all_absent", "estimate_all_present"),
        ),
        optional=("estimate_all_absent", "estimate_all_present"),
    ),
    Exhibit(
        id="attendance-rate",
        section="attendance",
        title=N_("Rate of attendance"),
        needs=("attendance", "headcounts"),
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
            *("n_persons", "design_effect", "n_sessions"),
        ),
        optional=("lower", "upper", "n_persons", "design_effect"),
        drawings=(
            Drawing(
                draw=figures.attendance_by_group,
                describe=figures.describe_attendance_by_group,
                caption=N_("Attendance of the children, by group"),
                per=None,
                rows=lambda result: result[result["role"] == "child"],
            ),
        ),
    ),
    Exhibit(
        id="attendance-by-session",
        section="attendance",
        title=N_("Attendance by session"),
        needs=("attendance", "headcounts"),
        absent=NO_ATTENDANCE,
        measure=_attendance_by_session,
        columns=("group_id", "number", "held_on", "theme", "role", "present", "n", "estimate"),
        optional=("held_on", "theme", "estimate"),
        rows_by="group_id",
        once=("number", "held_on", "theme"),
        drawings=(
            Drawing(
                draw=figures.attendance_by_session,
                describe=figures.describe_attendance_by_session,
                caption=N_("Present at each session, by role"),
            ),
        ),
    ),
    Exhibit(
        id="attendance-by-person",
        section="attendance",
        title=N_("Attendance by person"),
        needs=("attendance",),
        absent="",
        measure=_attendance_by_person,
        columns=("group_id", "role", "person_id", "present", "n", "estimate", "n_unknown"),
        rows_by="group_id",
        internal_only=True,
    ),
    Exhibit(
        id="attendance-map",
        section="attendance",
        title=N_("Who came when"),
        needs=("attendance",),
        absent="",
        measure=_attendance_map,
        internal_only=True,
        drawings=(
            Drawing(
                draw=figures.attendance_map,
                describe=figures.describe_attendance_map,
                caption=N_("Each person at each session"),
            ),
        ),
    ),
)
