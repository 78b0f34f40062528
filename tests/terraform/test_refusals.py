"""What the functions would refuse to work with, fails at plan already."""

import pytest

from tests.terraform.pairs import contradictions, some_policies
from tests.terraform.published import fields, published
from tests.terraform.refusals import FULL, Checks, problems, telling
from tests.terraform.yard import PROGRAM


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    if PROGRAM is None:
        pytest.skip("there is no terraform on this machine")
    return Checks(tmp_path_factory.mktemp("checks"))


def test_what_functions_refuse_is_refused_at_plan(checks):
    """Every problem that reading policies can find, at every place, fails a check; and
    what they read passes all of them.
    """
    documents = {"as it should be": FULL, **telling()}
    judged, _ = checks.judge(documents)
    for name, document in documents.items():
        if document.get("policies", ()) is None or document.get("limits", ()) is None:
            continue  # to the module, null is the default
        assert all(judged[name]) is not bool(problems(document)), name
    tried = [place for place in range(checks.count) if not all_pass(judged, place)]
    assert tried == list(range(checks.count))


def test_every_published_field_is_tried():
    """A field that policies get is a field that the module lets through."""
    assert not problems(FULL)
    assert set(published()) <= set(fields(FULL))


def all_pass(judged, place):
    return all(one[place] for one in judged.values())


def test_policies_that_contradict_each_other_are_refused_at_plan(checks):
    """For pairs of all kinds, the module finds those that the functions refuse, and no
    others.
    """
    several = [some_policies(seed) for seed in range(8)]
    _, told = checks.judge({}, several)
    for policies, found in zip(several, told, strict=True):
        wanted = contradictions(policies)
        assert set(found) == wanted
        assert 5 < len(wanted) < 185
