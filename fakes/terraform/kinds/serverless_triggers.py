"""Triggers of the second generation: `yandex_serverless_triggers`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.called import Called, Cemetery
from fakes.terraform.kinds.filters import of_jq
from fakes.terraform.kinds.site import Site
from fakes.terraform.kinds.terms import duration, patience
from fakes.terraform.kinds.wiring import Action, Wiring, Wirings

_SOURCES: Final = ("logging", "timer", "ymq")
_MOST: Final = 1000  # things in a batch


@dataclass(frozen=True, slots=True)
class ServerlessTriggers:
    """Triggers with filters and several actions.

    (yandex-cloud/python-sdk: yandex/cloud/serverless/triggers/v2)
    """

    site: Site
    _wirings: Wirings = field(default_factory=Wirings)

    async def create(self, wanted: Values) -> Made:
        """Let it call from now on; see `Kind`."""
        folder_id, trigger_id = self.site.home(wanted), self.site.new_id("a1s")
        self._put(trigger_id, wanted)
        return Made(
            computed={
                "id": trigger_id,
                "trigger_id": trigger_id,
                "folder_id": folder_id,
                "created_at": self.site.now(),
                "status": "ACTIVE",
            }
        )

    async def read(self, state: Values) -> Values | None:
        """Return the trigger, if it is there; see `Kind`."""
        return self._wirings.read(state)

    async def update(self, state: Values, wanted: Values) -> Made:
        """Let it call otherwise; what it holds of a log is lost; see `Kind`."""
        self._put(state["id"], wanted)
        return Made()

    async def delete(self, state: Values) -> None:
        """Let it call no more; see `Kind`."""
        self._wirings.remove(state["id"])

    def _put(self, trigger_id: str, wanted: Values) -> None:
        given = [name for name in wanted["source"] if wanted["source"][name]]
        if len(given) != 1 or given[0] not in _SOURCES:
            message = f"one source is needed, in the local cloud of {_SOURCES}"
            raise RefusedError(message, at="source")
        kind, source = given[0], wanted["source"][given[0]]
        actions = list(self._actions(kind, wanted))
        if not actions:
            message = "an action is needed"
            raise RefusedError(message, at="action")
        watch = {
            "logging": self._watch_group,
            "timer": self._watch_clock,
            "ymq": self._watch_queue,
        }[kind]

        def wire(wiring: Wiring) -> None:
            for action in actions:
                watch(source, action, wiring)

        wiring = Wiring(site=self.site, trigger_id=trigger_id, at="source")
        self._wirings.put(wiring, wire)

    def _watch_group(self, source: Values, action: Action, wiring: Wiring) -> None:
        if source["stream_name"]:
            message = "the local cloud's entries have no streams"
            raise RefusedError(message, at=wiring.at)
        size, cutoff = _batch(source)
        wiring.watch_group(
            action,
            group=self.site.group(source["log_group_id"], wiring.at),
            size=size,
            cutoff=max(cutoff, timedelta(seconds=1)),
        )

    def _watch_queue(self, source: Values, action: Action, wiring: Wiring) -> None:
        size, cutoff = _batch(source)
        wiring.watch_queue(
            action,
            arn=source["queue_arn"],
            account=self.site.account(source["service_account_id"], wiring.at),
            size=size,
            cutoff=cutoff,
            visibility=duration(source["visibility_timeout"], wiring.at),
        )

    def _watch_clock(self, source: Values, action: Action, wiring: Wiring) -> None:
        cron, payload = source["cron_expression"], source["payload"] or ""
        wiring.watch_clock(action, cron=cron, payload=payload)

    def _actions(self, kind: str, wanted: Values) -> Iterator[Action]:
        for one in wanted["action"] or ():
            target = one["invoke_function"]
            if not target or one["transformer"]:
                message = "the local cloud calls functions only, and transforms nothing"
                raise RefusedError(message, at="action")
            if kind == "ymq" and (one["retry_policy"] or one["dead_letter"]):
                message = "a queue's trigger takes neither retries nor dead letters"
                raise RefusedError(message, at="action")
            program = (one["filter"] or {}).get("jq")
            if program and kind != "logging":
                message = "the local cloud filters entries of logs only"
                raise RefusedError(message, at="action")
            yield Action(
                called=self._called(target),
                patience=self._patience(one),
                passes=of_jq(program, "action"),
            )

    def _called(self, target: dict[str, Any]) -> Called:
        return Called(
            site=self.site,
            function=self.site.function(target["function_id"], "action"),
            account=self.site.account(target["service_account_id"], "action"),
        )

    def _patience(self, one: dict[str, Any]) -> Any:
        retries = one["retry_policy"] or {"retry_attempts": 0, "interval": None}
        attempts = int(retries["retry_attempts"] or 0)
        interval = duration(retries["interval"], "action")
        return patience(attempts, interval, self._grave(one), "action")

    def _grave(self, one: dict[str, Any]) -> Cemetery | None:
        queue = (one["dead_letter"] or {}).get("dead_letter_queue")
        if not queue:
            return None
        return Cemetery(
            site=self.site,
            queue=self.site.queue(queue["queue_arn"], "action"),
            account=self.site.account(queue["service_account_id"], "action"),
        )


def _batch(source: Values) -> tuple[int, timedelta]:
    """Return how many things are in a batch at most, and how long it waits."""
    settings = source["batch_settings"] or {"max_count": None, "cutoff": None}
    cutoff = duration(settings["cutoff"], "source") or timedelta(0)
    return int(settings["max_count"] or _MOST), cutoff
