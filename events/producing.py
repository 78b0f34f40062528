"""The producer's kit: an attachment asked for in one call.

What is sent was read before by the reader that the functions have: whoever gets
a mistake told here need not wait for an outcome that tells it.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Required, TypedDict, Unpack

from events.attachment import AddressSpec, Attachment
from events.envelope import Delivery
from events.inbox import read_tasks
from events.moments import after_epoch
from events.reading import InvalidDocumentError, Violation
from events.rejected import Rejected
from events.request import Options, Request, render_options, render_request

# What stands for an id that the queue will give: no longer than that.
_UNNAMED = "00000000-0000-0000-0000-000000000000"


class Wish(TypedDict, total=False):
    """What is asked for.

    Attributes:
        instance_id: The instance.
        instance_ids: Instead of it, several: 1 to 100.
        index: The interface's place, a decimal number; `auto` for the lowest
            free one.
        subnet_id: The subnet; it must be in the instance's zone.
        security_group_ids: One to five groups of the subnet's network.
        address: Addresses and names; `AddressSpec()` asks for an automatic
            internal address, None leaves it to the API.
        options: How to go about it; a timeout is 1 s to 24 h, in whole seconds.
    """

    instance_id: str
    instance_ids: Sequence[str]
    index: Required[str]
    subnet_id: Required[str]
    security_group_ids: Required[Sequence[str]]
    address: AddressSpec | None
    options: Options


class PolicyWish(TypedDict, total=False):
    """What is asked for by a policy's name.

    Attributes:
        policy: Names the policy that says which interface.  It must mean the
            instance, and `requested` must be among its causes if it has any.
        instance_id: The instance.
        instance_ids: Instead of it, several: 1 to 100.
        options: How to go about it, all of it instead of the policy's own
            options; None leaves it to the policy.
    """

    policy: Required[str]
    instance_id: str
    instance_ids: Sequence[str]
    options: Options | None


def build_request(*, request_id: str = "", **wish: Unpack[Wish]) -> str:
    """Return the body of a message for the tasks queue.

    Args:
        request_id: Names the request: the same id is the same request, however
            often it is sent.  Where it is '', the message's id names it, and
            what is sent twice is asked for twice.
        **wish: What is asked for: see `Wish`.

    Raises:
        InvalidDocumentError: With all that is wrong, each with its JSON path.
        TypeError: If an argument is missing, unknown, or of another type.
    """
    body = json.dumps(_render(request_id, **wish))
    outcome_ids(body)
    return body


def build_policy_request(*, request_id: str = "", **wish: Unpack[PolicyWish]) -> str:
    """Return the body of a message that asks for what a policy describes.

    Whether there is such a policy, and what it wants, the functions find out
    when they look at the instance: a name that is none is an outcome, `refused`.

    Args:
        request_id: Names the request, as in `build_request`.
        **wish: What is asked for: see `PolicyWish`.

    Raises:
        InvalidDocumentError: With all that is wrong, each with its JSON path.
        TypeError: If an argument is missing, unknown, or of another type.
    """
    body = json.dumps(_render_by_policy(request_id, **wish))
    if not wish["policy"]:
        # Without one, the reader would ask for an interface.
        violation = Violation(path="$.policy", problem="is required")
        raise InvalidDocumentError(violation)
    outcome_ids(body)
    return body


def send_request(
    send: Callable[[str], object], *, request_id: str, **wish: Unpack[Wish]
) -> str:
    """Send a request; return its id, under which the outcome will come.

    Where *send* fails, call this again with the same id.  The outcomes for
    several instances come under `<request id>/<instance id>` each.

    Args:
        send: Sends a message with that body to the tasks queue, or raises.
        request_id: Names the request; never ''.
        **wish: What is asked for: see `Wish`.

    Raises:
        InvalidDocumentError: With all that is wrong; nothing was sent.
        TypeError: As `build_request` does; nothing was sent.
    """
    return _send(send, request_id, build_request(request_id=request_id, **wish))


def send_policy_request(
    send: Callable[[str], object], *, request_id: str, **wish: Unpack[PolicyWish]
) -> str:
    """Send a request for what a policy describes; return its id.

    All else is as with `send_request`.

    Args:
        send: Sends a message with that body to the tasks queue, or raises.
        request_id: Names the request; never ''.
        **wish: What is asked for: see `PolicyWish`.

    Raises:
        InvalidDocumentError: With all that is wrong; nothing was sent.
        TypeError: As `build_policy_request` does; nothing was sent.
    """
    body = build_policy_request(request_id=request_id, **wish)
    return _send(send, request_id, body)


def outcome_ids(body: str, message_id: str = _UNNAMED) -> tuple[str, ...]:
    """Return the ids under which the outcomes of a message will come.

    Args:
        body: What is sent: a request, or a list of requests.
        message_id: Names what does not name itself.

    Raises:
        InvalidDocumentError: With all that is wrong in any of the requests.
    """
    # When it is read decides about no id and no violation.
    tasks = read_tasks(Delivery(event_id=message_id, body=body), after_epoch())
    rejected = [task for task in tasks if isinstance(task, Rejected)]
    if rejected:
        violations = (one for each in rejected for one in each.violations)
        raise InvalidDocumentError(*violations)
    return tuple(task.id for task in tasks)


def _send(send: Callable[[str], object], request_id: str, body: str) -> str:
    if not request_id:
        violation = Violation(path="$.requestId", problem="is required")
        raise InvalidDocumentError(violation)
    send(body)
    return request_id


def _render(  # noqa: PLR0913 - as many as a request has fields
    request_id: str,
    *,
    index: str,
    subnet_id: str,
    security_group_ids: Sequence[str],
    instance_id: str = "",
    instance_ids: Sequence[str] = (),
    address: AddressSpec | None = None,
    options: Options = Options(),
) -> dict[str, Any]:
    attachment = Attachment(
        instance_id=instance_id,
        index=index,
        subnet_id=subnet_id,
        security_group_ids=(),
        address=address,
    )
    request = Request(id=request_id, attachment=attachment, options=options)
    found = render_request(request)
    found["securityGroupIds"] = _listed(security_group_ids)
    found["instanceIds"] = _listed(instance_ids)
    return _given(found)


def _render_by_policy(
    request_id: str,
    *,
    policy: str,
    instance_id: str = "",
    instance_ids: Sequence[str] = (),
    options: Options | None = None,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "requestId": request_id,
        "instanceId": instance_id,
        "instanceIds": _listed(instance_ids),
        "policy": policy,
    }
    # Even an empty object is given: it stands for the defaults.
    if options is not None:
        found["options"] = render_options(options)
    return _given(found)


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: the reader tells what must be there."""
    return {name: value for name, value in fields.items() if value not in ("", [])}


def _listed(texts: Sequence[str]) -> Any:
    """Return a list; of one text no list of its letters, so that it is refused."""
    return texts if isinstance(texts, str) else list(texts)
