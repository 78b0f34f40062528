"""The codes and statuses of errors, one by one as the documentation has them."""

import pytest

from fakes.queue import Refusal

# yandex-cloud/docs: en/message-queue/api-ref/common-errors.md
COMMON = {
    "AccessDeniedException": 400,
    "IncompleteSignature": 400,
    "InternalFailure": 500,
    "InvalidAction": 400,
    "InvalidClientTokenId": 403,
    "InvalidParameterCombination": 400,
    "InvalidParameterValue": 400,
    "InvalidQueryParameter": 400,
    "MalformedQueryString": 404,
    "MissingAction": 400,
    "MissingAuthenticationToken": 403,
    "MissingParameter": 400,
    "OptInRequired": 400,
    "RequestExpired": 400,
    "ServiceUnavailable": 503,
    "ThrottlingException": 403,
    "ValidationError": 400,
}
# The pages of the methods, in the two folders beside it.
OF_METHODS = {
    "BatchEntryIdsNotDistinct": 400,
    "BatchRequestTooLong": 400,
    "EmptyBatchRequest": 400,
    "InvalidAttributeName": 400,
    "InvalidBatchEntryId": 400,
    "InvalidIdFormat": 400,
    "InvalidMessageContents": 400,
    "MessageNotInflight": 400,
    "NonExistentQueue": 400,
    "OverLimit": 403,
    "PurgeQueueInProgress": 403,
    "QueueAlreadyExists": 400,
    "QueueDeletedRecently": 400,
    "ReceiptHandleIsInvalid": 400,
    "TooManyEntriesInBatchRequest": 400,
    "UnsupportedOperation": 400,
}
OURS = {it.value[0].rpartition(".")[2]: it.value[1] for it in Refusal}


@pytest.mark.parametrize(("code", "status"), [*COMMON.items(), *OF_METHODS.items()])
def test_has_every_documented_code(code, status):
    """Each is there, with its status, also where that surprises."""
    assert OURS[code] == status


def test_has_few_others():
    """What is not documented is SQS's or the engine's, and says so where it is."""
    others = OURS.keys() - COMMON.keys() - OF_METHODS.keys()
    assert others == {
        "InvalidAttributeValue",
        "SerializationException",
        "SignatureDoesNotMatch",
    }
