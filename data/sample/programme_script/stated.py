"""Every number and word the sample is drawn from; README.md of the sample tells them again."""

from __future__ import annotations

from datetime import date
from statistics import NormalDist
from typing import NamedTuple, TypeVar

import numpy as np

SEED = 2254

T = TypeVar("T")


class Site(NamedTuple):
    """An invented place: how its register is kept, and when its couple talks got a form."""

    name: str
    weekday: int
    register: str
    kor: str
    talks: int
    form_from: date


SITES = (
    Site("Eventyrvik", 1, "mixed", "workbook", talks=26, form_from=date(2024, 1, 8)),
    Site("Regnbuli", 2, "ones", "csv", talks=22, form_from=date(2024, 2, 5)),
    Site("Skydal", 3, "crosses", "csv", talks=18, form_from=date(2024, 5, 13)),
    Site("Stjernenes", 1, "questions", "workbook", talks=14, form_from=date(2024, 9, 2)),
)

CHILDREN = (8, 7, 9, 6, 8, 7)
SESSIONS = (12, 10, 14, 12, 11, 13)
TERMS = {
    "v24": (date(2024, 1, 15), "våren", "spring"),
    "h24": (date(2024, 9, 2), "høsten", "autumn"),
}
HOLIDAY_WEEKS = {8, 13, 40}

AGES = {8: 0.14, 9: 0.18, 10: 0.20, 11: 0.20, 12: 0.18, 13: 0.10}
GIRLS = 0.55
TWO_PARENTS = 0.65
MOTHER_FIRST = 0.85
SOURCES = {
    "helsesykepleier": 0.34,
    "barnevern": 0.20,
    "PPT": 0.12,
    "psykisk helsevern": 0.16,
    "familievernkontor": 0.10,
    "selv": 0.08,
}
PROFESSIONALS_PER_GROUP = 3
USER_REPRESENTATIVES_PER_GROUP = 1
STAFF_PER_GROUP = PROFESSIONALS_PER_GROUP + USER_REPRESENTATIVES_PER_GROUP
LEADERS = {1: 0.05, 2: 0.85, 3: 0.10}
USER_REPRESENTATIVES = {0: 0.15, 1: 0.80, 2: 0.05}

LATE = 0.07
LATE_STARTS = (2, 3, 4)
HAZARD = 0.013
FIRST_SESSION_AT_RISK = 4
ENDINGS = {"uten avtale": 0.6, "avtalt": 0.2, "flyttet": 0.2}

PRESENT = 0.88
PRESENT_ICC = 0.10
EXCUSED = 0.6
UNKNOWN_MARK = 0.03

START = NormalDist(30.0, 5.5)
GROWTH = NormalDist(3.0, 2.0)
OCCASION_SD = 3.5
ITEM_SD = 0.6
ITEMS_OF_A_FORM = 4
CARETAKER = NormalDist(-1.0, 3.0)
GROUP_ALLIANCE = NormalDist(35.5, 2.5)
ALLIANCE_SD = 2.5
FORM_FILLED_IN = 0.93
CARETAKER_TAKES_PART = 0.6
CARETAKER_SESSIONS = (1, 10)
ITEM_MISSING = 0.012
OLDEST_WITH_CORS = 12

PARENT_ANSWERS = 0.75
PARENT_ANSWERS_AFTER_DROPPING_OUT = 0.35
NOT_RELEVANT = 0.06
NOT_RELEVANT_CODE = 9
ANSWER_MISSING = 0.02
RESPONDENT_CORRELATION = 0.4
COMMENT = 0.3
PROFESSIONALS_RETURN = 0.8
TALK_FORM_FILLED_IN = 0.92

DEGREES = (
    "I svært liten grad",
    "I liten grad",
    "I noen grad",
    "I stor grad",
    "I svært stor grad",
)


class Question(NamedTuple):
    """A question of a survey: its item id, what the export calls it, and how it is answered.

    ``shares`` are those of the answers 1, 2, ...; ``label`` stands in the codebook.
    """

    item: str
    header: str
    shares: tuple[float, ...]
    label: str = ""
    may_be_not_relevant: bool = False


