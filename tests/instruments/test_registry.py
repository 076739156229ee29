"""Loading forms: the nearest id on a typo, and every fault of an own file with its line."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import evalkit as ek
from evalkit.errors import ArgumentError, ReadError

OWN = """\
id = "OWN"
name = "Own form"
informants = ["self"]

[answers.degree]
1 = "little"
2 = "much"
9 = "not relevant"

[[items]]
id = "a"
label = "A"
kind = "scale"
lowest = 0
highest = 10
steps_per_unit = 10

[[items]]
id = "b"
label = "B"
kind = "choice"
answers = "degree"
not_applicable = [9]

[[items]]
id = "c"
label = "C"
kind = "text"

[[scales]]
id = "total"
label = "Total"
items = ["a", "b"]
method = "sum"
better = "higher"

[[profiles]]
id = "ours"
label = "Ours"
threshold = 2
source = "us"
evidence = "read"

[[cutoffs]]
value = 5
clinical = "<"
ages = { from = 8, to = 12 }
source = "us"
evidence = "read"

[[reliabilities]]
kind = "alpha"
value = 0.8
sample = "us"
source = "us"
evidence = "read"
"""


@pytest.fixture
def errors_of(tmp_path):
    def errors(*changes, name="own.toml"):
        text = OWN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(ReadError) as error:
            ek.load_instrument(tmp_path / name)
        return str(error.value).splitlines()

    return errors


def test_a_form_is_loaded_once():
    assert ek.load_instrument("CORS") is ek.load_instrument("CORS")


@pytest.mark.parametrize("name", ["CROS", "cors", "CORS "])
def test_the_nearest_form_is_named(name):
    with pytest.raises(
        ArgumentError, match=r"there is no form '.*'\. .*Known: CGSRS, CORS, .*\.toml"
    ):
        ek.load_instrument(name)


def test_a_typing_mistake_is_understood():
    with pytest.raises(ArgumentError, match="Did you mean 'CORS'"):
        ek.load_instrument("CROS")


def test_the_list_of_forms():
    forms = ek.list_instruments(language="nb")
    assert list(forms.columns) == [
        *(
            "id",
            "name",
            "informants",
            "ages_from",
            "ages_to",
            "items",
            "scales",
            "profiles",
            "scored",
        )
    ]
    assert forms["id"].is_monotonic_increasing
    cors = forms.set_index("id").loc["CORS"]
    assert cors["name"] == "Skala for endringsvurdering – barn og unge"
    assert cors["informants"] == "self, mother, father, parent, caretaker"
    assert (cors["ages_from"], cors["ages_to"], cors["items"]) == (6, 12, 4)
    assert (cors["scales"], cors["profiles"]) == ("total", "pcoms_5, pcoms_6, cyp_iapt_2015")
    assert forms["scored"].tolist() == forms["scales"].ne("").tolist()
    assert forms.loc[forms["id"] == "YCORS", "ages_from"].isna().all()
    pd.testing.assert_frame_equal(ek.list_instruments(), forms)
    with pytest.raises(ArgumentError, match="language is 'sv'"):
        ek.list_instruments(language="sv")


def test_an_own_form_is_read_again_when_its_file_changes(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    assert ek.load_instrument(path).profile("ours").threshold == 2
    path.write_text(OWN.replace("threshold = 2", "threshold = 3"), "utf-8")
    assert ek.load_instrument(str(path)).profile("ours").threshold == 3


def test_what_is_left_out_follows_from_the_rest(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    form = ek.load_instrument(tmp_path / "own.toml")
    scale = form.scale()
    assert (scale.lowest, scale.highest, scale.steps_per_unit, scale.least_answered) == (
        1,
        12,
        10,
        2,
    )
    assert form.cutoffs[0].scale == form.reliabilities[0].scale == form.profiles[0].scale == "total"
    assert (form.cutoffs[0].ages, form.cutoffs[0].informants) == ((8, 12), ())
    assert form.ages == (None, None)
    assert form.item("b").answers[9] == {"nb": "not relevant", "en": "not relevant"}


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    with pytest.raises(
        ReadError, match=r"own-form.toml: there is no such file in .*Did you mean 'own.toml'\?"
    ):
        ek.load_instrument(tmp_path / "own-form.toml")
    with pytest.raises(ReadError, match="there is no such file"):
        ek.load_instrument("nowhere/own.toml")


def test_a_file_that_cannot_be_parsed(errors_of):
    (error,) = errors_of(('id = "OWN"', "id = “OWN”"))
    assert error.startswith("own.toml, line 1: quotation marks must be straight")


SINGLE = [
    ('id = "OWN"\n', "", None, "the file lacks 'id'"),
    ('id = "OWN"', 'id = "sessions"', 1, "'id' is 'sessions', which is a table of a study"),
    ('id = "OWN"', 'id = "own form"', 1, "'id' is 'own form', but should be a name of letters"),
    ('["self"]', '["selv"]', 3, "'informants' is 'selv'. Did you mean 'self'?"),
    ('["self"]', '"self"', 3, "'informants' is 'self', but should be a list"),
    ('name = "Own form"', 'name = "Own form"\nages = { from = 12, to = 8 }', 3, "'ages' go from 12 to 8"),
    ('name = "Own form"', 'name = "Own form"\nnot_scored = "No."', 3, "'not_scored' is stated, but there are [[scales]]"),
    ('name = "Own form"', 'name = "Own form"\nlicense = "Own"', 3, "'license' is not a key here. Did you mean 'licence'?"),
    ('2 = "much"', 'two = "much"', 7, "'answers.degree.two' is no code: answers are numbered"),
    ('9 = "not relevant"', "", 23, "'not_applicable' of [[items]] 'b' holds 9, which has no label"),
    ('answers = "degree"', 'answers = "degrees"', 22, "'answers' of [[items]] 'b' is 'degrees'. Did you mean 'degree'?"),
    ('answers = "degree"\n', "", 18, "[[items]] 'b' lacks 'answers'"),
    ('answers = "degree"', 'answers = { 1 = "yes", 9 = "none" }', 22, "'answers' of [[items]] 'b' hold fewer than two answers"),
    ('kind = "choice"', 'kind = "choise"', 21, "'kind' of [[items]] 'b' is 'choise'. Did you mean 'choice'?"),
    ('kind = "choice"', 'kind = "choice"\nlowest = 1', 22, "'lowest' of [[items]] 'b' has no meaning"),
    ('kind = "text"', 'kind = "text"\nanswers = "degree"', 29, "'answers' of [[items]] 'c' has no meaning"),
    ('kind = "text"', 'kind = "nominal"\nanswers = "degree"\nreversed = true', 30, "'reversed' of [[items]] 'c' has no meaning"),
    ('kind = "text"', 'kind = "text"\nblock = "x"', 29, "'block' of [[items]] 'c' is 'x'. Add a table [blocks]."),
    ('kind = "scale"', 'kind = "scale"\nanswers = "degree"', 14, "'answers' of [[items]] 'a' belong to the kinds 'choice' and 'nominal'"),
    ('kind = "scale"', 'kind = "scale"\nnot_applicable = [7]', 14, "'not_applicable' of [[items]] 'a' holds 7, which is an answer too"),
    ("lowest = 0\n", "", 10, "[[items]] 'a' lacks 'lowest'"),
    ("lowest = 0", "lowest = 10", 14, "'lowest' of [[items]] 'a' is 10, not below 'highest', 10"),
    ("lowest = 0", "lowest = 0.25", 14, "'lowest' of [[items]] 'a' is 0.25, which lies on no step"),
    ("lowest = 0", 'lowest = "0"', 14, "'lowest' of [[items]] 'a' is '0', but should be a number"),
    ("steps_per_unit = 10", "steps_per_unit = 0", 16, "'steps_per_unit' of [[items]] 'a' is 0, but should be a whole number from 1"),
    ("steps_per_unit = 10", "steps_per_unit = 2.5", 16, "'steps_per_unit' of [[items]] 'a' is 2.5"),
    ("steps_per_unit = 10", 'reversed = "yes"', 16, "'reversed' of [[items]] 'a' is 'yes', but should be true or false"),
    ('id = "c"', 'id = "a"', 26, "'id' of [[items]] 'a' is 'a', which stands above already"),
    ('id = "c"', 'id = "group_id"', 26, "'id' of [[items]] 'group_id' is 'group_id', which evalkit uses itself"),
    ('id = "c"', 'id = "scale"', 26, "which evalkit uses itself"),
    ('id = "c"', 'id = "all_answered"', 26, "columns ending in _answered count answered items"),
    ('id = "c"', 'id = "total"', 31, "'id' of [[scales]] 'total' is 'total', which is an item too"),
    ('items = ["a", "b"]', 'items = ["a", "bb"]', 33, "'items' of [[scales]] 'total' names 'bb', which is no item. Did you mean 'b'?"),
    ('items = ["a", "b"]', 'items = ["a", "a"]', 33, "names 'a' more than once"),
    ('items = ["a", "b"]', 'items = ["a", "c"]', 33, "names 'c', whose kind 'text' has no sum"),
    ('items = ["a", "b"]', "items = []", 33, "should be a list of ids"),
    ('method = "sum"', 'method = "sums"', 34, "'method' of [[scales]] 'total' is 'sums'. Did you mean 'sum'?"),
    ('method = "sum"', 'method = "mean"', 30, "[[scales]] 'total' lacks 'steps_per_unit', the steps a mean is rounded to"),
    ('method = "sum"', 'method = "sum"\nleast_answered = 3', 35, "'least_answered' of [[scales]] 'total' is 3, but the scale has 2 items"),
    ('method = "sum"', 'method = "sum"\nleast_answered = 0', 35, "'least_answered' of [[scales]] 'total' is 0, but should be a whole number from 1"),
    ('method = "sum"', 'method = "sum"\nleast_answered = 1', 35, "but their ranges differ"),
    ('method = "sum"', 'method = "sum"\nhighest = 20', 35, "'highest' of [[scales]] 'total' is 20, but the items give 12"),
    ('method = "sum"', 'method = "sum"\nlowest = 0', 35, "'lowest' of [[scales]] 'total' is 0, but the items give 1"),
    ('better = "higher"', 'better = "up"', 35, "'better' of [[scales]] 'total' is 'up'"),
    ('better = "higher"', 'better = "lower"', 46, "'clinical' of [[cutoffs]] number 1 is '<', but lower is better on 'total', so the clinical range is >= or > the cut-off"),
    ("threshold = 2", 'threshold = 2\nscale = "sum"', 41, "'scale' of [[profiles]] 'ours' is 'sum'. Known: total."),
    ("threshold = 2", "threshold = 0", 40, "'threshold' of [[profiles]] 'ours' is 0, but should lie above 0"),
    ("threshold = 2", "threshold = 11.5", 40, "'threshold' of [[profiles]] 'ours' is 11.5, more than the scale can change"),
    ('source = "us"\n', "", 37, "[[profiles]] 'ours' lacks 'source'"),
    ('evidence = "read"', 'evidence = "seen"', 42, "'evidence' of [[profiles]] 'ours' is 'seen'. Known: read, recalled, unverified."),
    ("value = 5", "value = 13", 45, "'value' of [[cutoffs]] number 1 is 13, but scores lie between 1 and 12"),
    ("{ from = 8, to = 12 }", "{ from = 12, to = 8 }", 47, "'ages' of [[cutoffs]] number 1 go from 12 to 8"),
    ("{ from = 8, to = 12 }", "{ from = 8, until = 12 }", 47, "'ages.until' of [[cutoffs]] number 1 is not a key here"),
    ("value = 0.8", "value = 80", 53, "'value' of [[reliabilities]] number 1 is 80, but should lie between 0 and 1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "row", "message"), SINGLE)
def test_a_fault_has_its_line_and_way_out(errors_of, old, new, row, message):
    (error,) = errors_of((old, new))
    place, text = error.split(": ", 1)
    assert place == ("own.toml" if row is None else f"own.toml, line {row}")
    assert message in text
    assert text.endswith((".", "?"))


def cutoff(value, rest=""):
    return (
        f'\n[[cutoffs]]\nvalue = {value}\nclinical = "<"\n{rest}source = "us"\nevidence = "read"\n'
    )


@pytest.mark.parametrize(
    ("rest", "faults"),
    [
        ("", 1),
        ("ages = { from = 12 }\n", 1),
        ("ages = { to = 8 }\n", 1),
        ("ages = { from = 13 }\n", 0),
        ("ages = { to = 7 }\n", 0),
        ('informants = ["self"]\n', 1),
    ],
)
def test_two_cutoffs_for_the_same_person_are_refused(errors_of, tmp_path, rest, faults):
    addition = ("\n[[reliabilities]]", cutoff(6, rest) + "\n[[reliabilities]]")
    if faults:
        (error,) = errors_of(addition)
        assert error.startswith(
            "own.toml, line 51: [[cutoffs]] number 2 of 6 holds for the same age and informant"
        )
    else:
        (tmp_path / "own.toml").write_text(OWN.replace(*addition), "utf-8")
        assert len(ek.load_instrument(tmp_path / "own.toml").cutoffs) == 2


def test_a_mother_is_a_caretaker(errors_of):
    both = cutoff(6, 'informants = ["mother"]\n') + cutoff(7, 'informants = ["caretaker"]\n')
    first = ("ages = { from = 8, to = 12 }", 'informants = ["self"]')
    (error,) = errors_of(first, ("\n[[reliabilities]]", both + "\n[[reliabilities]]"))
    assert "number 3 of 7 holds for the same age and informant as the cut-off of 6" in error


def test_all_faults_are_told_at_once_by_line(errors_of):
    errors = errors_of(
        ('["self"]', '["selv"]'),
        ("lowest = 0", "lowest = 11"),
        ('kind = "choice"', 'kind = "choise"'),
        ('["a", "b"]', '["a", "b", "d"]'),
        ("value = 0.8", "value = 8"),
    )
    assert [int(re.search(r"line (\d+)", error)[1]) for error in errors] == [3, 14, 21, 33, 53]


def test_a_broken_item_is_no_unknown_one(errors_of):
    (error,) = errors_of(("steps_per_unit = 10", "steps_per_unit = 0"))
    assert "'steps_per_unit'" in error


@pytest.mark.parametrize("key", ["items", "scales"])
def test_a_list_written_as_something_else_is_the_only_fault(errors_of, key):
    table = re.search(rf"\n\[\[{key}.*?(?=\n\[\[(?!{key}))", OWN, re.DOTALL)[0]
    (error,) = errors_of((table, ""), ('id = "OWN"', f'{key} = "a"\nid = "OWN"'))
    assert error == f"own.toml, line 1: '{key}' should be written [[{key}]], once for each."


def test_a_fault_in_answers_is_no_second_one_in_the_items(errors_of):
    (error,) = errors_of(
        ('1 = "little"', "1 = 5"),
    )
    assert "'answers.degree.1' is 5" in error
