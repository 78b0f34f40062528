"""How a promise is judged: by what the models show, never by the code under test."""

from collections.abc import Iterator
from typing import Final

from yandex.cloud.compute.v1.instance_pb2 import Instance, NetworkInterface
from yandex.cloud.operation.operation_pb2 import Operation
from yandex.cloud.operation.operation_service_pb2 import GetOperationRequest

from simulation.facts import Began, Facts, Published, Wanted

Status = Instance.Status

# google.rpc codes of operations that another try may cure; 1 is CANCELLED.
RETRYABLE: Final = frozenset({2, 4, 8, 10, 13, 14})
MOST_GENERATIONS: Final = 5
# More than it takes to follow what goes well, or fails.
MANY_LOOKS: Final = 40
# These verdicts say that something is not known, or that nothing was to be done.
_CLAIM_NOTHING: Final = frozenset({"unresolved", "unprocessed", "planned"})


def operation(facts: Facts, began: Began) -> Operation:
    """Return an operation as it is now."""
    cloud = facts.cloud
    request = GetOperationRequest(operation_id=began.operation_id)
    return cloud.compute.get_operation(request, cloud.now)


def runs(facts: Facts) -> int:
    """Return how many operations run on the instances."""
    cloud = facts.cloud
    return sum(
        not one.done
        for instance_id in cloud.instance_ids
        for one in cloud.compute.operations_of(instance_id, 1000, "")[0]
    )


def lawful(facts: Facts, one: Began) -> str:
    """Return what limit was broken by beginning *one*, '' if none was."""
    bounds = facts.limits[one.deployed]
    if not bounds.folder:
        return f"{one.step} in a folder that is not allowed"
    if not bounds.subnet and one.step == "attach":
        return "attach to a subnet that is not allowed"
    if not bounds.subnet and one.step == "stop":
        return "stop for a subnet that is not allowed"
    return ""


def attached_there(facts: Facts, one: Published) -> bool:
    """Tell whether the interface was there at some moment since the look."""
    wanted = facts.asked.get(one.request_id)
    return wanted is not None and any(
        seen is not None and _has(seen, wanted, one.index)
        for seen in _window(facts, one, wanted)
    )


def truthful(facts: Facts, one: Published) -> str:
    """Return what is wrong with an outcome, by what could be seen since the look."""
    wanted = facts.asked.get(one.request_id)
    if wanted is None:
        return ""
    # Who may not look cannot see that something of his own runs.
    blind = one.verdict == "refused" and "PERMISSION_DENIED" in one.reason
    silent = blind or one.verdict in _CLAIM_NOTHING
    if not silent and one.moment < wanted.hopeless:
        for began in _earlier(facts, one):
            if not operation(facts, began).done:
                return f"{one.verdict} while {began.operation_id} runs"
    claim = _CLAIMS.get(one.verdict)
    seen = list(_window(facts, one, wanted))
    if claim is None or any(claim(facts, one, wanted, it) for it in seen):
        return ""
    states = ", ".join(Status.Name(it.status) if it else "gone" for it in seen)
    return f"{one.verdict} of {one.event.get('subject')} is not true: {states}"


def _window(facts: Facts, one: Published, wanted: Wanted) -> Iterator[Instance | None]:
    # That what is done may not be seen yet is no reason to say that it is gone.
    since = one.fresh if one.verdict == "vanished" else one.since
    for seen in facts.cloud.past[since:]:
        yield seen.instances.get(wanted.instance_id)


def _earlier(facts: Facts, one: Published) -> Iterator[Began]:
    """Yield the attaches for the request that were begun before the call was."""
    for began in facts.began[: one.known]:
        if began.request_id == one.request_id and began.step == "attach":
            yield began


def _has(instance: Instance, wanted: Wanted, index: str) -> bool:
    return any(
        there.index == index and _as_wanted(there, wanted)
        for there in instance.network_interfaces
    )


def _as_wanted(there: NetworkInterface, wanted: Wanted) -> bool:
    return (
        there.subnet_id == wanted.subnet_id
        and frozenset(there.security_group_ids) == wanted.groups
        and not there.primary_v4_address.HasField("one_to_one_nat")
    )


