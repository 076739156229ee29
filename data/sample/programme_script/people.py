"""Who takes part, from when to when, and who was there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme_script.stated import (
    AGES,
    ENDINGS,
    EXCUSED,
    FIRST_SESSION_AT_RISK,
    GIRLS,
    HAZARD,
    LATE,
    LATE_STARTS,
    MOTHER_FIRST,
    PRESENT,
    PRESENT_ICC,
    PROFESSIONALS_PER_GROUP,
    SOURCES,
    TWO_PARENTS,
    UNKNOWN_MARK,
    USER_REPRESENTATIVES_PER_GROUP,
    one_of,
    stream,
)

if TYPE_CHECKING:
    from datetime import date

    import numpy as np

    from programme_script.groups import Group

COMPLETED = "fullført"
FEW = 10
PARTICIPANTS = {
    "person_id": "Kode",
    "group_id": "Gruppe",
    "role": "Rolle",
    "family_id": "Familie",
    "age_years": "Alder",
    "gender": "Kjønn",
    "referral_source": "Henvist av",
    "enrolled_on": "Startet",
    "ended_on": "Sluttet",
    "ended_how": "Hvordan",
}


@dataclass(frozen=True)
class Child:
    """A child of a group, from its first to its last session, and when it was there."""

    code: str
    group: Group
    age: int
    gender: str
    source: str
    parents: dict[str, str]
    first: int
    last: int
    ended: str
    statuses: dict[int, str] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The code of the family."""
        return self.code.replace("B", "F")

    @property
    def attended(self) -> list[int]:
        """The numbers of the sessions the child was at."""
        return [number for number, status in self.statuses.items() if status == "present"]

    @property
    def from_to(self) -> tuple[date, date]:
        """The days of the first and of the last session that was the child's."""
        return self.group.held_on(self.first), self.group.held_on(self.last)


def children_of(group: Group, size: int, seed: int, *, clean: bool) -> list[Child]:
    """Return the children of a group, with who was there when."""
    codes = [f"B{group.place}{number:02d}" for number in range(1, size + 1)]
    unknown = 0.0 if clean or group.site.register != "questions" else UNKNOWN_MARK
    return [_child(code, group, stream(seed, "child", code), unknown) for code in codes]


def _child(code: str, group: Group, rng: np.random.Generator, unknown: float) -> Child:
    first = int(rng.choice(LATE_STARTS)) if rng.random() < LATE else 1
    last, ended = _ending(group, first, rng)
    return Child(
        code,
        group,
        age=one_of(AGES, rng),
        gender="jente" if rng.random() < GIRLS else "gutt",
        source=one_of(SOURCES, rng),
        parents=_parents(code.replace("B", "F"), rng),
        first=first,
        last=last,
        ended=ended,
        statuses=_statuses(first, last, unknown, rng),
    )


def _ending(group: Group, first: int, rng: np.random.Generator) -> tuple[int, str]:
    for number in range(max(first, FIRST_SESSION_AT_RISK), group.last):
        if rng.random() < HAZARD:
            return number, one_of(ENDINGS, rng)
    return group.last, COMPLETED


def _parents(family: str, rng: np.random.Generator) -> dict[str, str]:
    both = ["kvinne", "mann"] if rng.random() < MOTHER_FIRST else ["mann", "kvinne"]
    answering = both if rng.random() < TWO_PARENTS else both[:1]
    return {f"{family}-{number}": gender for number, gender in enumerate(answering, start=1)}


def _statuses(first: int, last: int, unknown: float, rng: np.random.Generator) -> dict[int, str]:
    """Draw each session: the child's own chance from a beta distribution, the rest by itself."""
    trials = 1 / PRESENT_ICC - 1
    own = rng.beta(PRESENT * trials, (1 - PRESENT) * trials)
    return {number: _status(own, unknown, rng) for number in range(first, last + 1)}


def _status(own: float, unknown: float, rng: np.random.Generator) -> str:
    there, why, mark = rng.random(3)
    if mark < unknown:
        return "unknown"
    if there < own:
        return "present"
    return "excused" if why < EXCUSED else "absent"


def participant_rows(groups: list[Group], children: list[Child]) -> list[list[object]]:
    """Return the rows of the list of participants, its header first."""
    rows: list[list[object]] = [list(PARTICIPANTS.values())]
    for group in groups:
        own = [child for child in children if child.group is group]
        for child in own:
            who = [child.code, group.id, "barn", child.family, child.age, child.gender]
            rows.append([*who, child.source, *child.from_to, child.ended])
        for child in own:
            for code, gender in child.parents.items():
                who = [code, group.id, "forelder", child.family, None, gender]
                rows.append([*who, None, *child.from_to, child.ended])
        rows += [[code, group.id, role, *[None] * 7] for code, role in staff_of(group)]
    return rows


def staff_of(group: Group) -> list[tuple[str, str]]:
    """Return the codes and roles of those who work in a group."""
    professionals = range(1, PROFESSIONALS_PER_GROUP + 1)
    representatives = range(1, USER_REPRESENTATIVES_PER_GROUP + 1)
    return [
        *((f"A{group.place}{number:02d}", "fagperson") for number in professionals),
        *((f"R{group.place}{number:02d}", "brukerrepresentant") for number in representatives),
    ]


def consent_rows(children: list[Child], *, clean: bool) -> list[list[object]]:
    """Return the rows of the list of consents, its header first: each as it stands at the end.

    Unless clean, one is refused for the forms, one was withdrawn for the forms, one for the
    interview.
    """
    rows: list[list[object]] = [["person_id", "given_by", "scope", "status", "dated"]]
    refused, withdrawn, no_interview = (None, None, None) if clean else _who_said_no(children)
    for child in children:
        by, (started, _) = min(child.parents), child.from_to
        later = child.group.held_on(child.group.last - 2)
        answers = {"forms": ("given", started), "interview": ("given", started)}
        if child is refused:
            answers["forms"] = ("refused", started)
        if child is withdrawn:
            answers["forms"] = ("withdrawn", later)
        if child is no_interview:
            answers["interview"] = ("withdrawn", later)
        rows += [[child.code, by, scope, *answer] for scope, answer in answers.items()]
    return rows


def _who_said_no(children: list[Child]) -> list[Child | None]:
    """Return three children spread over the list; where there are few, nobody said no."""
    if len(children) < FEW:
        return [None, None, None]
    return [children[len(children) * part // 4] for part in (1, 2, 3)]
