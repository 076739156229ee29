"""What in a form's definition does not fit together, though each key alone is right."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean
from evalkit.instruments.definition_draft import exact, is_code
from evalkit.instruments.definition_scores import age_faults, score_faults
from evalkit.locale.vocabulary import HOLDS
from evalkit.toml.rules import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.instruments.definition_draft import Draft, Entry
    from evalkit.toml.lines import Path

FORM_COLUMNS = (
    *("form_id", "about_id", "respondent_id", "informant", "group_id", "occasion"),
    *("answered_on", "age_years"),
)
LABEL_KEYS = ("item", "scale", "block")  # the keys of `Instrument.labels` beside item ids
ONLY_OF_A_SCALE = ("lowest", "highest", "steps_per_unit", "reversed")


def faults_between(draft: Draft) -> Iterator[Fault]:
    """Yield what does not fit together in a definition."""
    yield from _form_faults(draft)
    yield from _name_faults(draft)
    yield from _answer_faults(draft)
    for path, item in draft.entries("items"):
        yield from _item_faults(draft, path, item)
    yield from score_faults(draft)


def _form_faults(draft: Draft) -> Iterator[Fault]:
    content = draft.content
    if content.get("id") in HOLDS:
        yield Fault(("id",), f"is {content['id']!r}, which is a table of a study. Name it another.")
    if "not_scored" not in content and not content.get("items"):
        yield Fault((), "has no [[items]]. Add them, or say in 'not_scored' why there are none.")
    if "not_scored" in content and content.get("scales"):
        yield Fault(("not_scored",), "is stated, but there are [[scales]]. Keep one of the two.")
    if ("ages",) not in draft.broken:
        yield from age_faults(("ages",), content.get("ages", {}))


def _name_faults(draft: Draft) -> Iterator[Fault]:
    """Yield ids that would be two columns of one name in a table of forms or scores."""
    for key in ("items", "scales"):
        seen: Counter[str] = Counter()
        for path, entry in draft.entries(key):
            name, seen[entry["id"]] = entry["id"], seen[entry["id"]] + 1
            place = (*path, "id")
            if seen[name] > 1:
                yield Fault(place, f"is {name!r}, which stands above already. Ids are unique.")
            elif name in FORM_COLUMNS or name in LABEL_KEYS:
                yield Fault(place, f"is {name!r}, which evalkit uses itself. Name it another.")
            elif name.endswith("_answered"):
                message = "but columns ending in _answered count answered items. Name it another."
                yield Fault(place, f"is {name!r}, {message}")
            elif key == "scales" and name in draft.ids("items"):
                yield Fault(place, f"is {name!r}, which is an item too. Name one of them another.")


def _answer_faults(draft: Draft) -> Iterator[Fault]:
    """Yield codes that are no whole numbers."""
    shared = (
        (("answers", name), table) for name, table in draft.content.get("answers", {}).items()
    )
    own = (((*path, "answers"), item.get("answers")) for path, item in draft.entries("items"))
    for path, table in chain(shared, own):
        if path in draft.broken or not isinstance(table, dict):
            continue
        for code in table:
            if not is_code(code):
                yield Fault((*path, code), "is no code: answers are numbered, as 1 or 9.")


def _item_faults(draft: Draft, path: Path, item: Entry) -> Iterator[Fault]:
    if "block" in item and item["block"] not in draft.content.get("blocks", {}):
        known = draft.content.get("blocks", {})
        hint = did_you_mean(item["block"], known) if known else "Add a table [blocks]."
        yield Fault((*path, "block"), f"is {item['block']!r}. {hint}")
    if item["kind"] == "scale":
        yield from _line_faults(path, item)
    else:
        for key in (key for key in _misplaced(item) if key in item):
            yield Fault((*path, key), f"has no meaning for an item of kind {item['kind']!r}.")
    if item["kind"] in {"choice", "nominal"}:
        yield from _choice_faults(draft, path, item)


def _misplaced(item: Entry) -> tuple[str, ...]:
    if item["kind"] == "text":
        return (*ONLY_OF_A_SCALE, "answers", "not_applicable")
    return ONLY_OF_A_SCALE if item["kind"] == "nominal" else ONLY_OF_A_SCALE[:-1]


def _line_faults(path: Path, item: Entry) -> Iterator[Fault]:
    """Yield what is wrong with the range of an item of kind scale."""
    if "answers" in item:
        yield Fault((*path, "answers"), "belong to the kinds 'choice' and 'nominal'.")
    lacking = [key for key in ("lowest", "highest") if key not in item]
    for key in lacking:
        yield Fault(path, f"lacks '{key}', which an item of kind 'scale' must state.")
    if lacking:
        return
    lowest, highest = exact(item["lowest"]), exact(item["highest"])
    if lowest >= highest:
        message = f"is {item['lowest']}, not below 'highest', {item['highest']}."
        yield Fault((*path, "lowest"), message)
    for key in ("lowest", "highest"):
        if (exact(item[key]) * item.get("steps_per_unit", 1)).denominator != 1:
            message = f"is {item[key]}, which lies on no step. State the 'steps_per_unit' it needs."
            yield Fault((*path, key), message)
    for code in item.get("not_applicable", []):
        if lowest <= code <= highest:
            yield Fault((*path, "not_applicable"), f"holds {code}, which is an answer too.")


def _choice_faults(draft: Draft, path: Path, item: Entry) -> Iterator[Fault]:
    """Yield what is wrong with the answers of a choice."""
    if "answers" not in item:
        yield Fault(path, f"lacks 'answers', which an item of kind {item['kind']!r} must state.")
        return
    tables = draft.content.get("answers", {})
    if isinstance(item["answers"], str) and item["answers"] not in tables:
        hint = did_you_mean(item["answers"], tables) if tables else "There is no table [answers]."
        yield Fault((*path, "answers"), f"is {item['answers']!r}. {hint}")
        return
    for code in item.get("not_applicable", []):
        if str(code) not in draft.answers(item):
            message = f"holds {code}, which has no label. Add it to the answers."
            yield Fault((*path, "not_applicable"), message)
    if all(map(is_code, draft.answers(item))) and len(draft.codes(item)) < 2:
        yield Fault((*path, "answers"), "hold fewer than two answers to choose from.")
