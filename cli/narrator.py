"""Tells a story as it happens: a line a step, with the time and the progress."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

_TELLERS = {
    "asked": "asked for interface {index} on {instance_id} (policy {policy})",
    "skipped": "skipped: {reason}",
    "decided": "look {look}: instance {status}, slot {slot}, operation {progress}"
    " → {action}",
    "begun": "began to {step}: operation {operation_id}",
    "sent on": "sent the task on, to look again in {after:.1f} s",
    "settled": "settled {subject}: {verdict}",
    "confirmed": "the audit trail confirms {subject} (policy {policy})",
}


class Narrator:
    """Prints what happens.

    Args:
        now: Tells the time.
        steps: How many steps the story has.
    """

    def __init__(self, now: Callable[[], datetime], steps: int) -> None:
        self._now = now
        self._begin = now()
        self._steps = steps
        self._step = 0

    def step(self, text: str) -> None:
        """Tell the next step of the story."""
        self._step += 1
        self._line(click.style(f"[{self._step}/{self._steps}]", bold=True), text)

    def detail(self, actor: str, text: str) -> None:
        """Tell what *actor* does on the way."""
        self._line("     ", click.style(f"{actor:<14} ", dim=True) + text)

    def audit_event(self, event: dict[str, Any]) -> None:
        """Tell of an audit event that reached the log group."""
        name = event["event_type"].rpartition(".")[2]
        self.detail("audit trail", f"{name} {event['event_status']}")

    def log_line(self, function: str, line: str) -> None:
        """Tell of a line that a function logged."""
        try:
            fields = json.loads(line)
            teller = _TELLERS[fields["message"]]
            self.detail(function, teller.format(**fields))
        except (KeyError, TypeError, ValueError):
            self.detail(function, line)

    def _line(self, mark: str, text: str) -> None:
        elapsed = (self._now() - self._begin).total_seconds()
        click.echo(f"{elapsed:6.1f} s {mark} {text}")
