"""Makes what a world file asks for, as the cloud would have made it.

Every entry goes through the models' own calls, so that nothing is there which the
API would have refused.  The operations that made it are forgotten: it always was.
"""

import copy
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from yandex.cloud.compute.v1.instance_service_pb2 import StopInstanceRequest

from fakes.chance import Chance
from fakes.compute.claims import Resource
from fakes.compute.model import Compute
from fakes.compute.network import starting_world
from fakes.compute.scene import Rules
from fakes.compute.settings import Durations
from fakes.compute.world import KINDS, World
from fakes.errors import ApiError
from fakes.estate import Estate
from fakes.queue import QueueError
from fakes.reading import Problem
from fakes.start.entries import Entries, QueueEntry, ResourceEntry
from fakes.start.naming import BrokenReferenceError, ChosenIds, References
from fakes.start.problems import WrongWorldError, refused

_AT_ONCE: Final = Durations.all(timedelta(0))
_LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)


class Start:
    """How a cloud begins.

    Args:
        entries: What a world file asks for; by default what there is without one.
        now: When it all was created.
    """

    def __init__(
        self, entries: Entries | None = None, now: datetime = _LONG_AGO
    ) -> None:
        self._entries = entries or Entries()
        self._now = now

    def found(self, chance: Chance) -> World:
        """Return the world; what has no id gets one by *chance*.

        Raises:
            WrongWorldError: If the cloud itself would refuse something.
        """
        problems: list[Problem] = []
        world = self.world(chance, problems)
        if problems:
            raise WrongWorldError(problems)
        return world

    def furnish(self, estate: Estate) -> None:
        """Create queues and service accounts in *estate*.

        Raises:
            WrongWorldError: If the cloud itself would refuse something.
        """
        for account in self._entries.accounts:
            estate.iam.create_service_account(account.name, account.roles)
        problems = self.create_queues(estate)
        if problems:
            raise WrongWorldError(problems)

    def world(self, chance: Chance, problems: list[Problem]) -> World:
        """Return the world as far as it can be made, and add what is wrong."""
        world = self._begun(chance)
        if not self._entries.resources:
            return world  # and nothing is left to chance
        chosen, references = ChosenIds(chance), References()
        compute = Compute(Rules(world=world), chosen, _AT_ONCE)
        for one in _all(world):
            references.note(type(one), one.name, one.id)
        for entry in self._entries.resources:
            made: str | None = None
            try:
                made = self._create(entry, compute, chosen, references)
            except ApiError as error:
                problems.append(refused(entry.path, error.message))
            except BrokenReferenceError:
                pass  # that one's problem is told
            references.note(entry.kind, entry.name, made)
        return _world_of(world, _all(world))

    def create_queues(self, estate: Estate) -> list[Problem]:
        """Create the queues, then their redrives; return what is wrong."""
        problems: list[Problem] = []
        # Who refers to one that is wrong itself: there is nothing more to say.
        wrong = {it.name for it in self._entries.queues if it.attributes is None}
        for step in (self._create_queue, self._redrive):
            for entry in self._entries.queues:
                target = entry.redrive[0] if entry.redrive else ""
                if {entry.name, target} & wrong:
                    continue
                try:
                    step(entry, estate)
                except QueueError as error:
                    wrong.add(entry.name)
                    problems.append(refused(entry.path, error.message))
        return problems

    def _begun(self, chance: Chance) -> World:
        """Return the world before the first entry."""
        wanted = self._entries
        begun = starting_world(chance)
        world = World(
            organization_id=wanted.organization_id or begun.organization_id,
            cloud_id=wanted.cloud_id or begun.cloud_id,
            folder_id=wanted.folder_id or begun.folder_id,
        )
        return world if wanted.own_networks else _world_of(world, _all(begun))

    def _create(
        self,
        entry: ResourceEntry,
        compute: Compute,
        chosen: ChosenIds,
        references: References,
    ) -> str | None:
        """Create a resource; return its id, or None if it cannot be understood."""
        if entry.request is None:
            return None
        request = copy.deepcopy(entry.request)
        references.resolve(request)
        request.folder_id = compute.rules.world.folder_id  # type: ignore[attr-defined]
        chosen.choose(entry.ids)
        operation = compute.begin(request, self._now)
        one = entry.kind()
        operation.response.Unpack(one)
        if entry.stopped:
            compute.begin(StopInstanceRequest(instance_id=one.id), self._now)
        return one.id

    def _create_queue(self, entry: QueueEntry, estate: Estate) -> None:
        estate.queues.create(entry.name, self._now, entry.attributes, entry.tags)

    def _redrive(self, entry: QueueEntry, estate: Estate) -> None:
        if entry.redrive is None:
            return
        name, count = entry.redrive
        known = {one.name: one for one in estate.queues.queues()}
        arn = known[name].arn if name in known else name
        policy = {"deadLetterTargetArn": arn, "maxReceiveCount": count}
        wire = {"RedrivePolicy": json.dumps(policy)}
        estate.queues.set_attributes(known[entry.name], wire, self._now)


def _all(world: World) -> list[Resource]:
    return [one for kind in KINDS for one in world.shelf(kind)]


def _world_of(world: World, resources: Iterable[Resource]) -> World:
    """Return a world like *world*, with these *resources*."""
    made = World(
        organization_id=world.organization_id,
        cloud_id=world.cloud_id,
        folder_id=world.folder_id,
        resources=resources,
    )
    for kind in KINDS:
        for one in made.shelf(kind):
            one.folder_id = world.folder_id
    return made
