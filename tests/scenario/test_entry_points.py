"""The entry points as the platform calls them: environment, event, context."""

import pytest

from cli.deployment import environment
from fakes.serverless.bootstrap import Context, load
from functions._settings import SettingsError
from functions._wiring import warm
from tests.scenario.messages import queue_event
from tests.scenario.stage import NEVER


@pytest.fixture
def deployed(stage, tmp_path, monkeypatch):
    """Put the deployment's variables into the environment."""
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(stage.cloud.rpc.ca_pem)
    variables = environment(stage.cloud, stage.queues, stage.policies(), ca_file)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    warm.cache_clear()
    yield stage
    warm().close()
    warm.cache_clear()


def stopped(instance_id):
    """Return a logging trigger's event."""
    metadata = {
        "event_id": "batch-1",
        "event_type": "yandex.cloud.events.serverless.triggers.LoggingMessageBatch",
    }
    payload = {
        "event_id": "event-1",
        "event_type": "yandex.cloud.audit.compute.StopInstance",
        "event_status": "DONE",
        "details": {"instance_id": instance_id},
    }
    details = {"messages": [{"json_payload": payload}]}
    return {"messages": [{"event_metadata": metadata, "details": details}]}


def test_on_task_attaches(deployed):
    """`on_task.handle` begins to attach what a message asks for."""
    load("functions.on_task.handle")(
        queue_event(deployed.request()), deployed.context()
    )
    assert len(deployed.attaches()) == 1


def test_on_event_asks(deployed):
    """`on_event.handle` puts a task on the queue for an instance that stopped."""
    event = stopped(deployed.instance)
    load("functions.on_event.handle")(event, deployed.context())
    assert deployed.left() == 1


def test_on_dead_letter_answers(deployed):
    """`on_dead_letter.handle` publishes an outcome, and needs no token for it."""
    event = queue_event(deployed.request(task={"v": 1, "failures": 4}))
    load("functions.on_dead_letter.handle")(event, Context({"deadline_ms": NEVER}))
    [outcome] = deployed.outcomes()
    assert outcome["data"]["verdict"] == "unprocessed"


@pytest.mark.parametrize("name", ["on_task", "on_event"])
def test_a_function_without_a_service_account_says_so(deployed, name):
    """Without a token in the context, the deployment is wrong, and told so."""
    handle = load(f"functions.{name}.handle")
    with pytest.raises(SettingsError, match="no service account"):
        handle(queue_event(deployed.request()), Context({"deadline_ms": NEVER}))


def test_a_queue_that_does_not_answer_brings_the_event_again(deployed):
    """What may have been sent is not sent once more by hand: the call fails, and
    the trigger delivers the message again.
    """
    handle = load("functions.on_task.handle")
    deployed.thread.call(
        deployed.cloud.queues.delete,
        deployed.cloud.queues.url_of(deployed.queues.tasks),
        deployed.clock.now(),
    )
    with pytest.raises(Exception, match="NonExistentQueue"):
        handle(queue_event(deployed.request()), deployed.context())
    assert len(deployed.attaches()) == 1


def test_idle_connections_are_made_anew(deployed):
    """After idleness a call does not trust the connections it kept."""
    handle = load("functions.on_task.handle")
    handle(queue_event(deployed.request()), deployed.context())
    channels = warm().channels
    before = channels.to(channels.endpoints.compute)
    channels._used -= 60
    handle(queue_event(deployed.request()), deployed.context())
    after = channels.to(channels.endpoints.compute)
    assert before is not after
    assert len(set(deployed.keys())) == 1
