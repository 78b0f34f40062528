"""The tags of a queue, which its documentation also calls labels.

(yandex-cloud/docs: en/message-queue/concepts/tags.md)  In force at once; the cloud
may take a minute.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from fakes.queue.errors import refuse_value
from fakes.queue.limits import Limits

_KEY: Final = re.compile(r"[a-z][a-z0-9_-]*")
_VALUE: Final = re.compile(r"[a-z0-9_-]+")


def tagged(
    tags: Mapping[str, str], new: Mapping[str, str], bounds: Limits
) -> Mapping[str, str]:
    """Return *tags* with the *new* ones, which replace those of the same key.

    Raises:
        QueueError: InvalidParameterValue for a key or a value that is none, or for
            too many of them.
    """
    for key, value in new.items():
        _check(key, _KEY, bounds)
        _check(value, _VALUE, bounds)
    wanted = {**tags, **new}
    if len(wanted) > bounds.tags:
        refuse_value(f"A queue has at most {bounds.tags} tags.")
    return wanted


def untagged(tags: Mapping[str, str], keys: Iterable[str]) -> Mapping[str, str]:
    """Return *tags* without those of *keys*; one that is not there is no error."""
    unwanted = set(keys)
    return {key: value for key, value in tags.items() if key not in unwanted}


def _check(text: str, form: re.Pattern[str], bounds: Limits) -> None:
    if len(text) > bounds.tag_length or not form.fullmatch(text):
        msg = (
            f"The keys and values of tags are 1 to {bounds.tag_length} small Latin"
            " letters, digits, hyphens and underscores, and a key begins with a"
            f" letter; {text[:100]!r} is not."
        )
        refuse_value(msg)
