"""Which entries of a log group a trigger hands over."""

from collections.abc import Callable, Collection
from typing import Any

from fakes.logs import LogEntry, LogGroup
from fakes.terraform.kind import RefusedError
from fakes.triggers.envelope import log_entry


class Passed:
    """The entries of a log group that pass, for as long as somebody listens.

    Args:
        group: The group.
        passes: Tells which do.
    """

    def __init__(self, group: LogGroup, passes: Callable[[LogEntry], bool]) -> None:
        self._group = group
        self._passes = passes
        self._hooks: list[Callable[[LogEntry], None]] = []

    def subscribe(self, hook: Callable[[LogEntry], None]) -> None:
        """Call *hook* with every entry that passes."""

        def heed(entry: LogEntry) -> None:
            if self._passes(entry):
                hook(entry)

        self._hooks.append(heed)
        self._group.subscribe(heed)

    def leave(self) -> None:
        """Call nobody any more."""
        while self._hooks:
            self._group.unsubscribe(self._hooks.pop())


def of_levels(
    levels: Collection[str], types: Collection[str], ids: Collection[str]
) -> Callable[[LogEntry], bool]:
    """Return what passes entries of these levels and resources; none means all."""
    return lambda entry: (
        (not levels or entry.level in levels)
        and (not types or entry.resource_type in types)
        and (not ids or entry.resource_id in ids)
    )


def of_jq(program: str | None, at: str) -> Callable[[LogEntry], bool]:
    """Return what passes entries for which *program* gives `true`.

    What it fails over does not pass (yandex-cloud/docs:
    en/_includes/functions/trigger-filter-messages.md).  That `.` is one entry, as the
    envelope of a batch has it, is an assumption.

    Raises:
        RefusedError: If it is no program.
    """
    if not program:
        return lambda _entry: True
    import jq  # noqa: PLC0415 - only who filters needs it

    try:
        compiled: Any = jq.compile(program)
    except ValueError as error:
        message = f"the filter cannot be compiled: {error}"
        raise RefusedError(message, at=at) from None

    def passes(entry: LogEntry) -> bool:
        try:
            return compiled.input_value(log_entry(entry)).first() is True
        except (ValueError, StopIteration):
            return False

    return passes
