"""What is to go wrong, as a JSON document.

    {
      "faults": [
        {"method": "AttachNetworkInterface", "when": "after", "code": "UNAVAILABLE"},
        {"method": "MessageQueue/*", "probability": 0.1, "code": "INTERNAL"}
      ],
      "manners": {"duplicates": 0.2, "unordered": true},
      "triggers": {"duplicates": 0.2}
    }

Names are those of `Fault` and `Manners` in lowerCamelCase, times are like '1.5s'.
"""

from dataclasses import dataclass
from typing import Any, Final

from fakes.errors import Code
from fakes.faults.fault import Fault, When
from fakes.queue import Manners
from fakes.reading import Problem, Reader, WrongDocumentError, parse, render_span

_CODES: Final = {code.name: code for code in Code}
_SIDES: Final = {when.value: when for when in When}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to go wrong from now on.

    Attributes:
        faults: What strikes calls.
        manners: Those of Message Queue, None to leave them.
        repeats: How likely a trigger delivers a batch once more, 0 to 1; None to
            leave that.
    """

    faults: tuple[Fault, ...] = ()
    manners: Manners | None = None
    repeats: float | None = None


def read_plan(text: str | bytes) -> Plan:
    """Return the plan in a JSON document.

    Raises:
        WrongDocumentError: With all that is wrong, unknown fields included.
    """
    problems: list[Problem] = []
    reader = Reader.of(parse(text), "$", problems)
    plan = Plan(
        faults=tuple(
            found
            for one in reader.objects("faults")
            if (found := _read_fault(one)) is not None
        ),
        manners=_read_manners(reader.object("manners")),
        repeats=_read_repeats(reader.object("triggers")),
    )
    reader.close()
    if problems:
        raise WrongDocumentError(*problems)
    return plan


def render_plan(plan: Plan) -> dict[str, Any]:
    """Return *plan* as `read_plan` reads it."""
    found: dict[str, Any] = {"faults": [render_fault(one) for one in plan.faults]}
    if plan.manners is not None:
        found["manners"] = {
            "unordered": plan.manners.unordered,
            "duplicates": plan.manners.duplicates,
            "emptyPolls": plan.manners.empty_polls,
            "rates": plan.manners.rates,
            "settling": render_span(plan.manners.settling),
        }
    if plan.repeats is not None:
        found["triggers"] = {"duplicates": plan.repeats}
    return found


def render_fault(fault: Fault) -> dict[str, Any]:
    """Return *fault* as JSON, without what is as usual."""
    fields = {
        "method": fault.method,
        "resource": fault.resource,
        "when": fault.when.value,
        "code": None if fault.code is None else fault.code.name,
        "hold": fault.hold or None,
        "silent": fault.silent or None,
        "expireTokens": fault.expire_tokens or None,
        "latency": render_span(fault.latency) if fault.latency else None,
        "jitter": render_span(fault.jitter) if fault.jitter else None,
        "times": fault.times,
        "probability": fault.probability,
        "above": fault.above,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _read_fault(reader: Reader) -> Fault | None:
    """Return a fault, None with something wrong noted."""
    before = len(reader.problems)
    method, code = reader.text("method", required=True), reader.choice("code", _CODES)
    fields: dict[str, Any] = {
        "method": method or "",
        "resource": reader.text("resource"),
        "when": _SIDES[reader.choice("when", _SIDES) or "before"],
        "code": None if code is None else _CODES[code],
        "hold": reader.flag("hold"),
        "silent": reader.flag("silent"),
        "expire_tokens": reader.flag("expireTokens"),
        "latency": reader.span("latency"),
        "jitter": reader.span("jitter"),
        "times": reader.integer("times", 1),
        "probability": reader.probability("probability", zero=False),
        "above": reader.integer("above", 0),
    }
    reader.close()
    if len(reader.problems) > before:
        return None
    return _checked(reader, fields)


def _checked(reader: Reader, fields: dict[str, Any]) -> Fault | None:
    """Return a fault, unless its fields do not go together."""
    try:
        fault = Fault(**fields)
    except ValueError as error:
        reader.wrong("", f"is no fault: {error}")
        return None
    if not fault.does_something:
        reader.wrong("", "says nothing that goes wrong, such as a code or a latency")
    return fault


def _read_manners(reader: Reader | None) -> Manners | None:
    if reader is None:
        return None
    manners = Manners(
        unordered=reader.flag("unordered"),
        duplicates=reader.probability("duplicates") or 0.0,
        empty_polls=reader.probability("emptyPolls") or 0.0,
        rates=reader.flag("rates"),
        settling=reader.span("settling"),
    )
    reader.close()
    return manners


def _read_repeats(reader: Reader | None) -> float | None:
    if reader is None:
        return None
    repeats = reader.probability("duplicates") or 0.0
    reader.close()
    return repeats
