"""What an action answers, before a protocol writes it down.

An answer has the shape that the JSON protocol of SQS gives it, which says more than
XML does: lists and maps by names of their own, flags, bytes.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = (
    "str | bool | bytes | Sequence[Value] | Sequence[Answer] | Mapping[str, Value]"
)
Answer: TypeAlias = Mapping[str, Value]


def present(**parts: "Value | None") -> Answer:
    """Return those of *parts* that are there: not None, and not empty.

    An empty list is not told in either protocol, nor is an absent digest.
    """
    return {name: value for name, value in parts.items() if value}
