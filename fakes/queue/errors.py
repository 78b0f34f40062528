"""How Message Queue says no.

Codes and statuses are the documented ones (yandex-cloud/docs:
en/message-queue/api-ref/common-errors.md, and the errors of each method beside
it).  They surprise: a missing right is 400, throttling is 403.  The prefix
`AWS.SimpleQueueService.` is not in that documentation; the open-source engine
sends it and SDKs of SQS expect it.
"""

import enum
from typing import Final, NoReturn

_SQS: Final = "AWS.SimpleQueueService."


class Refusal(enum.Enum):
    """Every reason to refuse: its code on the wire and its HTTP status."""

    ACCESS_DENIED = ("AccessDeniedException", 400)
    INCOMPLETE_SIGNATURE = ("IncompleteSignature", 400)
    INVALID_ACTION = ("InvalidAction", 400)
    INVALID_PARAMETER_COMBINATION = ("InvalidParameterCombination", 400)
    INVALID_PARAMETER_VALUE = ("InvalidParameterValue", 400)
    INVALID_QUERY_PARAMETER = ("InvalidQueryParameter", 400)
    MISSING_ACTION = ("MissingAction", 400)
    MISSING_PARAMETER = ("MissingParameter", 400)
    OPT_IN_REQUIRED = ("OptInRequired", 400)
    REQUEST_EXPIRED = ("RequestExpired", 400)
    VALIDATION_ERROR = ("ValidationError", 400)
    INVALID_CLIENT_TOKEN_ID = ("InvalidClientTokenId", 403)
    MISSING_AUTHENTICATION_TOKEN = ("MissingAuthenticationToken", 403)
    # Assumption: not documented; SQS answers so, and SDKs know it.
    SIGNATURE_DOES_NOT_MATCH = ("SignatureDoesNotMatch", 403)
    THROTTLING = ("ThrottlingException", 403)
    OVER_LIMIT = ("OverLimit", 403)
    MALFORMED_QUERY_STRING = ("MalformedQueryString", 404)
    INTERNAL_FAILURE = ("InternalFailure", 500)
    SERVICE_UNAVAILABLE = ("ServiceUnavailable", 503)
    # Only in the JSON protocol, as in SQS.
    SERIALIZATION = ("SerializationException", 400)

    NON_EXISTENT_QUEUE = (_SQS + "NonExistentQueue", 400)
    QUEUE_ALREADY_EXISTS = ("QueueAlreadyExists", 400)
    QUEUE_DELETED_RECENTLY = (_SQS + "QueueDeletedRecently", 400)
    PURGE_IN_PROGRESS = (_SQS + "PurgeQueueInProgress", 403)
    INVALID_ATTRIBUTE_NAME = ("InvalidAttributeName", 400)
    INVALID_ATTRIBUTE_VALUE = ("InvalidAttributeValue", 400)

    INVALID_MESSAGE_CONTENTS = ("InvalidMessageContents", 400)
    MESSAGE_NOT_IN_FLIGHT = (_SQS + "MessageNotInflight", 400)
    RECEIPT_HANDLE_IS_INVALID = ("ReceiptHandleIsInvalid", 400)
    # Of a handle from an older version of the service; this one has no versions.
    INVALID_ID_FORMAT = ("InvalidIdFormat", 400)
    UNSUPPORTED_OPERATION = (_SQS + "UnsupportedOperation", 400)

    BATCH_ENTRY_IDS_NOT_DISTINCT = (_SQS + "BatchEntryIdsNotDistinct", 400)
    BATCH_REQUEST_TOO_LONG = (_SQS + "BatchRequestTooLong", 400)
    EMPTY_BATCH_REQUEST = (_SQS + "EmptyBatchRequest", 400)
    INVALID_BATCH_ENTRY_ID = (_SQS + "InvalidBatchEntryId", 400)
    TOO_MANY_ENTRIES_IN_BATCH_REQUEST = (_SQS + "TooManyEntriesInBatchRequest", 400)


class QueueError(Exception):
    """A refusal by Message Queue, as its client sees it.

    Attributes:
        refusal: Which of the reasons.
        code: Its code on the wire.
        http_status: Its HTTP status.
        message: One sentence for a person.
    """

    def __init__(self, refusal: Refusal, message: str) -> None:
        self.refusal = refusal
        self.code: str = refusal.value[0]
        self.http_status: int = refusal.value[1]
        self.message = message
        super().__init__(f"{self.code}: {message}")

    @property
    def senders_fault(self) -> bool:
        """Whether the request, not the service, is to blame."""
        return self.http_status < 500  # noqa: PLR2004 - where HTTP draws that line


def refuse(refusal: Refusal, message: str) -> NoReturn:
    """Raise *refusal*; *message* is one sentence for a person."""
    raise QueueError(refusal, message)


def refuse_value(message: str) -> NoReturn:
    """Refuse the value of a parameter (InvalidParameterValue)."""
    raise QueueError(Refusal.INVALID_PARAMETER_VALUE, message)
