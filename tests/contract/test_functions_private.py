"""Who may call a function by its URL, and what becomes of calls at the end."""

import contextlib
import os
import socket
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from fakes.serverless.instance import Code
from tests.contract.invoking import invoking, shows

HANGS = """
import os, threading
def hangs(event, context):
    print(os.getpid())
    threading.Event().wait()
"""


@pytest.fixture(scope="module")
def running():
    with invoking() as front:
        yield front


@pytest.fixture
def front(running):
    return running.clear()


def connected(front):
    where = urlsplit(front.cloud.http.base_url)
    return socket.create_connection((where.hostname, where.port))


@pytest.mark.parametrize("shown", [None, "", "Bearer x", "Basic eDp5", "Api-Key x"])
def test_a_private_function_needs_a_good_token(front, shown):
    """Whoever shows none, or a bad one, does not reach it."""
    called = []
    front.serve(lambda event, _context: called.append(event), public=False)
    headers = [] if shown is None else [("Authorization", shown)]
    status, told = front.ask(headers=headers)
    assert (status, told["errorMessage"]) == (403, "Forbidden: Not authorized")
    assert called == []


@pytest.mark.parametrize("public", [True, False])
def test_a_good_token_opens_every_function(front, public):
    """The function itself does not see it."""
    front.serve(shows, public=public)
    header = ("Authorization", f"Bearer {front.token()}")
    assert front.ask(headers=[header])[0] == 200


def test_a_token_expires():
    """After twelve hours it opens nothing."""
    with invoking() as front:
        front.serve(shows, public=False)
        header = ("Authorization", f"Bearer {front.token()}")
        front.cloud.clock.advance(timedelta(hours=12))
        assert front.ask(headers=[header])[0] == 403


def test_a_public_function_refuses_a_bad_token(front):
    """Showing none is better."""
    front.serve(shows)
    assert front.ask(headers=[("Authorization", "Bearer x")])[0] == 403


def test_a_client_that_leaves_stops_nothing(front):
    """Half a request calls nobody, and the next client is served."""
    called = []
    front.serve(lambda event, _context: called.append(event) or {})
    with connected(front) as connection:
        connection.sendall(b"POST /f HTTP/1.1\r\nHost: f\r\nContent-Length: 9\r\n\r\nx")
    assert front.call()[0] == 200
    assert len(called) == 1


def test_the_end_of_the_cloud_ends_calls(tmp_path):
    """Whoever waits hears something, and no process is left."""
    (tmp_path / "entry.py").write_text(HANGS)
    code = Code(folder=tmp_path, entrypoint="entry.hangs", environment={})
    begun, lines = threading.Event(), []

    def on_line(line):
        lines.append(line)
        begun.set()

    with invoking() as front, contextlib.ExitStack() as stack:
        front.serve(front.thread.call(front.cloud.functions.deploy, "f", code, on_line))
        connection = stack.enter_context(connected(front))
        connection.sendall(b"GET /f HTTP/1.1\r\nHost: f\r\n\r\n")
        assert begun.wait(timeout=20)
        front.thread.run(front.cloud.stop())
        connection.settimeout(20)
        while connection.recv(1024):
            pass
    with pytest.raises(ProcessLookupError):
        os.kill(int(lines[0]), 0)
