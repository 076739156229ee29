"""The forms that children and caretakers fill in after sessions, drawn child by child."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from programme_script.stated import (
    ALLIANCE_SD,
    CARETAKER,
    CARETAKER_SESSIONS,
    CARETAKER_TAKES_PART,
    FORM_FILLED_IN,
    GROUP_ALLIANCE,
    GROWTH,
    ITEM_MISSING,
    ITEM_SD,
    ITEMS_OF_A_FORM,
    OCCASION_SD,
    OLDEST_WITH_CORS,
    START,
    stream,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from programme_script.people import Child


Answers = tuple[float | None, ...]


class Form(NamedTuple):
    """A filled-in form: who it is about, who answered, at which session, and the answers."""

    code: str
    respondent: str
    number: int
    day: date
    answers: Answers


class Course(NamedTuple):
    """How a child is over the sessions: total at the start, rise to the end, how items lean."""

    start: float
    growth: float
    leaning: np.ndarray

    def total(self, child: Child, number: int) -> float:
        """Return the true total at a session."""
        return self.start + self.growth * (number - 1) / (child.group.last - 1)


def course_of(child: Child, seed: int) -> Course:
    """Draw a child's course."""
    rng = stream(seed, "course", child.code)
    start, growth = (rng.normal(each.mean, each.stdev) for each in (START, GROWTH))
    leaning = rng.normal(0, ITEM_SD, ITEMS_OF_A_FORM)
    return Course(start, growth, leaning - leaning.mean())


def own_outcome(child: Child, seed: int, *, clean: bool) -> list[Form]:
    """Return what a child said of how it is (CORS, or ORS for the oldest), session by session."""
    course, rng = course_of(child, seed), stream(seed, "outcome", child.code)
    totals = {n: rng.normal(course.total(child, n), OCCASION_SD) for n in child.attended}
    return _own(child, totals, course.leaning, rng, clean=clean)


def own_session(child: Child, seed: int, *, clean: bool) -> list[Form]:
    """Return what a child said of the sessions (CGSRS)."""
    rng = stream(seed, "session", child.code)
    level = rng.normal(GROUP_ALLIANCE.mean, GROUP_ALLIANCE.stdev)
    totals = {n: rng.normal(level, ALLIANCE_SD) for n in child.attended}
    return _own(child, totals, np.zeros(ITEMS_OF_A_FORM), rng, clean=clean)


def _own(
    child: Child,
    totals: Mapping[int, float],
    leaning: np.ndarray,
    rng: np.random.Generator,
    *,
    clean: bool,
) -> list[Form]:
    filled_in = [number for number in totals if rng.random() < FORM_FILLED_IN]
    return [
        _form(child, child.code, number, _answers(totals[number], leaning, rng, clean=clean))
        for number in filled_in
    ]


def caretakers(child: Child, seed: int, *, clean: bool) -> list[Form]:
    """Return what the first caretaker said of how the child is, where one took part."""
    course, rng = course_of(child, seed), stream(seed, "caretaker", child.code)
    if child.age > OLDEST_WITH_CORS or rng.random() > CARETAKER_TAKES_PART:
        return []
    apart = rng.normal(CARETAKER.mean, CARETAKER.stdev)
    numbers = [n for n in CARETAKER_SESSIONS if child.first <= n <= child.last]
    totals = {n: rng.normal(course.total(child, n) + apart, OCCASION_SD) for n in numbers}
    return [
        _form(child, min(child.parents), n, _answers(total, course.leaning, rng, clean=clean))
        for n, total in totals.items()
    ]


def _form(child: Child, respondent: str, number: int, answers: Answers) -> Form:
    return Form(child.code, respondent, number, child.group.held_on(number), answers)


def _answers(
    total: float, leaning: np.ndarray, rng: np.random.Generator, *, clean: bool
) -> Answers:
    """Return the answers on lines of 10 cm, to the millimetre; now and then one is left out."""
    points = total / ITEMS_OF_A_FORM + leaning + rng.normal(0, ITEM_SD, ITEMS_OF_A_FORM)
    tenths = np.floor(np.clip(points, 0, 10) * 10 + 0.5).astype(int)
    left_out = rng.random(ITEMS_OF_A_FORM) < (0.0 if clean else ITEM_MISSING)
    return tuple(
        None if gone else int(tenth) / 10 for tenth, gone in zip(tenths, left_out, strict=True)
    )
