"""From the content of a definition, found without fault, to an `Instrument`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.instruments.definition_draft import Draft
from evalkit.instruments.model import (
    Cutoff,
    Evidence,
    Instrument,
    Item,
    Profile,
    Reliability,
    Scale,
)
from evalkit.locale import by_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalkit.instruments.definition_draft import Entry

    Ages = tuple[int | None, int | None]


def build_instrument(content: Entry) -> Instrument:
    """Return the form a definition describes."""
    draft = Draft(content)
    scales = tuple(_scale(draft, entry) for _, entry in draft.entries("scales"))
    texts = {key: by_language(content.get(key, {})) for key in ("about", "licence", "not_scored")}
    return Instrument(
        id=content["id"],
        name=by_language(content["name"]),
        informants=tuple(content["informants"]),
        items=tuple(_item(draft, entry) for _, entry in draft.entries("items")),
        scales=scales,
        blocks={key: by_language(label) for key, label in content.get("blocks", {}).items()},
        ages=_ages(content),
        voice=content.get("voice", Instrument.voice),
        profiles=tuple(_profile(e, scales) for _, e in draft.entries("profiles")),
        cutoffs=tuple(_cutoff(e, scales) for _, e in draft.entries("cutoffs")),
        reliabilities=tuple(_reliability(e, scales) for _, e in draft.entries("reliabilities")),
        **texts,
    )


def _item(draft: Draft, entry: Entry) -> Item:
    answers = draft.answers(entry)
    plain = ("id", "kind", "lowest", "highest", "steps_per_unit", "reversed", "block")
    return Item(
        label=by_language(entry["label"]),
        answers={int(code): by_language(label) for code, label in answers.items()},
        not_applicable=tuple(entry.get("not_applicable", [])),
        **{key: entry[key] for key in plain if key in entry},
    )


def _scale(draft: Draft, entry: Entry) -> Scale:
    ends = draft.scale_ends(entry) or (0, 0)  # never None in a definition without fault
    return Scale(
        id=entry["id"],
        label=by_language(entry["label"]),
        items=tuple(entry["items"]),
        method=entry["method"],
        least_answered=entry.get("least_answered", len(entry["items"])),
        lowest=float(ends[0]),
        highest=float(ends[1]),
        steps_per_unit=draft.steps(entry),
        better=entry["better"],
    )


def _profile(entry: Entry, scales: tuple[Scale, ...]) -> Profile:
    return Profile(
        id=entry["id"],
        scale=_scale_id(entry, scales),
        threshold=entry["threshold"],
        label=by_language(entry["label"]),
        evidence=_evidence(entry),
    )


def _cutoff(entry: Entry, scales: tuple[Scale, ...]) -> Cutoff:
    return Cutoff(
        scale=_scale_id(entry, scales),
        value=entry["value"],
        clinical=entry["clinical"],
        evidence=_evidence(entry),
        ages=_ages(entry),
        informants=tuple(entry.get("informants", [])),
    )


def _reliability(entry: Entry, scales: tuple[Scale, ...]) -> Reliability:
    return Reliability(
        scale=_scale_id(entry, scales),
        kind=entry["kind"],
        value=entry["value"],
        sample=by_language(entry["sample"]),
        evidence=_evidence(entry),
    )


def _scale_id(entry: Entry, scales: tuple[Scale, ...]) -> str:
    return str(entry.get("scale", scales[0].id))


def _evidence(entry: Entry) -> Evidence:
    note = by_language(entry["note"]) if "note" in entry else None
    return Evidence(entry["source"], entry["evidence"], note)


def _ages(entry: Mapping[str, Any]) -> Ages:
    ages = entry.get("ages", {})
    return ages.get("from"), ages.get("to")
