"""Types of resources are read from a description, and rules hold for what is given."""

import pytest

from fakes.terraform.checks import Fault, faults
from fakes.terraform.notation import read_resources
from fakes.terraform.schema import Attribute, Group, Nesting, groups
from fakes.terraform.wire import UNKNOWN

DESCRIPTION = """
# comments and empty lines say nothing

lake sdk
  name string required replace match=[a-z]+
  depth number optional default=3 range=1..11
  fish list(string) optional match=[a-z]+
  kind string optional computed choice=sweet|salt
  note string optional length=0..4
  inflow block optional either=inflow|spring
    river string required
  spring block optional either=inflow|spring
    warm bool optional
  ports blocks optional
    berths string optional range=1..9
  view object optional computed
    angle number optional range=0..360
"""


@pytest.fixture(scope="module")
def lake():
    return read_resources(DESCRIPTION)["lake"]


def problems(resource, **values):
    given = {"spring": [{"warm": True}], **values}
    return [(one.path, one.problem) for one in faults(resource.fields, given)]


def test_a_line_is_a_field_with_its_flags_and_rules(lake):
    """A line says all of a field; what stands further in belongs to it."""
    assert lake.legacy
    depth, view = lake.fields["depth"], lake.fields["view"]
    assert isinstance(depth, Attribute)
    assert (depth.type, depth.default, depth.optional) == ("number", 3, True)
    assert isinstance(view, Group)
    assert view.nesting is Nesting.OBJECT
    assert view.computed
    assert list(view.fields) == ["angle"]
    assert lake.fields["fish"].type == ["list", "string"]
    assert lake.fields["name"].replace


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("name", "name"),
        ("name string wanted", "name string wanted"),
        ("name string range=low..high", "range=low..high"),
        ("name block size=3", "name block size=3"),
    ],
)
def test_a_line_that_says_nothing_known_is_told(line, told):
    """A wrong description is refused with the line that is wrong."""
    with pytest.raises(ValueError, match="not a field") as caught:
        read_resources(f"lake sdk\n  {line}\n")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("values", "path", "problem"),
    [
        ({"depth": 12}, ("depth",), "must be from 1 to 11"),
        ({"name": "Loch"}, ("name",), "must look like [a-z]+"),
        ({"fish": ["pike", "7"]}, ("fish",), "must look like [a-z]+"),
        ({"kind": "black"}, ("kind",), "must be one of sweet, salt"),
        ({"note": "too long"}, ("note",), "must have 0 to 4 characters"),
        (
            {"ports": [{}, {"berths": "10"}]},
            ("ports", 1, "berths"),
            "must be from 1 to 9",
        ),
        ({"ports": [{"berths": "x"}]}, ("ports", 0, "berths"), "must be a number"),
        ({"view": {"angle": 400}}, ("view", "angle"), "must be from 0 to 360"),
    ],
)
def test_a_value_that_breaks_a_rule_is_told_with_its_place(lake, values, path, problem):
    """Every rule is looked at, at every depth, and told with the path of the value."""
    assert problems(lake, **values) == [(path, problem)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"depth": 1, "name": "loch", "kind": "salt", "note": "", "fish": ["pike"]},
        {"depth": UNKNOWN, "view": UNKNOWN, "fish": ["pike", UNKNOWN]},
        {"ports": [UNKNOWN, {"berths": UNKNOWN}]},
        {"spring": UNKNOWN, "inflow": UNKNOWN},
    ],
)
def test_what_is_not_known_yet_breaks_no_rule(lake, values):
    """Nothing is said against what fits, and against what only applying brings."""
    assert problems(lake, **values) == []


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"spring": []}, ("inflow",)),
        ({"spring": [{}], "inflow": [{"river": "Don"}]}, ("spring",)),
    ],
)
def test_one_of_several_blocks_must_be_given_and_one_only(lake, given, path):
    """Of blocks that exclude each other, none and two are both refused."""
    problem = "one of inflow, spring must be given, and one only"
    assert list(faults(lake.fields, given)) == [Fault(path=path, problem=problem)]


def test_our_description_can_be_read_and_names_what_excludes_what():
    """All types of the module are described; each name in an `either` exists."""
    resources = read_resources()
    assert len(resources) == 17
    for resource in resources.values():
        for one in groups(resource.fields):
            assert set(one.either) <= {it.name for it in groups(resource.fields)}
