"""Reacts to events and wishes: finds out what policies want, and asks for it.

It only ever asks: what is wanted goes on the tasks queue like everybody's
requests, so that retries, delays and dead letters are built once.  Where the
instance cannot be looked at now, the event itself goes there, as a wish.
"""

from dataclasses import dataclass
from typing import assert_never

import structlog

from events.cause import Confirmed, Occasion, Skipped, read_audit_event
from events.codes import Remedy
from events.decision import Verdict
from events.envelope import Broken, Delivery
from events.outcome import Outcome
from events.pace import retry_after
from events.policy import Policies
from events.task import Task, render_task
from events.wanted import Wanted, upheld
from events.wish import Wish, grant, outcome_of, render_wish, wish_of
from functions._ports import Clock, CloudError, Compute, Mailbox
from functions._publish import publish

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactor:
    """Turns what happened into tasks.

    Attributes:
        compute: The cloud.
        tasks: Where what is wanted goes.
        results: Where the outcome of what can never be goes.
        policies: What instances should have.
        now: Tells the time.
    """

    compute: Compute
    tasks: Mailbox
    results: Mailbox
    policies: Policies
    now: Clock

    def react(self, delivery: Delivery | Broken) -> None:
        """Ask for what the policies want after the event in *delivery*.

        Raises:
            QueueError: If it is not certain that a request was taken.
        """
        match _read(delivery):
            case Skipped(reason=reason, expected=True):
                log.debug("skipped", reason=reason)
            case Skipped(reason=reason):
                log.warning("skipped", reason=reason)
            case Confirmed() as confirmed:
                self._confirm(confirmed)
            case Occasion() as occasion:
                self.consider(wish_of(occasion, self.now()))

    def read(self, delivery: Delivery | Broken) -> tuple[Wish, ...]:
        """Return what goes on alone if the event in *delivery* is not finished."""
        found = _read(delivery)
        if isinstance(found, Occasion):
            return (wish_of(found, self.now()),)
        return ()

    def consider(self, wish: Wish) -> None:
        """Find out what *wish* comes to, and ask for it.

        Raises:
            QueueError: If it is not certain that all of it was taken.
        """
        occasion = wish.occasion
        with structlog.contextvars.bound_contextvars(
            instance_id=occasion.instance_id,
            audit_event_id=occasion.event_id,
            cause=occasion.cause.value,
        ):
            try:
                instance = self.compute.instance(occasion.instance_id)
            except CloudError as error:
                self._blinded(wish, error)
            else:
                for one in grant(wish, self.policies, instance, self.now()):
                    self._ask(one)

    def _blinded(self, wish: Wish, error: CloudError) -> None:
        wish = wish.hindered(error.reason)
        if error.remedy is Remedy.NONE:
            self._give_up(wish, Verdict.REFUSED)
        elif self.now() >= wish.due:
            self._give_up(wish, Verdict.UNRESOLVED)
        else:
            self._send_on(wish)

    def _send_on(self, wish: Wish) -> None:
        after = retry_after(wish, self.now())
        self.tasks.send(render_wish(wish), after=after)
        log.warning("sent on", after=after.total_seconds(), reason=wish.reason)

    def _give_up(self, wish: Wish, verdict: Verdict) -> None:
        publish(self.results, outcome_of(wish, verdict, self.now(), wish.reason))

    def _confirm(self, confirmed: Confirmed) -> None:
        """Say whether what the audit trail saw attached is what policies want.

        Nothing follows from it: whoever asked has an operation to follow.  But
        it does not depend on that operation, nor on anything of ours.
        """
        try:
            instance = self.compute.instance(confirmed.instance_id)
        except CloudError as error:
            log.warning("not confirmed", reason=error.reason)
            return
        subject = f"{confirmed.instance_id}/{confirmed.index}"
        found = instance and upheld(self.policies, instance, confirmed.index)
        for policy, there in (found or {}).items():
            word = "confirmed" if there else "contradicted"
            log.info(word, subject=subject, policy=policy)

    def _ask(self, one: Wanted) -> None:
        match one:
            case Task(request=request, origin=origin):
                self.tasks.send(render_task(one))
                index = request.attachment.index
                log.info(
                    "asked", request_id=request.id, index=index, policy=origin.policy
                )
            case Outcome():
                publish(self.results, one)
            case Skipped(reason=reason):
                log.info("skipped", reason=reason)
            case _:
                assert_never(one)


def _read(delivery: Delivery | Broken) -> Occasion | Confirmed | Skipped:
    if isinstance(delivery, Broken):
        return Skipped(reason=delivery.problem, expected=False)
    return read_audit_event(delivery.body)
