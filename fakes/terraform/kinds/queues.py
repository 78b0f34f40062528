"""Queues of Message Queue."""

import json
from dataclasses import dataclass
from typing import Final

from fakes.queue import Queue, QueueError
from fakes.queue.tags import tagged
from fakes.terraform.kind import Made, RefusedError, Values
from fakes.terraform.kinds.site import Site

_NUMBERS: Final = {
    "delay_seconds": "DelaySeconds",
    "max_message_size": "MaximumMessageSize",
    "message_retention_seconds": "MessageRetentionPeriod",
    "receive_wait_time_seconds": "ReceiveMessageWaitTimeSeconds",
    "visibility_timeout_seconds": "VisibilityTimeout",
}
_REDRIVE: Final = "RedrivePolicy"
_CONTENT: Final = "ContentBasedDeduplication"


@dataclass(frozen=True, slots=True)
class Queues:
    """`yandex_message_queue`.

    The provider of the cloud needs a static key; this one is the cloud itself.
    """

    site: Site

    async def create(self, wanted: Values) -> Made:
        """Create a queue; see `Kind`."""
        service, now = self.site.cloud.queues, self.site.cloud.clock.now()
        name = wanted["name"] or self._invented(wanted)
        if any(one.name == name for one in service.queues(name)):
            message = f"queue {name} is there already"
            raise RefusedError(message, at="name")
        fifo = {"FifoQueue": "true"} if wanted["fifo_queue"] else {}
        try:
            queue = service.create(
                name, now, fifo | _wire(wanted), wanted["tags"] or {}
            )
        except QueueError as error:
            raise RefusedError(error.message) from None
        self.site.cloud.estate.write_down()
        url = service.url_of(queue)
        return Made(computed={"id": url, "arn": queue.arn, "name": name})

    async def read(self, state: Values) -> Values | None:
        """Return the queue as it is; see `Kind`."""
        queue = self._found(state)
        if queue is None:
            return None
        told = queue.attributes.render()
        numbers = {name: int(told[wire]) for name, wire in _NUMBERS.items()}
        redrive = told.get(_REDRIVE)
        before = state["redrive_policy"]
        if redrive and before and json.loads(redrive) == json.loads(before):
            redrive = before  # the same in other words
        return {
            **state,
            **numbers,
            "redrive_policy": redrive,
            "content_based_deduplication": told.get(_CONTENT) == "true",
            "tags": dict(queue.tags) or state["tags"],
        }

    async def update(self, state: Values, wanted: Values) -> Made:
        """Change attributes and tags; see `Kind`."""
        service, now = self.site.cloud.queues, self.site.cloud.clock.now()
        queue = self._found(state)
        if queue is None:
            message = "the queue is gone"
            raise RefusedError(message)
        try:
            service.set_attributes(queue, _wire(wanted), now)
            service.set_tags(queue, tagged({}, wanted["tags"] or {}, service.bounds))
        except QueueError as error:
            raise RefusedError(error.message) from None
        self.site.cloud.estate.write_down()
        return Made()

    async def delete(self, state: Values) -> None:
        """Delete the queue with all that is in it; see `Kind`."""
        self.site.cloud.queues.delete(state["id"], self.site.cloud.clock.now())
        self.site.cloud.estate.write_down()

    def _found(self, state: Values) -> Queue | None:
        try:
            return self.site.cloud.queues.by_url(state["id"])
        except QueueError:
            return None

    def _invented(self, wanted: Values) -> str:
        ending = ".fifo" if wanted["fifo_queue"] else ""
        return f"{wanted['name_prefix'] or 'terraform-'}{self.site.new_id('')}{ending}"


def _wire(wanted: Values) -> dict[str, str]:
    """Return a queue's attributes by their names on the wire."""
    found = {wire: str(wanted[name]) for name, wire in _NUMBERS.items()}
    if wanted["redrive_policy"]:
        found[_REDRIVE] = wanted["redrive_policy"]
    if wanted["fifo_queue"]:
        found[_CONTENT] = str(bool(wanted["content_based_deduplication"])).lower()
    return found
