"""Texts that others write, by language: titles of a study, names of a form."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]
"""A text by language. One language may be missing; the other then stands in for it."""


def in_language(text: Text, language: str) -> str:
    """Return a text in a language, or in the one it has; empty where there is none."""
    return text.get(language) or next(iter(text.values()), "")


def by_language(value: str | Mapping[str, str]) -> Text:
    """Return a text as a file states it, one for all languages or one each, by language."""
    return {"nb": value, "en": value} if isinstance(value, str) else dict(value)
