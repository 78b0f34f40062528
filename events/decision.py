"""The one policy of this project: what to do next, from what was just seen.

The cloud is the state.  Whoever looked reduces what it saw to a `Sighting`;
`decide` maps every possible sighting to one `Action`; nothing else decides.
The whole table is pinned in `tests/unit/decisions.txt`, so that a change of policy
is a visible change of rows, and safety is asserted over all of them.
"""

import enum
from dataclasses import dataclass

from events.instance import Power, Slot


class Progress(enum.Enum):
    """How far the task's current operation is."""

    NONE = "none"
    RUNNING = "running"
    FAILED = "failed"  # for good
    LAPSED = "lapsed"  # in an error that another try may cure
    SUCCEEDED = "succeeded"  # an attach, and long enough ago to be seen


class Lateness(enum.Enum):
    """Where a task stands against its due time."""

    IN_TIME = "in-time"
    OVERDUE = "overdue"  # nothing new is started; what runs is followed
    HOPELESS = "hopeless"  # what has not ended by now is left alone


class FinalPower(enum.Enum):
    """The power that is still wanted once the interface is settled."""

    AS_FOUND = "as-found"
    RUNNING = "running"
    STOPPED = "stopped"


class Verdict(enum.Enum):
    """How a request ended.  Closed: consumers may enumerate it."""

    ATTACHED = "attached"  # the interface is there, as asked for
    INDEX_TAKEN = "index-taken"  # another interface is at the index; untouched
    INSTANCE_MISSING = "instance-missing"  # no such instance, or being deleted
    INSTANCE_BROKEN = "instance-broken"  # ERROR or CRASHED
    NOT_STOPPED = "not-stopped"  # it runs, and the request does not permit a stop
    OPERATION_FAILED = "operation-failed"  # the cloud tried, and ended in an error
    REFUSED = "refused"  # by the API, a policy or the limits
    TIMED_OUT = "timed-out"  # not attached by the due time; nothing of ours runs
    VANISHED = "vanished"  # the attach succeeded, yet the interface is not there
    UNRESOLVED = "unresolved"  # not known: the cloud gave no answer for too long
    INVALID_REQUEST = "invalid-request"  # it breaks the contract
    UNPROCESSED = "unprocessed"  # it failed again and again; a dead letter
    PLANNED = "planned"  # a dry run: what would have been done is in the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look, reduced to what decides.

    Attributes:
        power: The instance.
        slot: What is at the wanted index.
        progress: The task's current operation.
        lateness: The task against its due time.
        may_stop: Whether the instance may (still) be stopped.
        noted: Whether the task remembers that it found the instance running.
        final: The power still wanted.
        ending: The verdict, where it was reached earlier, may still be true, and
            only the power remains to be seen to.
    """

    power: Power
    slot: Slot
    progress: Progress
    lateness: Lateness
    may_stop: bool
    noted: bool
    final: FinalPower
    ending: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Attach:
    """Attach the interface."""


@dataclass(frozen=True, slots=True)
class Note:
    """Send the task on with how the instance was found: a crash may follow."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the instance; a verdict means that only the power is left to do."""

    ending: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Start the instance, which settles nothing more about the interface."""

    ending: Verdict


@dataclass(frozen=True, slots=True)
class Retry:
    """Take the next generation of idempotency keys, after a while."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Look again later."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Publish the verdict; the task ends."""

    verdict: Verdict


Action = Attach | Note | Stop | Start | Retry | Wait | Settle


def describe(action: Action) -> str:
    """Return *action* in words.

    >>> describe(Attach()), describe(Settle(Verdict.NOT_STOPPED))
    ('attach', 'settle not-stopped')
    """
    verdict = getattr(action, "verdict", None) or getattr(action, "ending", None)
    name = type(action).__name__.lower()
    return f"{name} {verdict.value}" if verdict else name


def decide(seen: Sighting) -> Action:
    """Decide what to do next."""
    if seen.progress is Progress.RUNNING:
        # A verdict given while the operation runs could still be made a lie.
        if seen.lateness is not Lateness.HOPELESS:
            return Wait()
        # With an ending, what runs concerns the power: the verdict is known.
        ending = seen.ending and _upheld(seen.ending, seen)
        return Settle(ending or Verdict.UNRESOLVED)
    verdict = fate(seen)
    return proceed(seen) if verdict is None else finish(seen, verdict)


def fate(seen: Sighting) -> Verdict | None:  # noqa: C901, PLR0911 - a table has as many branches as rows
    """Tell what became of the interface, or None if it can still be attached."""
    match seen:
        case Sighting(ending=Verdict() as ending):
            return _upheld(ending, seen)
        case Sighting(power=Power.MISSING):
            return Verdict.INSTANCE_MISSING
        case Sighting(slot=Slot.OURS):
            return Verdict.ATTACHED
        case Sighting(slot=Slot.FOREIGN):
            return Verdict.INDEX_TAKEN
        case Sighting(power=Power.BROKEN):
            return Verdict.INSTANCE_BROKEN
        case Sighting(progress=Progress.FAILED):
            return Verdict.OPERATION_FAILED
        case Sighting(progress=Progress.SUCCEEDED):
            return Verdict.VANISHED
        case Sighting(power=Power.RUNNING, may_stop=False):
            return Verdict.NOT_STOPPED
        case Sighting(lateness=Lateness.IN_TIME):
            return None
        case Sighting(progress=Progress.LAPSED):
            return Verdict.OPERATION_FAILED
        case _:
            return Verdict.TIMED_OUT


def _upheld(ending: Verdict, seen: Sighting) -> Verdict:
    """Keep the verdict reached, unless others undid it while we saw to the power."""
    if ending is not Verdict.ATTACHED or seen.slot is Slot.OURS:
        return ending
    missing = seen.power is Power.MISSING
    return Verdict.INSTANCE_MISSING if missing else Verdict.VANISHED


def proceed(seen: Sighting) -> Action:
    """Take the next step towards the interface: in time, slot free."""
    match seen:
        case Sighting(power=Power.MOVING):
            return Wait()
        case Sighting(progress=Progress.LAPSED):
            return Retry()
        case Sighting(power=Power.RUNNING, noted=False):
            return Note()
        case Sighting(power=Power.RUNNING):
            return Stop()
        case _:
            return Attach()


def finish(seen: Sighting, verdict: Verdict) -> Action:
    """The interface is settled: see to the power, then say so."""
    wanted = _power_wanted(seen, verdict)
    failed = seen.progress is Progress.FAILED and seen.ending is not None
    if failed or wanted in (None, seen.power):
        return Settle(verdict)
    match seen:
        case Sighting(power=Power.MOVING):
            return Wait()
        # Only an operation on the power can lapse once the verdict is reached.
        case Sighting(progress=Progress.LAPSED, ending=Verdict()):
            return Retry()
        case Sighting(power=Power.STOPPED):
            return Start(verdict)
        case Sighting(power=Power.RUNNING, may_stop=True):
            return Stop(verdict)
        case _:
            return Settle(verdict)


def _power_wanted(seen: Sighting, verdict: Verdict) -> Power | None:
    """Return the power to bring about, or None to leave the instance alone."""
    match seen:
        case Sighting(lateness=Lateness.HOPELESS):
            return None
        # We stopped it: it is started again, late or not, attached or not.
        case Sighting(noted=True, final=FinalPower.AS_FOUND | FinalPower.RUNNING):
            return Power.RUNNING
        case Sighting(lateness=Lateness.IN_TIME, final=FinalPower.RUNNING):
            return Power.RUNNING if verdict is Verdict.ATTACHED else None
        case Sighting(lateness=Lateness.IN_TIME, final=FinalPower.STOPPED):
            return Power.STOPPED if verdict is Verdict.ATTACHED else None
        case _:
            return None
