"""What stands in a report, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.locale import N_
from evalkit.report.of_attendance import ATTENDANCE
from evalkit.report.of_forms import exhibits_of_forms
from evalkit.report.of_groups import COMPLETENESS, PARTICIPANTS
from evalkit.report.of_method import METHOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.report.exhibits import Exhibit
    from evalkit.study import Study

SECTIONS: Mapping[str, str] = {
    "completeness": N_("Completeness"),
    "participants": N_("Participants"),
    "attendance": N_("Attendance"),
    "children": N_("The children"),
    "parents": N_("The parents"),
    "professionals": N_("The professionals"),
    "method": N_("Method and data"),
}

VOICES: Mapping[str, str] = {
    "children": N_("No forms of the children were available."),
    "parents": N_("No forms of the parents were available."),
    "professionals": N_("No forms of the professionals were available."),
}
"""Sections of forms, and what the method part says where there are none."""


def exhibits_of(study: Study, *, internal: bool) -> list[Exhibit]:
    """Return the exhibits that a report on a study may have, section by section."""
    fixed = (*COMPLETENESS, *PARTICIPANTS, *ATTENDANCE)
    every = [*fixed, *exhibits_of_forms(study), *METHOD]
    place = {section: number for number, section in enumerate(SECTIONS)}
    every.sort(key=lambda exhibit: place[exhibit.section])
    return [exhibit for exhibit in every if internal or not exhibit.internal_only]
