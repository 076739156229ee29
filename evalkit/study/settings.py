"""study.toml as an object: what a study is called, which files it has, what it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from evalkit.locale import DEFAULT_LANGUAGE, by_language, in_language
from evalkit.study.disclosure import build_disclosure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from evalkit.locale import Labels, Text
    from evalkit.privacy import Policy
    from evalkit.study.disclosure import Disclosure


@dataclass(frozen=True)
class Group:
    """A group of the study: one run of a programme."""

    group_id: str
    title: Text
    site: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    about: Text = field(default_factory=dict)
    kind: str | None = None
    criteria: str | None = None
    line: int | None = None


Expectation = str | int | list[int]
"""What forms are counted against: a rule, a number of forms, or a list of occasions."""


class LeaveOut(NamedTuple):
    """Rows of a file that are no data, and why: one row, or those with values in columns."""

    because: str
    row: int | None = None
    where: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class File:
    """A file of the study, and what it holds.

    ``columns`` and ``items`` say what the file calls a column and an item, ``values`` what it
    writes for a value of ours.
    """

    path: str
    holds: str
    legal_basis: str
    line: int | None
    sheet: str | None = None
    encoding: str | None = None
    platform: str | None = None
    codebook: str | None = None
    group: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    informant: str | None = None
    layout: str = "table"
    marks: Mapping[str, Sequence[str]] | None = None
    empty: str | None = None
    others: Sequence[str] = ()
    leave_out: tuple[LeaveOut, ...] = ()


class OwnThreshold(NamedTuple):
    """A threshold profile that the study states itself."""

    instrument: str
    source: str
    scale: str | None = None
    threshold: float | None = None
    sd: float | None = None
    reliability: float | None = None


@dataclass(frozen=True)
class Settings:
    """All of study.toml, checked."""

    language: str
    title: Text
    about: Text
    source: Text
    disclosure: Disclosure
    design_effect: float | None
    instruments: tuple[str, ...]
    profiles: Mapping[str, str]
    own_thresholds: Mapping[str, OwnThreshold]
    expected: Mapping[str, Mapping[str | None, Expectation]]
    groups: Mapping[str, Group]
    files: tuple[File, ...]
    own_labels: Mapping[str, Mapping[str, Text]]
    lines: Mapping[tuple[str, str], int | None] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        """What may be shown to everyone."""
        return self.disclosure.policies["public"]

    @property
    def published_in(self) -> Text:
        """Where all figures were published before; empty if they were not."""
        return self.disclosure.published_in

    def labels(self, language: str) -> Labels:
        """Return the study's own labels in one language, those of its groups among them."""
        own = {
            column: {value: text[language] for value, text in values.items() if language in text}
            for column, values in self.own_labels.items()
        }
        groups = {key: in_language(group.title, language) for key, group in self.groups.items()}
        return {**own, "group_id": groups}


def build_settings(raw: Mapping[str, Any], line: Callable[..., int | None]) -> Settings:
    """Return the settings from a study.toml that `settings_rules` found no fault with.

    ``line`` gives the line of an entry: ``line("files", 0)``, ``line("groups", "oslo")``.
    """
    thresholds = raw.get("thresholds", {})
    files = (_file(entry, line("files", n)) for n, entry in enumerate(raw.get("files", [])))
    return Settings(
        language=raw.get("language", DEFAULT_LANGUAGE),
        title=by_language(raw["title"]),
        about=by_language(raw.get("about", {})),
        source=by_language(raw.get("source", {})),
        disclosure=build_disclosure(raw.get("disclosure", {})),
        design_effect=raw.get("attendance", {}).get("design_effect"),
        instruments=tuple(raw.get("instruments", ())),
        profiles={key: name for key, name in thresholds.items() if isinstance(name, str)},
        own_thresholds={
            key: OwnThreshold(**own) for key, own in thresholds.items() if isinstance(own, dict)
        },
        expected={
            key: dict(stated) if isinstance(stated, dict) else {None: stated}
            for key, stated in raw.get("expected", {}).items()
        },
        groups={
            key: _group(key, entry, line("groups", key))
            for key, entry in raw.get("groups", {}).items()
        },
        files=tuple(files),
        own_labels={
            column: {value: by_language(text) for value, text in values.items()}
            for column, values in raw.get("labels", {}).items()
        },
        lines={
            (table, key): line(table, key)
            for table in ("thresholds", "expected", "disclosure")
            for key in raw.get(table, {})
        },
    )


def _file(entry: Mapping[str, Any], line: int | None) -> File:
    own = {
        "path": PurePosixPath(entry["path"]).as_posix(),
        "leave_out": tuple(LeaveOut(**each) for each in entry.get("leave_out", ())),
    }
    return File(**{**entry, **own}, line=line)


def _group(key: str, entry: Mapping[str, Any], line: int | None) -> Group:
    texts = {
        "title": by_language(entry.get("title", key)),
        "about": by_language(entry.get("about", {})),
    }
    return Group(group_id=key, line=line, **{**entry, **texts})
