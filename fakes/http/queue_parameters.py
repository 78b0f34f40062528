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
    "ListQueueTags": "QueueUrl",
    "ListQueues": "QueueNamePrefix",
    "PurgeQueue": "QueueUrl",
    "ReceiveMessage": (
        "AttributeName MaxNumberOfMessages MessageAttributeName QueueUrl"
        " ReceiveRequestAttemptId VisibilityTimeout WaitTimeSeconds"
    ),
    "SendMessage": f"QueueUrl {_MESSAGE}",
    "SendMessageBatch": "QueueUrl",
    "SetQueueAttributes": "Attribute QueueUrl",
    "TagQueue": "QueueUrl Tag",
    "UntagQueue": "QueueUrl TagKey",
}
# Of each entry of a batch, after the entry's number.
_ENTRY_PARAMETERS: Final = {
    "ChangeMessageVisibilityBatch": "Id ReceiptHandle VisibilityTimeout",
    "DeleteMessageBatch": "Id ReceiptHandle",
    "SendMessageBatch": f"Id {_MESSAGE}",
}
_KNOWN: Final[Mapping[str, frozenset[str]]] = {
    action: frozenset(["Action", "Version", *parameters.split()])
    for action, parameters in _PARAMETERS.items()
}
_KNOWN_OF_ENTRIES: Final[Mapping[str, frozenset[str]]] = {
    action: frozenset(parameters.split())
    for action, parameters in _ENTRY_PARAMETERS.items()
}


def check_parameters(action: str, form: Form) -> None:
    """Refuse a parameter that *action* does not have (InvalidQueryParameter)."""
    for name, value in form.items():
        if value and not _is_known(action, name):
            msg = f"{action} has no parameter {name[:100]!r}."
            refuse(Refusal.INVALID_QUERY_PARAMETER, msg)


def _is_known(action: str, name: str) -> bool:
    head, _, rest = name.partition(".")
    if action in _KNOWN_OF_ENTRIES and head == f"{action}RequestEntry":
        return rest.partition(".")[2].partition(".")[0] in _KNOWN_OF_ENTRIES[action]
    return head in _KNOWN[action]
