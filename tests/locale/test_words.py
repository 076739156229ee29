"""Both languages know every word, and write numbers as they should."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from evalkit.errors import ArgumentError
from evalkit.locale import VOCABULARIES, words
from evalkit.locale.words import read_catalogue

PACKAGE = Path(__file__).parents[2] / "evalkit"
PYTHON_KEYWORDS = {"N_": None, "text": None, "plural": (1, 2)}


def messages_in_source():
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for _, message, _, _ in extract_from_file("python", path, keywords=PYTHON_KEYWORDS):
            found |= {message} if isinstance(message, str) else set(message)
    for path in PACKAGE.rglob("*.j2"):
        for _, message, _, _ in extract_from_file(
            "jinja2.ext:babel_extract", path, keywords={"t": None}
        ):
            found.add(message)
    return found


def catalogue():
    return {m.id: m.string for m in read_catalogue("nb") if m.id}


def test_every_message_is_in_norwegian_and_no_other():
    known = catalogue()
    assert messages_in_source() - set(known) == set()
    assert set(known) - messages_in_source() == set()


def test_no_translation_is_empty_or_uncertain():
    assert [m.id for m in read_catalogue("nb") if m.id and (not m.string or m.fuzzy)] == []


def test_translations_fill_in_the_same_values():
    def holes(text):
        return sorted(re.findall(r"\{(\w+)\}", text))

    assert [key for key, text in catalogue().items() if holes(key) != holes(text)] == []


@pytest.mark.parametrize(
    ("language", "share", "decimals", "expected"),
    [
        ("nb", 95 / 108, 1, "88,0\u00a0%"),
        ("en", 95 / 108, 1, "88.0%"),
        ("nb", 1.0, 1, "100,0\u00a0%"),
        ("en", 0.125, 0, "13%"),  # ties go up
        ("en", 0.145, 0, "15%"),
        ("nb", 0.0005, 1, "0,1\u00a0%"),
        ("en", 0.0, 1, "0.0%"),
    ],
)
def test_percent(language, share, decimals, expected):
    assert words(language).percent(share, decimals) == expected


@pytest.mark.parametrize(
    ("language", "value", "decimals", "expected"),
    [
        ("nb", 1234567, 0, "1\u00a0234\u00a0567"),
        ("en", 1234567, 0, "1,234,567"),
        ("nb", 2.5, 1, "2,5"),
        ("nb", 0.5, 0, "1"),
        ("en", 2.5, 0, "3"),
        ("en", 108, 0, "108"),
    ],
)
def test_number(language, value, decimals, expected):
    assert words(language).number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2.0, "2"), (1.85, "1,85"), (1.8, "1,8"), (100.0, "100"), (1.005, "1,01")],
)
def test_as_few_decimals_as_needed(value, expected):
    assert words("nb").decimal(value) == expected


def test_dates_and_lists():
    day = dt.date(2009, 2, 23)
    assert words("nb").date(day) == "23. februar 2009"
    assert words("en").date(day) == "23 February 2009"
    assert words("nb").enumeration(["a", "b", "c"]) == "a, b og c"


def test_a_studys_own_label_comes_first():
    own = {"kind": {"activity": "Utflukt"}}
    assert words("nb").label("kind", "activity", own) == "Utflukt"
    assert words("nb").label("kind", "family", own) == "Familiesamling"
    assert words("nb").label("theme", "Hopping") == "Hopping"


def test_every_value_of_every_vocabulary_has_a_label_in_both_languages():
    for column, values in VOCABULARIES.items():
        for value in values:
            assert words("en").label(column, value)
            assert words("nb").label(column, value)


def test_an_unknown_language_is_refused():
    with pytest.raises(ArgumentError, match="language is 'nn'"):
        words("nn")
