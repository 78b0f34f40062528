"""Which parameters each action has.

A parameter that an action does not have is refused, as documented
(yandex-cloud/docs: en/message-queue/api-ref/common-errors.md,
InvalidQueryParameter): a misspelt one would otherwise be ignored in silence.
An empty one is let pass, for SDKs write an empty list under a name of their own.
"""

from collections.abc import Mapping
from typing import Final

from fakes.http.queue_form import Form
from fakes.queue.errors import Refusal, refuse

_MESSAGE: Final = (
    "DelaySeconds MessageAttribute MessageBody MessageDeduplicationId MessageGroupId"
)
_PARAMETERS: Final = {
    "ChangeMessageVisibility": "QueueUrl ReceiptHandle VisibilityTimeout",
    "ChangeMessageVisibilityBatch": "QueueUrl",
    "CreateQueue": "Attribute QueueName Tag",
    "DeleteMessage": "QueueUrl ReceiptHandle",
    "DeleteMessageBatch": "QueueUrl",
    "DeleteQueue": "QueueUrl",
    "GetQueueAttributes": "AttributeName QueueUrl",
    "GetQueueUrl": "QueueName QueueOwnerAWSAccountId",
    "ListQueues": "QueueNamePrefix",
    "PurgeQueue": "QueueUrl",
    "ReceiveMessage": (
        "AttributeName MaxNumberOfMessages MessageAttributeName QueueUrl"
        " ReceiveRequestAttemptId VisibilityTimeout WaitTimeSeconds"
    ),
    "SendMessage": f"QueueUrl {_MESSAGE}",
    "SendMessageBatch": "QueueUrl",
    "SetQueueAttributes": "Attribute QueueUrl",
}


def _known(action: str, parameters: str) -> frozenset[str]:
    entries = [f"{action}RequestEntry"] if action.endswith("Batch") else []
    return frozenset(["Action", "Version", *parameters.split(), *entries])


_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    action: _known(action, parameters) for action, parameters in _PARAMETERS.items()
}


def check_parameters(action: str, form: Form) -> None:
    """Refuse a parameter that *action* does not have (InvalidQueryParameter)."""
    known = _KNOWN[action]
    for name, value in form.items():
        if value and name.partition(".")[0] not in known:
            msg = f"{action} has no parameter {name[:100]!r}."
            refuse(Refusal.INVALID_QUERY_PARAMETER, msg)
