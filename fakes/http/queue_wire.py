"""The two protocols of Message Queue, each from request to form, and from answer.

The documented one is Query (yandex-cloud/docs: en/message-queue/api-ref/index.md).
"""

from collections.abc import Mapping
from typing import Final, Protocol

from fakes.http import queue_json, queue_xml
from fakes.http.queue_answer import Answer
from fakes.http.queue_form import Form, parse_form
from fakes.http.sigv4 import SignedRequest
from fakes.queue.errors import QueueError, Refusal, refuse

Headers = list[tuple[bytes, bytes]]

_FORM_TYPE: Final = "application/x-www-form-urlencoded"


class Wire(Protocol):
    """A protocol."""

    content_type: str

    def form(self, request: SignedRequest) -> Form:
        """Return what is asked; a QueueError if that cannot be read."""

    def answer(self, action: str, answer: Answer | None, request_id: str) -> bytes:
        """Return the body that tells of success."""

    def error(self, error: QueueError, request_id: str) -> bytes:
        """Return the body that tells of *error*."""

    def headers(self, request_id: str, error: QueueError | None) -> Headers:
        """Return what the head of an answer says beside its type and length."""


class Query:
    """A form goes in, XML comes out."""

    content_type = "application/xml"

    def form(self, request: SignedRequest) -> Form:
        """Return the fields of the query string and of the body.

        Raises:
            QueueError: MalformedQueryString, or MissingAction if the body is
                declared to be something else, as by an SDK that speaks JSON; the
                cloud is said to answer such with a 502.
        """
        declared = request.headers.get("content-type", _FORM_TYPE)
        if not declared.lower().startswith(_FORM_TYPE):
            msg = f"The body must be {_FORM_TYPE}; use an SDK that speaks Query."
            refuse(Refusal.MISSING_ACTION, msg)
        return parse_form(request.query.encode(), request.body)

    def answer(self, action: str, answer: Answer | None, request_id: str) -> bytes:
        """Return the document that answers *action*."""
        return queue_xml.render_answer(action, answer, request_id)

    def error(self, error: QueueError, request_id: str) -> bytes:
        """Return the document that tells of *error*."""
        return queue_xml.render_error(error, request_id)

    def headers(self, request_id: str, error: QueueError | None) -> Headers:  # noqa: ARG002 - both are in the document
        """Return nothing more."""
        return []


class Json:
    """JSON goes in and comes out; the action is in a header."""

    content_type = queue_json.CONTENT_TYPE

    def form(self, request: SignedRequest) -> Form:
        """Return the form that the same request has in Query; see `read_form`."""
        target = request.headers.get("x-amz-target", "")
        return queue_json.read_form(target, request.body)

    def answer(self, action: str, answer: Answer | None, request_id: str) -> bytes:  # noqa: ARG002 - one is known, one in the head
        """Return the object that answers."""
        return queue_json.render_answer(answer)

    def error(self, error: QueueError, request_id: str) -> bytes:  # noqa: ARG002 - in the head
        """Return the object that tells of *error*."""
        return queue_json.render_error(error)

    def headers(self, request_id: str, error: QueueError | None) -> Headers:
        """Return the id of the request and, of an error, its code."""
        return queue_json.headers(request_id, error)


_QUERY: Final = Query()
_JSON: Final = Json()


def wire_of(headers: Mapping[str, str], json_protocol: bool) -> Wire:
    """Return the protocol that the *headers* of a request speak.

    Without *json_protocol* everything is Query, however wrong.
    """
    declared = headers.get("content-type", "").lower()
    if json_protocol and declared.startswith(queue_json.CONTENT_TYPE):
        return _JSON
    return _QUERY
