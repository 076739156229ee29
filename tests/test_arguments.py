"""Messages that help: the nearest name, the value that is wrong."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit import arguments
from evalkit.errors import ArgumentError


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("oslo-1", "oslo-01"),
        ("oslo-001", "oslo-01"),
        ("oslo-0l", "oslo-01"),
        ("olso-01", "oslo-01"),
        ("oslo-01", None),
        ("bergen", None),
    ],
)
def test_one_edit_away(wrong, right):
    assert arguments.one_edit_away(wrong, ["oslo-01", "mo-01"]) == right


def test_two_candidates_are_no_hint():
    assert arguments.one_edit_away("k0", ["k1", "k2"]) is None


def test_missing_columns_are_named_with_the_nearest():
    frame = pd.DataFrame({"presnt": [1], "expected": [1]})
    with pytest.raises(ArgumentError, match="lacks the column present. Did you mean 'presnt'"):
        arguments.check_columns(frame, "present", "expected")


def test_several_missing_columns():
    with pytest.raises(ArgumentError, match="columns a, b"):
        arguments.check_columns(pd.DataFrame({"c": [1]}), "a", "b")


def test_choices_and_bounds():
    with pytest.raises(ArgumentError, match="language is 'no'"):
        arguments.check_choice("no", "language", ["nb", "en"])
    with pytest.raises(ArgumentError, match="level must lie between 0 and 1, but is 0"):
        arguments.check_between(0, "level", above=0, below=1)


def test_names_as_list():
    assert arguments.as_list(None) == []
    assert arguments.as_list("a") == ["a"]
    assert arguments.as_list(("a", "b")) == ["a", "b"]
