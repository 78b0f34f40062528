"""What the admin port can be asked: each action takes the cloud and what was sent.

All of them return JSON.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Protocol, TypeAlias

from fakes.clock import Clock, ManualClock
from fakes.faults import (
    Faults,
    Plan,
    Strike,
    read_plan,
    render_fault,
    render_plan,
)
from fakes.iam import Iam
from fakes.iam.access import Usage
from fakes.reading import Problem, Reader, WrongDocumentError, parse
from fakes.serverless.calls import FinishedCall
from fakes.serverless.functions import Functions

_MS: Final = timedelta(milliseconds=1)


class NotVirtualError(Exception):
    """Time passes by itself in this cloud; nobody turns its clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came with a request.

    Attributes:
        body: The body.
        query: The query's parameters; of one that was given twice, the last.
    """

    body: bytes = b""
    query: Mapping[str, str] = field(default_factory=dict)


class Administered(Protocol):
    """What a local cloud lets an administrator do."""

    clock: Clock
    faults: Faults
    iam: Iam
    functions: Functions

    def plan(self) -> Plan:
        """Return what is still to go wrong."""
        ...

    def carry_out(self, plan: Plan) -> None:
        """Let go wrong what *plan* says, besides what is planned already."""
        ...

    def calm(self) -> None:
        """Let nothing go wrong any more, and release who waits."""
        ...

    async def clear(self) -> None:
        """Begin again."""
        ...

    async def pass_time(self) -> None:
        """Do all that is due by now."""
        ...


Action: TypeAlias = Callable[[Administered, Asked], Awaitable[Any]]


async def _show_faults(cloud: Administered, _asked: Asked) -> Any:
    struck = [_render_strike(one) for one in cloud.faults.struck]
    return {**render_plan(cloud.plan()), "struck": struck}


async def _add_faults(cloud: Administered, asked: Asked) -> Any:
    cloud.carry_out(read_plan(asked.body))
    return await _show_faults(cloud, asked)


async def _clear_faults(cloud: Administered, _asked: Asked) -> Any:
    cloud.calm()
    return {}


async def _release(cloud: Administered, _asked: Asked) -> Any:
    cloud.faults.release()
    return {}


async def _expire_tokens(cloud: Administered, _asked: Asked) -> Any:
    cloud.iam.expire_tokens()
    return {}


async def _show_calls(cloud: Administered, _asked: Asked) -> Any:
    return {
        "calls": [
            {
                "method": call.method,
                "idempotencyKey": call.idempotency_key,
                "subjectId": call.subject_id,
            }
            for call in cloud.faults.seen
        ]
    }


async def _show_invocations(cloud: Administered, asked: Asked) -> Any:
    names = [one.name for one in cloud.functions]
    wanted = _wanted(asked.query, names)
    found = [
        call
        for function in cloud.functions
        if function.name in wanted
        for call in function.calls
    ]
    found.sort(key=lambda call: call.started)
    return {"invocations": [_render_invocation(one) for one in found]}


def _wanted(query: Mapping[str, str], names: list[str]) -> list[str]:
    """Return which of *names* are asked for: all, or one."""
    problems = [
        Problem(path=f"?{name}", problem="is not a known parameter")
        for name in query
        if name != "function"
    ]
    wanted = query.get("function")
    if wanted is not None and wanted not in names:
        problem = f"must be one of {', '.join(names)}"
        problems.append(Problem(path="?function", problem=problem))
    if problems:
        raise WrongDocumentError(*problems)
    return names if wanted is None else [wanted]


async def _show_permissions(cloud: Administered, _asked: Asked) -> Any:
    return {"subjects": [_render_usage(one) for one in cloud.iam.report()]}


async def _clear(cloud: Administered, _asked: Asked) -> Any:
    await cloud.clear()
    return {}


async def _pass_time(cloud: Administered, asked: Asked) -> Any:
    if not isinstance(cloud.clock, ManualClock):
        raise NotVirtualError
    problems: list[Problem] = []
    reader = Reader.of(parse(asked.body), "$", problems)
    seconds = reader.integer("seconds", 0)
    reader.close()
    if seconds is None and not problems:
        reader.wrong("seconds", "is required")
    if problems:
        raise WrongDocumentError(*problems)
    cloud.clock.advance(timedelta(seconds=seconds or 0))
    await cloud.pass_time()
    return {"now": cloud.clock.now().isoformat()}


ACTIONS: Final[dict[str, dict[str, Action]]] = {
    "/faults": {"GET": _show_faults, "POST": _add_faults, "DELETE": _clear_faults},
    "/release": {"POST": _release},
    "/tokens/expire": {"POST": _expire_tokens},
    "/calls": {"GET": _show_calls},
    "/invocations": {"GET": _show_invocations},
    "/permissions": {"GET": _show_permissions},
    "/clear": {"POST": _clear},
    "/time": {"POST": _pass_time},
}


def _render_strike(strike: Strike) -> dict[str, Any]:
    return {
        "at": strike.at.isoformat(),
        "method": strike.method,
        "fault": render_fault(strike.fault),
    }


def _render_invocation(call: FinishedCall) -> dict[str, Any]:
    return {
        "function": call.function,
        "requestId": call.request_id,
        "started": call.started.isoformat(),
        "durationMs": call.duration / _MS,
        "billedDurationMs": call.billed // _MS,
        "cold": call.cold,
        "error": call.error,
        "maxMemoryUsed": call.trace.max_memory,
        "lines": list(call.trace.lines),
    }


def _render_usage(usage: Usage) -> dict[str, Any]:
    return {
        "id": usage.subject.id,
        "name": usage.subject.name,
        "roles": [
            {"role": one.role, "resourceId": one.resource_id} for one in usage.bindings
        ],
        "used": dict(usage.used),
        "refused": dict(usage.refused),
        "enough": list(usage.enough),
    }
