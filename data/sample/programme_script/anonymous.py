"""The anonymous forms: those who worked in the groups, and couples after a talk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from programme_script.people import staff_of
from programme_script.settings import Entry
from programme_script.stated import (
    ANSWER_MISSING,
    COMMENT,
    DEGREES,
    OPEN_QUESTIONS,
    PROFESSIONALS,
    PROFESSIONALS_RETURN,
    TALK_FORM_FILLED_IN,
    TALKS,
    Site,
    stream,
)
from programme_script.surveys import answers_of
from programme_script.writing import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np

    from programme_script.groups import Group

ROLE = "Rolle"
ROLES = {"Fagperson": "professional", "Brukerrepresentant": "user_representative"}
DATE = "Dato"
WORKING_DAYS = range(5)
YEAR = (date(2024, 1, 8), date(2024, 12, 20))


def professionals_file(folder: Path, groups: list[Group], seed: int, *, clean: bool) -> Entry:
    """Write what professionals and user representatives answered, in words; return its entry."""
    path, rng = "raw/fagpersoner.csv", stream(seed, "professionals")
    roles = [role.capitalize() for group in groups for _, role in staff_of(group)]
    returned = rng.permutation(roles)[: int(len(roles) * PROFESSIONALS_RETURN)]
    missing = 0.0 if clean else ANSWER_MISSING
    questions = [question.header for question in PROFESSIONALS]
    rows: list[list[object]] = [[ROLE, *questions, *(name for name, _ in OPEN_QUESTIONS.values())]]
    for role in returned:
        answers = answers_of(PROFESSIONALS, rng, missing)
        words = [None if code is None else DEGREES[code - 1] for code in answers]
        texts = [text if rng.random() < COMMENT else None for _, text in OPEN_QUESTIONS.values()]
        rows.append([role, *words, *texts])
    write_csv(folder / path, rows)
    more = {
        "columns": {"informant": ROLE},
        "values": {"informant": ROLES},
        "items": {
            **{question.item: question.header for question in PROFESSIONALS},
            **{item: header for item, (header, _) in OPEN_QUESTIONS.items()},
        },
    }
    return Entry(path, "SMIL_PROFESSIONALS", "anonymous", more)


def talk_files(folder: Path, sites: list[Site], seed: int, *, clean: bool) -> Iterator[Entry]:
    """Write the forms after couple talks of each site, from the day it took the form into use."""
    for site in sites:
        path, rng = f"raw/parsamtaler/{site.name.lower()}.csv", stream(seed, "talks", site.name)
        rows = _talks(site, rng, 0.0 if clean else ANSWER_MISSING)
        write_csv(folder / path, [[DATE, *(question.header for question in TALKS)], *rows])
        more = {
            "informant": "self",
            "columns": {"answered_on": DATE},
            "items": {question.item: question.header for question in TALKS},
        }
        yield Entry(path, "COUPLE_TALK", "anonymous", more)


def _talks(site: Site, rng: np.random.Generator, missing: float) -> list[list[object]]:
    """Draw the days of a site's talks, and the form of each from the day it was in use."""
    first, last = YEAR
    days = [first + timedelta(days=passed) for passed in range((last - first).days + 1)]
    weekdays = [day for day in days if day.weekday() in WORKING_DAYS]
    rows: list[list[object]] = []
    for place in sorted(rng.integers(len(weekdays), size=site.talks)):
        answers, filled_in = answers_of(TALKS, rng, missing), rng.random() < TALK_FORM_FILLED_IN
        if filled_in and weekdays[place] >= site.form_from:
            rows.append([weekdays[place], *answers])
    return rows
