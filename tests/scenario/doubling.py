"""Triggers that deliver everything twice."""

from fakes.triggers.batch import Batch


class Twice:
    """A trigger that delivers every batch of another one twice."""

    def __init__(self, trigger):
        self._trigger = trigger
        self._again = None

    def take(self, now):
        if self._again is not None:
            event, self._again = self._again, None
            return Batch(event=event, succeeded=lambda _: None, failed=lambda _: None)
        batch = self._trigger.take(now)
        self._again = batch and batch.event
        return batch

    def next_due(self, now):
        return now if self._again else self._trigger.next_due(now)

    def watch(self, wake):
        self._trigger.watch(wake)


class Doubling:
    """A cloud whose triggers all deliver twice."""

    def __init__(self, cloud):
        self.runner = self
        self._cloud = cloud
        for name in ("audit_group", "chance", "estate", "http", "place"):
            setattr(self, name, getattr(cloud, name))

    def bind(self, trigger, function):
        self._cloud.runner.bind(Twice(trigger), function)
