"""The functions' handlers, built by their own wiring, but for the environment."""

from functions import on_dead_letter, on_event, on_http, on_schedule, on_task
from functions._deadline import Deadline


def handlers(kept):
    """Return each function's handler by its name.

    *kept* returns what a warm instance keeps, with connections of its own: as in
    the cloud, no function shares any with another.
    """
    events, tasks, dead, timer, http = (kept() for _ in range(5))
    return {
        "on_event": lambda event, context: on_event.react(
            event, events.reactor(context), Deadline.of(context)
        ),
        "on_schedule": lambda event, context: on_schedule.sweep(
            event, timer.sweeper(context)
        ),
        "on_http": lambda event, context: on_http.answer(event, context, lambda: http),
        "on_task": lambda event, context: on_task.move(
            event, tasks.clerk(context), Deadline.of(context)
        ),
        "on_dead_letter": lambda event, context: on_dead_letter.bury(
            event, dead.burier(context)
        ),
    }
