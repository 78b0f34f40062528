"""`nic demo` ends as it says, over real sockets, with functions in processes."""

import asyncio
import json
import re
from datetime import timedelta

import pytest

from cli import demo
from fakes.compute.settings import Durations
from tests.hurried_clock import HurriedClock

PATIENCE = 120
QUICK = Durations.all(timedelta(milliseconds=100))


# The SDK's own waiter uses a class that the SDK itself has deprecated.
@pytest.mark.filterwarnings(
    "ignore:Call to deprecated class RetryInterceptor:DeprecationWarning"
)
def test_the_demo_tells_the_whole_story(capsys):
    """Seven steps in order, two interfaces attached, and at the end an outcome
    that a consumer can read.
    """
    story = demo._demo(QUICK, HurriedClock())
    assert asyncio.run(asyncio.wait_for(story, PATIENCE)) is True
    told, brace, document = capsys.readouterr().out.partition("\n{\n")
    outcome = json.loads(brace + document)
    steps = re.findall(r"\[(\d)/(\d)\]", told)
    outcomes = re.findall(r"received the outcome:? ([a-z-]+)", told)
    assert steps == [(str(number), "7") for number in range(1, 8)]
    assert outcomes == ["attached", "attached"]
    assert outcome["data"]["verdict"] == "attached"
