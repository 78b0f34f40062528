"""The story of a schedule: a line for whatever happened, with the time."""

from typing import Any

from simulation.cloud import START, Cloud


class Story:
    """Collects the lines, if anybody wants to read them.

    Attributes:
        lines: The lines.
    """

    def __init__(self, cloud: Cloud, *, telling: bool) -> None:
        self.lines: list[str] = []
        self._cloud = cloud
        self._telling = telling

    def tell(self, who: str, text: str) -> None:
        """Add a line."""
        if self._telling:
            elapsed = (self._cloud.now - START).total_seconds()
            self.lines.append(f"{elapsed:9.3f} s  {who:<14} {text}")

    def log(self, who: str, line: dict[str, Any]) -> None:
        """Add what a function logged."""
        if self._telling:
            fields = {name: value for name, value in line.items() if value != ""}
            event = fields.pop("event", "")
            rest = ", ".join(f"{name}={value}" for name, value in fields.items())
            self.tell(who, f"{event}: {rest}" if rest else str(event))
