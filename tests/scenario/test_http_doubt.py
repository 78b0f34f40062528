"""Whatever happens to the call that begins an attach, nothing is lost or done twice."""

from datetime import timedelta

import pytest

from fakes.errors import Code
from fakes.faults import Fault, When
from tests.scenario.client import Client, refusal
from tests.unit.http_events import KEY, told

DOUBTFUL = {
    Code.UNAVAILABLE: (503, 14),
    Code.DEADLINE_EXCEEDED: (504, 4),
    Code.INTERNAL: (500, 13),
    Code.UNKNOWN: (500, 2),
}
FINAL = {
    Code.RESOURCE_EXHAUSTED: (429, 8),
    Code.ABORTED: (409, 10),
    Code.FAILED_PRECONDITION: (400, 9),
    Code.INVALID_ARGUMENT: (400, 3),
    Code.PERMISSION_DENIED: (403, 7),
}


@pytest.fixture
def client(stage, tmp_path):
    """A client on a stage with the functions deployed."""
    stage.deploy()
    client = Client(stage, tmp_path)
    yield client
    client.close()


def strike(stage, code, when=When.BEFORE):
    # Nobody's answer is waited for twice.
    times = 2 if code is Code.DEADLINE_EXCEEDED else 1
    fault = Fault(method="AttachNetworkInterface", code=code, when=when, times=times)
    stage.cloud.faults.add(fault)


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("code", DOUBTFUL)
def test_an_answer_that_was_lost_costs_no_outcome(stage, client, code, when):
    """The client gets the error and the id under which the request goes on; the
    interface is attached once, and the outcome has the operation.
    """
    strike(stage, code, when)
    answer = client.post()
    status, error = told(answer)
    assert (status, error["code"]) == DOUBTFUL[code]
    assert f"the request goes on as {KEY}" in error["message"]
    assert answer["headers"]["X-Nic-Request-Id"] == KEY

    stage.turn(times=12)

    [outcome] = stage.outcomes()
    [operation] = stage.attaches()
    assert (outcome["id"], outcome["data"]["verdict"]) == (KEY, "attached")
    assert outcome["data"]["operation"]["id"] == operation.id
    assert len(set(stage.keys())) == 1
    assert stage.left() == 0


def test_a_repeat_after_a_lost_answer_gets_the_operation(stage, client):
    """The key finds what was begun without the client's knowledge."""
    strike(stage, Code.UNAVAILABLE, When.AFTER)
    assert client.ask()[0] == 503
    status, operation = client.ask()
    assert (status, operation["id"]) == (200, stage.attaches()[0].id)
    stage.turn(times=12)
    assert {one["id"] for one in stage.outcomes()} == {KEY}
    assert len(stage.attaches()) == 1


@pytest.mark.parametrize("code", FINAL)
def test_a_refusal_is_the_last_word(stage, client, code):
    """Nothing goes on, no outcome comes; asked again, it is a new try."""
    strike(stage, code)
    assert refusal(client.ask()) == FINAL[code]
    assert stage.left() == 0
    stage.turn(times=6)
    assert (stage.outcomes(), stage.attaches()) == ([], [])
    assert client.ask()[0] == 200


def test_what_cannot_be_followed_is_told(stage, client):
    """The operation has begun and the queue is gone: 503, and a repeat with the
    same key finds the same operation.
    """
    lost = stage.thread.call(stage.cloud.queues.url_of, stage.queues.tasks)
    stage.thread.call(stage.cloud.queues.delete, lost, stage.clock.now())
    status, error = client.ask()
    [operation] = stage.attaches()
    assert (status, error["code"]) == (503, 14)
    assert operation.id in error["message"]
    assert KEY in error["message"]
    stage.pass_compute(timedelta(seconds=1))
    assert operation.id in client.ask()[1]["message"]
    assert len(stage.attaches()) == 1


def test_doubt_without_a_queue_is_told(stage, client):
    """Nobody follows: the client is told to ask again."""
    lost = stage.thread.call(stage.cloud.queues.url_of, stage.queues.tasks)
    stage.thread.call(stage.cloud.queues.delete, lost, stage.clock.now())
    strike(stage, Code.UNAVAILABLE, When.AFTER)
    status, error = client.ask()
    assert (status, error["code"]) == (503, 14)
    assert f"repeat it with the same key, or with requestId {KEY}" in error["message"]


def test_what_cannot_be_queued_is_not_accepted(stage, client):
    """An option needs the queue: without it, nothing is begun."""
    lost = stage.thread.call(stage.cloud.queues.url_of, stage.queues.tasks)
    stage.thread.call(stage.cloud.queues.delete, lost, stage.clock.now())
    assert refusal(client.ask(options={"stopIfRunning": True})) == (503, 14)
    assert stage.keys() == []
