"""`nic plan` shows what would have been done, and does nothing."""

from collections import Counter

import pytest

from tests.contract.operator_city import City
from tests.contract.plans import judged, lines, planned

# All that plan may call; what is looked at is looked at once.
READS = {
    "InstanceService/Get",
    "InstanceService/ListOperations",
    "SecurityGroupService/Get",
    "SubnetService/Get",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with City(tmp_path_factory.mktemp("city")) as city:
        yield city


@pytest.fixture(autouse=True)
def _clean(city):
    city.cloud.faults.clear()


@pytest.fixture(scope="module")
def web(city):
    """A stopped instance without the interface that it should have."""
    return city.create("web-1", nic="mgmt")


@pytest.fixture(scope="module")
def running(city):
    return city.create("web-2", running=True, nic="mgmt")


@pytest.fixture(scope="module")
def complete(city):
    """A stopped instance that has its interface."""
    instance_id = city.create("web-3", nic="mgmt")
    city.attach(instance_id)
    return instance_id


def test_nothing_happens_and_everything_is_looked_at_once(city, web, running):
    """However often an instance occurs; queues are not even known."""
    events = [city.event("StopInstance", one) for one in [web, running] * 20]
    policy = city.policy(options={"stopIfRunning": True})
    city.cloud.faults.clear()
    found = planned(city, lines(*events), policies=city.policies(policy))
    calls = Counter(city.calls())
    assert found["totals"]["would"] == {"attach": 20, "not-stopped": 20}
    assert calls["InstanceService/Get"] == 2
    assert calls["SubnetService/Get"] == calls["SecurityGroupService/Get"] == 1
    assert set(calls) <= READS
    assert city.messages(city.queues.tasks) == city.messages(city.queues.results)
    assert city.messages(city.queues.tasks) == (0, 0)


def test_a_row_tells_all(city, web):
    """When, what, why it counts, whom it concerns, and what would follow."""
    [found] = planned(city, lines(city.event("PreemptInstance", web)))["rows"]
    assert found == {
        "line": 1,
        "time": "2026-01-02T03:04:05.000Z",
        "event": "PreemptInstance",
        "eventId": f"event-{city._events}",
        "cause": "preempted",
        "instance": web,
        "policy": "mgmt",
        "index": "1",
        "would": "attach",
        "why": "the instance is STOPPED, the slot free",
    }


def test_what_a_policy_does_not_permit_is_told(city, running):
    """The verdict that would be published is in the row."""
    assert judged(city, city.event("StopInstance", running))[0] == ["not-stopped"]


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ({"nic": "mgmt"}, "policy mgmt: already attached"),
        ({"nic": "other"}, "no policy matches"),
    ],
)
def test_what_needs_nothing_is_skipped(city, complete, label, reason):
    """With the reason that the function would log."""
    policies = city.policies(city.policy(labels=label))
    event = city.event("CrashInstance", complete)
    assert judged(city, event, policies=policies) == (["skipped"], reason)


def test_an_instance_that_is_gone_is_skipped(city):
    """It is looked at as it is now, not as it was."""
    found = judged(city, city.event("StopInstance", "fhmgone"))
    assert found == (["skipped"], "the instance is gone")


def test_a_policy_that_cannot_be_had_is_refused(city, web):
    """No subnet in the zone; two policies for one index; beyond the limits."""
    event = city.event("StopInstance", web)
    other = city.policies(city.policy(zones=["ru-central1-b"]))
    rivals = city.policies
    assert judged(city, event, policies=other) == (
        ["refused"],
        f"policy mgmt names no subnet for {'ru-central1-a'}",
    )
    pattern = city.policy("by-name", labels={}, match={"namePattern": "web-*"})
    found = judged(city, event, policies=rivals(city.policy(), pattern))
    assert found == (
        ["refused", "refused"],
        "policies mgmt and by-name want interface 1",
    )
    limited = city.policies(city.policy(), subnetIds=["e9bother"])
    would, why = judged(city, event, policies=limited)
    assert (would, "is not among the allowed ones" in why) == (["refused"], True)


