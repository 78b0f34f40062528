"""A request: an attachment, who asks for it by which name, and how to go about it."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from events import syntax
from events.attachment import Attachment, read_attachment, render_attachment
from events.decision import FinalPower
from events.reading import Document, InvalidDocumentError, Violation

DEFAULT_TIMEOUT = timedelta(hours=1)
LONGEST_TIMEOUT = timedelta(hours=24)
MOST_INSTANCES = 100
# Half of what a message may hold (yandex-cloud/docs: en/_includes/message-queue/
# ymq-limits.md), so that the task and the outcome made from it fit as well.
LARGEST_REQUEST = 128 * 1024

_SECONDS = re.compile(r"([1-9][0-9]{0,5})s", re.ASCII)
_POWERS = {power.value: power for power in FinalPower}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to go about an attachment.

    Attributes:
        stop_if_running: Permits to stop a running instance.
        final_power: The power wanted in the end.
        timeout: After this, nothing new is started; 1 second to 24 hours.
        dry_run: Look and decide, without any effect.
    """

    stop_if_running: bool = False
    final_power: FinalPower = FinalPower.AS_FOUND
    timeout: timedelta = DEFAULT_TIMEOUT
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asked for.

    Attributes:
        id: Names the request, its outcome and its idempotency keys: the same
            id means the same request.
        attachment: The interface wanted.
        options: How to go about it.
    """

    id: str
    attachment: Attachment
    options: Options = Options()


def read_request(document: Document, default_id: str, instance_id: str = "") -> Request:
    """Take a request's fields from *document*, noting violations there.

    Args:
        document: The request, as the API's REST body with `instanceId` and,
            optionally, `requestId` and `options`.
        default_id: The request's id where it names none: the message's id.
        instance_id: The instance, where it is named elsewhere.
    """
    return Request(
        id=document.text("requestId", syntax.request_id) or default_id,
        attachment=read_attachment(document, instance_id),
        options=read_options(document),
    )


def read_requests(document: Document, default_id: str) -> tuple[Request, ...]:
    """Take a request for one instance or, with `instanceIds`, for several.

    The requests for several are named after the request and the instance:
    `order-1/fhm…`.
    """
    several = read_instances(document)
    if not several:
        return (read_request(document, default_id),)
    request = read_request(document, default_id, instance_id=several[0])
    return tuple(
        replace(
            request, id=name, attachment=replace(request.attachment, instance_id=one)
        )
        for name, one in names_for(document, request.id, several)
    )


def read_instances(document: Document) -> tuple[str, ...]:
    """Take `instanceIds` from *document*; () if it is absent."""
    return document.texts("instanceIds", syntax.resource_id, most=MOST_INSTANCES)


def names_for(
    document: Document, name: str, instance_ids: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return the name of the request for each of several instances, and its id."""
    if len(name) + 1 + max(map(len, instance_ids)) > syntax.LONGEST_REQUEST_ID:
        document.wrong("requestId", "is too long together with the instances' ids")
        return [(name, instance_ids[0])]
    return [(f"{name}/{one}", one) for one in instance_ids]


def read_options(document: Document) -> Options:
    """Take `options` from *document*; the defaults if it is absent."""
    return given_options(document) or Options()


def given_options(document: Document) -> Options | None:
    """Take `options` from *document*; None if it is absent."""
    spec = document.object("options")
    if spec is None:
        return None
    power = spec.text("finalPower", _final_power)
    options = Options(
        stop_if_running=spec.flag("stopIfRunning"),
        final_power=_POWERS.get(power, FinalPower.AS_FOUND),
        timeout=_timeout(spec.text("timeout", _duration)),
        dry_run=spec.flag("dryRun"),
    )
    spec.close()
    return options


def _final_power(value: str) -> str | None:
    return None if value in _POWERS else "must be one of " + ", ".join(_POWERS)


def _duration(value: str) -> str | None:
    found = _SECONDS.fullmatch(value)
    if found and timedelta(seconds=int(found[1])) <= LONGEST_TIMEOUT:
        return None
    return "must be 1s to 86400s, in whole seconds with an 's'"


def _timeout(value: str) -> timedelta:
    return timedelta(seconds=int(value[:-1])) if value else DEFAULT_TIMEOUT


def check_size(body: str | bytes) -> None:
    """Refuse a body that is larger than a request may be.

    Raises:
        InvalidDocumentError: If it is.
    """
    size = len(body.encode(errors="replace") if isinstance(body, str) else body)
    if size > LARGEST_REQUEST:
        problem = f"has {size} bytes; a request has at most {LARGEST_REQUEST}"
        raise InvalidDocumentError(Violation(path="$", problem=problem))


def render_request(request: Request) -> dict[str, Any]:
    """Return the JSON that `read_request` reads; absent fields are absent."""
    given = render_options(request.options)
    return {
        "requestId": request.id,
        **render_attachment(request.attachment),
        **({"options": given} if given else {}),
    }


def render_options(options: Options) -> dict[str, Any]:
    """Return the JSON that `read_options` reads; defaults are absent."""
    changed = {
        "stopIfRunning": options.stop_if_running,
        "finalPower": options.final_power is not FinalPower.AS_FOUND
        and options.final_power.value,
        "timeout": options.timeout != DEFAULT_TIMEOUT
        and f"{options.timeout // timedelta(seconds=1)}s",
        "dryRun": options.dry_run,
    }
    return {name: value for name, value in changed.items() if value}
