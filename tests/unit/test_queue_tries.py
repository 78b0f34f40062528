"""A queue that has too much to do is asked again, a few times and out of step."""

from datetime import UTC, datetime, timedelta

import pytest

from functions._deadline import Deadline
from functions._patience import Patience
from functions._ports import QueueError, ThrottledError
from functions._queue import QueueClient, QueueMailbox
from functions._sigv4 import StaticKey
from tests.unit.peer import SILENCE, Peer

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEY = StaticKey(id="key-id", secret="key-secret")
OK = (200, b"<ok/>")
THROTTLED = (403, b"<Code>ThrottlingException</Code>")


class Scene:
    """A client whose pauses are kept, not slept, and take the call's time."""

    def __init__(self):
        self.paused = []
        self.left = timedelta(seconds=30)
        patience = Patience(pause=self.pause, chance=lambda: 1.0)
        self.client = QueueClient(KEY, lambda: NOW, lambda: 0.0, patience=patience)

    def pause(self, seconds):
        self.paused.append(round(seconds, 3))
        self.left -= timedelta(seconds=seconds)

    def remaining(self):
        return self.left / timedelta(milliseconds=1)

    def send(self, server):
        QueueMailbox(self.client, server.url, Deadline(self.remaining)).send("x")


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def server(scene):
    with Peer() as running:
        yield running
        scene.client.close()


@pytest.mark.parametrize(
    "plan",
    [
        THROTTLED,
        (503, b"<Code>ServiceUnavailable</Code>"),
        (500, b"<Code>InternalFailure</Code>"),
        (502, b"<html>Bad Gateway</html>"),
        (503, b""),
    ],
)
def test_what_passes_is_tried_again(scene, server, plan):
    """The code decides; where something in between answers without one, the status."""
    server.plans = [plan, plan, OK]
    scene.send(server)
    assert scene.paused == [0.1, 0.2]
    assert len(server.posts) == 3


@pytest.mark.parametrize(
    "plan",
    [
        (400, b"<Code>AccessDeniedException</Code>"),
        (403, b"<Code>InvalidClientTokenId</Code>"),
        (403, b""),
        (500, b"<Code>SomethingElse</Code>"),
        (503, b"<Code>AccessDeniedException</Code>"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(scene, server, plan):
    """A refusal stays one, whatever its HTTP status."""
    server.plans = [plan]
    with pytest.raises(QueueError) as caught:
        scene.send(server)
    assert not isinstance(caught.value, ThrottledError)
    assert (scene.paused, len(server.posts)) == ([], 1)


def test_patience_ends(scene, server):
    """After five tries it is told that the queue took nothing."""
    server.plans = [THROTTLED] * 9
    with pytest.raises(ThrottledError, match="HTTP 403 ThrottlingException"):
        scene.send(server)
    assert scene.paused == [0.1, 0.2, 0.4, 0.8]
    assert len(server.posts) == 5


def test_nobody_waits_beyond_the_end_of_the_call(scene, server):
    """The last pause that leaves a second to the call is the last."""
    scene.left = timedelta(seconds=1.4)
    server.plans = [THROTTLED] * 9
    with pytest.raises(ThrottledError):
        scene.send(server)
    assert scene.paused == [0.1, 0.2]


def test_a_hung_queue_is_left_before_the_end_of_the_call(scene, server):
    """An answer is waited for as long as the call has time for it."""
    scene.left = timedelta(seconds=1.05)
    server.plans = [SILENCE]
    with pytest.raises(QueueError, match="TimeoutError"):
        scene.send(server)
    assert len(server.posts) == 1


def test_a_call_without_time_does_not_begin(scene, server):
    """Nothing is sent that nobody could wait for."""
    scene.left = timedelta(seconds=1)
    with pytest.raises(QueueError, match="TimeoutError"):
        scene.send(server)
    assert server.posts == []


def test_without_patience_nothing_is_tried_again(server):
    """Who has no means to wait is told at once."""
    client = QueueClient(KEY, lambda: NOW, lambda: 0.0)
    server.plans = [THROTTLED]
    with pytest.raises(ThrottledError):
        QueueMailbox(client, server.url).send("x")
    client.close()


@pytest.mark.parametrize(
    ("chance", "seconds"), [(0.0, [0.05, 0.1, 0.2, 0.4]), (1.0, [0.1, 0.2, 0.4, 0.8])]
)
def test_pauses_are_out_of_step(chance, seconds):
    """Each instance draws its own, between a half and the whole."""
    patience = Patience(pause=None, chance=lambda: chance)
    assert [one.total_seconds() for one in patience.waits()] == seconds
