"""Message Queue over HTTP: the only module that speaks to it.

The documented protocol is the Query one (yandex-cloud/docs: en/message-queue/
api-ref/index.md): a signed form goes out, XML comes back.
"""

import http.client
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlencode, urlsplit

from functions._deadline import UNLIMITED, Deadline
from functions._entries import pack, read_taken, render, render_batch
from functions._parallel import in_parallel
from functions._patience import Patience
from functions._pool import Pool
from functions._ports import Clock, Label, Message, QueueError, ThrottledError
from functions._sigv4 import StaticKey, sign

TIMEOUT = timedelta(seconds=5)
IDLE = timedelta(seconds=5)
_KEPT = timedelta(seconds=1)  # of a call's time, to end it properly
# Ten messages of 256 KB, each character of them escaped.
_LONGEST = 16 * 1024 * 1024
_FORM = "application/x-www-form-urlencoded"
_CODE = re.compile(rb"<Code>([A-Za-z.]{1,100})</Code>")
_OK = 200
# Throttling comes with HTTP 403, access denied with 400: the code decides
# (yandex-cloud/docs: en/message-queue/api-ref/common-errors.md).
_THROTTLED = "ThrottlingException"
_PASSING = {_THROTTLED, "InternalFailure", "ServiceUnavailable"}
# Something before the service answered, which knows no codes.
_PASSING_STATUSES = {500, 502, 503, 504}


class QueueClient:
    """Connections to Message Queue, kept between calls; fit for several threads.

    Args:
        key: Signs the calls.
        now: Tells the time for the signature.
        ticks: A clock that only goes forward, in seconds.
        tls: How to trust; None for the usual certificates, made when needed.
        patience: How to wait for a queue that has too much to do; None not to.
    """

    def __init__(
        self,
        key: StaticKey,
        now: Clock,
        ticks: Callable[[], float],
        tls: ssl.SSLContext | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._key = key
        self._now = now
        self._ticks = ticks
        self._tls = tls
        self._patience = patience
        self._lock = threading.Lock()
        self._pool: Pool[http.client.HTTPConnection] = Pool(ticks, IDLE)

    def call(
        self,
        queue_url: str,
        action: str,
        parameters: Mapping[str, str],
        wait: timedelta = timedelta(0),
        deadline: Deadline = UNLIMITED,
    ) -> bytes:
        """Perform *action* on a queue; return the XML of the answer.

        Sending again after a lost answer may send twice: at least once is all
        that the queue promises anyway.

        Args:
            queue_url: The queue.
            action: As documented, `SendMessage` for example.
            parameters: As documented, without `Action`, `Version`, `QueueUrl`.
            wait: How long the service was asked to hold its answer.
            deadline: When to have given up.

        Raises:
            ThrottledError: If the queue had too much to do at every try.
            QueueError: If there was no answer, or an error.
        """
        form = {"Action": action, "Version": "2012-11-05", "QueueUrl": queue_url}
        body = urlencode({**form, **parameters}).encode("ascii")
        waits = self._waits(deadline)
        while True:
            timeout = deadline.bound(TIMEOUT + wait, _KEPT)
            try:
                status, answer = self._post(queue_url, body, timeout)
            except (OSError, http.client.HTTPException) as error:
                msg = f"{action}: no answer from the queue: {type(error).__name__}"
                raise QueueError(msg) from None
            if status == _OK:
                return answer
            found = _CODE.search(answer)
            code = found[1].decode() if found else ""
            if not (_is_passing(status, code) and next(waits, False)):
                kind = ThrottledError if code == _THROTTLED else QueueError
                raise kind(f"{action}: HTTP {status} {code}".rstrip())

    def close(self) -> None:
        """Close the connections; the next call makes new ones."""
        self._pool.close()

    def _waits(self, deadline: Deadline) -> Iterator[bool]:
        """Wait, as long as there is patience and time, before each True."""
        if self._patience is None:
            return
        for wait in self._patience.waits():
            if deadline.left() - _KEPT <= wait:
                return
            self._patience.pause(wait.total_seconds())
            yield True

    def _post(self, url: str, body: bytes, timeout: timedelta) -> tuple[int, bytes]:
        parts = urlsplit(url)
        end = self._ticks() + timeout.total_seconds()
        connection = self._pool.borrow(_origin(parts)) or self._connect(parts)
        try:
            return self._exchange(connection, url, body, end)
        except (ConnectionError, http.client.BadStatusLine):
            # The peer closed a connection that was kept: once more, anew.
            return self._exchange(self._connect(parts), url, body, end)

    def _exchange(
        self, connection: http.client.HTTPConnection, url: str, body: bytes, end: float
    ) -> tuple[int, bytes]:
        parts = urlsplit(url)
        headers = sign(self._key, url, _FORM, body, self._now())
        try:
            # A socket's timeout is for each of its steps.
            self._hurry(connection, end)
            if connection.sock is None:
                connection.connect()
            self._hurry(connection, end)
            connection.request("POST", parts.path, body, headers)
            self._hurry(connection, end)
            response = connection.getresponse()
            answer = _read(response)
        except BaseException:
            connection.close()
            raise
        self._pool.give_back(_origin(parts), connection)
        return response.status, answer

    def _hurry(self, connection: http.client.HTTPConnection, end: float) -> None:
        left = end - self._ticks()
        if left <= 0:
            raise TimeoutError
        connection.timeout = left
        if connection.sock is not None:
            connection.sock.settimeout(left)

    def _connect(self, parts: SplitResult) -> http.client.HTTPConnection:
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.netloc)
        with self._lock:
            # Made once: reading the system's certificates takes 20 ms.
            self._tls = self._tls or ssl.create_default_context()
        return http.client.HTTPSConnection(parts.netloc, context=self._tls)


