"""Bugs, each planted by putting something else in the place of one function."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from events import instance, sighting
from events.decision import Progress, Settle, Verdict, decide
from events.identity import derived_id, idempotency_key
from events.outcome import of_task
from events.task import Step, Task, render_task
from functions import _compute, _follow, _look, on_task
from functions._bury import Burier
from functions._compute import GrpcCompute
from functions._follow import Follower
from functions._messages import read_operation
from functions._publish import publish


def no_idempotency_key(patch):
    real = GrpcCompute.attach
    patch.setattr(
        GrpcCompute, "attach", lambda self, wanted, _key: real(self, wanted, "")
    )


def random_key(patch):
    numbers = count()
    patch.setattr(_follow, "idempotency_key", lambda *_: derived_id(next(numbers)))


def key_without_generation(patch):
    patch.setattr(
        _follow,
        "idempotency_key",
        lambda request, step, _: idempotency_key(request, step, 0),
    )


def retry_without_generation(patch):
    patch.setattr(
        Task,
        "next_generation",
        lambda self: replace(self, operation_id="", hurdles=self.hurdles + 1),
    )


def new_generation_without_an_answer(patch):
    real = Task.hindered
    patch.setattr(
        Task,
        "hindered",
        lambda self, reason: replace(
            real(self, reason), generation=min(self.generation + 1, 5)
        ),
    )


def settle_while_running(patch):
    def hasty(seen):
        idle = seen.progress is Progress.RUNNING
        return decide(replace(seen, progress=Progress.NONE) if idle else seen)

    patch.setattr(_follow, "decide", hasty)


def error_before_the_end_is_the_end(patch):
    patch.setattr(
        _compute,
        "read_operation",
        lambda found: replace(
            read_operation(found), done=found.done or found.HasField("error")
        ),
    )


def forget_the_found_power(patch):
    def forgetful(task):
        return render_task(
            replace(task, noted=task.noted and task.step is not Step.ATTACH)
        )

    patch.setattr(_follow, "render_task", forgetful)


def swallow_an_error(patch):
    patch.setattr(Follower, "_hindered", lambda *_: None)


def timeout_is_success(patch):
    def hopeful(seen):
        found = decide(seen)
        late = found == Settle(Verdict.TIMED_OUT)
        return Settle(Verdict.ATTACHED) if late else found

    patch.setattr(_follow, "decide", hopeful)


def publish_before_the_follow_up(patch):
    real = Follower._send_on

    def eager(self, task, after):
        if task.step is Step.ATTACH and task.operation_id:
            publish(self.results, of_task(task, Verdict.ATTACHED, self.now()))
        real(self, task, after)

    patch.setattr(Follower, "_send_on", eager)


def answer_under_another_name(patch):
    patch.setattr(
        _follow,
        "of_task",
        lambda task, *args, **more: replace(
            of_task(task, *args, **more), id=task.attachment.subject
        ),
    )


def give_nothing_back(patch):
    patch.setattr(on_task, "give_back", lambda *_: None)


def bury_in_silence(patch):
    patch.setattr(Burier, "bury", lambda *_: None)


def believe_a_stale_look(patch):
    patch.setattr(sighting, "READ_LAG", timedelta(0))


def limits_only_at_the_door(patch):
    patch.setattr(_look, "_forbidden", lambda *_: None)


def anything_there_is_ours(patch):
    patch.setattr(instance, "is_ours", lambda *_: True)


def stop_without_permission(patch):
    real = _follow.look_at

    def bold(*args):
        look = real(*args)
        return replace(look, seen=replace(look.seen, may_stop=True))

    patch.setattr(_follow, "look_at", bold)


MUTANTS = {
    one.__name__: one
    for one in (
        no_idempotency_key,
        random_key,
        key_without_generation,
        retry_without_generation,
        new_generation_without_an_answer,
        settle_while_running,
        error_before_the_end_is_the_end,
        forget_the_found_power,
        swallow_an_error,
        timeout_is_success,
        publish_before_the_follow_up,
        answer_under_another_name,
        give_nothing_back,
        bury_in_silence,
        believe_a_stale_look,
        limits_only_at_the_door,
        anything_there_is_ours,
        stop_without_permission,
    )
}
