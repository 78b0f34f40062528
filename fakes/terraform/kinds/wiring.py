"""What triggers of both generations have in common: to be bound, and to be undone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from fakes.caller import Subject
from fakes.logs import LogEntry, LogGroup
from fakes.terraform.kind import RefusedError, Values
from fakes.terraform.kinds.called import Called, Guarded
from fakes.terraform.kinds.filters import Passed
from fakes.terraform.kinds.site import Site
from fakes.triggers.batch import Trigger
from fakes.triggers.cron import CronError
from fakes.triggers.logging_trigger import LoggingTrigger
from fakes.triggers.queue_trigger import QueueTrigger
from fakes.triggers.redelivery import Patience
from fakes.triggers.timer_trigger import TimerTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Whom a trigger calls, and what follows if that fails.

    Attributes:
        called: The function, as the trigger's account calls it.
        patience: How often it is called again, and where dead letters go.
        passes: Tells what is handed over, of entries of a log.
    """

    called: Called
    patience: Patience
    passes: Callable[[LogEntry], bool] = lambda _entry: True


@dataclass(slots=True, kw_only=True)
class Wiring:
    """A trigger that calls, and all that is to be undone some day.

    Attributes:
        site: Where.
        trigger_id: Whose.
        at: The attribute that tells the source, for errors.
    """

    site: Site
    trigger_id: str
    at: str
    _triggers: list[Trigger] = field(default_factory=list)
    _undo: list[Callable[[], object]] = field(default_factory=list)

    def watch_queue(  # noqa: PLR0913 - a queue's trigger has this many parts
        self,
        action: Action,
        *,
        arn: str,
        account: Subject | None,
        size: int,
        cutoff: timedelta,
        visibility: timedelta | None,
    ) -> None:
        """Read a queue, with `ymq.reader`.

        (yandex-cloud/docs: en/functions/concepts/trigger/ymq-trigger.md)

        Raises:
            RefusedError: If there is no such queue, it is FIFO, or has a trigger.
        """
        queue = self.site.queue(arn, self.at)
        if queue.attributes.fifo:
            message = f"{arn} is a FIFO queue: a trigger reads standard ones only"
            raise RefusedError(message, at=self.at)
        self._feed_on(arn)
        trigger = QueueTrigger(
            queue=queue,
            place=self.site.cloud.place,
            batch_size=size,
            cutoff=cutoff,
            visibility=visibility,
        )
        self._guard(trigger, action, account, "ymq.messages.receive")

    def watch_group(
        self, action: Action, *, group: LogGroup, size: int, cutoff: timedelta
    ) -> None:
        """Read a log group, with `logging.reader`.

        (yandex-cloud/docs: en/functions/concepts/trigger/cloud-logging-trigger.md)

        Raises:
            RefusedError: If a number is out of bounds.
        """
        passed = Passed(group, action.passes)
        try:
            trigger = LoggingTrigger(
                passed,
                self.site.cloud.chance,
                action.patience,
                batch_size=size,
                cutoff=cutoff,
            )
        except ValueError as error:
            raise RefusedError(str(error), at=self.at) from None
        self._undo.append(passed.leave)
        self._guard(trigger, action, action.called.account, "logging.records.read")

    def watch_clock(self, action: Action, *, cron: str, payload: str) -> None:
        """Call at the times of *cron*.

        Raises:
            RefusedError: If the times are not understood.
        """
        try:
            trigger = TimerTrigger(
                cron,
                place=self.site.cloud.place,
                chance=self.site.cloud.chance,
                since=self.site.cloud.clock.now(),
                payload=payload,
                retries=action.patience,
            )
        except (CronError, ValueError) as error:
            raise RefusedError(str(error), at=self.at) from None
        self._connect(trigger, action)

    def cut(self) -> None:
        """Call no more."""
        for trigger in self._triggers:
            self.site.cloud.runner.unbind(trigger)
        for undo in self._undo:
            undo()

    def _feed_on(self, arn: str) -> None:
        """Be the one trigger of a queue."""
        fed = self.site.fed
        if arn in fed and fed[arn][0] != self.trigger_id:
            message = f"{arn} has a trigger already: {fed[arn][0]}"
            raise RefusedError(message, at=self.at)
        mine = fed[arn] = (self.trigger_id, self)

        def leave() -> None:
            if fed.get(arn) is mine:  # not that of the trigger's next wiring
                del fed[arn]

        self._undo.append(leave)

    def _guard(
        self,
        trigger: Trigger,
        action: Action,
        account: Subject | None,
        permission: str,
    ) -> None:
        def allowed() -> bool:
            return self.site.allows(account, permission)

        self._connect(Guarded(trigger, allowed), action)

    def _connect(self, trigger: Trigger, action: Action) -> None:
        self._triggers.append(trigger)
        self.site.cloud.runner.bind(trigger, action.called)


@dataclass(slots=True)
class Wirings:
    """All triggers of one generation, by their ids."""

    _known: dict[str, Wiring] = field(default_factory=dict)

    def put(self, wiring: Wiring, wire: Callable[[Wiring], None]) -> None:
        """Let a trigger call as *wire* says, instead of what it did before.

        Raises:
            RefusedError: From *wire*; all is as it was then.
        """
        try:
            wire(wiring)
        except RefusedError:
            wiring.cut()
            raise
        self.remove(wiring.trigger_id)
        self._known[wiring.trigger_id] = wiring

    def read(self, state: Values) -> Values | None:
        """Return the *state* of a trigger, None if it is gone."""
        return state if state["id"] in self._known else None

    def remove(self, trigger_id: str) -> None:
        """Let a trigger call no more; idempotent."""
        wiring = self._known.pop(trigger_id, None)
        if wiring is not None:
            wiring.cut()
