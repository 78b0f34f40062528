"""The metadata service hands out tokens to those who ask rightly."""

import http.client
import json

import pytest

from fakes.http.metadata import metadata_app
from fakes.http.server import HttpServer
from tests.rpc_bench import Loop

PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
FLAVOR = {"Metadata-Flavor": "Google"}


@pytest.fixture(scope="module")
def port():
    loop = Loop()
    server = HttpServer(metadata_app(lambda: ("t1.x", 43_200)))
    loop.run(server.start())
    yield server.port
    loop.run(server.stop())
    loop.close()


def ask(port, method="GET", path=PATH, headers=FLAVOR):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    return response.status, body


def test_a_token_is_handed_out(port):
    """The body is what the SDK and functions expect."""
    expected = {"access_token": "t1.x", "expires_in": 43_200, "token_type": "Bearer"}
    assert ask(port) == (200, expected)


@pytest.mark.parametrize("headers", [{}, {"Metadata-Flavor": "Amazon"}])
def test_the_flavor_is_required(port, headers):
    """Without the header, nobody gets a token."""
    assert ask(port, headers=headers)[0] == 403


@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("GET", "/")])
def test_there_is_nothing_else(port, method, path):
    """Other methods and paths are not found."""
    assert ask(port, method, path)[0] == 404
