"""Words, numbers and dates in Norwegian (nb) and English (en): every label stands here, once."""

from __future__ import annotations

from evalkit.locale.texts import Text, by_language, in_language
from evalkit.locale.vocabulary import CLOSED, N_, VOCABULARIES
from evalkit.locale.words import DEFAULT_LANGUAGE, LANGUAGES, UNKNOWN_SIGN, Labels, Words, words

__all__ = [
    "CLOSED",
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "N_",
    "UNKNOWN_SIGN",
    "VOCABULARIES",
    "Labels",
    "Text",
    "Words",
    "by_language",
    "in_language",
    "words",
]
