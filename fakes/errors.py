"""How the cloud says no.

Codes are those of google.rpc; HTTP statuses beside them are the documented
ones (yandex-cloud/docs: en/_includes/errors-handling.md).
"""

import enum


class Code(enum.IntEnum):
    """google.rpc.Code, by its numbers on the wire."""

    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class ApiError(Exception):
    """A refusal by the API: what a client sees as a gRPC status.

    Attributes:
        code: The google.rpc.Code.
        message: One sentence for a person.
    """

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
