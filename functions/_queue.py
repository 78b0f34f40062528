"""Message Queue over HTTP: the only module that speaks to it.

The documented protocol is the Query one (yandex-cloud/docs: en/message-queue/
api-ref/index.md): a signed form goes out, XML comes back.
"""

import http.client
import math
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import timedelta
from urllib.parse import SplitResult, urlencode, urlsplit

from functions._ports import Clock, Label, QueueError
from functions._sigv4 import StaticKey, sign

TIMEOUT = timedelta(seconds=5)
_FORM = "application/x-www-form-urlencoded"
_CODE = re.compile(rb"<Code>([A-Za-z.]{1,100})</Code>")
_OK = 200


class QueueClient:
    """One connection to Message Queue, kept between calls.

    Args:
        key: Signs the calls.
        now: Tells the time for the signature.
        ticks: A clock that only goes forward, in seconds.
        tls: How to trust; None for the usual certificates, made when needed.
        idle: After this long without a call the connection is made anew: that
            of a suspended function dies without a sign.
    """

    def __init__(
        self,
        key: StaticKey,
        now: Clock,
        ticks: Callable[[], float],
        tls: ssl.SSLContext | None = None,
        idle: timedelta = timedelta(seconds=5),
    ) -> None:
        self._key = key
        self._now = now
        self._ticks = ticks
        self._tls = tls
        self._idle = idle.total_seconds()
        self._used = ticks()
        self._host = ""
        self._connection: http.client.HTTPConnection | None = None

    def call(
        self,
        queue_url: str,
        action: str,
        parameters: Mapping[str, str],
        wait: timedelta = timedelta(0),
    ) -> bytes:
        """Perform *action* on a queue; return the XML of the answer.

        Sending again after a lost answer may send twice: at least once is all
        that the queue promises anyway.

        Args:
            queue_url: The queue.
            action: As documented, `SendMessage` for example.
            parameters: As documented, without `Action`, `Version`, `QueueUrl`.
            wait: How long the service was asked to hold its answer.

        Raises:
            QueueError: If there was no answer, or an error.
        """
        form = {"Action": action, "Version": "2012-11-05", "QueueUrl": queue_url}
        body = urlencode({**form, **parameters}).encode("ascii")
        try:
            status, answer = self._post(queue_url, body, TIMEOUT + wait)
        except (OSError, http.client.HTTPException) as error:
            msg = f"{action}: no answer from the queue: {type(error).__name__}"
            raise QueueError(msg) from None
        if status != _OK:
            code = _CODE.search(answer)
            msg = f"{action}: HTTP {status} {code[1].decode() if code else ''}".rstrip()
            raise QueueError(msg)
        return answer

    def close(self) -> None:
        """Close the connection; the next call makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _post(self, url: str, body: bytes, timeout: timedelta) -> tuple[int, bytes]:
        try:
            return self._exchange(url, body, timeout)
        except (ConnectionError, http.client.BadStatusLine):
            # The peer closed a connection that was kept: once more, anew.
            self.close()
            return self._exchange(url, body, timeout)

    def _exchange(self, url: str, body: bytes, timeout: timedelta) -> tuple[int, bytes]:
        connection = self._connect(url)
        connection.timeout = timeout.total_seconds()
        if connection.sock is not None:
            connection.sock.settimeout(connection.timeout)
        headers = sign(self._key, url, _FORM, body, self._now())
        try:
            connection.request("POST", urlsplit(url).path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _connect(self, url: str) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        now = self._ticks()
        if now - self._used > self._idle or self._host != parts.netloc:
            self.close()
        self._used = now
        if self._connection is None:
            self._host = parts.netloc
            self._connection = self._new_connection(parts)
        return self._connection

    def _new_connection(self, parts: SplitResult) -> http.client.HTTPConnection:
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.netloc)
        # Made once: reading the system's certificates takes 20 ms.
        self._tls = self._tls or ssl.create_default_context()
        return http.client.HTTPSConnection(parts.netloc, context=self._tls)


class QueueMailbox:
    """The `Mailbox` port for one queue."""

    def __init__(self, client: QueueClient, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def send(
        self,
        body: str,
        *,
        after: timedelta = timedelta(0),
        attributes: Mapping[str, str] | None = None,
        label: Label | None = None,
    ) -> None:
        """Send a message; a delay is rounded up to whole seconds."""
        parameters = {"MessageBody": body}
        if label and self._queue_url.endswith(".fifo"):
            parameters["MessageGroupId"] = label.group
            parameters["MessageDeduplicationId"] = label.name
        if after > timedelta(0):
            parameters["DelaySeconds"] = str(math.ceil(after.total_seconds()))
        for place, (name, value) in enumerate((attributes or {}).items(), start=1):
            prefix = f"MessageAttribute.{place}."
            parameters[prefix + "Name"] = name
            parameters[prefix + "Value.DataType"] = "String"
            parameters[prefix + "Value.StringValue"] = value
        self._client.call(self._queue_url, "SendMessage", parameters)
