"""The forms evalkit knows: complete, sourced, in our own few words, and with the published numbers."""

from __future__ import annotations

import re
import tomllib

import numpy as np
import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError
from evalkit.instruments import cutoff_for, cutoff_ticks, in_clinical_range, to_ticks
from evalkit.instruments.model import CARETAKERS
from evalkit.instruments.registry import DEFINITIONS
from evalkit.locale.vocabulary import EVIDENCE

FORMS = {name: ek.load_instrument(name) for name in ek.list_instruments()["id"]}
KOR = ("ORS", "CORS", "SRS", "CSRS", "GSRS", "CGSRS")
QUESTIONNAIRES = ("SMIL_PARENTS", "SMIL_PROFESSIONALS", "COUPLE_TALK")
NOT_SCORED = ("YCORS", "YCSRS")
ITEMS = {
    "ORS": "individual relations social overall",
    "CORS": "individual family school overall",
    "SRS": "relationship goals approach overall",
    "CSRS": "listened importance activity overall",
    "GSRS": "relationship goals approach overall",
    "CGSRS": "relationship goals approach overall",
    "YCORS": "",
    "YCSRS": "",
    "SMIL_PARENTS": "satisfaction belief child_benefit parent_benefit understanding meeting_others "
    "information_before information_during organisation hour_of_day user_representative "
    "wish_to_continue comment",
    "SMIL_PROFESSIONALS": "competence_useful competence_strengthened competence_spread "
    "competence_needs cooperation_experience cooperation_positive cooperation_challenges "
    "aims_reached resources_as_expected possible_to_continue other_offers missed anything_else",
    "COUPLE_TALK": "gender relation heard_of would_have_made_contact useful",
}
AGES = {
    "ORS": (13, None),
    "SRS": (13, None),
    "GSRS": (13, None),
    "CORS": (6, 12),
    "CSRS": (6, 12),
    "CGSRS": (6, 12),
    "YCORS": (None, 5),
    "YCSRS": (None, 5),
}
PROFILES = {
    "ORS": {
        "pcoms_5": (5, "recalled"),
        "pcoms_6": (6, "unverified"),
        "cyp_iapt_2015": (6.6, "read"),
    },
    "CORS": {
        "pcoms_5": (5, "recalled"),
        "pcoms_6": (6, "unverified"),
        "cyp_iapt_2015": (10, "read"),
    },
}
# form, age, informant: cut-off
CUTOFFS = [
    ("ORS", 18, "self", 25),
    ("ORS", 44.5, "self", 25),
    ("ORS", 17.99, "self", 28),
    ("ORS", 13, "self", 28),
    ("ORS", 12.9, "self", None),
    ("ORS", None, "self", None),  # 25 or 28: not known
    ("ORS", 15, "mother", None),  # sources disagree: left out
    ("ORS", 15, "caretaker", None),
    ("ORS", 44, "mother", None),
    ("CORS", 9, "self", 32),
    ("CORS", 13, "self", 32),
    ("CORS", None, "self", 32),
    ("CORS", 9, "mother", 28),
    ("CORS", 9, "father", 28),
    ("CORS", 9, "parent", 28),
    ("CORS", None, "caretaker", 28),
    ("CORS", 9, "teacher", None),
    ("CORS", 9, None, None),
    ("SRS", None, None, 36),
    ("SRS", 40, "self", 36),
    ("CSRS", 9, "self", 36),
    ("GSRS", 15, "self", 36),
    ("CGSRS", 9, "self", 36),
]


def test_these_forms_are_known():
    assert set(FORMS) == {*KOR, *QUESTIONNAIRES, *NOT_SCORED}
    assert {path.stem.upper() for path in DEFINITIONS.glob("*.toml")} == set(FORMS)
    assert all(form.id == name for name, form in FORMS.items())


@pytest.mark.parametrize("name", FORMS)
def test_items_and_ages(name):
    assert FORMS[name].item_ids == tuple(ITEMS[name].split())
    assert FORMS[name].ages == AGES.get(name, (None, None))


@pytest.mark.parametrize("name", KOR)
def test_kor_forms_have_four_lines_and_one_total(name):
    form = FORMS[name]
    for item in form.items:
        assert (item.kind, *item.ends, item.steps_per_unit) == ("scale", 0, 10, 10)
        assert not item.reversed
    (scale,) = form.scales
    assert (scale.id, scale.items, scale.method) == ("total", form.item_ids, "sum")
    assert (scale.lowest, scale.highest, scale.steps_per_unit) == (0, 40, 10)
    assert (scale.least_answered, scale.better) == (4, "higher")


