"""Plays one schedule: chooses, again and again, what happens next."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from fakes.logs import LogGroup, Trail
from fakes.triggers.batch import Trigger
from fakes.triggers.envelope import Place
from fakes.triggers.logging_trigger import LoggingTrigger
from fakes.triggers.queue_trigger import QueueTrigger
from fakes.triggers.redelivery import Retries
from simulation import others
from simulation.behaviour import Behaviour
from simulation.clients import HttpClient, Timer
from simulation.dice import Dice
from simulation.facts import Acted, Bounds, Facts, wanted_of
from simulation.noting import Notebook
from simulation.platform import Platform
from simulation.promises import Broken, Watch
from simulation.result import Result
from simulation.scene import Fateful, set_scene
from simulation.serving import Call
from simulation.story import Story
from simulation.trouble import Trouble
from simulation.wires import DEAD, TASKS

_MOST_STEPS: Final = 2_000
_ROOM: Final = 3  # calls of one function at once
_WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (0, 1, 8, 25, 50, 400, 3000)
)
_DEPLOYMENTS: Final = (Bounds(), Bounds(subnet=False), Bounds(folder=False))


class Play:
    """One schedule.

    Args:
        dice: Choose.
        telling: Whether the story is to be told.
        behaviour: What is known of the handlers; told a story, they are called.
        ack_first: Whether messages are deleted before they are worked on, which
            nobody could bear.
        sure: Methods with which nothing goes wrong, and before which nothing happens.
    """

    def __init__(
        self,
        dice: Dice,
        behaviour: Behaviour | None = None,
        *,
        telling: bool = False,
        ack_first: bool = False,
        sure: frozenset[str] = frozenset(),
    ) -> None:
        self._dice = dice
        self._scene = set_scene(dice)
        self.cloud = self._scene.cloud
        self.facts = self._facts = Facts(self.cloud)
        self._troubles: Counter[str] = Counter()
        self.story = Story(self.cloud, telling=telling)
        self._notebook = Notebook(self._facts)
        self._watch = Watch(self._facts)
        trouble = Trouble(self.cloud, dice, self._tell, self._notebook.note)
        self._client = HttpClient(self._notebook.accept)
        self._platform = Platform(
            dice=dice,
            facts=self._facts,
            trouble=trouble,
            story=self.story,
            answered=self._client.told,
            behaviour=behaviour or Behaviour(),
            ack_first=ack_first,
            sure=sure,
        )
        self._deploy(_DEPLOYMENTS[0])
        self._triggers = self._bind()
        # Whether the last thing that may happen next is that time passes.
        self.waits = False

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> Result:
        """Play until nothing can happen any more, or a promise is broken.

        Args:
            goes_on: Asked after every step; what it ends is not judged as an end.
        """
        self._open()
        steps = 0
        broken: list[Broken] = []
        states: set[int] = set()
        cut = False
        while not broken and not cut and steps < _MOST_STEPS:
            self._others()
            options = self._options()
            if not options:
                break
            place = self._dice.draw("next:step", len(options))
            options[place]()
            steps += 1
            states.add(self._state())
            broken = self._watch.step()
            cut = not goes_on()
        return Result(
            broken=broken if broken or cut else self._end(),
            chosen=self._dice.chosen,
            steps=steps,
            troubles=self._troubles,
            story=self.story.lines,
            wanted=len(self._facts.wanted),
            verdicts=Counter(one.verdict for one in self._facts.firsts().values()),
            checks=self._watch.checks,
            states=states,
        )

    def _state(self) -> int:
        """Return what tells the state of the world from others, but for the time."""
        now = self.cloud.now
        counters = (it.counters(now).values() for it in self.cloud.queues.values())
        instances = self.cloud.past[-1].instances.values()
        return hash(
            (
                tuple(
                    (one.id, one.status, *(it.index for it in one.network_interfaces))
                    for one in instances
                ),
                tuple(tuple(it) for it in counters),
                tuple(
                    (it.function, len(it.progress.told)) for it in self._platform.paused
                ),
            )
        )

    @property
    def paused(self) -> list[Call]:
        """The calls that go on later."""
        return self._platform.paused

    # The world

    def _bind(self) -> list[tuple[str, Trigger]]:
        cloud, scene = self.cloud, self._scene
        place = Place(cloud_id=cloud.world.cloud_id, folder_id=cloud.world.folder_id)
        tasks, dead = (
            QueueTrigger(
                queue=cloud.queues[name], place=place, batch_size=scene.batch_size
            )
            for name in (TASKS, DEAD)
        )
        found: list[tuple[str, Any]] = [("on_task", tasks), ("on_dead_letter", dead)]
        if scene.listens:
            found.append(("on_event", self._listening()))
        if scene.sweeps:
            timer = Timer(place, cloud.queues[DEAD], cloud.now)
            found.append(("on_schedule", timer))
        if scene.http:
            found.append(("on_http", self._client))
        return found

    def _listening(self) -> LoggingTrigger:
        group = LogGroup()
        self.cloud.compute.audit.subscribe(Trail("trail-1", group).record)
        dead = Retries(dead_letters=self.cloud.queues[DEAD])
        return LoggingTrigger(group, Fateful(self._dice), dead)

    def _open(self) -> None:
        scene, facts = self._scene, self._facts
        facts.wanted.update((one.id, one) for one in scene.wanted)
        facts.asked.update(facts.wanted)
        for name, request in scene.http.items():
            facts.asked[name] = wanted_of(request, name, self.cloud.now)
            self._client.plan(name, request, self.cloud.now)
        for instance_id in scene.stops:
            self._act("stop", instance_id)
        for one in facts.wanted.values():
            self.story.tell(
                "producer", f"asks for {one.instance_id}/{one.index}: {one}"
            )

    def _deploy(self, bounds: Bounds) -> None:
        self._facts.limits.append(bounds)

    def _others(self) -> None:
        ids, names = self.cloud.instance_ids, list(others.ACTS)
        chosen = self._dice.draw("others:act", 1 + len(names) * len(ids))
        if chosen:
            name = names[(chosen - 1) % len(names)]
            self._act(name, ids[(chosen - 1) // len(names)])
        deployed = self._dice.draw("operator:deploy", 1 + len(_DEPLOYMENTS))
        if deployed:
            self._tell("deployed", f"{_DEPLOYMENTS[deployed - 1]}")
            self._deploy(_DEPLOYMENTS[deployed - 1])
            self._platform.crash_all()

    def _act(self, name: str, instance_id: str) -> None:
        if others.act(self.cloud, name, instance_id):
            self._tell("others", f"{name} {instance_id}")
            if name in others.POWERFUL:
                acted = Acted(moment=self.cloud.now, instance_id=instance_id)
                self._facts.acted.append(acted)

    # What may happen next

    def _options(self) -> list[Callable[[], None]]:
        now, platform = self.cloud.now, self._platform
        found: list[Callable[[], None]] = []
        later: list[datetime] = []
        for name, trigger in self._triggers:
            due = trigger.next_due(now)
            if due is None:
                continue
            if due > now:
                later.append(due)
            elif sum(one.function == name for one in platform.paused) < _ROOM:
                found.append(partial(platform.deliver, name, trigger))
        found += [partial(platform.resume, one) for one in platform.paused]
        self.waits = bool(later)
        if later:
            found.append(partial(self._wait, min(later)))
        return found

    def _wait(self, until: datetime) -> None:
        self.cloud.now = until + _WAITS[self._dice.draw("order:wait", len(_WAITS))]
        self.cloud.compute.advance(self.cloud.now)

    def _tell(self, what: str, text: str) -> None:
        self._troubles[what] += 1
        self.story.tell(what, text)

    def log(self, line: dict[str, Any]) -> None:
        """Tell what the function logs that is being called."""
        self._platform.log(line)

    def _end(self) -> list[Broken]:
        self.cloud.now += timedelta(minutes=10)
        self.cloud.compute.advance(self.cloud.now)
        return self._watch.end()
