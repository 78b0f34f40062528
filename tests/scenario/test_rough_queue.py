"""The main job on queues that keep no order and deliver some messages twice."""

from datetime import timedelta

import pytest

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.settings import Durations
from fakes.queue import Manners
from fakes.testing import CloudThread
from tests.scenario.stage import START, Stage

MANNERS = Manners(unordered=True, duplicates=0.2)


class RoughStage(Stage):
    """A stage whose cloud has bad manners by *seed*."""

    def __init__(self, folder, seed):
        super().__init__(folder)
        self.clock = ManualClock(START)
        self.thread = CloudThread(
            lambda: LocalCloud(
                self.clock,
                seed=seed,
                durations=Durations(attach=timedelta(seconds=12)),
                manners=MANNERS,
            )
        )


@pytest.mark.parametrize("seed", range(3))
def test_every_request_is_answered_and_attaches_once(tmp_path, seed):
    """Whatever comes twice or too late: one operation for each instance, and no two
    answers to a request that differ in id or verdict.
    """
    with RoughStage(tmp_path, seed) as stage:
        stage.deploy()
        # Without a label no policy asks for the same.
        instances = [stage.create(f"db-{n}", labels=()) for n in range(5)]
        for number, instance in enumerate(instances):
            stage.ask(stage.request(requestId=f"r{number}", instanceId=instance))
        stage.turn(timedelta(seconds=2), times=60)

        told = [(it["id"], it["data"]["verdict"]) for it in stage.outcomes()]
        asked = {(f"r{number}", "attached") for number in range(5)}
        assert {it for it in told if it[0].startswith("r")} == asked
        assert len(told) > len(set(told))
        assert [len(stage.attaches(it)) for it in instances] == [1] * 5
        assert stage.left() == 0
