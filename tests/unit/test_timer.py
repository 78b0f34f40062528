"""A timer calls for a sweep."""

import json

import pytest

from events.envelope import Delivery, Source, deliveries
from events.limits import Limits
from events.match import Match
from events.policy import Policies
from events.rejected import Rejected
from events.sweep import Sweep
from events.timer import begin
from tests.unit.build import NOW, policy, sample


def timer(payload=""):
    return Delivery(event_id="timer-1", body=payload, source=Source.TIMER)


MGMT = policy()


def begun(payload="", *, policies=(MGMT,), home="home", limits=Limits()):
    return begin(timer(payload), Policies(policies=policies, limits=limits), home, NOW)


def problems(found):
    assert isinstance(found, Rejected)
    assert (found.id, found.event_id, found.created) == ("timer-1", "timer-1", NOW)
    return [str(one) for one in found.violations]


@pytest.mark.parametrize("payload", ["", " \n", None, "{}", {}], ids=repr)
def test_an_empty_payload_calls_for_everything(payload):
    """All policies, with effect, as many instances as the limits say."""
    assert begun(payload, limits=Limits(per_sweep=7)) == Sweep(
        id="timer-1", created=NOW, folder_ids=("home",), room=7
    )


@pytest.mark.parametrize(
    "payload",
    [
        '{"policies": ["more", "mgmt"], "dryRun": true}',
        ' {"dry_run": true, "policies": ["more", "mgmt"]}\n',
        {"policies": ["more", "mgmt"], "dryRun": True},
    ],
    ids=["text", "snake_case", "object"],
)
def test_a_payload_names_policies_and_may_be_a_dry_run(payload):
    """The names are kept in their order."""
    found = begun(payload, policies=(policy(), policy(name="more"), policy(name="x")))
    assert (found.policies, found.dry_run) == (("more", "mgmt"), True)


def test_the_samples_begin_a_sweep():
    """The timer's sample names a policy of the sample."""
    [delivery] = deliveries(sample("timer-trigger"))
    policies = Policies(policies=(policy(name="management"),))
    found = begin(delivery, policies, "home", NOW)
    assert (found.policies, found.dry_run) == (("management",), True)


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("sweep!", ["$ is not JSON: JSONDecodeError"]),
        ("[]", ["$ must be an object"]),
        (b"{}", ["$ must be an object"]),
        (
            '{"policies": ["a b", "mgmt", "ghost"], "dryRun": 1, "x": 2}',
            [
                "$.policies[0] is no policy's name",
                "$.policies[2] is no policy's name",
                "$.dryRun must be true or false",
                "$.x is not a known field",
            ],
        ),
        ('{"policies": ["mgmt", "mgmt"]}', ["$.policies[1] is there twice"]),
        ('{"policies": "mgmt"}', ["$.policies must be a list"]),
    ],
)
def test_all_that_is_wrong_is_told_at_once(payload, told):
    """Each with its path, the right place in a list among it."""
    assert problems(begun(payload)) == told


def within(*folder_ids, name="mgmt"):
    return policy(name=name, match=Match(folder_ids=folder_ids))


@pytest.mark.parametrize(
    ("policies", "limits", "home", "folders"),
    [
        ([within("f", "g")], (), "", ("f", "g")),
        ([within("f"), within("g", "f", name="b")], (), "home", ("f", "g")),
        ([within("f"), within(name="b")], (), "home", ("f", "home")),
        ([within()], ("f", "g"), "home", ("f", "g")),
        ([within("f", "h")], ("f", "g"), "", ("f",)),
        ([], (), "", ()),
        ([], ("f",), "home", ()),
    ],
)
def test_folders_are_where_the_policies_instances_can_be(
    policies, limits, home, folders
):
    """A policy's own, else those of the limits, else the home; each allowed, once."""
    found = begun(policies=tuple(policies), limits=Limits(folder_ids=limits), home=home)
    assert found.folder_ids == folders


def test_only_the_policies_that_were_named_count():
    """Others' folders are not swept."""
    policies = (within("f"), within("g", name="b"))
    assert begun('{"policies": ["b"]}', policies=policies).folder_ids == ("g",)


@pytest.mark.parametrize(
    ("policies", "limits", "home"),
    [([within()], (), ""), ([within("f")], ("g",), "home")],
)
def test_without_a_folder_there_is_nothing_to_sweep(policies, limits, home):
    """That is told: somebody forgot to name one, or allowed none of them."""
    limits = Limits(folder_ids=limits)
    assert problems(begun(policies=tuple(policies), limits=limits, home=home)) == [
        "$ calls for a folder: none is named by policies or limits"
    ]


def test_folders_are_as_many_as_a_sweep_can_carry():
    """More is told, and not found out in the middle of a sweep."""
    some = [f"f{place}" for place in range(200)]
    assert begun(policies=(within(*some),)).folder_ids == tuple(some)
    found = begun(policies=(within(*some), within("one-more", name="b")))
    assert problems(found) == ["$ calls for more than 200 folders"]


def test_a_timer_that_is_delivered_again_begins_the_same_sweep():
    """By the same name, so that its requests have the same names as well."""
    assert begun(json.dumps({})) == begun(json.dumps({}))
