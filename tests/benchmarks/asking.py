"""One client for every queue service: the same bytes, over one connection.

It speaks the Query protocol, the one that the documentation of Message Queue has.
Requests are signed once and sent again and again; that the answer is a success is
all that is looked at.
"""

import html
import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.benchmarks.processes import cpu_seconds
from tests.contract.queue_signing import signed

_URL = re.compile(rb"<QueueUrl>(.*?)</QueueUrl>")
_BATCH = 10
_LONGEST = 3.0  # seconds that one measurement may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A queue service in a process of its own; a key for who checks signatures."""

    name: str
    pid: int
    address: str
    key_id: str = "key"
    secret: str = "secret"
    region: str = "us-east-1"


class Client:
    """Asks one service."""

    def __init__(self, service):
        self.service = service
        self._connection = http.client.HTTPConnection(service.address, timeout=30)

    def create(self, name):
        """Return the URL of a new queue, for which the connection is made anew."""
        self._connection.close()  # it may have been idle for too long
        answer = self._send(self._signed("CreateQueue", QueueName=name))
        return html.unescape(_URL.search(answer)[1].decode())

    def fill(self, url, count):
        """Put so many messages on a queue."""
        entries = {}
        for place in range(1, _BATCH + 1):
            entry = f"SendMessageBatchRequestEntry.{place}"
            entries |= {f"{entry}.Id": place, f"{entry}.MessageBody": "x"}
        request = self._signed("SendMessageBatch", QueueUrl=url, **entries)
        for _ in range(count // _BATCH):
            self._send(request)

    def measure(self, action, url, count, **wish):
        """Ask *count* times, or as often as there is time for.

        Return how often that was, and for how long the service computed.
        """
        request = self._signed(action, QueueUrl=url, **wish)
        end = time.monotonic() + _LONGEST
        began, asked = cpu_seconds(self.service.pid), 0
        while asked < count and time.monotonic() < end:
            self._send(request)
            asked += 1
        return asked, cpu_seconds(self.service.pid) - began

    def close(self):
        self._connection.close()

    def _signed(self, action, **wish):
        body = urlencode({"Action": action, "Version": "2012-11-05", **wish}).encode()
        headers = signed(
            (self.service.address, "/"),
            body,
            name=self.service.key_id,
            secret=self.service.secret,
            region=self.service.region,
        )
        return body, headers

    def _send(self, request):
        body, headers = request
        self._connection.request("POST", "/", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            msg = f"{self.service.name}: {answer.status} {content[:300]!r}"
            raise RuntimeError(msg)
        return content
