"""`nic plan` goes on as long as it can, and prints nothing dangerous."""

import json

import pytest

from fakes.errors import Code
from fakes.faults import Fault
from tests.contract.operator_city import City, printable
from tests.contract.plans import judged, lines, planned


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


@pytest.mark.parametrize("form", [["--json"], []])
def test_nothing_from_a_file_reaches_the_terminal_raw(city, web, form):
    """Whatever is in types, ids and names."""
    event = city.event("StopInstance", web)
    evil = "\x1b[2J\x7f\x9b\u202e\r"
    given = lines(
        {**event, "event_type": evil},
        {**event, "event_status": evil},
        {"messages": [{"event_metadata": {"event_id": "a", "event_type": evil}}]},
        {
            "messages": [
                {
                    "event_metadata": {"event_id": "a", "event_type": evil},
                    "details": {},
                }
            ]
        },
    )
    options = ("--policies", city.policies(), "--all", *form)
    result = city.run("plan", "-", *options, given=given)
    assert printable(result.stdout)
    assert printable(result.stderr)


def test_an_event_may_be_text(city, web):
    """As JSON in a log entry; other text calls for nothing."""
    event = json.dumps(city.event("StopInstance", web))
    entries = [{"uid": "1", "json_payload": text} for text in (event, "hello")]
    found = planned(city, lines(*entries), "--all")["rows"]
    assert [(one["event"], one["would"]) for one in found] == [
        ("StopInstance", "attach"),
        ("", "nothing"),
    ]


def test_a_cloud_that_refuses_one_instance_is_asked_for_the_others(city, web):
    """What it says about that one is told once; it is not asked again."""
    fault = Fault(method="InstanceService/Get", code=Code.PERMISSION_DENIED)
    city.cloud.faults.add(fault)
    events = [city.event("StopInstance", one) for one in ["fhmother", "fhmother", web]]
    events = [*events, city.event("AttachInstanceNetworkInterface", "fhmother")]
    # In turn, so that the fault strikes the first.
    found = planned(city, lines(*events[:2], events[3]))["rows"]
    assert [one["would"] for one in found] == ["refused", "refused", "confirmed"]
    assert all("PERMISSION_DENIED" in one["why"] for one in found)
    assert city.calls().count("InstanceService/Get") == 1
    assert judged(city, events[2])[0] == ["attach"]


def test_what_cannot_be_judged_now_would_be_looked_at_again(city, web):
    """Whether the instance or the network does not show."""
    event = lines(city.event("StopInstance", web))
    for method in ("InstanceService/Get", "SubnetService/Get"):
        city.cloud.faults.add(Fault(method=method, code=Code.RESOURCE_EXHAUSTED))
        [found] = planned(city, event)["rows"]
        assert (found["would"], "RESOURCE_EXHAUSTED" in found["why"]) == (
            "look again",
            True,
        )


@pytest.mark.parametrize(("times", "code"), [(1, 0), (2, 1)])
def test_a_cloud_that_cannot_be_reached_ends_it(city, web, times, code):
    """After a second try, with one line."""
    fault = Fault(method="InstanceService/Get", code=Code.UNAVAILABLE, times=times)
    city.cloud.faults.add(fault)
    given = lines(city.event("StopInstance", web))
    result = city.run("plan", "-", "--policies", city.policies(), given=given)
    assert result.exit_code == code
    assert result.stderr.count("\n") == code
    if code:
        assert result.stderr.startswith("Error: the cloud cannot be asked: UNAVAILABLE")
