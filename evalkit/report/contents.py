"""What stands in a report, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean
from evalkit.errors import Problem, StudyError
from evalkit.locale import N_
from evalkit.report.of_attendance import ATTENDANCE
from evalkit.report.of_forms import exhibits_of_forms
from evalkit.report.of_groups import COMPLETENESS, PARTICIPANTS
from evalkit.report.of_method import METHOD
from evalkit.study.settings_file import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalkit.privacy import Policy
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


def exhibits_of(study: Study, policy: Policy) -> list[Exhibit]:
    """Return the exhibits that a report on a study may have, section by section.

    Raises
    ------
    StudyError
        study.toml keeps an exhibit internal that there is not.
    """
    fixed = (*COMPLETENESS, *PARTICIPANTS, *ATTENDANCE)
    every = [*fixed, *exhibits_of_forms(study), *METHOD]
    place = {section: number for number, section in enumerate(SECTIONS)}
    every.sort(key=lambda exhibit: place[exhibit.section])
    kept = study.settings.disclosure.internal_exhibits
    _check_names(kept, every, study)
    return [each for each in every if policy.internal or _may_stand(each, kept, policy)]


def _may_stand(exhibit: Exhibit, kept: Sequence[str], policy: Policy) -> bool:
    """Return whether an exhibit may stand in a report that is not internal."""
    if exhibit.internal_only or exhibit.id in kept:
        return False
    return policy.shows_persons or not exhibit.single_persons


def _check_names(kept: Sequence[str], every: Sequence[Exhibit], study: Study) -> None:
    known = [exhibit.id for exhibit in every]
    line = study.settings.lines.get(("disclosure", "internal_exhibits"))
    problems = [
        Problem(
            NAME,
            f"'disclosure.internal_exhibits' names '{name}', which is no exhibit of this study. "
            f"{did_you_mean(name, known)}",
            row=line,
        )
        for name in kept
        if name not in known
    ]
    if problems:
        raise StudyError(problems)
