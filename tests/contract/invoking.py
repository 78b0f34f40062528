"""Functions behind HTTP in a local cloud, and a client, for the tests beside this."""

import contextlib
import http.client
import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fakes.clock import ManualClock
from fakes.cloud import LocalCloud
from fakes.http.invoke_routes import HttpRoute
from fakes.serverless.function import Function
from fakes.serverless.instance import ThreadInstance
from fakes.testing import CloudThread

START = datetime(2026, 7, 13, 11, 58, 59, 120000, tzinfo=UTC)
PATIENCE = 20


class Front:
    """Functions are put behind HTTP here, and called."""

    def __init__(self, thread):
        self.thread = thread
        self.cloud = thread.cloud

    def clear(self):
        self.thread.call(self.cloud.http.clear)
        return self

    def function(self, handler, **settings):
        async def launch():
            return ThreadInstance(handler)

        return Function(
            name="f",
            launch=launch,
            token=self.cloud.fresh_token,
            chance=self.cloud.chance,
            **settings,
        )

    def serve(self, function, *, public=True):
        if not isinstance(function, Function):
            function = self.function(function)
        return self.thread.call(self._serve, function, public)

    def _serve(self, function, public):
        return self.cloud.http.serve("f", function, public=public)

    def route(self, path, handler, method="POST", authorizer=None, **settings):
        route = HttpRoute(
            method=method,
            path=path,
            function=self.function(handler),
            authorizer=authorizer and self.function(authorizer),
            **settings,
        )
        return self.thread.call(self.cloud.http.add_route, route)

    def token(self):
        value, _ = self.thread.call(self.cloud.fresh_token)
        return value

    def call(self, path="/f", method="POST", body=b"", headers=()):
        """Return status, headers and body of the answer to one request."""
        where = urlsplit(self.cloud.http.base_url)
        with contextlib.closing(
            http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)
        ) as connection:
            connection.putrequest(method, path)
            connection.putheader("Content-Length", str(len(body)))
            for name, value in headers:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def ask(self, *args, **kwargs):
        """Return status and body, as JSON, of the answer to one request."""
        status, _, body = self.call(*args, **kwargs)
        return status, json.loads(body)


@contextlib.contextmanager
def invoking():
    """Yield a front, before a cloud whose clock stands still."""
    with CloudThread(lambda: LocalCloud(ManualClock(START), seed=1)) as thread:
        yield Front(thread)


def shows(event, _context):
    """Answer with what arrived."""
    return {"body": json.dumps(event)}
