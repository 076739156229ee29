"""Exhibits of the sessions: the programme, and who came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import attendance
from evalkit.privacy import Cells
from evalkit.report.exhibits import Drawing, Exhibit, Measured, in_order
from evalkit.report.sentences import overall_rate_sentences, rate_sentences

if TYPE_CHECKING:
    from evalkit.study import Study

NO_SESSIONS = N_("No sessions were available, so the programme is not shown.")
NO_ATTENDANCE = N_("No attendance was available.")
NO_RATE = N_("No rate of attendance: how many were expected, or how many came, is not known.")


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
    cells = attendance.by_person_cells(result)
    return Measured(result, cells, {"attendance": len(study.attendance)})


def _attendance_map(study: Study) -> Measured:
    cells = Cells("persons", open=tuple(study.attendance.columns))
    return Measured(study.attendance, cells, {"attendance": len(study.attendance)})


def _children_of_several_groups(result: pd.DataFrame) -> pd.DataFrame:
    """Return the rates to draw: of one group the sentence says it all."""
    children = result[result["role"] == "child"]
    return children if len(children) > 1 else children[:0]


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
                rows=_children_of_several_groups,
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
                least_share=0.5,
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
        arrange=in_order,
        single_persons=True,
    ),
    Exhibit(
        id="attendance-map",
        section="attendance",
        title=N_("Who came when"),
        needs=("attendance",),
        absent="",
        measure=_attendance_map,
        arrange=in_order,
        single_persons=True,
        drawings=(
            Drawing(
                draw=figures.attendance_map,
                describe=figures.describe_attendance_map,
                caption=N_("Each person at each session"),
            ),
        ),
    ),
)
