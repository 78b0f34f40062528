"""Asks a local cloud as `curl` would."""

import http.client
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from google.protobuf.json_format import MessageToDict

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.compute.creation import small_instance
from fakes.testing import CloudThread

INSTANCES = "/compute/v1/instances"
_PATIENCE = 10
_START = datetime(2026, 3, 1, tzinfo=UTC)


class RestClient:
    """One connection to the API, which shows a token with every request."""

    def __init__(self, url, token):
        self.connection = http.client.HTTPConnection(
            urlsplit(url).netloc, timeout=_PATIENCE
        )
        self.headers = {"Authorization": f"Bearer {token}"}

    @property
    def metadata(self):
        """The same token over gRPC."""
        return (("authorization", self.headers["Authorization"]),)

    def ask(self, verb, path, content=None, **headers):
        """Send JSON; return the status and the JSON that comes back."""
        body = None if content is None else json.dumps(content)
        return self.send(verb, path, body, **headers)

    def send(self, verb, path, body=None, **headers):
        """Send a text or bytes; return the status and the JSON that comes back."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        self.connection.request(verb, path, body, self.headers | named)
        response = self.connection.getresponse()
        assert response.headers["content-type"] == "application/json"
        return response.status, json.loads(response.read() or "null")


class Running:
    """A cloud in a thread, whose clock is turned."""

    def __init__(self, thread):
        self.cloud = thread.cloud
        self._thread = thread

    @contextmanager
    def fresh_client(self):
        """Yield a client of a cloud without instances and faults."""
        self._thread.call(self.cloud.compute.clear)
        self.cloud.faults.clear()
        token = self._thread.call(self.cloud.token).value
        client = RestClient(self.cloud.rest_url, token)
        try:
            yield client
        finally:
            client.connection.close()

    def pass_time(self, time):
        self.cloud.clock.advance(time)
        self._thread.run(self.cloud.pass_time())


@contextmanager
def resting_cloud():
    """Yield a cloud with REST on its front; what it holds is shared by all."""
    with CloudThread(lambda: LocalCloud(ManualClock(_START), seed=1)) as thread:
        yield Running(thread)


def creation(cloud, name):
    """Return what creates a small instance, as JSON."""
    return MessageToDict(small_instance(cloud.world, name=name))
