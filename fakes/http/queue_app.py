"""Message Queue behind HTTP, as an ASGI application: who asks, and for what.

What a request looks like, and its answer, is `queue_wire`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, NoReturn

from fakes.caller import LOCAL, Subject
from fakes.clock import Clock
from fakes.errors import ApiError, Code
from fakes.faults import Fault, Faults, SeenCall
from fakes.http import queue_admin, queue_messages
from fakes.http.queue_answer import Answer
from fakes.http.queue_call import Call
from fakes.http.queue_form import Form
from fakes.http.queue_parameters import check_parameters
from fakes.http.queue_receive import ClientGoneError, receive_message
from fakes.http.queue_wire import Headers, Wire, wire_of
from fakes.http.server import App, Receive, Scope, Send
from fakes.http.sigv4 import Credentials, SignedRequest, verify
from fakes.queue.errors import QueueError, Refusal, refuse, refuse_value
from fakes.queue.service import MessageQueue

# Whatever is allowed fits: 256 KB, three characters for a byte, and its names.
LONGEST_BODY: Final = 1_572_864

# Takes the id of an access key and an action; returns whose key it is, or refuses
# with an ApiError.
Authorize = Callable[[str, str], Subject]

_VERSION: Final = "2012-11-05"
_SERVICE: Final = "MessageQueue"
_RECEIVE: Final = "ReceiveMessage"
_ACTIONS: Final = queue_admin.ACTIONS | queue_messages.ACTIONS
_STRUCK: Final = {
    Code.PERMISSION_DENIED: Refusal.ACCESS_DENIED,
    Code.RESOURCE_EXHAUSTED: Refusal.THROTTLING,
    Code.UNAVAILABLE: Refusal.SERVICE_UNAVAILABLE,
}


def _allow(_key_id: str, _action: str) -> Subject:
    """Let everybody do everything."""
    return LOCAL


def queue_app(
    service: MessageQueue,
    clock: Clock,
    credentials: Credentials,
    faults: Faults | None = None,
    authorize: Authorize = _allow,
) -> App:
    """Return the application around *service*.

    Args:
        service: What it shows; its `base_url` is to be set once the port is known.
        clock: What tells the time and waits.
        credentials: Returns the secret of an access key, None if there is no such.
        faults: What goes wrong on purpose, by `MessageQueue/` and the action.
        authorize: Asked before every action whether its sender may; by default
            everybody may do everything.
    """
    planned = faults or Faults()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = service.chance.uuid()
        headers = _headers(scope)
        wire = wire_of(headers, service.manners.json_protocol)
        refused: QueueError | None = None
        try:
            request = _request(scope, headers, await _read_body(receive))
            sender = verify(request, credentials, clock.now())
            call = _call(service, clock, request, wire, sender)
            _admit(call, authorize, planned)
            fault = planned.take(
                _SERVICE, call.action, call.now, lambda: (_queue_name(call),)
            )
            acting = _act(call, clock, receive, planned, fault)
            answer = await (_while_there(receive, acting) if fault else acting)
            document = wire.answer(call.action, answer, request_id)
        except QueueError as error:
            refused, document = error, wire.error(error, request_id)
        except ClientGoneError:
            return
        status = refused.http_status if refused else 200
        more = wire.headers(request_id, refused)
        await _send(send, status, document, [_type(wire), *more])

    return app


def _call(
    service: MessageQueue,
    clock: Clock,
    request: SignedRequest,
    wire: Wire,
    sender: str,
) -> Call:
    form = wire.form(request)
    action = _action(form)
    check_parameters(action, form)
    return Call(
        service=service,
        action=action,
        form=form,
        path=request.path,
        sender=sender,
        now=clock.now(),
    )


def _admit(call: Call, authorize: Authorize, faults: Faults) -> None:
    """Refuse who may not, then who asks too often; record the others."""
    try:
        subject = authorize(call.sender, call.action)
    except ApiError as refused:
        _refuse(refused)
    name = f"{_SERVICE}/{call.action}"
    faults.saw(SeenCall(method=name, idempotency_key=None, subject_id=subject.id))
    call.service.count(call.action, call.queue, call.now)


def _queue_name(call: Call) -> str:
    """Return the name of the queue that a call is about, as far as it says."""
    url = call.form.get("QueueUrl") or call.path
    return call.form.get("QueueName") or url.rpartition("/")[2]


async def _while_there(
    receive: Receive, acting: Coroutine[Any, Any, Answer | None]
) -> Answer | None:
    """Return the answer, which a fault may keep from the client as long as it waits.

    Raises:
        ClientGoneError: The client went.
    """
    answer = asyncio.ensure_future(acting)
    leaving = asyncio.ensure_future(receive())
    try:
        await asyncio.wait((answer, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise ClientGoneError
        return answer.result()
    finally:
        answer.cancel()
        leaving.cancel()


async def _act(
    call: Call, clock: Clock, receive: Receive, faults: Faults, fault: Fault | None
) -> Answer | None:
    """Return the answer, None if there is nothing to tell."""
    try:
        async with faults.around(fault, clock):
            if call.action == _RECEIVE:
                # The body is read: all there can be is news of a client that went.
                return await receive_message(call, clock, receive)
            return _ACTIONS[call.action](call)
    except ApiError as struck:
        _refuse(struck)


def _refuse(error: ApiError) -> NoReturn:
    """Refuse with what comes next to *error* among the documented codes."""
    refuse(_STRUCK.get(error.code, Refusal.INTERNAL_FAILURE), error.message)


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


def _headers(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _request(scope: Scope, headers: dict[str, str], body: bytes) -> SignedRequest:
    return SignedRequest(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
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


def _type(wire: Wire) -> tuple[bytes, bytes]:
    return (b"content-type", wire.content_type.encode())


async def _send(send: Send, status: int, document: bytes, headers: Headers) -> None:
    headers.append((b"content-length", str(len(document)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": document})
