"""What policies, wishes and sweeps come to keeps the contract of outcomes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.cause import Cause
from events.consuming import read_outcome
from events.decision import Verdict
from events.match import LabelRule, Match
from events.outcome import Outcome, render_outcome
from events.policy import Policies
from events.sweep import outcome_of as of_sweep
from events.wanted import wanted
from events.wish import grant
from events.wish import outcome_of as of_wish
from tests.contract.contracts import violations
from tests.unit.build import NOW, instance, occasion, policy, texts, wish
from tests.unit.travelling import sweeps, wishes

RIVALS = Policies(
    policies=(
        policy(),
        policy(name="rival", match=Match(labels={"nic": LabelRule()})),
        policy(name="open", index="auto", subnet_ids={"ru-central1-b": "e2l"}),
    )
)


def check(outcome):
    """Hold it against the schema, and against the consumer's kit."""
    assert isinstance(outcome, Outcome)
    body = render_outcome(outcome)
    assert violations("outcome", json.loads(body)) == []
    assert read_outcome(body).verdict is outcome.verdict


@pytest.mark.parametrize("cause", Cause)
def test_the_outcome_of_what_can_never_be_is_valid(cause):
    """It tells the instance and the index, for no request was made."""
    for one in wanted(RIVALS, instance(), occasion(cause=cause), NOW):
        check(one)


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("ghost", instance()),
        ("mgmt", None),
        ("mgmt", instance(labels={"nic-attach-opt-out": ""})),
        ("mgmt", instance(zone_id="ru-central1-d")),
    ],
)
def test_the_outcome_of_a_request_that_names_a_policy_is_valid(name, there):
    """It tells the request as it was made."""
    [found] = grant(wish(policy=name), RIVALS, there, NOW)
    check(found)


@given(wishes, st.sampled_from(Verdict), texts, texts)
def test_every_outcome_of_a_wish_is_valid(one, verdict, reason, status):
    """Whatever stood in its way."""
    check(of_wish(one, verdict, NOW, reason, status))


@given(sweeps, st.sampled_from(Verdict), texts)
def test_every_outcome_of_a_sweep_is_valid(one, verdict, reason):
    """Whatever stood in its way."""
    check(of_sweep(one, verdict, NOW, reason))
