"""How Message Queue behaves where its documentation leaves it a choice.

A test wants the same story each time, so by default the service is as well-behaved
as it is allowed to be.  Each manner here is one that the documentation warns of,
and a client has to bear; all of them follow the seed of the cloud.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """The manners of a service, for all its queues.

    Attributes:
        unordered: Whether a standard queue hands out what is ready in any order,
            not as it became so (yandex-cloud/docs:
            en/message-queue/concepts/queue.md).
        duplicates: How likely a standard queue delivers a message once more, also
            after it was deleted: 0 to 1 (yandex-cloud/docs: the same, and
            en/message-queue/api-ref/message/DeleteMessage.md).
        empty_polls: How likely a short poll of a standard queue looks where there
            is nothing: 0 to 1 (yandex-cloud/docs:
            en/message-queue/api-ref/message/ReceiveMessage.md).
        rates: Whether more calls in a second than documented are refused
            (yandex-cloud/docs: en/_includes/message-queue/ymq-limits.md).
        settling: Within which a new queue becomes known; until then it is not found
            or not allowed, as one likes.  Half a minute in the cloud, by its
            Terraform provider (yandex/resource_yandex_message_queue.go).
        json_protocol: Whether the JSON protocol of SQS is understood too, which the
            documentation does not know and newer SDKs speak alone.  Off by default:
            a client that works here should work there.
    """

    unordered: bool = False
    duplicates: float = 0.0
    empty_polls: float = 0.0
    rates: bool = False
    settling: timedelta = timedelta()
    json_protocol: bool = False


GOOD: Final = Manners()
ROUGH: Final = Manners(
    unordered=True,
    duplicates=0.1,
    empty_polls=0.3,
    rates=True,
    settling=timedelta(seconds=30),
)
"""All that clients are warned of, more often than in the cloud."""
