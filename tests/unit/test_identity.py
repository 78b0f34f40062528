"""Derived ids are the same every time, and differ wherever they must."""

import itertools
import uuid

import pytest

from events.attachment import AddressSpec
from events.identity import derived_id, idempotency_key
from events.request import Options
from tests.unit.build import attachment, request

REQUESTS = [
    request(),
    request(id="request-2"),
    *(
        request(attachment=attachment(**change))
        for change in (
            {"instance_id": "fhm2"},
            {"index": "2"},
            {"subnet_id": "e9b2"},
            {"security_group_ids": ("enp2",)},
            {"address": AddressSpec()},
            {"address": AddressSpec(address="10.0.0.7")},
        )
    ),
]


def test_keys_in_flight_stay_as_they_are():
    """The key of a known request never changes: a change would attach twice."""
    key = idempotency_key(request(), "attach", 0)
    assert key == "3f27dc34-3f4a-4e64-8023-1a92081d784f"


def test_ids_of_parts_stay_as_they_are():
    """The id of known parts never changes: a change would ask twice."""
    assert derived_id("request", "a", 1) == "e31d3d9b-4c68-42b8-af74-99bfadec594f"


def test_a_key_is_a_uuid_of_version_4():
    """The version is the one that the API recommends."""
    assert uuid.UUID(idempotency_key(request(), "attach", 0)).version == 4


def test_requests_steps_and_generations_have_keys_of_their_own():
    """No two requests, attachments, steps or generations share a key."""
    cases = list(itertools.product(REQUESTS, ("attach", "stop", "start"), range(3)))
    assert len({idempotency_key(*case) for case in cases}) == len(cases)


def test_options_do_not_change_a_key():
    """The same attachment under the same name is the same operation."""
    patient = request(options=Options(stop_if_running=True))
    key = idempotency_key(request(), "attach", 0)
    assert idempotency_key(patient, "attach", 0) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), (("1",), (1,)), (("a",), ("a", None)), ((), ("",))],
)
def test_parts_do_not_run_together(one, other):
    """Where one part ends and the next begins is part of the id."""
    assert derived_id(*one) != derived_id(*other)


def test_the_order_of_names_means_nothing():
    """Equal objects give equal ids, in whatever order their names stand."""
    assert derived_id({"a": 1, "b": 2}) == derived_id({"b": 2, "a": 1})


def test_any_text_has_an_id():
    """A lone surrogate can be part of an id, and keeps it apart."""
    assert derived_id("\ud800") != derived_id("\ud801")
