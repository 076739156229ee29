"""The change that is reliable, against R (tests/golden/reliable_change.R)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from evalkit.errors import ArgumentError
from evalkit.statistics import reliable_change_threshold

GOLDEN = Path(__file__).parent.parent / "golden" / "reliable_change.csv"


def golden():
    with GOLDEN.open(encoding="utf-8") as file:
        return [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]


@pytest.mark.parametrize("case", golden(), ids=lambda c: "-".join(f"{v:g}" for v in c.values()))
def test_against_R(case):
    threshold = reliable_change_threshold(case["sd"], case["reliability"], level=case["level"])
    assert threshold == pytest.approx(case["threshold"], rel=1e-14, abs=1e-14)
    assert isinstance(threshold, float)


def test_the_conventions_of_the_outcome_rating_scales_come_from_their_choice_of_sd_and_reliability():
    sd, reliability = [6.8, 5.83, 5.83, 9], [0.93, 0.83, 0.53, 0.84]
    thresholds = reliable_change_threshold(sd, reliability)
    assert thresholds.round(2).tolist() == [4.99, 6.66, 11.08, 9.98]


def test_arrays_are_the_same_as_one_by_one():
    together = reliable_change_threshold(6.8, [0.5, np.nan, 0.93])
    alone = [reliable_change_threshold(6.8, value) for value in (0.5, np.nan, 0.93)]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("factor", [10, 0.1])
def test_another_unit_of_the_scale_is_another_unit_of_the_threshold(factor):
    assert reliable_change_threshold(6.8 * factor, 0.84) == pytest.approx(
        reliable_change_threshold(6.8, 0.84) * factor, rel=1e-14
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sd": 0, "reliability": 0.8}, "sd must lie above 0, but is 0"),
        ({"sd": [6, -1], "reliability": 0.8}, "sd must lie above 0, but is -1"),
        ({"sd": 6, "reliability": 84}, "reliability must lie between 0 and 1, but is 84"),
        ({"sd": 6, "reliability": -0.1}, "reliability must lie between 0 and 1, but is -0.1"),
        ({"sd": 6, "reliability": 0.8, "level": 95}, "level must lie between 0 and 1, but is 95"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        reliable_change_threshold(**arguments)
