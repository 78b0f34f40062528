"""Triggers of the first generation: `yandex_function_trigger`."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.called import Called, Cemetery
from fakes.terraform.kinds.filters import of_levels
from fakes.terraform.kinds.site import Site
from fakes.terraform.kinds.terms import duration, number, patience
from fakes.terraform.kinds.wiring import Action, Wiring, Wirings

_SOURCES: Final = ("message_queue", "timer", "logging")


@dataclass(frozen=True, slots=True)
class FunctionTriggers:
    """Triggers that call a function for a queue, a timer or a log group.

    (yandex-cloud/terraform-provider-yandex:
    yandex/resource_yandex_function_trigger.go)
    """

    site: Site
    _wirings: Wirings = field(default_factory=Wirings)

    async def create(self, wanted: Values) -> Made:
        """Let it call from now on; see `Kind`."""
        folder_id, trigger_id = self.site.home(wanted), self.site.new_id("a1s")
        self._put(trigger_id, wanted)
        sizes = {
            name: [{**block, "batch_size": block["batch_size"] or "1"}]
            for name in ("message_queue", "logging")
            for block in wanted[name]
        }
        computed = {"id": trigger_id, "folder_id": folder_id}
        return Made(computed=computed | {"created_at": self.site.now()} | sizes)

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
        given = [name for name in _SOURCES if wanted[name]]
        if len(given) != 1:
            # As the provider has it: it checks this only when it applies.
            message = "Unknown rule type: the local cloud knows " + ", ".join(_SOURCES)
            raise RefusedError(message)
        [source] = given
        [block] = wanted[source]
        action = self._action(source, wanted)
        watch = {
            "message_queue": self._watch_queue,
            "logging": self._watch_group,
            "timer": self._watch_clock,
        }[source]
        wiring = Wiring(site=self.site, trigger_id=trigger_id, at=source)
        self._wirings.put(wiring, lambda it: watch(block, action, it))

    def _action(self, source: str, wanted: Values) -> Action:
        if not wanted["function"]:
            message = "the local cloud calls functions only"
            raise RefusedError(message)
        [target] = wanted["function"]
        account = self.site.account(target["service_account_id"], "function")
        function = self.site.function(target["id"], "function")
        retries, again = target["retry_attempts"], target["retry_interval"]
        if source == "message_queue" and (retries or again or wanted["dlq"]):
            # A queue has its own: its visibility timeout and its redrive.
            message = "a queue's trigger takes neither retries nor dlq"
            raise RefusedError(message, at="dlq" if wanted["dlq"] else "function")
        grave = next((self._grave(dlq) for dlq in wanted["dlq"]), None)
        called = Called(site=self.site, function=function, account=account)
        attempts = number(retries, 0, 0, 5, "function")
        interval = duration(again, "function")
        return Action(
            called=called, patience=patience(attempts, interval, grave, "function")
        )

    def _grave(self, dlq: dict[str, Any]) -> Cemetery:
        queue = self.site.queue(dlq["queue_id"], "dlq")
        account = self.site.account(dlq["service_account_id"], "dlq")
        return Cemetery(site=self.site, queue=queue, account=account)

    def _watch_queue(self, block: Values, action: Action, wiring: Wiring) -> None:
        at = wiring.at
        cutoff = number(block["batch_cutoff"], 0, 0, 20, at)
        wiring.watch_queue(
            action,
            arn=block["queue_id"],
            account=self.site.account(block["service_account_id"], at),
            size=number(block["batch_size"], 1, 1, 1000, at),
            cutoff=timedelta(seconds=cutoff),
            visibility=duration(block["visibility_timeout"], at),
        )

    def _watch_group(self, block: Values, action: Action, wiring: Wiring) -> None:
        at = wiring.at
        if block["stream_names"]:
            message = "the local cloud's entries have no streams"
            raise RefusedError(message, at=at)
        passes = of_levels(
            block["levels"] or (),
            block["resource_types"] or (),
            block["resource_ids"] or (),
        )
        cutoff = number(block["batch_cutoff"], 1, 1, 60, at)
        wiring.watch_group(
            replace(action, passes=passes),
            group=self.site.group(block["group_id"], at),
            size=number(block["batch_size"], 1, 1, 100, at),
            cutoff=timedelta(seconds=cutoff),
        )

    def _watch_clock(self, block: Values, action: Action, wiring: Wiring) -> None:
        cron, payload = block["cron_expression"], block["payload"] or ""
        wiring.watch_clock(action, cron=cron, payload=payload)