PARENTS = (
    Question("satisfaction", "fornoyd", (0.00, 0.00, 0.16, 0.36, 0.48), "Fornøyd med tilbudet"),
    Question("belief", "tro", (0.00, 0.00, 0.18, 0.42, 0.40), "Tro på at tilbudet hjelper"),
    Question("child_benefit", "utbytte.barn", (0.00, 0.00, 0.19, 0.43, 0.38), "Utbytte for barnet"),
    Question("parent_benefit", "utbytte.meg", (0.03, 0.08, 0.22, 0.40, 0.27), "Utbytte for meg"),
    Question(
        "understanding", "forstaelse", (0.00, 0.00, 0.25, 0.44, 0.31), "Forstår barnets situasjon"
    ),
    Question(
        "meeting_others", "mote_andre", (0.00, 0.00, 0.20, 0.36, 0.44), "Å møte andre foreldre"
    ),
    Question(
        "information_before", "info.for", (0.02, 0.07, 0.21, 0.42, 0.28), "Informasjon før oppstart"
    ),
    Question(
        "information_during",
        "info.underveis",
        (0.05, 0.15, 0.30, 0.33, 0.17),
        "Informasjon underveis",
    ),
    Question("organisation", "organisering", (0.00, 0.00, 0.22, 0.46, 0.32), "Organisering"),
    Question("hour_of_day", "klokkeslett", (0.08, 0.17, 0.28, 0.30, 0.17), "Tid på dagen", True),
    Question(
        "user_representative",
        "brukerrep",
        (0.00, 0.00, 0.18, 0.38, 0.44),
        "Brukerrepresentanten til stede",
        True,
    ),
    Question(
        "wish_to_continue", "fortsette", (0.00, 0.00, 0.20, 0.26, 0.54), "Ønske om å fortsette"
    ),
)

PROFESSIONALS = (
    Question("competence_useful", "Egen kompetanse nyttig", (0.00, 0.00, 0.00, 0.54, 0.46)),
    Question("competence_strengthened", "Egen kompetanse styrket", (0.01, 0.06, 0.20, 0.45, 0.28)),
    Question("competence_spread", "Kompetansen sprer seg", (0.04, 0.16, 0.38, 0.30, 0.12)),
    Question("cooperation_positive", "Samarbeidet positivt", (0.00, 0.00, 0.00, 0.50, 0.50)),
    Question("aims_reached", "Målene nådd", (0.00, 0.00, 0.38, 0.62, 0.00)),
    Question("resources_as_expected", "Ressursbruk som forventet", (0.12, 0.30, 0.34, 0.19, 0.05)),
    Question("possible_to_continue", "Mulig å videreføre", (0.06, 0.20, 0.36, 0.27, 0.11)),
)

TALKS = (
    Question("gender", "Kjønn", (0.34, 0.66)),
    Question("relation", "Relasjon", (0.35, 0.65)),
    Question("heard_of", "Hørt om familievernet", (0.62, 0.38)),
    Question("would_have_made_contact", "Ville tatt kontakt", (0.18, 0.24, 0.40, 0.18)),
    Question("useful", "Nyttig", (0.00, 0.00, 0.20, 0.38, 0.42)),
)

COMMENTS = (
    "Skulle ønske det varte lenger.",
    "Vi ville gjerne hatt flere samlinger for foreldre.",
    "Klatringen var høydepunktet.",
    "Tidspunktet passet dårlig; vi måtte gå tidlig fra jobb.",
    "Fint at noen med egen erfaring var med.",
    "Mer informasjon underveis hadde vært bra.",
    "Godt å treffe andre i samme situasjon.",
)
# Of professionals: what the file calls the question, and what some write.
OPEN_QUESTIONS = {
    "competence_needs": ("Kompetanse vi savnet", "Mer om barn som pårørende."),
    "cooperation_experience": (
        "Erfaring med samarbeidet",
        "Vi utfylte hverandre, også når vi var uenige.",
    ),
    "cooperation_challenges": ("Utfordringer", "Det tok tid å finne felles møtetider."),
    "other_offers": (
        "Andre tilbud det er behov for",
        "Et tilbud til ungdom, og et til foreldrene.",
    ),
    "missed": ("Savnet eller ønsket annerledes", "Mer tid til planlegging."),
    "anything_else": ("Annet", "Bør bli et fast tilbud."),
}


def icc_of_scores() -> float:
    """Return the share of the variance of a total at the start that lies between children."""
    within = OCCASION_SD**2 + ITEMS_OF_A_FORM * ITEM_SD**2
    return START.variance / (START.variance + within)


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the random numbers of one topic: what is drawn elsewhere does not move them."""
    return np.random.default_rng([seed, *"/".join(names).encode()])


def one_of(shares: dict[T, float], rng: np.random.Generator) -> T:
    """Draw a value with the probability stated for it."""
    return list(shares)[rng.choice(len(shares), p=list(shares.values()))]
