"""Message Queue behind HTTP, as an ASGI application.

The documented Query protocol (yandex-cloud/docs:
en/message-queue/api-ref/index.md): a signed form goes in, XML comes out.  The
newer JSON protocol of SQS is refused; SDKs from before it work.
"""

from typing import Final

from fakes.clock import Clock
from fakes.errors import ApiError, Code
from fakes.faults import Faults
from fakes.http import queue_admin, queue_messages
from fakes.http.queue_call import Call
from fakes.http.queue_form import Form, parse_form
from fakes.http.queue_parameters import check_parameters
from fakes.http.queue_receive import ClientGoneError, receive_message
from fakes.http.queue_xml import render_answer, render_error
from fakes.http.server import App, Receive, Scope, Send
from fakes.http.sigv4 import Credentials, SignedRequest, verify
from fakes.queue.errors import QueueError, Refusal, refuse, refuse_value
from fakes.queue.service import MessageQueue

# Whatever is allowed fits: 256 KB, three characters for a byte, and its names.
LONGEST_BODY: Final = 1_572_864

_VERSION: Final = "2012-11-05"
_RECEIVE: Final = "ReceiveMessage"
_ACTIONS: Final = queue_admin.ACTIONS | queue_messages.ACTIONS
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_STRUCK: Final = {
    Code.PERMISSION_DENIED: Refusal.ACCESS_DENIED,
    Code.RESOURCE_EXHAUSTED: Refusal.THROTTLING,
    Code.UNAVAILABLE: Refusal.SERVICE_UNAVAILABLE,
}


def queue_app(
    service: MessageQueue,
    clock: Clock,
    credentials: Credentials,
    faults: Faults | None = None,
) -> App:
    """Return the application around *service*.

    Args:
        service: What it shows; its `base_url` is to be set once the port is known.
        clock: What tells the time and waits.
        credentials: Returns the secret of an access key, None if there is no such.
        faults: What goes wrong on purpose, by `MessageQueue/` and the action.
    """
    planned = faults or Faults()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = service.chance.uuid()
        try:
            request = await _read(scope, receive)
            sender = verify(request, credentials, clock.now())
            call = Call(
                service=service,
                form=parse_form(request.query.encode(), _body(request)),
                path=scope["path"],
                sender=sender,
                now=clock.now(),
            )
            action, result = await _act(call, clock, receive, planned)
            document, status = render_answer(action, result, request_id), 200
        except QueueError as error:
            document, status = render_error(error, request_id), error.http_status
        except ClientGoneError:
            return
        await _send(send, status, document)

    return app


async def _act(
    call: Call, clock: Clock, receive: Receive, faults: Faults
) -> tuple[str, str | None]:
    """Return the action and the content of its Result, if the answer has one."""
    action = _action(call.form)
    check_parameters(action, call.form)
    try:
        async with faults.around("MessageQueue", action, clock):
            if action == _RECEIVE:
                # The body is read: all there can be is news of a client that went.
                return action, await receive_message(call, clock, receive)
            return action, _ACTIONS[action](call)
    except ApiError as struck:
        refuse(_STRUCK.get(struck.code, Refusal.INTERNAL_FAILURE), struck.message)


def _action(form: Form) -> str:
    action = form.get("Action")
    if not action:
        refuse(Refusal.MISSING_ACTION, "The parameter Action is missing.")
    if action != _RECEIVE and action not in _ACTIONS:
        refuse(Refusal.INVALID_ACTION, f"There is no action {action[:100]!r}.")
    # Assumption: a request without a version is understood, another refused.
    if form.get("Version", _VERSION) != _VERSION:
        refuse_value(f"Version must be {_VERSION}.")
    return action


async def _read(scope: Scope, receive: Receive) -> SignedRequest:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return SignedRequest(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=await _read_body(receive),
    )


async def _read_body(receive: Receive) -> bytes:
    """Read the body, giving up as soon as it is too long."""
    parts: list[bytes] = []
    room = LONGEST_BODY
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientGoneError
        parts.append(event.get("body", b""))
        room -= len(parts[-1])
        if room < 0:
            refuse_value(f"The request is longer than {LONGEST_BODY} bytes.")
        more = event.get("more_body", False)
    return b"".join(parts)


def _body(request: SignedRequest) -> bytes:
    """Return the form in the body of *request*.

    Raises:
        QueueError: MissingAction if it is declared to be something else, as by
            an SDK that speaks JSON; the cloud is said to answer such with a 502.
    """
    declared = request.headers.get("content-type", _FORM_TYPE)
    if not declared.lower().startswith(_FORM_TYPE):
        msg = f"The body must be {_FORM_TYPE}; use an SDK that speaks Query."
        refuse(Refusal.MISSING_ACTION, msg)
    return request.body


async def _send(send: Send, status: int, document: bytes) -> None:
    headers = [
        (b"content-type", b"application/xml"),
        (b"content-length", str(len(document)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": document})
