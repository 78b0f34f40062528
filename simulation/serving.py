"""The deployed functions: their entry points, and a context for each call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fakes.triggers.batch import Batch
from functions import on_dead_letter, on_event, on_http, on_schedule, on_task
from functions._deadline import Deadline
from functions._wiring import Warm
from simulation.behaviour import Progress
from simulation.calls import LEFT, Ask

# As `cli/deployment.py` and `terraform/` have it.
TIMEOUT: Final = timedelta(seconds=30)
Handler = Callable[[Any, Warm, "Context"], Any]


class Context:
    """What the platform hands to a handler beside its event; the same every time."""

    request_id: Final = "call"
    token: Final = {"access_token": "token"}

    def __init__(self, ask: Callable[[Ask], Any]) -> None:
        self._ask = ask

    def get_remaining_time_in_millis(self) -> float:
        """Return the milliseconds left."""
        found: float = self._ask(LEFT)
        return found


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of a function.

    Attributes:
        number: Counts calls from 1.
        function: Its name.
        batch: The event, and who wants to know how it ended.
        deployed: The number of the version of the policies that it goes by.
        began: When.
        known: How many operations of ours had begun by then.
        fresh: Where in the cloud's past that was.
        since: From where on it may have seen it, stale looks included.
        progress: How far it has come.
        authorized: Whether its token is still good.
    """

    number: int
    function: str
    batch: Batch
    deployed: int
    began: datetime
    known: int
    fresh: int
    since: int
    progress: Progress = field(default_factory=Progress)
    authorized: bool = True

    @property
    def ends(self) -> datetime:
        """When the platform ends it."""
        return self.began + TIMEOUT


# One after another in the caller's thread: what several threads could do, several
# calls do as well.
_ALONE: Final = 1

HANDLERS: Final[Mapping[str, Handler]] = {
    "on_task": lambda event, warm, context: on_task.move(
        event, warm.clerk(context), Deadline.of(context), _ALONE
    ),
    "on_event": lambda event, warm, context: on_event.react(
        event, warm.reactor(context), Deadline.of(context), _ALONE
    ),
    "on_dead_letter": lambda event, warm, context: on_dead_letter.bury(
        event, warm.burier(context), Deadline.of(context), _ALONE
    ),
    "on_schedule": lambda event, warm, context: on_schedule.sweep(
        event, warm.sweeper(context)
    ),
    "on_http": lambda event, warm, context: on_http.answer(
        event, context, lambda: warm
    ),
}
