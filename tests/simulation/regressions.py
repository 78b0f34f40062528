"""Bugs that the simulation found in this project, as they were before their repair.

Each is kept with the shortest schedule that showed it.
"""

from dataclasses import replace

from events import sighting
from events.decision import Progress
from events.instance import Power, Slot
from events.task import Step, Task
from functions import _follow, _look
from functions._compute import GrpcCompute
from functions._ports import CloudError


def one_start_for_every_stop(patch):
    """A late copy stopped the instance, and found the start done that came before."""
    patch.setattr(Task, "deed", lambda _, step: step.value)


def stops_count_as_attaches(patch):
    """One copy saw a stop fail, another did not: they attached under two keys."""

    def next_generation(self):
        if self.step is Step.START:
            return real(self)
        count = self.generation + 1
        return replace(self, operation_id="", generation=count, hurdles=count)

    real = Task.next_generation
    patch.setattr(Task, "next_generation", next_generation)
    patch.setattr(
        Task,
        "generation_of",
        lambda self, step: self.restarts if step is Step.START else self.generation,
    )


def an_owed_start_that_lapses_is_given_up(patch):
    """Limits that changed meanwhile kept a stopped instance from another try."""
    real = _look.confine

    def confine(seen, *, in_folder):
        lapsed = seen.progress is Progress.LAPSED
        progress = Progress.FAILED if lapsed else seen.progress
        return real(replace(seen, progress=progress), in_folder=in_folder)

    patch.setattr(_look, "confine", confine)


def late_copies_look_for_no_other_attach(patch):
    """One copy told of its own failed attach, while another's was running."""
    real = _look.look_at

    def look_at(task, compute, limits, now):
        operation = _look._operation(task, compute)
        look = real(task, compute, limits, now)
        if operation is None or look.seen.progress is not Progress.RUNNING:
            return look
        seen = sighting.fold(look.task, operation, look.instance, now)
        return replace(look, seen=seen)

    patch.setattr(_follow, "look_at", look_at)


def a_stop_that_nobody_told_of_is_none(patch):
    """A copy stopped what had been started for another stop, and crashed: it found
    that start done.
    """
    patch.setattr(GrpcCompute, "last_stop", lambda *_: "")


def what_was_taken_stays_taken(patch):
    """The interface went away while the start was to come; it could be attached yet."""
    patch.setattr(sighting, "_standing", lambda task, _: task.ending)


def an_index_left_open_is_taken(patch):
    """What is at an index that we chose ourselves is no ending: there are others."""
    real = sighting._slot

    def slot(task, instance):
        there = instance.slot(task.attachment)
        return there if there is Slot.FOREIGN else real(task, instance)

    patch.setattr(sighting, "_slot", slot)


def who_has_asked_may_claim(patch):
    """An attach that was never begun, and an interface that was always there."""
    real = sighting._slot

    def slot(task, instance):
        asked = task.step is Step.ATTACH and instance.power is not Power.STOPPED
        there = instance.slot(task.attachment)
        return there if asked else real(task, instance)

    patch.setattr(sighting, "_slot", slot)


def a_refused_repeat_is_a_refusal(patch):
    """The first call was not answered, but took effect."""

    def call(self, method, request, key=""):
        try:
            return self._try(method, request, key)
        except CloudError as error:
            if error.code != "DEADLINE_EXCEEDED":
                raise
        return self._try(method, request, key)

    patch.setattr(GrpcCompute, "_call", call)
