"""Whom the admin port answers, and what it does not take."""

import http.client
import json
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from fakes.clock import SystemClock
from fakes.cloud import LocalCloud
from fakes.http.admin_app import admin_app
from fakes.testing import CloudThread


@pytest.fixture(scope="module")
def thread():
    with CloudThread(lambda: LocalCloud(SystemClock(), seed=1)) as thread:
        yield thread


@pytest.fixture
def cloud(thread):
    return thread.cloud


@pytest.fixture
def ask(cloud):
    """Return what sends bytes; it returns the status and JSON."""
    connection = http.client.HTTPConnection(urlsplit(cloud.admin_url).netloc)

    def ask(method, path, body=None, **headers):
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    with closing(connection):
        yield ask


def test_real_time_is_not_turned(ask):
    """It passes by itself, and the answer says so."""
    problem = "time passes by itself in this cloud"
    assert ask("POST", "/time", b'{"seconds": 1}') == (409, {"problems": [problem]})


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [("GET", "/", 404), ("PUT", "/faults", 405), ("GET", "/clear", 405)],
)
def test_there_is_nothing_else(ask, method, path, expected):
    """The answer says what there is."""
    status, told = ask(method, path)
    assert (status, "/" in told["problems"][0]) == (expected, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({"Host": "example.com"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "https://example.com"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_pages_from_elsewhere_are_kept_out(ask, headers, status):
    """A browser tells where a page is from, and where it thinks it asks."""
    assert ask("GET", "/calls", **headers)[0] == status


def test_a_plan_has_an_end(ask):
    """More than a megabyte is not read."""
    status, told = ask("POST", "/faults", b" " * 1_048_577)
    assert (status, told) == (
        413,
        {"problems": ["$ is longer than 1048576 bytes"]},
    )


def test_a_request_that_breaks_off_is_not_done(thread, cloud):
    """Half a plan is none, even if it could be read."""
    events = [
        {"type": "http.request", "body": b"{}", "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive():
        return events.pop(0)

    async def send(event):
        sent.append(event)

    scope = {"method": "POST", "path": "/faults", "headers": []}
    thread.run(admin_app(cloud)(scope, receive, send))
    assert sent[0]["status"] == 400
