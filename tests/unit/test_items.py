"""Whatever is in a message of the tasks queue goes on, or is given up."""

import pytest
from hypothesis import given

from events.decision import Verdict
from events.envelope import Delivery
from events.inbox import read_tasks
from events.items import render_item, unprocessed
from events.reading import Violation
from events.rejected import Rejected
from tests.unit.build import NOW, sweep, task, wish
from tests.unit.travelling import sweeps, tasks, wishes


@given(tasks | wishes | sweeps)
def test_what_goes_on_is_the_same(item):
    """Whichever it is, what is written is read."""
    late = NOW.replace(year=2030)
    delivery = Delivery(event_id="m", body=render_item(item), created=late)
    assert read_tasks(delivery, late) == (item,)


@pytest.mark.parametrize("make", [task, wish, sweep])
def test_what_is_given_up_is_unprocessed(make):
    """With the reason; a sweep's tells its folder, too."""
    found = unprocessed(make(), NOW, "given up")
    assert found.verdict is Verdict.UNPROCESSED
    assert found.reason.endswith("given up")


def test_what_is_no_request_is_told_so():
    """It has an outcome of its own: nobody needs to try again."""
    violation = Violation(path="$.x", problem="is odd")
    none = Rejected(id="m", event_id="m", created=NOW, violations=(violation,))
    found = unprocessed(none, NOW, "given up")
    assert (found.verdict, found.reason) == (Verdict.INVALID_REQUEST, "$.x is odd")
