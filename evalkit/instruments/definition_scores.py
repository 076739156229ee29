"""What does not fit together in a definition's scales and in the numbers about them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean
from evalkit.instruments.definition_draft import exact
from evalkit.instruments.definition_rules import SIDES
from evalkit.instruments.model import informants_meant
from evalkit.toml.rules import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from evalkit.instruments.definition_draft import Draft, Entry
    from evalkit.toml.lines import Path

ABOUT_SCALES = ("profiles", "cutoffs", "reliabilities")


def score_faults(draft: Draft) -> Iterator[Fault]:
    """Yield what does not fit together in scales, thresholds, cut-offs and reliabilities."""
    for path, scale in draft.entries("scales"):
        yield from _scale_faults(draft, path, scale)
    for key in ABOUT_SCALES:
        for path, entry in draft.entries(key):
            yield from _reference_faults(draft, path, entry)
    yield from _profile_faults(draft)
    for path, cutoff in draft.entries("cutoffs"):
        yield from _cutoff_faults(draft, path, cutoff)
    yield from _overlap_faults(draft)


def age_faults(path: Path, ages: Entry) -> Iterator[Fault]:
    """Yield what is wrong with a range of ages."""
    if {"from", "to"} <= set(ages) and ages["from"] > ages["to"]:
        yield Fault(path, f"go from {ages['from']} to {ages['to']}. Turn them round.")


def _scale_faults(draft: Draft, path: Path, scale: Entry) -> Iterator[Fault]:
    place = (*path, "items")
    listed = scale["items"]
    for item in dict.fromkeys(listed):
        if item not in draft.ids("items"):
            hint = did_you_mean(item, draft.ids("items"))
            yield Fault(place, f"names '{item}', which is no item. {hint}")
        if listed.count(item) > 1:
            yield Fault(place, f"names '{item}' more than once.")
        entry = draft.item(item)
        if entry is not None and entry["kind"] not in {"scale", "choice"}:
            yield Fault(place, f"names '{item}', whose kind '{entry['kind']}' has no sum.")
    least = scale.get("least_answered", len(listed))
    if least > len(listed):
        message = f"is {least}, but the scale has {len(listed)} items."
        yield Fault((*path, "least_answered"), message)
    elif least < len(listed):
        yield from _making_up_faults(draft, path, scale)
    if scale["method"] == "mean" and "steps_per_unit" not in scale:
        message = "lacks 'steps_per_unit', the steps a mean is rounded to: 100 rounds it to 0.01."
        yield Fault(path, message)
    yield from _end_faults(draft, path, scale)


def _making_up_faults(draft: Draft, path: Path, scale: Entry) -> Iterator[Fault]:
    """Yield a fault where the mean of some items would stand in for items of another range."""
    items = [item for item in map(draft.item, scale["items"]) if item is not None]
    if len({draft.ends(item) for item in items} - {None}) > 1:
        message = (
            "lets items be made up by the mean of others, but their ranges differ. Leave it out, "
            "so that all must be answered."
        )
        yield Fault((*path, "least_answered"), message)


def _end_faults(draft: Draft, path: Path, scale: Entry) -> Iterator[Fault]:
    """Yield a range that is not what the items give."""
    ends = draft.scale_ends(scale)
    for key, end in zip(("lowest", "highest"), ends or (), strict=False):
        if key in scale and exact(scale[key]) != end:
            message = f"is {scale[key]}, but the items give {float(end):g}. Leave it out."
            yield Fault((*path, key), message)


def _scale_of(draft: Draft, entry: Entry) -> Entry | None:
    """Return the scale an entry is about: as stated, or the only one; None where it is broken."""
    scales = draft.ids("scales")
    wanted = entry.get("scale", scales[0] if len(scales) == 1 else None)
    return next((scale for _, scale in draft.entries("scales") if scale["id"] == wanted), None)


def _reference_faults(draft: Draft, path: Path, entry: Entry) -> Iterator[Fault]:
    scales = draft.ids("scales")
    if "scale" not in entry and len(scales) != 1:
        known = f"Known: {', '.join(scales)}." if scales else "There are no [[scales]]."
        yield Fault(path, f"lacks 'scale', which must be stated. {known}")
    elif "scale" in entry and entry["scale"] not in scales:
        hint = did_you_mean(entry["scale"], scales) if scales else "There are no [[scales]]."
        yield Fault((*path, "scale"), f"is {entry['scale']!r}. {hint}")


def _profile_faults(draft: Draft) -> Iterator[Fault]:
    seen: set[tuple[object, str]] = set()
    for path, profile in draft.entries("profiles"):
        scale = _scale_of(draft, profile)
        key = (scale and scale["id"], profile["id"])
        if key in seen:
            message = f"is {profile['id']!r}, which stands above already. Ids are unique."
            yield Fault((*path, "id"), message)
        seen.add(key)
        ends = scale and draft.scale_ends(scale)
        if ends and exact(profile["threshold"]) > ends[1] - ends[0]:
            message = f"is {profile['threshold']}, more than the scale can change. Correct it."
            yield Fault((*path, "threshold"), message)


def _cutoff_faults(draft: Draft, path: Path, cutoff: Entry) -> Iterator[Fault]:
    yield from age_faults((*path, "ages"), cutoff.get("ages", {}))
    scale = _scale_of(draft, cutoff)
    if scale is None:
        return
    if cutoff["clinical"] not in SIDES[scale["better"]]:
        message = (
            f"is '{cutoff['clinical']}', but {scale['better']} is better on '{scale['id']}', so "
            f"the clinical range is {' or '.join(SIDES[scale['better']])} the cut-off."
        )
        yield Fault((*path, "clinical"), message)
    ends = draft.scale_ends(scale)
    if ends and not ends[0] <= exact(cutoff["value"]) <= ends[1]:
        between = f"between {_written(ends[0])} and {_written(ends[1])}"
        yield Fault((*path, "value"), f"is {cutoff['value']}, but scores lie {between}.")


def _overlap_faults(draft: Draft) -> Iterator[Fault]:
    """Yield cut-offs that would both hold for one person, and those of unlike sides."""
    for (_, first), (path, second) in combinations(draft.entries("cutoffs"), 2):
        scale = _scale_of(draft, first)
        if scale is None or scale is not _scale_of(draft, second):
            continue
        if first["clinical"] != second["clinical"]:
            message = f"is '{second['clinical']}', but above '{first['clinical']}'. Use one side."
            yield Fault((*path, "clinical"), message)
        if _same_informant(first, second) and _same_age(first, second):
            message = (
                f"of {second['value']} holds for the same age and informant as the cut-off of "
                f"{first['value']} above. State 'ages' or 'informants' so that one holds."
            )
            yield Fault(path, message)


def _same_informant(first: Entry, second: Entry) -> bool:
    ours, theirs = (informants_meant(c.get("informants", [])) for c in (first, second))
    return not ours or not theirs or bool(ours & theirs)


def _same_age(first: Entry, second: Entry) -> bool:
    ages = [cutoff.get("ages", {}) for cutoff in (first, second)]
    youngest = max(each.get("from", 0) for each in ages)
    return all(youngest <= each.get("to", youngest) for each in ages)


def _written(value: Fraction) -> str:
    return f"{float(value):g}"
