"""The promises of the design, each a function that finds out whether it was kept.

Each takes the facts, and what just happened, and returns what is wrong, '' if nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from simulation.facts import Began, Bounds, Facts, Published
from simulation.judging import (
    MANY_LOOKS,
    MOST_GENERATIONS,
    RETRYABLE,
    attached_there,
    lawful,
    operation,
    power_owed,
    runs,
    truthful,
)
from simulation.wires import DEAD, TASKS

OfBegan = Callable[[Facts, Began], str]
OfPublished = Callable[[Facts, Published], str]
OfAll = Callable[[Facts], str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept.

    Attributes:
        promise: Its name.
        why: What is wrong.
    """

    promise: str
    why: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.why}"


def attaches_once(facts: Facts, one: Began) -> str:
    """Never two attach operations for one request and generation.

    A new generation only after an operation *ended* in an error.
    """
    if one.step != "attach" or not one.new:
        return ""
    for other in facts.began:
        if other is one or not other.new or other.step != "attach":
            continue
        if other.request_id != one.request_id:
            continue
        if other.count == one.count:
            return f"{one.request_id} has a second attach in generation {one.count}"
        earlier = operation(facts, other)
        if not (earlier.done and earlier.HasField("error")):
            return f"{one.request_id} is attached anew, but {earlier.id} did not fail"
    return ""


def keys_are_derived(facts: Facts, one: Began) -> str:
    """Every call carries a key: the same for the same request, step and generation."""
    if not one.key:
        return f"{one.step} without a key"
    mine = (one.request_id, one.step, one.count)
    # A start belongs to the stop that it makes up for, if there was one.
    others = [] if one.step == "start" else facts.began
    for other in others:
        theirs = (other.request_id, other.step, other.count)
        if (mine == theirs) is not (one.key == other.key):
            return f"{mine} has the key {one.key}, {theirs} {other.key}"
    return ""


def stays_within_limits(facts: Facts, one: Began) -> str:
    """A request outside the limits is refused, at every look, whoever sent it."""
    return lawful(facts, one) if one.new else ""


def asks_before_stopping(facts: Facts, one: Began) -> str:
    """Only with `stopIfRunning` may it stop a VM; a dry run touches nothing."""
    wanted = facts.asked.get(one.request_id)
    if wanted is None:
        return f"nobody asked for {one.request_id}"
    if wanted.dry:
        return f"{one.step} in a dry run"
    if one.step == "stop" and not wanted.may_stop:
        return f"{one.instance_id} is stopped without permission"
    return ""


def begins_in_time(facts: Facts, one: Began) -> str:
    """After `due` we stop starting things."""
    wanted = facts.asked.get(one.request_id)
    late = wanted is not None and one.looked >= wanted.ends
    if late and one.new and one.step != "start":
        return f"{one.step} after {one.request_id} was due"
    return ""


def keeps_the_quota(facts: Facts, one: Began) -> str:
    """No capacity storm: never more operations at once than the API allows."""
    running, most = runs(facts), facts.cloud.limits.operations
    return f"{running} operations run, {most} may" if one.new and running > most else ""


def first_is_true(facts: Facts, one: Published) -> str:
    """The first outcome of a request is true at the time when it is published."""
    if facts.firsts()[one.request_id] is not one:
        return ""
    return truthful(facts, one)


def attached_is_there(facts: Facts, one: Published) -> str:
    """A timeout is never a success: no outcome says attached without the interface."""
    if one.verdict != "attached" or attached_there(facts, one):
        return ""
    return f"{one.event['subject']} is not there"


def nothing_unasked_is_answered(facts: Facts, one: Published) -> str:
    """One outcome per request, under the name of that request."""
    known = one.request_id in facts.asked or one.policy_only
    return "" if known else f"nobody asked for {one.request_id}"


def functions_do_not_fail(facts: Facts) -> str:
    """Exceptions mean one thing: deliver this again, for a queue did not answer."""
    return "; ".join(facts.failures)


def everyone_is_answered(facts: Facts) -> str:
    """Every accepted request gets an outcome."""
    answered = {one.request_id for one in facts.published}
    return ", ".join(one for one in facts.wanted if one not in answered)