def _missing(_f: Facts, _o: Published, _w: Wanted, seen: Instance | None) -> bool:
    return seen is None or seen.status == Status.DELETING


def _taken(facts: Facts, one: Published, wanted: Wanted, seen: Instance | None) -> bool:
    chosen = wanted.index == "auto" and not any(_earlier(facts, one))
    # Where any index would do, one that others have taken is no reason.
    if chosen or seen is None:
        return False
    return any(
        there.index == one.index and not _as_wanted(there, wanted)
        for there in seen.network_interfaces
    )


def _broken(_f: Facts, _o: Published, _w: Wanted, seen: Instance | None) -> bool:
    return seen is not None and seen.status in (Status.ERROR, Status.CRASHED)


def _running(_f: Facts, _o: Published, _w: Wanted, seen: Instance | None) -> bool:
    return seen is not None and seen.status == Status.RUNNING


def _failed(facts: Facts, one: Published, _w: Wanted, _s: Instance | None) -> bool:
    return any(
        operation(facts, it).HasField("error")
        for it in facts.began
        if it.request_id == one.request_id
    )


def _late(facts: Facts, one: Published, wanted: Wanted, seen: Instance | None) -> bool:
    ours = {
        it.index
        for it in _earlier(facts, one)
        if not operation(facts, it).HasField("error")
    }
    there = seen is not None and any(
        one.index in ours and _as_wanted(one, wanted) for one in seen.network_interfaces
    )
    # Whose an interface at an index left open is cannot be asked any more.
    return one.moment >= wanted.due and not (there and wanted.index != "auto")


def _gone(_f: Facts, one: Published, wanted: Wanted, seen: Instance | None) -> bool:
    return seen is not None and not _has(seen, wanted, one.index)


def _there(_f: Facts, one: Published, wanted: Wanted, seen: Instance | None) -> bool:
    return seen is not None and _has(seen, wanted, one.index)


def _hopeless(_f: Facts, one: Published, wanted: Wanted, _s: Instance | None) -> bool:
    return one.moment >= wanted.hopeless or bool(wanted.policy and not wanted.subnet_id)


def _dry(_f: Facts, _o: Published, wanted: Wanted, _s: Instance | None) -> bool:
    return wanted.dry


def _invalid(_f: Facts, _o: Published, wanted: Wanted, _s: Instance | None) -> bool:
    return not wanted.valid


_CLAIMS: Final = {
    "attached": _there,
    "index-taken": _taken,
    "instance-missing": _missing,
    "instance-broken": _broken,
    "not-stopped": _running,
    "operation-failed": _failed,
    "timed-out": _late,
    "vanished": _gone,
    "unresolved": _hopeless,
    "planned": _dry,
    "invalid-request": _invalid,
}


def power_owed(facts: Facts) -> Iterator[str]:
    """Yield the instances that we stopped, owe a start, and left without."""
    for instance_id in facts.cloud.instance_ids:
        mine = [it for it in facts.began if it.instance_id == instance_id and it.new]
        changed = [
            it
            for it in mine
            if it.step != "attach" and not operation(facts, it).HasField("error")
        ]
        if not changed or changed[-1].step != "stop":
            continue
        stop = changed[-1]
        seen = facts.cloud.instance(instance_id)
        if seen is not None and seen.status == Status.RUNNING:
            continue
        if not _excused(facts, stop, mine):
            yield f"{instance_id} was stopped for {stop.request_id}, and is left so"


def _excused(facts: Facts, stop: Began, mine: list[Began]) -> bool:
    asked = any(
        one.final == "stopped"
        for one in facts.wanted.values()
        if one.instance_id == stop.instance_id
    )
    acted = any(
        one.instance_id == stop.instance_id and one.moment >= stop.moment
        for one in facts.acted
    )
    refused = any(
        it.step == "start" and operation(facts, it).error.code not in RETRYABLE | {0}
        for it in mine
    )
    forbidden = any(not one.folder for one in facts.limits)
    wanted = facts.asked.get(stop.request_id)
    late = wanted is not None and facts.last_word(stop.request_id) >= wanted.hopeless
    running = not operation(facts, stop).done
    return asked or acted or refused or forbidden or late or running
