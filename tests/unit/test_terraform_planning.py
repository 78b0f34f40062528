"""A plan tells what a change brings, what nobody knows yet, and what is replaced."""

import pytest

from fakes.terraform.notation import read_resources
from fakes.terraform.planning import planned, replaced
from fakes.terraform.wire import UNKNOWN, complete, known, read_value, render_value

DESCRIPTION = """
lake sdk
  name string required replace
  depth number optional default=3
  id string optional computed
  ports blocks optional
    berths number optional computed
    side string optional replace
  inflow block optional replace
    river string required
  view object optional computed
    angle number optional computed
  spots objects optional
    angle number optional computed
"""
FIELDS = read_resources(DESCRIPTION)["lake"].fields
EMPTY = complete(FIELDS, {"name": "loch"})


def change(prior, **values):
    proposed = {**prior, **values}
    plan = planned(FIELDS, proposed, prior)
    return plan, list(replaced(FIELDS, prior, plan))


def test_a_creation_knows_defaults_and_leaves_the_rest_to_the_cloud():
    """What is computed is unknown before, at every depth; defaults are known."""
    proposed = {**EMPTY, "ports": [{"berths": None, "side": "east"}], "spots": [{}]}
    plan = planned(FIELDS, proposed, None)
    assert plan == {
        "name": "loch",
        "depth": 3,
        "id": UNKNOWN,
        "ports": [{"berths": UNKNOWN, "side": "east"}],
        "inflow": [],
        "view": UNKNOWN,
        "spots": [{"angle": UNKNOWN}],
    }


def test_a_change_keeps_what_the_cloud_decided():
    """What was computed before stays; a block that comes new has its own unknowns."""
    prior = {**EMPTY, "id": "l1", "depth": 4, "ports": [{"berths": 2, "side": None}]}
    more = [*prior["ports"], {"berths": None, "side": None}]
    plan, paths = change(prior, depth=5, ports=more)
    assert plan["id"] == "l1"
    assert plan["depth"] == 5
    assert plan["view"] is None
    assert plan["ports"] == [
        {"berths": 2, "side": None},
        {"berths": UNKNOWN, "side": None},
    ]
    assert paths == []


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"name": "tarn"}, [("name",)]),
        ({"name": UNKNOWN}, [("name",)]),
        ({"inflow": [{"river": "Don"}]}, [("inflow",)]),
        ({"ports": [{"berths": 2, "side": "west"}]}, [("ports", 0, "side")]),
        ({"depth": 9}, []),
    ],
)
def test_a_change_of_what_cannot_change_takes_another_resource(values, paths):
    """The path of each change that replaces is told, and of no other."""
    prior = {**EMPTY, "depth": 3, "ports": [{"berths": 2, "side": "east"}]}
    assert change(prior, **values)[1] == paths


def test_values_survive_the_way_to_terraform_and_back():
    """Nothing, unknowns, numbers and nested values come out as they went in."""
    values = {"a": None, "b": [1, 2.5, UNKNOWN], "c": {"d": UNKNOWN, "e": "ü"}}
    assert read_value(render_value(values)) == values
    assert read_value(render_value(None)) is None
    empty = render_value(None)
    empty.ClearField("msgpack")
    assert read_value(empty) is None
    empty.json = b'{"a": 1}'
    assert read_value(empty) == {"a": 1}


def test_what_is_not_known_is_nothing_to_the_cloud():
    """Unknown values become None at every depth before a resource is made."""
    values = {"a": UNKNOWN, "b": [UNKNOWN, {"c": UNKNOWN, "d": 1}]}
    assert known(values) == {"a": None, "b": [None, {"c": None, "d": 1}]}


def test_all_fields_are_there_for_terraform():
    """What is not said is None, a block that is not there an empty list."""
    values = {"ports": [{}], "view": {}, "spots": None, "inflow": UNKNOWN}
    assert complete(FIELDS, values) == {
        "name": None,
        "depth": None,
        "id": None,
        "ports": [{"berths": None, "side": None}],
        "inflow": UNKNOWN,
        "view": {"angle": None},
        "spots": None,
    }
