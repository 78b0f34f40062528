"""Instances are listed page by page, and found by name."""

import pytest
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DeleteInstanceRequest,
    ListInstancesRequest,
)

from fakes.errors import ApiError, Code
from tests.compute_bench import Bench


@pytest.fixture
def bench():
    return Bench()


def listed(bench, **fields):
    folder_id = bench.world.folder_id
    request = ListInstancesRequest(**({"folder_id": folder_id} | fields))
    return bench.compute.list_instances(request, bench.now)


def test_pages_show_each_instance_once(bench):
    """What was there from the first page to the last is shown exactly once, whatever
    comes and goes between the pages.
    """
    there = {bench.running(f"n{at}") for at in range(7)}
    first = listed(bench, page_size=2)
    shown, token = [one.id for one in first.instances], first.next_page_token
    bench.finish(DeleteInstanceRequest(instance_id=shown[-1]))
    while token:
        bench.running("")
        answer = listed(bench, page_size=2, page_token=token)
        shown += [one.id for one in answer.instances]
        token = answer.next_page_token
    assert there <= set(shown)
    assert shown == sorted(set(shown))


def test_a_last_page_has_no_token(bench):
    """When all instances fit, there is no next page."""
    ids = sorted(bench.running(name) for name in ("a", "b"))
    answer = listed(bench, page_size=2, order_by="id asc")
    assert [one.id for one in answer.instances] == ids
    assert answer.next_page_token == ""


@pytest.mark.parametrize("expression", ['name="web"', "name = 'web'", ' name="web" '])
def test_instances_are_found_by_name(bench, expression):
    """Both quotes are understood."""
    bench.running("other")
    instance_id = bench.running("web")
    found = listed(bench, filter=expression).instances
    assert [one.id for one in found] == [instance_id]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"page_size": 1001}, "page_size: 1001 is not between 0 and 1000"),
        ({"page_size": -1}, "page_size: -1 is not between"),
        ({"page_token": "?"}, "page_token: '.' is not one of ours"),
        ({"page_token": "gICA"}, "page_token: 'gICA' is not one of ours"),
        ({"filter": 'status="STOPPED"'}, "filter: cannot understand"),
        ({"filter": "name=\"web'"}, "filter: cannot understand"),
        ({"order_by": "name desc"}, "order_by: cannot order by 'name desc'"),
        ({"folder_id": ""}, "folder_id: required"),
    ],
)
def test_lists_refuse_what_they_do_not_understand(bench, fields, why):
    """A wrong list is worse than none."""
    with pytest.raises(ApiError, match=why) as refused:
        listed(bench, **fields)
    assert refused.value.code is Code.INVALID_ARGUMENT


def test_another_folder_is_not_found(bench):
    """There is only one folder."""
    with pytest.raises(ApiError, match="NOT_FOUND: folder_id: Folder b1gx"):
        listed(bench, folder_id="b1gx")
