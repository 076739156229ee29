"""README.md of the sample: what it is drawn from, told with the very numbers it is drawn from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from programme_script import stated
from programme_script.people import COMPLETED, Child

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from programme_script.groups import Group

TEMPLATE = Path(__file__).with_name("readme_template.md")


def readme(groups: list[Group], children: list[Child], seed: int) -> str:
    """Return README.md."""
    text = TEMPLATE.read_text("utf-8")
    return text.format(**_drawn(groups, children), **_people(), **_forms(), **_surveys(), seed=seed)


def _drawn(groups: list[Group], children: list[Child]) -> dict[str, object]:
    statuses = [status for child in children for status in child.statuses.values()]
    return {
        "groups": len(groups),
        "sites": len({group.site for group in groups}),
        "children": len(children),
        "parents": sum(len(child.parents) for child in children),
        "late": sum(child.first > 1 for child in children),
        "ended": sum(child.ended != COMPLETED for child in children),
        "expected": len(statuses),
        "share": _percent(statuses.count("present") / len(statuses)),
    }


def _people() -> dict[str, object]:
    return {
        "ages": _shares(stated.AGES),
        "girls": _percent(stated.GIRLS),
        "sources": _shares(stated.SOURCES),
        "two": _percent(stated.TWO_PARENTS),
        "mother": _percent(stated.MOTHER_FIRST),
        "late_share": _percent(stated.LATE),
        "late_starts": _listed(stated.LATE_STARTS),
        "hazard": _percent(stated.HAZARD),
        "at_risk": stated.FIRST_SESSION_AT_RISK,
        "endings": _shares(stated.ENDINGS),
        "present": _percent(stated.PRESENT),
        "present_icc": stated.PRESENT_ICC,
        "excused": _percent(stated.EXCUSED),
        "unknown": _percent(stated.UNKNOWN_MARK),
    }


def _forms() -> dict[str, object]:
    return {
        "start": stated.START,
        "growth": stated.GROWTH,
        "occasion_sd": stated.OCCASION_SD,
        "icc": _percent(stated.icc_of_scores()),
        "item_sd": stated.ITEM_SD,
        "caretaker": stated.CARETAKER,
        "caretaker_share": _percent(stated.CARETAKER_TAKES_PART),
        "caretaker_sessions": _listed(stated.CARETAKER_SESSIONS),
        "alliance": stated.GROUP_ALLIANCE,
        "alliance_sd": stated.ALLIANCE_SD,
        "filled_in": _percent(stated.FORM_FILLED_IN),
        "item_missing": _percent(stated.ITEM_MISSING),
    }


def _surveys() -> dict[str, object]:
    return {
        "parent_answers": _percent(stated.PARENT_ANSWERS),
        "parent_after": _percent(stated.PARENT_ANSWERS_AFTER_DROPPING_OUT),
        "answer_missing": _percent(stated.ANSWER_MISSING),
        "not_relevant": _percent(stated.NOT_RELEVANT),
        "comment": _percent(stated.COMMENT),
        "returned": _percent(stated.PROFESSIONALS_RETURN),
        "per_group": stated.STAFF_PER_GROUP,
        "talks": _listed(f"{site.talks} in {site.name}" for site in stated.SITES),
        "talk_filled_in": _percent(stated.TALK_FORM_FILLED_IN),
        "correlation": _percent(stated.RESPONDENT_CORRELATION),
        "parents_table": _table(stated.PARENTS),
        "professionals_table": _table(stated.PROFESSIONALS),
        "talks_table": _table(stated.TALKS),
    }


def _percent(share: float) -> str:
    return f"{share * 100:.3g} %"


def _listed(things: Iterable[object]) -> str:
    *most, last = map(str, things)
    return f"{', '.join(most)} and {last}" if most else last


def _shares(shares: Mapping[str, float] | Mapping[int, float]) -> str:
    return ", ".join(f"{value} {_percent(share)}" for value, share in shares.items())


def _table(questions: Iterable[stated.Question]) -> str:
    lines = []
    for question in questions:
        shares = [_percent(share) for share in question.shares]
        lines.append(f"| {' | '.join([question.item, *shares, *[''] * (5 - len(shares))])} |")
    return "\n".join(lines)
