"""A command that only looks begins nothing, and asks for nothing twice."""

import pytest

from cli.looking import EffectError, Looking
from functions._ports import CloudError, Page
from tests.unit.build import attachment, instance, operation

WANTED = attachment()


class Cloud:
    """Answers everything, counting, but for what has to be refused."""

    def __init__(self, *refusals):
        self.asked = []
        self._refusals = list(refusals)

    def instance(self, instance_id):
        return self._answer(instance(id=instance_id))

    def instances(self, _folder_id, _page_token, _most):
        return self._answer(Page(instances=[], next_token=""))

    def operation(self, operation_id):
        return self._answer(operation(id=operation_id))

    def attaches(self, _wanted):
        return self._answer([operation()])

    def _answer(self, found):
        self.asked.append(found)
        if self._refusals:
            raise CloudError(self._refusals.pop(), "no")
        return found


@pytest.mark.parametrize(
    "begin",
    [
        lambda looking: looking.attach(WANTED, "key"),
        lambda looking: looking.stop("fhm1", "key"),
        lambda looking: looking.start("fhm1", "key"),
    ],
    ids=["attach", "stop", "start"],
)
def test_nothing_can_be_begun(begin):
    """The cloud is not even asked."""
    cloud = Cloud()
    with pytest.raises(EffectError):
        begin(Looking(cloud))
    assert cloud.asked == []


def test_what_was_seen_is_remembered():
    """Instances and their attaches; pages and operations are asked for anew."""
    cloud = Cloud()
    looking = Looking(cloud)
    looking.prepare(["fhm1", "fhm2", "fhm1"])
    for _ in range(2):
        assert looking.instance("fhm1").id == "fhm1"
        assert len(looking.attaches(WANTED)) == 1
        assert looking.operation("op").id == "op"
        assert looking.instances("b1g", "", 1000).next_token == ""
    assert len(cloud.asked) == 2 + 1 + 2 + 2


def test_a_refusal_is_remembered_too():
    """Everybody is told, and the traces of those before are not kept."""
    cloud = Cloud("PERMISSION_DENIED")
    looking = Looking(cloud)
    looking.prepare(["fhm1"])
    for _ in range(3):
        with pytest.raises(CloudError, match="PERMISSION_DENIED") as caught:
            looking.instance("fhm1")
        assert len(caught.traceback) <= 3
    assert len(cloud.asked) == 1
