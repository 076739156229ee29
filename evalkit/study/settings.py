"""study.toml as an object: what a study is called, which files it has, what it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from evalkit.locale import DEFAULT_LANGUAGE, by_language, in_language
from evalkit.privacy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from evalkit.locale import Labels, Text


@dataclass(frozen=True)
class Group:
    """A group of the study: one run of a programme."""

    group_id: str
    title: Text
    site: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    about: Text = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True)
class File:
    """A file of the study, and what it holds."""

    path: str
    holds: str
    legal_basis: str
    line: int | None
    sheet: str | None = None
    encoding: str | None = None
    group: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    """All of study.toml, checked."""

    language: str
    title: Text
    about: Text
    source: Text
    policy: Policy
    published_in: Text
    design_effect: float | None
    groups: Mapping[str, Group]
    files: tuple[File, ...]
    own_labels: Mapping[str, Mapping[str, Text]]

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
    disclosure = raw.get("disclosure", {})
    published_in = by_language(disclosure.get("already_published_in", {}))
    files = (
        File(**{**entry, "path": PurePosixPath(entry["path"]).as_posix()}, line=line("files", n))
        for n, entry in enumerate(raw.get("files", []))
    )
    return Settings(
        language=raw.get("language", DEFAULT_LANGUAGE),
        title=by_language(raw["title"]),
        about=by_language(raw.get("about", {})),
        source=by_language(raw.get("source", {})),
        policy=Policy(
            min_cell=disclosure.get("min_cell", Policy.min_cell),
            already_published=bool(published_in),
        ),
        published_in=published_in,
        design_effect=raw.get("attendance", {}).get("design_effect"),
        groups={
            key: _group(key, entry, line("groups", key))
            for key, entry in raw.get("groups", {}).items()
        },
        files=tuple(files),
        own_labels={
            column: {value: by_language(text) for value, text in values.items()}
            for column, values in raw.get("labels", {}).items()
        },
    )


def _group(key: str, entry: Mapping[str, Any], line: int | None) -> Group:
    texts = {
        "title": by_language(entry.get("title", key)),
        "about": by_language(entry.get("about", {})),
    }
    return Group(group_id=key, line=line, **{**entry, **texts})