def nothing_lives_for_ever(facts: Facts) -> str:
    """Nobody waits for ever, and no message stays."""
    left = {
        name: sum(facts.cloud.queues[name].counters(facts.cloud.now).values())
        for name in (TASKS, DEAD)
    }
    found = ", ".join(f"{count} on {name}" for name, count in left.items() if count)
    return f"messages are left: {found}" if found else ""


def power_is_given_back(facts: Facts) -> str:
    """A VM that we stopped is started again, also when the attach failed.

    Unless asked otherwise, or others acted, or there was no hope left.
    """
    return ", ".join(power_owed(facts))


def tries_again(facts: Facts) -> str:
    """What another try may cure is tried again, inside the task's due time."""
    return ", ".join(_given_up(facts))


def _given_up(facts: Facts) -> Iterator[str]:
    free = all(it == Bounds() for it in facts.limits)
    for one in facts.firsts().values():
        wanted = facts.asked.get(one.request_id)
        if one.verdict != "operation-failed" or wanted is None or not free:
            continue
        mine = [it for it in facts.began if it.request_id == one.request_id and it.new]
        last = operation(facts, mine[-1])
        curable = last.error.code in RETRYABLE and mine[-1].count < MOST_GENERATIONS
        # Late, it may have been seen for the first time.
        if curable and (one.moment < wanted.due or one.looks > MANY_LOOKS):
            yield f"{one.request_id} is given up after {last.id}"


OF_BEGAN: Final[tuple[OfBegan, ...]] = (
    attaches_once,
    keys_are_derived,
    stays_within_limits,
    asks_before_stopping,
    begins_in_time,
    keeps_the_quota,
)
OF_PUBLISHED: Final[tuple[OfPublished, ...]] = (
    first_is_true,
    attached_is_there,
    nothing_unasked_is_answered,
)
AT_EVERY_STEP: Final[tuple[OfAll, ...]] = (functions_do_not_fail,)
AT_THE_END: Final[tuple[OfAll, ...]] = (
    everyone_is_answered,
    nothing_lives_for_ever,
    power_is_given_back,
    tries_again,
)
PROMISES: Final = (*OF_BEGAN, *OF_PUBLISHED, *AT_EVERY_STEP, *AT_THE_END)


def broken_by(facts: Facts, began: int, published: int) -> list[Broken]:
    """Return what was broken since so many operations began and outcomes came."""
    found: list[tuple[Callable[..., str], str]] = []
    for one in facts.began[began:]:
        found += [(promise, promise(facts, one)) for promise in OF_BEGAN]
    for outcome in facts.published[published:]:
        found += [(promise, promise(facts, outcome)) for promise in OF_PUBLISHED]
    found += [(promise, promise(facts)) for promise in AT_EVERY_STEP]
    return [Broken(promise.__name__, why) for promise, why in found if why]


def broken_at_the_end(facts: Facts) -> list[Broken]:
    """Return what turns out to be broken once nothing can happen any more."""
    found = [(promise, promise(facts)) for promise in AT_THE_END]
    return [Broken(promise.__name__, why) for promise, why in found if why]


class Watch:
    """Looks at everything that happens, and once more at the end.

    Attributes:
        checks: How many times a promise was looked at.
    """

    def __init__(self, facts: Facts) -> None:
        self.checks = 0
        self._facts = facts
        self._began = 0
        self._published = 0

    def step(self) -> list[Broken]:
        """Return what the last step broke."""
        facts = self._facts
        found = broken_by(facts, self._began, self._published)
        self.checks += (
            (len(facts.began) - self._began) * len(OF_BEGAN)
            + (len(facts.published) - self._published) * len(OF_PUBLISHED)
            + len(AT_EVERY_STEP)
        )
        self._began, self._published = len(facts.began), len(facts.published)
        return found

    def end(self) -> list[Broken]:
        """Return what turns out to be broken once nothing can happen any more."""
        self.checks += len(AT_THE_END)
        return broken_at_the_end(self._facts)
