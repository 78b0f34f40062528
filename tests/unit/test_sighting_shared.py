"""Whose an interface is, at an index that was left open."""

from dataclasses import replace

import pytest

from events.cause import Cause, Origin
from events.instance import Slot
from events.sighting import fold
from events.task import Step
from tests.unit.build import NOW, attachment, instance, interface, request, task

OPEN = request(attachment=attachment(index="auto"))
ASKED = task(request=OPEN, index="1")
WISHED = replace(
    ASKED, origin=Origin(cause=Cause.SCHEDULED, event_id="e", policy="mgmt")
)
THERE = instance(interfaces=(interface(),))


def slot(known, there=THERE, now=NOW):
    return fold(known, None, there, now).slot


def test_what_is_there_is_enough_for_a_policy():
    """Whoever brought it about: the policy wishes for a state."""
    assert slot(WISHED) is Slot.OURS


def test_an_order_is_not_filled_by_what_others_ordered():
    """Two requests may want the same; the API tells by the key whose it is."""
    assert slot(ASKED) is Slot.FREE


@pytest.mark.parametrize("known", [ASKED, WISHED], ids=["asked", "wished"])
@pytest.mark.parametrize(
    "changes", [{"step": Step.ATTACH, "attach_id": "op"}, {"request": request()}]
)
def test_what_is_known_to_be_ours_is_ours(known, changes):
    """Where the attach is known, or the index was named, there is no doubt."""
    assert slot(replace(known, **changes)) is Slot.OURS


@pytest.mark.parametrize("known", [ASKED, WISHED], ids=["asked", "wished"])
def test_what_is_unlike_is_others(known):
    """For a policy as well."""
    there = instance(interfaces=(interface(subnet_id="other"),))
    assert slot(known, there) is Slot.FOREIGN


@pytest.mark.parametrize("known", [ASKED, WISHED], ids=["asked", "wished"])
def test_while_an_instance_moves_an_index_left_open_is_not_lost(known):
    """Another one is chosen once nothing moves: what was taken is no verdict."""
    there = instance(status="STOPPING", interfaces=(interface(subnet_id="other"),))
    assert slot(known, there) is Slot.FREE
