"""Headers of a register: which session a column is, and which columns and rows are sums."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

WORDS = [
    "samling",
    "gruppesamling",
    "møte",
    "gruppemøte",
    "sesjon",
    "session",
    "meeting",
    "gang",
    "treff",
    "økt",
    "kveld",
    "kurskveld",
    "kursdag",
    "time",
    "oppmøte",
    "s",
]
MONTH_NAMES = (
    "januar februar mars april mai juni juli august september oktober november desember",
    "january february march april may june july august september october november december",
)
MONTHS = {
    name: number
    for names in MONTH_NAMES
    for number, month in enumerate(names.split(), 1)
    for name in (month, month[:3])
}
WORD = f"(?:{'|'.join(WORDS)})"
MONTH = f"(?P<month>{'|'.join(MONTHS)})\\b"
NUMBER = r"(?:nr\.?|no\.?|#)?[ .]*(?P<number>[0-9]{1,3})\.?"
THEME = r"(?:[ ]*[:–—-][ ]*(?![0-9]).+|[ ]*\((?![0-9]).+\))?"
SESSION = re.compile(
    rf"{WORD}[ .]*{NUMBER}{THEME}|(?P<ordinal>[0-9]{{1,3}})\.?[ ]*{WORD}{THEME}|"
    r"(?:nr\.?|no\.?|#)?[ ]*(?P<bare>[0-9]{1,2})\.?"
)
CLOCK = r"(?:[t ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
DATES = (
    re.compile(
        rf"(?<![0-9])(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{1,2}})-(?P<d>[0-9]{{1,2}}){CLOCK}(?![0-9])"
    ),
    re.compile(
        r"(?<![0-9.])(?P<d>[0-9]{1,2})[./-] ?(?P<m>[0-9]{1,2})[./-] ?"
        rf"(?P<y>[0-9]{{4}}|[0-9]{{2}}){CLOCK}(?![0-9])"
    ),
    re.compile(
        rf"(?<![0-9])(?P<d>[0-9]{{1,2}})\.? ?{MONTH}\.? ?(?P<y>[0-9]{{4}}|'?[0-9]{{2}})?(?![0-9])"
    ),
    re.compile(r"(?<![0-9.])(?P<d>[0-9]{1,2})[./] ?(?P<m>[0-9]{1,2})\.?(?![0-9])"),
)
WEEKDAY = re.compile(
    r"\b(?:(?:man|tirs?|ons|tors?|fre|lør|søn)(?:dag)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"mon|tue|wed|thu|fri|sat|sun)\b\.?,?"
)
TIME = re.compile(
    r"\b(?:kl|at)\b\.? ?[0-9]{1,2}(?:[.:][0-9]{2})?(?: ?[-–] ?[0-9]{1,2}(?:[.:][0-9]{2})?)?"
)
WEEK = re.compile(r"(?:uke|u|week|w)[ .]*[0-9]{1,2}\.?")
EDGES = " ()[]{}-–—,:;.|/"

NO_YEAR = "has a date without a year. Write it with one, as 12.03.2024"
NO_DAY = "has a date that is not in the calendar (the day comes first). Write it as 12.03.2024"
NO_SESSION = "names a week, which is no number of a session. Write 'Samling 4' or the date"


class Session(NamedTuple):
    """What a header says of its session.

    ``bare`` is a number that stands alone; ``doubt`` says what could not be read.
    """

    number: int | None = None
    held_on: dt.date | None = None
    bare: bool = False
    doubt: str | None = None

    @property
    def known(self) -> bool:
        """Whether the header tells which session it is."""
        return self.number is not None or self.held_on is not None


def session_in(header: str) -> Session | None:
    """Return the session that a header names; None for any other header.

    >>> session_in("Samling 4 (12.03.2024)")
    Session(number=4, held_on=datetime.date(2024, 3, 12), bare=False, doubt=None)
    """
    text = " ".join(header.casefold().split())
    if WEEK.fullmatch(text):
        return Session(doubt=NO_SESSION)
    text = " ".join(TIME.sub(" ", WEEKDAY.sub(" ", text)).split())
    found = next((match for match in (date.search(text) for date in DATES) if match), None)
    if found is None:
        return _numbered(text, None, None)
    held_on, doubt = _day(found)
    before, after = text[: found.start()].strip(EDGES), text[found.end() :].strip(EDGES)
    if not before and not after:
        return Session(held_on=held_on, doubt=doubt)
    numbered = _numbered(f"{before} {after}".strip(), held_on, doubt)
    if numbered is None and not re.search("[0-9]", after) and sum_kind(after) is None:
        themed = Session(held_on=held_on, doubt=doubt)  # what follows is the theme
        return _numbered(before, held_on, doubt) if before else themed
    return numbered


def _numbered(text: str, held_on: dt.date | None, doubt: str | None) -> Session | None:
    match = SESSION.fullmatch(text)
    if match is None:
        return None
    number = int(match["number"] or match["ordinal"] or match["bare"])
    return Session(number, held_on, bare=match["bare"] is not None and held_on is None, doubt=doubt)


def _day(match: re.Match[str]) -> tuple[dt.date | None, str | None]:
    """Return the date of a match; years of two digits are in this century."""
    parts = match.groupdict()
    if not parts.get("y"):
        return None, NO_YEAR
    year = int(parts["y"].strip("'"))
    month = MONTHS[parts["month"]] if parts.get("month") else int(parts["m"])
    try:
        return dt.date(year + 2000 if year < 100 else year, month, int(parts["d"])), None
    except ValueError:
        return None, NO_DAY


SUM_WORDS = {
    "unchecked": "snitt gjennomsnitt gj.snitt mean average",
    "share": "% prosent percent andel share oppmøteprosent frammøteprosent",
    "absent": "fravær borte absent absence absences",
    "present": (
        "tilstede present oppmøte oppmøter frammøte fremmøte møtt attended attendance "
        "sum summer totalt total totalsum antall number"
    ),
}
FILLING = (
    "av i alt per pr barn barna deltakere deltagere personer samling samlinger ganger the of n"
)


def sum_kind(text: str) -> str | None:
    """Return what a header or first cell sums up: present, absent, share, unchecked; or None.

    >>> sum_kind("Antall til stede"), sum_kind("Oppmøte i %"), sum_kind("Gruppe")
    ('present', 'share', None)
    """
    plain = text.casefold().replace("til stede", "tilstede").replace("%", " % ")
    words = set(re.split(r"[\s:()=,/]+", plain)) - {""}
    kinds = {kind: set(known.split()) for kind, known in SUM_WORDS.items()}
    if words - set(FILLING.split()) - set().union(*kinds.values()):
        return None
    return next((kind for kind, known in kinds.items() if words & known), None)
