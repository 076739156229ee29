"""The outsider's bounds on systems that are no plain tables, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evalkit.privacy.attacking import NotSolvedError, bounds, swings
from evalkit.privacy.auditing import attacked, smallest_above
from evalkit.privacy.hiding import pattern
from evalkit.privacy.numbers import Number
from evalkit.privacy.rounding import rounded
from evalkit.privacy.rule_attack import bounds_by_rule
from evalkit.privacy.system import System, clusters

TREE = (
    ("all", ("north", "south")),
    ("north", ("n1", "n2", "n3")),
    ("south", ("s1", "s2")),
)
VALUES = {"all": 60, "north": 27, "south": 33, "n1": 2, "n2": 10, "n3": 15, "s1": 13, "s2": 20}


def system_of(values, relations, unsafe=(), hidden=(), latent=()):
    numbers = [
        Number(name, value, unsafe=name in unsafe, printed=name not in latent)
        for name, value in values.items()
    ]
    system = System.of(numbers, relations)
    gone = np.isin(system.ids, list(hidden))
    return replace(system, values=np.where(gone, np.nan, system.values))


def told(system, found):
    return {
        name: (low, high)
        for name, low, high in zip(system.ids, found.lower, found.upper, strict=True)
    }


def test_numbers_stand_in_the_order_of_their_ids():
    system = system_of(VALUES, TREE)
    assert list(system.ids) == sorted(VALUES)
    assert (system.sums @ system.values == 0).all()


def test_bounds_of_a_tree():
    system = system_of(VALUES, TREE, hidden=("n1", "n2", "north", "south"))
    found = told(system, bounds(system))
    assert found["north"] == (27, 27)  # 60 less the 33 of the south
    assert found["south"] == (33, 33)
    assert found["n1"] == (0, 12)
    assert found["n3"] == (15, 15)


def test_without_a_total_nothing_limits():
    system = system_of(VALUES, TREE, hidden=("n1", "north", "all"))
    found = told(system, bounds(system))
    assert found["n1"] == (0, np.inf)
    assert found["north"] == (25, np.inf)
    assert found["all"] == (58, np.inf)


def test_a_limit_that_is_known_besides():
    system = system_of(VALUES, TREE, hidden=("n1", "north", "all"))
    cap = np.full(len(system.ids), np.inf)
    cap[system.ids.index("n1")] = 3.0
    found = told(system, bounds(system, cap=cap))
    assert found["n1"] == (0, 3)
    assert found["all"] == (58, 61)


def test_numbers_that_do_not_add_up_are_no_table():
    system = system_of({**VALUES, "north": 28}, TREE, hidden=("n1", "n2", "south"))
    with pytest.raises(NotSolvedError):
        bounds(replace(system, values=np.where(system.values == 60, 20, system.values)))


def test_swings_are_bounds_about_the_true_value():
    system = system_of(VALUES, TREE)
    hidden = np.isin(system.ids, ["n1", "n2"])
    found = swings(system, hidden, [system.ids.index("n1")], cap=50.0)
    assert (found.down[0], found.up[0]) == (2, 10)
    assert found.width[0] == 12
    # No pattern whose prices add up to less lets it move farther.
    assert found.prices[0][hidden].sum() >= found.width[0] - 1e-9


def test_clusters_hang_together_by_what_is_hidden():
    system = system_of(VALUES, TREE)
    places = {name: n for n, name in enumerate(system.ids)}
    among = np.isin(system.ids, ["n1", "n2", "s1", "s2"])
    found = [sorted(system.ids[n] for n in part) for part in clusters(system.sums, among)]
    assert sorted(found) == [["n1", "n2"], ["s1", "s2"]]
    assert len(clusters(system.sums, np.ones(len(places), dtype=bool))) == 1


def test_the_pattern_of_a_tree_stays_in_its_branch():
    system = system_of(VALUES, TREE, unsafe=("n1",))
    hidden = pattern(system, 5)
    assert {name for name, gone in zip(system.ids, hidden, strict=True) if gone} == {"n1", "n2"}


def test_a_number_that_nobody_prints_is_protected():
    """Of 20 who could, 18 did: the two who did not stand nowhere, and are not to be known."""
    values = {"n": 20, "did": 18, "did not": 2}
    relations = [("n", ("did", "did not"))]
    system = system_of(values, relations, unsafe=("did not",), latent=("did not",))
    hidden = pattern(system, 5)
    assert hidden[system.ids.index("did")]
    assert not hidden[system.ids.index("n")]


def test_smallest_shown_total_above():
    system = system_of(VALUES, TREE, hidden=("n1", "north"))
    above = dict(zip(system.ids, smallest_above(system), strict=True))
    assert above["n1"] == 60  # its own total is hidden, that of all is not
    assert above["s1"] == 33
    assert above["all"] == np.inf


def test_the_rule_tells_that_one_of_a_cluster_is_small():
    values = {"n": 6, "a": 2, "b": 4}
    system = system_of(values, [("n", ("a", "b"))], hidden=("a", "b"))
    found = told(system, bounds_by_rule(system, 5))
    assert found["a"] == (1, 5)
    assert found["b"] == (1, 5)
    everyone = np.array([name == "a" for name in system.ids])
    weaker = told(system, bounds_by_rule(system, 5, full=everyone))
    assert weaker["a"] == (0, 5)


def test_the_rule_says_nothing_where_all_would_be_hidden_anyway():
    values = {"n": 6, "a": 2, "b": 4}
    system = system_of(values, [("n", ("a", "b"))], hidden=("a", "b"), latent=("a", "b"))
    assert told(system, bounds_by_rule(system, 5))["a"] == (0, 6)


def test_an_audit_of_too_narrow_an_interval():
    values = {"n": 4, "a": 1, "b": 3}
    system = system_of(values, [("n", ("a", "b"))], hidden=("a", "b"))
    found = attacked(system, 5).set_index("id")
    assert found["required"].tolist() == [4, 4]  # the total that is shown is smaller than 5
    assert found.loc["a", ["rule_lower", "rule_upper"]].tolist() == [0, 4]
    assert attacked(replace(system, values=np.array([np.nan, np.nan, 3.0])), 5)["safe"].all()


def test_rounded_numbers_of_a_tree_add_up():
    system = system_of(VALUES, TREE)
    found = dict(zip(system.ids, rounded(system, 5), strict=True))
    assert [found[name] for name in ("n1", "n2", "n3", "s1", "s2")] == [0, 10, 15, 15, 20]
    assert (found["north"], found["south"], found["all"]) == (25, 35, 60)
