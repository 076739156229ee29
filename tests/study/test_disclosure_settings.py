"""[disclosure] of study.toml: what it may say, and the policies that it makes."""

from __future__ import annotations

import pytest

import evalkit as ek
from evalkit.privacy import Policy


def policies(make_study, stated):
    study = ek.read_study(make_study(f"[disclosure]\n{stated}" if stated else ""))
    return study.settings.disclosure.policies


def test_without_a_word_the_defaults_hold(make_study):
    own = policies(make_study, "")
    assert own["public"] == Policy()
    assert own["partners"] == Policy(audience="partners")
    assert own["internal"].internal
    assert own["public"].min_cell == 5
    assert own["public"].open == ("attendance",)


@pytest.mark.parametrize(
    ("profile", "min_cell"), [("ssb", 3), ("helsedata", 3), ("default", 5), ("oslomet", 6)]
)
def test_profiles_are_names_for_the_smallest_count(make_study, profile, min_cell):
    assert policies(make_study, f'profile = "{profile}"')["public"].min_cell == min_cell


def test_every_key_reaches_the_policy(make_study):
    stated = (
        'min_cell = 4\nopen = ["attendance", "completeness"]\nzeros = "hide"\n'
        'full_rows = "show"\ncomplements = "show"\nrounding = 5\nsingle_persons = "All agreed."\n'
    )
    public = policies(make_study, stated)["public"]
    assert public == Policy(
        min_cell=4,
        open=("attendance", "completeness"),
        zeros="hide",
        full_rows="show",
        complements="show",
        rounding=5,
        shows_persons=True,
    )


def test_nothing_may_be_open(make_study):
    assert policies(make_study, "open = []")["public"].open == ()


def test_partners_get_what_is_not_said_of_them_from_the_public(make_study):
    stated = 'profile = "oslomet"\nzeros = "hide"\n[disclosure.partners]\nmin_cell = 3'
    own = policies(make_study, stated)
    assert (own["public"].min_cell, own["public"].zeros) == (6, "hide")
    assert (own["partners"].min_cell, own["partners"].zeros) == (3, "hide")


def test_what_was_published_before_is_so_for_all(make_study):
    own = policies(make_study, 'already_published_in = "a report"')
    assert not any(policy.hides for policy in own.values())


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ('profile = "sbb"', "'disclosure.profile' is 'sbb'. Did you mean 'ssb'"),
        ("min_cell = 1", "whole number from 2 up"),
        ('open = ["attendence"]', "Did you mean 'attendance'"),
        ('open = "attendance"', 'should be a list, as ["attendance"]'),
        ('zeros = "yes"', "Known: show, hide"),
        ("rounding = 4", "'disclosure.rounding' is 4, but should be 3 or 5"),
        ("rounding = true", "should be 3 or 5"),
        ('single_persons = ""', "should be a text"),
        ('internal_exhibits = "x"', "should be a list of texts"),
        ("hash_key = 7", "should be a text"),
        ("mincell = 3", "Did you mean 'min_cell'"),
        ('[disclosure.partners]\nprofile = "x"', "'disclosure.partners.profile' is 'x'"),
        ("[disclosure.partners]\nhash_key = 3", "'disclosure.partners.hash_key' is not a key here"),
        ('min_cell = 3\nprofile = "ssb"', "'disclosure' states both min_cell and a profile"),
        (
            '[disclosure.partners]\nmin_cell = 3\nprofile = "ssb"',
            "'disclosure.partners' states both min_cell and a profile",
        ),
    ],
)
def test_a_rule_that_is_broken_is_told_with_its_line(make_study, errors_of, stated, message):
    folder = make_study(f"[disclosure]\n{stated}")
    (problem,) = (each for each in errors_of(folder) if message in each.problem)
    assert problem.file == "study.toml"
    assert problem.row is not None
