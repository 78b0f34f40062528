"""Instances are listed page by page, filtered and ordered."""

import itertools

import pytest
from yandex.cloud.compute.v1.instance_pb2 import Instance
from yandex.cloud.compute.v1.instance_service_pb2 import (
    DeleteInstanceRequest,
    ListInstancesRequest,
    StopInstanceRequest,
)

from fakes.compute.creation import small_instance
from fakes.errors import ApiError, Code
from tests.compute_bench import Bench


@pytest.fixture
def bench():
    return Bench()


def listed(bench, **fields):
    folder_id = bench.world.folder_id
    request = ListInstancesRequest(**({"folder_id": folder_id} | fields))
    return bench.compute.list_instances(request, bench.now)


def names(bench, **fields):
    return [one.name for one in listed(bench, **fields).instances]


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


@pytest.mark.parametrize("order_by", ["name", "name asc", "name desc"])
def test_ordered_pages_show_each_instance_once(bench, order_by):
    """A token holds a place in the order, also when what was shown there is gone and
    others have come before and after it.
    """
    ids = {name: bench.running(name) for name in ("b", "d", "f", "h", "k")}
    shown, token, more = [], "", itertools.cycle("ae")
    while True:
        answer = listed(bench, page_size=2, page_token=token, order_by=order_by)
        shown += [one.name for one in answer.instances]
        token = answer.next_page_token
        if not token:
            break
        assert len(token) <= 100
        if shown[-1] in ids:
            bench.finish(DeleteInstanceRequest(instance_id=ids[shown[-1]]))
        bench.running(f"{next(more)}{len(shown)}")
    assert shown == sorted(set(shown), reverse=order_by.endswith("desc"))
    assert set(ids) <= set(shown)


def test_the_longest_names_fit_into_a_token(bench):
    """Tokens are at most 100 characters long."""
    for first in "ab":
        bench.running(first + "x" * 62)
    answer = listed(bench, page_size=1, order_by="name desc")
    assert 90 < len(answer.next_page_token) <= 100


@pytest.mark.parametrize("column", ["createdAt", "created_at", "CREATEDAT"])
def test_instances_are_ordered_by_age(bench, column):
    """The documented column is understood in both spellings."""
    for name in ("second", "first", "third"):
        bench.running(name)
    assert names(bench, order_by=f"{column} desc") == ["third", "first", "second"]
    assert names(bench, order_by=column) == ["second", "first", "third"]


def test_a_last_page_has_no_token(bench):
    """When all instances fit, there is no next page."""
    ids = sorted(bench.running(name) for name in ("a", "b"))
    answer = listed(bench, page_size=2, order_by="id asc")
    assert [one.id for one in answer.instances] == ids
    assert answer.next_page_token == ""


@pytest.fixture(scope="module")
def mixed():
    """Three instances: two in the first zone, of which one is stopped."""
    bench = Bench()
    bench.running("web")
    bench.stopped("db")
    bench.running("far", "ru-central1-b")
    return bench


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ('name="web"', {"web"}),
        ("name = 'web'", {"web"}),
        (' name="web" ', {"web"}),
        (r'name="w\eb"', {"web"}),
        ('name="none"', set()),
        ('name != "web"', {"db", "far"}),
        ('name IN ("web", "db", "none")', {"web", "db"}),
        ("name NOT IN ('web','db')", {"far"}),
        ('name in ("web")', {"web"}),
        ('status="STOPPED"', {"db"}),
        ("status = RUNNING", {"web", "far"}),
        ("status IN (STOPPED, RUNNING)", {"web", "db", "far"}),
        ('zone_id="ru-central1-b"', {"far"}),
        ('zone_id="ru-central1-a" AND status="RUNNING"', {"web"}),
        ('status="RUNNING" and name != "far" AND zone_id != "moon"', {"web"}),
        ('name="web" AND status="STOPPED"', set()),
        ('platform_id="standard-v3"', {"web", "db", "far"}),
        ('host_id=""', {"web", "db", "far"}),
        ('created_at="2026-03-01T12:00:00Z"', {"web"}),
        ("created_at=2026-03-01T15:00:00+03:00", {"web"}),
    ],
)
def test_a_filter_leaves_some(mixed, expression, found):
    """Every documented field and operator is understood, and conditions add up."""
    assert set(names(mixed, filter=expression)) == found
    assert set(names(mixed, filter=expression, order_by="name")) == found


def test_instances_are_found_by_id(mixed):
    """The id is a field like any other, and pages go on within what is left."""
    ids = sorted(one.id for one in mixed.world.instances)
    expression = f"id IN ('{ids[2]}', '{ids[0]}')"
    first = listed(mixed, filter=expression, page_size=1)
    second = listed(mixed, filter=expression, page_token=first.next_page_token)
    shown = [one.id for one in (*first.instances, *second.instances)]
    assert shown == [ids[0], ids[2]]


def test_a_name_that_is_to_come_is_not_found(bench):
    """A filter sees what there is: not a name that an operation will give."""
    instance_id = bench.running("web")
    bench.finish(StopInstanceRequest(instance_id=instance_id))
    assert names(bench, filter='name="web"') == ["web"]
    bench.finish(DeleteInstanceRequest(instance_id=instance_id))
    assert names(bench, filter='name="web"') == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"page_size": 1001}, "page_size: 1001 is not between 0 and 1000"),
        ({"page_size": -1}, "page_size: -1 is not between"),
        ({"page_token": "?"}, "page_token: '.' is not one of ours"),
        ({"page_token": "id~~"}, "page_token: 'id~~' is not one of ours"),
        ({"page_token": "name~a~fhm1"}, "is not one of ours"),
        ({"page_token": "id~~" + "x" * 97}, "is not one of ours"),
        ({"filter": 'labels.a="b"'}, "filter: cannot understand"),
        ({"filter": 'fqdn="b"'}, "filter: cannot understand"),
        ({"filter": "name=\"web'"}, "filter: cannot understand"),
        ({"filter": "name=web"}, "filter: cannot understand"),
        ({"filter": 'name > "web"'}, "filter: cannot understand"),
        ({"filter": 'name="a" OR name="b"'}, "filter: cannot understand"),
        ({"filter": 'name="a" AND '}, "filter: cannot understand"),
        ({"filter": 'name="a" name="b"'}, "filter: cannot understand"),
        ({"filter": "name IN ()"}, "filter: cannot understand"),
        ({"filter": 'created_at="monday"'}, "filter: cannot understand"),
        ({"filter": " "}, "filter: cannot understand"),
        ({"filter": f'name="{"a" * 1000}"'}, "filter: cannot understand"),
        ({"order_by": "fqdn desc"}, "order_by: cannot order by 'fqdn desc'"),
        ({"order_by": "name up"}, "order_by: cannot order by 'name up'"),
        ({"order_by": "name asc desc"}, "order_by: cannot order by"),
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


def test_a_list_shows_no_metadata(bench):
    """It is documented to be left out; the instance keeps it."""
    request = small_instance(bench.world, name="web")
    request.metadata["ssh-keys"] = "someone"
    bench.finish(request)
    [shown] = listed(bench).instances
    [kept] = bench.world.instances
    assert (shown.metadata, kept.metadata) == ({}, {"ssh-keys": "someone"})
    assert shown.status == Instance.Status.RUNNING