class QueueMailbox:
    """The `Mailbox` port for one queue."""

    def __init__(
        self, client: QueueClient, queue_url: str, deadline: Deadline = UNLIMITED
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._deadline = deadline
        self._fifo = queue_url.endswith(".fifo")

    def until(self, deadline: Deadline) -> "QueueMailbox":
        """Return the same mailbox for one call, with that call's deadline."""
        return QueueMailbox(self._client, self._queue_url, deadline)

    def send(
        self,
        body: str,
        *,
        after: timedelta = timedelta(0),
        attributes: Mapping[str, str] | None = None,
        label: Label | None = None,
    ) -> None:
        """Send a message; a delay is rounded up to whole seconds."""
        message = Message(body=body, after=after, attributes=attributes, label=label)
        self._send(message)

    def send_all(self, messages: Sequence[Message]) -> None:
        """Send messages, ten in a call, several calls at once."""
        packed = list(pack(messages))
        if self._fifo:  # at once, they would lose their order
            for batch in packed:
                self._send_batch(batch)
        else:
            in_parallel(packed, self._send_batch)

    def _send_batch(self, messages: Sequence[Message]) -> None:
        if len(messages) == 1:
            self._send(messages[0])
            return
        parameters = render_batch(messages, fifo=self._fifo)
        taken = read_taken(self._call("SendMessageBatch", parameters))
        for place, message in enumerate(messages):
            if place not in taken:
                self._send(message)

    def _send(self, message: Message) -> None:
        self._call("SendMessage", render(message, fifo=self._fifo))

    def _call(self, action: str, parameters: Mapping[str, str]) -> bytes:
        url, deadline = self._queue_url, self._deadline
        return self._client.call(url, action, parameters, deadline=deadline)


def _read(response: http.client.HTTPResponse) -> bytes:
    """Return an answer whole; one longer than any queue's, or cut short, is none."""
    answer = response.read(_LONGEST)
    # A read of so many bytes does not tell by itself that fewer came than announced.
    if len(answer) == _LONGEST or response.length:
        raise http.client.HTTPException
    return answer


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _is_passing(status: int, code: str) -> bool:
    return code in _PASSING if code else status in _PASSING_STATUSES
