"""Words, numbers and dates in Norwegian (nb) and English (en): every label stands here, once."""

from __future__ import annotations

from evalkit.locale.vocabulary import N_, VOCABULARIES
from evalkit.locale.words import LANGUAGES, Labels, Words, words

__all__ = ["LANGUAGES", "N_", "VOCABULARIES", "Labels", "Words", "words"]
