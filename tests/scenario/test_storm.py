"""Very many at once: a small quota, a large folder, a throttled queue."""

from datetime import timedelta

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance

from cli.deployment import bind_timer
from fakes.errors import Code
from fakes.faults import Fault
from tests.scenario.crowd import crowd, preempt

STORM = 500
FOLDER = 10_000
LACKING = 40
A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)


def verdicts(stage, count, by=timedelta(seconds=5)):
    """Return the verdicts of so many subjects, as soon as there are, within an hour."""
    found, spent = {}, timedelta(0)
    while len(found) < count and spent < AN_HOUR:
        stage.turn(by)
        spent += by
        for one in stage.outcomes():
            found.setdefault(one["subject"], one["data"]["verdict"])
    return found


@pytest.mark.long
def test_five_hundred_stop_at_once(stage):
    """With 15 operations at a time allowed, all are attached within the due time, each
    by the one operation there was.
    """
    ids = crowd(stage, STORM, status=Instance.Status.RUNNING)
    stage.deploy()
    preempt(stage, ids)
    assert verdicts(stage, STORM) == {f"{one}/1": "attached" for one in ids}
    assert {len(stage.attaches(one)) for one in ids} == {1}
    assert stage.left() == 0


@pytest.mark.long
def test_a_folder_of_ten_thousand_is_swept_to_its_end(stage):
    """Page by page, each in a call of its own; what lacks its interface gets it, and
    what has it, or is none of ours, is not asked for.
    """
    crowd(stage, FOLDER - LACKING, labels=())
    lacking = crowd(stage, LACKING, first=FOLDER)
    found = stage.deploy(policies=lambda stage: stage.policies(instancesPerSweep=1000))
    stage.thread.call(bind_timer, stage.cloud, stage.queues, found, "*/50 * ? * * *")
    subjects = [f"{one}/1" for one in (*lacking, stage.instance)]
    assert verdicts(stage, len(subjects), A_MINUTE) == dict.fromkeys(
        subjects, "attached"
    )
    lists = [one for one in stage.cloud.faults.seen if one.method.endswith("/List")]
    assert len(lists) % (FOLDER // 1000 + 1) == 0


def test_a_throttled_queue_loses_nothing(stage):
    """What the queue does not take now goes on later; there is one outcome each."""
    ids = crowd(stage, 12, status=Instance.Status.RUNNING)
    stage.deploy()
    for action in ("SendMessage", "SendMessageBatch"):
        stage.cloud.faults.add(
            Fault(
                method=f"MessageQueue/{action}", code=Code.RESOURCE_EXHAUSTED, times=20
            )
        )
    preempt(stage, ids)
    assert verdicts(stage, len(ids)) == {f"{one}/1": "attached" for one in ids}
    assert {len(stage.attaches(one)) for one in ids} == {1}
