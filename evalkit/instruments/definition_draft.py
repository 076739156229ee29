"""A form's definition while it is checked: what of it can be looked at, and what it adds up to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evalkit.toml.lines import Path
    from evalkit.toml.rules import Fault

    Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """The content of a definition, and which entries of its lists break a rule by themselves."""

    content: Entry
    broken: frozenset[Path] = frozenset()

    @classmethod
    def of(cls, content: Entry, faults: list[Fault]) -> Draft:
        """Return the draft of a content with the faults that rules found."""
        return cls(content, frozenset(fault.path[:2] for fault in faults))

    def entries(self, key: str) -> Iterator[tuple[Path, Entry]]:
        """Yield the place and content of each entry of a list that breaks no rule."""
        for place, entry in enumerate(self.content.get(key, [])):
            if (key, place) not in self.broken:
                yield (key, place), entry

    def ids(self, key: str) -> list[str]:
        """Return every id that a list states, those of broken entries too."""
        entries = [each for each in self.content.get(key, []) if isinstance(each, Mapping)]
        return [each["id"] for each in entries if isinstance(each.get("id"), str)]

    def item(self, item_id: str) -> Entry | None:
        """Return the first item of an id; None where there is none, or a broken one."""
        return next((item for _, item in self.entries("items") if item["id"] == item_id), None)

    def answers(self, item: Entry) -> Entry:
        """Return the answers of an item by code, as they are written: its own or those it names."""
        stated = item.get("answers", {})
        if isinstance(stated, Mapping):
            return stated
        tables = self.content.get("answers", {})
        named = tables.get(stated, {}) if isinstance(tables, Mapping) else {}
        return named if isinstance(named, Mapping) else {}

    def codes(self, item: Entry) -> list[int]:
        """Return the codes on the scale of a choice, in order."""
        whole = [int(code) for code in self.answers(item) if is_code(code)]
        return [code for code in whole if code not in item.get("not_applicable", [])]

    def ends(self, item: Entry) -> tuple[Fraction, Fraction] | None:
        """Return the lowest and highest answer of an item, exactly; None where it has none."""
        if item["kind"] == "scale" and {"lowest", "highest"} <= set(item):
            low, high = exact(item["lowest"]), exact(item["highest"])
            return (low, high) if low < high else None
        codes = self.codes(item) if item["kind"] == "choice" else []
        return (Fraction(min(codes)), Fraction(max(codes))) if codes else None

    def scale_ends(self, scale: Entry) -> tuple[Fraction, Fraction] | None:
        """Return the lowest and highest score that items give; None where one is not known."""
        items = [self.item(item) for item in scale["items"]]
        ends = [self.ends(item) for item in items if item is not None]
        known = [pair for pair in ends if pair is not None]
        if len(known) < len(items):
            return None
        parts = len(items) if scale["method"] == "mean" else 1
        low, high = (sum((pair[end] for pair in known), Fraction(0)) / parts for end in (0, 1))
        return low, high

    def steps(self, scale: Entry) -> int:
        """Return the steps per unit of a scale: as stated, or those of its items."""
        items = [self.item(item) for item in scale["items"]]
        of_items = math.lcm(*(item.get("steps_per_unit", 1) for item in items if item is not None))
        return int(scale.get("steps_per_unit", of_items))


def exact(value: float) -> Fraction:
    """Return a number as it is written: 0.1 is one tenth."""
    return Fraction(str(value))


def is_code(key: str) -> bool:
    """Return whether a key of a table of answers is a whole number, as 3 or -1."""
    return key.removeprefix("-").isdecimal() and key.isascii()
