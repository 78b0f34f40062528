"""The last sentence of `nic why` says what stands in the way, and what comes next."""

import pytest

from cli.conclusion import conclude
from cli.peek import QueueSeen
from cli.story import Standing, Story
from tests.unit.build import NOW, instance, operation

ID = "fhm4k9v2c7t1x5n8w3qd"
UNLIKE = Standing(policy="other", index="2", unlike="its label nic is missing")
HAS = Standing(policy="there", index="3", has=True)


def missing(would, why="", **more):
    return Standing(policy="mgmt", index="1", would=would, why=why, **more)


def story(*standings, **more):
    seen = instance(status=more.pop("status", "STOPPED"))
    return Story(instance_id=ID, instance=seen, standings=standings, **more)


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        (
            [],
            "No policy means this instance: nothing is attached unless somebody asks.",
        ),
        ([UNLIKE], "No policy means this instance"),
        ([HAS, UNLIKE], "Nothing is missing: the instance has all that policies want."),
        (
            [missing("attach")],
            "interface 1 of policy mgmt: it would be attached at the next event or",
        ),
        (
            [missing("attach", causes=("stopped", "crashed"))],
            "attached when the next event comes (stopped or crashed).",
        ),
        ([missing("wait")], "and the instance is STOPPED: that is waited for."),
        ([missing("index-taken")], "another interface is where interface 1"),
        ([missing("instance-broken")], "nothing is attached until that is repaired."),
        ([missing("dry run", "else: attach")], "only a dry run: else: attach."),
        (
            [missing("look again", "INTERNAL: x")],
            "could not be judged now: INTERNAL: x.",
        ),
        ([missing("refused", "no")], "missing and would not be attached: no."),
        ([missing("instance-missing")], "would not be attached: instance-missing."),
    ],
)
def test_it_says_what_stands_in_the_way(standings, said):
    """For every kind of standing; what is there or not meant is not mentioned."""
    found = conclude(story(*standings))
    assert said.lower() in found.lower()
    assert found.endswith(".")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (missing("not-stopped"), "be attached once the instance is stopped."),
        (
            missing("not-stopped", causes=("preempted",)),
            "be attached once the instance is stopped (preempted).",
        ),
        (missing("stop"), "would be stopped, given the interface and started again"),
    ],
)
def test_a_running_instance_must_stop(standing, said):
    """By whom depends on the policy."""
    found = conclude(story(standing, status="RUNNING"))
    assert said in found
    assert "the instance is RUNNING" in found


def test_all_that_is_missing_is_told():
    """In one sentence; an index left open is no number."""
    other = Standing(policy="any", index="auto", would="attach")
    found = conclude(story(missing("wait"), other))
    assert found.startswith("Interface 1 of policy mgmt is missing")
    assert "; nothing stands in the way of an interface of policy any: " in found


def test_an_instance_that_opts_out_is_left_alone():
    """Whatever is missing."""
    found = conclude(story(missing("skipped"), opted_out="leave-me"))
    assert found == "Policies leave the instance alone, for it has label leave-me."


def test_a_request_under_way_is_mentioned():
    """If the tasks queue was read."""
    tasks = QueueSeen(name="tasks", messages=("request order-1",))
    found = conclude(story(missing("attach"), queues=[tasks]))
    assert found.endswith("; a request about it is on the tasks queue already.")


def test_an_instance_that_is_gone_leaves_its_last_operation():
    """As far as the cloud still tells of it."""
    unknown = Story(instance_id=ID, instance=None)
    last = operation(json={"description": "Delete instance"}, created=NOW)
    gone = Story(instance_id=ID, instance=None, operations=[operation(), last])
    assert conclude(unknown) == (
        f"There is no instance {ID}: nothing can be attached to it."
    )
    assert conclude(gone) == (
        f"There is no instance {ID}: the last that is known of it is"
        " 'Delete instance', begun 2026-01-02 03:04:05."
    )


def test_an_instance_that_cannot_be_seen_is_not_said_to_be_gone():
    """The cloud's own words are."""
    unseen = Story(instance_id=ID, instance=None, problem="PERMISSION_DENIED: no")
    said = "The instance cannot be looked at: PERMISSION_DENIED: no."
    assert conclude(unseen) == said
