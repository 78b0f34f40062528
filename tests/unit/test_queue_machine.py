"""Whatever is done to a queue, it agrees with a reference of ten lines."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from fakes.chance import Chance
from fakes.queue import Manners, MessageQueue, NewMessage, QueueError, Refusal

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
MOST_RECEIPTS = 3


class Reference:
    """When each message shows, in the order sent, and how often it was received."""

    def __init__(self):
        self.shows_at, self.receipts = {}, {}

    def send(self, body, moment):
        self.shows_at[body], self.receipts[body] = moment, 0

    def candidates(self):
        return self.shows_at

    def ready(self, now):
        return {body for body, moment in self.candidates().items() if moment <= now}

    def receive(self, body, moment):
        self.shows_at[body] = moment
        self.receipts[body] += 1

    def delete(self, body):
        self.shows_at.pop(body, None)


class OrderedReference(Reference):
    """The same in order: of a group, which the first letter names, only the head."""

    def candidates(self):
        heads = {body[0]: body for body in reversed(self.shows_at)}
        return {body: self.shows_at[body] for body in heads.values()}


class StandardMachine(RuleBasedStateMachine):
    """A standard queue in order of arrival, with a dead-letter queue behind it."""

    suffix, more, manners = "", {}, Manners()
    reference = Reference
    received = Bundle("received")

    @initialize()
    def create(self):
        service = MessageQueue(
            folder_id="f", cloud_id="c", chance=Chance(1), manners=self.manners
        )
        self.now = datetime(2026, 1, 31, 12, tzinfo=UTC)
        self.dead = service.create(f"dead{self.suffix}", self.now, self.more)
        policy = (
            f'{{"deadLetterTargetArn":"{self.dead.arn}",'
            f'"maxReceiveCount":{MOST_RECEIPTS}}}'
        )
        wire = {**self.more, "RedrivePolicy": policy}
        self.queue = service.create(f"tasks{self.suffix}", self.now, wire)
        self.expected = self.reference()
        self.sent, self.purged_at = 0, None

    def message(self, body, delay, _key):
        return NewMessage(body=body, delay=delay * SECOND)

    def shown_after(self, delay):
        return delay * SECOND

    def is_duplicate(self, _key):
        return False

    @rule(group=st.sampled_from("abc"), delay=st.integers(0, 3), key=st.integers(0, 20))
    def send(self, group, delay, key):
        """What is sent shows after its delay, unless it was sent before."""
        self.sent += 1
        body = f"{group}{self.sent}"
        duplicate = self.is_duplicate(key)
        self.queue.send(self.message(body, delay, key), self.now)
        if not duplicate:
            self.expected.send(body, self.now + self.shown_after(delay))

    @rule(target=received, limit=st.integers(1, 10), hidden_for=st.integers(0, 3))
    def receive(self, limit, hidden_for):
        """As many as there are come, of those that show; the worn out are buried."""
        got = self.queue.receive(self.now, limit, hidden_for * SECOND)
        found = [it.body for it in got]
        for body in self.drain_dead():
            assert self.is_worn(body)
            assert self.expected.shows_at[body] <= self.now
            self.expected.delete(body)
        ready = self.expected.ready(self.now)
        assert len(set(found)) == len(found)
        assert ready.issuperset(found)
        assert not any(map(self.is_worn, found))
        if len(found) < limit:
            assert ready == set(found)
        for body in found:
            self.expected.receive(body, self.now + hidden_for * SECOND)
        counts = [self.expected.receipts[it] for it in found]
        told = [int(it.attributes["ApproximateReceiveCount"]) for it in got]
        assert told == counts
        return multiple(
            *((it.receipt_handle, it.body, n) for it, n in zip(got, told, strict=True))
        )

    def is_worn(self, body):
        return self.expected.receipts[body] >= MOST_RECEIPTS

    def drain_dead(self):
        while got := self.dead.receive(self.now, 10):
            for it in got:
                self.dead.delete(it.receipt_handle, self.now)
                yield it.body

    @rule(receipt=received)
    def delete(self, receipt):
        """The newest receipt deletes, also late; an older one does nothing."""
        handle, body, count = receipt
        self.queue.delete(handle, self.now)
        if self.expected.receipts[body] == count:
            self.expected.delete(body)

    @rule(receipt=received, hidden_for=st.integers(0, 3))
    def change_visibility(self, receipt, hidden_for):
        """What is in flight under this receipt shows later or sooner, nothing else."""
        handle, body, count = receipt
        shows_at = self.expected.shows_at.get(body)
        newest = self.expected.receipts[body] == count
        refusal = self.change(handle, hidden_for)
        if shows_at is None:
            assert refusal is Refusal.INVALID_PARAMETER_VALUE
        elif newest and shows_at > self.now:
            assert refusal is None
            self.expected.shows_at[body] = self.now + hidden_for * SECOND
        else:
            assert refusal is Refusal.MESSAGE_NOT_IN_FLIGHT

    def change(self, handle, hidden_for):
        try:
            self.queue.change_visibility(handle, hidden_for * SECOND, self.now)
        except QueueError as error:
            return error.refusal
        return None

    @rule(seconds=st.sampled_from([1, 2, 3, 61, 250]))
    def wait(self, seconds):
        self.now += seconds * SECOND

    @rule()
    def purge(self):
        """Nothing is left, but not twice in a minute."""
        early = self.purged_at is not None and self.now - self.purged_at < MINUTE
        if early:
            with pytest.raises(QueueError, match="PurgeQueueInProgress"):
                self.queue.purge(self.now)
        else:
            self.queue.purge(self.now)
            self.purged_at = self.now
            self.expected.shows_at.clear()

    @invariant()
    def counts(self):
        """Each message is ready, delayed or in flight, as the reference has it."""
        shows_at, receipts = self.expected.shows_at, self.expected.receipts
        hidden = [body for body, moment in shows_at.items() if moment > self.now]
        delayed = sum(receipts[body] == 0 for body in hidden)
        assert tuple(self.queue.counters(self.now).values()) == (
            len(shows_at) - len(hidden),
            delayed,
            len(hidden) - delayed,
        )

    @invariant()
    def knows_when_to_look_again(self):
        """Who waits for `next_visible` misses nothing."""
        earliest = min(self.expected.candidates().values(), default=None)
        moment = self.queue.next_visible(self.now)
        if earliest is None:
            assert moment is None
        else:
            assert self.now <= moment <= max(self.now, earliest)


class ScatteredMachine(StandardMachine):
    """The same queue, in no order at all."""

    manners = Manners(unordered=True)


class FifoMachine(StandardMachine):
    """A FIFO queue: in order within a group, and each deduplication id once."""

    suffix, more = ".fifo", {"FifoQueue": "true"}
    reference = OrderedReference

    def message(self, body, delay, key):
        place = {"group_id": body[0], "deduplication_id": str(key)}
        return NewMessage(body=body, delay=delay * SECOND, **place)

    def shown_after(self, _delay):
        return timedelta()

    def is_duplicate(self, key):
        noted = self.__dict__.setdefault("noted", {})
        if key in noted and self.now - noted[key] < 5 * MINUTE:
            return True
        noted[key] = self.now
        return False


ENOUGH = settings(max_examples=60, stateful_step_count=40)


class TestStandard(StandardMachine.TestCase):
    """A standard queue agrees with the reference."""

    settings = ENOUGH


class TestScattered(ScatteredMachine.TestCase):
    """So it does when it keeps no order."""

    settings = ENOUGH


class TestFifo(FifoMachine.TestCase):
    """A FIFO queue agrees with the reference in order."""

    settings = ENOUGH
