"""Stories that `nic why` tells, and what they are told from."""

from events.cause import Cause, Origin
from events.decision import Verdict
from events.outcome import of_task, render_outcome
from tests.contract.operator_city import printable
from tests.unit.build import NOW, attachment, request, task

# What would move a cursor, or worse.
EVIL = "\x1b[2J\x9b\u202e"


def known(instance_id, name="order-1", **more):
    """Return a task about an interface of the instance."""
    wanted = request(id=name, attachment=attachment(instance_id=instance_id))
    origin = Origin(cause=Cause.REQUESTED, event_id="event-1")
    return task(request=wanted, origin=origin, **more)


def outcome(instance_id, verdict=Verdict.TIMED_OUT, **more):
    return render_outcome(of_task(known(instance_id), verdict, NOW, **more))


def told(city, instance_id, *arguments, policies=None, code=0, **variables):
    """Return the story as lines."""
    options = ("--policies", policies or city.policies())
    result = city.run("why", instance_id, *options, *arguments, **variables)
    assert (result.exit_code, result.stderr) == (code, "")
    assert printable(result.stdout)
    return result.stdout.splitlines()


def section(lines, title):
    """Return the lines of a section."""
    rest = lines[lines.index(title) + 1 :]
    return [line.strip() for line in rest[: rest.index("")]]
