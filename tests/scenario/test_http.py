"""The REST method itself: submitted at once, answered with the Operation."""

import pytest

from tests.scenario.client import Client, refusal
from tests.unit.http_events import KEY, told

HEADER = "X-Nic-Request-Id"


@pytest.fixture
def client(stage, tmp_path):
    """A client on a stage with the functions deployed."""
    stage.deploy()
    client = Client(stage, tmp_path)
    yield client
    client.close()


def test_an_attach_is_begun_at_once_and_followed(stage, client):
    """The answer is the Operation as the cloud shows it; its outcome comes under
    the id that the header tells.
    """
    answer = client.post()
    status, operation = told(answer)
    assert (status, operation["done"]) == (200, False)
    assert operation == {**stage.operation_json(operation["id"]), "done": False}
    assert operation["metadata"]["instanceId"] == stage.instance

    stage.turn(times=6)

    [outcome] = stage.outcomes()
    assert outcome["id"] == answer["headers"][HEADER] == KEY
    assert outcome["data"]["verdict"] == "attached"
    assert outcome["data"]["operation"]["id"] == operation["id"]
    assert outcome["data"]["origin"]["cause"] == "requested"
    assert stage.interfaces() == ["0", "1"]
    assert stage.left() == 0


def test_the_functions_url_takes_the_same(stage, tmp_path):
    """Without a path, the instance stands in the query."""
    client = Client(stage, tmp_path, ALLOW_ANONYMOUS="url")
    status, operation = client.ask_at_url()
    assert (status, operation["id"]) == (200, stage.attaches()[0].id)
    client.close()


def test_the_same_key_is_the_same_operation(stage, client):
    """While it runs, when it is done, and when the instance runs again: there is
    one attach operation, and every outcome has one id.
    """
    _, first = client.ask()
    _, running = client.ask()
    stage.turn(times=6)
    _, done = client.ask()
    stage.start(stage.instance)
    stage.turn(times=6)
    _, later = client.ask()
    stage.turn(times=6)

    assert {one["id"] for one in (running, done, later)} == {first["id"]}
    assert [one["done"] for one in (running, done, later)] == [False, True, True]
    assert len(stage.attaches()) == 1
    outcomes = stage.outcomes()
    assert {one["id"] for one in outcomes} == {KEY}
    assert {one["data"]["verdict"] for one in outcomes} == {"attached"}
    assert stage.left() == 0


def test_a_request_that_came_by_the_queue_is_the_same_request(stage, client):
    """What names it does not depend on the door."""
    stage.ask(stage.request(requestId=KEY))
    stage.turn()
    status, operation = client.ask()
    assert (status, operation["id"]) == (200, stage.attaches()[0].id)
    assert len(set(stage.keys())) == 1


def test_another_body_never_gets_the_first_ones_operation(stage, client):
    """With the same key, it is refused while the first runs, and then another."""
    _, first = client.ask()
    assert refusal(client.ask(networkInterfaceIndex="2")) == (400, 9)
    stage.turn(times=6)
    _, second = client.ask(networkInterfaceIndex="2")
    assert second["id"] != first["id"]
    assert second["metadata"]["networkInterfaceIndex"] == "2"


def test_two_calls_without_a_key_are_two_requests(stage, client):
    """The second is refused by the API, as the index is taken; it has no outcome."""
    first = client.post(key=None)
    stage.turn(times=6)
    [outcome] = stage.outcomes()
    assert outcome["id"] == first["headers"][HEADER]
    assert refusal(client.ask(key=KEY)) == (409, 6)
    assert len(stage.attaches()) == 1
    stage.turn(times=6)
    assert (stage.outcomes(), stage.left()) == ([], 0)


@pytest.mark.parametrize(
    ("options", "verdict"),
    [({"stopIfRunning": True}, "attached"), ({"dryRun": True}, "planned")],
)
def test_what_the_api_does_not_know_is_accepted(stage, client, options, verdict):
    """The answer tells the id under which the outcome comes, and no operation."""
    instance = stage.create("web-2", running=True)
    answer = client.post(instance_id=instance, options=options)
    assert told(answer) == (202, {"requestId": KEY})
    assert answer["headers"][HEADER] == KEY
    assert stage.attaches(instance) == []

    stage.turn(times=12)

    [outcome] = [one for one in stage.outcomes() if one["id"] == KEY]
    assert outcome["data"]["verdict"] == verdict
    assert outcome["subject"].startswith(instance)


def test_an_index_left_open_is_accepted(stage, client):
    """Which one it will be, no Operation could tell yet."""
    assert client.ask(networkInterfaceIndex="auto") == (202, {"requestId": KEY})
    stage.turn(times=8)
    [outcome] = stage.outcomes()
    assert (outcome["id"], outcome["subject"]) == (KEY, f"{stage.instance}/1")