def test_another_interface_is_in_the_way(city, complete):
    """It is told, and would be left alone."""
    policy = city.policy()
    policy["attachment"]["primaryV4AddressSpec"] = {"oneToOneNatSpec": {}}
    event = city.event("StopInstance", complete)
    assert judged(city, event, policies=city.policies(policy))[0] == ["index-taken"]


def test_a_policy_that_is_a_dry_run_would_do_nothing(city, web):
    """What it would tell is the reason."""
    policies = city.policies(city.policy(options={"dryRun": True}))
    would, why = judged(city, city.event("StopInstance", web), policies=policies)
    assert (would, "else: attach" in why) == (["dry run"], True)


def test_attaches_that_the_trail_saw_are_confirmed(city, complete, web):
    """For each policy that wants them, from what is there now."""
    events = [
        city.event("AttachInstanceNetworkInterface", one, network_interface_index=index)
        for one, index in [(complete, "1"), (web, "1"), (web, "7"), ("fhmgone", "1")]
    ]
    rows = planned(city, lines(*events))["rows"]
    assert [(one["policy"], one["would"], one["why"]) for one in rows] == [
        ("mgmt", "confirmed", "the interface is there, as policy mgmt wants it"),
        (
            "mgmt",
            "contradicted",
            "there is no such interface now as policy mgmt wants",
        ),
        ("", "confirmed", "no policy wants this interface"),
        ("", "confirmed", "the instance is gone"),
    ]


def test_the_trail_of_the_local_cloud_is_understood(city, complete):
    """As it is, with all its statuses and kinds, one event twice."""
    trail = [
        one
        for one in city.cloud.compute.audit.events
        if one["details"]["instance_id"] == complete
    ]
    found = planned(city, lines(*trail, trail[3]))["totals"]
    assert found["would"] == {"skipped": 1, "confirmed": 1}
    assert found["ignored"]["status 'STARTED' is not DONE"] == 2
    assert found["ignored"]["the same event again"] == 1
    assert found["events"] == len(trail) + 1


def test_what_calls_for_nothing_is_counted_and_shown_if_asked_for(city, web):
    """By its reason, in either form."""
    given = lines(city.event("StartInstance", web), {"uid": "1", "message": "hello"})
    result = city.run("plan", "-", "--policies", city.policies(), given=given)
    assert "      2  call for nothing:" in result.stdout
    assert "no JSON payload" in result.stdout
    assert planned(city, given)["rows"] == []
    shown = planned(city, given, "--all")["rows"]
    assert [one["would"] for one in shown] == ["nothing", "nothing"]


def test_broken_lines_are_named_and_the_rest_is_planned(city, web):
    """With their numbers, in either form; the exit code tells."""
    event = lines(city.event("StopInstance", web))
    given = f'{event}{{"cut": \n\n7\n{{"messages": [1]}}\n{event}'.encode() + b"\xff\n"
    found = planned(city, given)
    assert [one["line"] for one in found["broken"]] == [2, 4, 5, 7]
    assert found["totals"]["would"] == {"attach": 1}
    result = city.run("plan", "-", "--policies", city.policies(), given=given)
    told = [line.split(":")[0] for line in result.stderr.splitlines()]
    assert told == [f"line {number} is broken" for number in (2, 4, 5, 7)]
    assert result.exit_code == 1


def test_the_table_says_what_it_is_about(city, web, tmp_path):
    """First that instances are seen as they are now; columns are in their places."""
    file = tmp_path / "events.json"
    file.write_text(lines(city.event("DetachInstanceNetworkInterface", web)))
    result = city.run("plan", file, "--policies", city.policies())
    note, _, head, row, *_ = result.stdout.splitlines()
    assert "as they are now, not as they were" in note
    assert head.split() == [
        *("time", "event", "cause", "instance", "policy", "index", "would", "why"),
    ]
    assert head.index("would") == row.index("attach")
    assert row.startswith("2026-01-02 03:04:05  DetachInstanceNet…  detached")