@pytest.mark.parametrize("name", [*QUESTIONNAIRES, *NOT_SCORED])
def test_the_others_are_not_scored(name):
    assert FORMS[name].scales == ()
    assert bool(FORMS[name].not_scored) == (name in NOT_SCORED)
    with pytest.raises(ArgumentError, match=f"{name} is not scored"):
        FORMS[name].scale()


@pytest.mark.parametrize("name", FORMS)
def test_thresholds_are_those_published(name):
    profiles = {p.id: (p.threshold, p.evidence.evidence) for p in FORMS[name].profiles}
    assert profiles == PROFILES.get(name, {})


@pytest.mark.parametrize(("name", "age", "informant", "expected"), CUTOFFS)
def test_cutoffs_are_those_published(name, age, informant, expected):
    ages = [np.nan if age is None else age]
    values, side = cutoff_for(FORMS[name], "total", ages, [informant])
    assert side == "<"
    assert values.tolist() == [expected] if expected else np.isnan(values[0])


@pytest.mark.parametrize("kind", ["list", "array", "nullable", "category"])
def test_cutoffs_of_many_forms_at_once(kind):
    for name in ("ORS", "CORS", "SRS"):
        mine = [case for case in CUTOFFS if case[0] == name]
        ages, who = [case[1] for case in mine], [case[2] for case in mine]
        if kind == "array":
            ages, who = np.array(ages, dtype=float), np.array(who, dtype=object)
        if kind in {"nullable", "category"}:
            ages = pd.array(ages, dtype="Float64")
            who = pd.Series(who, dtype="str" if kind == "nullable" else "category")
        values, _ = cutoff_for(FORMS[name], None, ages, who)
        expected = [np.nan if case[3] is None else case[3] for case in mine]
        np.testing.assert_array_equal(values, expected)


def test_a_scale_without_cutoffs_has_none_for_anyone():
    form = ek.Instrument("OWN", {}, ("self",), (), FORMS["CORS"].scales)
    values, side = cutoff_for(form, "total", [9, np.nan], ["self", "mother"])
    assert np.isnan(values).all()
    assert side == "<"


def test_ages_and_informants_must_belong_together():
    with pytest.raises(ArgumentError, match="2 ages, but 1 informants"):
        cutoff_for(FORMS["CORS"], None, [9, 10], ["self"])


@pytest.mark.parametrize("name", KOR)
def test_a_score_at_the_cutoff_is_not_in_the_clinical_range(name):
    (cutoff, *_) = FORMS[name].cutoffs
    scores = to_ticks([cutoff.value - 0.1, cutoff.value, cutoff.value + 0.1], 10)
    clinical = in_clinical_range(scores, cutoff_ticks(cutoff.value, 10, "<"), cutoff.clinical)
    assert clinical.tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("name", "kind", "value", "evidence"),
    [
        ("ORS", "alpha", 0.93, "unverified"),
        ("ORS", "alpha", 0.97, "unverified"),
        ("ORS", "retest", 0.80, "unverified"),
        ("ORS", "alpha", 0.90, "recalled"),
        ("ORS", "alpha", 0.93, "recalled"),
        ("ORS", "alpha", 0.83, "read"),
        ("ORS", "alpha", 0.80, "read"),
        ("ORS", "retest", 0.53, "read"),
        ("ORS", "alpha", 0.82, "read"),
        ("ORS", "alpha", 0.92, "read"),
        ("ORS", "retest", 0.51, "read"),
        ("CORS", "alpha", 0.84, "recalled"),
        ("SRS", "alpha", 0.93, "recalled"),
        ("SRS", "alpha", 0.88, "read"),
        ("SRS", "alpha", 0.97, "read"),
    ],
)
def test_reliabilities_are_those_published(name, kind, value, evidence):
    known = [(r.kind, r.value, r.evidence.evidence) for r in FORMS[name].reliabilities]
    assert known.count((kind, value, evidence)) == 1


