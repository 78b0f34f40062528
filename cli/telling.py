"""Tells the story of an instance: as lines for people, or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from cli.conclusion import conclude, interface
from cli.peek import QueueSeen
from cli.printing import plural, show_time, table
from cli.story import Standing, Story
from events.instance import Instance, Interface
from events.reading import camel
from events.sighting import OperationSeen


def lines(story: Story, most: int) -> Iterator[str]:
    """Yield the story line by line, with the *most* newest operations."""
    if story.instance:
        yield from _of_instance(story.instance)
    else:
        yield f"instance {story.instance_id}: {story.problem or 'not found'}"
    yield from _section("operations", _of_operations(story, most))
    if story.instance:
        yield from _section("interfaces", _of_interfaces(story.instance))
        yield from _section("policies", map(_of_standing, story.standings))
    yield from _section("queues", _of_queues(story))
    yield ""
    yield conclude(story)


def document(story: Story, most: int) -> dict[str, Any]:
    """Return the story as JSON, with the *most* newest operations."""
    instance = story.instance
    return {
        "instanceId": story.instance_id,
        "instance": instance
        and {
            "name": instance.name,
            "status": instance.status,
            "zoneId": instance.zone_id,
            "folderId": instance.folder_id,
            "labels": dict(instance.labels),
            "interfaces": [
                _json({**asdict(one), "security_group_ids": _groups(one)})
                for one in _in_order(instance)
            ],
        },
        "problem": story.problem or story.unknown,
        "operations": [
            # Of the response, the instance as it was then, there is too much.
            {name: value for name, value in one.json.items() if name != "response"}
            for one in story.operations[-most:]
        ],
        "policies": [
            {"means": not one.unlike, **_json(asdict(one))} for one in story.standings
        ],
        "queues": [_json(asdict(one)) for one in story.queues],
        "conclusion": conclude(story),
    }


def _json(value: Any) -> Any:
    """Return *value* with all names in lowerCamelCase, as everywhere in JSON here."""
    if isinstance(value, dict):
        return {camel(name): _json(content) for name, content in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value


def _section(title: str, found: Iterator[str]) -> Iterator[str]:
    yield ""
    yield title
    empty = True
    for line in found:
        empty = False
        yield f"  {line}"
    if empty:
        yield "  none"


def _of_instance(instance: Instance) -> Iterator[str]:
    name = f" ({instance.name})" if instance.name else ""
    where = f"in {instance.zone_id}, folder {instance.folder_id}"
    yield f"instance {instance.id}{name} is {instance.status}, {where}"
    labels = ", ".join(f"{name}={text}" for name, text in instance.labels.items())
    yield f"labels: {labels or 'none'}"


def _of_operations(story: Story, most: int) -> Iterator[str]:
    if story.unknown:
        yield f"cannot be looked at: {story.unknown}"
    left_out = len(story.operations) - most
    if left_out > 0:
        yield f"({plural(left_out, 'older operation')})"
    yield from table([_cells(one) for one in story.operations[-most:]])


def _cells(operation: OperationSeen) -> tuple[str, ...]:
    what = str(operation.json.get("description", "")) or "unnamed"
    at = f" ({interface(operation.index)})" if operation.index else ""
    by = str(operation.json.get("createdBy", "")) or "-"
    moment = show_time(operation.created)
    return (moment, operation.id, f"{what}{at}", f"by {by}", _end(operation))


def _end(operation: OperationSeen) -> str:
    if operation.code:
        doing = "failed" if operation.done else "is rolled back"
        return f"{doing}: {operation.code}: {operation.message}"
    return f"done {show_time(operation.ended)}" if operation.done else "under way"


def _of_interfaces(instance: Instance) -> Iterator[str]:
    head = ("index", "subnet", "address", "external", "security groups")
    rows = [_of_interface(there) for there in _in_order(instance)]
    yield from table([head, *rows] if rows else [])


def _of_interface(there: Interface) -> tuple[str, ...]:
    nat = there.address.nat
    return (
        there.index,
        there.subnet_id,
        there.address.address or "none yet",
        (nat.address or "none yet") if nat else "-",
        ", ".join(_groups(there)),
    )


def _groups(there: Interface) -> list[str]:
    return sorted(there.security_group_ids)


def _in_order(instance: Instance) -> list[Interface]:
    return sorted(instance.interfaces, key=lambda one: (len(one.index), one.index))


def _of_standing(standing: Standing) -> str:
    what = f"{standing.policy}, {interface(standing.index)}"
    if standing.unlike:
        return f"{what}: does not mean this instance: {standing.unlike}"
    if standing.has:
        return f"{what}: has it"
    return f"{what}: missing; at the next look: {standing.would} ({standing.why})"


def _of_queues(story: Story) -> Iterator[str]:
    for queue in story.queues:
        yield f"{queue.name}: {_of_queue(queue)}"
        for text in queue.messages:
            yield f"  {text}"


def _of_queue(queue: QueueSeen) -> str:
    if queue.problem:
        return f"cannot be looked at: {queue.problem}"
    numbers = (queue.visible, queue.in_flight, queue.delayed)
    counts = "{} visible, {} in flight, {} delayed".format(*numbers)
    if queue.guarded and queue.visible:
        return f"{counts}; not read, for its redrive policy would count that"
    if queue.read < queue.visible:
        return f"{counts}; {queue.read} of them were read"
    return counts
