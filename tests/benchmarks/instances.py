"""How lists of instances take their growth: the CPU time of the server per page."""

import contextlib
import json
import statistics
import subprocess
import sys

import grpc
from yandex.cloud.compute.v1.instance_service_pb2 import ListInstancesRequest
from yandex.cloud.compute.v1.instance_service_pb2_grpc import InstanceServiceStub

from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import cpu_seconds, started, wait_for_line

_FEW, _MANY = 1000, 10_000
_PAGE = 100
_PAGES = 400  # looked at for one figure, so that the clock is exact enough
_FLAT = 1.25
_FILTERS = {
    "List of instances": "",
    "List of those in a zone": 'zone_id="ru-central1-b"',
}


class Crowd:
    """So many instances, and a client that lists them."""

    def __init__(self, pid, port, folder_id):
        self._pid = pid
        self._folder_id = folder_id
        self.channel = grpc.insecure_channel(f"localhost:{port}")
        self._stub = InstanceServiceStub(self.channel)

    def list(self, expression):
        """Return how long the server computed for each page, from first to last."""
        spent, token, asked = [], "", True
        while asked or token:
            request = ListInstancesRequest(
                folder_id=self._folder_id,
                page_size=_PAGE,
                page_token=token,
                filter=expression,
            )
            began = cpu_seconds(self._pid)
            token, asked = self._stub.List(request).next_page_token, False
            spent.append(cpu_seconds(self._pid) - began)
        return spent


@contextlib.contextmanager
def _crowd(count):
    command = (sys.executable, "-m", "tests.benchmarks.crowd", count)
    with started(*command, stdout=subprocess.PIPE) as process:
        found = Crowd(process.pid, *json.loads(wait_for_line(process, "[")))
        with found.channel:
            yield found


def _lists(crowd, expression):
    """Return such lists of times: enough pages of them, after one to get warm."""
    crowd.list(expression)
    lists = [crowd.list(expression)]
    while sum(map(len, lists)) < _PAGES:
        lists.append(crowd.list(expression))
    return lists


def _mean(lists, part=slice(None)):
    return statistics.mean(spent for one in lists for spent in one[part])


def _growth(title, few, many):
    """Yield a page of many beside one of few, and the last ones beside the first."""
    tenth = len(many[0]) // 10
    page = f"{title}: a page of {_PAGE} among {_MANY}"
    yield Figure(name=page, measured=_mean(many) * 1000, unit="ms")
    yield Figure(
        name=f"{page} beside {_FEW}",
        measured=_mean(many) / _mean(few),
        unit="times",
        at_most=_FLAT,
    )
    yield Figure(
        name=f"{title}: the last tenth of the pages beside the first",
        measured=_mean(many, slice(-tenth, None)) / _mean(many, slice(tenth)),
        unit="times",
        at_most=_FLAT,
    )


def figures():
    """Yield how a page of a long list compares, with a filter and without."""
    with _crowd(_FEW) as few, _crowd(_MANY) as many:
        for title, expression in _FILTERS.items():
            found = [_lists(one, expression) for one in (few, many)]
            yield from _growth(title, *found)