@pytest.mark.parametrize(
    ("name", "value", "evidence"),
    [
        ("ORS", 25, "read"),
        ("ORS", 28, "recalled"),
        ("CORS", 32, "read"),
        ("CORS", 28, "unverified"),
        ("SRS", 36, "read"),
        ("CSRS", 36, "unverified"),
        ("GSRS", 36, "unverified"),
        ("CGSRS", 36, "unverified"),
    ],
)
def test_how_well_each_cutoff_is_known(name, value, evidence):
    (cutoff,) = (each for each in FORMS[name].cutoffs if each.value == value)
    assert cutoff.evidence.evidence == evidence
    by_convention = cutoff.evidence.note is not None and "convention" in cutoff.evidence.note["en"]
    assert by_convention == (name in {"CSRS", "GSRS", "CGSRS"})


@pytest.mark.parametrize("name", FORMS)
def test_every_number_has_its_source_and_says_how_well_it_is_known(name):
    form = FORMS[name]
    for number in (*form.profiles, *form.cutoffs, *form.reliabilities):
        assert number.evidence.source
        assert number.evidence.evidence in EVIDENCE
        assert number.evidence.note or number.evidence.evidence != "unverified"
        assert number.evidence.note is None or set(number.evidence.note) == {"nb", "en"}


def texts_of(form):
    yield from (form.name, form.about, form.licence)
    yield from (part.label for part in (*form.items, *form.scales, *form.profiles))
    yield from form.blocks.values()
    yield from (label for item in form.items for label in item.answers.values())
    yield from (each.sample for each in form.reliabilities)


@pytest.mark.parametrize("name", FORMS)
def test_everything_is_said_in_both_languages(name):
    for text in texts_of(FORMS[name]):
        assert set(text) == {"nb", "en"}
        assert all(text.values())
        assert not any("  " in value or "\n" in value for value in text.values())


@pytest.mark.parametrize("name", FORMS)
def test_labels_are_short_ones_of_our_own_not_the_wording_of_the_form(name):
    for item in FORMS[name].items:
        for label in item.label.values():
            assert len(label.split()) <= 5
            assert not re.search(r"[.?!:]|\b(I|jeg|meg|min|me|my|vi|oss|we|us)\b", label)


@pytest.mark.parametrize("name", KOR)
def test_the_caveats_of_norms_and_of_the_direction_are_said(name):
    about = FORMS[name].about
    assert "ingen norske normer" in about["nb"]
    assert "no Norwegian norms" in about["en"]
    assert ("NHS" in about["en"]) == (name in {"CSRS", "GSRS", "CGSRS"})


@pytest.mark.parametrize("name", ["SMIL_PARENTS", "SMIL_PROFESSIONALS"])
def test_degrees_are_the_same_on_both_questionnaires(name):
    degrees = tomllib.loads((DEFINITIONS / "smil_parents.toml").read_text("utf-8"))["answers"][
        "degree"
    ]
    for item in FORMS[name].items:
        if item.kind == "choice":
            assert item.codes == (1, 2, 3, 4, 5)
            own = {str(code): text for code, text in item.answers.items() if code in item.codes}
            assert own == degrees
        else:
            assert item.kind == "text"


def test_not_relevant_is_an_answer_outside_the_scale():
    outside = {item.id: item.not_applicable for item in FORMS["SMIL_PARENTS"].items}
    with_it = {item for item, codes in outside.items() if codes}
    assert with_it == {"hour_of_day", "user_representative"}
    assert FORMS["SMIL_PARENTS"].labels("nb")["hour_of_day"]["9"] == "Ikke aktuelt"


def test_parts_of_the_questionnaire_to_professionals():
    form = FORMS["SMIL_PROFESSIONALS"]
    assert tuple(form.blocks) == ("competence", "cooperation", "realisation")
    assert [item.block for item in form.items] == sorted(item.block for item in form.items)


def test_the_couple_talk():
    form = FORMS["COUPLE_TALK"]
    assert [(item.kind, item.codes) for item in form.items] == [
        ("nominal", (1, 2)),
        ("nominal", (1, 2)),
        ("nominal", (1, 2)),
        ("nominal", (1, 2, 3, 4)),
        ("choice", (1, 2, 3, 4, 5)),
    ]
    useful = form.labels("en")["useful"]
    assert [*useful.values()] == ["Not what I needed", "2", "3", "4", "Exactly what we needed"]


def test_a_caretaker_is_a_mother_father_or_parent_too():
    assert set(CARETAKERS) == {"caretaker", "mother", "father", "parent"}
    assert set(CARETAKERS) < set(FORMS["CORS"].informants)
