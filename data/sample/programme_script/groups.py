"""Which groups there are, and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from programme_script.stated import (
    HOLIDAY_WEEKS,
    LEADERS,
    SESSIONS,
    SITES,
    TERMS,
    USER_REPRESENTATIVES,
    Site,
    one_of,
    stream,
)

MINUTES = 120
WINDING_UP = timedelta(days=14)
# Theme, its name in English, kind, and what parents do meanwhile.
CONTENT = (
    (
        "Familiesamling: bli kjent",
        "Family session: getting to know each other",
        "family",
        "together",
    ),
    ("Om psykisk sykdom og rus", "About mental illness and substance use", "children", ""),
    ("Følelser", "Feelings", "children", ""),
    ("Klatring", "Climbing", "activity", "alongside"),
    ("Nettverk", "Network", "children", ""),
    ("Meg selv", "Myself", "children", ""),
    ("Familiesamling: halvveis", "Family session: half-way", "family", "together"),
    ("Følelser, andre gang", "Feelings, second time", "children", ""),
    ("Svømming", "Swimming", "activity", "alongside"),
    ("Nettverk, andre gang", "Network, second time", "children", ""),
    ("Lek og drama", "Play and drama", "activity", ""),
    ("Håp og mening", "Hope and meaning", "children", ""),
    ("Veien videre", "The way on", "children", ""),
)
ENDING = ("Familiefest", "Family party", "family", "together")
THEMES = {nb: en for nb, en, _, _ in (*CONTENT, ENDING)}


@dataclass(frozen=True)
class Group:
    """A run of the programme: one site, one term, sessions a week apart."""

    place: int
    site: Site
    term: str
    part: int
    dates: tuple[date, ...]

    @property
    def id(self) -> str:
        """What files call the group."""
        more = f"-{self.part}" if self.part > 1 else ""
        return f"{self.site.name.lower()}-{self.term}{more}"

    @property
    def sheet(self) -> str:
        """What the site calls the group, among its own."""
        more = f" ({self.part})" if self.part > 1 else ""
        _, nb, _ = TERMS[self.term]
        return f"{nb.capitalize()} 2024{more}"

    @property
    def title(self) -> dict[str, str]:
        """What a report calls the group."""
        more = f" ({self.part})" if self.part > 1 else ""
        _, nb, en = TERMS[self.term]
        return {
            "nb": f"{self.site.name}, {nb} 2024{more}",
            "en": f"{self.site.name}, {en} 2024{more}",
        }

    @property
    def last(self) -> int:
        """The number of the last session."""
        return len(self.dates)

    @property
    def ends_on(self) -> date:
        """The day by which forms about the group have come in."""
        return self.dates[-1] + WINDING_UP

    def held_on(self, number: int) -> date:
        """Return the date of a session."""
        return self.dates[number - 1]


def plan(groups: int) -> list[Group]:
    """Return the groups: site after site, then the next term; from the third round in parallel."""
    made = []
    for place in range(groups):
        site = SITES[place % len(SITES)]
        later, term = divmod(place // len(SITES), len(TERMS))
        name = list(TERMS)[term]
        dates = weekly(TERMS[name][0], site.weekday, SESSIONS[place % len(SESSIONS)])
        made.append(Group(place + 1, site, name, later + 1, dates))
    return made


def weekly(monday: date, weekday: int, sessions: int) -> tuple[date, ...]:
    """Return as many dates, a week apart, school holidays left out."""
    weeks = (monday + timedelta(days=weekday, weeks=week) for week in range(52))
    held = [day for day in weeks if day.isocalendar().week not in HOLIDAY_WEEKS]
    return tuple(held[:sessions])


def session_id(group: Group, number: int) -> str:
    """Return what files call a session."""
    return f"{group.id}-{number:02d}"


def session_rows(groups: list[Group], seed: int) -> list[list[object]]:
    """Return the rows of the list of sessions, its header first."""
    header = "session_id,group_id,number,held_on,theme,kind,parents,duration_minutes,leaders"
    rows: list[list[object]] = [[*header.split(","), "user_representatives"]]
    for group in groups:
        rng = stream(seed, "sessions", group.id)
        content = (*CONTENT[: group.last - 1], ENDING)
        for number, (theme, _, kind, parents) in enumerate(content, start=1):
            held = [session_id(group, number), group.id, number, group.held_on(number)]
            staff = [one_of(LEADERS, rng), one_of(USER_REPRESENTATIVES, rng)]
            rows.append([*held, theme, kind, parents, MINUTES, *staff])
    return rows
