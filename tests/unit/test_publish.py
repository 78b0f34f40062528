"""An outcome leaves once, with its attributes, and is logged when it has left."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from events.decision import Verdict
from events.outcome import of_task
from functions._ports import QueueError
from functions._publish import publish
from tests.unit.build import NOW, Mailbox, task

SETTLED = of_task(task(looks=2, reason="quota"), Verdict.REFUSED, NOW)


@pytest.fixture(autouse=True)
def logs():
    with capture_logs() as lines:
        yield lines


def test_an_outcome_is_sent_at_once_with_its_attributes():
    """Consumers get the body now, and can filter by its attributes."""
    mailbox = Mailbox()
    publish(mailbox, SETTLED)
    attributes = {
        "id": "request-1",
        "verdict": "refused",
        "instanceId": "fhm4k9v2c7t1x5n8w3qd",
    }
    assert [
        (one["body"]["id"], one["after"], one["attributes"]) for one in mailbox.sent
    ] == [("request-1", timedelta(0), attributes)]


def test_what_was_settled_is_logged(logs):
    """One line tells the verdict and why, and holds no body."""
    publish(Mailbox(), SETTLED)
    assert logs == [
        {
            "event": "settled",
            "log_level": "warning",
            "request_id": "request-1",
            "verdict": "refused",
            "subject": "fhm4k9v2c7t1x5n8w3qd/1",
            "reason": "quota",
            "looks": 2,
        }
    ]


@pytest.mark.parametrize("verdict", Verdict)
def test_the_level_tells_how_it_ended(logs, verdict):
    """INFO is as asked for, ERROR that the cloud or we failed, WARN all others: the
    dashboard counts them.
    """
    publish(Mailbox(), of_task(task(), verdict, NOW))
    wanted = {
        Verdict.ATTACHED: "info",
        Verdict.PLANNED: "info",
        Verdict.OPERATION_FAILED: "error",
        Verdict.UNRESOLVED: "error",
        Verdict.UNPROCESSED: "error",
    }
    assert [one["log_level"] for one in logs] == [wanted.get(verdict, "warning")]


def test_a_queue_that_refuses_is_told_to_the_caller(logs):
    """What may not have arrived must come again, and is not logged as settled."""
    with pytest.raises(QueueError):
        publish(Mailbox(full=True), SETTLED)
    assert logs == []
