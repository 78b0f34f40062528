"""What an error of the API calls for: one table over google.rpc codes."""

import enum


class Remedy(enum.Enum):
    """What may help after an error."""

    LATER = "later"  # nothing is wrong with the request
    LOOK_AGAIN = "look-again"  # the world is not as it was when we looked
    NONE = "none"  # as things stand, never


# Only UNAVAILABLE is documented with "try again" (yandex-cloud/docs:
# en/_includes/errors-handling.md); the others follow google/rpc/code.proto.
# UNAUTHENTICATED: the next invocation brings a fresh token.
_REMEDIES = {
    "CANCELLED": Remedy.LATER,
    "UNKNOWN": Remedy.LATER,
    "DEADLINE_EXCEEDED": Remedy.LATER,
    "RESOURCE_EXHAUSTED": Remedy.LATER,
    "ABORTED": Remedy.LATER,
    "INTERNAL": Remedy.LATER,
    "UNAVAILABLE": Remedy.LATER,
    "UNAUTHENTICATED": Remedy.LATER,
    "ALREADY_EXISTS": Remedy.LOOK_AGAIN,
    "FAILED_PRECONDITION": Remedy.LOOK_AGAIN,
    "INVALID_ARGUMENT": Remedy.NONE,
    "NOT_FOUND": Remedy.NONE,
    "PERMISSION_DENIED": Remedy.NONE,
    "OUT_OF_RANGE": Remedy.NONE,
    "UNIMPLEMENTED": Remedy.NONE,
    "DATA_LOSS": Remedy.NONE,
}

CODE_NAMES = {
    1: "CANCELLED",
    2: "UNKNOWN",
    3: "INVALID_ARGUMENT",
    4: "DEADLINE_EXCEEDED",
    5: "NOT_FOUND",
    6: "ALREADY_EXISTS",
    7: "PERMISSION_DENIED",
    8: "RESOURCE_EXHAUSTED",
    9: "FAILED_PRECONDITION",
    10: "ABORTED",
    11: "OUT_OF_RANGE",
    12: "UNIMPLEMENTED",
    13: "INTERNAL",
    14: "UNAVAILABLE",
    15: "DATA_LOSS",
    16: "UNAUTHENTICATED",
}


def remedy_of_operation(code: str) -> Remedy:
    """Return what may help after an operation that ended in an error with *code*.

    An operation that somebody cancelled is not begun again.
    """
    return Remedy.NONE if code == "CANCELLED" else remedy(code)


def remedy(code: str) -> Remedy:
    """Return what may help after an error with *code*, a google.rpc name.

    A code not known yet is treated like UNKNOWN: tried again, within the due
    time.
    """
    return _REMEDIES.get(code, Remedy.LATER)
